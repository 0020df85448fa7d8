/*
 * The feed of events: rows of the log that are decided, in the order of (xid, id); see
 * sql/functions/60-events.sql.  A place in it is the row that was read last.
 */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

#include <base/buf.h>
#include <db/tx.h>
#include <org/office.h>

struct feed_place {
	char sysid[24]; /* of the cluster whose transaction numbers these are */
	unsigned seat;
	uint64_t xid, id;
};

/* The opaque text that clients hold; false: none of ours. */
const char *feed_cursor(struct arena *, const struct feed_place *);
bool feed_cursor_read(struct arena *, const char *text, struct feed_place *ret) MUST;

/* The place before the first event, and the newest row that is decided. */
struct feed_ends {
	struct feed_place first, head;
};
enum err feed_ends(struct tx *, struct feed_ends *ret) MUST;

/*
 * May one go on from here?  ERR_GONE: it is a place in another cluster, or in a past that was
 * taken back.
 */
enum err feed_check(struct tx *, const struct feed_ends *, const struct feed_place *) MUST;

/* Is a before b, in one seat? */
bool feed_before(const struct feed_place *a, const struct feed_place *b);

/* What is asked for: "asset.updated", "request.*"; none: all.  false: no such type. */
#define FEED_TYPES_MAX 100
struct feed_types {
	const char *v[FEED_TYPES_MAX];
	size_t n;
};
bool feed_type_known(const char *pattern) MUST;
bool feed_type_fits(const struct feed_types *, const char *type);

struct feed_event {
	struct feed_place at;
	const char *type, *json; /* the document of the event, in the arena */
};

struct feed_page {
	struct feed_event *v;
	size_t n;
	struct feed_place end; /* go on from here */
	bool more;	       /* there are decided rows behind it */
};

#define FEED_PAGE_MAX 500

/*
 * The next events that the act of the transaction sees, at most `limit`; columns that are not for
 * the office are not named.  A page without events may still have an end further on.
 */
enum err feed_page(struct tx *, const struct feed_place *after, const struct feed_types *,
		   enum office, size_t limit, struct feed_page *ret) MUST;

#endif
