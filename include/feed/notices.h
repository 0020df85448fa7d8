/* Notices in the database, and the letters that they become. */
#ifndef FEED_NOTICES_H
#define FEED_NOTICES_H

#include <base/buf.h>
#include <db/tx.h>

struct notice_job {
	const char *no, *email, *purpose, *object, *kind, *state, *lines, *day;
	const char *ledger; /* NULL: `object` is an application, of this kind */
	int attempts;
};

/* Makes notices of steps that were taken; *ret_more: there are more. */
enum err notices_spread(struct tx *, bool *ret_more) MUST;

/* The digest of today, if the hour has come and nobody has made it. */
enum err notices_digest(struct tx *, int hour) MUST;

enum err notices_claim(struct tx *, int most, struct notice_job *ret, int *ret_n) MUST;

/* error NULL: it is sent; final: no second attempt. */
enum err notices_settle(struct tx *, const struct notice_job *, const char *error, bool final)
	MUST;

/* May it stand in a header and an envelope as it is?  Plain ASCII, one @, nothing that ends it. */
bool letter_address_fine(const char *);

/*
 * The letter: `at` seconds since 1970.  All text is encoded, so nothing of it can become a header.
 */
void letter_write(struct arena *, const struct notice_job *, const char *from,
		  const char *origin, int64_t at, struct buf *);

#endif
