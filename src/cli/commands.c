/* The small commands: schema, tokens, offices, demonstration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <api/api.h>
#include <api/openapi.h>
#include <base/date.h>
#include <db/migrate.h>
#include <org/token.h>
#include <cli/cli.h>

int
cmd_init(struct cli *c, const struct cli_args *a)
{
	const char *why = NULL;
	struct buf b;
	bool fine;

	buf_init(&b, 4096);
	if (c->embedded != NULL)
		buf_addf(&b, "%s user=%s", embedded_conninfo(c->embedded), EMBEDDED_SUPERUSER);
	else
		buf_addf(&b, "%s dbname=postgres", c->config.database_owner);
	fine = db_create(buf_text(&b), &why);
	buf_release(&b);
	return fine ? cmd_migrate(c, a) : cli_fail("init", why);
}

int
cmd_migrate(struct cli *c, const struct cli_args *a)
{
	const char *why = NULL;
	int done;

	(void)a;
	if (!db_migrate(c->config.database_owner, &done, &why))
		return cli_fail("migrate", why);
	printf("%d migrations applied\n", done);
	return 0;
}

int
cmd_token_issue(struct cli *c, const struct cli_args *a)
{
	const char *days = cli_option(a, "days"), *scope = cli_option(a, "scope"), *token;
	int64_t n = 90;
	enum err e;

	if (days != NULL && !number_read(days, 1, 3650, &n))
		return cli_fail("token issue", "--days must be 1..3650");
	if (str_eq(scope, ""))
		return cli_fail("token issue", "--scope takes read, write, import");
	e = token_issue(&c->tx, a->v[0], arena_printf(c->arena, "{%s}",
			scope == NULL ? "read,write,import" : scope), (int)n,
			cli_option(a, "note"), &token);
	if (e == ERR_CONFLICT)
		return cli_fail("token issue", "--scope takes read, write, import");
	if (e == ERR_NOT_FOUND)
		return cli_fail("token issue", "there is no such active person");
	if (e != OK)
		return cli_error(c, "token issue", e);
	puts(token);
	return 0;
}

int
cmd_token_list(struct cli *c, const struct cli_args *a)
{
	static const char sql[] =
		"SELECT id, person, array_to_string(scopes, ','), expires_at::date,"
		" CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now()"
		" THEN 'expired' ELSE 'live' END, coalesce(note, '') FROM token ORDER BY issued_at";
	PGresult *res;
	enum err e = tx_once(&c->tx, sql, NULL, &res);
	int i;

	(void)a;
	if (e != OK)
		return cli_error(c, "token list", e);
	for (i = 0; i < PQntuples(res); i++)
		printf("%s  %-20s %-18s %s  %-7s %s\n", PQgetvalue(res, i, 0),
		       PQgetvalue(res, i, 1), PQgetvalue(res, i, 2), PQgetvalue(res, i, 3),
		       PQgetvalue(res, i, 4), PQgetvalue(res, i, 5));
	return 0;
}

int
cmd_token_revoke(struct cli *c, const struct cli_args *a)
{
	struct tx_args args = { .n = 1, .v = { a->v[0] } };
	PGresult *res;
	enum err e = tx_once(&c->tx, "UPDATE token SET revoked_at = now() WHERE id = $1 AND "
			     "revoked_at IS NULL", &args, &res);

	if (e != OK)
		return cli_error(c, "token revoke", e);
	if (strcmp(PQcmdTuples(res), "1") != 0)
		return cli_fail("token revoke", "there is no such live token");
	puts("revoked; it ends within a second");
	return 0;
}

/* The first appointments, made where the machine stands; the audit row says so. */
int
cmd_office_grant(struct cli *c, const struct cli_args *a)
{
	static const struct {
		const char *field, *option;
	} map[] = { { "institution", "institution" }, { "unit", "unit" }, { "term_from", "from" },
		{ "term_to", "to" }, { "appointed_by", "appointed-by" }, { "basis_note", "note" } };
	const struct ledger *l = &ledger_office;
	struct record r = { .ledger = l };
	struct faults faults;
	PGresult *res;
	enum err e;
	size_t i;

	if (cli_option(a, "bootstrap") == NULL)
		return cli_fail("office grant", "only --bootstrap grants are made here");
	if (cli_option(a, "appointed-by") == NULL)
		return cli_fail("office grant", "--appointed-by names who appoints");
	faults_init(&faults, c->arena, 100);
	json_t *j = json_object();
	json_object_set_new(j, "person", json_string(a->v[0]));
	json_object_set_new(j, "office", json_string(a->v[1]));
	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (cli_option(a, map[i].option) != NULL)
			json_object_set_new(j, map[i].field,
					    json_string(cli_option(a, map[i].option)));
	if (json_object_get(j, "term_from") == NULL) {
		e = tx_once(&c->tx, "SELECT current_date", NULL, &res);
		if (e != OK)
			return cli_error(c, "office grant", e);
		json_object_set_new(j, "term_from", json_string(PQgetvalue(res, 0, 0)));
	}
	c->tx.ctx.operation = "bootstrap";
	e = record_read(l, c->arena, j, RECORD_CREATE, &faults, &r);
	json_decref(j);
	if (e == OK)
		e = store_insert(c->store, &c->tx, &r, "{*}", &faults, &res);
	for (i = 0; i < faults.n; i++)
		fprintf(stderr, "%s: [%s] %s %s\n", faults.v[i].field, faults.v[i].code,
			faults.v[i].ja, faults.v[i].en);
	if (e != OK)
		return cli_error(c, "office grant", e);
	puts(row_key(l, res, 0));
	return 0;
}

int
cmd_columns(struct cli *c, const struct cli_args *a)
{
	const struct ledger *l = ledger_by_path(a->v[0]);
	size_t i;

	(void)c;
	if (l == NULL)
		return cli_fail(a->v[0], "no such ledger (assets, media, units, areas, persons, "
				"offices, institutions, asset-users)");
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		const struct choice *ch;

		printf("%-32s %s%s%s\n", f->name, f->label, f->clause == NULL ? "" : "  ",
		       f->clause == NULL ? "" : f->clause);
		if (f->when != NULL)
			printf("\tneeded: %s\n", f->when);
		for (ch = f->choices; ch != NULL && ch->value != NULL; ch++)
			printf("\t%-24s %s\n", ch->value, ch->label);
	}
	return 0;
}

static void
print_line(const char *line)
{
	puts(line);
}

int
cmd_demo_load(struct cli *c, const struct cli_args *a)
{
	const char *why;

	(void)a;
	why = demo_load(c->demo, c->store, c->pool, print_line);
	return why == NULL ? 0 : cli_fail("demo load", why);
}

int
cmd_demo_logins(struct cli *c, const struct cli_args *a)
{
	const char *why;

	if (c->embedded == NULL)
		return cli_fail("demo logins", "only with --embedded");
	why = demo_logins(c->pool, cli_option(a, "json") != NULL);
	return why == NULL ? 0 : cli_fail("demo logins", why);
}

int
cmd_openapi(struct cli *c, const struct cli_args *a)
{
	struct buf b;

	(void)c;
	(void)a;
	buf_init(&b, 64 * 1024 * 1024);
	openapi_put(routes, &b);
	fputs(buf_text(&b), stdout);
	buf_release(&b);
	return 0;
}

int
cmd_version(struct cli *c, const struct cli_args *a)
{
	(void)c;
	(void)a;
	puts("daicho " DAICHO_VERSION);
	return 0;
}
