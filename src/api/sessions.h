/* What sessions.c and account.c share. */
#ifndef API_SESSIONS_H
#define API_SESSIONS_H

#include "handlers.h"

/* Proves a password (and second factor) for `login`; Retry-After is set on the way. */
enum err sessions_prove(struct request *, struct credentials *, struct login_proof *ret) MUST;

/* A new proof for the session that asks: other cookie, fresh; noted as `what`. */
enum err sessions_renew(struct request *, struct response *, bool second_factor,
			const char *what) MUST;

#endif
