/* Ratings are confirmed by one office; reading what is rated high is an event. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <org/office.h>
#include "db_fixture.h"
#include "two_institutions.h"

START_TEST(ratings_are_confirmed_by_the_ism)
{
	two_act("admin", "sysadmin", "hoshi", "oooo-");
	ck_assert_int_eq(two_try("UPDATE asset SET rating_status = 'confirmed' WHERE asset_no = "
			       "'Hits2'"), ERR_RULES);
	ck_assert_int_eq(two_try("SELECT asset_rate('Hits2', '{}', '1')"), ERR_FORBIDDEN);
	two_act("ism", "ism", "umi", "unuu4");
	ck_assert_str_eq(two_one("SELECT asset_rate('Hits2', '{}', '1')"), "");
	two_act("ism", "ism", "hoshi", "unuu4");
	ck_assert_str_eq(two_one("SELECT rating_status FROM asset_rate('Hits2', '{}', '1')"),
			 "confirmed");
	ck_assert_str_eq(two_one("SELECT rating_by FROM asset WHERE asset_no = 'Hits2'"),
		"ism.hoshi");
	/* the setting by which the function speaks is no key */
	two_act("admin", "sysadmin", "hoshi", "oooo-");
	ck_assert_int_eq(two_try("WITH s AS MATERIALIZED (SELECT set_config('daicho.rating', 't', "
			       "true)) UPDATE asset SET confidentiality = 1 FROM s WHERE "
			       "asset_no = "
			       "'Hits2'"), ERR_RULES);
	ck_assert_int_eq(two_try("UPDATE asset SET confidentiality = 1 WHERE asset_no = 'Hits2'"),
			 ERR_RATING);
	ck_assert_int_eq(two_try("UPDATE asset SET note = 'x' WHERE asset_no = 'Hits2'"), OK);
	ck_assert_str_eq(two_one("SELECT rating_status FROM asset WHERE asset_no = 'Hits2'"),
			 "confirmed");
	ck_assert_int_eq(two_try("UPDATE asset SET confidentiality = 3 WHERE asset_no = 'Hits2'"),
			 OK);
	ck_assert_str_eq(two_one("SELECT rating_status || coalesce(rating_by, '-') FROM asset "
			     "WHERE "
			     "asset_no = 'Hits2'"), "provisional-");
}
END_TEST

/* The settings by which the functions speak open nothing when somebody else sets them. */
START_TEST(settings_are_no_keys)
{
	static const char *const tries[] = { "t", "inherit" };
	const char *set = arena_printf(two_arena, "WITH s AS MATERIALIZED (SELECT set_config("
		"'daicho.rating', '%s', true)) UPDATE asset SET ", tries[_i]);

	two_act("ism", "ism", "hoshi", "unuu4");
	(void)two_one("SELECT asset_rate('Hits3', '{}', (SELECT row_version::text FROM asset "
		      "WHERE asset_no = 'Hits3'))");
	two_act("admin", "sysadmin", "hoshi", "oooo-");
	ck_assert_int_eq(two_try(arena_printf(two_arena, "%sconfidentiality = 2, rating_status = "
		"'provisional' FROM s WHERE asset_no = 'Hits3'", set)), ERR_RATING);
	/* who proposes is noted, whatever is claimed */
	ck_assert_int_eq(two_try(arena_printf(two_arena, "%sintegrity = %d, rating_proposed_by = "
		"'iso.hoshi' FROM s WHERE asset_no = 'Hits1'", set, _i + 1)), OK);
	ck_assert_str_eq(two_one("SELECT rating_proposed_by FROM asset WHERE asset_no = 'Hits1'"),
			 "admin.hoshi");
	ck_assert_int_eq(two_try("UPDATE asset SET rating_proposed_by = NULL WHERE asset_no = "
				 "'Hits1'"), OK);
	ck_assert_str_eq(two_one("SELECT rating_proposed_by FROM asset WHERE asset_no = 'Hits1'"),
			 "admin.hoshi");
}
END_TEST

/* Who proposed does not confirm; the iso does only where no other ISM is left. */
START_TEST(nobody_confirms_an_own_proposal)
{
	static const char rate[] = "SELECT rating_status FROM external_media_rate('Hm2', '{}', "
		"(SELECT row_version::text FROM external_media WHERE media_no = 'Hm2'))";

	two_act_iso();
	ck_assert_int_eq(two_try(rate), ERR_FORBIDDEN); /* there is an ISM */
	two_act("ism", "ism", "hoshi", "unuu4");
	ck_assert_int_eq(two_try("UPDATE external_media SET confidentiality = 3 WHERE media_no = "
				 "'Hm2'"), OK);
	ck_assert_int_eq(two_try(rate), ERR_FORBIDDEN);
	ck_assert_ptr_nonnull(strstr(two_tx.detail, "own_proposal"));
	ck_assert_int_eq(two_try("UPDATE external_media SET rating_status = 'confirmed' WHERE "
				 "media_no = 'Hm2'"), ERR_RULES);
	two_act_iso();
	ck_assert_str_eq(two_one(rate), "confirmed");
}
END_TEST

START_TEST(reading_from_level_three_on_is_an_event)
{
	static const struct {
		const char *key;
		const char *events;
	} reads[] = { { "Hlab2", "0" }, { "Hlab3", "1" }, { "Hlab4", "1" }, { "Uits4", "0" } };
	PGresult *res;
	char *n;

	two_act_iso();
	two_tx.ctx.request_id = arena_printf(two_arena, "read-%d", _i);
	(void)!store_get(two_store, &two_tx, &ledger_asset, reads[_i].key, "{hoshi}", &res);
	n = fixture_sql(arena_printf(two_arena, "SELECT count(*) FROM audit_event "
		"WHERE action = 'read' AND object = '%s' AND request_id = 'read-%d'",
			reads[_i].key, _i));
	ck_assert_str_eq(n, reads[_i].events);
	free(n);
}
END_TEST

/* The same columns and offices in C and in the database. */
START_TEST(ratings_are_declared_alike)
{
	static const struct ledger *const ledgers[] = { &ledger_asset, &ledger_media };
	const struct ledger *l = ledgers[_i];
	size_t i, n = 0;
	char *made;
	int o;

	made = fixture_sql(arena_printf(two_arena, "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
		"WHERE tgname = 'rating_update' AND tgrelid = '%s'::regclass", l->table));
	ck_assert_ptr_nonnull(made);
	for (i = 0; i < l->count; i++)
		if (l->fields[i].confirm != 0) {
			ck_assert_ptr_nonnull(strstr(made, l->fields[i].name));
			n++;
		}
	ck_assert_uint_gt(n, 0);
	free(made);
	for (o = 0; o < OFFICE__MAX; o++) {
		made = fixture_sql(arena_printf(two_arena, "SELECT '%s' = ANY (rating_offices())",
						office_info((enum office)o)->code));
		ck_assert_int_eq(made[0] == 't', office_info((enum office)o)->rates);
		ck_assert_int_eq(office_info((enum office)o)->rates,
				 (ledger_field(l, l->level)->confirm & OFFICE_BIT(o)) != 0);
		free(made);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ratings");
	TCase *t = tcase_create("ratings");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, two_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_test(t, ratings_are_confirmed_by_the_ism);
	tcase_add_loop_test(t, settings_are_no_keys, 0, 2);
	tcase_add_test(t, nobody_confirms_an_own_proposal);
	tcase_add_loop_test(t, reading_from_level_three_on_is_an_event, 0, 4);
	tcase_add_loop_test(t, ratings_are_declared_alike, 0, 2);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
