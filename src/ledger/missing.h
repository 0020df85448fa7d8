/* Columns that a row needs and does not have. */
#ifndef LEDGER_MISSING_H
#define LEDGER_MISSING_H

#include <base/buf.h>
#include <ledger/field.h>

/*
 * SQL over a row of the ledger: an array of the names of columns that are needed and empty, and
 * the number of columns that are needed.  Needed is what is mandatory, and what has a `when` that
 * holds, on a sheet whose `when` holds; what the system sets is nobody's to fill in.
 */
void missing_put(const struct ledger *, struct buf *);

#endif
