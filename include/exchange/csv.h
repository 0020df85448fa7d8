/*
 * Reading CSV (RFC 4180, as spreadsheets write it) from a stream, with line numbers.
 *
 * Push parser: bytes in, one callback per record out; memory is one record.  Strict: a quote
 * inside an unquoted field, text after a closing quote and an unfinished quote are errors that
 * name the line.  Line ends LF, CRLF and CR; a record may span lines; blank lines are counted
 * and skipped.  A UTF-8 BOM at the start is skipped.  Fields are bytes: no charset here, but NUL
 * is an error.
 */
#ifndef EXCHANGE_CSV_H
#define EXCHANGE_CSV_H

#include <base/util.h>

struct csv_field {
	const char *p; /* NUL-terminated, not counted in n; may be written to by nobody */
	size_t n;
	bool quoted;
};

struct csv_record {
	const struct csv_field *v;
	size_t n;
	long line; /* where the record begins, first line = 1 */
};

enum csv_fault {
	CSV_OK = 0,
	CSV_BARE_QUOTE,	      /* a quote inside an unquoted field */
	CSV_AFTER_QUOTE,      /* text between a closing quote and the separator */
	CSV_UNCLOSED,	      /* the file ends inside a quoted field */
	CSV_RECORD_TOO_LONG,  /* past CSV_RECORD_MAX: fields without quotes, 1 more for each */
	CSV_TOO_MANY_FIELDS,
	CSV_NUL,
	CSV_STOPPED,	      /* the callback asked to stop */
	CSV__MAX
};

#define CSV_FIELDS_MAX 1000
#define CSV_RECORD_MAX (1024 * 1024)

/* Returns false to stop the reader (CSV_STOPPED).  The record is valid during the call only. */
typedef bool csv_record_fn(void *arg, const struct csv_record *);

struct csv_reader;

/* separator: ',' '\t' ';' */
struct csv_reader *csv_reader_new(char separator, csv_record_fn *, void *arg);
void csv_reader_free(struct csv_reader *);

/*
 * Feeds bytes / tells the end.  After a fault every further call returns the same fault.  How the
 * bytes are cut into calls changes nothing.  Feeding after csv_finish() is a bug.
 */
enum csv_fault csv_feed(struct csv_reader *, const char *p, size_t n) MUST;
enum csv_fault csv_finish(struct csv_reader *) MUST;

/*
 * Line at which the fault lies (for CSV_UNCLOSED: where the quote was opened; for a record that
 * is too long, has too many fields or stopped the reader: where the record begins).
 */
long csv_fault_line(const struct csv_reader *);
const char *csv_fault_code(enum csv_fault);
const char *csv_fault_ja(enum csv_fault);
const char *csv_fault_en(enum csv_fault);

/*
 * Writing: one field, quoted when it must be, whichever separator is used.  (A record of a single
 * empty field is a blank line, which readers skip: write "" there.)  `excel`: a field that a
 * spreadsheet would read as a formula (= + - @ TAB CR and their full-width forms) gets a leading
 * apostrophe, which csv_strip_guard() takes off again (exactly one, only before such a character),
 * so that what was exported comes back as it was.  For that, text which begins with apostrophes
 * and then such a character counts as such a character itself, with and without `excel`: '=1 is
 * written ''=1.
 */
struct buf;
void csv_put(struct buf *, const char *s, size_t n, bool excel);
const char *csv_strip_guard(const char *s, size_t n, size_t *ret_n);

#endif
