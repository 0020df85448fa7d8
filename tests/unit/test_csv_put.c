/* csv.h: writing fields, the guard against formulas, and that all of it is read back. */
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <base/buf.h>
#include <exchange/csv.h>

struct put {
	const char *in;
	const char *plain;
	const char *excel;
};

static const struct put cases[] = {
	{ "", "", "" },
	{ "abc", "abc", "abc" },
	{ " 資産 ", " 資産 ", " 資産 " },
	{ "a,b", "\"a,b\"", "\"a,b\"" },
	{ "a;b", "\"a;b\"", "\"a;b\"" },
	{ "a\tb", "\"a\tb\"", "\"a\tb\"" },
	{ "a\nb", "\"a\nb\"", "\"a\nb\"" },
	{ "a\"b", "\"a\"\"b\"", "\"a\"\"b\"" },
	{ "\"", "\"\"\"\"", "\"\"\"\"" },
	{ "=1+1", "=1+1", "'=1+1" },
	{ "+81", "+81", "'+81" },
	{ "-5", "-5", "'-5" },
	{ "@a", "@a", "'@a" },
	{ "=\"x\",1", "\"=\"\"x\"\",1\"", "\"'=\"\"x\"\",1\"" },
	{ "\tx", "\"\tx\"", "\"'\tx\"" },
	{ "\rx", "\"\rx\"", "\"'\rx\"" },
	{ "＝1", "＝1", "'＝1" },
	{ "＋1", "＋1", "'＋1" },
	{ "－1", "－1", "'－1" },
	{ "＠1", "＠1", "'＠1" },
	{ "a=1", "a=1", "a=1" },
	{ "'a", "'a", "'a" },
	{ "'", "'", "'" },
	{ "'=1", "''=1", "''=1" },
	{ "''=1", "'''=1", "'''=1" },
	{ "ー", "ー", "ー" },
	{ "\xef\xbb\xbf" "a", "\"\xef\xbb\xbf" "a\"", "\"\xef\xbb\xbf" "a\"" },
};

/* Is the text, as a spreadsheet gets it, the text with one more apostrophe? */
static bool
is_guarded(const struct put *c)
{
	const char *written = c->excel + (c->excel[0] == '"');

	return written[0] == '\'' && written[1] == c->in[0];
}

START_TEST(writes)
{
	const struct put *c = &cases[_i];
	struct buf b;
	const char *p;
	size_t n;

	buf_init(&b, 1000);
	csv_put(&b, c->in, strlen(c->in), false);
	ck_assert_str_eq(buf_text(&b), c->plain);
	buf_clear(&b);
	csv_put(&b, c->in, strlen(c->in), true);
	ck_assert_str_eq(buf_text(&b), c->excel);
	buf_clear(&b);
	buf_addf(&b, "%s%s", is_guarded(c) ? "'" : "", c->in);
	p = csv_strip_guard(buf_text(&b), b.len, &n);
	ck_assert_uint_eq(n, strlen(c->in));
	ck_assert_mem_eq(p, c->in, n);
	buf_release(&b);
}
END_TEST

/* Small and repeatable. */
static unsigned
next_random(unsigned *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static bool
note_stripped(void *arg, const struct csv_record *r)
{
	struct buf *out = arg;
	size_t i, n;

	for (i = 0; i < r->n; i++) {
		const char *p = csv_strip_guard(r->v[i].p, r->v[i].n, &n);

		buf_add(out, p, n);
		buf_addc(out, '|');
	}
	return true;
}

/* Whatever is written is read back, with every separator and line end. */
START_TEST(reads_what_it_writes)
{
	static const char *const bits[] = { "a", "\"", ",", ";", "\t", "\n", "\r", "'", "=", "＝",
		"-", " ", "資", "\xef\xbb\xbf", "@", "\r\n" };
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	struct buf csv, sent, got;
	unsigned seed = 1, round, i, k;

	buf_init(&csv, 100000);
	buf_init(&sent, 100000);
	buf_init(&got, 100000);
	for (round = 0; round < 20000; round++) {
		char separator = ",;\t"[round % 3];
		unsigned fields = 2 + next_random(&seed) % 4;
		struct csv_reader *r = csv_reader_new(separator, note_stripped, &got);

		buf_clear(&csv);
		buf_clear(&sent);
		buf_clear(&got);
		for (i = 0; i < fields; i++) {
			size_t begin = sent.len;

			for (k = next_random(&seed) % 5; k > 0; k--)
				buf_adds(&sent, bits[next_random(&seed) % ARRAY_SIZE(bits)]);
			if (i > 0)
				buf_addc(&csv, separator);
			csv_put(&csv, buf_text(&sent) + begin, sent.len - begin, true);
			buf_addc(&sent, '|');
		}
		buf_adds(&csv, ends[round / 3 % 3]);
		if (csv_feed(r, csv.data, csv.len) != CSV_OK || csv_finish(r) != CSV_OK ||
		    strcmp(buf_text(&got), buf_text(&sent)) != 0)
			ck_abort_msg("round %u: %s", round, buf_text(&csv));
		csv_reader_free(r);
	}
	buf_release(&csv);
	buf_release(&sent);
	buf_release(&got);
}
END_TEST

/* Nothing fits: the buffer fails as a whole, and stays so. */
START_TEST(respects_the_ceiling)
{
	struct buf b;

	buf_init(&b, 4);
	csv_put(&b, "a\"b", 3, false);
	ck_assert(b.failed);
	csv_put(&b, "", 0, false);
	ck_assert(b.failed);
	buf_release(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("csv_put");
	TCase *t = tcase_create("csv_put");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, writes, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(t, reads_what_it_writes);
	tcase_add_test(t, respects_the_ceiling);
	suite_add_tcase(s, t);
	return suite_run(s);
}
