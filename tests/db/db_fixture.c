#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <sodium.h>

#include <workflow/kind.h>
#include "db_fixture.h"
#include "embedded_help.h"

static struct embedded *server;
static struct help_said said;
static char owner[1300], app[1300], *more;

void
fixture_begin(void)
{
	const char *why = NULL;
	char super[1200];
	int done = 0;

	ck_assert_int_ge(sodium_init(), 0);
	help_begin();
	server = help_start(help_path("db"), &said);
	snprintf(super, sizeof(super), "%s user=%s", embedded_conninfo(server),
		 EMBEDDED_SUPERUSER);
	snprintf(owner, sizeof(owner), "%s dbname=daicho", super);
	snprintf(app, sizeof(app), "%s dbname=daicho user=daicho_app",
		 embedded_conninfo(server));
	ck_assert_msg(db_create(super, &why), "%s", why);
	ck_assert_msg(db_migrate(owner, fixture_more(), &done, &why), "%s", why);
	ck_assert_int_gt(done, 0);
}

const char *
fixture_more(void)
{
	if (more == NULL)
		more = workflows_sql();
	return more;
}

void
fixture_end(void)
{
	free(more);
	more = NULL;
	embedded_stop(server);
	help_end();
}

const char *
fixture_owner(void)
{
	return owner;
}

const char *
fixture_app(void)
{
	return app;
}

struct db_pool *
fixture_pool(int size, int wait_ms, int timeout_ms)
{
	struct db_conf conf = { .conninfo = app, .size = { size, size }, .wait_ms = wait_ms,
		.timeout_ms = { timeout_ms, timeout_ms }, .prepare = true };

	return db_pool_new(&conf);
}

char *
fixture_sql(const char *sql)
{
	PGconn *pg = PQconnectdb(owner);
	PGresult *res = PQexec(pg, sql);
	ExecStatusType st = PQresultStatus(res);
	char *cell = NULL;

	ck_assert_msg(st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK, "%s: %s", sql,
		      PQerrorMessage(pg));
	if (PQntuples(res) > 0 && !PQgetisnull(res, 0, 0))
		cell = xstrdup(PQgetvalue(res, 0, 0));
	PQclear(res);
	PQfinish(pg);
	return cell;
}

void
fixture_refused(const char *conninfo, const char *sql, char state[6])
{
	PGconn *pg = PQconnectdb(conninfo);
	PGresult *res = PQexec(pg, sql);
	const char *s = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	ck_assert_msg(s != NULL, "not refused: %s", sql);
	snprintf(state, 6, "%s", s);
	PQclear(res);
	PQfinish(pg);
}
