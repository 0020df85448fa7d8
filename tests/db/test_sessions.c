/* Sessions, passwords and second factors over a real database, with a clock that is moved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <sodium.h>

#include <base/clock.h>
#include <base/config.h>
#include <org/login.h>
#include <org/totp.h>
#include "db_fixture.h"

static struct db_pool *pool;
static struct sessions *sessions;
static struct passwords *passwords;
static struct seal *seal;
static struct arena *arena;
static struct tx tx;

static void
people(void)
{
	free(fixture_sql(
		"INSERT INTO institution (code, name_ja, incident_desk_name,"
		" incident_desk_contact, external_desk_name, external_desk_contact)"
		" VALUES ('nao', '天文台', 'a', 'b', 'c', 'd')"));
	free(fixture_sql("INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from)"
			 " VALUES ('nao-x', 'nao', '課', 'section', '2020-01-01')"));
	free(fixture_sql(
		"INSERT INTO person (login, institution, name_ja, email, unit, person_kind)"
		" SELECT l, 'nao', l, 'a@b.example', 'nao-x', 'employee'"
		" FROM unnest('{taro,jiro,hanako}'::text[]) l"));
}

static void
begin(void)
{
	const char *why = NULL;

	clock_set_offset_s(0);
	arena = arena_new();
	pool = fixture_pool(4, 5000, 10000);
	sessions = sessions_new(&(struct session_conf){ .idle_s = 1800, .max_s = 43200 });
	passwords = passwords_new(&(struct password_conf){ .ops = 1, .memory = 8192 });
	seal = seal_open("", &why);
	tx_init(&tx, pool, LANE_SHORT, arena);
	free(fixture_sql("UPDATE person SET active = true, left_on = NULL"));
	free(fixture_sql("DELETE FROM login_delay"));
	free(fixture_sql("DELETE FROM recovery_code"));
	free(fixture_sql("DELETE FROM totp"));
}

static void
end(void)
{
	seal_close(seal);
	passwords_free(passwords);
	sessions_free(sessions);
	db_pool_free(pool);
	arena_free(arena);
}

static bool
knows(const char *cookie)
{
	struct principal *p = NULL;
	enum err e = session_identify(sessions, arena, pool, cookie, &p);

	ck_assert(e == OK || e == ERR_UNAUTHENTICATED);
	ck_assert((e == OK) == (p != NULL));
	return e == OK;
}

static struct session_secret
start(const char *login, bool second_factor)
{
	struct session_secret s;

	ck_assert_int_eq(session_begin(sessions, &tx, login, second_factor, "192.0.2.1", "test",
				       &s), OK);
	return s;
}

START_TEST(test_life)
{
	struct session_secret s = start("taro", false);
	struct principal *p;

	ck_assert_uint_eq(strlen(s.cookie), SESSION_COOKIE_LENGTH);
	ck_assert_str_eq(s.csrf, session_csrf(arena, s.cookie));
	ck_assert_int_eq(session_identify(sessions, arena, pool, s.cookie, &p), OK);
	ck_assert_str_eq(p->login, "taro");
	ck_assert_str_eq(p->home, "nao");
	ck_assert_str_eq(p->account, s.id);
	ck_assert_int_eq(p->proof, PROOF_SESSION);
	ck_assert(!p->second_factor);
	ck_assert_int_le(llabs(clock_wall_us() - p->proved_at), 60 * 1000000LL);
	/* idle: counted from the last request */
	clock_set_offset_s(1700);
	ck_assert(knows(s.cookie));
	clock_set_offset_s(3400);
	ck_assert(knows(s.cookie));
	clock_set_offset_s(3400 + 1801);
	ck_assert(!knows(s.cookie));
	clock_set_offset_s(3410);
	ck_assert(knows(s.cookie)); /* nothing was written by the refusal */
}
END_TEST

START_TEST(test_absolute)
{
	struct session_secret s = start("taro", false);
	int at;

	for (at = 1500; at < 43200; at += 1500) {
		clock_set_offset_s(at);
		ck_assert(knows(s.cookie));
	}
	clock_set_offset_s(43201);
	ck_assert(!knows(s.cookie));
}
END_TEST

START_TEST(test_renewal)
{
	struct session_secret s = start("taro", false), n;
	struct principal *p;

	ck_assert(knows(s.cookie));
	clock_set_offset_s(1000);
	ck_assert_int_eq(session_identify(sessions, arena, pool, s.cookie, &p), OK);
	ck_assert_int_eq(principal_is_fresh(p), ERR_REAUTHENTICATE);
	ck_assert_int_eq(session_renew(sessions, &tx, s.id, true, &n), OK);
	sessions_forget(sessions);
	ck_assert_str_eq(n.id, s.id);
	ck_assert_str_ne(n.cookie, s.cookie);
	ck_assert_str_ne(n.csrf, s.csrf);
	ck_assert_str_eq(n.expires, s.expires); /* the end stays where it was */
	ck_assert(!knows(s.cookie));
	ck_assert_int_eq(session_identify(sessions, arena, pool, n.cookie, &p), OK);
	ck_assert(p->second_factor);
	ck_assert_int_eq(principal_is_fresh(p), OK);
	ck_assert_int_eq(session_renew(sessions, &tx, s.id, false, &n), OK);
	sessions_forget(sessions);
	ck_assert_int_eq(session_identify(sessions, arena, pool, n.cookie, &p), OK);
	ck_assert(p->second_factor); /* once given, it stays */
}
END_TEST

START_TEST(test_end)
{
	struct session_secret a = start("taro", false), b = start("taro", false),
		c = start("taro", false), other = start("jiro", false), n;
	int count = -1;

	ck_assert_int_eq(session_end(&tx, "jiro", a.id, "person", &count), OK);
	ck_assert_int_eq(count, 0); /* not his */
	ck_assert_int_eq(session_end(&tx, "taro", a.id, "person", &count), OK);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(session_end(&tx, "taro", a.id, "person", &count), OK);
	ck_assert_int_eq(count, 0);
	ck_assert(!knows(a.cookie) && knows(b.cookie) && knows(c.cookie) && knows(other.cookie));
	ck_assert_int_eq(session_renew(sessions, &tx, a.id, false, &n), ERR_NOT_FOUND);
	ck_assert_int_eq(session_end_all(&tx, "taro", b.id, "password", &count), OK);
	ck_assert_int_ge(count, 1);
	sessions_forget(sessions);
	ck_assert(knows(b.cookie) && !knows(c.cookie) && knows(other.cookie));
	ck_assert_int_eq(session_end_all(&tx, "taro", NULL, "other", &count), OK);
	sessions_forget(sessions);
	ck_assert(!knows(b.cookie) && knows(other.cookie));
}
END_TEST

START_TEST(test_who_is_gone)
{
	static const char *const changes[] = { "active = false", "left_on = current_date - 1" };
	struct session_secret s = start("jiro", false);
	char sql[200];
	size_t i;

	for (i = 0; i < 2; i++) {
		free(fixture_sql("UPDATE person SET active = true, left_on = NULL"));
		sessions_forget(sessions);
		ck_assert(knows(s.cookie));
		snprintf(sql, sizeof(sql), "UPDATE person SET %s WHERE login = 'jiro'", changes[i]);
		free(fixture_sql(sql));
		sessions_forget(sessions); /* what a second would do */
		ck_assert(!knows(s.cookie));
	}
	/* the last day counts */
	free(fixture_sql("UPDATE person SET active = true, left_on = current_date"));
	sessions_forget(sessions);
	ck_assert(knows(s.cookie));
}
END_TEST

/* ---- proof ------------------------------------------------------------------------------ */

static enum err
prove(const char *login, const char *password, const char *otp, const char *code,
      struct login_proof *ret)
{
	struct login_desk d = { passwords, seal, sessions };
	struct credentials c = { .login = login, .password = password, .otp = otp,
		.recovery_code = code, .address = "192.0.2.1" };

	*ret = (struct login_proof){ .wait_s = -1 };
	return login_prove(&d, &tx, &c, ret);
}

START_TEST(test_proof)
{
	struct session_secret s = start("hanako", false);
	struct login_proof p;

	ck_assert_int_eq(prove("hanako", "", NULL, NULL, &p), ERR_CREDENTIALS); /* has none yet */
	ck_assert_int_eq(login_set_password(passwords, &tx, "nobody", "x", NULL), ERR_NOT_FOUND);
	ck_assert_int_eq(login_set_password(passwords, &tx, "hanako", "夜が明ける", NULL), OK);
	sessions_forget(sessions);
	ck_assert(!knows(s.cookie)); /* a new password ends what was */
	ck_assert_int_eq(prove("hanako", "夜が明ける", NULL, NULL, &p), OK);
	ck_assert_int_eq(prove("hanako", "夜か\xe3\x82\x99明ける", NULL, NULL, &p), OK);
	ck_assert(!p.second_factor);
	ck_assert_int_eq(prove("hanako", "夜か明ける", NULL, NULL, &p), ERR_CREDENTIALS);
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'hanako'"));
	ck_assert_int_eq(prove("hanako", "夜が明ける", NULL, NULL, &p), ERR_CREDENTIALS);
	ck_assert_int_eq(login_set_password(passwords, &tx, "hanako", "x", NULL), ERR_NOT_FOUND);
}
END_TEST

START_TEST(test_delay)
{
	struct login_proof p;
	struct password_stats before, after;
	int i, at = 0;

	ck_assert_int_eq(login_set_password(passwords, &tx, "taro", "right", NULL), OK);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(prove("taro", "wrong", NULL, NULL, &p), ERR_CREDENTIALS);
	for (i = 0; i < 12; i++) {
		int wait = i < 9 ? 1 << i : 300;

		password_stats(passwords, &before);
		ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), ERR_TOO_MANY);
		password_stats(passwords, &after);
		ck_assert_uint_eq(before.hashes, after.hashes); /* not even looked at */
		ck_assert_int_le(p.wait_s, wait < 5 ? 5 : wait);
		ck_assert_int_ge(p.wait_s, wait - 1);
		at += p.wait_s + 1;
		clock_set_offset_s(at);
		ck_assert_int_eq(prove("taro", "wrong", NULL, NULL, &p), ERR_CREDENTIALS);
	}
	/* after an hour it is forgotten */
	clock_set_offset_s(at + 3700);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
	ck_assert_int_eq(prove("taro", "wrong", NULL, NULL, &p), ERR_CREDENTIALS);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
}
END_TEST

/* Somebody who is not there is delayed just like somebody who is. */
START_TEST(test_delay_of_nobody)
{
	struct login_proof p;
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(prove("nobody", "wrong", NULL, NULL, &p), ERR_CREDENTIALS);
	ck_assert_int_eq(prove("nobody", "wrong", NULL, NULL, &p), ERR_TOO_MANY);
	ck_assert_int_ge(p.wait_s, 1);
}
END_TEST

/* From 60 addresses: the account's own address is at most seconds behind, never shut out. */
START_TEST(test_delay_by_strangers)
{
	struct login_proof p;

	ck_assert_int_eq(login_set_password(passwords, &tx, "taro", "right", NULL), OK);
	free(fixture_sql("SELECT count(login_attempt('taro', '198.51.100.' || i))"
			 " FROM generate_series(1, 60) i"));
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
	ck_assert_int_eq(prove("taro", "wrong", NULL, NULL, &p), ERR_CREDENTIALS);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), ERR_TOO_MANY);
	ck_assert_int_le(p.wait_s, 5);
	clock_set_offset_s(6);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
}
END_TEST

/* One address that tries many accounts; who has been here before is let in. */
START_TEST(test_delay_of_an_address)
{
	struct login_proof p;

	ck_assert_int_eq(login_set_password(passwords, &tx, "taro", "right", NULL), OK);
	ck_assert_int_eq(login_set_password(passwords, &tx, "jiro", "right", NULL), OK);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
	free(fixture_sql("SELECT count(login_attempt('p' || i, '192.0.2.1'))"
			 " FROM generate_series(1, 26) i"));
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
	ck_assert_int_eq(prove("jiro", "right", NULL, NULL, &p), ERR_TOO_MANY);
	ck_assert_int_le(p.wait_s, 60);
	clock_set_offset_s(61);
	ck_assert_int_eq(prove("jiro", "right", NULL, NULL, &p), OK);
}
END_TEST

/* Whether the code of an app would do is for test_login; here it is made up by the window. */
static const char *
code_now(const char *login)
{
	char sql[200], *hex, code[16];
	uint8_t secret[TOTP_SECRET_BYTES];
	int64_t counter;
	int i;

	snprintf(sql, sizeof(sql), "SELECT encode(secret, 'hex') FROM totp WHERE person = '%s'",
		 login);
	hex = fixture_sql(sql);
	ck_assert(seal_get(seal, login, hex, false, secret, sizeof(secret)));
	free(hex);
	for (i = 0; i < 1000000; i++) {
		snprintf(code, sizeof(code), "%06d", i);
		if (totp_check(secret, sizeof(secret), code, clock_wall_us() / 1000000, 0,
			       &counter))
			return arena_strdup(arena, code);
	}
	ck_abort_msg("no code");
}

START_TEST(test_second_factor)
{
	const char *codes[RECOVERY_CODES], *code;
	struct totp_enrolment t;
	struct login_proof p;

	ck_assert_int_eq(login_set_password(passwords, &tx, "taro", "right", NULL), OK);
	ck_assert_int_eq(recovery_renew(&tx, "taro", codes), ERR_STATE);
	ck_assert_int_eq(totp_remove(&tx, "taro"), ERR_NOT_FOUND);
	ck_assert_int_eq(totp_enrol(seal, &tx, "taro", &t), OK);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK); /* not confirmed yet */
	ck_assert_int_eq(totp_confirm(seal, &tx, "taro", "x"), ERR_CREDENTIALS);
	code = code_now("taro");
	ck_assert_int_eq(totp_confirm(seal, &tx, "taro", code), OK);
	ck_assert_int_eq(totp_confirm(seal, &tx, "taro", code), ERR_STATE);
	ck_assert_int_eq(totp_enrol(seal, &tx, "taro", &t), ERR_STATE);
	ck_assert_int_eq(prove("taro", "right", code, NULL, &p), ERR_CREDENTIALS); /* used */
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), ERR_SECOND_FACTOR);
	clock_set_offset_s(3700);
	code = code_now("taro");
	ck_assert_int_eq(prove("taro", "wrong", code, NULL, &p), ERR_CREDENTIALS);
	ck_assert_int_eq(prove("taro", "right", code, NULL, &p), OK); /* was not used up by that */
	ck_assert(p.second_factor);
	ck_assert_int_eq(prove("taro", "right", code, NULL, &p), ERR_CREDENTIALS);
	clock_set_offset_s(2 * 3700);
	ck_assert_int_eq(recovery_renew(&tx, "taro", codes), OK);
	ck_assert_int_eq(prove("taro", "right", NULL, codes[9], &p), OK);
	ck_assert(p.second_factor);
	ck_assert_int_eq(prove("taro", "right", NULL, codes[9], &p), ERR_CREDENTIALS);
	ck_assert_int_eq(prove("taro", "right", NULL, "", &p), ERR_CREDENTIALS);
	ck_assert_int_eq(totp_remove(&tx, "taro"), OK);
	clock_set_offset_s(3 * 3700);
	ck_assert_int_eq(prove("taro", "right", NULL, NULL, &p), OK);
	ck_assert(!p.second_factor);
}
END_TEST

/* ---- what the roles may do --------------------------------------------------------------- */

START_TEST(test_notes)
{
	char state[6], *count;

	ck_assert_int_eq(login_note(&tx, "logout", "account", "taro", "{\"n\":1}"), OK);
	count = fixture_sql("SELECT count(*) FROM audit_event WHERE action = 'note' AND"
			    " institution = 'nao' AND object = 'taro' AND"
			    " after = '{\"n\": 1, \"what\": \"logout\"}'");
	ck_assert_str_eq(count, "1");
	free(count);
	fixture_refused(fixture_app(), "SELECT audit_note('x', 'asset', 'A1', '{}')", state);
	ck_assert_str_eq(state, "P0001");
	fixture_refused(fixture_app(), "INSERT INTO audit_event (action, object_type, object, "
			"version) VALUES ('note', 'account', 'taro', 0)", state);
	ck_assert_str_eq(state, "42501");
}
END_TEST

START_TEST(test_auditor_reads_no_secret)
{
	static const char *const tables[] = { "password", "totp", "recovery_code", "session",
		"login_delay" };
	char conninfo[1400], sql[100], state[6];
	const char *user = strstr(fixture_app(), "user=daicho_app");

	snprintf(conninfo, sizeof(conninfo), "%.*suser=daicho_auditor",
		 (int)(user - fixture_app()), fixture_app());
	snprintf(sql, sizeof(sql), "SELECT * FROM %s", tables[_i]);
	fixture_refused(conninfo, sql, state);
	ck_assert_str_eq(state, "42501");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_life, test_absolute, test_renewal, test_end,
		test_who_is_gone, test_proof, test_delay, test_delay_of_nobody,
		test_delay_by_strangers, test_delay_of_an_address, test_second_factor, test_notes };
	Suite *suite = suite_create("sessions");
	TCase *t = tcase_create("sessions");
	SRunner *runner;
	size_t i;
	int failed;

	tcase_add_unchecked_fixture(t, fixture_begin, fixture_end);
	tcase_add_unchecked_fixture(t, people, NULL);
	tcase_add_checked_fixture(t, begin, end);
	tcase_set_timeout(t, 120);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tcase_add_test(t, tests[i]);
	tcase_add_loop_test(t, test_auditor_reads_no_secret, 0, 5);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
