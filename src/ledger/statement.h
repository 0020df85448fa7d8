/* The texts of sql/statements/, with what a ledger fills in. */
#ifndef LEDGER_STATEMENT_H
#define LEDGER_STATEMENT_H

#include <ledger/field.h>

/* sql/statements/<name>.sql; a BUG if there is none. */
const char *statement_file(const char *name);

/* {name} in the text becomes a text of the ledger or a list of its columns.  To be freed. */
char *statement_expand(const struct ledger *, const char *text);

#endif
