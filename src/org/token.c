#include <string.h>

#include <sodium.h>

#include <org/token.h>

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
	if (!is_hex(id, ID_BYTES * 2) || id[ID_BYTES * 2] != '_' ||
	    !is_hex(secret, SECRET_BYTES * 2))
		return false;
	ret->id = arena_dup(arena, id, ID_BYTES * 2);
	ret->digest_hex = digest_hex(arena, secret);
	return true;
}

static const char issue_sql[] =
	"INSERT INTO token (id, person, secret_sha256, scopes, note, expires_at)"
	" SELECT $1, p.login, decode($2, 'hex'), $3::text[], $4,"
	" now() + make_interval(days => $5::int)"
	" FROM person p WHERE p.login = $6 AND p.active"
	" AND (p.left_on IS NULL OR p.left_on >= current_date) RETURNING id";

enum err
token_issue(struct tx *tx, const char *login, const char *scopes, int days, const char *note,
	    const char **ret)
{
	unsigned char bytes[SECRET_BYTES];
	char id[ID_BYTES * 2 + 1], secret[SECRET_BYTES * 2 + 1];
	struct tx_args args = { .n = 6 };
	PGresult *res;
	enum err e;

	random_fill(bytes, ID_BYTES);
	hex_write(bytes, ID_BYTES, id);
	random_fill(bytes, SECRET_BYTES);
	hex_write(bytes, SECRET_BYTES, secret);
	args.v[0] = id;
	args.v[1] = digest_hex(tx->arena, secret);
	args.v[2] = scopes;
	args.v[3] = note;
	args.v[4] = arena_printf(tx->arena, "%d", days);
	args.v[5] = login;
	e = tx_once(tx, issue_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	*ret = arena_printf(tx->arena, "%s%s_%s", prefix, id, secret);
	return OK;
}
