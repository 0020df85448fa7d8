/* What every attempt to send has in common: when the next one comes, and the signature. */
#ifndef FEED_ATTEMPT_H
#define FEED_ATTEMPT_H

#include <base/arena.h>
#include <base/util.h>

/*
 * Seconds until the attempt after so many: from 5 s to a day, some more at random, so that what
 * failed together does not come back together.  -1: no more.
 */
#define ATTEMPTS_MAX 10
int64_t attempt_again_s(int attempts, uint32_t random);

/* "v1,<base64>" of HMAC-SHA256 over id.timestamp.body (Standard Webhooks). */
const char *attempt_sign(struct arena *, const uint8_t *secret, size_t n, const char *id,
			 int64_t timestamp, const char *body);

/* "whsec_<base64>" */
const char *attempt_secret_text(struct arena *, const uint8_t *secret, size_t n);

#endif
