/* Passwords, one-time passwords, seals, cookies, forged requests: what needs no database. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>
#include <sodium.h>

#include <base/clock.h>
#include <base/text.h>
#include <http/cookie.h>
#include <http/csrf.h>
#include <org/password.h>
#include <org/seal.h>
#include <org/session.h>
#include <org/totp.h>

static struct arena *arena;

static void
begin(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	arena = arena_new();
}

static void
end(void)
{
	arena_free(arena);
}

/* ---- passwords -------------------------------------------------------------------------- */

static const struct {
	const char *text, *code; /* NULL: taken */
} passwords[] = {
	{ "correct horse battery", NULL },
	{ "j6muz-aycu2-meg7a", NULL },
	{ "夜空に星がひとつだけ光る", NULL },			     /* 12 characters */
	{ "  twelve chars  ", NULL },				     /* without the spaces */
	{ "", "too_short" },
	{ "elevenchars", "too_short" },
	{ "夜空に星がひとつだけ光", "too_short" },
	{ "            a", "too_short" },
	{ "Password1234", "common_password" },
	{ "ｐａｓｓｗｏｒｄ１２３４", "common_password" },		     /* full width */
	{ "aaaaaaaaaaaaaaaa", "common_password" },
	{ "abababababababab", "common_password" },
	{ "123456789012", "common_password" },
	{ "1234512345123451234512345", NULL },			     /* a period of five */
	{ "zyxwvutsrqponml", "common_password" },
	{ "Yamada.T-is-my-name", "holds_login" },
	{ "my login: YAMADA.T", "holds_login" },
	{ "line\nbreak in the text", "control_character" },
	{ "a password \xff not text", "bad_utf8" },
};

START_TEST(test_password_rules)
{
	struct faults faults;
	const char *text;

	faults_init(&faults, arena, 10);
	text = password_choose(arena, "new", "yamada.t", passwords[_i].text, &faults);
	if (passwords[_i].code == NULL) {
		ck_assert_msg(text != NULL, "%s", faults.v == NULL ? "" : faults.v[0].code);
		return;
	}
	ck_assert_ptr_null(text);
	ck_assert_uint_eq(faults.n, 1);
	if (strcmp(passwords[_i].code, "bad_utf8") != 0)
		ck_assert_str_eq(faults.v[0].code, passwords[_i].code);
	ck_assert_str_eq(faults.v[0].field, "new");
	ck_assert_ptr_null(faults.v[0].value); /* never repeated */
}
END_TEST

START_TEST(test_password_length)
{
	struct faults faults;
	char text[200];
	size_t n;

	faults_init(&faults, arena, 10);
	for (n = 0; n < sizeof(text) - 1; n++)
		text[n] = "qx7mzk2p9vwt4"[n % 13];
	text[128] = '\0';
	ck_assert_ptr_nonnull(password_choose(arena, "p", "taro", text, &faults));
	text[128] = 'x';
	text[129] = '\0';
	ck_assert_ptr_null(password_choose(arena, "p", "taro", text, &faults));
	ck_assert_str_eq(faults.v[0].code, "too_long");
}
END_TEST

/* か + dakuten typed apart is the same password as が. */
START_TEST(test_password_form)
{
	ck_assert_str_eq(password_normal(arena, "か\xe3\x82\x99"), "が");
	ck_assert_ptr_null(password_normal(arena, "\xff"));
	ck_assert_uint_eq(strlen(password_generate(arena)), 29);
	ck_assert_str_ne(password_generate(arena), password_generate(arena));
}
END_TEST

static struct passwords *
light(int slots, int waiting)
{
	return passwords_new(&(struct password_conf){ .ops = 1, .memory = 8192, .slots = slots,
						      .waiting = waiting });
}

START_TEST(test_hash)
{
	struct passwords *p = light(1, 1), *strong;
	char hash[PASSWORD_HASH_SIZE];
	struct password_stats s;

	ck_assert_int_eq(password_hash(p, "correct horse", hash), OK);
	ck_assert_int_eq(strncmp(hash, "$argon2id$", 10), 0);
	ck_assert(password_matches(p, hash, "correct horse"));
	ck_assert(!password_matches(p, hash, "correct hors"));
	ck_assert(!password_matches(p, hash, NULL));
	ck_assert(!password_matches(p, NULL, "correct horse"));
	ck_assert(!password_matches(p, NULL, NULL));
	password_stats(p, &s);
	ck_assert_uint_eq(s.hashes, 6); /* the same work for nobody */
	ck_assert(!password_is_stale(p, hash));
	strong = passwords_new(&(struct password_conf){ .ops = 2, .memory = 16384 });
	ck_assert(password_is_stale(strong, hash));
	passwords_free(strong);
	passwords_free(p);
}
END_TEST

static void *
enter_and_leave(void *arg)
{
	struct passwords *p = arg;

	if (passwords_enter(p) == OK)
		passwords_leave(p);
	return NULL;
}

START_TEST(test_queue)
{
	struct passwords *p = light(1, 1);
	struct password_stats s = { 0 };
	pthread_t second;

	ck_assert_int_eq(passwords_enter(p), OK);
	ck_assert_int_eq(pthread_create(&second, NULL, enter_and_leave, p), 0);
	while (s.waiting == 0)
		password_stats(p, &s);
	ck_assert_int_eq(passwords_enter(p), ERR_TOO_MANY); /* at once */
	passwords_leave(p);
	pthread_join(second, NULL);
	password_stats(p, &s);
	ck_assert_int_eq(s.busy + s.waiting, 0);
	ck_assert_uint_eq(s.refused, 1);
	ck_assert_int_eq(passwords_enter(p), OK);
	passwords_leave(p);
	passwords_free(p);
}
END_TEST

/* ---- one-time passwords ----------------------------------------------------------------- */

static const uint8_t rfc[] = "12345678901234567890";

/* RFC 6238, appendix B, SHA-1: the last six of the eight digits. */
static const struct {
	int64_t at;
	const char *code;
} vectors[] = {
	{ 59, "287082" },	  { 1111111109, "081804" },  { 1111111111, "050471" },
	{ 1234567890, "005924" }, { 2000000000, "279037" },  { 20000000000, "353130" },
};

START_TEST(test_totp_vectors)
{
	int64_t counter = -1, at = vectors[_i].at;
	const char *code = vectors[_i].code;

	ck_assert(totp_check(rfc, 20, code, at, 0, &counter));
	ck_assert_int_eq(counter, at / 30);
	/* one step before and after, not two */
	ck_assert(totp_check(rfc, 20, code, at + 30, 0, &counter));
	ck_assert_int_eq(counter, at / 30);
	ck_assert(!totp_check(rfc, 20, code, at + 60, 0, &counter));
	if (at > 60) {
		ck_assert(totp_check(rfc, 20, code, at - 30, 0, &counter));
		ck_assert_int_eq(counter, at / 30);
		ck_assert(!totp_check(rfc, 20, code, at - 60, 0, &counter));
	}
	/* used once, it is used up; so is what came before */
	ck_assert(!totp_check(rfc, 20, code, at, at / 30, &counter));
	ck_assert(!totp_check(rfc, 20, code, at, at / 30 + 1, &counter));
	ck_assert(totp_check(rfc, 20, code, at, at / 30 - 1, &counter));
}
END_TEST

START_TEST(test_totp_refused)
{
	static const char *const bad[] = { "", "28708", "2870820", "28708a", "000000", " 287082",
		"94287082", "２８７０８２" };
	int64_t counter = -7;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!totp_check(rfc, 20, bad[i], 59, 0, &counter), "%s", bad[i]);
	ck_assert(!totp_check(rfc, 19, "287082", 59, 0, &counter));
	ck_assert_int_eq(counter, -7);
	ck_assert_str_eq(totp_uri(arena, "taro", rfc, 20),
			 "otpauth://totp/daichod:taro?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
			 "&issuer=daichod&algorithm=SHA1&digits=6&period=30");
}
END_TEST

/* ---- seals ------------------------------------------------------------------------------ */

static struct seal *
seal_with(const char *key)
{
	char path[] = "/tmp/daicho-seal-XXXXXX";
	const char *why = NULL;
	int fd = mkstemp(path);
	struct seal *s;

	ck_assert_int_eq(write(fd, key, strlen(key)), (ssize_t)strlen(key));
	close(fd);
	s = seal_open(path, &why);
	unlink(path);
	ck_assert(s != NULL || why != NULL);
	return s;
}

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

START_TEST(test_seal)
{
	struct seal *s, *other, *none;
	const char *hex, *why = NULL;
	uint8_t back[20];
	bool sealed;

	none = seal_open("", &why);
	hex = seal_put(none, arena, "taro", rfc, 20, &sealed);
	ck_assert(!sealed);
	ck_assert(seal_get(none, "taro", hex, false, back, 20));
	ck_assert_mem_eq(back, rfc, 20);
	ck_assert(!seal_get(none, "taro", hex, false, back, 19));
	ck_assert(!seal_get(none, "taro", "zz", false, back, 1));
	if (crypto_aead_aes256gcm_is_available()) {
		s = seal_with(KEY "\n");
		other = seal_with("ff112233445566778899aabbccddeeff"
				  "00112233445566778899aabbccddeeff");
		ck_assert_ptr_nonnull(s);
		hex = seal_put(s, arena, "taro", rfc, 20, &sealed);
		ck_assert(sealed);
		ck_assert_ptr_null(strstr(hex, "3132333435"));
		ck_assert(seal_get(s, "taro", hex, true, back, 20));
		ck_assert_mem_eq(back, rfc, 20);
		ck_assert(!seal_get(s, "jiro", hex, true, back, 20)); /* put under another name */
		ck_assert(!seal_get(none, "taro", hex, true, back, 20));
		ck_assert(!seal_get(other, "taro", hex, true, back, 20));
		seal_close(s);
		seal_close(other);
	}
	seal_close(none);
}
END_TEST

START_TEST(test_broken_keys)
{
	static const char *const bad[] = { "x", "0011", KEY "00", KEY " trailing", "zz" KEY };
	const char *why = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(seal_with(bad[i]) == NULL, "%s", bad[i]);
	ck_assert_ptr_null(seal_open("/nowhere/key", &why));
	ck_assert_ptr_nonnull(why);
}
END_TEST

/* ---- cookies and forged requests --------------------------------------------------------- */

static const struct {
	const char *header, *value; /* NULL: none; "!": refused */
} cookies[] = {
	{ NULL, NULL },
	{ "", NULL },
	{ "daicho=abc", "abc" },
	{ "a=b; daicho=abc", "abc" },
	{ "daicho=abc; a=b", "abc" },
	{ "a=b;daicho=abc;c=d", "abc" },
	{ "a=b;  daicho=abc  ;c=d", "abc" },
	{ "daicho=", "" },
	{ "daicho=a=b", "a=b" },
	{ "daicho", NULL },
	{ "daicho2=abc", NULL },
	{ "xdaicho=abc", NULL },
	{ "Daicho=abc", NULL },
	{ "__Host-daicho=abc", NULL },
	{ "a=daicho=abc", NULL },
	{ ";;; daicho=abc;;", "abc" },
	{ "daicho=abc; daicho=abc", "!" },
	{ "daicho=abc; a=b; daicho=", "!" },
};

START_TEST(test_cookies)
{
	const char *value = "untouched";
	enum err e = cookie_find(arena, cookies[_i].header, "daicho", &value);

	if (str_eq(cookies[_i].value, "!")) {
		ck_assert_int_eq(e, ERR_BAD_REQUEST);
		ck_assert_str_eq(value, "untouched");
		return;
	}
	ck_assert_int_eq(e, OK);
	ck_assert_msg(str_eq(value, cookies[_i].value), "%s", value);
}
END_TEST

#define OWN "https://register.example.ac.jp"

static const struct {
	const char *site, *origin;
	enum csrf_source source;
} sources[] = {
	{ "same-origin", NULL, CSRF_OWN },
	{ "same-origin", "https://evil.example", CSRF_OWN }, /* no script can set the first */
	{ "same-site", OWN, CSRF_FOREIGN },
	{ "cross-site", OWN, CSRF_FOREIGN },
	{ "none", OWN, CSRF_FOREIGN },
	{ "", OWN, CSRF_FOREIGN },
	{ "Same-Origin", OWN, CSRF_FOREIGN },
	{ NULL, OWN, CSRF_OWN },
	{ NULL, "http://register.example.ac.jp", CSRF_FOREIGN },
	{ NULL, OWN ":8443", CSRF_FOREIGN },
	{ NULL, OWN ".evil.example", CSRF_FOREIGN },
	{ NULL, "null", CSRF_FOREIGN },
	{ NULL, "", CSRF_FOREIGN },
	{ NULL, NULL, CSRF_SILENT },
};

START_TEST(test_csrf)
{
	enum csrf_source s = csrf_source(sources[_i].site, sources[_i].origin, OWN);

	ck_assert_int_eq(s, sources[_i].source);
	ck_assert_int_eq(csrf_allows(s, "token", "token"), s == CSRF_OWN);
	ck_assert(!csrf_allows(s, NULL, "token"));
	ck_assert(!csrf_allows(s, "", "token"));
	ck_assert(!csrf_allows(s, "Token", "token"));
	ck_assert(!csrf_allows(s, "token2", "token"));
	ck_assert(!csrf_allows(s, "token", NULL));
}
END_TEST

/* ---- decisions -------------------------------------------------------------------------- */

START_TEST(test_decisions)
{
	struct session_conf conf = { .idle_s = 1800, .max_s = 43200,
		.second_factor = OFFICE_BIT(OFFICE_ISM) };
	struct appointment offices[] = { { .office = OFFICE_STAFF }, { .office = OFFICE_ISM } };
	struct sessions *s = sessions_new(&conf);
	struct principal p = { .proof = PROOF_SESSION, .proved_at = clock_wall_us(),
		.offices = offices, .office_count = 2 };

	ck_assert_int_eq(principal_is_fresh(&p), OK);
	ck_assert_int_eq(principal_may_decide(&p, s), ERR_NO_SECOND_FACTOR);
	p.second_factor = true;
	ck_assert_int_eq(principal_may_decide(&p, s), OK);
	p.second_factor = false;
	p.office_count = 1; /* without the office that demands one */
	ck_assert_int_eq(principal_may_decide(&p, s), OK);
	clock_set_offset_s(SESSION_FRESH_S - 5);
	ck_assert_int_eq(principal_may_decide(&p, s), OK);
	clock_set_offset_s(SESSION_FRESH_S + 1);
	ck_assert_int_eq(principal_may_decide(&p, s), ERR_REAUTHENTICATE);
	clock_set_offset_s(0);
	p.proof = PROOF_TOKEN;
	ck_assert_int_eq(principal_may_decide(&p, s), ERR_SESSION_NEEDED);
	p.proof = PROOF_PROXY;
	ck_assert_int_eq(principal_is_fresh(&p), ERR_SESSION_NEEDED);
	sessions_free(s);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_password_length, test_password_form, test_hash,
		test_queue, test_totp_refused, test_seal, test_broken_keys, test_decisions };
	Suite *suite = suite_create("login");
	TCase *t = tcase_create("login");
	SRunner *runner;
	size_t i;
	int failed;

	tcase_add_checked_fixture(t, begin, end);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tcase_add_test(t, tests[i]);
	tcase_add_loop_test(t, test_password_rules, 0, (int)ARRAY_SIZE(passwords));
	tcase_add_loop_test(t, test_totp_vectors, 0, (int)ARRAY_SIZE(vectors));
	tcase_add_loop_test(t, test_cookies, 0, (int)ARRAY_SIZE(cookies));
	tcase_add_loop_test(t, test_csrf, 0, (int)ARRAY_SIZE(sources));
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
