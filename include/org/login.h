/*
 * Proof of identity with secrets (7.1.1): a password and, where enrolled, a second factor.  What
 * is wrong of the three (login, password, second factor) is not told, only logged.
 */
#ifndef ORG_LOGIN_H
#define ORG_LOGIN_H

#include <base/fault.h>
#include <org/password.h>
#include <org/seal.h>
#include <org/session.h>

struct login_desk {
	struct passwords *passwords;
	const struct seal *seal;
	struct sessions *sessions;
};

struct credentials {
	const char *login, *password; /* as typed */
	const char *otp, *recovery_code; /* or NULL */
	const char *address; /* delays are by it; "unix": unknown */
	bool has_second_factor; /* the session has given one: asked for only if it is sent */
};

struct login_proof {
	bool second_factor; /* one was given, and was right */
	int wait_s;	    /* ERR_TOO_MANY: when to come again */
};

/*
 * ERR_CREDENTIALS, ERR_SECOND_FACTOR (the rest is right), ERR_TOO_MANY (after failures, or too
 * many at once).  Failures are counted and noted in the log outside whatever transaction is open:
 * the tx must not be.  ret->wait_s is set for ERR_TOO_MANY, too.
 */
enum err login_prove(const struct login_desk *, struct tx *, const struct credentials *,
		     struct login_proof *ret) MUST;

/*
 * Hashes and stores a password in its normal form, ends the sessions of the person but one (`but`,
 * or NULL).  ERR_NOT_FOUND: no such active person.  Takes a place among the hashing itself.
 */
enum err login_set_password(struct passwords *, struct tx *, const char *login,
			    const char *normal, const char *but) MUST;

/* One row in the log that is no change: what happened to the account (or another object). */
enum err login_note(struct tx *, const char *what, const char *type, const char *object,
		    const char *detail_json) MUST;

/* ---- second factor ---------------------------------------------------------------------- */

struct totp_enrolment {
	const char *uri, *secret; /* shown once */
};

/* ERR_STATE: there is a confirmed one; it must be removed first. */
enum err totp_enrol(const struct seal *, struct tx *, const char *login,
		    struct totp_enrolment *ret) MUST;

/* From now on it counts.  ERR_CREDENTIALS: not its code; ERR_STATE: none waits for this. */
enum err totp_confirm(const struct seal *, struct tx *, const char *login, const char *code) MUST;

/* With its recovery codes.  ERR_NOT_FOUND: there is none. */
enum err totp_remove(struct tx *, const char *login) MUST;

#define RECOVERY_CODES 10

/* Ten new ones, shown once; the old ones end.  ERR_STATE: no second factor to recover. */
enum err recovery_renew(struct tx *, const char *login, const char *ret[RECOVERY_CODES]) MUST;

#endif
