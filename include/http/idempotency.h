/*
 * Idempotency-Key: a POST that is sent again with the same key gets the first answer again, and
 * nothing is done twice.  Key and answer stand in table idempotency_key, written in the very
 * transaction of the change.
 */
#ifndef HTTP_IDEMPOTENCY_H
#define HTTP_IDEMPOTENCY_H

#include <http/message.h>

/* The header, NULL when absent; ERR_BAD_REQUEST unless 1–128 visible ASCII characters. */
enum err idempotency_key(struct request *, const char **ret) MUST;

/*
 * Inside the open transaction, before the handler.  OK with *ret_replayed: the response holds the
 * kept answer, the handler must not run.  ERR_IDEMPOTENCY_RUNNING while another transaction
 * works under the key (never waits for it), ERR_IDEMPOTENCY_REUSED when the key belongs to
 * another request, ERR_DB_*.
 */
enum err idempotency_claim(struct request *, const char *key, struct response *,
			   bool *ret_replayed) MUST;

/*
 * Inside the same transaction, after the handler has succeeded: keeps status, Location, ETag,
 * Content-Type and body.  An answer that is too large to keep, or a file, is an error of ours.
 */
enum err idempotency_keep(struct request *, const char *key, const struct response *) MUST;

#endif
