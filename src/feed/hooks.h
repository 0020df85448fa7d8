/* Webhooks in the database: what each is to be sent, and what became of it. */
#ifndef FEED_HOOKS_H
#define FEED_HOOKS_H

#include <db/tx.h>
#include <org/seal.h>

#define HOOK_SECRET_BYTES 24

struct hook_job {
	const char *no; /* of the delivery */
	const char *webhook, *url, *message_id, *body;
	int attempts;
	bool has_secret; /* false: sealed with another key */
	uint8_t secret[HOOK_SECRET_BYTES];
};

/*
 * Gives every hook the events that its owner sees.  *ret_more: some hook has not got to the end.
 */
enum err hooks_spread(struct db_pool *, bool *ret_more) MUST;

/* At most `most` deliveries that are due, one of a hook; they are this daemon's for a minute. */
enum err hooks_claim(struct tx *, const struct seal *, int most, struct hook_job *ret,
		     int *ret_n) MUST;

/* status 0: there was no answer.  2xx is done, 410 ends the hook, the rest is tried again. */
enum err hooks_settle(struct tx *, const struct hook_job *, int status, const char *error) MUST;

#endif
