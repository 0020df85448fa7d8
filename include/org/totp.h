/* One-time passwords by time (RFC 6238: SHA-1, 6 digits, 30 s, as every app knows them). */
#ifndef ORG_TOTP_H
#define ORG_TOTP_H

#include <base/arena.h>
#include <base/util.h>

#define TOTP_SECRET_BYTES 20
#define TOTP_STEP_S 30

/*
 * Is this the code of now, or of the step before or after, and of a later step than `last`?
 * *ret_counter: of which, to be kept as the next `last`.
 */
bool totp_check(const uint8_t *secret, size_t n, const char *code, int64_t now_s, int64_t last,
		int64_t *ret_counter) MUST;

/* otpauth://totp/… for the QR code of an app; NULL when there is no memory. */
const char *totp_uri(struct arena *, const char *login, const uint8_t *secret, size_t n);

/* The secret as it is typed into an app (base 32). */
const char *totp_base32(struct arena *, const uint8_t *secret, size_t n);

#endif
