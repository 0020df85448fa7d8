#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <org/address.h>
#include <org/token.h>
#include "fact_cache.h"
#include "principal.h"
#include "touch.h"

/* Besides what is known of the person. */
enum { FACT_SCOPES = PERSON_FACTS, FACT_ADDRESSES, FACT_TOUCH, FACTS };

struct access_cache {
	struct fact_cache *tokens;
	struct touches *touches;
};

struct access_cache *
access_cache_new(void)
{
	struct access_cache *c = xcalloc(1, sizeof(*c));

	c->tokens = fact_cache_new();
	c->touches = touches_new();
	return c;
}

void
access_cache_free(struct access_cache *c)
{
	if (c == NULL)
		return;
	touches_free(c->touches);
	fact_cache_free(c->tokens);
	free(c);
}

void
access_cache_clear(struct access_cache *c)
{
	fact_cache_clear(c->tokens);
}

static const char token_sql[] =
	"SELECT encode(t.secret_sha256, 'hex'), " PERSON_FACTS_SQL ","
	" array_to_string(t.scopes, ','), coalesce(array_to_string(t.addresses, ','), ''),"
	" CASE WHEN t.last_used_at <= act_now() AND"
	"  t.last_used_at > act_now() - interval '1 minute' THEN '' ELSE 'due' END"
	" FROM token t JOIN person p ON p.login = t.person"
	" WHERE t.id = $1 AND t.revoked_at IS NULL AND t.expires_at > act_now()"
	" AND " PERSON_LIVES_SQL;

static enum err
ask(struct arena *arena, struct db_pool *pool, const struct token_parts *parts,
    const char *facts[FACTS])
{
	struct tx_args args = { .n = 1, .v = { parts->id } };
	struct tx tx;
	PGresult *res;
	enum err e;
	int i;

	tx_init(&tx, pool, LANE_SHORT, arena);
	e = tx_once(&tx, token_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) != 1 || strlen(PQgetvalue(res, 0, 0)) != strlen(parts->digest_hex) ||
	    sodium_memcmp(PQgetvalue(res, 0, 0), parts->digest_hex,
			  strlen(parts->digest_hex)) != 0)
		return ERR_UNAUTHENTICATED;
	for (i = 0; i < FACTS; i++)
		facts[i] = PQgetvalue(res, 0, i + 1);
	return OK;
}

/* Scopes that this program cannot read give nothing. */
static struct principal *
build(struct arena *arena, const char *account, const char *const facts[FACTS])
{
	struct principal *p = principal_build(arena, account, facts);
	size_t i;

	p->proof = PROOF_TOKEN;
	if (!token_scopes_read(arena, facts[FACT_SCOPES], &p->token_scopes,
			       &p->token_scope_count))
		p->token_scope_count = 0;
	for (i = 0; i < p->token_scope_count; i++)
		p->scopes |= p->token_scopes[i].actions;
	return p;
}

enum err
access_identify(struct access_cache *c, struct arena *arena, struct db_pool *pool,
		const char *token, const char *client, struct principal **ret)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	const char *facts[FACTS];
	struct token_parts parts;
	bool fresh = false;
	enum err e;

	if (!token_split(arena, token, &parts))
		return ERR_UNAUTHENTICATED;
	crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
	if (!fact_cache_recall(c->tokens, arena, digest, facts, FACTS)) {
		e = ask(arena, pool, &parts, facts);
		if (e != OK)
			return e;
		fact_cache_remember(c->tokens, digest, facts, FACTS);
		fresh = true;
	}
	if (!address_allows(facts[FACT_ADDRESSES], client))
		return ERR_UNAUTHENTICATED;
	if (fresh && facts[FACT_TOUCH][0] != '\0')
		touches_add(c->touches, pool, parts.id, client);
	*ret = build(arena, parts.id, facts);
	return OK;
}

static const char person_sql[] =
	"SELECT " PERSON_FACTS_SQL " FROM person_identity i JOIN person p ON p.login = i.person"
	" WHERE i.kind = $1 AND i.value = $2 AND " PERSON_LIVES_SQL;

enum err
access_identity(struct arena *arena, struct db_pool *pool, const char *kind, const char *value,
		struct principal **ret)
{
	struct tx_args args = { .n = 2, .v = { kind, value } };
	const char *facts[PERSON_FACTS];
	struct principal *p;
	struct tx tx;
	PGresult *res;
	enum err e;
	int i;

	tx_init(&tx, pool, LANE_SHORT, arena);
	e = tx_once(&tx, person_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) != 1)
		return ERR_UNAUTHENTICATED;
	for (i = 0; i < PERSON_FACTS; i++)
		facts[i] = PQgetvalue(res, 0, i);
	p = principal_build(arena, arena_printf(arena, "proxy:%s", kind), facts);
	p->proof = PROOF_PROXY;
	p->scopes = 1U << SCOPE_READ | 1U << SCOPE_WRITE | 1U << SCOPE_IMPORT;
	*ret = p;
	return OK;
}
