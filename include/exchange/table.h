/* What a statement answers, written out as it is: for reports. */
#ifndef EXCHANGE_TABLE_H
#define EXCHANGE_TABLE_H

#include <db/tx.h>
#include <base/buf.h>

/* Rows as objects with `between` them; numbers, booleans and JSON are written as such. */
void table_put_rows(const PGresult *, const char *between, struct buf *);

/* One of them. */
void table_put_row(const PGresult *, int row, struct buf *);

/* CSV with a header. */
void table_put_csv(const PGresult *, struct buf *);

#endif
