#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <base/clock.h>
#include "conn.h"

/* After a failed connection the next callers are refused at once for this long. */
#define AWAY_US 300000

struct lane {
	struct db_conn *free; /* newest first: the warm ones are used, the others age */
	int size;
	int open;
	int busy;
	int waiting;
	pthread_cond_t freed;
};

struct db_pool {
	char *conninfo;
	int wait_ms;
	bool prepare;
	pthread_mutex_t lock;
	struct lane lanes[LANE__MAX];
	char timeout_ms[LANE__MAX][16];
	int64_t away_until;
	unsigned long taken, failed, timeouts;
	char last_error[512];
};

struct db_pool *
db_pool_new(const struct db_conf *conf)
{
	struct db_pool *p = xcalloc(1, sizeof(*p));
	pthread_condattr_t attr;
	int i;

	p->conninfo = xstrdup(conf->conninfo);
	p->wait_ms = conf->wait_ms;
	p->prepare = conf->prepare;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	for (i = 0; i < LANE__MAX; i++) {
		p->lanes[i].size = conf->size[i];
		snprintf(p->timeout_ms[i], sizeof(p->timeout_ms[i]), "%d", conf->timeout_ms[i]);
		pthread_cond_init(&p->lanes[i].freed, &attr);
	}
	pthread_condattr_destroy(&attr);
	return p;
}

void
db_pool_free(struct db_pool *p)
{
	struct db_conn *c;
	int i;

	if (p == NULL)
		return;
	for (i = 0; i < LANE__MAX; i++) {
		while ((c = p->lanes[i].free) != NULL) {
			p->lanes[i].free = c->next;
			conn_close(c);
		}
		pthread_cond_destroy(&p->lanes[i].freed);
	}
	pthread_mutex_destroy(&p->lock);
	free(p->conninfo);
	free(p);
}

/* A server that went away leaves an end of file to read on an idle connection. */
static bool
still_there(const struct db_conn *c)
{
	struct pollfd fd = { .fd = PQsocket(c->pg), .events = POLLIN };

	return fd.fd >= 0 && poll(&fd, 1, 0) == 0;
}

/* Waits, with the lock held, until a slot of the lane is free; false when the time is up. */
static bool
wait_for_slot(struct db_pool *p, struct lane *l)
{
	int64_t until = clock_mono_us() + (int64_t)p->wait_ms * 1000;
	struct timespec t = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
	int rc = 0;

	l->waiting++;
	while (l->busy == l->size && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&l->freed, &p->lock, &t);
	l->waiting--;
	return l->busy < l->size;
}

static struct db_conn *
pop(struct lane *l)
{
	struct db_conn *c = l->free;

	if (c != NULL)
		l->free = c->next;
	return c;
}

static void
note_failure(struct db_pool *p, const char *why)
{
	size_t n = strcspn(why, "\n");

	p->failed++;
	p->away_until = clock_mono_us() + AWAY_US;
	snprintf(p->last_error, sizeof(p->last_error), "%.*s", (int)n, why);
}

enum err
db_take(struct db_pool *p, enum db_lane lane, struct db_conn **ret)
{
	struct lane *l = &p->lanes[lane];
	struct db_conn *c = NULL;
	enum err e = OK;

	pthread_mutex_lock(&p->lock);
	if (!wait_for_slot(p, l)) {
		p->timeouts++;
		pthread_mutex_unlock(&p->lock);
		return ERR_OVERLOADED;
	}
	l->busy++;
	p->taken++;
	c = pop(l);
	while (c != NULL) {
		/* not under the lock, which everybody needs twice for each statement */
		pthread_mutex_unlock(&p->lock);
		if (still_there(c))
			break;
		conn_close(c);
		pthread_mutex_lock(&p->lock);
		l->open--;
		c = pop(l);
	}
	if (c == NULL) {
		if (clock_mono_us() < p->away_until)
			e = ERR_DB_AWAY;
		pthread_mutex_unlock(&p->lock);
	}
	if (c == NULL && e == OK) {
		const char *why = NULL;

		c = conn_open(p->conninfo, p->prepare, p->timeout_ms[lane], &why);
		pthread_mutex_lock(&p->lock);
		if (c == NULL) {
			note_failure(p, why);
			e = ERR_DB_AWAY;
		} else {
			c->lane = lane;
			l->open++;
		}
		pthread_mutex_unlock(&p->lock);
		if (c == NULL)
			free((char *)why);
	}
	if (e != OK) {
		pthread_mutex_lock(&p->lock);
		l->busy--;
		pthread_cond_signal(&l->freed);
		pthread_mutex_unlock(&p->lock);
		return e;
	}
	*ret = c;
	return OK;
}

void
db_give(struct db_pool *p, struct db_conn *c)
{
	struct lane *l;
	bool keep;

	if (c == NULL)
		return;
	l = &p->lanes[c->lane];
	keep = !c->broken && PQtransactionStatus(c->pg) == PQTRANS_IDLE;
	pthread_mutex_lock(&p->lock);
	l->busy--;
	if (keep) {
		c->next = l->free;
		l->free = c;
	} else {
		l->open--;
	}
	pthread_cond_signal(&l->freed);
	pthread_mutex_unlock(&p->lock);
	if (!keep)
		conn_close(c);
}

const char *
db_pool_last_error(struct db_pool *p)
{
	return p->last_error;
}

void
db_pool_stats(struct db_pool *p, struct db_pool_stats *ret)
{
	int i;

	pthread_mutex_lock(&p->lock);
	for (i = 0; i < LANE__MAX; i++) {
		ret->open[i] = p->lanes[i].open;
		ret->busy[i] = p->lanes[i].busy;
		ret->waiting[i] = p->lanes[i].waiting;
	}
	ret->taken = p->taken;
	ret->failed = p->failed;
	ret->timeouts = p->timeouts;
	pthread_mutex_unlock(&p->lock);
}
