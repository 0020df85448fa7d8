/* What the daemon does by the clock: the list of chores. */
#ifndef API_CHORES_H
#define API_CHORES_H

#include <base/config.h>
#include <db/keeper.h>


void chores_list(const struct config *, struct chore ret[CHORES_MAX]);

#endif
