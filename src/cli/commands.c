/* The small commands: schema, tokens, demonstration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <api/api.h>
#include <api/openapi.h>
#include <base/date.h>
#include <db/migrate.h>
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
cmd_columns(struct cli *c, const struct cli_args *a)
{
	const struct ledger *l = ledger_by_path(a->v[0]);
	size_t i;

	(void)c;
	if (l == NULL)
		return cli_fail(a->v[0], "no such ledger (assets, media, units, areas, persons, "
				"offices, institutions, asset-users, policies, rating-levels)");
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
	why = demo_load(c->demo, c->store, c->config.database_owner, print_line);
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
