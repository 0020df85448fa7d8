#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <base/clock.h>
#include <org/session.h>
#include "fact_cache.h"
#include "principal.h"

#define SECRET_BYTES 32
#define ID_BYTES 8
#define AGENT_MAX 200 /* bytes kept of a User-Agent */

struct sessions {
	struct session_conf conf;
	struct fact_cache *cache;
	char idle[24], max[24];
};

enum { FACT_ID = PERSON_FACTS, FACT_PROVED_AT, FACT_SECOND_FACTOR, SESSION_FACTS };

_Static_assert(SESSION_FACTS <= FACT_CACHE_TEXTS, "they are kept together");

struct sessions *
sessions_new(const struct session_conf *conf)
{
	struct sessions *s = xcalloc(1, sizeof(*s));

	s->conf = *conf;
	s->cache = fact_cache_new();
	snprintf(s->idle, sizeof(s->idle), "%ld", conf->idle_s);
	snprintf(s->max, sizeof(s->max), "%ld", conf->max_s);
	return s;
}

void
sessions_free(struct sessions *s)
{
	if (s == NULL)
		return;
	fact_cache_free(s->cache);
	free(s);
}

void
sessions_forget(struct sessions *s)
{
	fact_cache_clear(s->cache);
}

static bool
read_cookie(const char *cookie, uint8_t secret[SECRET_BYTES])
{
	size_t n = 0;

	return strlen(cookie) == SESSION_COOKIE_LENGTH &&
		sodium_base642bin(secret, SECRET_BYTES, cookie, SESSION_COOKIE_LENGTH, NULL, &n,
				  NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
		n == SECRET_BYTES;
}

/* Keyed with the secret of the session: whoever does not have the cookie cannot make it. */
static const char *
csrf_of(struct arena *arena, const uint8_t secret[SECRET_BYTES])
{
	static const unsigned char label[] = "daicho csrf 1";
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char *hex = arena_alloc(arena, sizeof(mac) * 2 + 1);

	crypto_auth_hmacsha256(mac, label, sizeof(label) - 1, secret);
	hex_write(mac, sizeof(mac), hex);
	return hex;
}

_Static_assert(crypto_auth_hmacsha256_KEYBYTES == SECRET_BYTES, "the secret is the key");

const char *
session_csrf(struct arena *arena, const char *cookie)
{
	uint8_t secret[SECRET_BYTES];

	return read_cookie(cookie, secret) ? csrf_of(arena, secret) : NULL;
}

/* New bytes; the digest for the database goes to *ret_digest. */
static void
draw(struct arena *arena, struct session_secret *ret, const char **ret_digest)
{
	uint8_t secret[SECRET_BYTES], digest[crypto_hash_sha256_BYTES];
	char *cookie = arena_alloc(arena, SESSION_COOKIE_LENGTH + 1);
	char *hex = arena_alloc(arena, sizeof(digest) * 2 + 1);

	random_fill(secret, sizeof(secret));
	sodium_bin2base64(cookie, SESSION_COOKIE_LENGTH + 1, secret, sizeof(secret),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	crypto_hash_sha256(digest, secret, sizeof(secret));
	hex_write(digest, sizeof(digest), hex);
	ret->cookie = cookie;
	ret->csrf = csrf_of(arena, secret);
	*ret_digest = hex;
	sodium_memzero(secret, sizeof(secret));
}

#define STAMP_SQL(at) "to_char(" at " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
#define EXPIRES_SQL STAMP_SQL("(created_at + make_interval(secs => $3::int))")

static const char begin_sql[] =
	"INSERT INTO session (id, secret_sha256, person, second_factor, client, agent,"
	" created_at, proved_at, seen_at)"
	" VALUES ($1, decode($2, 'hex'), $4, $5::boolean, $6, $7, act_now(), act_now(), act_now())"
	" RETURNING " EXPIRES_SQL;

static const char renew_sql[] =
	"UPDATE session SET secret_sha256 = decode($2, 'hex'), proved_at = act_now(),"
	" seen_at = act_now(), second_factor = second_factor OR $4::boolean"
	" WHERE id = $1 AND ended_at IS NULL RETURNING " EXPIRES_SQL;

enum err
session_begin(const struct sessions *s, struct tx *tx, const char *login, bool second_factor,
	      const char *client, const char *agent, struct session_secret *ret)
{
	uint8_t id[ID_BYTES];
	char *hex = arena_alloc(tx->arena, 2 * ID_BYTES + 2);
	struct tx_args args = { .n = 0 };
	struct session_secret made;
	const char *digest;
	PGresult *res;
	enum err e;

	random_fill(id, sizeof(id));
	hex[0] = 's';
	hex_write(id, sizeof(id), hex + 1);
	made.id = hex;
	draw(tx->arena, &made, &digest);
	tx_arg(&args, made.id);
	tx_arg(&args, digest);
	tx_arg(&args, s->max);
	tx_arg(&args, login);
	tx_arg(&args, second_factor ? "true" : "false");
	tx_arg(&args, client);
	tx_arg(&args, agent == NULL ? NULL : arena_dup(tx->arena, agent,
						       strnlen(agent, AGENT_MAX)));
	e = tx_once(tx, begin_sql, &args, &res);
	if (e != OK)
		return e;
	made.expires = tx_text(res, 0, 0);
	*ret = made;
	return OK;
}

enum err
session_renew(const struct sessions *s, struct tx *tx, const char *id, bool second_factor,
	      struct session_secret *ret)
{
	struct tx_args args = { .n = 0 };
	struct session_secret made = { .id = id };
	const char *digest;
	PGresult *res;
	enum err e;

	draw(tx->arena, &made, &digest);
	tx_arg(&args, id);
	tx_arg(&args, digest);
	tx_arg(&args, s->max);
	tx_arg(&args, second_factor ? "true" : "false");
	e = tx_once(tx, renew_sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	made.expires = tx_text(res, 0, 0);
	*ret = made;
	return OK;
}

/* seen_at moves in steps of 15 s, so that reading does not write each time. */
#define LIVES_SQL                                                                             \
	" s.secret_sha256 = decode($1, 'hex') AND s.ended_at IS NULL"                         \
	" AND s.seen_at > act_now() - make_interval(secs => $2::int)"                         \
	" AND s.created_at > act_now() - make_interval(secs => $3::int)"

static const char find_sql[] =
	"WITH seen AS (UPDATE session s SET seen_at = act_now() WHERE" LIVES_SQL
	"  AND s.seen_at < act_now() - interval '15 s')"
	" SELECT " PERSON_FACTS_SQL ", s.id,"
	" (extract(epoch FROM s.proved_at) * 1000000)::bigint, s.second_factor"
	" FROM session s JOIN person p ON p.login = s.person"
	" WHERE" LIVES_SQL " AND " PERSON_LIVES_SQL;

static enum err
ask(const struct sessions *s, struct arena *arena, struct db_pool *pool, const char *digest_hex,
    const char *facts[SESSION_FACTS])
{
	struct tx_args args = { .n = 3, .v = { digest_hex, s->idle, s->max } };
	PGresult *res;
	struct tx tx;
	enum err e;
	int i;

	tx_init(&tx, pool, LANE_SHORT, arena);
	e = tx_once(&tx, find_sql, &args, &res);
	if (e == ERR_UNKNOWN_OUTCOME)
		e = ERR_DB_AWAY; /* of a time stamp only */
	if (e != OK)
		return e;
	if (PQntuples(res) != 1)
		return ERR_UNAUTHENTICATED;
	for (i = 0; i < SESSION_FACTS; i++)
		facts[i] = PQgetvalue(res, 0, i);
	return OK;
}

enum err
session_identify(struct sessions *s, struct arena *arena, struct db_pool *pool,
		 const char *cookie, struct principal **ret)
{
	uint8_t secret[SECRET_BYTES], digest[crypto_hash_sha256_BYTES];
	char hex[sizeof(digest) * 2 + 1];
	const char *facts[SESSION_FACTS];
	struct principal *p;
	enum err e;

	if (!read_cookie(cookie, secret))
		return ERR_UNAUTHENTICATED;
	crypto_hash_sha256(digest, secret, sizeof(secret));
	if (!fact_cache_recall(s->cache, arena, digest, facts, SESSION_FACTS)) {
		hex_write(digest, sizeof(digest), hex);
		e = ask(s, arena, pool, hex, facts);
		if (e != OK)
			return e;
		fact_cache_remember(s->cache, digest, facts, SESSION_FACTS);
	}
	p = principal_build(arena, facts[FACT_ID], facts);
	p->proof = PROOF_SESSION;
	p->scopes = 1U << SCOPE_READ | 1U << SCOPE_WRITE | 1U << SCOPE_IMPORT;
	p->proved_at = strtoll(facts[FACT_PROVED_AT], NULL, 10);
	p->second_factor = strcmp(facts[FACT_SECOND_FACTOR], "t") == 0;
	*ret = p;
	return OK;
}

static const char list_sql[] =
	"SELECT id, client, agent, " STAMP_SQL("created_at") ", " STAMP_SQL("seen_at") ", "
	STAMP_SQL("proved_at") ", " STAMP_SQL("(created_at + make_interval(secs => $4::int))")
	", second_factor, person FROM session"
	" WHERE ($1::text IS NULL OR person = $1) AND ended_at IS NULL"
	" AND ($2::text IS NULL OR id = $2)"
	" AND seen_at > act_now() - make_interval(secs => $3::int)"
	" AND created_at > act_now() - make_interval(secs => $4::int)"
	" ORDER BY session.created_at DESC, id";

enum err
session_list(const struct sessions *s, struct tx *tx, const char *login, const char *id,
	     PGresult **ret)
{
	struct tx_args args = { .n = 4, .v = { login, id, s->idle, s->max } };

	return tx_once(tx, list_sql, &args, ret);
}

static enum err
end(struct tx *tx, const char *sql, const char *login, const char *id, const char *by,
    int *ret_count)
{
	struct tx_args args = { .n = 3, .v = { login, id, by } };
	PGresult *res;
	enum err e = tx_once(tx, sql, &args, &res);
	int64_t n;

	if (e != OK)
		return e;
	if (!number_read(PQcmdTuples(res), 0, INT32_MAX, &n))
		return ERR_INTERNAL;
	*ret_count = (int)n;
	return OK;
}

enum err
session_end(struct tx *tx, const char *login, const char *id, const char *by, int *ret_count)
{
	return end(tx, "UPDATE session SET ended_at = act_now(), ended_by = $3"
		   " WHERE person = $1 AND id = $2 AND ended_at IS NULL", login, id, by,
		   ret_count);
}

enum err
session_end_all(struct tx *tx, const char *login, const char *but, const char *by, int *ret_count)
{
	return end(tx, "UPDATE session SET ended_at = act_now(), ended_by = $3"
		   " WHERE person = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL", login,
		   but, by, ret_count);
}

enum err
principal_is_fresh(const struct principal *p)
{
	if (p->proof != PROOF_SESSION)
		return ERR_SESSION_NEEDED;
	return clock_wall_us() - p->proved_at > SESSION_FRESH_S * INT64_C(1000000) ?
		ERR_REAUTHENTICATE : OK;
}

enum err
principal_may_decide(const struct principal *p, const struct sessions *s)
{
	enum err e = principal_is_fresh(p);
	size_t i;

	for (i = 0; e == OK && i < p->office_count; i++)
		if ((s->conf.second_factor & OFFICE_BIT(p->offices[i].office)) &&
		    !p->second_factor)
			e = ERR_NO_SECOND_FACTOR;
	return e;
}
