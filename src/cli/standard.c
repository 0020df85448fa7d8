/* An organisation's own numbers and texts of the standard: a table in, the same table out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include <base/text.h>
#include <exchange/csv.h>
#include <exchange/table.h>
#include <cli/cli.h>

#define FILE_MAX (4 * 1024 * 1024)
#define FAULTS_MAX 100

static const char *const columns[] = { "kind", "code", "own_number", "ja", "en", NULL };

struct table {
	struct arena *arena;
	json_t *rows;	     /* what is handed to the database */
	const char **header; /* of a CSV file; NULL before it */
	size_t width;
	int faults;
};

static void
complain(struct table *t, long line, const char *what, const char *ja, const char *en)
{
	if (t->faults++ < FAULTS_MAX)
		fprintf(stderr, "daicho: line %ld: %s%s%s %s\n", line, what == NULL ? "" : what,
			what == NULL ? "" : ": ", ja, en);
}

/* Stored form; nothing where there is nothing but blanks. */
static void
put_value(struct table *t, json_t *row, long line, const char *name, const char *s, size_t n)
{
	char *text;
	enum text_fault f = text_read(t->arena, s, n, 4000, TEXT_LINES, &text, NULL);

	if (f != TEXT_OK)
		complain(t, line, name, text_fault_ja(f), text_fault_en(f));
	else if (*text != '\0')
		json_object_set_new(row, name, json_string(text));
}

static json_t *
new_row(long line)
{
	return json_pack("{s:I}", "line", (json_int_t)line);
}

static void
take_header(struct table *t, const struct csv_record *r)
{
	size_t i, k;

	t->width = r->n;
	t->header = arena_array(t->arena, r->n + 1, sizeof(*t->header));
	for (i = 0; i < r->n; i++) {
		t->header[i] = arena_dup(t->arena, r->v[i].p, r->v[i].n);
		for (k = 0; k < i && strcmp(t->header[k], t->header[i]) != 0; k++)
			continue;
		if (k < i || !str_in(t->header[i], columns))
			complain(t, r->line, t->header[i],
				 "列は kind, code, own_number, ja, en を一度ずつです。",
				 "Columns are kind, code, own_number, ja, en, each once.");
	}
	t->header[r->n] = NULL;
	for (i = 0; i < 2; i++)
		if (!str_in(columns[i], t->header))
			complain(t, r->line, columns[i], "この列が必要です。",
				 "This column is needed.");
}

static bool
take_record(void *arg, const struct csv_record *r)
{
	struct table *t = arg;
	const char *s;
	json_t *row;
	size_t i, n;

	if (t->header == NULL) {
		take_header(t, r);
		return true;
	}
	if (r->n != t->width) {
		complain(t, r->line, NULL, "列の数が見出しと違います。",
			 "Another number of cells than the header has.");
		return true;
	}
	row = new_row(r->line);
	for (i = 0; i < r->n; i++) {
		s = csv_strip_guard(r->v[i].p, r->v[i].n, &n);
		put_value(t, row, r->line, t->header[i], s, n);
	}
	json_array_append_new(t->rows, row);
	return true;
}

static void
take_csv(struct table *t, const struct buf *b)
{
	struct csv_reader *r = csv_reader_new(',', take_record, t);
	enum csv_fault f = csv_feed(r, buf_text(b), b->len);

	if (f == CSV_OK)
		f = csv_finish(r);
	if (f != CSV_OK)
		complain(t, csv_fault_line(r), NULL, csv_fault_ja(f), csv_fault_en(f));
	else if (t->header == NULL)
		complain(t, 1, NULL, "見出しがありません。", "There is no header.");
	csv_reader_free(r);
}

/* [{"kind":…,"code":…,"own_number":…,"ja":…,"en":…}]; lines are counted from 1. */
static void
take_json(struct table *t, const struct buf *b)
{
	const char *why, *name;
	json_t *list, *given, *value, *row;
	size_t i;

	if (json_read(t->arena, buf_text(b), b->len, &list, &why) != OK) {
		complain(t, 1, NULL, "JSONとして読めません。", why);
		return;
	}
	json_array_foreach(list, i, given) {
		long line = (long)i + 1;

		row = new_row(line);
		if (!json_is_object(given))
			complain(t, line, NULL, "オブジェクトが必要です。", "An object is expected.");
		json_object_foreach(given, name, value) {
			if (!str_in(name, columns) ||
			    !(json_is_string(value) || json_is_null(value)))
				complain(t, line, name, "使えない項目又は値です。",
					 "Not a member, or not a text.");
			else if (json_is_string(value))
				put_value(t, row, line, name, json_string_value(value),
					  json_string_length(value));
		}
		json_array_append_new(t->rows, row);
	}
}

static bool
read_file(int fd, struct buf *b)
{
	char chunk[16384];
	ssize_t n;

	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(b, chunk, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 && !b->failed;
}

static enum err
keep(struct cli *c, struct table *t)
{
	char *text = json_dumps(t->rows, JSON_COMPACT);
	struct tx_args args = { .n = 1, .v = { text } };
	PGresult *res;
	enum err e = tx_once(&c->tx, "/* replaces */ SELECT line, field, ja, en"
			     " FROM standard_import($1::jsonb)", &args, &res);
	int i;

	for (i = 0; e == OK && i < PQntuples(res); i++)
		complain(t, (long)tx_int(res, i, 0), tx_text(res, i, 1), PQgetvalue(res, i, 2),
			 PQgetvalue(res, i, 3));
	free(text);
	return e;
}

int
cmd_standard_import(struct cli *c, const struct cli_args *a)
{
	struct table t = { .arena = c->arena, .rows = json_array() };
	enum err e = OK;
	struct buf b;
	int rc = 1;

	buf_init(&b, FILE_MAX);
	if (!read_file(c->fd, &b)) {
		cli_fail(a->v[0], "cannot be read, or is larger than 4 MiB");
	} else {
		if (buf_text(&b)[strspn(buf_text(&b), " \t\r\n")] == '[')
			take_json(&t, &b);
		else
			take_csv(&t, &b);
		if (t.faults == 0)
			e = keep(c, &t);
		if (e != OK)
			cli_error(c, "standard import", e);
		else if (t.faults > 0)
			fprintf(stderr, "daicho: %d faults; nothing was imported\n", t.faults);
		else
			rc = printf("%zu rows\n", json_array_size(t.rows)) < 0;
	}
	buf_release(&b);
	json_decref(t.rows);
	return rc;
}

int
cmd_standard_export(struct cli *c, const struct cli_args *a)
{
	static const char sql[] =
		"SELECT kind, code, own_number, ja, en FROM standard_local ORDER BY kind, code";
	const char *format = cli_option(a, "format");
	bool json = str_eq(format, "json");
	PGresult *res;
	struct buf b;
	enum err e;

	if (format != NULL && !json && strcmp(format, "csv") != 0)
		return cli_fail("--format", "csv or json");
	e = tx_once(&c->tx, sql, NULL, &res);
	if (e != OK)
		return cli_error(c, "standard export", e);
	buf_init(&b, 64 * 1024 * 1024);
	if (json) {
		buf_adds(&b, "[");
		table_put_rows(res, ",\n", &b);
		buf_adds(&b, "]\n");
	} else {
		table_put_csv(res, &b);
	}
	fputs(buf_text(&b), stdout);
	buf_release(&b);
	return 0;
}
