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

/* Writes what is in the buffer to a file and empties it. */
enum err table_flush(struct buf *, int fd) MUST;

/*
 * Rows of any number into a file, one by one, inside an open transaction: NDJSON, or CSV with a
 * header (none, if there are no rows).  The column confidentiality counts *ret_high, the rows
 * from 機密性3 on, whose reading is an event.
 */
enum err table_run(struct tx *, const char *sql, const struct tx_args *, bool csv, int fd,
		   int64_t *ret_rows, int64_t *ret_high) MUST;

#endif
