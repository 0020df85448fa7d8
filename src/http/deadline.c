#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <base/clock.h>
#include "deadline.h"

#define TICK_US 100000

struct watch {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	struct conn *first;
	atomic_ulong *timeouts;
};

/* Under the lock, so that the descriptor cannot be closed and given to another meanwhile. */
static void
cut_late(struct watch *w, int64_t now)
{
	struct conn *c;

	for (c = w->first; c != NULL; c = c->next) {
		int64_t deadline = atomic_load_explicit(&c->deadline_us, memory_order_relaxed);

		if (deadline == 0 || now < deadline)
			continue;
		atomic_store(&c->deadline_us, 0);
		if (!atomic_exchange(&c->cut, true))
			atomic_fetch_add(w->timeouts, 1);
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void *
watch_run(void *arg)
{
	struct watch *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		int64_t now = clock_mono_us(), next = now + TICK_US;
		struct timespec until = { .tv_sec = next / 1000000,
			.tv_nsec = next % 1000000 * 1000 };

		cut_late(w, now);
		pthread_cond_timedwait(&w->wake, &w->lock, &until);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct watch *
watch_start(atomic_ulong *timeouts)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	pthread_condattr_t attr;
	sigset_t all, old;

	w->timeouts = timeouts;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	/* signals are the main thread's business */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&w->thread, NULL, watch_run, w) != 0)
		bug("no thread for the watchdog");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return w;
}

void
watch_stop(struct watch *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void
watch_add(struct watch *w, struct conn *c)
{
	pthread_mutex_lock(&w->lock);
	c->prev = NULL;
	c->next = w->first;
	if (c->next != NULL)
		c->next->prev = c;
	w->first = c;
	pthread_mutex_unlock(&w->lock);
}

void
watch_remove(struct watch *w, struct conn *c)
{
	pthread_mutex_lock(&w->lock);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		w->first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	pthread_mutex_unlock(&w->lock);
}

void
conn_rest(struct conn *c)
{
	atomic_store_explicit(&c->deadline_us, 0, memory_order_relaxed);
}

void
conn_expect(struct conn *c, int64_t from_us, int64_t grace_us, uint64_t bytes)
{
	int64_t deadline = from_us + grace_us + (int64_t)(bytes / PACE_BYTES) * 1000000;

	atomic_store_explicit(&c->deadline_us, deadline, memory_order_relaxed);
}

void
conn_linger(struct conn *c, int64_t limit_us)
{
	int64_t end = clock_mono_us() + limit_us, left;
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	char sink[16384];
	ssize_t n;

	shutdown(c->fd, SHUT_WR);
	while (!atomic_load(&c->cut) && (left = end - clock_mono_us()) > 0) {
		if (poll(&p, 1, (int)(left / 1000) + 1) < 0 && errno != EINTR)
			return;
		n = recv(c->fd, sink, sizeof(sink), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
	}
}
