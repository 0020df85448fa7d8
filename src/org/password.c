#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <base/text.h>
#include <org/password.h>

struct passwords {
	struct password_conf conf;
	pthread_mutex_t lock;
	pthread_cond_t freed;
	int busy, waiting;
	unsigned long hashes, refused;
	char dummy[PASSWORD_HASH_SIZE]; /* of nobody, with the limits in force */
};

_Static_assert(crypto_pwhash_argon2id_STRBYTES == PASSWORD_HASH_SIZE, "libsodium's own size");

static enum err
make(const struct password_conf *c, const char *text, char *ret)
{
	return crypto_pwhash_argon2id_str(ret, text, strlen(text), c->ops, c->memory) == 0 ? OK :
		ERR_OVERLOADED;
}

struct passwords *
passwords_new(const struct password_conf *conf)
{
	struct passwords *p = xcalloc(1, sizeof(*p));
	char nobody[33];
	uint8_t bytes[16];

	p->conf = *conf;
	if (p->conf.ops == 0)
		p->conf.ops = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
	if (p->conf.memory == 0)
		p->conf.memory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
	if (p->conf.slots == 0)
		p->conf.slots = 2;
	if (p->conf.waiting == 0)
		p->conf.waiting = 32;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->freed, NULL);
	random_fill(bytes, sizeof(bytes));
	hex_write(bytes, sizeof(bytes), nobody);
	if (make(&p->conf, nobody, p->dummy) != OK)
		bug("no memory for one password hash");
	return p;
}

void
passwords_free(struct passwords *p)
{
	if (p == NULL)
		return;
	pthread_cond_destroy(&p->freed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

enum err
passwords_enter(struct passwords *p)
{
	enum err e = OK;

	pthread_mutex_lock(&p->lock);
	if (p->busy >= p->conf.slots && p->waiting >= p->conf.waiting) {
		p->refused++;
		e = ERR_TOO_MANY;
	} else {
		p->waiting++;
		while (p->busy >= p->conf.slots)
			pthread_cond_wait(&p->freed, &p->lock);
		p->waiting--;
		p->busy++;
	}
	pthread_mutex_unlock(&p->lock);
	return e;
}

void
passwords_leave(struct passwords *p)
{
	pthread_mutex_lock(&p->lock);
	if (p->busy < 1)
		bug("more have left the hashing than have entered it");
	p->busy--;
	pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

static void
count(struct passwords *p)
{
	pthread_mutex_lock(&p->lock);
	p->hashes++;
	pthread_mutex_unlock(&p->lock);
}

bool
password_matches(struct passwords *p, const char *hash, const char *text)
{
	bool real = hash != NULL && text != NULL;
	const char *h = real ? hash : p->dummy, *t = text == NULL ? "" : text;

	count(p);
	return crypto_pwhash_argon2id_str_verify(h, t, strlen(t)) == 0 && real;
}

bool
password_is_stale(const struct passwords *p, const char *hash)
{
	return crypto_pwhash_argon2id_str_needs_rehash(hash, p->conf.ops, p->conf.memory) != 0;
}

enum err
password_hash(struct passwords *p, const char *text, char ret[PASSWORD_HASH_SIZE])
{
	count(p);
	return make(&p->conf, text, ret);
}

void
password_stats(struct passwords *p, struct password_stats *ret)
{
	pthread_mutex_lock(&p->lock);
	*ret = (struct password_stats){ .hashes = p->hashes, .refused = p->refused,
		.busy = p->busy, .waiting = p->waiting };
	pthread_mutex_unlock(&p->lock);
}
