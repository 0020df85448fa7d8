#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <org/seal.h>

#define NONCE crypto_aead_aes256gcm_NPUBBYTES
#define TAG crypto_aead_aes256gcm_ABYTES
#define SEALED_MAX 256

struct seal {
	bool has_key;
	uint8_t key[crypto_aead_aes256gcm_KEYBYTES];
};

/* 64 hexadecimal digits, white space after them. */
static bool
read_key(const char *path, uint8_t key[crypto_aead_aes256gcm_KEYBYTES])
{
	char text[200];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	size_t digits, bytes = 0;
	bool fine = false;

	if (fd >= 0)
		close(fd);
	if (n > 0) {
		text[n] = '\0';
		digits = strspn(text, "0123456789abcdefABCDEF");
		fine = digits == 64 && text[digits + strspn(text + digits, " \r\n\t")] == '\0' &&
			sodium_hex2bin(key, crypto_aead_aes256gcm_KEYBYTES, text, digits, NULL,
				       &bytes, NULL) == 0;
	}
	sodium_memzero(text, sizeof(text));
	return fine;
}

struct seal *
seal_open(const char *path, const char **ret_why)
{
	struct seal *s = sodium_malloc(sizeof(*s));

	if (s == NULL) {
		*ret_why = "no memory that can be guarded";
		return NULL;
	}
	memset(s, 0, sizeof(*s));
	if (path[0] == '\0')
		return s;
	s->has_key = true;
	if (!crypto_aead_aes256gcm_is_available())
		*ret_why = "secret_key_file: this processor has no instructions for AES";
	else if (!read_key(path, s->key))
		*ret_why = "secret_key_file: not a readable file of 64 hexadecimal digits";
	else
		return s;
	seal_close(s);
	return NULL;
}

void
seal_close(struct seal *s)
{
	sodium_free(s);
}

const char *
seal_put(const struct seal *s, struct arena *arena, const char *owner, const uint8_t *p, size_t n,
	 bool *ret_sealed)
{
	uint8_t out[NONCE + SEALED_MAX + TAG];
	char *hex = arena_alloc(arena, 2 * sizeof(out) + 1);

	if (n > SEALED_MAX)
		bug("a secret of %zu bytes", n);
	*ret_sealed = s->has_key;
	if (!s->has_key) {
		hex_write(p, n, hex);
		return hex;
	}
	random_fill(out, NONCE);
	crypto_aead_aes256gcm_encrypt(out + NONCE, NULL, p, n, (const unsigned char *)owner,
				      strlen(owner), NULL, out, s->key);
	hex_write(out, NONCE + n + TAG, hex);
	return hex;
}

bool
seal_get(const struct seal *s, const char *owner, const char *hex, bool sealed, uint8_t *ret,
	 size_t n)
{
	uint8_t in[NONCE + SEALED_MAX + TAG];
	size_t len = 0;

	if (n > SEALED_MAX || strlen(hex) > 2 * sizeof(in) ||
	    sodium_hex2bin(in, sizeof(in), hex, strlen(hex), NULL, &len, NULL) != 0)
		return false;
	if (!sealed) {
		if (len != n)
			return false;
		memcpy(ret, in, n);
		return true;
	}
	return s->has_key && len == NONCE + n + TAG &&
		crypto_aead_aes256gcm_decrypt(ret, NULL, NULL, in + NONCE, len - NONCE,
					      (const unsigned char *)owner, strlen(owner), in,
					      s->key) == 0;
}
