/*
 * Sessions: 32 random bytes that only the cookie holds; the database keeps their SHA-256.  The
 * bytes change with every proof of identity, so that nobody can have laid them out before.
 */
#ifndef ORG_SESSION_H
#define ORG_SESSION_H

#include <org/access.h>

#define SESSION_COOKIE_LENGTH 43	/* base64url of 32 bytes */
#define SESSION_FRESH_S (15 * 60)	/* a decision must not be farther from the newest proof */

struct session_conf {
	long idle_s; /* without a request */
	long max_s;  /* from the log-in on, whatever happens */
	uint32_t second_factor; /* OFFICE_BIT set: whoever holds one proves a second factor */
};

struct sessions;
struct sessions *sessions_new(const struct session_conf *);
void sessions_free(struct sessions *);

/* Something was ended here: the next request asks the database. */
void sessions_forget(struct sessions *);

/* What the client is given. */
struct session_secret {
	const char *id;	    /* for lists and logs */
	const char *cookie;
	const char *csrf;
	const char *expires; /* RFC 3339: the end by max_s */
};

/* A new session of a person who has just proved who they are. */
enum err session_begin(const struct sessions *, struct tx *, const char *login,
		       bool second_factor, const char *client, const char *agent,
		       struct session_secret *ret) MUST;

/*
 * The same session after a new proof: other bytes, fresh again.  A second factor once given
 * stays.  ERR_NOT_FOUND: it has ended meanwhile.
 */
enum err session_renew(const struct sessions *, struct tx *, const char *id, bool second_factor,
		       struct session_secret *ret) MUST;

/*
 * Who holds this cookie?  ERR_UNAUTHENTICATED for an unknown, ended or too old one and for a
 * disabled person; answers are kept for at most a second.
 */
enum err session_identify(struct sessions *, struct arena *, struct db_pool *,
			  const char *cookie, struct principal **ret) MUST;

/* What X-CSRF-Token must say beside this cookie; NULL when it is no cookie of ours. */
const char *session_csrf(struct arena *, const char *cookie);

/*
 * Ends one session (id), or all of a person but one (NULL: all).  *ret_count: how many.  `by`:
 * person, other, password, login, operator.
 */
enum err session_end(struct tx *, const char *login, const char *id, const char *by,
		     int *ret_count) MUST;
enum err session_end_all(struct tx *, const char *login, const char *but, const char *by,
			 int *ret_count) MUST;

/*
 * The live sessions of a person (NULL: of everybody), newest first, or only `id`: id, client,
 * agent, created_at, seen_at, proved_at, end by max_s, second_factor, person.
 */
enum err session_list(const struct sessions *, struct tx *, const char *login, const char *id,
		      PGresult **ret) MUST;

/*
 * May this person decide something now?  ERR_SESSION_NEEDED for a token, ERR_REAUTHENTICATE when
 * the newest proof is too old, ERR_NO_SECOND_FACTOR when an office demands one.  The second:
 * without the question about offices, for the acts that bring a second factor about.
 */
enum err principal_may_decide(const struct principal *, const struct sessions *) MUST;
enum err principal_is_fresh(const struct principal *) MUST;

#endif
