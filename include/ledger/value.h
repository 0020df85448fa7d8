/*
 * One value of one column: read from JSON (strict) or from a table cell (as people write it) into
 * the form that PostgreSQL takes ("canonical text"; arrays as array literal), and written back.
 */
#ifndef LEDGER_VALUE_H
#define LEDGER_VALUE_H

#include <jansson.h>
#include <base/buf.h>
#include <base/fault.h>
#include <base/json.h>
#include <ledger/field.h>

/*
 * false: a fault was added (`line` 0: JSON member; else the line of the table), *ret untouched.
 * An empty text, an empty cell and JSON null are NULL.
 */
bool value_from_json(const struct field *, struct arena *, const json_t *, struct faults *,
		     const char **ret) MUST;
bool value_from_cell(const struct field *, struct arena *, const char *, size_t n, long line,
		     struct faults *, const char **ret) MUST;

/* A filter's value: like a cell, but one element for an array column. */
bool value_from_query(const struct field *, struct arena *, const char *, const char *arg,
		      struct faults *, const char **ret) MUST;

/* Canonical text (as PostgreSQL prints it, NULL for null) as JSON. */
void value_put_json(const struct field *, const char *text, struct buf *);

/* The same of n bytes, not NULL, into memory that has VALUE_JSON_SIZE(n); returns its end. */
#define VALUE_JSON_SIZE(n) ((n) * JSON_WORST + 8)
char *value_write_json(const struct field *, const char *text, size_t n, char *to);

/* An array literal made of n texts; and the walk over one: false at the end. */
char *array_literal(struct arena *, const char *const *v, size_t n);
bool array_next(const char **p, struct buf *element);

/* Adds a fault about one column. */
void value_fault(struct faults *, const struct field *, long line, const char *code,
		 const char *value, const char *ja, const char *en);

#endif
