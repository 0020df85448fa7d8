/* The cookie of a session at the router: forged requests, fresh proof, refusals on record. */
#include "http_fixture.h"

#define ASK(method, path, head) method " " path " HTTP/1.1\r\nHost: t\r\n" head
#define COOKIE "Cookie: a=b; daicho=" GOOD_COOKIE "\r\n"
#define TOKEN "X-CSRF-Token: 0123456789abcdef\r\n"
#define OWN "Sec-Fetch-Site: same-origin\r\n"

START_TEST(test_identity)
{
	expect(ASK("GET", "/items/7", COOKIE "\r\n"), 200, NULL);
	expect(ASK("GET", "/items/7", "Cookie: daicho=other\r\n\r\n"), 401, "unauthenticated");
	expect(ASK("GET", "/items/7", "Cookie: other=" GOOD_COOKIE "\r\n\r\n"), 401, NULL);
	expect(ASK("GET", "/items/7", "Cookie: daicho=" GOOD_COOKIE "; daicho=x\r\n\r\n"), 400,
	       "more than once");
	/* a token goes before the cookie, and needs no other proof of where it comes from */
	expect(ASK("GET", "/items/7", COOKIE "Authorization: Bearer bad\r\n\r\n"), 401, NULL);
	expect(ASK("POST", "/items/7/act", COOKIE "Authorization: Bearer good\r\n\r\n"), 200, NULL);
}
END_TEST

START_TEST(test_forged)
{
	expect(ASK("POST", "/items/7/act", COOKIE OWN TOKEN "\r\n"), 200, NULL);
	ck_assert_int_eq(atomic_load(&noted), 0);
	expect(ASK("POST", "/items/7/act", COOKIE OWN "\r\n"), 403, "cross_site");
	expect(ASK("POST", "/items/7/act", COOKIE TOKEN "\r\n"), 403, "cross_site");
	expect(ASK("POST", "/items/7/act", COOKIE TOKEN "Sec-Fetch-Site: cross-site\r\n\r\n"),
	       403, NULL);
	expect(ASK("POST", "/items/7/act", COOKIE TOKEN "Origin: http://evil.example\r\n\r\n"), 403,
	       "cross_site");
	expect(ASK("POST", "/items/7/act", COOKIE OWN "X-CSRF-Token: 0123456789abcdeF\r\n\r\n"),
	       403, NULL);
	ck_assert_int_eq(atomic_load(&noted), 5);
	/* reading takes no such proof: it changes nothing */
	expect(ASK("GET", "/items/7", COOKIE "Sec-Fetch-Site: cross-site\r\n\r\n"), 200, NULL);
}
END_TEST

START_TEST(test_confirm)
{
	expect(ASK("POST", "/decide", COOKIE OWN TOKEN "\r\n"), 200, NULL);
	expect(ASK("POST", "/decide", "Authorization: Bearer good\r\n\r\n"), 403, "session_needed");
	expect(ASK("POST", "/decide", "\r\n"), 401, NULL);
	atomic_store(&proof_is_old, 1);
	expect(ASK("POST", "/decide", COOKIE OWN TOKEN "\r\n"), 403, "reauthentication_required");
	expect(ASK("POST", "/items/7/act", COOKIE OWN TOKEN "\r\n"), 200, NULL);
	ck_assert_int_eq(atomic_load(&noted), 2);
}
END_TEST

/* What holds a secret is neither tried out nor kept for a repetition. */
START_TEST(test_secret)
{
	expect(ASK("POST", "/decide?dry_run=true", COOKIE OWN TOKEN "\r\n"), 400, "dry_run");
	expect(ASK("POST", "/decide", COOKIE OWN TOKEN "Idempotency-Key: k\r\n\r\n"), 400, NULL);
	ck_assert_int_eq(atomic_load(&begins), 0);
}
END_TEST

START_TEST(test_refusals)
{
	expect(ASK("GET", "/chief", COOKIE "\r\n"), 403, "forbidden");
	ck_assert_int_eq(atomic_load(&noted), 1);
	expect(ASK("GET", "/chief", "\r\n"), 401, NULL);
	expect(ASK("GET", "/nowhere", COOKIE "\r\n"), 404, NULL);
	ck_assert_int_eq(atomic_load(&noted), 1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_identity, test_forged, test_confirm, test_secret,
		test_refusals, NULL };
	Suite *suite = suite_create("http session");

	if (sodium_init() < 0)
		return 1;
	add_case(suite, "session", start, tests);
	return suite_run(suite);
}
