/*
 * What a token is narrowed to: `ledger:action@institution`, e.g. `assets:read@hoshi`,
 * `media:*@umi`, `*:read`.  Ledger is the word after /api/v1/; action is read, write or import,
 * none of which implies another; `*` stands for every one, and so does a left-out `@…`.  A bare
 * action (`read`) is short for `*:read`.  A token allows what one of its scopes allows and its
 * owner may.  This is the one place where scopes are read and asked.
 */
#ifndef ORG_TOKEN_SCOPE_H
#define ORG_TOKEN_SCOPE_H

#include <base/fault.h>
#include <org/access.h>

#define TOKEN_SCOPES_MAX 32

struct token_scope {
	const char *ledger;	 /* NULL: every one */
	unsigned actions;	 /* bit per enum scope */
	const char *institution; /* NULL: every one */
};

/* false: not of the form.  Nothing is said of whether ledger and institution exist. */
bool token_scope_read(struct arena *, const char *text, struct token_scope *ret) MUST;

/* The stored form: "assets:read@hoshi", "*:*". */
const char *token_scope_text(struct arena *, const struct token_scope *);

/* Scopes apart by commas, as text and as the database has them; false when one is unreadable. */
bool token_scopes_read(struct arena *, const char *list, const struct token_scope **ret,
		       size_t *ret_n) MUST;

/* A list of names that exist, for the check of a wish; ends with NULL. */
struct token_names {
	const char *const *ledgers, *const *institutions;
};

/*
 * One wish: a fault about `field` for a form, ledger or institution that does not exist.  true:
 * *ret is set.
 */
bool token_scope_check(struct arena *, const char *text, const struct token_names *,
		       const char *field, struct faults *, struct token_scope *ret) MUST;

bool principal_is_token(const struct principal *);

/*
 * Do the scopes of the token allow it?  NULL ledger: a route of none; NULL institution: in any.
 * Always true for a principal that did not come with a token.  What the owner may is another
 * question: access_decide().
 */
bool token_allows(const struct principal *, const char *ledger, enum scope,
		  const char *institution);

/*
 * Narrows the principal (scopes, institutions, offices) to what its token allows on a route of
 * this ledger and scope, so that access_decide() sees nothing else.
 */
void token_narrow(struct arena *, struct principal *, const char *ledger, enum scope);

#endif
