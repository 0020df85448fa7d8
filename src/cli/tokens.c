/* Tokens and identities where the machine stands: for anybody, without a log-in. */
#include <stdio.h>
#include <string.h>

#include <api/api.h>
#include <org/address.h>
#include <org/token.h>
#include <cli/cli.h>

/* The words of a list apart by commas; at most `most`. */
static size_t
words(struct arena *arena, const char *list, const char **v, size_t most)
{
	size_t n = 0;

	while (*list != '\0' && n < most) {
		size_t len = strcspn(list, ",");

		v[n++] = arena_dup(arena, list, len);
		list += len + (list[len] == ',');
	}
	return *list == '\0' ? n : most + 1;
}

static const char *const *
ledger_names(struct arena *arena)
{
	const struct route *r;
	const char **names;
	size_t n = 0;

	for (r = routes; r->path != NULL; r++)
		n++;
	names = arena_array(arena, n + 1, sizeof(*names));
	for (n = 0, r = routes; r->path != NULL; r++)
		if (r->ledger != NULL && !str_in(r->ledger, names))
			names[n++] = r->ledger;
	return names;
}

static enum err
institution_names(struct cli *c, const char *const **ret)
{
	PGresult *res;
	const char **names;
	enum err e = tx_once(&c->tx, "SELECT code FROM institution ORDER BY code", NULL, &res);
	int i;

	if (e != OK)
		return e;
	names = arena_array(c->arena, (size_t)PQntuples(res) + 1, sizeof(*names));
	for (i = 0; i < PQntuples(res); i++)
		names[i] = PQgetvalue(res, i, 0);
	*ret = names;
	return OK;
}

static int
take_scopes(struct cli *c, const char *list, struct token_wish *w)
{
	struct token_scope *v = arena_array(c->arena, TOKEN_SCOPES_MAX, sizeof(*v));
	struct token_names names = { ledger_names(c->arena), NULL };
	const char *text[TOKEN_SCOPES_MAX];
	struct faults faults;
	size_t i, n = words(c->arena, list, text, TOKEN_SCOPES_MAX);
	enum err e = institution_names(c, &names.institutions);

	if (e != OK)
		return cli_error(c, "token issue", e);
	if (n == 0 || n > TOKEN_SCOPES_MAX)
		return cli_fail("--scope", "1 to 32 scopes such as assets:read@CODE");
	faults_init(&faults, c->arena, 10);
	for (i = 0; i < n; i++)
		if (!token_scope_check(c->arena, text[i], &names, "scope", &faults, &v[i]))
			return cli_fail(text[i], faults.v[0].en);
	w->scopes = v;
	w->scope_count = n;
	return 0;
}

static int
take_addresses(struct cli *c, const char *list, struct token_wish *w)
{
	const char **v = arena_array(c->arena, ADDRESSES_MAX, sizeof(*v));
	const char *text[ADDRESSES_MAX];
	size_t i, n;

	if (list == NULL)
		return 0;
	n = words(c->arena, list, text, ADDRESSES_MAX);
	if (n == 0 || n > ADDRESSES_MAX)
		return cli_fail("--address", "1 to 64 addresses or networks, or unix");
	for (i = 0; i < n; i++)
		if (!address_read(c->arena, text[i], &v[i]))
			return cli_fail(text[i], "is no address, no network such as "
					"192.0.2.0/24, and not unix");
	w->addresses = v;
	w->address_count = n;
	return 0;
}

static int
print_issued(const struct token_issued *t)
{
	puts(t->token);
	fprintf(stderr, "valid until %s; it is not shown again\n", t->expires);
	return 0;
}

int
cmd_token_issue(struct cli *c, const struct cli_args *a)
{
	const char *days = cli_option(a, "days"), *scope = cli_option(a, "scope");
	struct token_wish wish = { .person = a->v[0], .note = cli_option(a, "note") };
	struct token_issued issued;
	int64_t n = TOKEN_DAYS;
	enum err e;

	if (days != NULL && !number_read(days, 1, TOKEN_DAYS_MAX, &n))
		return cli_fail("token issue", "--days must be 1..366");
	wish.days = (int)n;
	if (take_scopes(c, scope == NULL ? "*:*" : scope, &wish) != 0 ||
	    take_addresses(c, cli_option(a, "address"), &wish) != 0)
		return 1;
	e = token_issue(&c->tx, &wish, &issued);
	if (e == ERR_NOT_FOUND)
		return cli_fail("token issue", "there is no such active person");
	return e == OK ? print_issued(&issued) : cli_error(c, "token issue", e);
}

int
cmd_token_list(struct cli *c, const struct cli_args *a)
{
	static const char sql[] =
		"SELECT id, person, array_to_string(scopes, ','),"
		" coalesce(array_to_string(addresses, ','), '-'), expires_at::date,"
		" CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= act_now()"
		" THEN 'expired' ELSE 'live' END,"
		" coalesce(to_char(last_used_at, 'YYYY-MM-DD HH24:MI'), 'never'),"
		" coalesce(last_used_from, '-'), coalesce(note, '') FROM token"
		" ORDER BY issued_at, id";
	PGresult *res;
	enum err e = tx_once(&c->tx, sql, NULL, &res);
	int i;

	(void)a;
	if (e != OK)
		return cli_error(c, "token list", e);
	for (i = 0; i < PQntuples(res); i++)
		printf("%s  %-20s %-24s %s  %s  %-7s %s  %s  %s\n", PQgetvalue(res, i, 0),
		       PQgetvalue(res, i, 1), PQgetvalue(res, i, 2), PQgetvalue(res, i, 3),
		       PQgetvalue(res, i, 4), PQgetvalue(res, i, 5), PQgetvalue(res, i, 6),
		       PQgetvalue(res, i, 7), PQgetvalue(res, i, 8));
	return 0;
}

int
cmd_token_rotate(struct cli *c, const struct cli_args *a)
{
	const char *grace = cli_option(a, "grace");
	struct token_issued issued;
	int64_t n = 0;
	enum err e;

	if (grace != NULL && !number_read(grace, 0, TOKEN_GRACE_MAX, &n))
		return cli_fail("token rotate", "--grace must be 0..3600 seconds");
	e = token_rotate(&c->tx, a->v[0], NULL, (int)n, true, &issued);
	if (e == ERR_NOT_FOUND)
		return cli_fail("token rotate", "there is no such live token");
	if (e == ERR_CONFLICT)
		return cli_fail("token rotate", "it has been rotated already");
	return e == OK ? print_issued(&issued) : cli_error(c, "token rotate", e);
}

int
cmd_token_revoke(struct cli *c, const struct cli_args *a)
{
	enum err e = token_revoke(&c->tx, a->v[0], NULL, NULL);

	if (e == ERR_NOT_FOUND)
		return cli_fail("token revoke", "there is no such token");
	if (e != OK)
		return cli_error(c, "token revoke", e);
	puts("revoked; it ends within a second");
	return 0;
}

int
cmd_identity_set(struct cli *c, const struct cli_args *a)
{
	static const char sql[] =
		"INSERT INTO person_identity (person, kind, value) SELECT login, $2, $3 FROM person"
		" WHERE login = $1 ON CONFLICT (person, kind) DO UPDATE SET value = excluded.value"
		" RETURNING person";
	struct tx_args args = { .n = 3, .v = { a->v[0], a->v[1], a->v[2] } };
	PGresult *res;
	enum err e = tx_once(&c->tx, sql, &args, &res);

	if (e == ERR_CONFLICT && str_eq(c->tx.sqlstate, "23505"))
		return cli_fail("identity set", "this value names another person already");
	if (e == ERR_CONFLICT)
		return cli_fail("identity set", "the only kind is eppn, its form name@domain");
	if (e != OK)
		return cli_error(c, "identity set", e);
	return PQntuples(res) == 1 ? 0 : cli_fail("identity set", "there is no such person");
}

int
cmd_identity_remove(struct cli *c, const struct cli_args *a)
{
	struct tx_args args = { .n = 2, .v = { a->v[0], a->v[1] } };
	PGresult *res;
	enum err e = tx_once(&c->tx, "DELETE FROM person_identity WHERE person = $1 AND kind = $2"
			     " RETURNING person", &args, &res);

	if (e != OK)
		return cli_error(c, "identity remove", e);
	return PQntuples(res) == 1 ? 0 : cli_fail("identity remove", "there is no such identity");
}

int
cmd_identity_list(struct cli *c, const struct cli_args *a)
{
	PGresult *res;
	enum err e = tx_once(&c->tx, "SELECT person, kind, value FROM person_identity"
			     " ORDER BY person, kind", NULL, &res);
	int i;

	(void)a;
	if (e != OK)
		return cli_error(c, "identity list", e);
	for (i = 0; i < PQntuples(res); i++)
		printf("%-20s %s %s\n", PQgetvalue(res, i, 0), PQgetvalue(res, i, 1),
		       PQgetvalue(res, i, 2));
	return 0;
}
