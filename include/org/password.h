/*
 * Passwords: Argon2id, a bounded number at a time, the same work whether there is a hash to
 * compare with or not.
 */
#ifndef ORG_PASSWORD_H
#define ORG_PASSWORD_H

#include <base/arena.h>
#include <base/err.h>
#include <base/fault.h>

#define PASSWORD_MIN 12	 /* characters */
#define PASSWORD_MAX 128
#define PASSWORD_HASH_SIZE 128

/* Zeros become the defaults: INTERACTIVE limits of libsodium, 2 at once, 32 waiting. */
struct password_conf {
	unsigned long long ops;
	size_t memory; /* bytes of one hash */
	int slots, waiting;
};

struct passwords;

/* sodium_init() has been called. */
struct passwords *passwords_new(const struct password_conf *);
void passwords_free(struct passwords *);

/*
 * A place among those who hash.  ERR_TOO_MANY at once when the queue is full.  Whoever has got
 * OK calls passwords_leave().
 */
enum err passwords_enter(struct passwords *) MUST;
void passwords_leave(struct passwords *);

/*
 * Does the text have this hash?  NULL for either of them: no, after the same work.  Between
 * passwords_enter() and passwords_leave().
 */
bool password_matches(struct passwords *, const char *hash, const char *text) MUST;

/* Was it made with other limits than those in force? */
bool password_is_stale(const struct passwords *, const char *hash);

/* The hash to keep.  ERR_OVERLOADED: no memory. */
enum err password_hash(struct passwords *, const char *text, char ret[PASSWORD_HASH_SIZE]) MUST;

/* The form that is hashed and compared (NFC); NULL for what can be no password. */
const char *password_normal(struct arena *, const char *text);

/*
 * May this be the new password of `login`?  Adds one fault under `field` for all that is wrong;
 * NULL then, else the normal form.
 */
const char *password_choose(struct arena *, const char *field, const char *login,
			    const char *text, struct faults *);

/* A fresh one that nobody guesses: 5 groups of 5 letters and digits. */
const char *password_generate(struct arena *);

struct password_stats {
	unsigned long hashes; /* Argon2id computations so far */
	unsigned long refused; /* for a full queue */
	int busy, waiting;
};
void password_stats(struct passwords *, struct password_stats *ret);

#endif
