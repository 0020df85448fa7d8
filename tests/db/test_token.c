/* Tokens against PostgreSQL: issue, identify, narrow, rotate, end. */
#include <time.h>

#include "token_fixture.h"

/* ---- who it is -------------------------------------------------------------------------- */

START_TEST(a_token_names_its_owner)
{
	static const struct token_scope scopes[] = { { "assets", 1U << SCOPE_READ, "hoshi" },
		{ NULL, 1U << SCOPE_IMPORT, NULL } };
	struct token_wish w = { .person = "hoshi.a", .scopes = scopes, .scope_count = 2, .days = 1,
		.note = "メモ" };
	struct token_issued t = issue_with(&w);
	struct principal *p = NULL;

	ck_assert_int_eq(identify_from(t.token, "192.0.2.1", &p), OK);
	ck_assert_str_eq(p->login, "hoshi.a");
	ck_assert_str_eq(p->home, "hoshi");
	ck_assert_str_eq(p->account, t.id);
	ck_assert(principal_is_token(p));
	ck_assert_uint_eq(p->scopes, 1U << SCOPE_READ | 1U << SCOPE_IMPORT);
	ck_assert(token_allows(p, "assets", SCOPE_READ, "hoshi"));
	ck_assert(!token_allows(p, "assets", SCOPE_READ, "umi"));
	ck_assert(!token_allows(p, "media", SCOPE_READ, "hoshi"));
	ck_assert(token_allows(p, "media", SCOPE_IMPORT, "umi"));
	ck_assert(!token_allows(p, "media", SCOPE_WRITE, "hoshi"));
	cell_is("scopes::text", t.id, "{assets:read@hoshi,*:import}");
	cell_is("note", t.id, "メモ");
	cell_is("encode(secret_sha256, 'hex') = encode(sha256(''), 'hex')", t.id, "f");
}
END_TEST

START_TEST(what_is_no_token_is_nobody)
{
	struct token_issued t = issue("hoshi.a", 1);
	size_t n = strlen(t.token), i;
	char *other = arena_strdup(arena, t.token);

	/* each character of the secret and of the id counts */
	for (i = strlen("daicho_"); i < n; i += 5) {
		char was = other[i];

		other[i] = was == '0' ? '1' : '0';
		ck_assert_int_eq(identify(other), ERR_UNAUTHENTICATED);
		other[i] = was;
	}
	ck_assert_int_eq(identify(other), OK);
	other[n - 1] = '\0';
	ck_assert_int_eq(identify(other), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify(""), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify("daicho_"), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify(arena_printf(arena, "%s0", t.token)), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify(arena_printf(arena, "x%s", t.token)), ERR_UNAUTHENTICATED);
}
END_TEST

START_TEST(nobody_who_is_not_there_gets_one)
{
	struct token_wish w = { .person = "nobody.x", .scopes = &read_all, .scope_count = 1,
		.days = 1 };
	struct token_issued t;

	ck_assert_int_eq(token_issue(&tx, &w, &t), ERR_NOT_FOUND);
	w.person = "hoshi.b";
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(token_issue(&tx, &w, &t), ERR_NOT_FOUND);
	free(fixture_sql("UPDATE person SET active = true, left_on = current_date - 1"
			 " WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(token_issue(&tx, &w, &t), ERR_NOT_FOUND);
	free(fixture_sql("UPDATE person SET left_on = current_date WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(token_issue(&tx, &w, &t), OK);
}
END_TEST

START_TEST(there_is_a_bound)
{
	struct token_wish w = { .person = "hoshi.c", .scopes = &read_all, .scope_count = 1,
		.days = 1, .most = 2 };
	struct token_issued t;

	free(fixture_sql("DELETE FROM token WHERE person = 'hoshi.c'"));
	ck_assert_int_eq(token_issue(&tx, &w, &t), OK);
	ck_assert_int_eq(token_issue(&tx, &w, &t), OK);
	ck_assert_int_eq(token_issue(&tx, &w, &t), ERR_TOO_MANY);
	ck_assert_int_eq(token_revoke(&tx, issue("hoshi.a", 1).id, "hoshi.c", "{}"),
			 ERR_NOT_FOUND);
	free(fixture_sql("UPDATE token SET revoked_at = now() WHERE person = 'hoshi.c' AND"
			 " id = (SELECT min(id) FROM token WHERE person = 'hoshi.c')"));
	ck_assert_int_eq(token_issue(&tx, &w, &t), OK);
}
END_TEST

/* ---- when it ends ----------------------------------------------------------------------- */

START_TEST(it_ends_with_its_days)
{
	struct token_issued t = issue("hoshi.a", 2);

	clock_set_offset_s(2 * 86400 - 60);
	ck_assert_int_eq(identify(t.token), OK);
	clock_set_offset_s(2 * 86400 + 60);
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
}
END_TEST

START_TEST(it_ends_with_its_owner)
{
	struct token_issued t = issue("hoshi.b", 300);

	ck_assert_int_eq(identify(t.token), OK);
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
	free(fixture_sql("UPDATE person SET active = true, left_on = current_date + 10"
			 " WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(identify(t.token), OK);
	clock_set_offset_s(12 * 86400);
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
}
END_TEST

/* Another daemon has ended it: this one notices within the second of its memory. */
START_TEST(it_ends_within_a_second)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	struct token_issued t = issue("hoshi.a", 1);
	int64_t start;
	enum err e = OK;

	ck_assert_int_eq(identify(t.token), OK);
	ck_assert_int_eq(token_revoke(&tx, t.id, NULL, NULL), OK);
	start = clock_mono_us();
	while (e == OK && clock_mono_us() - start < 5000000) {
		nanosleep(&nap, NULL);
		e = identify_from(t.token, "192.0.2.1", NULL);
	}
	ck_assert_int_eq(e, ERR_UNAUTHENTICATED);
	ck_assert_int_lt(clock_mono_us() - start, 1500000);
}
END_TEST

START_TEST(only_those_who_may_end_it)
{
	struct token_issued t = issue("hoshi.a", 1);

	ck_assert_int_eq(token_revoke(&tx, t.id, "hoshi.b", "{}"), ERR_NOT_FOUND);
	ck_assert_int_eq(token_revoke(&tx, t.id, "hoshi.b", "{umi}"), ERR_NOT_FOUND);
	ck_assert_int_eq(token_revoke(&tx, "000000000000", NULL, NULL), ERR_NOT_FOUND);
	ck_assert_int_eq(token_revoke(&tx, "' OR true --", NULL, NULL), ERR_NOT_FOUND);
	ck_assert_int_eq(identify(t.token), OK);
	ck_assert_int_eq(token_revoke(&tx, t.id, "hoshi.b", "{hoshi}"), OK);
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(token_revoke(&tx, t.id, "hoshi.a", "{}"), OK); /* again */
}
END_TEST

/* ---- where from ------------------------------------------------------------------------- */

START_TEST(it_is_bound_to_addresses)
{
	static const char *const addresses[] = { "192.0.2.0/24", "2001:db8::/32", "unix" };
	struct token_wish w = { .person = "hoshi.a", .scopes = &read_all, .scope_count = 1,
		.days = 1, .addresses = addresses, .address_count = 2 };
	struct token_issued t = issue_with(&w), with_unix;

	w.address_count = 3;
	with_unix = issue_with(&w);
	/* twice: from the database and from memory */
	ck_assert_int_eq(identify_from(t.token, "198.51.100.1", NULL), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify_from(t.token, "198.51.100.1", NULL), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify_from(t.token, "192.0.2.200", NULL), OK);
	ck_assert_int_eq(identify_from(t.token, "198.51.100.1", NULL), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify_from(t.token, "2001:db8::7", NULL), OK);
	ck_assert_int_eq(identify_from(t.token, "unix", NULL), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify_from(with_unix.token, "unix", NULL), OK);
	cell_is("addresses::text", t.id, "{192.0.2.0/24,2001:db8::/32}");
}
END_TEST

/* ---- last use --------------------------------------------------------------------------- */

static void
wait_for(const char *what, const char *id, const char *want)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	int64_t end_us = clock_mono_us() + 10000000;
	char *got = cell(what, id);

	while (!str_eq(got, want) && clock_mono_us() < end_us) {
		free(got);
		nanosleep(&nap, NULL);
		got = cell(what, id);
	}
	ck_assert_msg(str_eq(got, want), "%s is %s", what, got == NULL ? "NULL" : got);
	free(got);
}

START_TEST(last_use_is_kept)
{
	struct token_issued t = issue("hoshi.a", 1);

	cell_is("last_used_from", t.id, NULL);
	ck_assert_int_eq(identify_from(t.token, "192.0.2.1", NULL), OK);
	wait_for("last_used_from", t.id, "192.0.2.1");
	/* within the minute nothing is written */
	clock_set_offset_s(50);
	ck_assert_int_eq(token_touch(&tx, t.id, "192.0.2.2"), OK);
	cell_is("last_used_from", t.id, "192.0.2.1");
	clock_set_offset_s(70);
	ck_assert_int_eq(identify_from(t.token, "192.0.2.3", NULL), OK);
	wait_for("last_used_from", t.id, "192.0.2.3");
	cell_is("row_version", t.id, "1");
}
END_TEST

START_TEST(a_refused_use_is_no_use)
{
	static const char *const addresses[] = { "192.0.2.1" };
	struct token_wish w = { .person = "hoshi.a", .scopes = &read_all, .scope_count = 1,
		.days = 1, .addresses = addresses, .address_count = 1 };
	struct token_issued t = issue_with(&w), marker = issue("hoshi.a", 1);

	ck_assert_int_eq(identify_from(t.token, "192.0.2.9", NULL), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify_from(marker.token, "192.0.2.9", NULL), OK);
	wait_for("last_used_from", marker.id, "192.0.2.9");
	cell_is("last_used_at", t.id, NULL);
}
END_TEST

/* ---- rotation --------------------------------------------------------------------------- */

START_TEST(rotation_ends_the_old_one)
{
	struct token_issued t = issue("hoshi.a", 10), next, third;

	clock_set_offset_s(5 * 86400);
	ck_assert_int_eq(token_rotate(&tx, t.id, "hoshi.a", 0, true, &next), OK);
	ck_assert_str_ne(next.id, t.id);
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify(next.token), OK);
	cell_is("rotated_from", next.id, t.id);
	/* made for ten days from now; the next one does not live longer than it */
	clock_set_offset_s(14 * 86400);
	ck_assert_int_eq(token_rotate(&tx, next.id, "hoshi.a", 0, false, &third), OK);
	ck_assert_int_eq(identify(third.token), OK);
	clock_set_offset_s(16 * 86400);
	ck_assert_int_eq(identify(third.token), ERR_UNAUTHENTICATED);
}
END_TEST

START_TEST(rotation_with_grace)
{
	struct token_issued t = issue("hoshi.a", 10), next, again;

	ck_assert_int_eq(token_rotate(&tx, t.id, "hoshi.a", 600, true, &next), OK);
	ck_assert_int_eq(identify(t.token), OK);
	ck_assert_int_eq(identify(next.token), OK);
	/* one successor only: a stolen secret begets no second line */
	ck_assert_int_eq(token_rotate(&tx, t.id, "hoshi.a", 600, true, &again), ERR_CONFLICT);
	clock_set_offset_s(610);
	ck_assert_int_eq(identify(t.token), ERR_UNAUTHENTICATED);
	ck_assert_int_eq(identify(next.token), OK);
}
END_TEST

START_TEST(rotation_keeps_what_it_may)
{
	static const struct token_scope scopes[] = { { "media", 1U << SCOPE_READ, "umi" } };
	static const char *const addresses[] = { "192.0.2.1" };
	struct token_wish w = { .person = "hoshi.a", .scopes = scopes, .scope_count = 1, .days = 1,
		.addresses = addresses, .address_count = 1, .note = "n" };
	struct token_issued t = issue_with(&w), next;

	ck_assert_int_eq(token_rotate(&tx, t.id, NULL, 0, true, &next), OK);
	cell_is("scopes::text || addresses::text || note || person", next.id,
		"{media:read@umi}{192.0.2.1}nhoshi.a");
}
END_TEST

START_TEST(what_does_not_live_is_not_rotated)
{
	struct token_issued t = issue("hoshi.b", 1), gone = issue("hoshi.b", 1), next;

	ck_assert_int_eq(token_revoke(&tx, gone.id, NULL, NULL), OK);
	ck_assert_int_eq(token_rotate(&tx, gone.id, "hoshi.b", 0, true, &next), ERR_NOT_FOUND);
	ck_assert_int_eq(token_rotate(&tx, t.id, "hoshi.a", 0, true, &next), ERR_NOT_FOUND);
	ck_assert_int_eq(token_rotate(&tx, "000000000000", NULL, 0, true, &next), ERR_NOT_FOUND);
	clock_set_offset_s(2 * 86400);
	ck_assert_int_eq(token_rotate(&tx, t.id, "hoshi.b", 0, true, &next), ERR_NOT_FOUND);
	clock_set_offset_s(0);
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'hoshi.b'"));
	ck_assert_int_eq(token_rotate(&tx, t.id, NULL, 0, true, &next), ERR_NOT_FOUND);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_token_names_its_owner, what_is_no_token_is_nobody,
		nobody_who_is_not_there_gets_one, there_is_a_bound, it_ends_with_its_days,
		it_ends_with_its_owner, it_ends_within_a_second, only_those_who_may_end_it,
		it_is_bound_to_addresses, last_use_is_kept, a_refused_use_is_no_use,
		rotation_ends_the_old_one, rotation_with_grace, rotation_keeps_what_it_may,
		what_does_not_live_is_not_rotated };
	Suite *suite = suite_create("token");
	TCase *t = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	size_t i;
	int failed;

	tcase_add_unchecked_fixture(t, begin_all, fixture_end);
	tcase_add_checked_fixture(t, begin, end);
	tcase_set_timeout(t, 120);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
