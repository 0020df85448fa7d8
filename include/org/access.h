/*
 * The one place that decides who may do what (2.1(2), 7.1.2).  Authority comes only from an
 * office in force that day for that 機関, never from an account.
 */
#ifndef ORG_ACCESS_H
#define ORG_ACCESS_H

#include <base/arena.h>
#include <base/err.h>
#include <db/tx.h>
#include <org/office.h>

/* What a token may be narrowed to; a route names one.  The zero value refuses everyone. */
enum scope { SCOPE_NOBODY = 0, SCOPE_PUBLIC, SCOPE_READ, SCOPE_WRITE, SCOPE_IMPORT };

struct appointment {
	enum office office;
	const char *institution; /* NULL: everywhere */
	const char *unit;	 /* NULL: the whole 機関 */
};

/* How the person has proved who they are. */
enum proof { PROOF_TOKEN, PROOF_SESSION, PROOF_PROXY };

struct token_scope;

/* A person who has proved who they are, with the offices in force now. */
struct principal {
	const char *login;
	const char *name;
	const char *home;    /* 機関 of the person */
	const char *account; /* id of the token or session */
	enum proof proof;
	int64_t proved_at;   /* wall µs of the newest password or second factor; 0: a token */
	bool second_factor;  /* TOTP or recovery code was given in this session */
	unsigned scopes;     /* bit per enum scope */
	const struct appointment *offices;
	size_t office_count;
	const char *const *institutions; /* every active 機関, for offices that reach everywhere */
	size_t institution_count;
	const struct token_scope *token_scopes; /* of a token; see org/token_scope.h */
	size_t token_scope_count;
};

/*
 * The decision for one route: in which office the person acts, and how far that reaches.  The
 * rest is for the row policies (sql/functions/30-scope.sql), which see the same transaction.
 */
struct grant {
	enum office office;	 /* in which the person acts; OFFICE__MAX: in none */
	const char *scope;	 /* '{nao,nifs}' 機関 in which the act is allowed */
	const char *read_scope;	 /* 機関 that may be seen */
	const char *write_scope; /* 機関 in which may be written */
	const char *reach;	 /* "iinn4": see tx_context.reach */
};

/*
 * May the principal (NULL: nobody) call a route that names these offices and this scope?  The
 * person acts in the office `chosen` (its code; must be held), or with NULL in the widest that
 * the route allows.  OK, ERR_UNAUTHENTICATED or ERR_FORBIDDEN.  *ret lives in the arena.
 */
enum err access_decide(struct arena *, const struct principal *, uint32_t offices, enum scope,
		       const char *chosen, struct grant *ret) MUST;

/*
 * Who holds this bearer token (`daicho_<id>_<secret>`)?  ERR_UNAUTHENTICATED for an unknown,
 * expired or revoked one and for a disabled person.  Answers are kept for at most one second.
 */
struct access_cache;
struct access_cache *access_cache_new(void);
void access_cache_free(struct access_cache *);
enum err access_identify(struct access_cache *, struct arena *, struct db_pool *,
			 const char *token, const char *client, struct principal **ret) MUST;

/* A token was ended here: ask the database anew at once. */
void access_cache_clear(struct access_cache *);

/*
 * Whom a trusted proxy means by this attribute ("eppn", value).  ERR_UNAUTHENTICATED for an
 * unknown value and for a disabled person.
 */
enum err access_identity(struct arena *, struct db_pool *, const char *kind, const char *value,
			 struct principal **ret) MUST;

#endif
