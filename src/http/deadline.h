/*
 * Deadlines of connections.  The library's own timeouts count inactivity only, so a client that
 * sends or takes a byte now and then could hold a thread for ever.  A watchdog thread cuts every
 * connection whose deadline has passed; the connection's own thread moves the deadline on.
 */
#ifndef HTTP_DEADLINE_H
#define HTTP_DEADLINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <base/util.h>

struct watch;

struct conn {
	uint32_t magic;
	struct conn *prev, *next; /* owned by the watch */
	int fd;
	char client[64]; /* address of the peer, or "unix" */
	_Atomic int64_t deadline_us; /* monotonic; 0 = none */
	atomic_bool cut; /* by the watchdog, or refused at the start: answer nothing more */
};

#define CONN_MAGIC UINT32_C(0xc0227ec7)

#define PACE_BYTES 65536 /* what a fair client moves in a second */

/* Starts the thread. `timeouts` is counted up for each connection that is cut. */
struct watch *watch_start(atomic_ulong *timeouts);
void watch_stop(struct watch *); /* NULL is fine */

/* From here on the descriptor may be shut down at any time, until watch_remove(). */
void watch_add(struct watch *, struct conn *);
void watch_remove(struct watch *, struct conn *);

/* No deadline: a handler is at work. */
void conn_rest(struct conn *);
/* now + grace_us + one second per PACE_BYTES of `bytes`, counted from `from_us`. */
void conn_expect(struct conn *, int64_t from_us, int64_t grace_us, uint64_t bytes);

/* Takes and forgets what the peer still sends, so that closing does not destroy the answer. */
void conn_linger(struct conn *, int64_t limit_us);

#endif
