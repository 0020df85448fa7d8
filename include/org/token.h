/*
 * API tokens: `daicho_<id>_<secret>`; the database keeps the id and the SHA-256 of the secret.
 * They always expire, act with their owner's offices narrowed to their scopes, and never approve.
 */
#ifndef ORG_TOKEN_H
#define ORG_TOKEN_H

#include <org/token_scope.h>

#define TOKEN_DAYS 90
#define TOKEN_DAYS_MAX 366
#define TOKEN_GRACE_MAX 3600 /* seconds that the old secret may live on after a rotation */
#define TOKEN_NOTE_MAX 200   /* characters */

struct token_parts {
	const char *id;
	const char *digest_hex; /* SHA-256 of the secret */
};

/* false: not of the form of a token. */
bool token_split(struct arena *, const char *token, struct token_parts *ret) MUST;

struct token_wish {
	const char *person;
	const struct token_scope *scopes;
	size_t scope_count;
	const char *const *addresses; /* stored forms */
	size_t address_count;	      /* 0: from everywhere */
	int days;		      /* 1 to TOKEN_DAYS_MAX */
	const char *note;	      /* or NULL */
	int most;		      /* live ones that the person may have; 0: no matter */
};

struct token_issued {
	const char *id;
	const char *token;   /* the whole text, shown once */
	const char *expires; /* as PostgreSQL writes it */
};

/* ERR_NOT_FOUND: no such active person; ERR_TOO_MANY: has as many as may be. */
enum err token_issue(struct tx *, const struct token_wish *, struct token_issued *ret) MUST;

/*
 * A new token in the place of a live one, which ends at once or after grace_s seconds.  `renew`:
 * it lives as long as the old one was made for; otherwise it ends when the old one would have.
 * `owner`: only a token of this person, NULL: of anybody.  ERR_NOT_FOUND, ERR_CONFLICT (it was
 * rotated before).
 */
enum err token_rotate(struct tx *, const char *id, const char *owner, int grace_s, bool renew,
		      struct token_issued *ret) MUST;

/*
 * Ends a token of this person (NULL: of anybody) or of somebody of the institutions ('{nao}').
 * Ending it twice is no mistake.  ERR_NOT_FOUND.
 */
enum err token_revoke(struct tx *, const char *id, const char *owner, const char *institutions)
	MUST;

/*
 * Notes that a live token was used, unless that was done within the minute.  For the thread of
 * the access cache: nothing waits for it.
 */
enum err token_touch(struct tx *, const char *id, const char *client) MUST;

#endif
