/*
 * A thread for what time alone demands: each chore whenever its period has passed, once a second at
 * most.  The clock is the register's, so a test that moves it moves the chores, too.
 */
#ifndef DB_KEEPER_H
#define DB_KEEPER_H

#include <stdatomic.h>

#include <db/tx.h>

#define CHORES_MAX 16 /* with the end */

struct chore {
	const char *name; /* in the log, and as the operation of its transactions */
	long period_s;	  /* 0: each second */
	/* A turn of it; *more: at once again.  ERR_STATE: another daemon does it, or it is not due.
	 * Gives up when `stopping` becomes true. */
	enum err (*run)(struct tx *, const struct chore *, const atomic_bool *stopping, bool *more);
	int64_t arg;
};

/* `chores` ends with a name that is NULL, and outlives the keeper; `before`, may be NULL, is called
 * at the beginning of each round. */
struct keeper;
struct keeper *keeper_start(struct db_pool *, const struct chore *chores, void (*before)(void));

/* Lets the statement under way end, and frees; NULL is fine. */
void keeper_stop(struct keeper *);

#endif
