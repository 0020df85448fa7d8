/*
 * The life of a row, exhaustively: every act and every change of state, from every state, in every
 * office, against the table that says what may be done (sql/rules/life.sql).
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <org/office.h>
#include "db_fixture.h"
#include "two_institutions.h"

static const struct {
	const char *ledger, *key, *row;
	const char *states[10];
} lives[] = {
	{ "asset", "asset_no", "Hits2", { "draft", "planned", "in_operation", "suspended",
		"retired", "sanitised", "disposed", "transferred", "lost", NULL } },
	{ "external_media", "media_no", "Hm1", { "draft", "stored", "in_use", "taken_out", "lost",
		"retired", "sanitised", "disposed", NULL } },
};

static const char *const actions[] = { "registration", "start", "suspension", "resumption",
	"retirement", "sanitisation", "disposal", "loss", "recovery", "use", "storage", "take_out",
	"return", "permitted_start", "revocation", "use_ended",
	"confirmed_sanitisation", "transfer", "takeover", "nonsense" };

/* The gates are open: no vulnerability, a complete record of disposal; a deputy who may write. */
static void
life_begin(void)
{
	two_begin();
	free(fixture_sql("INSERT INTO disposal_record (institution, asset, method, sanitised_on, "
		"sanitised_by, confirmed_by, disposed_on) VALUES ('hoshi', 'Hits2', 'destroy', "
		"'2020-01-01', '業者', 'admin.hoshi', '2020-01-02')"));
	free(fixture_sql("UPDATE disposal_record SET disposed_on = '2020-01-02'"));
	free(fixture_sql("UPDATE asset SET vuln_state = 'ok' WHERE asset_no = 'Hits2'"));
	free(fixture_sql("ALTER TABLE role_assignment DISABLE TRIGGER USER;"
		"INSERT INTO role_assignment (person, office, institution, delegable_powers,"
		" term_from, appointed_by, appointed_on)"
		" VALUES ('iso.hoshi', 'deputy_iso', 'hoshi',"
		" '{keep_ledgers}', '2020-01-01', 'iso.hoshi', '2020-01-01');"
		"ALTER TABLE role_assignment ENABLE TRIGGER USER"));
}

static void
put_state(int i, const char *state)
{
	free(fixture_sql(arena_printf(two_arena, "UPDATE %s SET state = '%s' WHERE %s = '%s'",
		lives[i].ledger, state, lives[i].key, lives[i].row)));
}

/* Offices of one line of the table: NULL when there is none, "" for the database alone. */
static char *
line(int i, const char *where)
{
	return fixture_sql(arena_printf(two_arena, "SELECT ' ' || array_to_string(offices, ' ')"
		" || ' ' FROM life WHERE ledger = '%s' AND given = '{}' AND %s"
		" ORDER BY offices = '{}' LIMIT 1", lives[i].ledger, where));
}

static bool
names(const char *offices, const char *office)
{
	return strstr(offices, arena_printf(two_arena, " %s ", office)) != NULL;
}

/* What the office gets, without a trace. */
static enum err
attempt(const char *office, const char *sql, PGresult **ret)
{
	enum err e;

	two_act("iso", office, "hoshi", "iiii4");
	ck_assert_int_eq(tx_begin(&two_tx), OK);
	e = tx_run(&two_tx, sql, NULL, ret);
	tx_rollback(&two_tx);
	return e;
}

static void
check_act(int i, const char *state, const char *action)
{
	char *offices = line(i, arena_printf(two_arena, "from_state = '%s' AND action = '%s'",
					     state, action));
	char *to = fixture_sql(arena_printf(two_arena, "SELECT to_state FROM life WHERE ledger = "
		"'%s' AND from_state = '%s' AND action = '%s' AND given = '{}'", lives[i].ledger,
		state, action));
	const char *sql = arena_printf(two_arena, "SELECT state FROM %s_act('%s', '%s', '{}', "
		"(SELECT row_version::text FROM %s WHERE %s = '%s'))", lives[i].ledger,
		lives[i].row, action, lives[i].ledger, lives[i].key, lives[i].row);
	bool there = offices != NULL && strcmp(offices, "  ") != 0;
	PGresult *res;
	int o;

	for (o = 0; o < OFFICE__MAX; o++) {
		const char *office = office_info((enum office)o)->code;
		enum err e = attempt(office, sql, &res);
		enum err wanted = !there ? ERR_STATE : names(offices, office) ? OK : ERR_FORBIDDEN;

		ck_assert_msg(e == wanted, "%s %s from %s as %s: %s, not %s (%s)", lives[i].ledger,
			      action, state, office, err_info(e)->code, err_info(wanted)->code,
			      two_tx.message == NULL ? "" : two_tx.message);
		if (e == OK)
			ck_assert_str_eq(PQgetvalue(res, 0, 0), to);
		else /* the reason: what is possible from here, or who may */
			ck_assert_ptr_nonnull(strstr(two_tx.detail, e == ERR_STATE ? "\"code\"" :
						     "office_needed"));
	}
	free(offices);
	free(to);
}

START_TEST(every_act_does_what_the_table_says)
{
	const char *const *state;
	size_t k;

	for (state = lives[_i].states; *state != NULL; state++) {
		put_state(_i, *state);
		for (k = 0; k < ARRAY_SIZE(actions); k++)
			check_act(_i, *state, actions[k]);
	}
}
END_TEST

static void
check_change(int i, const char *from, const char *to)
{
	char *offices = line(i, arena_printf(two_arena, "from_state = '%s' AND to_state = '%s'",
					     from, to));
	const char *sql = arena_printf(two_arena, "UPDATE %s SET state = '%s' WHERE %s = '%s'",
		lives[i].ledger, to, lives[i].key, lives[i].row);
	PGresult *res;
	int o;

	for (o = 0; o < OFFICE__MAX; o++) {
		const char *office = office_info((enum office)o)->code;
		enum err e = attempt(office, sql, &res);
		/* what was handed over is not even touched */
		bool gone = strcmp(from, "transferred") == 0;
		enum err wanted = strcmp(from, to) == 0 && !gone ? OK :
			offices == NULL ? ERR_STATE :
			names(offices, office) ? OK : ERR_FORBIDDEN;

		ck_assert_msg(e == wanted, "%s from %s to %s as %s: %s, not %s (%s)",
			      lives[i].ledger, from, to, office, err_info(e)->code,
			      err_info(wanted)->code, two_tx.message == NULL ? "" : two_tx.message);
	}
	free(offices);
}

START_TEST(plain_sql_is_bound_alike)
{
	const char *const *from, *const *to;

	for (from = lives[_i].states; *from != NULL; from++) {
		put_state(_i, *from);
		for (to = lives[_i].states; *to != NULL; to++)
			check_change(_i, *from, *to);
	}
}
END_TEST

#define NEW_ASSET(state, adopted)                                                              \
	"INSERT INTO asset (institution, unit, name, asset_type, location_text,"                   \
	" confidentiality, confidentiality_basis, has_personal_info, has_my_number,"               \
	" internal_media_encryption,"                                                              \
	" users_text, sysadmin, state, adopted) VALUES ('hoshi', 'hoshi-its', 'x', 'terminal',"    \
	" '室', 1, 'c1_published', false, false, 'full', '全員', 'admin.hoshi', '" state "', "       \
	adopted ")"
#define NEW_MEDIUM(state)                                                                      \
	"INSERT INTO external_media (institution, unit, name, confidentiality, users_text,"        \
	" custodian, state) VALUES ('hoshi', 'hoshi-its', 'x', 1, '全員', 'admin.hoshi', '" state "')"

/* A new row begins as 下書き or registered. */
START_TEST(rows_begin_where_a_life_begins)
{
	static const struct {
		const char *office, *sql;
		enum err wanted;
	} begins[] = {
		{ "iso", NEW_ASSET("draft", "false"), OK },
		{ "iso", NEW_ASSET("planned", "false"), OK },
		{ "iso", NEW_ASSET("in_operation", "true"), OK },
		{ "iso", NEW_ASSET("in_operation", "false"), ERR_STATE },
		{ "iso", NEW_ASSET("suspended", "false"), ERR_STATE },
		{ "iso", NEW_ASSET("disposed", "true"), ERR_STATE },
		{ "csirt_member", NEW_ASSET("draft", "false"), OK },
		{ "csirt_member", NEW_ASSET("planned", "false"), ERR_FORBIDDEN },
		{ "auditor", NEW_ASSET("in_operation", "true"), ERR_FORBIDDEN },
		{ "iso", NEW_MEDIUM("draft"), OK },
		{ "iso", NEW_MEDIUM("stored"), OK },
		{ "iso", NEW_MEDIUM("in_use"), ERR_STATE },
		{ "iso", NEW_MEDIUM("taken_out"), ERR_STATE },
		{ "important_admin", NEW_MEDIUM("stored"), ERR_FORBIDDEN },
	};
	PGresult *res;
	enum err e = attempt(begins[_i].office, begins[_i].sql, &res);

	ck_assert_msg(e == begins[_i].wanted, "%s: %s, not %s (%s)", begins[_i].sql,
		      err_info(e)->code, err_info(begins[_i].wanted)->code, two_tx.message);
}
END_TEST

#define ACT(no, action, doc)                                                                 \
	"SELECT asset_act('" no "', '" action "', '" doc "', (SELECT row_version::text FROM " \
	"asset WHERE asset_no = '" no "'))"
#define PUT(values) "UPDATE asset SET " values " WHERE asset_no = 'Hits2'"
#define GET(cells) "SELECT " cells " FROM asset WHERE asset_no = 'Hits2'"

/* 2.1(2)⑥(c): the CSIRT, with no right to write, stops what it sees, and changes nothing else. */
START_TEST(the_csirt_stops_what_it_sees)
{
	put_state(0, "in_operation");
	two_act("iso", "csirt_member", "hoshi", "inin-");
	ck_assert_int_eq(two_try(ACT("Hits2", "suspension",
				     "{\"retired_on\": \"2020-01-01\", \"name\": \"x\"}")), OK);
	ck_assert_str_eq(two_one(GET("state || name")), "suspended観測装置");
	/* 機密性4 is not seen, nor another 機関 */
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_act('Hits4', 'suspension', '{}', "
				 "'1')"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_act('Uits2', 'suspension', '{}', "
				 "'1')"), "0");
	ck_assert_str_eq(two_one("WITH u AS (" PUT("note = 'x'") " RETURNING 1) SELECT count(*) "
				 "FROM u"), "0");
	ck_assert_int_eq(two_try(ACT("Hits2", "retirement", "{}")), ERR_FORBIDDEN);
	/* and has to agree before it goes on (3.3(2)②(d)) */
	two_act("admin", "sysadmin", "hoshi", "oooo-");
	ck_assert_int_eq(two_try(ACT("Hits2", "resumption", "{}")), ERR_STATE);
	two_act("iso", "csirt_member", "hoshi", "inin-");
	ck_assert_int_eq(two_try(ACT("Hits2", "resumption", "{}")), OK);
	/* an office that writes acts within what it writes */
	two_act("admin", "sysadmin", "hoshi", "oooo-");
	ck_assert_int_eq(two_try(ACT("Hits2", "suspension", "{}")), OK);
	ck_assert_int_eq(two_try(ACT("Hits2", "resumption", "{}")), OK);
	two_act("user", "sysadmin", "hoshi", "iooo-");
	ck_assert_int_eq(two_try(ACT("Hits2", "suspension", "{}")), ERR_FORBIDDEN);
}
END_TEST

/* A row that has long owed something is stopped, ended, lost all the same; not made worse. */
START_TEST(old_violations_do_not_refuse_a_stop)
{
	put_state(0, "in_operation");
	free(fixture_sql("ALTER TABLE asset DISABLE TRIGGER a_judge_update"));
	free(fixture_sql(PUT("users_text = NULL")));
	free(fixture_sql("ALTER TABLE asset ENABLE TRIGGER a_judge_update"));
	two_act_iso();
	ck_assert_int_eq(two_try(PUT("note = 'y'")), ERR_RULES);
	ck_assert_int_eq(two_try(PUT("state = 'suspended', location_text = NULL")), ERR_RULES);
	ck_assert_int_eq(two_try(PUT("state = 'suspended'")), OK);
	ck_assert_int_eq(two_try(PUT("state = 'retired'")), OK);
	free(fixture_sql(PUT("state = 'draft'")));
	ck_assert_int_eq(two_try(PUT("state = 'planned'")), ERR_RULES);
	free(fixture_sql(PUT("users_text = '全員'")));
}
END_TEST

/* A movement, done by the owner's functions, takes a medium out: nobody does so directly. */
START_TEST(the_database_alone_takes_out)
{
	static const char out[] = "UPDATE external_media SET state = 'taken_out' WHERE media_no = "
				  "'Hm1'";

	put_state(1, "stored");
	free(fixture_sql(arena_printf(two_arena, "CREATE FUNCTION test_move() RETURNS void "
		"LANGUAGE sql SECURITY DEFINER AS $$ %s $$; ALTER FUNCTION test_move() OWNER TO "
		"daicho_owner", out)));
	two_act_iso();
	ck_assert_int_eq(two_try(out), ERR_FORBIDDEN);
	ck_assert_int_eq(two_try("SELECT external_media_act('Hm1', 'take_out', '{}', (SELECT "
		"row_version::text FROM external_media WHERE media_no = 'Hm1'))"), ERR_STATE);
	ck_assert_int_eq(two_try("SELECT test_move()"), OK);
	ck_assert_str_eq(two_one("SELECT state FROM external_media WHERE media_no = 'Hm1'"),
			 "taken_out");
	free(fixture_sql("DROP FUNCTION test_move()"));
}
END_TEST

START_TEST(the_days_of_a_life)
{
	put_state(0, "planned");
	free(fixture_sql(PUT("operation_started_on = NULL, retired_on = NULL")));
	two_act_iso();
	ck_assert_int_eq(two_try(PUT("state = 'in_operation'")), OK);
	ck_assert_int_eq(two_try(ACT("Hits2", "retirement", "{\"retired_on\": \"2026-03-31\"}")),
			 OK);
	ck_assert_str_eq(two_one(GET("operation_started_on = act_today() AND retired_on = "
				     "'2026-03-31'")), "t");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("life");
	TCase *t = tcase_create("life");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 300);
	tcase_add_unchecked_fixture(t, life_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_loop_test(t, every_act_does_what_the_table_says, 0, 2);
	tcase_add_loop_test(t, plain_sql_is_bound_alike, 0, 2);
	tcase_add_loop_test(t, rows_begin_where_a_life_begins, 0, 14);
	tcase_add_test(t, the_csirt_stops_what_it_sees);
	tcase_add_test(t, old_violations_do_not_refuse_a_stop);
	tcase_add_test(t, the_database_alone_takes_out);
	tcase_add_test(t, the_days_of_a_life);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
