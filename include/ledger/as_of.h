/*
 * The ledgers as of a day: the rows as they stood when that day of the register ended.
 */
#ifndef LEDGER_AS_OF_H
#define LEDGER_AS_OF_H

#include <base/arena.h>
#include <base/fault.h>

#define AS_OF_FIRST "2000-01-01" /* whoever asks for earlier has mistyped */

/*
 * Value of as_of=: a day as ISO 8601 writes it, up to today.  A fault about "?as_of" otherwise.
 */
bool as_of_read(const char *value, struct arena *, struct faults *, const char **ret) MUST;

#endif
