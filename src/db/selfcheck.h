/* Whether the database still protects what it is there to protect. */
#ifndef DB_SELFCHECK_H
#define DB_SELFCHECK_H

#include <db/tx.h>

/* ERR_STATE: something is missing; *ret_why names all of it. */
enum err db_self_check(struct tx *, const char **ret_why) MUST;

#endif
