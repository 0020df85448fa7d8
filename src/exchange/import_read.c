#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "import.h"

#define READ_SIZE (256 * 1024)
#define COPY_AT (128 * 1024)
#define SCRATCH_ROWS 64

/* COPY text format: backslash, TAB and line ends are escaped, \N is NULL. */
static void
put_copy(struct buf *b, const char *s)
{
	size_t n;

	if (s == NULL) {
		buf_add(b, "\\N", 2);
		return;
	}
	for (;;) {
		n = strcspn(s, "\\\t\n\r");
		buf_add(b, s, n);
		s += n;
		if (*s == '\0')
			return;
		buf_addc(b, '\\');
		buf_addc(b, *s == '\t' ? 't' : *s == '\n' ? 'n' : *s == '\r' ? 'r' : '\\');
		s++;
	}
}

static void
put_row(struct import *m, long line, bool bad, const char *const *value)
{
	const struct ledger *l = m->ledger;
	size_t i;

	buf_addf(&m->copy, "%s\t%ld\t%c", m->report->import_no, line, bad ? 't' : 'f');
	for (i = 0; i < l->count; i++) {
		if (!m->waiting[i])
			continue;
		buf_addc(&m->copy, '\t');
		put_copy(&m->copy, value[i]);
	}
	buf_addc(&m->copy, '\n');
}

static bool
flush(struct import *m)
{
	if (m->copy.failed)
		m->failed = ERR_INTERNAL;
	else
		m->failed = tx_copy_data(m->tx, buf_text(&m->copy), m->copy.len);
	buf_clear(&m->copy);
	if (m->failed == OK && m->o->progress != NULL &&
	    !m->o->progress(m->o->progress_arg, m->report->lines))
		m->failed = ERR_OVERLOADED;
	return m->failed == OK;
}

/* Values of one record; false if a cell could not be read. */
static bool
read_cells(struct import *m, const struct csv_record *r, const char **value)
{
	bool good = true;
	size_t i, n;

	for (i = 0; i < r->n; i++) {
		const struct field *f = m->column[i];
		const char *cell;

		if (f == NULL)
			continue;
		cell = csv_strip_guard(r->v[i].p, r->v[i].n, &n);
		if (!value_from_cell(f, m->scratch, cell, n, r->line, &m->report->faults,
				     &value[field_index(m->ledger, f)]))
			good = false;
	}
	return good;
}

static void
add_defaults(struct import *m, const char **value)
{
	const struct ledger *l = m->ledger;
	size_t i, owner = field_index(l, ledger_field(l, l->scope));

	for (i = 0; i < l->count; i++) {
		if (m->constant[i] != NULL)
			value[i] = m->constant[i];
		else if (value[i] == NULL && l->fields[i].fallback != NULL)
			value[i] = l->fields[i].fallback;
	}
	if (value[owner] == NULL && (l->fields[owner].flags & FF_OWNER))
		value[owner] = m->o->home;
}

static bool
take_row(struct import *m, const struct csv_record *r)
{
	const char *value[FIELDS_MAX] = { NULL };
	bool good;

	m->report->lines++;
	if (m->scratch_rows++ == SCRATCH_ROWS) {
		arena_free(m->scratch);
		m->scratch = arena_new();
		m->scratch_rows = 0;
	}
	good = read_cells(m, r, value);
	if (!good && m->o->on_error == ON_ERROR_SKIP) {
		m->report->rejected++;
		return true;
	}
	add_defaults(m, value);
	put_row(m, r->line, !good, value);
	return m->copy.len < COPY_AT || flush(m);
}

static const char *
copy_sql(struct import *m)
{
	struct buf *b = import_sql(m);
	size_t i;

	buf_addf(b, "COPY %s_staging (import_no, line, bad", m->ledger->table);
	for (i = 0; i < m->ledger->count; i++)
		if (m->waiting[i])
			buf_addf(b, ", %s", m->ledger->fields[i].name);
	buf_adds(b, ") FROM STDIN");
	return buf_text(b);
}

static bool
take_record(void *arg, const struct csv_record *r)
{
	struct import *m = arg;

	if (!m->have_header) {
		if (!import_header_read(m, r)) {
			m->failed = ERR_INVALID;
			return false;
		}
		m->failed = tx_copy_start(m->tx, copy_sql(m));
		return m->failed == OK;
	}
	if (r->n != m->column_count) {
		import_fault(m, r->line, NULL, NULL, "column_count", NULL,
			     arena_printf(m->arena, "列の数が見出し（%zu列）と違います（%zu列）。",
					  m->column_count, r->n),
			     arena_printf(m->arena, "%zu columns, but the header has %zu.", r->n,
					  m->column_count));
		m->failed = ERR_INVALID;
		return false;
	}
	return take_row(m, r);
}

static enum err
broken(struct import *m, const struct csv_reader *reader, enum csv_fault fault)
{
	if (fault == CSV_STOPPED)
		return m->failed;
	import_fault(m, csv_fault_line(reader), NULL, NULL, csv_fault_code(fault), NULL,
		     csv_fault_ja(fault), csv_fault_en(fault));
	return ERR_INVALID;
}

static enum err
feed(struct import *m, struct csv_reader *reader, int fd)
{
	char *block = xmalloc(READ_SIZE);
	enum csv_fault fault = CSV_OK;
	enum err e = OK;
	ssize_t n;

	while (e == OK && (n = read(fd, block, READ_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			e = ERR_INTERNAL;
		else if ((fault = csv_feed(reader, block, (size_t)n)) != CSV_OK)
			e = broken(m, reader, fault);
	}
	if (e == OK && (fault = csv_finish(reader)) != CSV_OK)
		e = broken(m, reader, fault);
	free(block);
	return e;
}

enum err
import_read(struct import *m, int fd)
{
	struct csv_reader *reader = csv_reader_new(m->o->separator, take_record, m);
	enum err e;

	m->scratch = arena_new();
	buf_init(&m->copy, 64 * 1024 * 1024);
	e = feed(m, reader, fd);
	if (e == OK && !m->have_header) {
		import_fault(m, 1, NULL, NULL, "empty", NULL, "見出しの行がありません。",
			     "There is no header line.");
		e = ERR_INVALID;
	}
	if (e == OK && m->copy.len > 0 && !flush(m))
		e = m->failed;
	if (e == OK)
		e = tx_copy_end(m->tx);
	csv_reader_free(reader);
	buf_release(&m->copy);
	arena_free(m->scratch);
	return e;
}
