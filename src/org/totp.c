#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <liboath/oath.h>

#include <org/totp.h>

#define DIGITS 6
#define WINDOW 1 /* steps before and after */

bool
totp_check(const uint8_t *secret, size_t n, const char *code, int64_t now_s, int64_t last,
	   int64_t *ret_counter)
{
	int64_t counter = now_s / TOTP_STEP_S;
	int rc, position = 0;

	if (strlen(code) != DIGITS || strspn(code, "0123456789") != DIGITS || now_s < TOTP_STEP_S)
		return false;
	rc = oath_totp_validate2((const char *)secret, n, (time_t)now_s, TOTP_STEP_S, 0, WINDOW,
				 &position, code);
	/* a code is good once: whoever has looked over the shoulder comes too late */
	if (rc < 0 || counter + position <= last)
		return false;
	*ret_counter = counter + position;
	return true;
}

const char *
totp_base32(struct arena *arena, const uint8_t *secret, size_t n)
{
	const char *text = NULL;
	char *out = NULL;

	if (oath_base32_encode((const char *)secret, n, &out, NULL) == OATH_OK)
		text = arena_dup(arena, out, strcspn(out, "="));
	free(out);
	return text;
}

/* Logins are plain ASCII, so nothing needs escaping. */
const char *
totp_uri(struct arena *arena, const char *login, const uint8_t *secret, size_t n)
{
	const char *text = totp_base32(arena, secret, n);

	return text == NULL ? NULL :
		arena_printf(arena, "otpauth://totp/daichod:%s?secret=%s&issuer=daichod"
			     "&algorithm=SHA1&digits=%d&period=%d", login, text, DIGITS,
			     TOTP_STEP_S);
}
