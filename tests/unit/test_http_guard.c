/* What the guard refuses, what it must let through, and that neither desynchronises. */
#include "http_fixture.h"

#define NEXT "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n"
#define LAST "GET /ping HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
#define JSON "Content-Type: application/json\r\n"

struct raw {
	const char *name;
	const char *text;
	size_t n;
	int status; /* of the only answer */
};

#define CASE(name, status, text) { name, text NEXT, sizeof(text NEXT) - 1, status }

static const struct raw refused[] = {
	CASE("both lengths", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("both lengths, other order", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
	CASE("two lengths", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: 5\r\nContent-Length: 0\r\n\r\n"),
	CASE("two equal lengths", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
	CASE("space before the colon", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length : 5\r\n\r\n"),
	CASE("tab before the colon", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length\t: 5\r\n\r\n"),
	CASE("xchunked", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
	CASE("gzip, chunked", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	CASE("chunked and a space", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"),
	CASE("chunked and a vertical tab", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"),
	CASE("identity", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n"),
	CASE("chunked twice", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("chunked, chunked", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
	CASE("chunked on 1.0", 400, "POST /open/json HTTP/1.0\r\n" JSON
	     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("empty name", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     ": x\r\nContent-Length: 40\r\n\r\n"),
	CASE("empty name and value", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     ":\r\nContent-Length: 40\r\n\r\n"),
	CASE("empty name first", 400, "POST /open/json HTTP/1.1\r\n: x\r\nHost: t\r\n\r\n"),
	CASE("fold", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: 1\r\n 2\r\n\r\n"),
	CASE("fold of the framing", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
	CASE("fold of the first line", 400, "GET /ping HTTP/1.1\r\n X: 1\r\nHost: t\r\n\r\n"),
	CASE("NUL in a value", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: 1\0002\r\n\r\n"),
	CASE("NUL in the last value", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: 1\0\r\n\r\n"),
	CASE("NUL in the target", 400, "GET /ping\0x HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("NUL in the method", 400, "GET\0 /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("control character in a value", 400,
	     "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: a\001b\r\n\r\n"),
	CASE("lone CR in a value", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: a\rb\r\n\r\n"),
	CASE("bare LF after a header", 400, "GET /ping HTTP/1.1\r\nHost: t\nX-A: a\r\n\r\n"),
	CASE("bare LF after the request line", 400, "GET /ping HTTP/1.1\nHost: t\r\n\r\n"),
	CASE("name with a bracket", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX(A): a\r\n\r\n"),
	CASE("name in UTF-8", 400, "GET /ping HTTP/1.1\r\nHost: t\r\n\xe5\x90\x8d: a\r\n\r\n"),
	CASE("two Hosts", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n"),
	CASE("no Host", 400, "GET /ping HTTP/1.1\r\nX-A: 1\r\n\r\n"),
	CASE("no header at all", 400, "GET /ping HTTP/1.1\r\n\r\n"),
	CASE("Host with a path", 400, "GET /ping HTTP/1.1\r\nHost: t/ping\r\n\r\n"),
	CASE("HTTP/1.2", 400, "GET /ping HTTP/1.2\r\nHost: t\r\n\r\n"),
	CASE("HTTP/2.0", 505, "GET /ping HTTP/2.0\r\nHost: t\r\n\r\n"),
	CASE("two Content-Types", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON JSON
	     "Content-Length: 2\r\n\r\n{}"),
	CASE("two Authorizations", 400,
	     "GET /items/1 HTTP/1.1\r\n" AUTH "Authorization: Bearer x\r\n\r\n"),
	CASE("two Cookies", 400,
	     "GET /ping HTTP/1.1\r\nHost: t\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"),
	CASE("two keys", 400, "POST /items HTTP/1.1\r\n" AUTH JSON "Idempotency-Key: a\r\n"
	     "idempotency-key: b\r\nContent-Length: 2\r\n\r\n{}"),
	CASE("two If-Match", 400,
	     "DELETE /items/1 HTTP/1.1\r\n" AUTH "If-Match: \"1\"\r\nIf-Match: \"2\"\r\n\r\n"),
	CASE("GET with a body", 400,
	     "GET /ping HTTP/1.1\r\nHost: t\r\nContent-Length: 38\r\n\r\n"),
	CASE("GET with chunks", 400,
	     "GET /ping HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("HEAD with a body", 400,
	     "HEAD /ping HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\n"),
	CASE("DELETE with a body", 400, "DELETE /items/1 HTTP/1.1\r\n" AUTH
	     "If-Match: \"1\"\r\nContent-Length: 2\r\n\r\n{}"),
	CASE("length of 19 digits", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: 1000000000000000000\r\n\r\n"),
	CASE("%00", 400, "GET /ping%00 HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("%00 in the query", 400, "GET /ping?a=%00 HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("broken escape", 400, "GET /ping%zz HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("cut escape", 400, "GET /ping?a=%4 HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("raw UTF-8 in the target", 400, "GET /\xe5\x90\x8d HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("control in the target", 400, "GET /pi\001ng HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("tab in the target", 400, "GET /ping\t HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("space in the target", 400, "GET /pi ng HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("two spaces before the target", 400, "GET  /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("fragment", 400, "GET /ping#a HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("absolute form", 400, "GET http://t/ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("asterisk", 400, "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("authority form", 400, "CONNECT t:80 HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("method with a bracket", 400, "GE(T /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	CASE("trailer", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-A: 1\r\n\r\n"),
	CASE("trailer with an empty name", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n: x\r\nX-A: 1\r\n\r\n"),
	/* these are the library's own answers */
	CASE("length with a sign", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: +2\r\n\r\n{}"),
	CASE("list of lengths", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Content-Length: 5, 5\r\n\r\n"),
	CASE("broken chunk size", 400, "POST /open/json HTTP/1.1\r\nHost: t\r\n" JSON
	     "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
	CASE("header without a colon", 400, "GET /ping HTTP/1.1\r\nHost: t\r\nX-A\r\n\r\n"),
};

START_TEST(test_refused)
{
	const struct raw *c = &refused[_i];
	char *text = converse(c->text, c->n);
	int status = 0;

	sscanf(text, "HTTP/1.1 %d", &status);
	ck_assert_msg(status == c->status, "%s: %d: %s", c->name, status, text);
	ck_assert_msg(strstr(text, "onnection: close") != NULL, "%s: %s", c->name, text);
	/* 0.9.75 repeats its own header block for a malformed Content-Length; no second request */
	ck_assert_msg(count_answers(text) == 1 || strstr(text, "<html>") != NULL, "%s: %s",
		      c->name, text);
	ck_assert_msg(atomic_load(&smuggled) == 0, "%s: smuggled", c->name);
	ck_assert_msg(atomic_load(&ran) == 0, "%s: it was run", c->name);
	free(text);
}
END_TEST

#define ACCEPT(name, text) { name, text LAST, sizeof(text LAST) - 1, 200 }

static const struct raw accepted[] = {
	ACCEPT("plain", "GET /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	ACCEPT("empty lines before", "\r\n\r\nGET /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	ACCEPT("white space around values",
	       "GET /ping HTTP/1.1\r\nHost: \t t \t\r\nX-A:\r\nX-B: \r\nX-C:1\r\n\r\n"),
	ACCEPT("tab in a value", "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: a\tb\r\n\r\n"),
	ACCEPT("UTF-8 in a value", "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: \xe5\x90\x8d\r\n\r\n"),
	ACCEPT("GET with length 0",
	       "GET /ping HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n"),
	ACCEPT("empty Host", "GET /ping HTTP/1.1\r\nHost:\r\n\r\n"),
	ACCEPT("IPv6 Host", "GET /ping HTTP/1.1\r\nHost: [::1]:8620\r\n\r\n"),
	ACCEPT("every token character",
	       "GET /ping HTTP/1.1\r\nHost: t\r\nX!#$%&'*+-.^_`|~9: a\r\n\r\n"),
	ACCEPT("repeated list header",
	       "GET /ping HTTP/1.1\r\nHost: t\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n"),
	ACCEPT("a cookie", "GET /ping HTTP/1.1\r\nHost: t\r\nCookie: a=1; b=\"2\"; c\r\n\r\n"),
	ACCEPT("escapes", "GET /open/%e5%90%8d%2F?q=%E5%90%8D+x HTTP/1.1\r\nHost: t\r\n\r\n"),
	ACCEPT("empty query", "GET /ping? HTTP/1.1\r\nHost: t\r\n\r\n"),
	ACCEPT("HEAD", "HEAD /ping HTTP/1.1\r\nHost: t\r\n\r\n"),
	ACCEPT("HTTP/1.0 kept alive", "GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
	ACCEPT("lower-case header names", "GET /ping HTTP/1.1\r\nhost: t\r\n\r\n"),
	ACCEPT("table with a length", "POST /open/table HTTP/1.1\r\nHost: t\r\nContent-Type: "
	       "text/csv\r\nContent-Length: 3\r\n\r\na,b"),
	ACCEPT("table in chunks", "POST /open/table HTTP/1.1\r\nHost: t\r\nContent-Type: "
	       "text/csv\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n2;x=y\r\n,b\r\n0\r\n\r\n"),
	ACCEPT("empty table", "POST /open/table HTTP/1.1\r\nHost: t\r\nContent-Type: "
	       "text/csv\r\nContent-Length: 0\r\n\r\n"),
};

/* Two answers, each of its request: nothing was swallowed, nothing invented. */
START_TEST(test_accepted)
{
	const struct raw *c = &accepted[_i];
	char *text = converse(c->text, c->n), *p = text;
	int n = 0;

	for (; (p = strstr(p, "HTTP/1.1 200")) != NULL; p++)
		n++;
	ck_assert_msg(n == 2 && count_answers(text) == 2, "%s: %s", c->name, text);
	free(text);
}
END_TEST

/* Every length of the header block, and every place where it can be cut in two packets. */
START_TEST(test_any_size_and_cut)
{
	static char filler[40001], raw[48000];
	static const size_t sizes[] = { 0, 1, 7, 100, 4095, 8191, 16383, 20000, 32000, 32700,
		32768, 33000, 40000 };
	struct answer a;
	size_t i, n;
	int fd = dial();

	memset(filler, 'x', sizeof(filler) - 1);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		snprintf(raw, sizeof(raw),
			 "GET /ping HTTP/1.1\r\nHost: t\r\nX-A: %.*s\r\nB: 1\r\n\r\n",
			 (int)sizes[i], filler);
		say(fd, raw);
		a = read_answer(fd, false);
		ck_assert_msg(a.status == 200, "%zu: %d %s", sizes[i], a.status, a.body);
		free(a.body);
	}
	n = (size_t)snprintf(raw, sizeof(raw),
			     "GET /ping? HTTP/1.1\r\nHost: t\r\nX-A: 1 \r\nCookie: a=b\r\n\r\n");
	for (i = 1; i < n; i++) {
		ck_assert(say_n(fd, raw, i));
		usleep(500); /* lets the pieces arrive apart; nothing depends on it */
		ck_assert(say_n(fd, raw + i, n - i));
		a = read_answer(fd, false);
		ck_assert_msg(a.status == 200, "cut at %zu: %d %s", i, a.status, a.body);
		free(a.body);
	}
	close(fd);
}
END_TEST

static void
expect_size(const char *head, const char *piece, int count, const char *tail, int status)
{
	struct buf b;
	struct answer a;
	int fd = dial();

	buf_init(&b, 1024 * 1024);
	buf_adds(&b, head);
	while (count-- > 0)
		buf_adds(&b, piece);
	buf_adds(&b, tail);
	say_n(fd, b.data, b.len);
	a = read_answer(fd, false);
	ck_assert_msg(a.status == status, "%.20s × %zu: %d", piece, b.len, a.status);
	free(a.body);
	buf_release(&b);
	close(fd);
}

START_TEST(test_limits)
{
	static const char host[] = " HTTP/1.1\r\nHost: t\r\n\r\n";

	expect_size("GET /open/a?x=1", "", 0, host, 200);
	expect_size("GET /open/a?x=1", "&x=2", 1, host, 400);
	expect_size("GET /open/a?x=1", "&", 98, host, 200);
	expect_size("GET /open/a?x=1", "&y", 100, host, 414);
	expect_size("GET /open/a?x=1", "&y", 700, host, 414);
	expect_size("GET /open/a?x=1", "&y", 4000, host, 414);
	expect_size("GET /open/a?x=1", "y", 8192, host, 414);
	expect_size("GET /open/a?x=1", "y", 40000, host, 414);
	expect_size("GET /open/a?x=1", "y", 100000, host, 414);
	expect_size("GET /ping HTTP/1.1\r\nHost: t\r\n", "A: 1\r\n", 99, "\r\n", 200);
	expect_size("GET /ping HTTP/1.1\r\nHost: t\r\n", "A: 1\r\n", 100, "\r\n", 400);
	expect_size("GET /ping HTTP/1.1\r\nHost: t\r\n", "A: 1\r\n", 5000, "\r\n", 431);
	expect_size("GET /ping HTTP/1.1\r\nHost: t\r\nA: ", "1", 70000, "\r\n\r\n", 431);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { test_any_size_and_cut, test_limits, NULL };
	Suite *suite = suite_create("http guard");
	TCase *t = tcase_create("raw");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(t, start, stop);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_refused, 0, (int)ARRAY_SIZE(refused));
	tcase_add_loop_test(t, test_accepted, 0, (int)ARRAY_SIZE(accepted));
	suite_add_tcase(suite, t);
	add_case(suite, "sizes", start, tests);
	return suite_run(suite);
}
