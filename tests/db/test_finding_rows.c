/* Findings beneath HTTP: who sees them, what each ledger needs, and what a change touches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"
#include "db_fixture.h"
#include "two_institutions.h"

/* Every `when` of every column and sheet is SQL over a row of its ledger. */
START_TEST(every_condition_is_sql)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	PGresult *res = NULL;
	char *key;

	two_act_iso();
	key = fixture_sql(arena_printf(two_arena, "SELECT max(%s) FROM %s WHERE %s = 'hoshi'",
				       l->key, l->table, l->scope));
	ck_assert_ptr_nonnull(key);
	ck_assert_int_eq(store_missing(two_store, &two_tx, l, key, "{hoshi}", &res), OK);
	ck_assert_int_ge(tx_int(res, 0, 1), 0);
	ck_assert_int_eq(store_missing(two_store, &two_tx, l, key, "{umi}", &res), ERR_NOT_FOUND);
	free(key);
}
END_TEST

/* What is needed by what the row says, and what nobody can fill in. */
START_TEST(columns_are_missed_when_they_are_needed)
{
	static const struct {
		const char *set, *column;
		bool missed;
	} tries[] = {
		{ "asset_type = 'server'", "nas_per_user_auth", false },
		{ "asset_type = 'nas'", "nas_per_user_auth", true },
		{ "nas_per_user_auth = true", "nas_per_user_auth", false },
		{ "functions = '{web}'", "web_https_all", true },
		{ "functions = '{mail}'", "web_https_all", false },
		{ "hostname = '{}'", "rating_by", false },
		{ "confidentiality = 3", "asset_no", false },
	};
	PGresult *res;
	size_t i;

	two_act_iso();
	ck_assert_int_eq(tx_begin(&two_tx), OK);
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		const char *names;
		bool found;

		ck_assert_int_eq(two_try(arena_printf(two_arena, "UPDATE asset SET %s WHERE "
			"asset_no = 'Hits2'", tries[i].set)), OK);
		ck_assert_int_eq(store_missing(two_store, &two_tx, &ledger_asset, "Hits2",
					       "{hoshi}", &res), OK);
		names = PQgetvalue(res, 0, 0);
		found = strstr(names, tries[i].column) != NULL;
		ck_assert_msg(found == tries[i].missed, "%s: %s in %s", tries[i].set,
			      tries[i].column, names);
	}
	tx_rollback(&two_tx);
}
END_TEST

START_TEST(nothing_is_seen_without_an_act)
{
	two_tx.ctx = (struct tx_context){ 0 };
	ck_assert_str_eq(two_one("SELECT count(*) FROM finding WHERE institution IS NOT NULL"),
			 "0");
	two_act_iso();
	ck_assert_str_ne(two_one("SELECT count(*) FROM finding WHERE institution = 'hoshi'"),
			 "0");
}
END_TEST

/* By what the office sees of the row; an own row shows its own. */
static const struct {
	const char *person, *office, *reach, *sees;
} seers[] = {
	{ "iso", "iso", "iiii4", "Hfar4,Hits1,Hlab4" },
	{ "other", "csirt_member", "inin-", "Hfar4,Hits1" }, /* named on far */
	{ "admin", "csirt_member", "inin-", "Hits1,Hlab4" },
	{ "ism", "ism", "unuu4", "Hits1,Hlab4" },
	{ "admin", "sysadmin", "oooo-", "Hits1,Hlab4" },
	{ "user", "staff", "onon-", "Hfar4" },
};

START_TEST(findings_are_seen_as_their_rows_are)
{
	two_act(seers[_i].person, seers[_i].office, "hoshi", seers[_i].reach);
	ck_assert_str_eq(two_one("SELECT string_agg(DISTINCT object, ',' ORDER BY object) FROM "
		"finding WHERE object IN ('Hits1', 'Hlab4', 'Hfar4', 'Uits1')"), seers[_i].sees);
}
END_TEST

START_TEST(nobody_writes_them)
{
	static const char *const writes[] = {
		"UPDATE finding SET closed_at = now()",
		"DELETE FROM finding",
		"INSERT INTO finding (rule, ledger, object, severity, opened_at, due_on) VALUES "
		"('X', 'asset', 'Hits1', 'error', now(), now())",
		"INSERT INTO finding_queue (ledger, keys) VALUES ('asset', '{Hits1}')",
		"SELECT asset_findings('{Hits1}')",
		"SELECT findings_build('asset')",
	};
	char state[6];

	fixture_refused(fixture_app(), writes[_i], state);
	ck_assert_str_eq(state, "42501");
}
END_TEST

/* A rule that came later: rows that were there before it have a finding, not a refusal. */
START_TEST(rows_from_before_a_rule_are_found)
{
	free(fixture_sql("BEGIN; ALTER TABLE asset DISABLE TRIGGER USER;"
		"UPDATE asset SET users_text = NULL WHERE asset_no = 'Uits1';"
		"ALTER TABLE asset ENABLE TRIGGER USER; COMMIT;"
		"SELECT asset_findings('{Uits1}')"));
	two_act("iso", "iso", "umi", "iiii4");
	ck_assert_str_eq(two_one("SELECT count(*) FROM finding WHERE object = 'Uits1' AND rule = "
				 "'REG-08' AND closed_at IS NULL"), "1");
}
END_TEST

/* Both ways of judging come to the same. */
START_TEST(the_pass_agrees_with_the_change)
{
	char *n;

	free(fixture_sql("UPDATE asset SET note = 'x' WHERE users_text IS NOT NULL;"
			 "UPDATE external_media SET name = 'x'"));
	n = fixture_sql("SELECT coalesce(sum(r.opened + r.closed), 0) FROM (SELECT * FROM "
			"findings_begin()) b, findings_refresh(b.ledger, b.families) r "
			"WHERE b.ledger IN ('asset', 'external_media')");
	ck_assert_str_eq(n, "0");
	free(n);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("finding_rows");
	TCase *t = tcase_create("findings");

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, two_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_loop_test(t, every_condition_is_sql, 0, LEDGER__MAX);
	tcase_add_test(t, columns_are_missed_when_they_are_needed);
	tcase_add_test(t, nothing_is_seen_without_an_act);
	tcase_add_loop_test(t, findings_are_seen_as_their_rows_are, 0, (int)ARRAY_SIZE(seers));
	tcase_add_loop_test(t, nobody_writes_them, 0, 6);
	tcase_add_test(t, rows_from_before_a_rule_are_found);
	tcase_add_test(t, the_pass_agrees_with_the_change);
	suite_add_tcase(s, t);
	return suite_run(s);
}
