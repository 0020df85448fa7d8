/* text.h: what is stored, what is refused and where the fault lies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"
#include <utf8proc.h>

#include <base/arena.h>
#include <base/text.h>

#define MANY 100000

struct good {
	const char *in;
	const char *out;
	size_t max;
	unsigned flags;
};

static const struct good good[] = {
	{ "", "", 0, 0 },
	{ "server-01", "server-01", 9, 0 },
	{ "  server 01\t ", "server 01", 9, 0 },
	{ "~!\"#$%&'()", "~!\"#$%&'()", MANY, 0 },
	{ "情報資産台帳", "情報資産台帳", 6, 0 },
	{ "\xe3\x80\x80\xc2\xa0\t 管理者　氏名\xe2\x80\x83\xe3\x80\x80", "管理者　氏名", 6, 0 },
	{ "①㈱ＮＴＴﾃﾞｰﾀ〜～－‐", "①㈱ＮＴＴﾃﾞｰﾀ〜～－‐", MANY, 0 }, /* never NFKC */
	{ "𠮷野家 髙﨑", "𠮷野家 髙﨑", 6, 0 },
	{ "か\xe3\x82\x99", "が", 1, 0 },
	{ "e\xcc\x81", "é", 1, 0 },
	{ "\xe2\x84\xab", "Å", 1, 0 }, /* Ångström sign */
	{ "神\xef\xa8\x99", "神神", 2, 0 }, /* compatibility ideograph */
	{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한", 1, 0 },
	{ "a\xcc\xa3\xcc\x87", "ạ̇", 2, 0 },
	{ "a\xcc\x87\xcc\xa3", "ạ̇", 2, 0 }, /* marks in their canonical order */
	{ "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", 7, 0 },
	{ "🏳️‍🌈 ❤️‍🔥 👩🏽‍💻", "🏳️‍🌈 ❤️‍🔥 👩🏽‍💻", MANY, 0 },
	{ "1\xef\xb8\x8f\xe2\x83\xa3 ☎\xef\xb8\x8e", "1\xef\xb8\x8f\xe2\x83\xa3 ☎\xef\xb8\x8e",
		MANY, 0 },
	{ "葛\xf3\xa0\x84\x80城市", "葛\xf3\xa0\x84\x80城市", 4, 0 },
	{ "辻\xf3\xa0\x87\xaf", "辻\xf3\xa0\x87\xaf", 2, 0 },
	{ "क्\xe2\x80\x8dष क्\xe2\x80\x8cष", "क्\xe2\x80\x8dष क्\xe2\x80\x8cष", MANY, 0 },
	{ "раypal العربية עברית", "раypal العربية עברית", MANY, 0 },
	{ "one\ntwo", "one\ntwo", 7, TEXT_LINES },
	{ "一\r\n二\r三\n四", "一\n二\n三\n四", 7, TEXT_LINES },
	{ "a\tb\r\n", "a\tb\n", 4, TEXT_LINES },
	{ " \ta\n\n ", "a\n\n", 3, TEXT_LINES },
	{ " \r\n\n\xe3\x80\x80\n", "", 0, TEXT_LINES },
	{ "か\xe3\x82\x99\r\nき\xe3\x82\x99", "が\nぎ", 3, TEXT_LINES },
	{ "Z͑ͫ̓ͪ̂ͫ̽A", "Z͑ͫ̓ͪ̂ͫ̽A", MANY, 0 },
	{ "\xef\xbf\xbd", "\xef\xbf\xbd", 1, 0 },
	{ " \xe3\x80\x80 ", "", 0, 0 },
};

struct bad {
	const char *in;
	size_t n; /* 0 = strlen */
	size_t max;
	unsigned flags;
	enum text_fault fault;
	size_t at;
};

static const struct bad bad[] = {
	{ "abc\x80", 0, MANY, 0, TEXT_BAD_UTF8, 3 },
	{ "\xc0\xaf", 0, MANY, 0, TEXT_BAD_UTF8, 0 },		/* overlong */
	{ "あ\xe0\x80\xaf", 0, MANY, 0, TEXT_BAD_UTF8, 3 },	/* overlong */
	{ "\xed\xa0\x80", 0, MANY, 0, TEXT_BAD_UTF8, 0 },	/* surrogate */
	{ "\xf4\x90\x80\x80", 0, MANY, 0, TEXT_BAD_UTF8, 0 },	/* past U+10FFFF */
	{ "資\xe7\x94", 0, MANY, 0, TEXT_BAD_UTF8, 3 },		/* cut */
	{ "\xf0\xe3\x80\x80", 0, MANY, 0, TEXT_BAD_UTF8, 0 },	/* cut, then a space */
	{ "\xe2\x80" "B", 0, MANY, 0, TEXT_BAD_UTF8, 0 },	/* nearly U+2002 */
	{ "\x8f\xee\x95\xf1", 0, MANY, 0, TEXT_BAD_UTF8, 0 },	/* CP932 */
	{ "a\0b", 3, MANY, 0, TEXT_NUL, 1 },
	{ "あ\0", 4, MANY, TEXT_LINES, TEXT_NUL, 3 },
	{ "a\nb", 0, MANY, 0, TEXT_CONTROL, 1 },
	{ "a\r", 0, MANY, 0, TEXT_CONTROL, 1 },
	{ "a\tb", 0, MANY, 0, TEXT_CONTROL, 1 },
	{ "  \x1b[31m", 0, MANY, TEXT_LINES, TEXT_CONTROL, 2 },
	{ "a\x7f", 0, MANY, TEXT_LINES, TEXT_CONTROL, 1 },
	{ "a\xc2\x85", 0, MANY, TEXT_LINES, TEXT_CONTROL, 1 },
	{ "a\x0b", 0, MANY, TEXT_LINES, TEXT_CONTROL, 1 },
	{ "gpj\xe2\x80\xae.exe", 0, MANY, 0, TEXT_BIDI, 3 },
	{ "\xe2\x81\xa6x\xe2\x81\xa9", 0, MANY, TEXT_LINES, TEXT_BIDI, 0 },
	{ "a\xe2\x80\x8f", 0, MANY, 0, TEXT_BIDI, 1 },
	{ "a\xd8\x9c", 0, MANY, 0, TEXT_BIDI, 1 },
	{ "ad\xe2\x80\x8bmin", 0, MANY, 0, TEXT_INVISIBLE, 2 },
	{ "\xef\xbb\xbfname", 0, MANY, 0, TEXT_INVISIBLE, 0 },
	{ "a\xe2\x81\xa0", 0, MANY, 0, TEXT_INVISIBLE, 1 },
	{ "a\xe2\x80\xa8z", 0, MANY, TEXT_LINES, TEXT_INVISIBLE, 1 },
	{ "a\xe2\x80\xa9", 0, MANY, TEXT_LINES, TEXT_INVISIBLE, 1 },
	{ "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf", 0, MANY, 0, TEXT_INVISIBLE, 4 },
	{ "a\xe2\x80\x8d" "b", 0, MANY, 0, TEXT_INVISIBLE, 1 },
	{ "👨\xe2\x80\x8d", 0, MANY, 0, TEXT_INVISIBLE, 4 },
	{ "👨\xe2\x80\x8dx", 0, MANY, 0, TEXT_INVISIBLE, 4 },
	{ "👨\xe2\x80\x8c👩", 0, MANY, 0, TEXT_INVISIBLE, 4 },
	{ "👨\xe2\x80\x8d\xe2\x80\x8d👩", 0, MANY, 0, TEXT_INVISIBLE, 4 },
	{ "क\xe2\x80\x8d", 0, MANY, 0, TEXT_INVISIBLE, 3 },
	{ "\xef\xb8\x8f", 0, MANY, 0, TEXT_INVISIBLE, 0 },
	{ "☎\xef\xb8\x8f\xef\xb8\x8f", 0, MANY, 0, TEXT_INVISIBLE, 6 },
	{ "a\xf3\xa0\x84\x80", 0, MANY, 0, TEXT_INVISIBLE, 1 },
	/* sorted, another mark stands beside the joiner */
	{ "a\xcd\x91\xe0\xa5\x8d\xe2\x80\x8dक", 0, MANY, 0, TEXT_INVISIBLE, 6 },
	{ "葛\xf3\xa0\x84\x80\xf3\xa0\x84\x81", 0, MANY, 0, TEXT_INVISIBLE, 7 },
	{ "a\xe3\x85\xa4", 0, MANY, 0, TEXT_INVISIBLE, 1 }, /* Hangul filler */
	{ "外字\xee\x80\x80", 0, MANY, 0, TEXT_NONCHAR, 6 },
	{ "\xf4\x8f\xbf\xbd", 0, MANY, 0, TEXT_NONCHAR, 0 },
	{ "a\xef\xbf\xbe", 0, MANY, 0, TEXT_NONCHAR, 1 },
	{ "a\xef\xb7\x90", 0, MANY, 0, TEXT_NONCHAR, 1 },
	{ "\xf0\x9f\xbf\xbf", 0, MANY, 0, TEXT_NONCHAR, 0 },
	{ "abc", 0, 2, 0, TEXT_TOO_LONG, 2 },
	{ "  abc", 0, 2, 0, TEXT_TOO_LONG, 4 },
	{ "情報資産", 0, 3, 0, TEXT_TOO_LONG, 9 },
	{ "　情報", 0, 1, 0, TEXT_TOO_LONG, 6 },
	{ "あ\r\nい", 0, 2, TEXT_LINES, TEXT_TOO_LONG, 5 },
	{ "x", 0, 0, 0, TEXT_TOO_LONG, 0 },
};

_Static_assert(ARRAY_SIZE(bad) >= ARRAY_SIZE(good), "as many must-fail as must-pass cases");

START_TEST(accepts)
{
	const struct good *c = &good[_i];
	struct arena *a = arena_new();
	char *out = NULL, *again = NULL;
	size_t at = 77;

	ck_assert_int_eq(text_read(a, c->in, strlen(c->in), c->max, c->flags, &out, &at), TEXT_OK);
	ck_assert_str_eq(out, c->out);
	ck_assert_uint_eq(at, 77);
	ck_assert_int_eq(text_read(a, out, strlen(out), c->max, c->flags, &again, NULL), TEXT_OK);
	ck_assert_str_eq(again, out);
	arena_free(a);
}
END_TEST

START_TEST(refuses)
{
	const struct bad *c = &bad[_i];
	size_t n = c->n == 0 ? strlen(c->in) : c->n, at = 77;
	struct arena *a = arena_new();
	char untouched[] = "untouched", *out = untouched;

	ck_assert_int_eq(text_read(a, c->in, n, c->max, c->flags, &out, &at), c->fault);
	ck_assert_ptr_eq(out, untouched);
	ck_assert_uint_eq(at, c->at);
	ck_assert_int_eq(text_read(a, c->in, n, c->max, c->flags, &out, NULL), c->fault);
	arena_free(a);
}
END_TEST

/* A letter with that many marks. */
static enum text_fault
read_marks(struct arena *a, int marks)
{
	char s[1024] = "Z";
	char *out;

	while (marks-- > 0)
		memcpy(s + strlen(s), marks % 2 == 0 ? "\xcc\x80" : "\xcc\xa7", 3);
	return text_read(a, s, strlen(s), MANY, 0, &out, NULL);
}

static enum text_fault
read_double_marks(struct arena *a, int marks)
{
	char s[64] = "Z", *out;

	while (marks-- > 0)
		memcpy(s + strlen(s), "\xcd\x84", 3);
	return text_read(a, s, strlen(s), MANY, 0, &out, NULL);
}

START_TEST(limits_marks)
{
	struct arena *a = arena_new();

	ck_assert_int_eq(read_marks(a, 30), TEXT_OK);
	ck_assert_int_eq(read_marks(a, 31), TEXT_MARKS);
	ck_assert_int_eq(read_marks(a, 400), TEXT_MARKS);
	/* U+0344 becomes two marks */
	ck_assert_int_eq(read_double_marks(a, 15), TEXT_OK);
	ck_assert_int_eq(read_double_marks(a, 16), TEXT_MARKS);
	arena_free(a);
}
END_TEST

/* Both paths, the eight-byte steps and their rests, see every byte. */
START_TEST(sees_every_byte)
{
	struct arena *a = arena_new();
	char s[40], *out;
	size_t n, i, at;
	int c;

	for (n = 1; n < sizeof(s); n++) {
		for (i = 0; i < n; i++) {
			for (c = 0; c < 256; c++) {
				bool plain = c > 0x20 && c < 0x7f;
				enum text_fault f;

				if (c == ' ' || c == '\t')
					continue;
				memset(s, 'x', n);
				s[i] = (char)c;
				f = text_read(a, s, n, n, 0, &out, &at);
				if ((f == TEXT_OK) != plain || (!plain && at != i))
					ck_abort_msg("byte %02x at %zu of %zu", c, i, n);
			}
		}
	}
	arena_free(a);
}
END_TEST

/* Writes any number as UTF-8 would, surrogates and too large ones too. */
static size_t
encode(char *s, unsigned c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (i = n; i-- > 1; c >>= 6)
		s[i] = (char)(0x80 | (c & 0x3f));
	s[0] = (char)(lead[n] | c);
	return n;
}

static bool
is_letter_or_symbol(unsigned c)
{
	switch (utf8proc_category((int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PO:
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SO:
	case UTF8PROC_CATEGORY_ZS:
		return true;
	default:
		return false;
	}
}

/* What text_read() must say to a character between two letters. */
static bool
is_right(unsigned c, const char *s, enum text_fault f, const char *out)
{
	bool valid = c < 0x110000 && !(c >= 0xd800 && c <= 0xdfff);
	utf8proc_category_t k = valid ? utf8proc_category((int32_t)c) : UTF8PROC_CATEGORY_CN;
	utf8proc_uint8_t *nfc;
	bool same;

	if (!valid || f == TEXT_BAD_UTF8)
		return !valid && f == TEXT_BAD_UTF8;
	if (k == UTF8PROC_CATEGORY_CC || k == UTF8PROC_CATEGORY_CO || (c & 0xfffe) == 0xfffe)
		return f != TEXT_OK;
	if (f != TEXT_OK)
		return !is_letter_or_symbol(c);
	nfc = utf8proc_NFC((const utf8proc_uint8_t *)s);
	same = strcmp(out, (char *)nfc) == 0;
	free(nfc);
	return same;
}

/* The whole of Unicode, each between letters that might combine: NFC by the library, or refused. */
START_TEST(walks_unicode)
{
	unsigned c;

	/* no assertion for each: Check writes every one of them to a file */
	for (c = 0x80; c < 0x120000; c++) {
		struct arena *a = arena_new();
		char s[16] = "は", *out = NULL;
		size_t n = 3 + encode(s + 3, c);
		enum text_fault f;

		memcpy(s + n, "か", 4);
		n += 3;
		f = text_read(a, s, n, 100, TEXT_LINES, &out, NULL);
		if (text_is_utf8(s, n) != (f != TEXT_BAD_UTF8) || !is_right(c, s, f, out))
			ck_abort_msg("U+%04X: %s", c, text_fault_code(f));
		arena_free(a);
	}
}
END_TEST

START_TEST(knows_utf8)
{
	unsigned x, y;

	ck_assert(text_is_utf8("", 0));
	ck_assert(text_is_utf8("a\0b", 3));
	ck_assert(text_is_utf8("情報\0資産", 13));
	ck_assert(!text_is_utf8("情\xe6", 4));
	/* two bytes: an ASCII pair or a lead from C2 and its continuation */
	for (x = 0; x < 256; x++) {
		for (y = 0; y < 256; y++) {
			char s[2] = { (char)x, (char)y };
			bool pair = x >= 0xc2 && x <= 0xdf && (y & 0xc0) == 0x80;

			if (text_is_utf8(s, 2) != ((x < 0x80 && y < 0x80) || pair))
				ck_abort_msg("%02x %02x", x, y);
		}
	}
	ck_assert_uint_eq(text_length(""), 0);
	ck_assert_uint_eq(text_length("資産𠮷a"), 4);
}
END_TEST

static const struct {
	const char *in;
	const char *out;
} folds[] = {
	{ "", "" },
	{ "Asset No", "assetno" },
	{ "資産番号（必須）※", "資産番号必須" },
	{ "資産番号 (必須)", "資産番号必須" },
	{ "【設置\n場所】", "設置場所" },
	{ "　ＩＰ　アドレス\t", "ipアドレス" },
	{ "ｼｽﾃﾑ管理者", "システム管理者" },
	{ "機密性３", "機密性3" },
	{ "Ⅳ", "iv" },
	{ "か \xe3\x82\x99", "が" },
	{ "\xff\xfe", "\xff\xfe" },
};

START_TEST(folds_for_comparison)
{
	struct arena *a = arena_new();
	char *once = text_fold(a, folds[_i].in);

	ck_assert_str_eq(once, folds[_i].out);
	ck_assert_str_eq(text_fold(a, once), once);
	arena_free(a);
}
END_TEST

/* Marks that only meet when spaces go would be sorted in quadratic time. */
START_TEST(fold_is_bounded)
{
	struct arena *a = arena_new();
	char *s = arena_alloc(a, 1 << 20);
	size_t i;

	for (i = 0; i + 4 < 1 << 20; i += 4)
		memcpy(s + i, "\xc2\xb4\xc2\xb8", 4);
	ck_assert_str_eq(text_fold(a, s), s);
	arena_free(a);
}
END_TEST

START_TEST(has_words_for_every_fault)
{
	int i, j;

	for (i = 0; i < TEXT__MAX; i++) {
		ck_assert_str_ne(text_fault_code((enum text_fault)i), "");
		ck_assert(text_is_utf8(text_fault_ja((enum text_fault)i),
				       strlen(text_fault_ja((enum text_fault)i))));
		ck_assert_str_ne(text_fault_en((enum text_fault)i), "");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(text_fault_code((enum text_fault)i),
					 text_fault_code((enum text_fault)j));
	}
	ck_assert_str_eq(text_fault_code(TEXT_CONTROL), "control_character");
}
END_TEST

/* What people have found to break programs: read back as NFC of the line, or refused. */
START_TEST(survives_naughty_strings)
{
	const char *data = getenv("DAICHO_DATA");
	int stored = 0, refused = 0;
	char path[4096], *line = NULL;
	size_t cap = 0;
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/text/blns.txt",
		 data == NULL || *data == '\0' ? "../shared/data" : data);
	f = fopen(path, "r");
	if (f == NULL)
		return;
	while ((n = getline(&line, &cap, f)) > 0) {
		struct arena *a = arena_new();
		char *out = NULL, *again = NULL;

		if (line[n - 1] == '\n')
			line[--n] = '\0';
		if (text_read(a, line, (size_t)n, 1000, 0, &out, NULL) != TEXT_OK) {
			refused++;
		} else {
			utf8proc_uint8_t *nfc = utf8proc_NFC((utf8proc_uint8_t *)line);

			stored++;
			/* the spaces at the ends are all that went */
			ck_assert_ptr_nonnull(strstr((char *)nfc, out));
			ck_assert_int_eq(text_read(a, out, strlen(out), 1000, 0, &again, NULL),
					 TEXT_OK);
			ck_assert_str_eq(again, out);
			free(nfc);
		}
		text_fold(a, line);
		arena_free(a);
	}
	free(line);
	fclose(f);
	ck_assert_int_gt(stored, 600);
	ck_assert_int_gt(refused, 5);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, accepts, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(t, refuses, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(t, limits_marks);
	tcase_add_test(t, sees_every_byte);
	tcase_add_test(t, walks_unicode);
	tcase_add_test(t, knows_utf8);
	tcase_add_loop_test(t, folds_for_comparison, 0, (int)ARRAY_SIZE(folds));
	tcase_add_test(t, fold_is_bounded);
	tcase_add_test(t, has_words_for_every_fault);
	tcase_add_test(t, survives_naughty_strings);
	suite_add_tcase(s, t);
	return suite_run(s);
}
