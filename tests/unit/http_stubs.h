/* The rooms below http, as far as its tests need them: one person, one table in memory. */
#ifndef TESTS_HTTP_STUBS_H
#define TESTS_HTTP_STUBS_H

struct kept {
	const struct tx *by; /* the transaction that has made it, until its end */
	char *key, *print, *status, *headers, *body;
};

static struct kept kept[16];
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

void
tx_init(struct tx *tx, struct db_pool *pool, enum db_lane lane, struct arena *arena)
{
	*tx = (struct tx){ .pool = pool, .lane = lane, .arena = arena };
}

void
tx_arg(struct tx_args *a, const char *v)
{
	a->v[a->n++] = v;
}

enum err
tx_begin(struct tx *tx)
{
	ck_assert(!tx->open);
	tx->open = true;
	atomic_fetch_add(&begins, 1);
	return OK;
}

static inline void
forget_kept(struct kept *k)
{
	free(k->key);
	free(k->print);
	free(k->status);
	free(k->headers);
	free(k->body);
	*k = (struct kept){ .key = NULL };
}

static inline void
end(struct tx *tx, bool keep)
{
	size_t i;

	tx->open = false;
	pthread_mutex_lock(&kept_lock);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i].by == tx) {
			kept[i].by = NULL;
			if (!keep)
				forget_kept(&kept[i]);
		}
	pthread_mutex_unlock(&kept_lock);
}

enum err
tx_commit(struct tx *tx)
{
	ck_assert(tx->open);
	end(tx, true);
	atomic_fetch_add(&commits, 1);
	return OK;
}

void
tx_rollback(struct tx *tx)
{
	if (!tx->open)
		return;
	end(tx, false);
	atomic_fetch_add(&rollbacks, 1);
}

static inline void
drop_result(void *res)
{
	PQclear(res);
}

static inline PGresult *
make_result(struct arena *arena, const char *const *cells, int columns)
{
	PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc attrs[4];
	int i;

	memset(attrs, 0, sizeof(attrs));
	for (i = 0; i < 4; i++)
		attrs[i].name = (char *)(uintptr_t)"c";
	PQsetResultAttrs(res, 4, attrs);
	for (i = 0; i < columns; i++)
		PQsetvalue(res, 0, i, (char *)(uintptr_t)cells[i], (int)strlen(cells[i]));
	arena_defer(arena, drop_result, res);
	return res;
}

static inline struct kept *
find_kept(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i].key != NULL && strcmp(kept[i].key, key) == 0)
			return &kept[i];
	return NULL;
}

static inline struct kept *
claim(const struct tx *tx, const char *key, const char *print)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i].key == NULL) {
			kept[i] = (struct kept){ .by = tx, .key = strdup(key),
				.print = strdup(print) };
			return &kept[i];
		}
	abort();
}

/* INSERT, SELECT and UPDATE of idempotency_key; person is always the same. */
enum err
tx_run(struct tx *tx, const char *sql, const struct tx_args *args, PGresult **ret)
{
	const char *cells[4] = { "1" };
	struct kept *k;

	ck_assert(tx->open);
	pthread_mutex_lock(&kept_lock);
	k = find_kept(args->v[1]);
	*ret = NULL;
	if (str_starts(sql, "WITH old AS")) {
		if (k == NULL)
			claim(tx, args->v[1], args->v[2]);
		*ret = make_result(tx->arena, cells, k == NULL ? 1 : 0);
	} else if (str_starts(sql, "UPDATE")) {
		k->status = strdup(args->v[2]);
		k->headers = strdup(args->v[3]);
		k->body = strdup(args->v[4]);
		*ret = make_result(tx->arena, cells, 0);
	} else if (k != NULL && k->by == NULL) {
		cells[0] = k->print;
		cells[1] = k->status;
		cells[2] = k->headers;
		cells[3] = k->body;
		*ret = make_result(tx->arena, cells, 4);
	} else {
		*ret = make_result(tx->arena, cells, 0);
	}
	pthread_mutex_unlock(&kept_lock);
	return OK;
}

const char *
tx_text(const PGresult *res, int row, int col)
{
	return PQgetisnull(res, row, col) ? NULL : PQgetvalue(res, row, col);
}

int64_t
tx_int(const PGresult *res, int row, int col)
{
	const char *s = tx_text(res, row, col);

	return s == NULL ? 0 : strtoll(s, NULL, 10);
}

enum err
access_identify(struct access_cache *cache, struct arena *arena, struct db_pool *pool,
		const char *token, const char *client, struct principal **ret)
{
	struct principal *p;

	(void)cache;
	(void)pool;
	ck_assert_str_eq(client, "127.0.0.1");
	if (strcmp(token, "good") != 0)
		return ERR_UNAUTHENTICATED;
	p = arena_alloc(arena, sizeof(*p));
	p->login = "taro";
	p->account = "t1";
	*ret = p;
	return OK;
}

enum err
access_decide(struct arena *arena, const struct principal *p, uint32_t offices, enum scope scope,
	      struct grant *ret)
{
	(void)arena;
	if (scope != SCOPE_PUBLIC && p == NULL)
		return ERR_UNAUTHENTICATED;
	if (scope != SCOPE_PUBLIC && !(offices & OFFICES_KNOWN))
		return ERR_FORBIDDEN;
	*ret = (struct grant){ .office = p == NULL ? OFFICE__MAX : OFFICE_STAFF, .scope = "{}" };
	return OK;
}

#endif
