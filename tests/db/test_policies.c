/* Row policies beneath every statement: here the statements run without their 機関 condition. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <ledger/query.h>
#include "db_fixture.h"
#include "two_institutions.h"

/* Every `x = ANY($n)` of the scope column becomes true, or every `x = $n`. */
static const char *
without(const struct ledger *l, const char *sql, const char *form)
{
	struct buf b;
	const char *p, *found, *text;
	char condition[100];
	size_t n;

	n = (size_t)snprintf(condition, sizeof(condition), "%s%s", l->scope, form);
	buf_init(&b, 1024 * 1024);
	for (p = sql; (found = strstr(p, condition)) != NULL; p = found) {
		buf_add(&b, p, (size_t)(found - p));
		found += n;
		buf_addf(&b, "($%c::text IS NOT NULL)", *found);
		found += strspn(found, "0123456789:tex[]");
		if (strchr(form, '(') != NULL)
			ck_assert_int_eq(*found++, ')');
	}
	buf_adds(&b, p);
	text = arena_strdup(two_arena, buf_text(&b));
	buf_release(&b);
	return text;
}

static const char *
without_where(const struct ledger *l, const char *sql)
{
	const char *text = without(l, sql, " = ANY($");

	ck_assert_msg(strcmp(text, sql) != 0, "no condition in: %s", sql);
	return text;
}

/* A list compares one 機関 by equality.  (In a GET that is the key, so not for all statements.) */
static const char *
list_without_where(const struct ledger *l, const char *sql)
{
	const char *text = without(l, without(l, sql, " = ANY($"), " = $");

	ck_assert_msg(strcmp(text, sql) != 0, "no condition in: %s", sql);
	return text;
}

static void
no_foreign_row(const struct ledger *l, const PGresult *res)
{
	int col = (int)field_index(l, ledger_field(l, l->scope)), i;

	for (i = 0; i < PQntuples(res); i++)
		ck_assert_msg(PQgetisnull(res, i, col) ||
			      strcmp(PQgetvalue(res, i, col), "umi") != 0, "%s: %s", l->path,
			      	row_key(l, res, i));
}

/* Both forms of the condition name the foreign 機関 alone: what comes, comes without them. */
static const char *const foreign_scopes[] = { "{umi}", "{umi,nowhere}" };

/* Every other round of the loop: as for an export. */
START_TEST(lists_hold_no_foreign_row)
{
	const struct ledger *l = ledger_get((enum ledger_id)(_i % LEDGER__MAX));
	int round = _i / LEDGER__MAX;
	struct list_query q;
	PGresult *res;

	two_act_iso();
	list_query_init(&q, l, two_arena, foreign_scopes[round / 2]);
	if (round % 2 == 1) {
		q.limit = 0;
		q.file = true;
	}
	ck_assert_int_eq(tx_once(&two_tx, list_without_where(l, list_query_sql(&q, two_store)),
		&q.args, &res), OK);
	ck_assert_int_gt(PQntuples(res), 0);
	no_foreign_row(l, res);
}
END_TEST

/* Key of a row of this ledger in 機関 "umi". */
static const char *
foreign_key(const struct ledger *l)
{
	char sql[200], *key;
	const char *kept;

	snprintf(sql, sizeof(sql), "SELECT max(%s) FROM %s WHERE %s = 'umi'", l->key, l->table,
		 l->scope);
	key = fixture_sql(sql);
	ck_assert_ptr_nonnull(key);
	kept = arena_strdup(two_arena, key);
	free(key);
	return kept;
}

/* As of today, by list and by row; the log is all that is read. */
START_TEST(the_past_holds_no_foreign_row)
{
	const struct ledger *l = ledger_get((enum ledger_id)(_i % LEDGER__MAX));
	const char *today = arena_strdup(two_arena, two_one("SELECT act_today()"));
	struct tx_args row = { .n = 3, .v = { foreign_key(l), "{hoshi}", today } };
	struct list_query q;
	struct faults faults;
	PGresult *res;

	if (l->id == LEDGER_FINDING)
		return; /* says itself from when to when */
	faults_init(&faults, two_arena, 10);
	list_query_init(&q, l, two_arena, foreign_scopes[_i / LEDGER__MAX]);
	q.past = true;
	ck_assert_int_eq(list_query_add(&q, "as_of", today, &faults), OK);
	two_act("iso", "iso", "umi", "iiii4");
	ck_assert_int_eq(tx_once(&two_tx, without_where(l, store_sql(two_store, l->id,
		ST_GET_PAST)), &row, &res), OK);
	ck_assert_msg(PQntuples(res) == 1 || l->id == LEDGER_OFFICE, "%s: not its own", l->path);
	two_act_iso();
	ck_assert_int_eq(tx_once(&two_tx, without_where(l, store_sql(two_store, l->id,
		ST_GET_PAST)), &row, &res), OK);
	ck_assert_int_eq(PQntuples(res), 0);
	ck_assert_int_eq(tx_once(&two_tx, list_without_where(l, list_query_sql(&q, two_store)),
		&q.args, &res), OK);
	ck_assert_msg(PQntuples(res) > 0 || l->id == LEDGER_OFFICE, "%s: no row", l->path);
	no_foreign_row(l, res);
}
END_TEST

START_TEST(searches_hold_no_foreign_row)
{
	static const struct {
		const struct ledger *l;
		const char *term;
		int rows;
	} searches[] = { { &ledger_asset, "観測", 12 }, { &ledger_media, "usb", 4 },
		{ &ledger_person, "admin", 1 }, { &ledger_unit, "its", 1 },
		{ &ledger_area, "本館", 1 }, { &ledger_institution, "i", 1 } };
	const struct ledger *l = searches[_i % 6].l;
	struct list_query q;
	struct faults faults;
	PGresult *res;

	two_act_iso();
	faults_init(&faults, two_arena, 10);
	list_query_init(&q, l, two_arena, foreign_scopes[_i / 6]);
	ck_assert_int_eq(list_query_add(&q, "q", searches[_i % 6].term, &faults), OK);
	ck_assert_int_eq(tx_once(&two_tx, list_without_where(l, list_query_sql(&q, two_store)),
		&q.args, &res), OK);
	ck_assert_int_eq(PQntuples(res), searches[_i % 6].rows);
	no_foreign_row(l, res);
}
END_TEST

START_TEST(details_and_histories_of_foreign_rows_are_empty)
{
	static const enum statement statements[] = { ST_GET, ST_HISTORY };
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	struct tx_args args = { .n = 2, .v = { foreign_key(l), "{hoshi}" } };
	struct ledger events = *l;
	PGresult *res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statements); i++) {
		/* the log calls the column institution, whatever the ledger calls it */
		events.scope = statements[i] == ST_HISTORY ? "institution" : l->scope;
		two_act("iso", "iso", "umi", "iiii4");
		ck_assert_int_eq(tx_once(&two_tx, without_where(&events, store_sql(two_store, l->id,
			statements[i])), &args, &res), OK);
		/* the appointments of the fixture have no history */
		ck_assert_msg(PQntuples(res) > 0 || l->id == LEDGER_OFFICE,
			      "%s: its own cannot see it", l->path);
		two_act_iso();
		ck_assert_int_eq(tx_once(&two_tx, without_where(&events, store_sql(two_store, l->id,
			statements[i])), &args, &res), OK);
		ck_assert_msg(PQntuples(res) == 0, "%s %s", l->path, args.v[0]);
	}
}
END_TEST

START_TEST(foreign_rows_cannot_be_changed)
{
	static const char *const changes[] = {
		"UPDATE asset SET note = 'x' WHERE institution = 'umi' RETURNING asset_no",
		"UPDATE external_media SET name = 'x' WHERE institution = 'umi' RETURNING "
		"media_no",
		"DELETE FROM asset_user WHERE institution = 'umi' RETURNING user_no",
		"UPDATE person SET phone = '1' WHERE institution = 'umi' RETURNING login",
		"UPDATE import SET state = 'failed' WHERE institution = 'umi' RETURNING "
		"import_no",
		"UPDATE institution SET name_ja = 'x' WHERE code = 'umi' RETURNING code",
		"UPDATE policy SET days = 1 WHERE institution = 'umi' RETURNING policy_no",
		"DELETE FROM rating_level WHERE institution = 'umi' RETURNING level_no",
		/* nor what is of the whole 機構 */
		"UPDATE policy SET days = 1 WHERE institution IS NULL RETURNING policy_no",
		"DELETE FROM rating_level WHERE institution IS NULL RETURNING level_no",
	};

	two_act_iso();
	ck_assert_str_eq(two_one(changes[_i]), "");
}
END_TEST

START_TEST(foreign_rows_cannot_be_made)
{
	static const char *const makes[] = {
		"INSERT INTO asset (institution, name) VALUES ('umi', 'x')",
		"INSERT INTO asset_user (institution, asset) VALUES ('umi', 'Uits1')",
		"INSERT INTO area (code, institution, name_ja, building, is_controlled)"
		" VALUES ('umi-x', 'umi', 'x', 'x', false)",
		"UPDATE asset SET institution = 'umi', unit = NULL"
		" WHERE asset_no = 'Hits1'",
	};

	two_act_iso();
	ck_assert_int_eq(two_try(makes[_i]), ERR_FORBIDDEN);
}
END_TEST

START_TEST(nothing_is_seen_without_an_act)
{
	static const char *const tables[] = { "asset", "external_media", "asset_user",
		"audit_event", "import", "asset_as_of(current_date)" };

	two_tx.ctx = (struct tx_context){ 0 };
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM %s",
		tables[_i])), "0");
	two_tx.ctx.person = "nobody.x";
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM %s",
		tables[_i])), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM person"), "0");
}
END_TEST

/* Who sees which assets of hoshi; 13 there are: its/lab/far × 1…4 and a draft of other. */
static const struct {
	const char *person, *office, *reach, *sees;
} seers[] = {
	{ "iso", "iso", "iiii4", "Dhoshi,Hfar1,Hfar2,Hfar3,Hfar4,Hits1,Hits2,Hits3,Hits4,Hlab1,"
	  "Hlab2,Hlab3,Hlab4" },
	{ "iso", "auditor", "inin-", "Dhoshi,Hfar1,Hfar2,Hfar3,Hits1,Hits2,Hits3,Hlab1,Hlab2,"
	  "Hlab3" },
	{ "ism", "ism", "unuu4", "Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,Hlab3,Hlab4" },
	{ "admin", "sysadmin", "oooo-", "Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,Hlab3,Hlab4" },
	{ "other", "sysadmin", "oooo-", "Dhoshi,Hfar1,Hfar2,Hfar3,Hfar4" },
	{ "user", "staff", "onon-", "Hfar4" },
	{ "user", "committee_member", "nnnn-", "" },
	/* an office that is not held has no unit, whatever is claimed */
	{ "admin", "ism", "unuu4", "Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,Hlab3,Hlab4" },
	{ "user", "ism", "unuu4", "Hfar4" },
};

START_TEST(rows_are_seen_by_reach)
{
	two_act(seers[_i].person, seers[_i].office, "hoshi", seers[_i].reach);
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM asset"),
			 seers[_i].sees);
	ck_assert_str_eq(two_one("SELECT string_agg(k, ',' ORDER BY k COLLATE \"C\") FROM "
			     "(SELECT asset_find('{観測}') k UNION ALL "
			     "SELECT asset_find('{下書き}')) x"),
			 seers[_i].sees);
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM "
			     "asset_as_of(act_today())"), seers[_i].sees);
}
END_TEST

START_TEST(a_range_replaces_the_unit)
{
	free(fixture_sql("ALTER TABLE role_assignment DISABLE TRIGGER USER;"
		"INSERT INTO role_assignment (person, office, institution, unit, range_units,"
		" range_assets, term_from, appointed_by, appointed_on) VALUES ('other.hoshi',"
		" 'deputy_iso', 'hoshi', 'hoshi-far', '{hoshi-lab}', '{Hits1}', '2020-01-01',"
		" 'iso.hoshi', '2020-01-01');"
		"ALTER TABLE role_assignment ENABLE TRIGGER USER"));
	two_act("other", "deputy_iso", "hoshi", "uuuu-");
	/* beside the range, the rows that name the person */
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM asset"),
			 "Dhoshi,Hfar1,Hfar2,Hfar3,Hfar4,Hits1,Hlab1,Hlab2,Hlab3");
	free(fixture_sql("DELETE FROM role_assignment WHERE office = 'deputy_iso'"));
}
END_TEST

/* What a deputy may is what was left to the deputy (2.1(2)⑤), by appointment. */
static const struct {
	const char *lab, *its; /* powers for the unit hoshi-lab, for the asset Hits1 */
	const char *changes;
	bool history;
} deputies[] = {
	{ "{instruct}", NULL, "", false },
	{ "{keep_ledgers}", NULL, "Hfar1,Hlab1", false },
	{ "{keep_ledgers,inspect_admins}", NULL, "Hfar1,Hlab1", true },
	{ "{keep_ledgers}", "{inspect_admins}", "Hfar1,Hlab1", true },
	{ "{advise}", "{keep_ledgers}", "Hfar1,Hits1", false },
	{ "{keep_ledgers}", "{keep_ledgers}", "Hfar1,Hits1,Hlab1", false },
};

START_TEST(deputies_do_what_is_delegated)
{
	static const char deputy[] = "INSERT INTO role_assignment (person, office, institution,"
		" %s, delegable_powers, term_from, appointed_by, appointed_on) VALUES"
		" ('other.hoshi', 'deputy_iso', 'hoshi', '%s', '%s', '2020-01-01', 'iso.hoshi',"
		" '2020-01-01')";
	static const char change[] = "WITH x AS (UPDATE asset SET note = 'x%d', row_version ="
		" row_version + 1 WHERE asset_no IN ('Hfar1', 'Hits1', 'Hlab1') RETURNING asset_no)"
		" SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM x";

	free(fixture_sql("ALTER TABLE role_assignment DISABLE TRIGGER USER"));
	free(fixture_sql(arena_printf(two_arena, deputy, "range_units", "{hoshi-lab}",
				      deputies[_i].lab)));
	if (deputies[_i].its != NULL)
		free(fixture_sql(arena_printf(two_arena, deputy, "range_assets", "{Hits1}",
					      deputies[_i].its)));
	two_act("other", "deputy_iso", "hoshi", "uuuu-");
	/* reading is not delegated: it comes with the range.  Hfar1 names the person. */
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset WHERE asset_no LIKE 'Hlab%'"), "3");
	ck_assert_str_eq(two_one(arena_printf(two_arena, change, _i)), deputies[_i].changes);
	ck_assert_str_eq(two_one("SELECT count(*) > 0 FROM audit_event WHERE institution IS NOT "
			 "NULL"),
			 deputies[_i].history ? "t" : "f");
	/* another office of the same person is not concerned */
	two_act("other", "sysadmin", "hoshi", "oooo-");
	ck_assert_str_eq(two_one(arena_printf(two_arena, change, _i + 100)), "Hfar1");
	ck_assert_str_eq(two_one("SELECT count(*) > 0 FROM audit_event WHERE institution IS NOT "
			 "NULL"), "t");
	free(fixture_sql("DELETE FROM role_assignment WHERE office = 'deputy_iso'; "
			 "ALTER TABLE role_assignment ENABLE TRIGGER USER"));
}
END_TEST

/* The list of rights and its sign-offs, asked for as if nothing had been checked before. */
START_TEST(reviews_hold_no_foreign_row)
{
	two_act("iso", "iso", "umi", "iiii4");
	ck_assert_str_ne(two_one("SELECT access_review_sign('umi', 'fine')"), "");
	ck_assert_str_eq(two_one("SELECT rows > 3 FROM access_review WHERE institution = 'umi'"),
			 "t");
	ck_assert_str_eq(two_one("SELECT count(*) > 3 FROM access_list('umi')"), "t");
	two_act_iso();
	ck_assert_str_eq(two_one("SELECT count(*) FROM access_list('umi')"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM access_review"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) > 3 FROM access_list('hoshi')"), "t");
	ck_assert_str_eq(two_one("SELECT count(*) FROM leavers('{umi}', 3650)"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM person_duties('admin.umi', '{umi}') "
				 "WHERE kind IN ('asset', 'medium', 'office')"), "0");
	ck_assert_int_eq(two_try("SELECT access_review_sign('umi', 'fine')"), ERR_STATE);
}
END_TEST

START_TEST(a_term_ends_by_itself)
{
	two_act("ism", "ism", "hoshi", "unuu4");
	free(fixture_sql("ALTER TABLE role_assignment DISABLE TRIGGER USER;"
		"UPDATE role_assignment SET term_to = '2021-01-01' WHERE office = 'ism'"));
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset"), "0");
	free(fixture_sql("UPDATE role_assignment SET term_to = NULL WHERE office = 'ism';"
		"ALTER TABLE role_assignment ENABLE TRIGGER USER"));
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset"), "8");
}
END_TEST

START_TEST(an_import_matches_no_foreign_key)
{
	char *seen;

	two_act_iso();
	ck_assert_int_eq(tx_begin(&two_tx), OK);
	two_one("INSERT INTO asset_staging (import_no, line, bad, hostname) VALUES ('I-t', 2, "
	    "false, "
	    "'{shared.example.ac.jp}') RETURNING line");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_match_hostname('I-t')"), "12");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_match_hostname('I-t') "
			     "WHERE key LIKE 'U%'"), "0");
	/* another import, meanwhile, sees nothing of it */
	seen = fixture_sql("SELECT count(*) FROM asset_staging");
	ck_assert_str_eq(seen, "0");
	free(seen);
}
END_TEST

START_TEST(a_search_of_two_characters_uses_the_index)
{
	free(fixture_sql("INSERT INTO asset (institution, name, created_by) SELECT "
		"(ARRAY['hoshi', 'umi'])[1 + n / 1000 % 2], '装置' || n || "
		"CASE WHEN n % 1000 = 0 THEN '分光' ELSE '''' END, 'other.hoshi' FROM "
		"generate_series(1, 20000) n; ANALYZE asset"));
	two_act_iso();
	ck_assert_int_eq(tx_begin(&two_tx), OK);
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_find('{分光}')"), "10");
	ck_assert_str_eq(two_one("SELECT (seq_scan = 0 AND idx_scan > 0)::text FROM "
			     "pg_stat_xact_user_tables WHERE relname = 'asset'"), "true");
	ck_assert_str_eq(two_one("SELECT (idx_scan > 0)::text FROM (SELECT "
			     "pg_stat_get_xact_numscans('asset_search'::regclass) idx_scan) x"),
			 "true");
	tx_rollback(&two_tx);
	free(fixture_sql("ALTER TABLE asset DISABLE TRIGGER USER; "
			 "DELETE FROM asset WHERE name LIKE '装置%'; ALTER TABLE asset "
			 "ENABLE TRIGGER USER"));
}
END_TEST

/* One's own, a stranger's, and nobody's: the last two must look alike. */
START_TEST(a_foreign_person_is_nobody)
{
	two_act_iso();
	ck_assert_int_eq(two_try("UPDATE asset SET operator = 'other.hoshi' "
			       "WHERE asset_no = 'Hits1'"), OK);
	ck_assert_int_eq(two_try("UPDATE asset SET operator = 'nobody.x' WHERE asset_no = 'Hits1'"),
			 ERR_CONFLICT);
	ck_assert_str_eq(two_tx.constraint, "asset_operator_ref");
	ck_assert_int_eq(two_try("UPDATE asset SET operator = 'other.umi' WHERE asset_no = "
	"'Hits1'"),
			 ERR_CONFLICT);
	ck_assert_str_eq(two_tx.constraint, "asset_operator_ref");
	ck_assert_str_eq(two_one("SELECT count(*) FROM persons_known() WHERE login LIKE '%.umi'"),
		"0");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("policies");
	TCase *t = tcase_create("policies");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, two_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_loop_test(t, lists_hold_no_foreign_row, 0, 4 * LEDGER__MAX);
	tcase_add_loop_test(t, the_past_holds_no_foreign_row, 0, 2 * LEDGER__MAX);
	tcase_add_loop_test(t, searches_hold_no_foreign_row, 0, 12);
	tcase_add_loop_test(t, details_and_histories_of_foreign_rows_are_empty, 0, LEDGER__MAX);
	tcase_add_loop_test(t, foreign_rows_cannot_be_changed, 0, 10);
	tcase_add_loop_test(t, foreign_rows_cannot_be_made, 0, 4);
	tcase_add_loop_test(t, nothing_is_seen_without_an_act, 0, 6);
	tcase_add_loop_test(t, rows_are_seen_by_reach, 0, (int)ARRAY_SIZE(seers));
	tcase_add_test(t, a_range_replaces_the_unit);
	tcase_add_loop_test(t, deputies_do_what_is_delegated, 0, (int)ARRAY_SIZE(deputies));
	tcase_add_test(t, reviews_hold_no_foreign_row);
	tcase_add_test(t, a_term_ends_by_itself);
	tcase_add_test(t, an_import_matches_no_foreign_key);
	tcase_add_test(t, a_search_of_two_characters_uses_the_index);
	tcase_add_test(t, a_foreign_person_is_nobody);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
