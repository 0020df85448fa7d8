#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <org/token.h>
#include "touch.h"

#define PLACES 256

struct use {
	char id[16];
	char client[64];
};

struct touches {
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_t thread;
	bool started, ending;
	struct db_pool *pool;
	struct use uses[PLACES];
	size_t n;
};

struct touches *
touches_new(void)
{
	struct touches *t = xcalloc(1, sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->more, NULL);
	return t;
}

/* Whatever comes of it: a use that could not be noted is no reason to refuse or to shout. */
static void
note(struct db_pool *pool, const struct use *u)
{
	struct arena *arena = arena_new();
	struct tx tx;
	enum err e;

	tx_init(&tx, pool, LANE_SHORT, arena);
	tx.ctx.operation = "token use";
	e = token_touch(&tx, u->id, u->client);
	(void)e;
	arena_free(arena);
}

static void *
work(void *arg)
{
	struct touches *t = arg;
	struct use u;

	pthread_mutex_lock(&t->lock);
	for (;;) {
		while (t->n == 0 && !t->ending)
			pthread_cond_wait(&t->more, &t->lock);
		if (t->n == 0)
			break;
		u = t->uses[--t->n];
		pthread_mutex_unlock(&t->lock);
		note(t->pool, &u);
		pthread_mutex_lock(&t->lock);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

static bool
is_waiting(const struct touches *t, const char *id)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->uses[i].id, id) == 0)
			return true;
	return false;
}

void
touches_add(struct touches *t, struct db_pool *pool, const char *id, const char *client)
{
	pthread_mutex_lock(&t->lock);
	if (!t->started) {
		t->pool = pool;
		t->started = pthread_create(&t->thread, NULL, work, t) == 0;
	}
	if (t->started && !t->ending && t->n < PLACES && !is_waiting(t, id)) {
		snprintf(t->uses[t->n].id, sizeof(t->uses[0].id), "%s", id);
		snprintf(t->uses[t->n].client, sizeof(t->uses[0].client), "%s", client);
		t->n++;
		pthread_cond_signal(&t->more);
	}
	pthread_mutex_unlock(&t->lock);
}

void
touches_free(struct touches *t)
{
	bool started;

	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->ending = true;
	started = t->started;
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->lock);
	if (started)
		pthread_join(t->thread, NULL);
	pthread_cond_destroy(&t->more);
	pthread_mutex_destroy(&t->lock);
	free(t);
}
