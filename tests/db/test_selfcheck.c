/* Each protection of the database is broken in turn; the daemon must notice and name it. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "db_fixture.h"

static enum err
look(const char **ret_why, struct arena *arena)
{
	struct db_pool *pool = fixture_pool(1, 1000, 10000);
	struct tx tx;
	enum err e;

	tx_init(&tx, pool, LANE_SHORT, arena);
	e = db_schema_check(&tx, fixture_more(), ret_why);
	db_pool_free(pool);
	return e;
}

START_TEST(a_whole_database_passes)
{
	struct arena *arena = arena_new();
	const char *why = "";

	ck_assert_msg(look(&why, arena) == OK, "%s", why);
	arena_free(arena);
}
END_TEST

static const struct {
	const char *broken, *repaired, *named;
} damages[] = {
	{ "ALTER ROLE daicho_app BYPASSRLS", "ALTER ROLE daicho_app NOBYPASSRLS", "BYPASSRLS" },
	{ "ALTER ROLE daicho_app SUPERUSER", "ALTER ROLE daicho_app NOSUPERUSER", "superuser" },
	{ "ALTER ROLE daicho_app CREATEROLE", "ALTER ROLE daicho_app NOCREATEROLE",
	  "CREATEROLE" },
	{ "ALTER ROLE daicho_auditor BYPASSRLS", "ALTER ROLE daicho_auditor NOBYPASSRLS",
	  "daicho_auditor has BYPASSRLS" },
	{ "ALTER ROLE daicho_owner LOGIN", "ALTER ROLE daicho_owner NOLOGIN",
	  "daicho_owner may log in" },
	{ "GRANT daicho_owner TO daicho_app", "REVOKE daicho_owner FROM daicho_app",
	  "member of daicho_owner" },
	{ "GRANT daicho_sealer TO daicho_app", "REVOKE daicho_sealer FROM daicho_app",
	  "member of daicho_sealer" },
	{ "ALTER TABLE area OWNER TO daicho_auditor", "ALTER TABLE area OWNER TO daicho_owner",
	  "area is owned by daicho_auditor" },
	{ "ALTER FUNCTION audit_rows() OWNER TO daicho_auditor",
	  "ALTER FUNCTION audit_rows() OWNER TO daicho_owner", "audit_rows() is owned" },
	{ "ALTER TABLE asset DISABLE ROW LEVEL SECURITY", "ALTER TABLE asset ENABLE ROW "
	  "LEVEL SECURITY",
	  "no row-level security on asset" },
	{ "ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY",
	  "ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY", "row-level security on "
	  "audit_event" },
	/* of what hangs on ledgers, too, and of what is kept for persons */
	{ "ALTER TABLE attachment_chunk DISABLE ROW LEVEL SECURITY",
	  "ALTER TABLE attachment_chunk ENABLE ROW LEVEL SECURITY",
	  "no row-level security on attachment_chunk" },
	{ "ALTER TABLE notice DISABLE ROW LEVEL SECURITY",
	  "ALTER TABLE notice ENABLE ROW LEVEL SECURITY", "no row-level security on notice" },
	{ "ALTER POLICY seen ON external_media RENAME TO other",
	  "ALTER POLICY other ON external_media RENAME TO seen", "no policy for seen on "
	  "external_media" },
	{ "ALTER POLICY added ON contract RENAME TO other",
	  "ALTER POLICY other ON contract RENAME TO added", "no policy for added on contract" },
	{ "ALTER TABLE request_step DISABLE ROW LEVEL SECURITY; DROP POLICY seen ON request_step; "
	  "DROP POLICY reviewed ON request_step",
	  "SELECT policies_build('request_step', 'EXISTS (SELECT FROM request r WHERE r.request_no "
	  "= request_step.request)', NULL)",
	  "not those of the last migration" },
	{ "CREATE POLICY wide ON person USING (true)", "DROP POLICY wide ON person",
	  "policy wide on person lets all pass" },
	{ "CREATE POLICY wide ON person TO daicho_app USING (login <> '')",
	  "DROP POLICY wide ON person", "not those of the last migration" },
	{ "ALTER TABLE asset DISABLE TRIGGER audit_update", "ALTER TABLE asset ENABLE "
	  "TRIGGER audit_update",
	  "trigger audit_update on asset" },
	{ "DROP TRIGGER audit_delete ON request_step",
	  "SELECT audit_attach('request_step', 'step_no')",
	  "trigger audit_delete on request_step" },
	{ "DROP TRIGGER audit_insert ON area; DROP TRIGGER audit_update ON area; "
	  "DROP TRIGGER audit_delete ON area",
	  "SELECT audit_attach('area', 'code')", "not those of the last migration" },
	{ "ALTER TABLE asset DISABLE TRIGGER a_judge_insert",
	  "ALTER TABLE asset ENABLE TRIGGER a_judge_insert", "trigger a_judge_insert on asset" },
	{ "GRANT DELETE ON audit_event TO daicho_app", "REVOKE DELETE ON audit_event FROM "
	  "daicho_app",
	  "writing the audit log" },
	{ "GRANT TRUNCATE ON asset TO daicho_app", "REVOKE TRUNCATE ON asset FROM daicho_app",
	  "may TRUNCATE asset" },
	{ "GRANT CREATE ON SCHEMA public TO daicho_app", "REVOKE CREATE ON SCHEMA public "
	  "FROM daicho_app",
	  "create in schema public" },
	{ "ALTER VIEW directory SET (security_barrier = off)", "ALTER VIEW directory SET "
	  "(security_barrier = true)",
	  "not those of the last migration" },
	{ "ALTER FUNCTION audit_rows() SECURITY INVOKER", "ALTER FUNCTION audit_rows() "
	  "SECURITY DEFINER",
	  "not those of the last migration" },
};

START_TEST(a_damage_is_named)
{
	struct arena *arena = arena_new();
	const char *why = "";
	enum err e;

	free(fixture_sql(damages[_i].broken));
	e = look(&why, arena);
	free(fixture_sql(damages[_i].repaired));
	ck_assert_msg(e == ERR_STATE, "passed: %s", damages[_i].broken);
	ck_assert_msg(strstr(why, damages[_i].named) != NULL, "%s: %s", damages[_i].broken, why);
	ck_assert_msg(look(&why, arena) == OK, "after repair: %s", why);
	arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("selfcheck");
	TCase *t = tcase_create("selfcheck");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, fixture_begin, fixture_end);
	tcase_add_test(t, a_whole_database_passes);
	tcase_add_loop_test(t, a_damage_is_named, 0, (int)ARRAY_SIZE(damages));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
