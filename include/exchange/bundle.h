/*
 * What 機関CSIRT has at hand when the network is down: contacts, 重要サーバ, their catalogues and
 * software of one 機関, as one page without anything outside it, and as tables.  It is 機密性3:
 * rows of 機密性4 are counted, not told (3.1(2)④).
 */
#ifndef EXCHANGE_BUNDLE_H
#define EXCHANGE_BUNDLE_H

#include <base/buf.h>
#include <db/tx.h>

enum bundle_part { BUNDLE_HTML, BUNDLE_CONTACTS, BUNDLE_SERVERS, BUNDLE_SOFTWARE,
		   BUNDLE_PART__MAX };

/* "html" …; "index.html" … */
const char *bundle_part_name(enum bundle_part);
const char *bundle_part_file(enum bundle_part);
/* BUNDLE_PART__MAX for a word that is none. */
enum bundle_part bundle_part_find(const char *name);

struct bundle {
	const char *institution; /* code */
	const char *made_at;	 /* "2026-11-25 18:00", in Japan */
	const char *day;	 /* "2026-11-25" */
	PGresult *head, *contacts, *servers, *catalogues, *software;
};

/*
 * Reads it all in one transaction, and tells in the log who has read which part.  ERR_NOT_FOUND
 * for a 機関 that is not seen.
 */
enum err bundle_load(struct tx *, const char *institution, const char *part,
		     struct bundle *ret) MUST;

/* Writes one part. */
void bundle_put(const struct bundle *, enum bundle_part, struct buf *);

#endif
