/* Digests in headers (RFC 9530). */
#include <string.h>

#include <sodium.h>

#include "attachments.h"

#define HASH 32

bool
digest_read(const char *header, uint8_t ret[HASH])
{
	const char *p = strstr(header, "sha-256=:"), *end;
	uint8_t hash[HASH];
	size_t n;

	if (p == NULL)
		return false;
	p += strlen("sha-256=:");
	end = strchr(p, ':');
	if (end == NULL || sodium_base642bin(hash, sizeof(hash), p, (size_t)(end - p), NULL, &n,
					     NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    n != sizeof(hash))
		return false;
	memcpy(ret, hash, sizeof(hash));
	return true;
}

const char *
digest_text(struct arena *arena, const char *hex)
{
	char text[sodium_base64_ENCODED_LEN(HASH, sodium_base64_VARIANT_ORIGINAL)];
	uint8_t hash[HASH];
	size_t n;

	if (sodium_hex2bin(hash, sizeof(hash), hex, strlen(hex), NULL, &n, NULL) != 0 ||
	    n != sizeof(hash))
		bug("a digest of %zu digits", strlen(hex));
	sodium_bin2base64(text, sizeof(text), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(arena, "sha-256=:%s:", text);
}
