/* API tokens: `daicho_<id>_<secret>`; the database keeps the id and the SHA-256 of the secret. */
#ifndef ORG_TOKEN_H
#define ORG_TOKEN_H

#include <base/arena.h>
#include <db/tx.h>

struct token_parts {
	const char *id;
	const char *digest_hex; /* SHA-256 of the secret */
};

/* false: not of the form of a token. */
bool token_split(struct arena *, const char *token, struct token_parts *ret) MUST;

/*
 * Issues a token for a person: *ret is the whole text, shown once.  `scopes` "{read,write}".
 * ERR_NOT_FOUND: no such active person.
 */
enum err token_issue(struct tx *, const char *login, const char *scopes, int days,
		     const char *note, const char **ret) MUST;

#endif
