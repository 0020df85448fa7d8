/* The route table, and what the router puts around a handler: dry run, Idempotency-Key. */
#include "http_fixture.h"

START_TEST(test_dry_run)
{
	expect_header(POST("/items?dry_run=true", TYPE("application/json") BODY2),
		      "Daicho-Dry-Run", "true");
	ck_assert_int_eq(atomic_load(&begins), 1);
	ck_assert_int_eq(atomic_load(&rollbacks), 1);
	expect(POST("/items?dry_run=true", TYPE("application/json") BODY2), 201, "\"bytes\":2");
	expect_header(POST("/fail/x?dry_run=true", "\r\n"), "Daicho-Dry-Run", "true");
	expect(POST("/items?dry_run=maybe", TYPE("application/json") BODY2), 400, "?dry_run");
	expect_header(POST("/items?dry_run=false", TYPE("application/json") BODY2),
		      "Daicho-Dry-Run", NULL);
	ck_assert_int_eq(atomic_load(&commits), 0);
	ck_assert_int_eq(atomic_load(&begins), atomic_load(&rollbacks));
}
END_TEST

#define ONCE(key) TYPE("application/json") "Idempotency-Key: " key "\r\n"

START_TEST(test_idempotency)
{
	static const char first[] = POST("/items", ONCE("k1") BODY2);
	static const char other[] = POST("/items", ONCE("k1") "Content-Length: 2\r\n\r\n[]");
	static const char failing[] = POST("/items", ONCE("k2") "Content-Length: 2\r\n\r\n[}");

	expect(first, 201, "\"n\":1}");
	expect(first, 201, "\"n\":1}");
	ck_assert_int_eq(atomic_load(&ran), 1);
	ck_assert_int_eq(atomic_load(&commits), 1);
	expect_header(first, "Idempotency-Replayed", "true");
	expect_header(first, "Location", "/items/1");
	expect(other, 422, "idempotency_key_reused");
	expect(POST("/items?lang=ja", ONCE("k1") BODY2), 422, "idempotency_key_reused");
	/* a failure is not kept: the key is free for the repaired request */
	expect(failing, 400, "bad_json");
	expect(POST("/items", ONCE("k2") BODY2), 201, "\"n\":2}");
	expect(POST("/items", ONCE("") BODY2), 400, "Idempotency-Key");
	expect(POST("/items", ONCE("a b") BODY2), 400, "Idempotency-Key");
	expect(POST("/items", ONCE("\xe5\x8f\xb0") BODY2), 400, "Idempotency-Key");
	ck_assert_int_eq(atomic_load(&begins), atomic_load(&commits) + atomic_load(&rollbacks));
}
END_TEST

START_TEST(test_idempotency_running)
{
	struct tx other = { .open = true };

	claim(&other, "busy", "");
	expect(POST("/items", ONCE("busy") BODY2), 409, "idempotency_key_running");
	expect_header(POST("/items", ONCE("busy") BODY2), "Retry-After", "1");
	end(&other, false);
	expect(POST("/items", ONCE("busy") BODY2), 201, NULL);
}
END_TEST

/* ---- the route table -------------------------------------------------------------------- */

#define GOOD ROW(GET, "/a/{no}", OFFICES_KNOWN, READ, NONE, run_ping)

static const struct route broken[][3] = {
	{ ROW(GET, "/a", OFFICES_NOBODY, READ, NONE, run_ping) },
	{ ROW(GET, "/a", OFFICES_KNOWN, NOBODY, NONE, run_ping) },
	{ ROW(GET, "/a", OFFICES_ANYONE, READ, NONE, run_ping) },
	{ ROW(GET, "/a", OFFICES_KNOWN, PUBLIC, NONE, run_ping) },
	{ ROW(GET, "/a", OFFICES_KNOWN | OFFICES_ANYONE, PUBLIC, NONE, run_ping) },
	{ ROW(GET, "/a", OFFICES_KNOWN, READ, NONE, NULL) },
	{ ROW(GET, "/a", OFFICES_KNOWN, READ, JSON, run_ping) },
	{ ROW(DELETE, "/a", OFFICES_KNOWN, WRITE, JSON, run_ping) },
	{ ROW(GET, "a", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "/a/", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "/a//b", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "/{}", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "/{a", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ ROW(GET, "/{a}/{b}/{c}/{d}", OFFICES_KNOWN, READ, NONE, run_ping) },
	{ GOOD, GOOD },
	{ GOOD, ROW(PUT, "/a/{other}", OFFICES_KNOWN, WRITE, JSON, run_ping) },
};

START_TEST(test_broken_routes)
{
	routes_check(broken[_i]);
}
END_TEST

START_TEST(test_routes)
{
	static const char want[] = "GET    /ping anyone public 0\n";
	char text[8192] = "", chief[128];
	int out;

	routes_check(routes);
	fflush(stdout);
	out = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	dup2(out, STDOUT_FILENO);
	routes_print(&service);
	fflush(stdout);
	ck_assert_int_gt(pread(out, text, sizeof(text) - 1, 0), 0);
	ck_assert_mem_eq(text, want, sizeof(want) - 1);
	ck_assert_ptr_nonnull(strstr(text, "\nPOST   /items/import known import 1048576\n"));
	snprintf(chief, sizeof(chief), "\nGET    /chief %s read 0\n",
		 office_info(OFFICE_CISO)->code);
	ck_assert_ptr_nonnull(strstr(text, chief));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_dry_run, test_idempotency, test_idempotency_running,
		test_routes, NULL };
	Suite *suite = suite_create("http router");
	TCase *t = tcase_create("broken routes");

	if (sodium_init() < 0)
		return 1;
	add_case(suite, "router", start, tests);
	tcase_add_loop_test_raise_signal(t, test_broken_routes, SIGABRT, 0,
					 (int)ARRAY_SIZE(broken));
	suite_add_tcase(suite, t);
	return suite_run(suite);
}
