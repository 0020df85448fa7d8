/* The thread that keeps the findings: see ledger/findings.h. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <base/clock.h>
#include <base/log.h>
#include <ledger/findings.h>

#define ROUND_S 1
#define LOOK_US 60000000     /* how often the database is asked whether a pass is due */
#define PATIENCE_US 20000000 /* for the statement under way, at the end of the daemon */

struct findings_keeper {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* stopping, or ended */
	atomic_bool stopping;
	bool ended;
	struct db_pool *pool;
	int64_t period_s;
	int64_t looked; /* by the clock of the register */
	void (*before)(void);
};

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* An import of 10⁶ rows waits in 2000 lots. */
static enum err
drain(struct findings_keeper *k)
{
	bool more = true;
	enum err e = OK;

	while (e == OK && more && !atomic_load(&k->stopping)) {
		struct arena *arena = arena_new();
		struct tx tx;

		tx_init(&tx, k->pool, LANE_LONG, arena);
		tx.ctx.operation = "findings";
		e = findings_drain(&tx, &more);
		arena_free(arena);
	}
	return e;
}

static enum err
look(struct findings_keeper *k)
{
	int64_t now = clock_wall_us(), least = k->period_s * 1000000;
	struct findings_report report;
	struct arena *arena;
	struct tx tx;
	enum err e;

	if (k->period_s == 0 || distance(now, k->looked) < (least < LOOK_US ? least : LOOK_US))
		return OK;
	k->looked = now;
	arena = arena_new();
	tx_init(&tx, k->pool, LANE_LONG, arena);
	tx.ctx.operation = "findings";
	e = findings_pass(&tx, k->period_s, &k->stopping, &report);
	arena_free(arena);
	return e == ERR_STATE ? OK : e; /* not due, or done by another daemon */
}

/* Says once what goes wrong, not every second. */
static void
note(enum err e, enum err *last)
{
	if (e != OK && e != *last)
		log_event(LOG_WARN, "findings", NULL, "not judged: %s", err_info(e)->en);
	*last = e;
}

static bool
rest(struct findings_keeper *k)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ROUND_S;
	pthread_mutex_lock(&k->lock);
	while (!atomic_load(&k->stopping) && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&k->changed, &k->lock, &until);
	pthread_mutex_unlock(&k->lock);
	return !atomic_load(&k->stopping);
}

static void *
run(void *arg)
{
	struct findings_keeper *k = arg;
	enum err last = OK, e;

	do {
		if (k->before != NULL)
			k->before();
		e = drain(k);
		if (e == OK)
			e = look(k);
		if (!atomic_load(&k->stopping))
			note(e, &last);
	} while (rest(k));
	pthread_mutex_lock(&k->lock);
	k->ended = true;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

struct findings_keeper *
findings_keeper_start(struct db_pool *pool, long period_s, void (*before)(void))
{
	struct findings_keeper *k = xcalloc(1, sizeof(*k));
	pthread_condattr_t cond;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&cond);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	pthread_cond_init(&k->changed, &cond);
	pthread_condattr_destroy(&cond);
	k->pool = pool;
	k->period_s = period_s;
	k->before = before;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run, k) != 0) {
		log_event(LOG_ERROR, "findings", NULL, "no thread: findings are not kept");
		k->ended = true;
	}
	pthread_attr_destroy(&attr);
	return k;
}

void
findings_keeper_stop(struct findings_keeper *k)
{
	int64_t until = clock_mono_us() + PATIENCE_US;
	struct timespec t = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
	bool ended;
	int rc = 0;

	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	atomic_store(&k->stopping, true);
	pthread_cond_broadcast(&k->changed);
	while (!k->ended && rc == 0)
		rc = pthread_cond_timedwait(&k->changed, &k->lock, &t);
	ended = k->ended;
	pthread_mutex_unlock(&k->lock);
	if (!ended)
		return; /* the process ends, and PostgreSQL rolls back */
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	free(k);
}
