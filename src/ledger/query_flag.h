/* The one condition of a list that holds unless it is asked otherwise. */
#ifndef LEDGER_QUERY_FLAG_H
#define LEDGER_QUERY_FLAG_H

#include <ledger/query.h>

/* Is this argument the flag?  One that lifts it is noted. */
bool query_flag_note(struct list_query *, const char *argument);

/* true, false or all. */
enum err query_flag_add(struct list_query *, const char *value, struct faults *) MUST;

#endif
