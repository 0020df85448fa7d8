/* What a log-in asks of the second factor. */
#ifndef ORG_SECOND_FACTOR_H
#define ORG_SECOND_FACTOR_H

#include <db/tx.h>
#include <org/seal.h>

struct second_factor {
	const char *login;
	const char *secret; /* hexadecimal, as stored; NULL: none */
	bool sealed;
	int64_t last; /* counter of the newest code taken */
};

/*
 * Uses up a one-time password or a recovery code.  ERR_SECOND_FACTOR: neither was given;
 * ERR_CREDENTIALS: wrong or used before.
 */
enum err second_factor_prove(const struct seal *, struct tx *, const struct second_factor *,
			     const char *otp, const char *recovery_code) MUST;

#endif
