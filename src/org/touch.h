/*
 * Last uses of tokens, written by a thread of their own: no request waits for them.  What does
 * not fit is left out; the next use tells again.
 */
#ifndef ORG_TOUCH_H
#define ORG_TOUCH_H

#include <db/pool.h>

struct touches;
struct touches *touches_new(void);

/* Ends the thread; to be called while the pool is still there. */
void touches_free(struct touches *);

/* Starts the thread with the first call. */
void touches_add(struct touches *, struct db_pool *, const char *token_id, const char *client);

#endif
