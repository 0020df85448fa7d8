/* One value as the cell of a CSV table. */
#ifndef EXCHANGE_CELL_H
#define EXCHANGE_CELL_H

#include <ledger/value.h>

/*
 * Writes canonical text (NULL: nothing).  `labels`: Japanese labels instead of codes; `excel`:
 * formula guard (see csv_put).  `scratch` is any buffer, overwritten.
 */
void cell_put(const struct field *, const char *text, bool labels, bool excel,
	      struct buf *scratch, struct buf *out);

#endif
