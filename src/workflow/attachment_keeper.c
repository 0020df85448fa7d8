/* The thread that clears away documents that nobody has seen and nobody is going to. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <base/clock.h>
#include <base/log.h>

#include "attachment_parts.h"

#define ROUND_S 2
#define PERIOD_US INT64_C(3600000000) /* by the clock of the register */
#define PATIENCE_S 20

struct attachment_keeper {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* stopping, or ended */
	bool stopping, ended;
	struct db_pool *pool;
	long days;
	int64_t looked;
	void (*before)(void);
};

static enum err
clean(struct attachment_keeper *k)
{
	int64_t now = clock_wall_us(), n = 0, since = now - k->looked;
	struct arena *arena;
	struct tx tx;
	enum err e;

	if (since >= 0 && since < PERIOD_US)
		return OK;
	arena = arena_new();
	tx_init(&tx, k->pool, LANE_LONG, arena);
	tx.ctx.operation = "attachments";
	e = attachments_clean(&tx, k->days, &n);
	if (e == OK && n > 0)
		log_event(LOG_INFO, "attachments", NULL, "%lld of withdrawn drafts removed",
			  (long long)n);
	if (e == OK)
		k->looked = now;
	arena_free(arena);
	return e;
}

static bool
rest(struct attachment_keeper *k)
{
	struct timespec until;
	bool stopping;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ROUND_S;
	pthread_mutex_lock(&k->lock);
	while (!k->stopping && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&k->changed, &k->lock, &until);
	stopping = k->stopping;
	pthread_mutex_unlock(&k->lock);
	return !stopping;
}

static void *
run(void *arg)
{
	struct attachment_keeper *k = arg;
	enum err last = OK, e;

	do {
		if (k->before != NULL)
			k->before();
		e = clean(k);
		/* once, not every round */
		if (e != OK && e != last)
			log_event(LOG_WARN, "attachments", NULL, "not cleaned up: %s",
				  err_info(e)->en);
		last = e;
	} while (rest(k));
	pthread_mutex_lock(&k->lock);
	k->ended = true;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

struct attachment_keeper *
attachment_keeper_start(struct db_pool *pool, long days, void (*before)(void))
{
	struct attachment_keeper *k;
	pthread_condattr_t cond;
	pthread_attr_t attr;
	pthread_t thread;

	if (days == 0)
		return NULL;
	k = xcalloc(1, sizeof(*k));
	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&cond);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	pthread_cond_init(&k->changed, &cond);
	pthread_condattr_destroy(&cond);
	k->pool = pool;
	k->days = days;
	k->before = before;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run, k) != 0) {
		log_event(LOG_ERROR, "attachments", NULL, "no thread: drafts are not cleaned up");
		k->ended = true;
	}
	pthread_attr_destroy(&attr);
	return k;
}

void
attachment_keeper_stop(struct attachment_keeper *k)
{
	struct timespec until;
	bool ended;
	int rc = 0;

	if (k == NULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&k->lock);
	k->stopping = true;
	pthread_cond_broadcast(&k->changed);
	while (!k->ended && rc == 0)
		rc = pthread_cond_timedwait(&k->changed, &k->lock, &until);
	ended = k->ended;
	pthread_mutex_unlock(&k->lock);
	if (!ended)
		return; /* the process ends, and PostgreSQL rolls back */
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	free(k);
}
