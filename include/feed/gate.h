/*
 * Where readers of the feed wait for more.  Who waits holds no connection: one thread looks into
 * the database four times a second, and only while somebody waits.
 */
#ifndef FEED_GATE_H
#define FEED_GATE_H

#include <feed/page.h>

struct feed_gate;

struct feed_gate *feed_gate_start(struct db_pool *, int most);
void feed_gate_close(struct feed_gate *); /* nobody waits any more; NULL is fine */
void feed_gate_free(struct feed_gate *);  /* after all who wait have gone; NULL is fine */

/*
 * Until there is an event behind this place, or the monotonic time is over.  OK either way;
 * ERR_OVERLOADED: too many wait already.
 */
enum err feed_gate_wait(struct feed_gate *, const struct feed_place *, int64_t until_us) MUST;

bool feed_gate_closed(struct feed_gate *);
int feed_gate_waiting(struct feed_gate *);

#endif
