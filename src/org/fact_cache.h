/*
 * What the database said about who acts, kept for at most a second, by a digest of the secret
 * that was shown.  Bounded: a place that another digest needs is given to it.
 */
#ifndef ORG_FACT_CACHE_H
#define ORG_FACT_CACHE_H

#include <sodium.h>

#include <base/arena.h>
#include <base/util.h>

#define FACT_CACHE_TEXTS 12

struct fact_cache;
struct fact_cache *fact_cache_new(void);
void fact_cache_free(struct fact_cache *);

/* Something was revoked here: ask anew at once. */
void fact_cache_clear(struct fact_cache *);

/* n texts into the arena; false: not known, too old, or the clock was moved meanwhile. */
bool fact_cache_recall(struct fact_cache *, struct arena *,
		       const unsigned char digest[crypto_hash_sha256_BYTES], const char **facts,
		       size_t n) MUST;
void fact_cache_remember(struct fact_cache *,
			 const unsigned char digest[crypto_hash_sha256_BYTES],
			 const char *const *facts, size_t n);

#endif
