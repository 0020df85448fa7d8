#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include <base/text.h>

#include "text_scan.h"

/* No header and no choice is longer; what is longer is compared as it stands. */
#define FOLD_MAX 1024

struct text_word {
	const char *code;
	const char *ja;
	const char *en;
};

static const struct text_word words[TEXT__MAX] = {
	[TEXT_OK] = { "ok", "問題ありません。", "There is no fault." },
	[TEXT_BAD_UTF8] = { "invalid_utf8", "UTF-8として正しくないバイトがあります。",
		"Some bytes are not valid UTF-8." },
	[TEXT_NUL] = { "nul_character", "NUL文字（U+0000）は使えません。",
		"The NUL character (U+0000) cannot be stored." },
	[TEXT_CONTROL] = { "control_character",
		"制御文字は使えません（改行とタブは、複数行の欄だけで使えます）。",
		"Control characters are refused; line breaks and TAB are allowed in multi-line "
		"fields only." },
	[TEXT_BIDI] = { "bidi_control", "文字の並ぶ向きを変える制御文字は使えません。",
		"Characters that change the writing direction are refused." },
	[TEXT_INVISIBLE] = { "invisible_character",
		"目に見えない文字（ゼロ幅スペースなど）は使えません。",
		"Invisible characters, such as the zero-width space, are refused." },
	[TEXT_NONCHAR] = { "private_character",
		"外字（私用領域の文字）や文字でない符号は使えません。",
		"Private-use characters and non-characters are refused." },
	[TEXT_TOO_LONG] = { "too_long", "文字数が上限を超えています。", "The text is too long." },
	[TEXT_MARKS] = { "too_many_marks", "一つの文字に重ねた結合文字が多すぎます。",
		"Too many combining marks are stacked on one character." },
};

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

static size_t
wide_space_at(const char *s, size_t n, bool from_end)
{
	/* besides U+2000–200A */
	static const char *const wide[] = {
		"\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
	};
	const unsigned char *u;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wide); i++) {
		size_t len = strlen(wide[i]);

		if (n >= len && memcmp(from_end ? s + n - len : s, wide[i], len) == 0)
			return len;
	}
	if (n < 3)
		return 0;
	u = (const unsigned char *)(from_end ? s + n - 3 : s);
	return u[0] == 0xe2 && u[1] == 0x80 && u[2] >= 0x80 && u[2] <= 0x8a ? 3 : 0;
}

/* Bytes of the space that begins (or, from the end, ends) here; 0 = none. */
static size_t
space_at(const char *s, size_t n, bool from_end)
{
	unsigned char edge;

	if (n == 0)
		return 0;
	edge = (unsigned char)(from_end ? s[n - 1] : s[0]);
	if (edge < 0x80)
		return edge == ' ' || edge == '\t' ? 1 : 0;
	return wide_space_at(s, n, from_end);
}

/* Nothing but spaces and line breaks: the same as nothing. */
static bool
is_blank(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t len = is_break(s[i]) ? 1 : space_at(s + i, n - i, false);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

/* Printable ASCII only, eight bytes at a time. */
static bool
is_ascii(const char *s, size_t n)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	const uint64_t one = UINT64_C(0x0101010101010101);
	uint64_t w;
	size_t i;

	for (i = 0; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		/* above 0x7f, below 0x20 (borrows), or 0x7f (carries) */
		if (((w | (w - one * 0x20) | (w + one)) & high) != 0)
			return false;
	}
	for (; i < n; i++)
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	return true;
}

/* Byte behind the first `chars` characters, as take_char() counts them. */
static size_t
offset_of(const char *s, size_t n, size_t chars)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bool begins = ((unsigned char)s[i] & 0xc0) != 0x80 &&
			      !(s[i] == '\n' && i > 0 && s[i - 1] == '\r');

		if (begins && chars-- == 0)
			return i;
	}
	return n;
}

/* A copy whose line breaks are LF. */
static char *
copy_lines(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_dup(arena, s, n);
	size_t i, to = 0;

	if (memchr(copy, '\r', n) == NULL)
		return copy;
	for (i = 0; i < n; i++) {
		if (s[i] == '\n' && i > 0 && s[i - 1] == '\r')
			continue;
		copy[to++] = s[i] == '\r' ? '\n' : s[i];
	}
	copy[to] = '\0';
	return copy;
}

/* One of utf8proc's forms of a valid string, owned by the arena. */
static char *
normalize(struct arena *arena, const char *s, int form)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n;
	char *copy;

	n = utf8proc_map((const utf8proc_uint8_t *)s, 0, &out,
			 UTF8PROC_NULLTERM | UTF8PROC_STABLE | form);
	if (n < 0)
		bug("normalize: %s", utf8proc_errmsg(n));
	copy = arena_dup(arena, (const char *)out, (size_t)n);
	free(out);
	return copy;
}

/*
 * Trimmed text that is not plain ASCII.  NFC may bring a character to another neighbour (marks are
 * sorted), so its result is judged again: what is stored can always be sent back.
 */
static enum text_fault
read_unicode(struct arena *arena, const char *s, size_t n, size_t max, bool lines, char **ret,
	     size_t *ret_at)
{
	struct text_scan st = { .lines = lines, .nfc = true };
	enum text_fault f = text_scan(&st, s, n, ret_at);
	char *stored;

	if (f != TEXT_OK)
		return f;
	stored = copy_lines(arena, s, n);
	if (!st.nfc) {
		stored = normalize(arena, stored, UTF8PROC_COMPOSE);
		st = (struct text_scan){ .lines = lines };
		f = text_scan(&st, stored, strlen(stored), ret_at);
		if (f != TEXT_OK) {
			*ret_at = *ret_at < n ? *ret_at : n - 1;
			return f;
		}
	}
	if (st.chars > max) {
		*ret_at = offset_of(s, n, max);
		return TEXT_TOO_LONG;
	}
	*ret = stored;
	return TEXT_OK;
}

enum text_fault
text_read(struct arena *arena, const char *s, size_t n, size_t max, unsigned flags, char **ret,
	  size_t *ret_at)
{
	bool lines = (flags & TEXT_LINES) != 0;
	enum text_fault f = TEXT_OK;
	const char *begin = s;
	size_t len, at = 0;

	if (lines && is_blank(s, n))
		n = 0;
	for (; (len = space_at(s, n, false)) > 0; n -= len)
		s += len;
	while ((len = space_at(s, n, true)) > 0)
		n -= len;

	if (!is_ascii(s, n)) {
		f = read_unicode(arena, s, n, max, lines, ret, &at);
	} else if (n > max) {
		f = TEXT_TOO_LONG;
		at = max;
	} else {
		*ret = arena_dup(arena, s, n);
	}
	if (f != TEXT_OK && ret_at != NULL)
		*ret_at = (size_t)(s - begin) + at;
	return f;
}

bool
text_is_utf8(const char *s, size_t n)
{
	utf8proc_int32_t c;
	size_t i = 0;

	while (i < n) {
		utf8proc_ssize_t len;

		if ((signed char)s[i] >= 0) {
			i++;
			continue;
		}
		len = utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i),
				       &c);
		if (len <= 0)
			return false;
		i += (size_t)len;
	}
	return true;
}

size_t
text_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		if (((unsigned char)*s & 0xc0) != 0x80)
			n++;
	return n;
}

static const struct text_word *
word(enum text_fault f)
{
	if ((int)f < 0 || f >= TEXT__MAX || words[f].code == NULL)
		bug("text fault %d is not in the table", (int)f);
	return &words[f];
}

const char *
text_fault_code(enum text_fault f)
{
	return word(f)->code;
}

const char *
text_fault_ja(enum text_fault f)
{
	return word(f)->ja;
}

const char *
text_fault_en(enum text_fault f)
{
	return word(f)->en;
}

/* Does not count when headers and choices are compared. */
static bool
is_folded_away(int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_PS ||
	       k == UTF8PROC_CATEGORY_PE || (c >= '\t' && c <= '\r') || c == 0x203b /* ※ */;
}

char *
text_fold(struct arena *arena, const char *s)
{
	size_t n = strlen(s), i = 0, to = 0;
	char *from, *out;

	if (n > FOLD_MAX || !text_is_utf8(s, n))
		return arena_dup(arena, s, n);
	from = normalize(arena, s, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	n = strlen(from);
	/* the lower-case form of U+023A and U+023E takes three bytes for two */
	out = arena_alloc(arena, n * 2 + 1);
	while (i < n) {
		utf8proc_int32_t c;

		i += (size_t)utf8proc_iterate((utf8proc_uint8_t *)from + i,
					      (utf8proc_ssize_t)(n - i), &c);
		if (!is_folded_away(c))
			to += (size_t)utf8proc_encode_char(utf8proc_tolower(c),
							   (utf8proc_uint8_t *)out + to);
	}
	/* what a removed space had kept apart may combine now */
	return normalize(arena, out, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}
