#include <stdlib.h>
#include <string.h>

#include <base/buf.h>
#include <base/util.h>
#include <exchange/csv.h>

#define BOM "\xef\xbb\xbf"

enum state {
	ST_RECORD,     /* before the first byte of a record */
	ST_FIELD,      /* before the first byte of a later field */
	ST_PLAIN,      /* in an unquoted field */
	ST_QUOTED,     /* in a quoted field */
	ST_QUOTE_SEEN, /* behind a quote in a quoted field: the closing one, or half of a pair */
};

/* A field while its record is in the making: the bytes may still move. */
struct span {
	size_t at;
	size_t n;
	bool quoted;
};

struct csv_reader {
	csv_record_fn *fn;
	void *arg;
	enum state state;
	enum csv_fault fault;
	bool finished;
	bool after_cr;	  /* an LF that comes now belongs to that line end */
	unsigned bom;	  /* bytes of a BOM seen so far; all of them once past the start */
	long line;	  /* of the next byte */
	long record_line; /* where the record began */
	long quote_line;  /* where the last quote was opened */
	long fault_line;
	char *data; /* fields of the record, each with its NUL */
	size_t len;
	size_t cap;
	size_t begin; /* of the current field, in data */
	size_t n;
	struct span span[CSV_FIELDS_MAX];
	struct csv_field field[CSV_FIELDS_MAX];
	bool stop_plain[256];  /* bytes that end a run in an unquoted field */
	bool stop_quoted[256]; /* … and in a quoted one */
};

struct csv_word {
	const char *code;
	const char *ja;
	const char *en;
};

static const struct csv_word words[CSV__MAX] = {
	[CSV_OK] = { "ok", "問題ありません。", "There is no fault." },
	[CSV_BARE_QUOTE] = { "csv_bare_quote",
		"引用符（\"）で始まらない項目の中に引用符があります。項目全体を引用符で囲み、"
		"中の引用符は二つ重ねてください。",
		"A quote stands inside an unquoted field; quote the whole field and double the "
		"quotes in it." },
	[CSV_AFTER_QUOTE] = { "csv_text_after_quote",
		"閉じる引用符（\"）と区切り文字の間に文字があります。",
		"There is text between a closing quote and the separator." },
	[CSV_UNCLOSED] = { "csv_unclosed_quote",
		"引用符（\"）が閉じられないままファイルが終わっています。",
		"The file ends inside a quoted field." },
	[CSV_RECORD_TOO_LONG] = { "csv_record_too_long",
		"1件のデータが長すぎます（上限1MiB）。引用符の閉じ忘れがないか確認してください。",
		"The record is longer than 1 MiB; perhaps a quote is not closed." },
	[CSV_TOO_MANY_FIELDS] = { "csv_too_many_fields", "1行の項目が多すぎます（上限1000）。",
		"The record has more than 1,000 fields." },
	[CSV_NUL] = { "csv_nul", "NUL文字（U+0000）があります。文字コードを確認してください。",
		"There is a NUL byte; the file may be in another encoding." },
	[CSV_STOPPED] = { "csv_stopped", "読み取りを中止しました。", "Reading was stopped." },
};

struct csv_reader *
csv_reader_new(char separator, csv_record_fn *fn, void *arg)
{
	struct csv_reader *r;

	if (separator != ',' && separator != '\t' && separator != ';')
		bug("csv: separator %d", separator);
	r = xcalloc(1, sizeof(*r));
	r->fn = fn;
	r->arg = arg;
	r->line = 1;
	r->cap = 4096;
	r->data = xmalloc(r->cap);
	r->stop_plain[(unsigned char)separator] = true;
	r->stop_plain['\r'] = r->stop_quoted['\r'] = true;
	r->stop_plain['\n'] = r->stop_quoted['\n'] = true;
	r->stop_plain['"'] = r->stop_quoted['"'] = true;
	r->stop_plain['\0'] = r->stop_quoted['\0'] = true;
	return r;
}

void
csv_reader_free(struct csv_reader *r)
{
	if (r == NULL)
		return;
	free(r->data);
	free(r);
}

static enum csv_fault
fail(struct csv_reader *r, enum csv_fault fault, long line)
{
	r->fault_line = line;
	return fault;
}

/* Room for n more bytes of the record; false past its ceiling. */
static bool
grow(struct csv_reader *r, size_t n)
{
	size_t cap = r->cap;

	if (n > CSV_RECORD_MAX - r->len)
		return false;
	while (cap < r->len + n)
		cap *= 2;
	r->data = xrealloc(r->data, cap);
	r->cap = cap;
	return true;
}

static enum csv_fault
add(struct csv_reader *r, const char *p, size_t n)
{
	if (n > r->cap - r->len && !grow(r, n))
		return fail(r, CSV_RECORD_TOO_LONG, r->record_line);
	memcpy(r->data + r->len, p, n);
	r->len += n;
	return CSV_OK;
}

static enum csv_fault
end_field(struct csv_reader *r, bool quoted)
{
	size_t n = r->len - r->begin;
	enum csv_fault f;

	if (r->n == CSV_FIELDS_MAX)
		return fail(r, CSV_TOO_MANY_FIELDS, r->record_line);
	f = add(r, "", 1);
	if (f != CSV_OK)
		return f;
	r->span[r->n++] = (struct span){ .at = r->begin, .n = n, .quoted = quoted };
	r->begin = r->len;
	return CSV_OK;
}

/* Hands the record over and makes ready for the next. */
static enum csv_fault
end_record(struct csv_reader *r)
{
	struct csv_record record = { .v = r->field, .n = r->n, .line = r->record_line };
	size_t i;

	for (i = 0; i < r->n; i++)
		r->field[i] = (struct csv_field){
			.p = r->data + r->span[i].at,
			.n = r->span[i].n,
			.quoted = r->span[i].quoted,
		};
	r->len = r->begin = r->n = 0;
	r->state = ST_RECORD;
	if (!r->fn(r->arg, &record))
		return fail(r, CSV_STOPPED, record.line);
	return CSV_OK;
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* A CR or LF has been passed; CRLF is one line end, also across two feeds. */
static void
count_line(struct csv_reader *r, char c)
{
	if (c == '\r' || !r->after_cr)
		r->line++;
	r->after_cr = c == '\r';
}

/* A separator or line end behind a field. */
static enum csv_fault
take_end(struct csv_reader *r, char c, bool quoted)
{
	enum csv_fault f = end_field(r, quoted);

	if (f != CSV_OK)
		return f;
	if (!is_line_end(c)) {
		r->state = ST_FIELD;
		return CSV_OK;
	}
	/* counted first: whoever stops the reader has seen the whole line */
	count_line(r, c);
	return end_record(r);
}

/* A byte that ends a run of plain ones, outside quotes. */
static enum csv_fault
take_plain(struct csv_reader *r, char c)
{
	if (c == '\0')
		return fail(r, CSV_NUL, r->line);
	if (c != '"')
		return take_end(r, c, false);
	if (r->state == ST_PLAIN)
		return fail(r, CSV_BARE_QUOTE, r->line);
	r->state = ST_QUOTED;
	r->quote_line = r->line;
	return CSV_OK;
}

/* A byte that ends a run of plain ones, inside quotes. */
static enum csv_fault
take_quoted(struct csv_reader *r, char c)
{
	if (c == '\0')
		return fail(r, CSV_NUL, r->line);
	if (c == '"') {
		r->state = ST_QUOTE_SEEN;
		return CSV_OK;
	}
	count_line(r, c);
	return add(r, &c, 1);
}

static enum csv_fault
take_behind_quote(struct csv_reader *r, char c)
{
	if (c == '"') {
		r->state = ST_QUOTED;
		return add(r, &c, 1);
	}
	if (c == '\0')
		return fail(r, CSV_NUL, r->line);
	if (!r->stop_plain[(unsigned char)c])
		return fail(r, CSV_AFTER_QUOTE, r->line);
	return take_end(r, c, true);
}

static enum csv_fault
take(struct csv_reader *r, char c)
{
	switch (r->state) {
	case ST_QUOTED:
		return take_quoted(r, c);
	case ST_QUOTE_SEEN:
		return take_behind_quote(r, c);
	default:
		return take_plain(r, c);
	}
}

/* Where the bytes end that this state takes as they are. */
static const char *
run_end(const struct csv_reader *r, const char *p, const char *end)
{
	const bool *stop = r->state == ST_QUOTED ? r->stop_quoted : r->stop_plain;

	if (r->state == ST_QUOTE_SEEN)
		return p;
	while (p < end && !stop[(unsigned char)*p])
		p++;
	return p;
}

static enum csv_fault
take_run(struct csv_reader *r, const char *p, size_t n)
{
	if (r->state != ST_QUOTED)
		r->state = ST_PLAIN;
	r->after_cr = false;
	return add(r, p, n);
}

static enum csv_fault
parse(struct csv_reader *r, const char *p, size_t n)
{
	const char *end = p + n;
	enum csv_fault f = CSV_OK;

	while (p < end && f == CSV_OK) {
		const char *run;

		if (r->state == ST_RECORD) {
			if (is_line_end(*p)) {
				/* a blank line, or the LF of a CRLF */
				count_line(r, *p++);
				continue;
			}
			r->record_line = r->line;
		}
		run = p;
		p = run_end(r, p, end);
		if (p > run)
			f = take_run(r, run, (size_t)(p - run));
		if (p == end || f != CSV_OK)
			break;
		if (!is_line_end(*p))
			r->after_cr = false;
		f = take(r, *p++);
	}
	return f;
}

/* Passes over a BOM at the very start, which may come in pieces. */
static enum csv_fault
skip_bom(struct csv_reader *r, const char **p, size_t *n)
{
	unsigned seen = r->bom;

	while (*n > 0 && seen < strlen(BOM) && **p == BOM[seen]) {
		seen++;
		*p += 1;
		*n -= 1;
	}
	r->bom = seen;
	if (seen == strlen(BOM) || *n == 0)
		return CSV_OK;
	/* it was none: what looked like one is text */
	r->bom = strlen(BOM);
	return parse(r, BOM, seen);
}

enum csv_fault
csv_feed(struct csv_reader *r, const char *p, size_t n)
{
	if (r->finished)
		bug("csv_feed after csv_finish");
	if (r->fault == CSV_OK && r->bom < strlen(BOM))
		r->fault = skip_bom(r, &p, &n);
	if (r->fault == CSV_OK && n > 0)
		r->fault = parse(r, p, n);
	return r->fault;
}

static enum csv_fault
finish(struct csv_reader *r)
{
	enum csv_fault f = CSV_OK;

	if (r->bom < strlen(BOM))
		f = parse(r, BOM, r->bom);
	if (f == CSV_OK && r->state == ST_QUOTED)
		f = fail(r, CSV_UNCLOSED, r->quote_line);
	if (f == CSV_OK && r->state != ST_RECORD) {
		f = end_field(r, r->state == ST_QUOTE_SEEN);
		if (f == CSV_OK)
			f = end_record(r);
	}
	return f;
}

enum csv_fault
csv_finish(struct csv_reader *r)
{
	if (r->fault == CSV_OK && !r->finished)
		r->fault = finish(r);
	r->finished = true;
	return r->fault;
}

long
csv_fault_line(const struct csv_reader *r)
{
	return r->fault_line;
}

static const struct csv_word *
word(enum csv_fault f)
{
	if ((int)f < 0 || f >= CSV__MAX || words[f].code == NULL)
		bug("csv fault %d is not in the table", (int)f);
	return &words[f];
}

const char *
csv_fault_code(enum csv_fault f)
{
	return word(f)->code;
}

const char *
csv_fault_ja(enum csv_fault f)
{
	return word(f)->ja;
}

const char *
csv_fault_en(enum csv_fault f)
{
	return word(f)->en;
}

/* Would a spreadsheet read this as a formula? */
static bool
is_formula(const char *s, size_t n)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	size_t i;

	if (n == 0)
		return false;
	if (memchr("=+-@\t\r", *s, 6) != NULL)
		return true;
	for (i = 0; i < ARRAY_SIZE(wide); i++)
		if (n >= 3 && memcmp(s, wide[i], 3) == 0)
			return true;
	return false;
}

/*
 * A formula behind any number of apostrophes.  Text that already looks guarded is guarded once
 * more, so that taking one apostrophe off always gives back what was there.
 */
static bool
is_formula_quoted(const char *s, size_t n)
{
	while (n > 0 && *s == '\'') {
		s++;
		n--;
	}
	return is_formula(s, n);
}

/* Whatever the separator is, the field stays one.  A BOM at the start of a file would be lost. */
static bool
must_quote(const char *s, size_t n)
{
	static const bool special[256] = {
		[','] = true, [';'] = true, ['\t'] = true, ['"'] = true, ['\r'] = true,
		['\n'] = true,
	};
	size_t i;

	for (i = 0; i < n; i++)
		if (special[(unsigned char)s[i]])
			return true;
	return n >= strlen(BOM) && memcmp(s, BOM, strlen(BOM)) == 0;
}

void
csv_put(struct buf *b, const char *s, size_t n, bool excel)
{
	/* a text that looks guarded is guarded in every variant: reading takes one off */
	bool apostrophe = n > 0 && *s == '\'';
	const char *guard = (excel || apostrophe) && is_formula_quoted(s, n) ? "'" : "";
	const char *q;

	if (!must_quote(s, n)) {
		buf_adds(b, guard);
		buf_add(b, s, n);
		return;
	}
	buf_addc(b, '"');
	buf_adds(b, guard);
	while ((q = memchr(s, '"', n)) != NULL) {
		size_t len = (size_t)(q + 1 - s);

		buf_add(b, s, len);
		buf_addc(b, '"');
		s += len;
		n -= len;
	}
	buf_add(b, s, n);
	buf_addc(b, '"');
}

const char *
csv_strip_guard(const char *s, size_t n, size_t *ret_n)
{
	bool guarded = n > 0 && *s == '\'' && is_formula_quoted(s + 1, n - 1);

	*ret_n = guarded ? n - 1 : n;
	return guarded ? s + 1 : s;
}
