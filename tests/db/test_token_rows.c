/* What the database keeps of tokens and identities, what it refuses, and what it tells the log. */
#include <db/sql_files.h>
#include "token_fixture.h"

/* ---- what the database refuses ---------------------------------------------------------- */

#define ROW "INSERT INTO token (id, person, secret_sha256, scopes, addresses, expires_at) VALUES "

static const struct {
	const char *sql, *state;
} refused[] = {
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{read}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:approve}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{\"*:read|*:write\",x}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read,NULL}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read@Hoshi}', NULL, now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), NULL, NULL, now())", "23502" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read}', '{}', now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read}', '{everywhere}', now())", "23514" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read}', NULL, NULL)", "23502" },
	{ ROW "('x1', 'hoshi.a', sha256('1'), '{*:read}', NULL, now() + interval '367 days')",
	  "23514" },
	{ ROW "('x1', 'nobody.x', sha256('1'), '{*:read}', NULL, now())", "23503" },
	{ ROW "('x1', 'hoshi.a', '1', '{*:read}', NULL, now())", "23514" },
	{ "UPDATE token SET scopes = '{*:*}'", "42501" },
	{ "UPDATE token SET person = 'hoshi.b'", "42501" },
	{ "UPDATE token SET secret_sha256 = sha256('1')", "42501" },
	{ "UPDATE token SET addresses = NULL", "42501" },
	{ "UPDATE token SET expires_at = expires_at + interval '1 hour'", "DR002" },
	{ "UPDATE token SET revoked_at = NULL", "DR002" },
	{ "DELETE FROM token", "42501" },
	{ "TRUNCATE token CASCADE", "42501" },
	{ "INSERT INTO person_identity VALUES ('hoshi.a', 'eppn', 'no-at-sign')", "23514" },
	{ "INSERT INTO person_identity VALUES ('hoshi.a', 'eppn', '(null)')", "23514" },
	{ "INSERT INTO person_identity VALUES ('hoshi.a', 'mail', 'a@example.ac.jp')", "23514" },
	{ "INSERT INTO person_identity VALUES ('nobody.x', 'eppn', 'a@example.ac.jp')", "23503" },
};

START_TEST(the_database_refuses)
{
	struct token_issued t = issue("hoshi.a", 1);
	char state[6];

	ck_assert_int_eq(token_revoke(&tx, t.id, NULL, NULL), OK);
	fixture_refused(fixture_app(), refused[_i].sql, state);
	ck_assert_msg(strcmp(state, refused[_i].state) == 0, "%s: %s", refused[_i].sql, state);
}
END_TEST

START_TEST(the_auditor_sees_no_secret)
{
	char conninfo[1400], state[6], *app = xstrdup(fixture_app());
	char *user = strstr(app, "daicho_app");

	ck_assert_ptr_nonnull(user);
	snprintf(conninfo, sizeof(conninfo), "%.*sdaicho_auditor%s", (int)(user - app), app,
		 user + strlen("daicho_app"));
	fixture_refused(conninfo, "SELECT secret_sha256 FROM token", state);
	ck_assert_str_eq(state, "42501");
	fixture_refused(conninfo, "SELECT value FROM person_identity", state);
	ck_assert_str_eq(state, "42501");
	free(app);
}
END_TEST

/* ---- the log ---------------------------------------------------------------------------- */

static void
events_are(const char *id, const char *want)
{
	char sql[400], *got;

	snprintf(sql, sizeof(sql), "SELECT string_agg(action || ' ' || version || ' ' ||"
		 " institution || ' ' || (after ? 'revoked_at')::text, ', ' ORDER BY id)"
		 " FROM audit_event WHERE object_type = 'token' AND object = '%s'", id);
	got = fixture_sql(sql);
	ck_assert_msg(str_eq(got, want), "%s", got == NULL ? "NULL" : got);
	free(got);
}

START_TEST(the_log_tells)
{
	struct token_issued t = issue("hoshi.a", 1), next;
	char *secrets;

	ck_assert_int_eq(token_touch(&tx, t.id, "192.0.2.1"), OK);
	events_are(t.id, "insert 1 hoshi false");
	ck_assert_int_eq(token_rotate(&tx, t.id, NULL, 0, true, &next), OK);
	events_are(t.id, "insert 1 hoshi false, update 2 hoshi true");
	ck_assert_int_eq(token_revoke(&tx, next.id, NULL, NULL), OK);
	ck_assert_int_eq(token_revoke(&tx, next.id, NULL, NULL), OK);
	events_are(next.id, "insert 1 hoshi false, update 2 hoshi true");
	secrets = fixture_sql("SELECT count(*) FROM audit_event WHERE after ? 'secret_sha256'");
	ck_assert_str_eq(secrets, "0");
	free(secrets);
}
END_TEST

/* ---- identities ------------------------------------------------------------------------- */

START_TEST(a_proxy_names_a_person)
{
	struct principal *p = NULL;

	free(fixture_sql("DELETE FROM person_identity; INSERT INTO person_identity (person, kind, "
			 "value) VALUES ('hoshi.b', 'eppn', 'b@example.ac.jp')"));
	ck_assert_int_eq(access_identity(arena, pool, "eppn", "b@example.ac.jp", &p), OK);
	ck_assert_str_eq(p->login, "hoshi.b");
	ck_assert_int_eq(p->proof, PROOF_PROXY);
	ck_assert(!principal_is_token(p));
	ck_assert_int_eq(access_identity(arena, pool, "eppn", "B@example.ac.jp", &p),
			 ERR_UNAUTHENTICATED);
	ck_assert_int_eq(access_identity(arena, pool, "eppn", "b@example.ac.jp ", &p),
			 ERR_UNAUTHENTICATED);
	ck_assert_int_eq(access_identity(arena, pool, "eppn", "hoshi.b", &p),
			 ERR_UNAUTHENTICATED);
	ck_assert_int_eq(access_identity(arena, pool, "mail", "b@example.ac.jp", &p),
			 ERR_UNAUTHENTICATED);
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(access_identity(arena, pool, "eppn", "b@example.ac.jp", &p),
			 ERR_UNAUTHENTICATED);
}
END_TEST

START_TEST(one_value_names_one_person)
{
	char state[6];

	free(fixture_sql("DELETE FROM person_identity; INSERT INTO person_identity (person, kind, "
			 "value) VALUES ('hoshi.b', 'eppn', 'b@example.ac.jp')"));
	fixture_refused(fixture_app(), "INSERT INTO person_identity (person, kind, value) VALUES "
			"('hoshi.a', 'eppn', 'b@example.ac.jp')", state);
	ck_assert_str_eq(state, "23505");
}
END_TEST

/* ---- rows of before --------------------------------------------------------------------- */

static void
run_sql(PGconn *pg, const char *what, const char *sql)
{
	PGresult *res = PQexec(pg, sql);
	ExecStatusType st = PQresultStatus(res);

	ck_assert_msg(st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK, "%s: %s", what,
		      PQerrorMessage(pg));
	PQclear(res);
}

START_TEST(old_rows_keep_their_meaning)
{
	static const char old_rows[] =
		"INSERT INTO institution (code, name_ja, incident_desk_name, incident_desk_contact,"
		" external_desk_name, external_desk_contact) VALUES ('a', 'a', 'd', 'd', 'd', 'd');"
		"INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from)"
		" VALUES ('a-u', 'a', 'u', 'department', '2020-01-01');"
		"INSERT INTO person (login, institution, name_ja, email, unit, person_kind)"
		" VALUES ('p', 'a', 'p', 'p@example.ac.jp', 'a-u', 'employee');"
		"INSERT INTO token (id, person, secret_sha256, scopes, expires_at) VALUES"
		" ('1', 'p', sha256('1'), '{read,write,import}', now() + interval '90 days'),"
		" ('2', 'p', sha256('2'), '{read}', now() + interval '3650 days')";
	char conninfo[1400];
	const struct sql_file *f;
	PGresult *res;
	PGconn *pg;

	free(fixture_sql("DROP DATABASE IF EXISTS before"));
	free(fixture_sql("CREATE DATABASE before TEMPLATE template0 ENCODING 'UTF8'"));
	snprintf(conninfo, sizeof(conninfo), "%s", fixture_owner());
	memcpy(strstr(conninfo, "dbname=daicho"), "dbname=before", strlen("dbname=before"));
	pg = PQconnectdb(conninfo);
	for (f = sql_files; f->path != NULL; f++) {
		if (!str_starts(f->path, "migrations/"))
			continue;
		if (str_starts(f->path, "migrations/0005"))
			run_sql(pg, "old rows", old_rows);
		if (strcmp(f->path, "migrations/0006") < 0)
			run_sql(pg, f->path, f->text);
	}
	res = PQexec(pg, "SELECT string_agg(scopes::text || coalesce(addresses::text, '-') ||"
		     " (expires_at - issued_at <= interval '8784 hours')::text, ' ' ORDER BY id)"
		     " FROM token");
	ck_assert_str_eq(PQgetvalue(res, 0, 0),
			 "{*:read,*:write,*:import}-true {*:read}-true");
	PQclear(res);
	PQfinish(pg);
	free(fixture_sql("DROP DATABASE before"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_auditor_sees_no_secret, the_log_tells,
		a_proxy_names_a_person, one_value_names_one_person, old_rows_keep_their_meaning };
	Suite *suite = suite_create("token_rows");
	TCase *t = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	size_t i;
	int failed;

	tcase_add_unchecked_fixture(t, begin_all, fixture_end);
	tcase_add_checked_fixture(t, begin, end);
	tcase_set_timeout(t, 120);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tcase_add_test(t, tests[i]);
	tcase_add_loop_test(t, the_database_refuses, 0, (int)ARRAY_SIZE(refused));
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
