/* Rows as the database returns them (columns in descriptor order), written out. */
#ifndef LEDGER_ROW_H
#define LEDGER_ROW_H

#include <libpq-fe.h>
#include <base/buf.h>
#include <ledger/field.h>

/* Which columns are written; all of them when `all`. */
struct field_mask {
	bool all;
	bool on[FIELDS_MAX];
};

/* What all rows of a ledger have in common, written out beforehand; see store_form(). */
struct row_form;
struct row_form *row_form_new(const struct ledger *);
void row_form_free(struct row_form *);

/*
 * {"asset_no":"A00000001",…}.  Columns of a sheet that is not filled in are left out; all other
 * empty columns are null.
 */
void row_put_json(const struct row_form *, const struct field_mask *, const PGresult *, int row,
		  struct buf *);

/* Index of the key and version columns in a result. */
const char *row_key(const struct ledger *, const PGresult *, int row);
const char *row_version(const struct ledger *, const PGresult *, int row);

#endif
