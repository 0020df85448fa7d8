/* The directory stands beside the row policies: what it answers, to whom, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <ledger/query.h>
#include "db_fixture.h"
#include "two_institutions.h"

/* Beside the administrators of the fixture a desk in each 機関, and one in both. */
static void
directory_begin(void)
{
	two_begin();
	free(fixture_sql("ALTER TABLE role_assignment DISABLE TRIGGER USER;"
		"INSERT INTO role_assignment (person, office, institution, term_from, term_to,"
		" appointed_by, appointed_on) SELECT p, 'incident_desk', i, '2020-01-01', t::date,"
		" 'iso.' || i, '2020-01-01' FROM (VALUES ('user.hoshi', 'hoshi', NULL),"
		" ('user.umi', 'umi', NULL), ('ism.hoshi', 'hoshi', '2021-01-01'),"
		" ('ism.umi', 'hoshi', NULL), ('ism.umi', 'umi', NULL)) v (p, i, t);"
		"ALTER TABLE role_assignment ENABLE TRIGGER USER;"
		"UPDATE asset SET functions = '{mail}', os_name = 'Kumo Linux',"
		" ip_addrs = ARRAY['192.0.2.' || right(asset_no, 1)],"
		" mac_addrs = '{00:00:5e:00:53:01}', serial_no = 'SN-' || asset_no"
		" WHERE state <> 'draft';"
		"UPDATE institution SET incident_desk_name = code || ' desk'"));
}

#define LOW "Hfar1,Hfar2,Hfar3,Hits1,Hits2,Hits3,Hlab1,Hlab2,Hlab3"
#define LOW_UMI "Ufar1,Ufar2,Ufar3,Uits1,Uits2,Uits3,Ulab1,Ulab2,Ulab3"

/* A draft is nobody's; 機密性4 only for whom the row names. */
static const struct {
	const char *person, *office, *institution, *scope, *sees;
} seers[] = {
	{ "user", "incident_desk", "hoshi", "{hoshi}", LOW },
	{ "user", "incident_desk", "hoshi", "{hoshi,umi}", LOW },
	{ "user", "incident_desk", "hoshi", "{umi}", "" },
	{ "user", "incident_desk", "hoshi", "{}", "" },
	{ "user", "incident_desk", "hoshi", "{*}", "" },
	{ "user", "incident_desk", "umi", "{umi}", LOW_UMI },
	{ "ism", "incident_desk", "umi", "{hoshi,umi}", LOW "," LOW_UMI },
	{ "ism", "incident_desk", "umi", "{hoshi}", LOW },
	{ "admin", "sysadmin", "hoshi", "{hoshi}",
	  "Hfar1,Hfar2,Hfar3,Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,Hlab3,Hlab4" },
	/* the term is over; the office is held by somebody else; it is none of these */
	{ "ism", "incident_desk", "hoshi", "{hoshi}", "" },
	{ "admin", "incident_desk", "hoshi", "{hoshi}", "" },
	{ "other", "sysadmin", "hoshi", "{hoshi}", "" },
	{ "iso", "iso", "hoshi", "{hoshi}", "" },
	{ "user", "staff", "hoshi", "{hoshi}", "" },
	{ "nobody", NULL, "hoshi", NULL, "" },
};

START_TEST(rows_are_those_of_the_office)
{
	two_act(seers[_i].person, seers[_i].office, seers[_i].institution, "nnnn-");
	two_tx.ctx.scope = two_tx.ctx.write_scope = seers[_i].scope;
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM "
				 "directory"), seers[_i].sees);
	ck_assert_str_eq(two_one("SELECT string_agg(k, ',' ORDER BY k COLLATE \"C\") FROM "
				 "directory_find('{観測}') k"), seers[_i].sees);
	ck_assert_str_eq(two_one("SELECT string_agg(k, ',' ORDER BY k COLLATE \"C\") FROM "
				 "(SELECT directory_having('functions', 'mail') AS k "
				 "UNION ALL SELECT directory_having('hostname', "
				 "'shared.example.ac.jp')) x"), seers[_i].sees);
}
END_TEST

/* The ledger itself stays closed to the desk. */
START_TEST(the_ledger_stays_closed)
{
	two_act("user", "incident_desk", "hoshi", "nnnn-");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_find('{観測}')"), "0");
	ck_assert_int_eq(two_try("UPDATE directory SET name = 'x'"), ERR_INTERNAL);
	ck_assert_int_eq(two_try("DELETE FROM directory"), ERR_INTERNAL);
}
END_TEST

START_TEST(columns_are_those_declared)
{
	const struct ledger *l = &ledger_directory;
	struct buf names;
	size_t i;

	buf_init(&names, 4096);
	for (i = 0; i < l->count; i++)
		if (!(l->fields[i].flags & FF_SOUGHT))
			buf_addf(&names, "%s%s", names.len == 0 ? "" : ",", l->fields[i].name);
	ck_assert_str_eq(two_one("SELECT string_agg(column_name, ',' ORDER BY ordinal_position) "
				 "FROM information_schema.columns WHERE table_name = 'directory'"),
			 buf_text(&names));
	buf_release(&names);
}
END_TEST

/* What the descriptor gives to some offices, the database gives to the same. */
START_TEST(columns_of_an_office)
{
	static const struct {
		const char *person;
		enum office office;
	} holders[] = { { "user", OFFICE_INCIDENT_DESK }, { "admin", OFFICE_SYSADMIN } };
	const struct ledger *l = &ledger_directory;
	size_t i;

	two_act(holders[_i].person, office_info(holders[_i].office)->code, "hoshi", "nnnn-");
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		bool may = f->only == 0 || f->only & OFFICE_BIT(holders[_i].office);

		if (f->flags & FF_SOUGHT)
			ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) > 0 FROM "
				"directory_having('%s', '%s')", f->name, f->type == FT_ENUMS ?
				"mail" : "00:00:5e:00:53:01")), may ? "t" : "f");
		else if (strcmp(f->name, "sysadmin_phone") != 0) /* nobody has one here */
			ck_assert_msg(strcmp(two_one(arena_printf(two_arena, "SELECT count(%s) > 0 "
				"FROM directory", f->name)), may ? "t" : "f") == 0, "%s", f->name);
	}
}
END_TEST

/* Nothing is found by what is not shown. */
static const struct {
	const char *person, *office, *term, *found;
} searches[] = {
	{ "user", "incident_desk", "観測", "9" },
	{ "user", "incident_desk", "shared.example", "9" },
	{ "user", "incident_desk", "192.0.2.3", "3" },
	{ "user", "incident_desk", "00:00:5e:00:53:01", "9" },
	{ "user", "incident_desk", "kumo", "0" },
	{ "admin", "sysadmin", "観測", "11" },
	{ "admin", "sysadmin", "kumo", "11" },
	{ "admin", "sysadmin", "shared.example", "0" },
	{ "admin", "sysadmin", "192.0.2.3", "0" },
	{ "admin", "sysadmin", "admin.hoshi", "8" },
	/* 使用者等, 製造番号 */
	{ "user", "incident_desk", "全員", "0" }, { "admin", "sysadmin", "全員", "0" },
	{ "user", "incident_desk", "SN-H", "0" }, { "admin", "sysadmin", "SN-H", "0" },
};

START_TEST(searches_are_those_of_the_office)
{
	two_act(searches[_i].person, searches[_i].office, "hoshi", "nnnn-");
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM "
		"directory_find(ARRAY['%s'])", searches[_i].term)), searches[_i].found);
}
END_TEST

START_TEST(only_columns_of_the_directory_are_looked_for)
{
	static const char *const columns[] = { "handling_restrictions", "search", "os_name", "",
		"hostname; DROP TABLE asset" };
	size_t i;

	two_act("user", "incident_desk", "hoshi", "nnnn-");
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM "
			"directory_having('%s', 'Kumo Linux')", columns[i])), "0");
}
END_TEST

/* As for a page and for a file; the statement without its 機関 condition. */
START_TEST(lists_hold_no_foreign_row)
{
	struct list_query q;
	PGresult *res;
	char *where;
	const char *sql;
	int i;

	two_act("user", "incident_desk", "hoshi", "nnnn-");
	list_query_init(&q, &ledger_directory, two_arena, "{umi}");
	list_query_act(&q, OFFICE_INCIDENT_DESK);
	if (_i == 1) {
		q.limit = 0;
		q.file = true;
	}
	sql = list_query_sql(&q, two_store);
	where = strstr(sql, "institution = $1");
	ck_assert_ptr_nonnull(where);
	memcpy(where, "$1::text > ''   ", strlen("institution = $1"));
	ck_assert_int_eq(tx_once(&two_tx, sql, &q.args, &res), OK);
	ck_assert_int_eq(PQntuples(res), 9);
	for (i = 0; i < PQntuples(res); i++)
		ck_assert(row_key(&ledger_directory, res, i)[0] == 'H');
}
END_TEST

START_TEST(offices_are_those_of_the_table)
{
	struct buf codes;
	int o;

	buf_init(&codes, 4096);
	for (o = 0; o < OFFICE__MAX; o++)
		if (office_info((enum office)o)->basic)
			buf_addf(&codes, "%s%s", codes.len == 0 ? "" : ",",
				 office_info((enum office)o)->code);
	ck_assert_str_eq(two_one("SELECT array_to_string(directory_offices(), ',')"),
			 buf_text(&codes));
	buf_release(&codes);
}
END_TEST

START_TEST(a_guest_has_the_desk_of_the_house)
{
	free(fixture_sql("UPDATE org_unit SET unit_kind = 'hosted_lab', desk_institution = 'umi' "
			 "WHERE code = 'hoshi-lab'"));
	two_act("user", "incident_desk", "hoshi", "nnnn-");
	ck_assert_str_eq(two_one("SELECT incident_desk FROM directory WHERE asset_no = 'Hlab1'"),
			 "umi desk");
	ck_assert_str_eq(two_one("SELECT incident_desk FROM directory WHERE asset_no = 'Hits1'"),
			 "hoshi desk");
	free(fixture_sql("UPDATE org_unit SET unit_kind = 'section', desk_institution = NULL "
			 "WHERE code = 'hoshi-lab'"));
}
END_TEST

/* What has left the 機関 is not in it. */
START_TEST(what_is_gone_is_not_there)
{
	static const struct {
		const char *state, *rows;
	} states[] = { { "lost", "1" }, { "retired", "1" }, { "disposed", "0" },
		{ "transferred", "0" }, { "draft", "0" } };
	size_t i;

	two_act("user", "incident_desk", "hoshi", "nnnn-");
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		free(fixture_sql(arena_printf(two_arena, "ALTER TABLE asset DISABLE TRIGGER USER; "
			"UPDATE asset SET state = '%s' WHERE asset_no = 'Hits1'; "
			"ALTER TABLE asset ENABLE TRIGGER USER", states[i].state)));
		ck_assert_str_eq(two_one("SELECT count(*) FROM directory WHERE asset_no = 'Hits1'"),
				 states[i].rows);
	}
	free(fixture_sql("ALTER TABLE asset DISABLE TRIGGER USER; UPDATE asset SET state = "
			 "'in_operation' WHERE asset_no = 'Hits1'; ALTER TABLE asset ENABLE "
			 "TRIGGER USER"));
}
END_TEST

START_TEST(an_address_is_found_by_the_index)
{
	static const struct {
		const char *call, *rows;
	} asks[] = { { "directory_find('{198.51.99.6}')", "6" }, /* .6, .60, .62 … of hoshi */
		{ "directory_having('ip_addrs', '198.51.99.6')", "1" },
		{ "directory_having('ip_addrs', '198.51.99.7')", "0" } }; /* of umi */

	free(fixture_sql("ALTER TABLE asset DISABLE TRIGGER USER;"
		"INSERT INTO asset (institution, name, confidentiality, state, ip_addrs) SELECT "
		"(ARRAY['hoshi', 'umi'])[1 + n % 2], '装置' || n, 2, 'in_operation', "
		"ARRAY['198.51.' || n / 200 || '.' || n % 200] FROM generate_series(1, 20000) n;"
		"ALTER TABLE asset ENABLE TRIGGER USER; ANALYZE asset"));
	two_act("user", "incident_desk", "hoshi", "nnnn-");
	ck_assert_int_eq(tx_begin(&two_tx), OK);
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM %s",
		asks[_i].call)), asks[_i].rows);
	ck_assert_str_eq(two_one("SELECT (seq_scan = 0 AND idx_scan > 0)::text FROM "
				 "pg_stat_xact_user_tables WHERE relname = 'asset'"), "true");
	tx_rollback(&two_tx);
	free(fixture_sql("ALTER TABLE asset DISABLE TRIGGER USER; DELETE FROM asset WHERE name "
			 "LIKE '装置%'; ALTER TABLE asset ENABLE TRIGGER USER"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("directory");
	TCase *t = tcase_create("directory");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, directory_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_loop_test(t, rows_are_those_of_the_office, 0, (int)ARRAY_SIZE(seers));
	tcase_add_test(t, the_ledger_stays_closed);
	tcase_add_test(t, columns_are_those_declared);
	tcase_add_loop_test(t, columns_of_an_office, 0, 2);
	tcase_add_loop_test(t, searches_are_those_of_the_office, 0, (int)ARRAY_SIZE(searches));
	tcase_add_test(t, only_columns_of_the_directory_are_looked_for);
	tcase_add_loop_test(t, lists_hold_no_foreign_row, 0, 2);
	tcase_add_test(t, offices_are_those_of_the_table);
	tcase_add_test(t, a_guest_has_the_desk_of_the_house);
	tcase_add_test(t, what_is_gone_is_not_there);
	tcase_add_loop_test(t, an_address_is_found_by_the_index, 0, 3);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
