/* The thread of chores: see db/keeper.h. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <base/clock.h>
#include <base/log.h>
#include <db/keeper.h>

#define ROUND_S 1
#define PATIENCE_US 20000000 /* for the statement under way, at the end of the daemon */

struct keeper {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* stopping, or ended */
	atomic_bool stopping;
	bool ended;
	struct db_pool *pool;
	const struct chore *chores;
	struct {
		int64_t done; /* by the clock of the register */
		enum err last;
	} of[CHORES_MAX];
	void (*before)(void);
};

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static enum err
turn(struct keeper *k, const struct chore *c, bool *more)
{
	struct arena *arena = arena_new();
	struct tx tx;
	enum err e;

	tx_init(&tx, k->pool, LANE_LONG, arena);
	tx.ctx.operation = c->name;
	e = c->run(&tx, c, &k->stopping, more);
	arena_free(arena);
	return e;
}

/* Says once what goes wrong, not every second. */
static void
chore_run(struct keeper *k, size_t i)
{
	const struct chore *c = &k->chores[i];
	int64_t now = clock_wall_us();
	bool more = true;
	enum err e = OK;

	if (c->period_s > 0 && distance(now, k->of[i].done) < c->period_s * 1000000)
		return;
	k->of[i].done = now;
	while (e == OK && more && !atomic_load(&k->stopping)) {
		more = false;
		e = turn(k, c, &more);
	}
	if (e == ERR_STATE)
		e = OK;
	if (e != OK && e != k->of[i].last && !atomic_load(&k->stopping))
		log_event(LOG_WARN, c->name, NULL, "not done: %s", err_info(e)->en);
	k->of[i].last = e;
}

static bool
rest(struct keeper *k)
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
	struct keeper *k = arg;
	size_t i;

	do {
		if (k->before != NULL)
			k->before();
		for (i = 0; i < CHORES_MAX && k->chores[i].name != NULL; i++)
			chore_run(k, i);
	} while (rest(k));
	pthread_mutex_lock(&k->lock);
	k->ended = true;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

struct keeper *
keeper_start(struct db_pool *pool, const struct chore *chores, void (*before)(void))
{
	struct keeper *k = xcalloc(1, sizeof(*k));
	pthread_condattr_t cond;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&cond);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	pthread_cond_init(&k->changed, &cond);
	pthread_condattr_destroy(&cond);
	k->pool = pool;
	k->chores = chores;
	k->before = before;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run, k) != 0) {
		log_event(LOG_ERROR, "keeper", NULL, "no thread: terms and findings are not kept");
		k->ended = true;
	}
	pthread_attr_destroy(&attr);
	return k;
}

void
keeper_stop(struct keeper *k)
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
