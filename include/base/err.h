/*
 * The error catalogue: every answer that is not a success has a stable code, an HTTP status and
 * a sentence in Japanese and English.  Above base/ every function that can fail returns one.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <base/util.h>

enum err {
	OK = 0,
	/* what the client sent */
	ERR_BAD_REQUEST,
	ERR_BAD_JSON,
	ERR_BAD_QUERY,
	ERR_BAD_CURSOR,
	ERR_UNAUTHENTICATED,
	ERR_CREDENTIALS,
	ERR_SECOND_FACTOR,
	ERR_FORBIDDEN,
	ERR_CROSS_SITE,
	ERR_SESSION_NEEDED,
	ERR_REAUTHENTICATE,
	ERR_NO_SECOND_FACTOR,
	ERR_NOT_FOUND,
	ERR_METHOD,
	ERR_NOT_ACCEPTABLE,
	ERR_TIMEOUT,
	ERR_CONFLICT,
	ERR_STATE,
	ERR_RATING,
	ERR_GONE,
	ERR_LENGTH_REQUIRED,
	ERR_PRECONDITION_FAILED,
	ERR_BODY_TOO_LARGE,
	ERR_URI_TOO_LONG,
	ERR_MEDIA_TYPE,
	ERR_FILE_TYPE,
	ERR_INVALID,
	ERR_RULES,
	ERR_LEAVER,
	ERR_IDEMPOTENCY_REUSED,
	ERR_IDEMPOTENCY_RUNNING,
	ERR_PRECONDITION_REQUIRED,
	ERR_TOO_MANY,
	/* ours */
	ERR_INTERNAL,
	ERR_DAMAGED,
	ERR_QUOTA,
	ERR_NO_KEY,
	ERR_DB_AWAY,
	ERR_DB_BUSY,
	ERR_DB_TIMEOUT,
	ERR_OVERLOADED,
	ERR_UNKNOWN_OUTCOME,
	ERR__MAX
};

struct err_info {
	const char *code; /* stable English, part of the API */
	int status;	  /* HTTP */
	int retry_after;  /* seconds, 0 = no Retry-After */
	const char *ja;
	const char *en;
};

/* Never NULL; BUG for a number outside the catalogue. */
const struct err_info *err_info(enum err);

enum lang { LANG_JA, LANG_EN };

#endif
