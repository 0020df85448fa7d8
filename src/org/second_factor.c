#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <base/buf.h>
#include <base/clock.h>
#include <org/login.h>
#include <org/totp.h>
#include "second_factor.h"

#define CODE_LETTERS 16 /* of 5 bits: 80 of them, so a plain digest is enough */

static bool
counter_of(const struct seal *seal, const struct second_factor *f, const char *code,
	   int64_t *ret)
{
	uint8_t secret[TOTP_SECRET_BYTES];
	bool fine = seal_get(seal, f->login, f->secret, f->sealed, secret, sizeof(secret)) &&
		totp_check(secret, sizeof(secret), code, clock_wall_us() / 1000000, f->last, ret);

	sodium_memzero(secret, sizeof(secret));
	return fine;
}

/* One row changed, or the proof does not hold. */
static enum err
use(struct tx *tx, const char *sql, const struct tx_args *args)
{
	PGresult *res;
	enum err e = tx_once(tx, sql, args, &res);

	if (e == OK && strcmp(PQcmdTuples(res), "1") != 0)
		e = ERR_CREDENTIALS;
	return e;
}

/* The database decides which of two users of one code was first. */
static enum err
use_otp(const struct seal *seal, struct tx *tx, const struct second_factor *f, const char *otp)
{
	struct tx_args args = { .n = 2, .v = { f->login } };
	int64_t counter;

	if (!counter_of(seal, f, otp, &counter))
		return ERR_CREDENTIALS;
	args.v[1] = arena_printf(tx->arena, "%lld", (long long)counter);
	return use(tx, "UPDATE totp SET last_counter = $2::bigint WHERE person = $1"
		   " AND last_counter < $2::bigint AND confirmed_at IS NOT NULL", &args);
}

/* As it is typed: upper or lower case, with or without dashes and spaces. */
static const char *
code_digest(struct arena *arena, const char *code)
{
	uint8_t digest[crypto_hash_sha256_BYTES];
	char plain[CODE_LETTERS + 1], *hex = arena_alloc(arena, sizeof(digest) * 2 + 1);
	size_t n = 0;

	for (; *code != '\0' && n < CODE_LETTERS; code++)
		if (*code != '-' && *code != ' ')
			plain[n++] = *code >= 'A' && *code <= 'Z' ? (char)(*code | 0x20) : *code;
	if (*code != '\0')
		n = 0; /* too long: the digest of nothing, which is nobody's */
	crypto_hash_sha256(digest, (const unsigned char *)plain, n);
	hex_write(digest, sizeof(digest), hex);
	return hex;
}

enum err
second_factor_prove(const struct seal *seal, struct tx *tx, const struct second_factor *f,
		    const char *otp, const char *recovery_code)
{
	struct tx_args args = { .n = 2, .v = { f->login } };

	if (otp != NULL)
		return use_otp(seal, tx, f, otp);
	if (recovery_code == NULL)
		return ERR_SECOND_FACTOR;
	args.v[1] = code_digest(tx->arena, recovery_code);
	return use(tx, "UPDATE recovery_code SET used_at = act_now() WHERE person = $1"
		   " AND digest = decode($2, 'hex') AND used_at IS NULL", &args);
}

static const char enrol_sql[] =
	"INSERT INTO totp AS t (person, secret, sealed, enrolled_at)"
	" VALUES ($1, decode($2, 'hex'), $3::boolean, act_now())"
	" ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, sealed = excluded.sealed,"
	" enrolled_at = excluded.enrolled_at, last_counter = 0 WHERE t.confirmed_at IS NULL";

enum err
totp_enrol(const struct seal *seal, struct tx *tx, const char *login, struct totp_enrolment *ret)
{
	uint8_t secret[TOTP_SECRET_BYTES];
	struct tx_args args = { .n = 3, .v = { login } };
	struct totp_enrolment made;
	bool sealed;
	enum err e;

	random_fill(secret, sizeof(secret));
	made.uri = totp_uri(tx->arena, login, secret, sizeof(secret));
	made.secret = totp_base32(tx->arena, secret, sizeof(secret));
	if (made.uri == NULL || made.secret == NULL)
		return ERR_OVERLOADED;
	args.v[1] = seal_put(seal, tx->arena, login, secret, sizeof(secret), &sealed);
	args.v[2] = sealed ? "true" : "false";
	sodium_memzero(secret, sizeof(secret));
	e = use(tx, enrol_sql, &args);
	if (e == OK)
		*ret = made;
	return e == ERR_CREDENTIALS ? ERR_STATE : e;
}

enum err
totp_confirm(const struct seal *seal, struct tx *tx, const char *login, const char *code)
{
	struct tx_args args = { .n = 2, .v = { login } };
	struct second_factor f = { .login = login };
	int64_t counter;
	PGresult *res;
	enum err e = tx_once(tx, "SELECT encode(secret, 'hex'), sealed FROM totp WHERE person = $1"
			     " AND confirmed_at IS NULL", &(struct tx_args){ 1, { login } }, &res);

	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_STATE;
	f.secret = tx_text(res, 0, 0);
	f.sealed = str_eq(tx_text(res, 0, 1), "t");
	if (!counter_of(seal, &f, code, &counter))
		return ERR_CREDENTIALS;
	args.v[1] = arena_printf(tx->arena, "%lld", (long long)counter);
	return use(tx, "UPDATE totp SET confirmed_at = act_now(), last_counter = $2::bigint"
		   " WHERE person = $1 AND confirmed_at IS NULL", &args);
}

enum err
totp_remove(struct tx *tx, const char *login)
{
	struct tx_args args = { .n = 1, .v = { login } };
	enum err e = use(tx, "WITH codes AS (DELETE FROM recovery_code WHERE person = $1)"
			 " DELETE FROM totp WHERE person = $1", &args);

	return e == ERR_CREDENTIALS ? ERR_NOT_FOUND : e;
}

static const char *
draw_code(struct arena *arena)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bytes[CODE_LETTERS];
	char *out = arena_alloc(arena, CODE_LETTERS + 4), *p = out;
	size_t i;

	random_fill(bytes, sizeof(bytes));
	for (i = 0; i < CODE_LETTERS; i++) {
		if (i > 0 && i % 4 == 0)
			*p++ = '-';
		*p++ = letters[bytes[i] % 32];
	}
	return out;
}

/* One statement: the old ones go and the new ones come together. */
static const char renew_sql[] =
	"WITH gone AS (DELETE FROM recovery_code WHERE person = $1"
	"  AND EXISTS (SELECT FROM totp WHERE person = $1 AND confirmed_at IS NOT NULL))"
	" INSERT INTO recovery_code (person, digest, made_at)"
	" SELECT $1, decode(d, 'hex'), act_now() FROM unnest($2::text[]) d"
	" WHERE EXISTS (SELECT FROM totp WHERE person = $1 AND confirmed_at IS NOT NULL)";

enum err
recovery_renew(struct tx *tx, const char *login, const char *ret[RECOVERY_CODES])
{
	struct tx_args args = { .n = 2, .v = { login } };
	const char *made[RECOVERY_CODES];
	struct buf list;
	PGresult *res;
	enum err e;
	int i;

	buf_init(&list, 4096);
	for (i = 0; i < RECOVERY_CODES; i++) {
		made[i] = draw_code(tx->arena);
		buf_addf(&list, "%c%s", i == 0 ? '{' : ',', code_digest(tx->arena, made[i]));
	}
	buf_addc(&list, '}');
	args.v[1] = buf_text(&list);
	e = tx_once(tx, renew_sql, &args, &res);
	if (e == OK && strcmp(PQcmdTuples(res), "0") == 0)
		e = ERR_STATE;
	if (e == OK)
		memcpy(ret, made, sizeof(made));
	buf_release(&list);
	return e;
}
