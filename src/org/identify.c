#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <base/buf.h>
#include <base/clock.h>
#include <org/access.h>
#include <org/token.h>

#define CACHE_SIZE 512
#define CACHE_US 1000000 /* a disabled person is out within a second */
#define FACTS 7

/* What the database said about a token, kept as texts. */
struct known {
	unsigned char digest[crypto_hash_sha256_BYTES];
	int64_t until;
	char *facts[FACTS]; /* person, name, home, scopes, offices, institutions, account */
};

struct access_cache {
	pthread_mutex_t lock;
	struct known known[CACHE_SIZE];
};

struct access_cache *
access_cache_new(void)
{
	struct access_cache *c = xcalloc(1, sizeof(*c));

	pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void
drop(struct known *k)
{
	int i;

	for (i = 0; i < FACTS; i++) {
		free(k->facts[i]);
		k->facts[i] = NULL;
	}
	k->until = 0;
}

void
access_cache_free(struct access_cache *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < CACHE_SIZE; i++)
		drop(&c->known[i]);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static struct known *
place(struct access_cache *c, const unsigned char *digest)
{
	return &c->known[(digest[0] | digest[1] << 8) % CACHE_SIZE];
}

static bool
recall(struct access_cache *c, struct arena *arena, const unsigned char *digest,
       const char *facts[FACTS])
{
	struct known *k = place(c, digest);
	bool found;
	int i;

	pthread_mutex_lock(&c->lock);
	found = k->until > clock_mono_us() && memcmp(k->digest, digest, sizeof(k->digest)) == 0;
	for (i = 0; found && i < FACTS; i++)
		facts[i] = arena_strdup(arena, k->facts[i]);
	pthread_mutex_unlock(&c->lock);
	return found;
}

static void
remember(struct access_cache *c, const unsigned char *digest, const char *facts[FACTS])
{
	struct known *k = place(c, digest);
	int i;

	pthread_mutex_lock(&c->lock);
	drop(k);
	memcpy(k->digest, digest, sizeof(k->digest));
	for (i = 0; i < FACTS; i++)
		k->facts[i] = xstrdup(facts[i]);
	k->until = clock_mono_us() + CACHE_US;
	pthread_mutex_unlock(&c->lock);
}

static const char token_sql[] =
	"SELECT encode(t.secret_sha256, 'hex'), t.person, p.name_ja, p.institution,"
	" array_to_string(t.scopes, ','),"
	" coalesce((SELECT string_agg(o.office || ':' || coalesce(o.institution, ''), ',')"
	"  FROM offices_in_force(p.login, current_date) o), ''),"
	" coalesce((SELECT string_agg(code, ',' ORDER BY code) FROM institution WHERE active), '')"
	" FROM token t JOIN person p ON p.login = t.person"
	" WHERE t.id = $1 AND t.revoked_at IS NULL AND t.expires_at > now()"
	" AND p.active AND (p.left_on IS NULL OR p.left_on >= current_date)";

static enum err
ask(struct arena *arena, struct db_pool *pool, const char *token, const char *facts[FACTS])
{
	struct token_parts parts;
	struct tx_args args = { .n = 1 };
	struct tx tx;
	PGresult *res;
	enum err e;
	int i;

	if (!token_split(arena, token, &parts))
		return ERR_UNAUTHENTICATED;
	args.v[0] = parts.id;
	tx_init(&tx, pool, LANE_SHORT, arena);
	e = tx_once(&tx, token_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) != 1 || strlen(PQgetvalue(res, 0, 0)) != strlen(parts.digest_hex) ||
	    sodium_memcmp(PQgetvalue(res, 0, 0), parts.digest_hex,
			  strlen(parts.digest_hex)) != 0)
		return ERR_UNAUTHENTICATED;
	for (i = 0; i < FACTS - 1; i++)
		facts[i] = PQgetvalue(res, 0, i + 1);
	facts[i] = parts.id;
	return OK;
}

static size_t
split(struct arena *arena, const char *list, const char *const **ret)
{
	const char **v = arena_array(arena, strlen(list) / 2 + 2, sizeof(*v));
	size_t n = 0;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		v[n++] = arena_dup(arena, list, len);
		list += len + (list[len] == ',');
	}
	*ret = v;
	return n;
}

static unsigned
scopes_of(const char *list)
{
	unsigned s = 0;

	if (strstr(list, "read") != NULL)
		s |= 1U << SCOPE_READ;
	if (strstr(list, "write") != NULL)
		s |= 1U << SCOPE_WRITE;
	if (strstr(list, "import") != NULL)
		s |= 1U << SCOPE_IMPORT;
	return s;
}

static struct principal *
build(struct arena *arena, const char *facts[FACTS])
{
	struct principal *p = arena_alloc(arena, sizeof(*p));
	const char *const *list;
	struct appointment *offices;
	size_t n, i;

	p->login = facts[0];
	p->name = facts[1];
	p->home = facts[2];
	p->account = facts[6];
	p->scopes = scopes_of(facts[3]);
	n = split(arena, facts[4], &list);
	offices = arena_array(arena, n + 1, sizeof(*offices));
	for (i = 0; i < n; i++) {
		const char *colon = strchr(list[i], ':');
		enum office o = office_find(arena_dup(arena, list[i], (size_t)(colon - list[i])));

		if (o == OFFICE__MAX)
			continue;
		offices[p->office_count].office = o;
		offices[p->office_count++].institution = colon[1] == '\0' ? NULL : colon + 1;
	}
	p->offices = offices;
	p->institution_count = split(arena, facts[5], &p->institutions);
	return p;
}

enum err
access_identify(struct access_cache *c, struct arena *arena, struct db_pool *pool,
		const char *token, const char *client, struct principal **ret)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	const char *facts[FACTS];
	enum err e;

	(void)client; /* tokens bound to addresses come with the next issue */
	crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
	if (!recall(c, arena, digest, facts)) {
		e = ask(arena, pool, token, facts);
		if (e != OK)
			return e;
		remember(c, digest, facts);
	}
	*ret = build(arena, facts);
	return OK;
}
