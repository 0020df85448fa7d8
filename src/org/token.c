#include <string.h>

#include <sodium.h>

#include <base/buf.h>
#include <org/token.h>
#include "principal.h"

#define ID_BYTES 6
#define SECRET_BYTES 24

static const char prefix[] = "daicho_";

static const char *
digest_hex(struct arena *arena, const char *secret)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(arena, sizeof(digest) * 2 + 1);

	crypto_hash_sha256(digest, (const unsigned char *)secret, strlen(secret));
	hex_write(digest, sizeof(digest), hex);
	return hex;
}

static bool
is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") == n;
}

bool
token_split(struct arena *arena, const char *token, struct token_parts *ret)
{
	const char *id = token + strlen(prefix), *secret;

	if (!str_starts(token, prefix) || strlen(id) != ID_BYTES * 2 + 1 + SECRET_BYTES * 2)
		return false;
	secret = id + ID_BYTES * 2 + 1;
	if (strspn(id, "0123456789abcdef") != ID_BYTES * 2 || id[ID_BYTES * 2] != '_' ||
	    !is_hex(secret, SECRET_BYTES * 2))
		return false;
	ret->id = arena_dup(arena, id, ID_BYTES * 2);
	ret->digest_hex = digest_hex(arena, secret);
	return true;
}

/* Id, digest of the secret and the whole text of a token that is about to be. */
static void
make_secret(struct arena *arena, struct token_issued *ret, const char **ret_digest)
{
	unsigned char bytes[SECRET_BYTES];
	char id[ID_BYTES * 2 + 1], secret[SECRET_BYTES * 2 + 1];

	random_fill(bytes, ID_BYTES);
	hex_write(bytes, ID_BYTES, id);
	random_fill(bytes, SECRET_BYTES);
	hex_write(bytes, SECRET_BYTES, secret);
	ret->id = arena_strdup(arena, id);
	ret->token = arena_printf(arena, "%s%s_%s", prefix, id, secret);
	*ret_digest = digest_hex(arena, secret);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(secret, sizeof(secret));
}

/* '{a,b}': neither scopes nor addresses have anything that would need quoting. */
static const char *
array_text(struct arena *arena, const char *const *v, size_t n)
{
	struct buf b;
	const char *text;
	size_t i;

	buf_init(&b, 64 * 1024);
	buf_addc(&b, '{');
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i == 0 ? "" : ",", v[i]);
	buf_addc(&b, '}');
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

static const char *
scopes_text(struct arena *arena, const struct token_wish *w)
{
	const char **v = arena_array(arena, w->scope_count + 1, sizeof(*v));
	size_t i;

	for (i = 0; i < w->scope_count; i++)
		v[i] = token_scope_text(arena, &w->scopes[i]);
	return array_text(arena, v, w->scope_count);
}

static const char live_sql[] =
	"SELECT count(t.id) FROM person p LEFT JOIN token t ON t.person = p.login"
	" AND t.revoked_at IS NULL AND t.expires_at > act_now()"
	" WHERE p.login = $1 AND " PERSON_LIVES_SQL " GROUP BY p.login";

static enum err
may_have_one_more(struct tx *tx, const struct token_wish *w)
{
	struct tx_args args = { .n = 1, .v = { w->person } };
	PGresult *res;
	enum err e = tx_once(tx, live_sql, &args, &res);

	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	return w->most > 0 && tx_int(res, 0, 0) >= w->most ? ERR_TOO_MANY : OK;
}

static const char issue_sql[] =
	"INSERT INTO token (id, person, secret_sha256, scopes, addresses, note, issued_at,"
	" expires_at)"
	" SELECT $1, p.login, decode($2, 'hex'), $3::text[], $4::text[], $5, act_now(),"
	" act_now() + make_interval(hours => 24 * $6::int) FROM person p"
	" WHERE p.login = $7 AND " PERSON_LIVES_SQL " RETURNING expires_at";

enum err
token_issue(struct tx *tx, const struct token_wish *w, struct token_issued *ret)
{
	struct token_issued issued;
	struct tx_args args = { .n = 7 };
	PGresult *res;
	enum err e = may_have_one_more(tx, w);

	if (e != OK)
		return e;
	make_secret(tx->arena, &issued, &args.v[1]);
	args.v[0] = issued.id;
	args.v[2] = scopes_text(tx->arena, w);
	args.v[3] = w->address_count == 0 ? NULL :
		array_text(tx->arena, w->addresses, w->address_count);
	args.v[4] = w->note;
	args.v[5] = arena_printf(tx->arena, "%d", w->days);
	args.v[6] = w->person;
	e = tx_once(tx, issue_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	issued.expires = PQgetvalue(res, 0, 0);
	*ret = issued;
	return OK;
}

static const char rotate_sql[] =
	"WITH old AS (SELECT t.* FROM token t JOIN person p ON p.login = t.person"
	"  WHERE t.id = $1 AND ($2::text IS NULL OR t.person = $2) AND t.revoked_at IS NULL"
	"  AND t.expires_at > act_now() AND " PERSON_LIVES_SQL " FOR UPDATE OF t),"
	" ended AS (UPDATE token t SET row_version = t.row_version + 1,"
	"  revoked_at = CASE WHEN $5::int = 0 THEN act_now() END,"
	"  expires_at = least(t.expires_at, act_now() + make_interval(secs => $5::int))"
	"  FROM old WHERE t.id = old.id)"
	" INSERT INTO token (id, person, secret_sha256, scopes, addresses, note, issued_at,"
	"  expires_at, rotated_from)"
	" SELECT $3, old.person, decode($4, 'hex'), old.scopes, old.addresses, old.note, act_now(),"
	"  CASE WHEN $6::bool THEN act_now() + (old.expires_at - old.issued_at)"
	"  ELSE old.expires_at END, old.id FROM old RETURNING expires_at";

enum err
token_rotate(struct tx *tx, const char *id, const char *owner, int grace_s, bool renew,
	     struct token_issued *ret)
{
	struct token_issued issued;
	struct tx_args args = { .n = 6, .v = { id, owner } };
	PGresult *res;
	enum err e;

	make_secret(tx->arena, &issued, &args.v[3]);
	args.v[2] = issued.id;
	args.v[4] = arena_printf(tx->arena, "%d", grace_s);
	args.v[5] = renew ? "t" : "f";
	e = tx_once(tx, rotate_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	issued.expires = PQgetvalue(res, 0, 0);
	*ret = issued;
	return OK;
}

static const char revoke_sql[] =
	"WITH mine AS (SELECT t.id, t.revoked_at FROM token t JOIN person p ON p.login = t.person"
	"  WHERE t.id = $1 AND ($2::text IS NULL OR t.person = $2"
	"  OR p.institution = ANY ($3::text[])) FOR UPDATE OF t),"
	" ended AS (UPDATE token t SET revoked_at = act_now(), row_version = t.row_version + 1"
	"  FROM mine WHERE t.id = mine.id AND mine.revoked_at IS NULL)"
	" SELECT id FROM mine";

enum err
token_revoke(struct tx *tx, const char *id, const char *owner, const char *institutions)
{
	struct tx_args args = { .n = 3, .v = { id, owner, institutions } };
	PGresult *res;
	enum err e = tx_once(tx, revoke_sql, &args, &res);

	return e == OK && PQntuples(res) == 0 ? ERR_NOT_FOUND : e;
}

static const char touch_sql[] =
	"UPDATE token SET last_used_at = act_now(), last_used_from = $2 WHERE id = $1"
	" AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at > act_now()"
	" OR last_used_at <= act_now() - interval '1 minute')";

enum err
token_touch(struct tx *tx, const char *id, const char *client)
{
	struct tx_args args = { .n = 2, .v = { id, client } };
	PGresult *res;

	return tx_once(tx, touch_sql, &args, &res);
}
