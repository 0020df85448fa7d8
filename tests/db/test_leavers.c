/* Look-ups of offices, findings, leavers, the yearly review; time by a moved clock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/clock.h>
#include "office_help.h"

START_TEST(the_nearest_manager_answers)
{
	static const char of_low[] = "SELECT coalesce(string_agg(unit || ':' || person, ','"
		" ORDER BY"
		" person), '') FROM nearest_office('nao-low', 'ism', current_date)";
	char *s = fixture_sql(of_low);

	ck_assert_str_eq(s, "");
	free(s);
	free(fixture_sql("INSERT INTO role_assignment (person, office, institution, unit,"
		" term_from,"
			 " term_to, appointed_by) VALUES"
			 " ('alice', 'ism', 'nao', 'nao-top', '2020-01-01', NULL, 'iso'),"
			 " ('gone', 'ism', 'nao', 'nao-low', '2020-01-01', NULL, 'iso'),"
			 " ('bob', 'ism', 'nao', 'nao-mid', '2020-01-01', current_date - 1,"
			 " 'iso')"));
	s = fixture_sql(of_low);
	ck_assert_str_eq(s, "nao-top:alice");
	free(s);
	free(fixture_sql("INSERT INTO role_assignment (person, office, institution, unit,"
		" term_from,"
			 " appointed_by) VALUES ('carol', 'ism', 'nao', 'nao-mid',"
			 " '2020-01-01', 'iso')"));
	s = fixture_sql(of_low);
	ck_assert_str_eq(s, "nao-mid:carol");
	free(s);
	free(fixture_sql("UPDATE role_assignment SET revoked_on = current_date, revoke_reason = 'x'"
			 " WHERE office = 'ism'"));
}
END_TEST

/* Findings: one row that has it, one that has not. */
static const struct {
	const char *sql, *wrong, *right;
} findings[] = {
	{ "SELECT 'ROLE-03' = ANY (office_violation_f(r)) FROM role_assignment r WHERE office ="
	  " 'auditor' AND person = '%s'", "iso", "bob" },
	{ "SELECT 'ROLE-04' = ANY (institution_violation_f(r)) FROM institution r WHERE code ="
	  " '%s'",
	  "nifs", "nao" },
	{ "SELECT 'ROLE-05' = ANY (unit_violation_f(r)) FROM org_unit r WHERE code = '%s'",
	  "nao-top", "nao-mid" },
	{ "SELECT 'ROLE-06' = ANY (office_violation_f(r)) FROM role_assignment r WHERE office ="
	  " 'staff' AND person = '%s'", "gone", "bob" },
	{ "SELECT 'ORG-01' = ANY (institution_violation_f(r)) FROM institution r WHERE code = '%s'",
	  "nifs", "nao" },
	{ "SELECT 'REG-14' = ANY (asset_violation_f(r)) FROM asset r WHERE name = '%s'", "a", "b" },
	{ "SELECT 'REG-15' = ANY (asset_violation_f(r)) FROM asset r WHERE name = '%s'", "a", "b" },
};

/* Of what a row needs to count. */
#define ASSETS                                                                                \
	"INSERT INTO asset (institution, unit, name, location_text, asset_type, confidentiality,"  \
	" confidentiality_basis, has_personal_info, has_my_number, internal_media_encryption,"     \
	" users_text, state, sysadmin) VALUES "
#define ASSET(name, who)                                                                      \
	"('nao', 'nao-top', '" name "', 'x', 'server', 2, 'c2_internal', false, false,"       \
	" 'full', 'x',"                                                                       \
	" 'in_operation', '" who "')"

static const char findings_sql[] =
	"INSERT INTO role_assignment (person, office, institution, scope_note, term_from,"
	" appointed_by) VALUES ('iso', 'auditor', 'nao', NULL, '2020-01-01', 'chief'),"
	" ('bob', 'auditor', 'nao', NULL, '2020-01-01', 'chief'),"
	" ('gone', 'staff', 'nao', NULL, '2020-01-01', 'iso'),"
	" ('bob', 'staff', 'nao', NULL, '2020-01-01', 'iso'),"
	" ('carol', 'sysadmin', 'nao', 's', '2020-01-01', 'boss');"
	"UPDATE institution SET support_desk = 's' WHERE code = 'nao';"
	ASSETS ASSET("a", "gone") ", " ASSET("b", "carol");

START_TEST(findings_find)
{
	char sql[400], *s;

	/* the program forks for each test; the rows are made once */
	free(fixture_sql(findings_sql));
	for (size_t i = 0; i < ARRAY_SIZE(findings); i++)
		for (int good = 0; good < 2; good++) {
			const char *at = strstr(findings[i].sql, "%s");

			snprintf(sql, sizeof(sql), "%.*s%s%s", (int)(at - findings[i].sql),
				 findings[i].sql, good ? findings[i].right : findings[i].wrong,
				 	at + 2);
			s = fixture_sql(sql);
			ck_assert_msg(s != NULL && strcmp(s, good ? "f" : "t") == 0, "%s: %s", sql,
				      s == NULL ? "no row" : s);
			free(s);
		}
}
END_TEST

/* carol is the only 情報システム管理者 of asset b: neither path lets her go without a successor. */
START_TEST(who_has_duties_cannot_leave)
{
	static const char *const leave[] = {
		"UPDATE person SET active = false, left_on = act_today() WHERE login = 'carol'",
		"UPDATE person SET left_on = act_today() + 30 WHERE login = 'carol'",
		"UPDATE person SET active = false WHERE login IN ('carol', 'bob')",
	};
	struct try t;
	PGresult *res;
	size_t i;

	try_begin(&t, "iso");
	for (i = 0; i < ARRAY_SIZE(leave); i++) {
		ck_assert_int_eq(tx_once(&t.tx, leave[i], NULL, &res), ERR_RULES);
		ck_assert_ptr_nonnull(strstr(t.tx.detail, "leaver_has_duties"));
	}
	ck_assert_int_eq(tx_once(&t.tx, "SELECT transfer_duties('carol', 'bob')", NULL, &res),
			 ERR_RULES);
	ck_assert_ptr_nonnull(strstr(t.tx.detail, "not_a_successor"));
	ck_assert_int_eq(tx_once(&t.tx, "SELECT transfer_duties('carol', 'gone')", NULL, &res),
			 ERR_RULES);
	free(fixture_sql("INSERT INTO role_assignment (person, office, institution, scope_note,"
			 " term_from, appointed_by) VALUES ('bob', 'sysadmin', 'nao', 's',"
			 " '2020-01-01', 'boss')"));
	ck_assert_int_eq(tx_begin(&t.tx), OK);
	ck_assert_msg(tx_run(&t.tx, "SELECT transfer_duties('carol', 'bob')", NULL, &res) == OK,
		      "%s %s", t.tx.message, t.tx.detail);
	ck_assert_str_eq(PQgetvalue(res, 0, 0), "1");
	ck_assert_int_eq(tx_run(&t.tx, leave[0], NULL, &res), OK);
	ck_assert_int_eq(tx_run(&t.tx, "SELECT a.sysadmin = 'bob' AND e.reason LIKE '%carol%' AND"
		" e.person = 'iso' FROM asset a JOIN audit_event e ON e.object = a.asset_no AND"
		" e.version = a.row_version WHERE a.name = 'b'", NULL, &res), OK);
	ck_assert_str_eq(PQgetvalue(res, 0, 0), "t");
	tx_rollback(&t.tx);
	/* who has none may go */
	ck_assert_int_eq(tx_begin(&t.tx), OK);
	ck_assert_int_eq(tx_run(&t.tx, "UPDATE person SET active = false WHERE login = 'alice'",
				NULL, &res), OK);
	tx_rollback(&t.tx);
	arena_free(t.arena);
}
END_TEST

START_TEST(a_review_is_what_was_signed)
{
	static const char sign[] = "SELECT access_review_sign('nao', 'fine')";
	static const char good[] =
		"SELECT person = 'iso' AND list_sha256 = encode(sha256(convert_to(list,"
		" 'UTF8')), 'hex')"
		" AND rows > 3 AND list LIKE '%boss%' FROM access_review ORDER BY review_no"
		" DESC LIMIT 1";
	static const char overdue[] =
		"SELECT overdue FROM access_review_state('{nao}')";
	struct try t;
	PGresult *res;

	ck_assert(try_ask("iso", overdue));
	try_begin(&t, "alice"); /* no office for it */
	t.tx.ctx.office = "iso";
	ck_assert_int_eq(tx_once(&t.tx, sign, NULL, &res), ERR_STATE);
	t.tx.ctx.person = "other_iso"; /* of another 機関 */
	ck_assert_int_eq(tx_once(&t.tx, sign, NULL, &res), ERR_STATE);
	t.tx.ctx.person = "iso";
	ck_assert_int_eq(tx_once(&t.tx, "INSERT INTO access_review (institution, person, office,"
		" reviewed_at, rows, list_sha256, list) VALUES ('nao', 'boss', 'iso', now(), 0,"
		" repeat('0', 64), 'x')", NULL, &res), ERR_STATE);
	ck_assert_int_eq(tx_once(&t.tx, sign, NULL, &res), OK);
	ck_assert(try_ask("iso", good));
	ck_assert(!try_ask("iso", overdue));
	clock_set_offset_s(366 * (int64_t)DAY);
	ck_assert(try_ask("iso", overdue));
	clock_set_offset_s(0);
	arena_free(t.arena);
}
END_TEST

START_TEST(rights_unused_for_90_days_are_flagged)
{
	static const char flagged[] =
		"SELECT bool_and(unused) FROM access_list('nao') WHERE ref = 'old-token'";

	free(fixture_sql("INSERT INTO token (id, person, secret_sha256, scopes, issued_at,"
			 " expires_at) VALUES ('old-token', 'alice', sha256('x'), '{*:read}',"
			 " now(),"
			 " now() + interval '300 days')"));
	ck_assert(!try_ask("iso", flagged));
	clock_set_offset_s(89 * (int64_t)DAY);
	ck_assert(!try_ask("iso", flagged));
	clock_set_offset_s(92 * (int64_t)DAY);
	ck_assert(try_ask("iso", flagged));
	clock_set_offset_s(0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("leavers");
	TCase *t = tcase_create("leavers");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, offices_begin, offices_end);
	tcase_add_test(t, the_nearest_manager_answers);
	tcase_add_test(t, findings_find);
	tcase_add_test(t, who_has_duties_cannot_leave);
	tcase_add_test(t, a_review_is_what_was_signed);
	tcase_add_test(t, rights_unused_for_90_days_are_flagged);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
