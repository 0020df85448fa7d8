#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <base/clock.h>
#include <base/log.h>
#include <feed/gate.h>

#define LOOK_NS 250000000

struct feed_gate {
	pthread_mutex_t lock;
	pthread_cond_t work;	/* somebody waits now, or the end has come */
	pthread_cond_t changed; /* there are more events, or the end has come */
	bool closed, running;
	pthread_t thread;
	struct db_pool *pool;
	int waiting, most;
	struct feed_place looked, head;
};

/* Rows behind the newest that was seen, and whether one of them is an event. */
static enum err
look(struct feed_gate *g, struct feed_place *looked, struct feed_place *head)
{
	struct arena *arena = arena_new();
	struct tx_args args = { .n = 2 };
	struct tx tx;
	PGresult *res;
	enum err e;

	tx_init(&tx, g->pool, LANE_SHORT, arena);
	tx.ctx.operation = "events";
	args.v[0] = arena_printf(arena, "%llu", (unsigned long long)looked->xid);
	args.v[1] = arena_printf(arena, "%llu", (unsigned long long)looked->id);
	e = tx_once(&tx, "SELECT xid, id, event_xid, event_id FROM event_head($1::xid8, $2)", &args,
		    &res);
	if (e == OK && tx_text(res, 0, 0) != NULL) {
		looked->xid = (uint64_t)tx_int(res, 0, 0);
		looked->id = (uint64_t)tx_int(res, 0, 1);
	}
	if (e == OK && tx_text(res, 0, 2) != NULL) {
		head->xid = (uint64_t)tx_int(res, 0, 2);
		head->id = (uint64_t)tx_int(res, 0, 3);
	}
	arena_free(arena);
	return e;
}

static void
nap(struct feed_gate *g)
{
	struct timespec t;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += LOOK_NS;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	while (!g->closed && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&g->work, &g->lock, &t);
}

/* A database that is away is asked again; who waits is told by the own question. */
static void *
run(void *arg)
{
	struct feed_gate *g = arg;

	pthread_mutex_lock(&g->lock);
	while (!g->closed) {
		struct feed_place looked = g->looked, head = g->head;
		enum err e;

		if (g->waiting == 0) {
			pthread_cond_wait(&g->work, &g->lock);
			continue;
		}
		pthread_mutex_unlock(&g->lock);
		e = look(g, &looked, &head);
		pthread_mutex_lock(&g->lock);
		if (e == OK) {
			g->looked = looked;
			g->head = head;
			pthread_cond_broadcast(&g->changed);
		}
		nap(g);
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

struct feed_gate *
feed_gate_start(struct db_pool *pool, int most)
{
	struct feed_gate *g = xcalloc(1, sizeof(*g));
	pthread_condattr_t attr;

	g->pool = pool;
	g->most = most;
	pthread_mutex_init(&g->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&g->work, &attr);
	pthread_cond_init(&g->changed, &attr);
	pthread_condattr_destroy(&attr);
	g->running = pthread_create(&g->thread, NULL, run, g) == 0;
	if (!g->running) {
		log_event(LOG_ERROR, "events", NULL, "no thread: nobody can wait for events");
		g->closed = true;
	}
	return g;
}

void
feed_gate_close(struct feed_gate *g)
{
	bool running;

	if (g == NULL)
		return;
	pthread_mutex_lock(&g->lock);
	g->closed = true;
	running = g->running;
	g->running = false;
	pthread_cond_broadcast(&g->work);
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
	if (running)
		pthread_join(g->thread, NULL);
}

void
feed_gate_free(struct feed_gate *g)
{
	if (g == NULL)
		return;
	feed_gate_close(g);
	pthread_cond_destroy(&g->work);
	pthread_cond_destroy(&g->changed);
	pthread_mutex_destroy(&g->lock);
	free(g);
}

enum err
feed_gate_wait(struct feed_gate *g, const struct feed_place *p, int64_t until_us)
{
	struct timespec t = { .tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000 };
	int rc = 0;

	pthread_mutex_lock(&g->lock);
	if (g->waiting >= g->most) {
		pthread_mutex_unlock(&g->lock);
		return ERR_OVERLOADED;
	}
	g->waiting++;
	pthread_cond_signal(&g->work);
	while (!g->closed && rc == 0 && !feed_before(p, &g->head))
		rc = pthread_cond_timedwait(&g->changed, &g->lock, &t);
	g->waiting--;
	pthread_mutex_unlock(&g->lock);
	return OK;
}

bool
feed_gate_closed(struct feed_gate *g)
{
	bool closed;

	pthread_mutex_lock(&g->lock);
	closed = g->closed;
	pthread_mutex_unlock(&g->lock);
	return closed;
}

int
feed_gate_waiting(struct feed_gate *g)
{
	int n;

	pthread_mutex_lock(&g->lock);
	n = g->waiting;
	pthread_mutex_unlock(&g->lock);
	return n;
}
