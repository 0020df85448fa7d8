/* csv.h: every case whole, byte by byte and in random pieces; the public csv-spectrum files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"
#include <jansson.h>

#include <base/buf.h>
#include <exchange/csv.h>

/* Written as the cases are: "line<field><field>;", a quoted field as "{field}". */
struct good {
	const char *in;
	const char *out;
	char separator; /* 0 = comma */
};

static const struct good good[] = {
	{ "", "", 0 },
	{ "a,b,c\n1,2,3\n", "1<a><b><c>;2<1><2><3>;", 0 },
	{ "a,b,c\r\n1,2,3\r\n", "1<a><b><c>;2<1><2><3>;", 0 },
	{ "a,b,c\r1,2,3\r", "1<a><b><c>;2<1><2><3>;", 0 },
	{ "a,b\n1,2", "1<a><b>;2<1><2>;", 0 },
	{ "a", "1<a>;", 0 },
	{ ",", "1<><>;", 0 },
	{ "a,,\n,,b\n", "1<a><><>;2<><><b>;", 0 },
	{ "a,b,c\n1,\"\",\"\"\n2,3,4", "1<a><b><c>;2<1>{}{};3<2><3><4>;", 0 },
	{ "\"\"", "1{};", 0 },
	{ "\"\"\n\n\"\"\n", "1{};3{};", 0 },
	{ "1,\"ha \"\"ha\"\" ha\"\n", "1<1>{ha \"ha\" ha};", 0 },
	{ "\"\"\"\"", "1{\"};", 0 },
	{ "\"\"\"\",\"\"\"\"\"\"", "1{\"}{\"\"};", 0 },
	{ "John,\"Anytown, WW\",08123\n", "1<John>{Anytown, WW}<08123>;", 0 },
	{ "\"a\nb\",5\n7,8\n", "1{a\nb}<5>;3<7><8>;", 0 },
	{ "\"a \r\nb\",5\r\n7,8\r\n", "1{a \r\nb}<5>;3<7><8>;", 0 },
	{ "\"a\rb\",5\r7,8\r", "1{a\rb}<5>;3<7><8>;", 0 },
	{ "\"\r\",\"\n\"\n9\n", "1{\r}{\n};4<9>;", 0 },
	{ "\"\r\"\n9\n", "1{\r};3<9>;", 0 },
	{ "\n\n\na\n\n\nb\n\n", "4<a>;7<b>;", 0 },
	{ "\r\n\r\na\r\n\r\n", "3<a>;", 0 },
	{ "\n\r\na\n\rb", "3<a>;5<b>;", 0 },
	{ " a , b \n", "1< a >< b >;", 0 },
	{ "資産番号,名称\nＡ－１,サーバ\n", "1<資産番号><名称>;2<Ａ－１><サーバ>;", 0 },
	{ "\xef\xbb\xbf" "a,b\n", "1<a><b>;", 0 },
	{ "\xef\xbb\xbf\"a\",b\n", "1{a}<b>;", 0 },
	{ "\xef\xbb\xbf", "", 0 },
	{ "\xef\xbb\xbf\xef\xbb\xbf" "a", "1<\xef\xbb\xbf" "a>;", 0 },
	{ "\xef\xbb" "a,b", "1<\xef\xbb" "a><b>;", 0 },
	{ "\xef\xbb", "1<\xef\xbb>;", 0 },
	{ "\xef,\xbb\n", "1<\xef><\xbb>;", 0 },
	{ "a\tb,c\t\"d\te\"\n", "1<a><b,c>{d\te};", '\t' },
	{ "a;b,c;\"d;e\"\n", "1<a><b,c>{d;e};", ';' },
	{ "\x8e\x91\x8e\x59,\x83\x5c\n", "1<\x8e\x91\x8e\x59><\x83\x5c>;", 0 },
};

struct bad {
	const char *in;
	size_t n; /* 0 = strlen */
	const char *out; /* the records before the fault */
	enum csv_fault fault;
	long line;
};

static const struct bad bad[] = {
	{ "a\"b\n", 0, "", CSV_BARE_QUOTE, 1 },
	{ "a,b\"", 0, "", CSV_BARE_QUOTE, 1 },
	{ "a,b\nc, \"d\"\n", 0, "1<a><b>;", CSV_BARE_QUOTE, 2 },
	{ "a\r\n\r\nb\"\"\r\n", 0, "1<a>;", CSV_BARE_QUOTE, 3 },
	{ "\"a\nb\",c\"\n", 0, "", CSV_BARE_QUOTE, 2 },
	{ "\xef\xbb\xbf" "a\"\n", 0, "", CSV_BARE_QUOTE, 1 },
	{ "\xef\xbb\"", 0, "", CSV_BARE_QUOTE, 1 },
	{ "5\" disk,x\n", 0, "", CSV_BARE_QUOTE, 1 },
	{ "\"a\"b\n", 0, "", CSV_AFTER_QUOTE, 1 },
	{ "\"a\" ,b\n", 0, "", CSV_AFTER_QUOTE, 1 },
	{ "x\n\"a\nb\nc\";d\n", 0, "1<x>;", CSV_AFTER_QUOTE, 4 },
	{ "\"a\"\t\"b\"\n", 0, "", CSV_AFTER_QUOTE, 1 },
	{ "\"\"a\n", 0, "", CSV_AFTER_QUOTE, 1 },
	{ "\"\"\"\"a\n", 0, "", CSV_AFTER_QUOTE, 1 },
	{ "\"", 0, "", CSV_UNCLOSED, 1 },
	{ "a,\"b", 0, "", CSV_UNCLOSED, 1 },
	{ "a\nb,\"c\nd\ne\n", 0, "1<a>;", CSV_UNCLOSED, 2 },
	{ "a\n\"b\nc\",\"d\ne\n", 0, "1<a>;", CSV_UNCLOSED, 3 },
	{ "\"a\"\"\n", 0, "", CSV_UNCLOSED, 1 },
	{ "\r\"\r\n\n", 0, "", CSV_UNCLOSED, 2 },
	{ "a\0b\n", 4, "", CSV_NUL, 1 },
	{ "\0", 1, "", CSV_NUL, 1 },
	{ "a,\0\n", 4, "", CSV_NUL, 1 },
	{ "a\n\"b\n\0\"", 7, "1<a>;", CSV_NUL, 3 },
	{ "\"a\"\0", 4, "", CSV_NUL, 1 },
	{ "a\nb\n\0", 5, "1<a>;2<b>;", CSV_NUL, 3 },
	{ "\xef\xbb\xbf\0", 4, "", CSV_NUL, 1 },
	{ "\xef\0", 2, "", CSV_NUL, 1 },
	{ "a\nb\0", 4, "1<a>;", CSV_NUL, 2 },
	{ "\xff\xfe" "a\0,\0b\0", 8, "", CSV_NUL, 1 }, /* UTF-16 */
	{ "stop\n1\n", 0, "", CSV_STOPPED, 1 },
	{ "a\nstop", 0, "1<a>;", CSV_STOPPED, 2 },
	{ "a\n\nstop\r\n\"\"x", 0, "1<a>;", CSV_STOPPED, 3 },
	{ "\"stop\",\"\n\n\"\nx\"\n", 0, "", CSV_STOPPED, 1 },
	{ "a\r\nstop\r\n", 0, "1<a>;", CSV_STOPPED, 2 },
};

_Static_assert(ARRAY_SIZE(bad) >= ARRAY_SIZE(good), "as many must-fail as must-pass cases");

/* Small and repeatable. */
static unsigned
next_random(unsigned *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static bool
note_record(void *arg, const struct csv_record *r)
{
	struct buf *out = arg;
	size_t i;

	if (r->n > 0 && strcmp(r->v[0].p, "stop") == 0)
		return false;
	buf_addf(out, "%ld", r->line);
	for (i = 0; i < r->n; i++) {
		const struct csv_field *f = &r->v[i];

		ck_assert_int_eq(f->p[f->n], '\0');
		ck_assert_uint_eq(strlen(f->p), f->n);
		buf_addc(out, f->quoted ? '{' : '<');
		buf_add(out, f->p, f->n);
		buf_addc(out, f->quoted ? '}' : '>');
	}
	buf_addc(out, ';');
	return true;
}

/* Feeds pieces of at most `piece` bytes, 0 = all at once, -1 = of random sizes, also none. */
static enum csv_fault
read_in_pieces(const char *s, size_t n, char separator, int piece, unsigned seed, struct buf *out,
	       long *ret_line)
{
	struct csv_reader *r = csv_reader_new(separator, note_record, out);
	enum csv_fault f = CSV_OK, end;
	size_t i = 0;

	buf_clear(out);
	while (i < n && f == CSV_OK) {
		size_t len = piece > 0 ? (size_t)piece : piece == 0 ? n : next_random(&seed) % 7;
		char *copy;

		if (len > n - i)
			len = n - i;
		/* a block of its own, so that a sanitizer sees a step too far */
		copy = malloc(len == 0 ? 1 : len);
		memcpy(copy, s + i, len);
		f = csv_feed(r, copy, len);
		free(copy);
		i += len;
	}
	end = csv_finish(r);
	if (f != CSV_OK)
		ck_assert_int_eq(end, f);
	ck_assert_int_eq(csv_finish(r), end);
	*ret_line = csv_fault_line(r);
	csv_reader_free(r);
	return end;
}

static void
check_all_ways(const char *s, size_t n, char separator, const char *expected, enum csv_fault fault,
	       long line)
{
	struct buf out;
	long at;
	int i;

	buf_init(&out, 64 * 1024 * 1024);
	for (i = -20; i <= 5; i++) {
		int piece = i < 0 ? -1 : i;

		ck_assert_int_eq(
			read_in_pieces(s, n, separator, piece, (unsigned)(i + 99), &out, &at),
			fault);
		ck_assert_str_eq(buf_text(&out), expected);
		if (fault != CSV_OK)
			ck_assert_int_eq(at, line);
	}
	buf_release(&out);
}

START_TEST(reads)
{
	const struct good *c = &good[_i];

	check_all_ways(c->in, strlen(c->in), c->separator == 0 ? ',' : c->separator, c->out, CSV_OK,
		       0);
}
END_TEST

START_TEST(refuses)
{
	const struct bad *c = &bad[_i];

	check_all_ways(c->in, c->n == 0 ? strlen(c->in) : c->n, ',', c->out, c->fault, c->line);
}
END_TEST

START_TEST(repeats_its_fault)
{
	struct buf out;
	struct csv_reader *r;

	buf_init(&out, 1000);
	r = csv_reader_new(',', note_record, &out);
	ck_assert_int_eq(csv_feed(r, "a\nb\"", 4), CSV_BARE_QUOTE);
	ck_assert_int_eq(csv_feed(r, "c\nd\n", 4), CSV_BARE_QUOTE);
	ck_assert_int_eq(csv_finish(r), CSV_BARE_QUOTE);
	ck_assert_int_eq(csv_fault_line(r), 2);
	ck_assert_str_eq(buf_text(&out), "1<a>;");
	csv_reader_free(r);
	csv_reader_free(NULL);
	buf_release(&out);
}
END_TEST

static bool
count_record(void *arg, const struct csv_record *r)
{
	size_t *sum = arg, i;

	for (i = 0; i < r->n; i++)
		*sum += r->v[i].n + 1;
	return true;
}

static enum csv_fault
read_long(const char *head, char fill, size_t n, size_t step, size_t *ret_fed, long *ret_line)
{
	size_t sum = 0;
	struct csv_reader *r = csv_reader_new(',', count_record, &sum);
	enum csv_fault f = csv_feed(r, head, strlen(head));
	char *block = malloc(step);

	memset(block, fill, step);
	for (*ret_fed = 0; f == CSV_OK && *ret_fed < n; *ret_fed += step)
		f = csv_feed(r, block, step < n - *ret_fed ? step : n - *ret_fed);
	if (f == CSV_OK)
		f = csv_finish(r);
	if (f == CSV_OK && fill == 'x')
		ck_assert_uint_eq(sum, strlen(head) + n + 1);
	*ret_line = csv_fault_line(r);
	free(block);
	csv_reader_free(r);
	return f;
}

START_TEST(bounds_a_record)
{
	static const size_t steps[] = { 1, 4096, 65536, 3000000 };
	size_t i, fed;
	long line;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		/* "a\n" is a record of 2; the other one just fits, with its NUL */
		ck_assert_int_eq(read_long("a\n", 'x', CSV_RECORD_MAX - 1, steps[i], &fed, &line),
				 CSV_OK);
		ck_assert_int_eq(read_long("a\n", 'x', CSV_RECORD_MAX, steps[i], &fed, &line),
				 CSV_RECORD_TOO_LONG);
		ck_assert_int_eq(line, 2);
		/* a quote left open meets the ceiling long before 100 MB have gone by */
		ck_assert_int_eq(read_long("a\n\n\"", '\n', 100000000, steps[i], &fed, &line),
				 CSV_RECORD_TOO_LONG);
		ck_assert_int_eq(line, 3);
		ck_assert_uint_le(fed, CSV_RECORD_MAX + 2 * steps[i]);
	}
}
END_TEST

START_TEST(bounds_the_fields)
{
	size_t fed;
	long line;

	ck_assert_int_eq(read_long("x\n", ',', CSV_FIELDS_MAX - 1, 7, &fed, &line), CSV_OK);
	ck_assert_int_eq(read_long("x\n", ',', CSV_FIELDS_MAX, 7, &fed, &line),
			 CSV_TOO_MANY_FIELDS);
	ck_assert_int_eq(line, 2);
	ck_assert_int_eq(read_long("x\n", ',', CSV_FIELDS_MAX, 5000, &fed, &line),
			 CSV_TOO_MANY_FIELDS);
}
END_TEST

/* The whole of a file below the data directory; NULL when it is not there. */
static char *
load(const char *name, size_t *ret_n)
{
	const char *data = getenv("DAICHO_DATA");
	char path[4096], *s;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s",
		 data == NULL || *data == '\0' ? "../shared/data" : data, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return NULL;
	s = calloc(1, 1 << 20);
	*ret_n = fread(s, 1, (1 << 20) - 1, f);
	fclose(f);
	return s;
}

struct table {
	json_t *names; /* the first record */
	json_t *rows;  /* the others as objects */
};

static bool
note_json(void *arg, const struct csv_record *r)
{
	struct table *t = arg;
	json_t *row = t->names == NULL ? json_array() : json_object();
	size_t i;

	for (i = 0; i < r->n; i++) {
		json_t *v = json_stringn(r->v[i].p, r->v[i].n);

		if (t->names == NULL) {
			json_array_append_new(row, v);
			continue;
		}
		json_object_set_new(row, json_string_value(json_array_get(t->names, i)), v);
	}
	if (t->names == NULL)
		t->names = row;
	else
		json_array_append_new(t->rows, row);
	return true;
}

static const char *const spectrum[] = {
	"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
	"newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
};

START_TEST(reads_csv_spectrum)
{
	char name[200], *csv, *json;
	size_t n, json_n;
	unsigned round, seed = 7;
	json_t *expected;

	snprintf(name, sizeof(name), "csv/csv-spectrum/%s.csv", spectrum[_i]);
	csv = load(name, &n);
	if (csv == NULL)
		return;
	snprintf(name, sizeof(name), "csv/csv-spectrum-json/%s.json", spectrum[_i]);
	json = load(name, &json_n);
	ck_assert_ptr_nonnull(json);
	expected = json_loadb(json, json_n, 0, NULL);
	ck_assert_ptr_nonnull(expected);
	for (round = 0; round < 20; round++) {
		struct table t = { .rows = json_array() };
		struct csv_reader *r = csv_reader_new(',', note_json, &t);
		size_t i, len;

		for (i = 0; i < n; i += len) {
			len = round == 0 ? n : round == 1 ? 1 : next_random(&seed) % 9;
			if (len > n - i)
				len = n - i;
			ck_assert_int_eq(csv_feed(r, csv + i, len), CSV_OK);
		}
		ck_assert_int_eq(csv_finish(r), CSV_OK);
		ck_assert(json_equal(t.rows, expected));
		csv_reader_free(r);
		json_decref(t.names);
		json_decref(t.rows);
	}
	json_decref(expected);
	free(csv);
	free(json);
}
END_TEST

static bool
check_width(void *arg, const struct csv_record *r)
{
	size_t *width = arg;

	if (*width == 0)
		*width = r->n;
	return *width == r->n;
}

/* Real tables: every row is as wide as its header. */
START_TEST(reads_real_files)
{
	static const struct {
		const char *name;
		size_t width;
	} files[] = {
		{ "csv/localgovjp-derived-cp932-crlf.csv", 0 },
		{ "inventory/netbox-demo-devices-derived.csv", 14 },
		{ "inventory/netbox-demo-vms-derived.csv", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		size_t n, width = 0;
		char *csv = load(files[i].name, &n);
		struct csv_reader *r;

		if (csv == NULL)
			continue;
		r = csv_reader_new(',', check_width, &width);
		ck_assert_int_eq(csv_feed(r, csv, n), CSV_OK);
		ck_assert_int_eq(csv_finish(r), CSV_OK);
		ck_assert_uint_gt(width, 3);
		if (files[i].width != 0)
			ck_assert_uint_eq(width, files[i].width);
		csv_reader_free(r);
		free(csv);
	}
}
END_TEST

START_TEST(has_words_for_every_fault)
{
	int i, j;

	for (i = 0; i < CSV__MAX; i++) {
		ck_assert_str_ne(csv_fault_ja((enum csv_fault)i), "");
		ck_assert_str_ne(csv_fault_en((enum csv_fault)i), "");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(csv_fault_code((enum csv_fault)i),
					 csv_fault_code((enum csv_fault)j));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("csv");
	TCase *t = tcase_create("csv");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reads, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(t, refuses, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(t, repeats_its_fault);
	tcase_add_test(t, bounds_a_record);
	tcase_add_test(t, bounds_the_fields);
	tcase_add_loop_test(t, reads_csv_spectrum, 0, (int)ARRAY_SIZE(spectrum));
	tcase_add_test(t, reads_real_files);
	tcase_add_test(t, has_words_for_every_fault);
	suite_add_tcase(s, t);
	return suite_run(s);
}
