/*
 * Sealing.  Each file has a key of its own, so chunks are counted for their nonces: position and
 * whether it is the last (the STREAM construction), by which chunks can neither be moved nor cut
 * off.  The key is wrapped with one of the key file under a random nonce.
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "attachment_parts.h"

#define NONCE 12

typedef int seal_fn(unsigned char *, unsigned long long *, const unsigned char *,
		    unsigned long long, const unsigned char *, unsigned long long,
		    const unsigned char *, const unsigned char *, const unsigned char *);
typedef int open_fn(unsigned char *, unsigned long long *, unsigned char *, const unsigned char *,
		    unsigned long long, const unsigned char *, unsigned long long,
		    const unsigned char *, const unsigned char *);

struct attachment_cipher {
	const char *name;
	int (*is_available)(void);
	seal_fn *seal;
	open_fn *open;
};

static int
always(void)
{
	return 1;
}

/*
 * AES is of the 電子政府推奨暗号リスト (7.1.5(2)①(b)), but libsodium has it only where the processor
 * has instructions for it.  The first that is available is for what is new.
 */
static const struct attachment_cipher ciphers[] = {
	{ "aes256gcm", crypto_aead_aes256gcm_is_available, crypto_aead_aes256gcm_encrypt,
	  crypto_aead_aes256gcm_decrypt },
	{ "chacha20poly1305", always, crypto_aead_chacha20poly1305_ietf_encrypt,
	  crypto_aead_chacha20poly1305_ietf_decrypt },
};

_Static_assert(crypto_aead_aes256gcm_NPUBBYTES == NONCE &&
	       crypto_aead_chacha20poly1305_ietf_NPUBBYTES == NONCE, "one size of nonce");
_Static_assert(crypto_aead_aes256gcm_ABYTES == ATTACHMENT_TAG &&
	       crypto_aead_chacha20poly1305_ietf_ABYTES == ATTACHMENT_TAG, "one size of tag");
_Static_assert(NONCE + ATTACHMENT_KEY + ATTACHMENT_TAG == ATTACHMENT_WRAPPED, "size of a wrap");

const struct attachment_cipher *
attachment_cipher(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ciphers); i++)
		if (strcmp(ciphers[i].name, name) == 0)
			return ciphers[i].is_available() ? &ciphers[i] : NULL;
	return NULL;
}

const struct attachment_cipher *
attachment_cipher_best(void)
{
	return ciphers[0].is_available() ? &ciphers[0] : &ciphers[1];
}

const char *
attachment_cipher_name(const struct attachment_cipher *c)
{
	return c->name;
}

/* Numbers, codes and hexadecimal digits hold no '|'. */
static void
bind(struct attachment_box *box, const struct attachment_bond *b)
{
	int n = snprintf(box->bound, sizeof(box->bound), "daicho-attachment-1|%s|%s|%s|%llu|%s",
			 b->no, b->institution, b->sha256, (unsigned long long)b->size,
			 box->cipher->name);

	if (n < 0 || (size_t)n >= sizeof(box->bound))
		bug("a document is bound to too much: %.40s", b->no);
}

static void
wrap(struct attachment_box *box, const struct attachment_key *with)
{
	random_fill(box->wrapped, NONCE);
	box->key_name = with->name;
	box->cipher->seal(box->wrapped + NONCE, NULL, box->key, sizeof(box->key),
			  (const uint8_t *)box->bound, strlen(box->bound), NULL, box->wrapped,
			  with->key);
}

void
attachment_box_new(const struct attachment_keys *keys, const struct attachment_cipher *cipher,
		   const struct attachment_bond *bond, struct attachment_box *ret)
{
	*ret = (struct attachment_box){ .cipher = cipher };
	random_fill(ret->key, sizeof(ret->key));
	bind(ret, bond);
	wrap(ret, &keys->v[keys->n - 1]);
}

bool
attachment_box_open(const struct attachment_keys *keys, const char *cipher, const char *key_name,
		    const uint8_t *wrapped, size_t n, const struct attachment_bond *bond,
		    struct attachment_box *ret, const char **ret_why)
{
	const struct attachment_key *with = attachment_key_find(keys, key_name);
	struct attachment_box box = { .cipher = attachment_cipher(cipher) };

	if (box.cipher == NULL) {
		*ret_why = "its cipher is not available on this processor";
		return false;
	}
	if (with == NULL) {
		*ret_why = "the key file does not have its key";
		return false;
	}
	bind(&box, bond);
	if (n != ATTACHMENT_WRAPPED ||
	    box.cipher->open(box.key, NULL, NULL, wrapped + NONCE, n - NONCE,
			     (const uint8_t *)box.bound, strlen(box.bound), wrapped,
			     with->key) != 0) {
		*ret_why = "its key does not open: another key of that name, or a changed row";
		return false;
	}
	memcpy(box.wrapped, wrapped, n);
	box.key_name = with->name;
	*ret = box;
	sodium_memzero(&box, sizeof(box));
	return true;
}

void
attachment_box_rewrap(const struct attachment_keys *keys, struct attachment_box *box)
{
	wrap(box, &keys->v[keys->n - 1]);
}

void
attachment_box_wipe(struct attachment_box *box)
{
	sodium_memzero(box, sizeof(*box));
}

static void
chunk_nonce(uint32_t position, bool last, uint8_t nonce[NONCE])
{
	memset(nonce, 0, NONCE);
	nonce[NONCE - 5] = (uint8_t)(position >> 24);
	nonce[NONCE - 4] = (uint8_t)(position >> 16);
	nonce[NONCE - 3] = (uint8_t)(position >> 8);
	nonce[NONCE - 2] = (uint8_t)position;
	nonce[NONCE - 1] = last;
}

void
attachment_chunk_seal(const struct attachment_box *box, uint32_t position, bool last,
		      const uint8_t *p, size_t n, uint8_t *to)
{
	uint8_t nonce[NONCE];

	chunk_nonce(position, last, nonce);
	box->cipher->seal(to, NULL, p, n, (const uint8_t *)box->bound, strlen(box->bound), NULL,
			  nonce, box->key);
}

bool
attachment_chunk_open(const struct attachment_box *box, uint32_t position, bool last,
		      const uint8_t *p, size_t n, uint8_t *to)
{
	uint8_t nonce[NONCE];

	chunk_nonce(position, last, nonce);
	return n >= ATTACHMENT_TAG &&
		box->cipher->open(to, NULL, NULL, p, n, (const uint8_t *)box->bound,
				  strlen(box->bound), nonce, box->key) == 0;
}
