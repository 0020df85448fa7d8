#include <string.h>

#include <sodium.h>

#include <feed/attempt.h>

int64_t
attempt_again_s(int attempts, uint32_t random)
{
	static const int after[ATTEMPTS_MAX - 1] = { 5, 300, 1800, 7200, 18000, 36000, 50400,
		72000, 86400 };

	if (attempts < 1 || attempts >= ATTEMPTS_MAX)
		return -1;
	return after[attempts - 1] + (int64_t)random % (after[attempts - 1] / 5 + 1);
}

static const char *
base64(struct arena *arena, const char *prefix, const uint8_t *p, size_t n)
{
	size_t before = strlen(prefix), size;
	char *text;

	size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
	text = arena_alloc(arena, before + size);
	memcpy(text, prefix, before);
	sodium_bin2base64(text + before, size, p, n, sodium_base64_VARIANT_ORIGINAL);
	return text;
}

const char *
attempt_sign(struct arena *arena, const uint8_t *secret, size_t n, const char *id,
	     int64_t timestamp, const char *body)
{
	const char *head = arena_printf(arena, "%s.%lld.", id, (long long)timestamp);
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, secret, n);
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)head, strlen(head));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)body, strlen(body));
	crypto_auth_hmacsha256_final(&st, mac);
	sodium_memzero(&st, sizeof(st));
	return base64(arena, "v1,", mac, sizeof(mac));
}

const char *
attempt_secret_text(struct arena *arena, const uint8_t *secret, size_t n)
{
	return base64(arena, "whsec_", secret, n);
}
