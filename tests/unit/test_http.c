/* The way of a request: route, identity, body, handler, answer. */
#include "http_fixture.h"

#ifdef __SANITIZE_THREAD__ /* it takes most of a small stack for itself */
#define ROOM_FOR_DEPTH 0
#else
#define ROOM_FOR_DEPTH 1
#endif


START_TEST(test_route)
{
	expect(GET("/ping"), 200, "{\"pong\":true}");
	expect(GET("/nothing"), 404, "\"code\":\"not_found\"");
	expect(GET("/"), 404, NULL);
	expect(GET("/ping/"), 404, NULL);
	expect(GET("//ping"), 404, NULL);
	expect(GET("/ping/a"), 404, NULL);
	expect(GET("/a/b/c/d/e/f/g/h/i/j/k/l/m/n"), 404, NULL);
	expect(GET("/open/a%2Fb%20c"), 200, "GET /open/{no} /open/a/b c [a/b c]");
	expect(GET("/open/%E5%8F%B0"), 200, "[台]");
	expect(GET("/open/%FF"), 400, "bad_request");
	expect(GET("/open/%0A"), 400, "bad_request");
	/* the literal row decides, although {no} would take a GET */
	expect_header(GET("/open/table"), "Allow", "POST");
	expect_header(GET("/items"), "Allow", "POST");
	expect("PUT /items/1 HTTP/1.1\r\n" AUTH "\r\n", 405, "method_not_allowed");
	expect_header("PUT /items/1 HTTP/1.1\r\n" AUTH "\r\n", "Allow", "GET, HEAD, PATCH, DELETE");
	expect_header("OPTIONS /ping HTTP/1.1\r\nHost: t\r\n\r\n", "Allow", "GET, HEAD");
	expect("BREW /ping HTTP/1.1\r\nHost: t\r\n\r\n", 405, NULL);
	expect("get /ping HTTP/1.1\r\nHost: t\r\n\r\n", 405, NULL);
	expect("HEAD /items HTTP/1.1\r\n" AUTH "\r\n", 405, NULL);
}
END_TEST

START_TEST(test_head)
{
	struct answer a = ask("HEAD /ping HTTP/1.1\r\nHost: t\r\n\r\n");
	char value[64];

	ck_assert_int_eq(a.status, 200);
	ck_assert_str_eq(head_of(&a, "Content-Length", value, sizeof(value)), "13");
	free(a.body);
	expect("HEAD /nothing HTTP/1.1\r\nHost: t\r\n\r\n", 404, NULL);
}
END_TEST

START_TEST(test_query)
{
	expect(GET_AS("/items/5?limit=7&q=%E5%8F%B0+x%26y"), 200, "limit=7");
	expect(GET_AS("/items/5?q=%E5%8F%B0+x%26y"), 200, " q=<台 x&y>");
	expect(GET_AS("/items/5?a&b=&c==d"), 200, " a=<> b=<> c=<=d>");
	expect(GET_AS("/items/5?limit=0"), 400, "?limit");
	expect(GET_AS("/items/5?limit=x"), 400, "not_a_number");
	expect(GET_AS("/items/5?limit=99999999999999999999"), 400, "not_a_number");
	expect(GET_AS("/items/5?a=1&a=2"), 400, "duplicate_argument");
	expect(GET_AS("/items/5?a=1&%61=2"), 400, "duplicate_argument");
	expect(GET_AS("/items/5?a=%FF"), 400, "bad_utf8");
	expect(GET_AS("/items/5?a=%C0%80"), 400, "bad_utf8");
	expect(GET_AS("/items/5?a=%ED%A0%80"), 400, "bad_utf8");
	expect(GET_AS("/items/5?=1"), 400, "bad_name");
	expect(GET("/ping?x=1"), 400, "unknown_argument");
	expect(GET("/ping?dry_run=true"), 400, "?dry_run");
	expect(GET("/ping?lang=fr"), 400, "not_a_choice");
	expect(GET("/ping?lang=en"), 200, NULL);
}
END_TEST

static void
expect_lang(const char *header, const char *query, int lang)
{
	char raw[512], want[16];

	snprintf(raw, sizeof(raw), "GET /open/a%s HTTP/1.1\r\nHost: t\r\n%s\r\n", query, header);
	snprintf(want, sizeof(want), "lang=%d", lang);
	expect(raw, 200, want);
}

START_TEST(test_language)
{
	expect_lang("", "", LANG_JA);
	expect_lang("Accept-Language: en\r\n", "", LANG_EN);
	expect_lang("Accept-Language: en-GB, ja;q=0.9\r\n", "", LANG_EN);
	expect_lang("Accept-Language: en;q=0.8,ja\r\n", "", LANG_JA);
	expect_lang("Accept-Language: fr, de\r\n", "", LANG_JA);
	expect_lang("Accept-Language: *\r\n", "", LANG_JA);
	expect_lang("Accept-Language: ja;q=0, *\r\n", "", LANG_EN);
	expect_lang("Accept-Language: en;q=2, ja;q=0.001\r\n", "", LANG_JA);
	expect_lang("Accept-Language: ja , en ; q=0.999\r\n", "", LANG_JA);
	expect_lang("Accept-Language: ,,;;=,en;;q,\r\n", "", LANG_JA);
	expect_lang("Accept-Language: ja\r\n", "?lang=en", LANG_EN);
	expect_lang("Accept-Language: en\r\n", "?lang=ja", LANG_JA);
	expect("GET /x HTTP/1.1\r\nHost: t\r\nAccept-Language: en\r\n\r\n", 404,
	       "There is no such thing.");
	expect(GET("/x"), 404, "該当するものが見つかりません。");
}
END_TEST

START_TEST(test_identity)
{
	static const char challenge[] = "Bearer realm=\"daichod\"";
	static const char invalid[] = "Bearer realm=\"daichod\", error=\"invalid_token\"";

	expect(GET_AS("/items/1"), 200, "who=taro");
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nauthorization: bEaReR  good\r\n\r\n", 200,
	       NULL);
	expect(GET("/items/1"), 401, "unauthenticated");
	expect_header(GET("/items/1"), "WWW-Authenticate", challenge);
	expect_header("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer bad\r\n\r\n",
		      "WWW-Authenticate", invalid);
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Basic good\r\n\r\n", 401, NULL);
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer\r\n\r\n", 401, NULL);
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer a b\r\n\r\n", 401, NULL);
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearergood\r\n\r\n", 401, NULL);
	expect("GET /ping HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer bad\r\n\r\n", 200, NULL);
	expect(GET_AS("/chief"), 403, "forbidden");
	/* the method is told before the token is looked at; a path that is not there too */
	expect("POST /items/import HTTP/1.1\r\nHost: t\r\n" TYPE("text/csv") BODY2, 401, NULL);
}
END_TEST


START_TEST(test_body)
{
	expect(POST("/items", TYPE("application/json") BODY2), 201, "{\"bytes\":2");
	expect(POST("/items", TYPE("Application/JSON ; charset=\"UTF-8\"") BODY2), 201, NULL);
	expect(POST("/items", TYPE("application/merge-patch+json") BODY2), 201, NULL);
	expect(POST("/items", TYPE("application/json;charset=latin1") BODY2), 415, NULL);
	expect(POST("/items", TYPE("text/csv") BODY2), 415, "unsupported_media_type");
	expect(POST("/items", TYPE("application/x-www-form-urlencoded") BODY2), 415, NULL);
	expect(POST("/items", BODY2), 415, NULL);
	expect(POST("/items", TYPE("application/json") "Content-Encoding: gzip\r\n" BODY2), 415,
	       NULL);
	expect_header(POST("/items", BODY2), "Accept",
		      "application/json, application/merge-patch+json");
	expect_header(POST("/items/import", BODY2), "Accept", "text/csv, application/x-ndjson");
	expect(POST("/items/import", TYPE("text/csv; header=present; charset=UTF-8") BODY2), 200,
	       "\"charset\":\"utf-8\"");
	expect(POST("/items", TYPE("application/json") "\r\n"), 411, "length_required");
	expect(POST("/items", TYPE("application/json") "Content-Length: 0\r\n\r\n"), 400,
	       "bad_json");
	expect(POST("/items", TYPE("application/json")
		    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, "bad_json");
	expect(POST("/items", TYPE("application/json") "Content-Length: 3\r\n\r\n{]}"), 400,
	       "bad_json");
	expect(POST("/items", TYPE("application/json") "Content-Length: 1048577\r\n\r\n"), 413,
	       "body_too_large");
	expect(POST("/items/7/end", "\r\n"), 200, "{\"given\":null}");
	expect(POST("/items/7/end", "Content-Length: 0\r\n\r\n"), 200, "{\"given\":null}");
	expect(POST("/items/7/end", TYPE("application/json")
		    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 200, "{\"given\":null}");
	expect(POST("/items/7/end", TYPE("application/json") BODY2), 200, "{\"given\":{}}");
	expect(POST("/items/7/end", TYPE("text/csv") BODY2), 415, NULL);
	expect(POST("/items/7/act", "Content-Length: 0\r\n\r\n"), 200, NULL);
	expect(POST("/items/7/act", "\r\n"), 200, NULL);
	expect(POST("/items/7/act", TYPE("application/json") BODY2), 400, NULL);
}
END_TEST

/*
 * A body of n bytes, with a length or in chunks of 60,000; to the route for tables.  *ret_sent:
 * all of it could be sent, the server did not hang up in between.
 */
static struct answer
send_table(size_t n, bool chunked, bool *ret_sent)
{
	char head[256], piece[60000];
	struct answer a;
	size_t sent = 0;
	int fd = dial();

	memset(piece, 'a', sizeof(piece));
	snprintf(head, sizeof(head), POST("/items/import", TYPE("text/csv") "%s%.0zu\r\n\r\n"),
		 chunked ? "Transfer-Encoding: chunked" : "Content-Length: ", chunked ? 0 : n);
	say(fd, head);
	while (sent < n) {
		size_t part = n - sent < sizeof(piece) ? n - sent : sizeof(piece);
		char size[16];

		snprintf(size, sizeof(size), "%zx\r\n", part);
		if ((chunked && !say_n(fd, size, strlen(size))) || !say_n(fd, piece, part) ||
		    (chunked && !say_n(fd, "\r\n", 2)))
			break;
		sent += part;
	}
	*ret_sent = sent >= n;
	if (chunked)
		say_n(fd, "0\r\n\r\n", 5);
	a = read_answer(fd, false);
	close(fd);
	return a;
}

START_TEST(test_large_body)
{
	static const struct { size_t n; int length, chunked; } cases[] = {
		{ 1, 200, 200 }, { 70000, 200, 200 }, { 1048576, 200, 200 },
		{ 1048577, 413, 413 }, { 3000000, 413, 413 }, { 30000000, 413, 0 },
	};
	char want[64];
	bool sent;
	size_t i;
	int k;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (k = 0; k < 2; k++) {
			struct answer a = send_table(cases[i].n, k == 1, &sent);
			int status = k == 0 ? cases[i].length : cases[i].chunked;

			ck_assert_msg(a.status == status, "%zu bytes, %d: %d", cases[i].n, k,
				      a.status);
			snprintf(want, sizeof(want), "\"bytes\":%zu,\"sum\":%zu,", cases[i].n,
				 cases[i].n * 'a');
			ck_assert(status != 200 || strstr(a.body, want) != NULL);
			ck_assert_msg(sent == (status != 0), "%zu bytes, %d", cases[i].n, k);
			free(a.body);
		}
}
END_TEST

START_TEST(test_expect_continue)
{
	static const char head[] = POST("/items", TYPE("application/json")
					"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
	static const char large[] = POST("/items", TYPE("application/json")
					 "Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
	char line[32] = "";
	struct answer a;
	int fd = dial();

	say(fd, head);
	ck_assert_int_eq(hear(fd, line, 25), 25);
	ck_assert_str_eq(line, "HTTP/1.1 100 Continue\r\n\r\n");
	say(fd, "{}");
	a = read_answer(fd, false);
	ck_assert_int_eq(a.status, 201);
	free(a.body);
	/* on the same connection: refused without being asked for */
	say(fd, large);
	ck_assert_int_eq(hear(fd, line, 12), 12);
	ck_assert_mem_eq(line, "HTTP/1.1 413", 12);
	while (hear(fd, line, sizeof(line)) > 0)
		continue;
	close(fd);
}
END_TEST

/* 2,048 levels are the parser's limit; a connection's thread must have the stack for them. */
START_TEST(test_deep_json)
{
	static char raw[8192], deep[4100];
	int depth, n;

	for (depth = 2048; depth <= 2049; depth++) {
		memset(deep, '[', (size_t)depth);
		memset(deep + depth, ']', (size_t)depth);
		n = snprintf(raw, sizeof(raw), POST("/items", TYPE("application/json")
			     "Content-Length: %d\r\n\r\n%.*s"), 2 * depth, 2 * depth, deep);
		ck_assert_int_lt(n, (int)sizeof(raw));
		expect(raw, depth == 2048 ? 201 : 400, NULL);
	}
}
END_TEST

START_TEST(test_answer)
{
	struct answer a = ask(GET("/ping"));
	char value[256];

	ck_assert_str_eq(head_of(&a, "Content-Type", value, sizeof(value)), "application/json");
	ck_assert_str_eq(head_of(&a, "Cache-Control", value, sizeof(value)), "no-store");
	ck_assert_str_eq(head_of(&a, "X-Content-Type-Options", value, sizeof(value)), "nosniff");
	ck_assert_str_eq(head_of(&a, "Referrer-Policy", value, sizeof(value)), "no-referrer");
	ck_assert_ptr_nonnull(head_of(&a, "Content-Security-Policy", value, sizeof(value)));
	ck_assert_ptr_nonnull(head_of(&a, "Vary", value, sizeof(value)));
	ck_assert_int_eq(strlen(head_of(&a, "X-Request-Id", value, sizeof(value))), 32);
	free(a.body);
#define WITH_ID(id) "GET /ping HTTP/1.1\r\nHost: t\r\nX-Request-Id: " id "\r\n\r\n"
	expect_header(WITH_ID("Abc-123_.x"), "X-Request-Id", "Abc-123_.x");
	a = ask(WITH_ID("short"));
	ck_assert_int_eq(strlen(head_of(&a, "X-Request-Id", value, sizeof(value))), 32);
	free(a.body);
	a = ask(WITH_ID("with space and \\\" quote"));
	ck_assert_int_eq(strlen(head_of(&a, "X-Request-Id", value, sizeof(value))), 32);
	free(a.body);
	expect_header(GET("/nothing"), "Content-Type", "application/problem+json");
	expect_header(GET("/fail/busy"), "Retry-After", "1");
	expect(GET("/fail/busy"), 503, "\"type\":\"urn:daichod:problem:database_busy\"");
	expect(GET("/fail/invalid"), 422,
	       "\"errors\":[{\"pointer\":\"#/name\",\"code\":\"too_long\"");
	expect(GET("/fail/left-open"), 500, "\"code\":\"internal\"");
	ck_assert_int_eq(atomic_load(&rollbacks), 1);
	a = ask(GET("/fail/not-found"));
	ck_assert_ptr_null(strstr(a.body, "half an answer"));
	free(a.body);
}
END_TEST

#define GET_IF(tags) "GET /etag HTTP/1.1\r\nHost: t\r\nIf-None-Match: " tags "\r\n\r\n"

START_TEST(test_etag)
{
	expect(GET("/etag"), 200, "{\"version\":7}");
	expect_header(GET("/etag"), "ETag", "\"7\"");
	expect(GET_IF("\"7\""), 304, NULL);
	expect(GET_IF("\"6\", W/\"7\""), 304, NULL);
	expect(GET_IF("*"), 304, NULL);
	expect(GET_IF("\"6\",\"77\""), 200, NULL);
	expect(GET_IF("7"), 200, NULL);
	expect(GET_IF("\"7"), 200, NULL);
	expect_header(GET_IF("\"7\""), "ETag", "\"7\"");
#define DELETE_IF(h) "DELETE /items/1 HTTP/1.1\r\n" AUTH h "\r\n"
	expect(DELETE_IF("If-Match: \"7\"\r\n"), 200, "{\"matched\":\"7\"}");
	expect(DELETE_IF(""), 428, "precondition_required");
	expect(DELETE_IF("If-Match: *\r\n"), 400, NULL);
	expect(DELETE_IF("If-Match: W/\"7\"\r\n"), 400, NULL);
	expect(DELETE_IF("If-Match: 7\r\n"), 400, NULL);
	expect(DELETE_IF("If-Match: \"\"\r\n"), 400, NULL);
	expect(DELETE_IF("If-Match: \"7\", \"8\"\r\n"), 400, NULL);
}
END_TEST

/* ---- connections ------------------------------------------------------------------------ */

START_TEST(test_keep_alive)
{
	static const char *const raws[] = { GET("/ping"), GET("/nothing"), GET("/items/1"),
		"PUT /ping HTTP/1.1\r\nHost: t\r\n\r\n", GET("/open/a?b=%FF"),
		POST("/items", TYPE("application/json") BODY2),
		POST("/items", TYPE("application/json") "Content-Length: 1\r\n\r\n{"),
		POST("/items", TYPE("application/json") "\r\n"), GET_AS("/items/1"),
		"HEAD /nothing HTTP/1.1\r\nHost: t\r\n\r\n" };
	static const int statuses[] = { 200, 404, 401, 405, 400, 201, 400, 411, 200, 404 };
	struct buf all;
	size_t i;
	int fd = dial();

	buf_init(&all, 65536);
	for (i = 0; i < ARRAY_SIZE(raws); i++) {
		struct answer a;

		say(fd, raws[i]);
		a = read_answer(fd, str_starts(raws[i], "HEAD"));
		ck_assert_msg(a.status == statuses[i], "%zu: %d", i, a.status);
		free(a.body);
		buf_adds(&all, raws[i]);
	}
	/* and all of them again in one piece */
	say_n(fd, all.data, all.len);
	for (i = 0; i < ARRAY_SIZE(raws); i++) {
		struct answer a = read_answer(fd, str_starts(raws[i], "HEAD"));

		ck_assert_msg(a.status == statuses[i], "pipelined %zu: %d", i, a.status);
		free(a.body);
	}
	buf_release(&all);
	close(fd);
}
END_TEST

/* What follows an early error on the wire is a body, whatever it looks like. */
START_TEST(test_early_error)
{
	static const char *const heads[] = { POST("/nothing", ""), POST("/items/1", ""),
		POST("/items", TYPE("text/plain")), "POST /items HTTP/1.1\r\nHost: t\r\n" };
	static const int statuses[] = { 404, 405, 415, 401 };
	char raw[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		static const char hidden[] = GET("/smuggled");
		char *text;
		int n, status = 0;

		n = snprintf(raw, sizeof(raw), "%sContent-Length: %zu\r\n\r\n%s%s", heads[i],
			     sizeof(hidden) - 1, hidden, hidden);
		text = converse(raw, (size_t)n);
		sscanf(text, "HTTP/1.1 %d", &status);
		ck_assert_int_eq(status, statuses[i]);
		ck_assert_int_eq(count_answers(text), 1);
		ck_assert_ptr_nonnull(strstr(text, "Connection: close"));
		free(text);
	}
	ck_assert_int_eq(atomic_load(&smuggled), 0);
}
END_TEST

START_TEST(test_old_version)
{
	static const char raw[] = "GET /ping HTTP/1.0\r\n\r\n" GET("/smuggled");
	char *text = converse(raw, sizeof(raw) - 1);

	ck_assert_ptr_nonnull(strstr(text, " 200 "));
	ck_assert_ptr_nonnull(strstr(text, "{\"pong\":true}"));
	ck_assert_int_eq(count_answers(text), 1);
	ck_assert_int_eq(atomic_load(&smuggled), 0);
	free(text);
}
END_TEST

START_TEST(test_big_answer)
{
	static const char *const raws[] = { GET("/big/file"), GET("/big/memory") };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(raws); i++) {
		struct answer a = ask(raws[i]);

		ck_assert_int_eq(a.status, 200);
		ck_assert_uint_eq(a.len, BIG_BYTES);
		ck_assert(a.complete);
		free(a.body);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_route, test_head, test_query, test_language,
		test_identity, test_body, test_large_body, test_expect_continue, test_answer,
		test_etag, test_keep_alive, test_early_error, test_old_version, test_big_answer,
		ROOM_FOR_DEPTH ? test_deep_json : NULL, NULL };
	Suite *suite = suite_create("http");

	if (sodium_init() < 0)
		return 1;
	add_case(suite, "requests", start, tests);
	return suite_run(suite);
}
