#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <base/clock.h>
#include "fact_cache.h"

#define PLACES 512
#define KEPT_US 1000000 /* a disabled person is out within a second */

struct known {
	unsigned char digest[crypto_hash_sha256_BYTES];
	int64_t until; /* monotonic */
	int64_t clock; /* offset of the clock by which it was judged */
	char *facts[FACT_CACHE_TEXTS];
};

struct fact_cache {
	pthread_mutex_t lock;
	struct known known[PLACES];
};

struct fact_cache *
fact_cache_new(void)
{
	struct fact_cache *c = xcalloc(1, sizeof(*c));

	pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void
drop(struct known *k)
{
	int i;

	for (i = 0; i < FACT_CACHE_TEXTS; i++) {
		free(k->facts[i]);
		k->facts[i] = NULL;
	}
	k->until = 0;
}

void
fact_cache_clear(struct fact_cache *c)
{
	size_t i;

	pthread_mutex_lock(&c->lock);
	for (i = 0; i < PLACES; i++)
		drop(&c->known[i]);
	pthread_mutex_unlock(&c->lock);
}

void
fact_cache_free(struct fact_cache *c)
{
	if (c == NULL)
		return;
	fact_cache_clear(c);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static struct known *
place(struct fact_cache *c, const unsigned char *digest)
{
	return &c->known[(digest[0] | digest[1] << 8) % PLACES];
}

bool
fact_cache_recall(struct fact_cache *c, struct arena *arena,
		  const unsigned char digest[crypto_hash_sha256_BYTES], const char **facts,
		  size_t n)
{
	struct known *k = place(c, digest);
	bool found;
	size_t i;

	pthread_mutex_lock(&c->lock);
	found = k->until > clock_mono_us() && k->clock == clock_offset_s() &&
		memcmp(k->digest, digest, sizeof(k->digest)) == 0;
	for (i = 0; found && i < n; i++)
		facts[i] = k->facts[i] == NULL ? NULL : arena_strdup(arena, k->facts[i]);
	pthread_mutex_unlock(&c->lock);
	return found;
}

void
fact_cache_remember(struct fact_cache *c,
		    const unsigned char digest[crypto_hash_sha256_BYTES],
		    const char *const *facts, size_t n)
{
	struct known *k = place(c, digest);
	size_t i;

	if (n > FACT_CACHE_TEXTS)
		bug("%zu facts", n);
	pthread_mutex_lock(&c->lock);
	drop(k);
	memcpy(k->digest, digest, sizeof(k->digest));
	for (i = 0; i < n; i++)
		k->facts[i] = facts[i] == NULL ? NULL : xstrdup(facts[i]);
	k->until = clock_mono_us() + KEPT_US;
	k->clock = clock_offset_s();
	pthread_mutex_unlock(&c->lock);
}
