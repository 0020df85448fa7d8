/*
 * A server on a port of its own with a handful of routes, and a client that sends raw bytes.
 * What lies below http (database, identity) is played by the functions at the end.
 */
#ifndef TESTS_HTTP_FIXTURE_H
#define TESTS_HTTP_FIXTURE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <check.h>

#include "../suite.h"
#include <sodium.h>

#include <base/clock.h>
#include <base/json.h>
#include <http/server.h>
#include <org/login.h>

#define WAIT_MS 10000 /* nothing takes this long; a test that waits so long has failed */
#define BIG_BYTES (8 * 1024 * 1024)

static struct server *server;
static struct service service;
static atomic_int ran, smuggled, begins, commits, rollbacks;
static sem_t slow_entered, slow_leave;
static int log_fd = -1;

/* ---- the client ------------------------------------------------------------------------- */

struct answer {
	int status;
	char head[8192];
	char *body;
	size_t len;
	bool complete;
};

static inline int
dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)server_port(server)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static inline bool
readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

/* false when the server has closed: what is sent past an early answer may fail. */
static inline bool
say_n(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

		if (done < 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static inline void
say(int fd, const char *s)
{
	ck_assert(say_n(fd, s, strlen(s)));
}

static inline ssize_t
hear(int fd, char *p, size_t n)
{
	if (!readable(fd, WAIT_MS))
		return -1;
	return recv(fd, p, n, 0);
}

/* Value of a header into `out`, NULL when absent. */
static inline const char *
head_of(const struct answer *a, const char *name, char *out, size_t size)
{
	const char *p = a->head;
	size_t n = strlen(name);

	while ((p = strstr(p, "\r\n")) != NULL) {
		p += 2;
		if (strncasecmp(p, name, n) != 0 || p[n] != ':')
			continue;
		p += n + 1;
		p += strspn(p, " ");
		snprintf(out, size, "%.*s", (int)strcspn(p, "\r"), p);
		return out;
	}
	return NULL;
}

/* One answer off the wire, without a byte of the next.  complete = false: closed before its end. */
static inline struct answer
read_answer(int fd, bool head_only)
{
	struct answer a = { .status = 0 };
	char value[64];
	size_t n = 0;

	while (n + 1 < sizeof(a.head) && (n < 4 || memcmp(a.head + n - 4, "\r\n\r\n", 4) != 0)) {
		if (hear(fd, a.head + n, 1) != 1)
			return a;
		n++;
	}
	sscanf(a.head, "HTTP/1.1 %d", &a.status);
	if (a.status == 100)
		return read_answer(fd, head_only);
	if (head_of(&a, "Content-Length", value, sizeof(value)) != NULL && !head_only &&
	    a.status != 304)
		a.len = strtoul(value, NULL, 10);
	a.body = calloc(1, a.len + 1);
	for (n = 0; n < a.len;) {
		ssize_t got = hear(fd, a.body + n, a.len - n);

		if (got <= 0)
			return a;
		n += (size_t)got;
	}
	a.complete = true;
	return a;
}

static inline bool
is_closed(int fd)
{
	char c;

	return hear(fd, &c, 1) <= 0 && errno != ETIMEDOUT;
}

/* Sends bytes, reads until the server closes; text of everything that came (malloc'ed). */
static inline char *
converse(const char *raw, size_t n)
{
	struct buf b;
	char piece[4096];
	ssize_t got;
	int fd = dial();

	buf_init(&b, 64 * 1024 * 1024);
	say_n(fd, raw, n);
	while ((got = hear(fd, piece, sizeof(piece))) > 0)
		buf_add(&b, piece, (size_t)got);
	ck_assert_msg(got == 0 || errno == ECONNRESET, "the server neither answers nor closes");
	close(fd);
	buf_addc(&b, '\0');
	return b.data;
}

static inline int
count_answers(const char *text)
{
	int n = 0;

	while ((text = strstr(text, "HTTP/1.1 ")) != NULL) {
		text += strlen("HTTP/1.1 ");
		n += *text >= '0' && *text <= '9';
	}
	return n;
}

/* One request on a connection of its own. */
static inline struct answer
ask(const char *raw)
{
	struct answer a;
	int fd = dial();

	say(fd, raw);
	a = read_answer(fd, strncmp(raw, "HEAD", 4) == 0);
	close(fd);
	return a;
}

#define AUTH "Host: t\r\nAuthorization: Bearer good\r\n"
#define TYPE(t) "Content-Type: " t "\r\n"
#define BODY2 "Content-Length: 2\r\n\r\n{}"
#define GET(path) "GET " path " HTTP/1.1\r\nHost: t\r\n\r\n"
#define GET_AS(path) "GET " path " HTTP/1.1\r\n" AUTH "\r\n"
#define POST(path, head) "POST " path " HTTP/1.1\r\n" AUTH head

static inline void
expect(const char *raw, int status, const char *in_body)
{
	struct answer a = ask(raw);

	ck_assert_msg(a.complete && a.status == status, "%.60s: %d instead of %d: %s", raw,
		      a.status, status, a.body == NULL ? "" : a.body);
	if (in_body != NULL)
		ck_assert_msg(strstr(a.body, in_body) != NULL, "%.60s: %s", raw, a.body);
	free(a.body);
}

static inline void
expect_header(const char *raw, const char *name, const char *value)
{
	struct answer a = ask(raw);
	char got[512];
	const char *p = head_of(&a, name, got, sizeof(got));

	ck_assert_msg(str_eq(p, value), "%s of %.60s: %s", name, raw, p == NULL ? "none" : p);
	free(a.body);
}

/* ---- the routes ------------------------------------------------------------------------- */

static inline enum err
run_ping(struct request *r, struct response *resp)
{
	enum err e = request_args_done(r);

	atomic_fetch_add(&ran, 1);
	if (e == OK)
		buf_adds(&resp->body, "{\"pong\":true}");
	return e;
}

static inline enum err
run_smuggled(struct request *r, struct response *resp)
{
	(void)r;
	(void)resp;
	atomic_fetch_add(&smuggled, 1);
	return OK;
}

static inline enum err
run_echo(struct request *r, struct response *resp)
{
	int64_t limit = 0;
	size_t i;
	enum err e = request_arg_int(r, "limit", 1, 100, 50, &limit);

	if (e != OK)
		return e;
	buf_addf(&resp->body, "%s %s [%s] limit=%d who=%s lang=%d", r->route->opid, r->path,
		 r->capture[0] == NULL ? "" : r->capture[0], (int)limit,
		 r->principal == NULL ? "-" : r->principal->login, (int)r->lang);
	for (i = 0; i < r->arg_count; i++)
		buf_addf(&resp->body, " %s=<%s>", r->args[i].name, r->args[i].value);
	resp->content_type = "text/plain";
	return OK;
}

static inline enum err
run_etag(struct request *r, struct response *resp)
{
	response_header(resp, "ETag", etag_of(r->arena, "7"));
	buf_adds(&resp->body, "{\"version\":7}");
	return OK;
}

static inline enum err
run_change(struct request *r, struct response *resp)
{
	const char *version;
	enum err e = request_if_match(r, &version);

	if (e == OK)
		buf_addf(&resp->body, "{\"matched\":\"%s\"}", version);
	return e;
}

static inline enum err
run_json(struct request *r, struct response *resp)
{
	const char *why;
	json_t *j;
	enum err e = json_read(r->arena, r->body, r->body_len, &j, &why);

	if (e != OK) {
		r->detail = why;
		return e;
	}
	resp->status = 201;
	response_header(resp, "Location", "/items/1");
	buf_addf(&resp->body, "{\"bytes\":%zu,\"n\":%d}", r->body_len,
		 atomic_fetch_add(&ran, 1) + 1);
	return OK;
}

static inline enum err
run_optional(struct request *r, struct response *resp)
{
	buf_addf(&resp->body, "{\"given\":%s}", r->body == NULL ? "null" : r->body);
	return OK;
}

static inline enum err
run_table(struct request *r, struct response *resp)
{
	char piece[8192];
	size_t total = 0;
	unsigned sum = 0;
	ssize_t n, i;

	while ((n = read(r->body_fd, piece, sizeof(piece))) > 0) {
		total += (size_t)n;
		for (i = 0; i < n; i++)
			sum += (unsigned char)piece[i];
	}
	buf_addf(&resp->body, "{\"bytes\":%zu,\"sum\":%u,\"charset\":\"%s\"}", total, sum,
		 r->charset == NULL ? "" : r->charset);
	return OK;
}

static inline enum err
run_slow(struct request *r, struct response *resp)
{
	(void)r;
	sem_post(&slow_entered);
	sem_wait(&slow_leave);
	buf_adds(&resp->body, "{\"slow\":true}");
	return OK;
}

static inline enum err
run_big(struct request *r, struct response *resp)
{
	static const char piece[1024] = { ' ' };
	size_t i;

	if (r->capture[0] != NULL && strcmp(r->capture[0], "file") == 0) {
		resp->fd = spool_open(r->service);
		for (i = 0; i < BIG_BYTES / sizeof(piece); i++)
			if (write(resp->fd, piece, sizeof(piece)) != (ssize_t)sizeof(piece))
				return ERR_INTERNAL;
		return OK;
	}
	for (i = 0; i < BIG_BYTES / sizeof(piece); i++)
		buf_add(&resp->body, piece, sizeof(piece));
	return OK;
}

static inline enum err
run_fail(struct request *r, struct response *resp)
{
	buf_adds(&resp->body, "half an answer");
	if (strcmp(r->capture[0], "left-open") == 0)
		return tx_begin(&r->tx);
	if (strcmp(r->capture[0], "busy") == 0)
		return ERR_DB_BUSY;
	if (strcmp(r->capture[0], "invalid") == 0) {
		faults_add(&r->faults, &(struct fault){ .field = "name", .code = "too_long",
			.ja = "長すぎます。", .en = "Too long." });
		return ERR_INVALID;
	}
	return ERR_NOT_FOUND;
}

#define ROW(m, p, o, s, b, f)                                                                  \
	{ .method = METHOD_##m, .path = p, .offices = o, .scope = SCOPE_##s, .body = BODY_##b, \
	  .run = f, .opid = #m " " p, .summary = "A test.", .tag = "test" }

static const struct route routes[] = {
	ROW(GET, "/ping", OFFICES_ANYONE, PUBLIC, NONE, run_ping),
	ROW(GET, "/smuggled", OFFICES_ANYONE, PUBLIC, NONE, run_smuggled),
	ROW(GET, "/open/{no}", OFFICES_ANYONE, PUBLIC, NONE, run_echo),
	ROW(POST, "/open/table", OFFICES_ANYONE, PUBLIC, TABLE, run_table),
	ROW(POST, "/open/json", OFFICES_ANYONE, PUBLIC, JSON, run_json),
	ROW(GET, "/items/{no}", OFFICES_KNOWN, READ, NONE, run_echo),
	ROW(PATCH, "/items/{no}", OFFICES_KNOWN, WRITE, JSON, run_change),
	ROW(DELETE, "/items/{no}", OFFICES_KNOWN, WRITE, NONE, run_change),
	ROW(POST, "/items/import", OFFICES_KNOWN, IMPORT, TABLE, run_table),
	ROW(POST, "/items/{no}/act", OFFICES_KNOWN, WRITE, NONE, run_ping),
	ROW(POST, "/items/{no}/end", OFFICES_KNOWN, WRITE, OPTIONAL, run_optional),
	ROW(POST, "/items", OFFICES_KNOWN, WRITE, JSON, run_json),
	{ .method = METHOD_POST, .path = "/decide", .offices = OFFICES_KNOWN, .scope = SCOPE_WRITE,
	  .body = BODY_NONE, .run = run_ping, .opid = "decide", .summary = "A test.",
	  .tag = "test", .confirm = true, .secret = true },
	ROW(GET, "/chief", OFFICE_BIT(OFFICE_CISO), READ, NONE, run_ping),
	ROW(GET, "/etag", OFFICES_ANYONE, PUBLIC, NONE, run_etag),
	ROW(GET, "/slow", OFFICES_ANYONE, PUBLIC, NONE, run_slow),
	ROW(GET, "/big/{kind}", OFFICES_ANYONE, PUBLIC, NONE, run_big),
	ROW(POST, "/fail/{what}", OFFICES_KNOWN, WRITE, NONE, run_fail),
	ROW(GET, "/fail/{what}", OFFICES_ANYONE, PUBLIC, NONE, run_fail),
	{ .path = NULL },
};

/* ---- start and stop --------------------------------------------------------------------- */

static inline void
start_with(int connections, int deadline_s)
{
	const char *why = NULL;

	signal(SIGPIPE, SIG_IGN);
	sem_init(&slow_entered, 0, 0);
	sem_init(&slow_leave, 0, 0);
	/* the log of the server: kept, and looked into by some tests */
	log_fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	ck_assert(dup2(log_fd, STDERR_FILENO) == STDERR_FILENO);
	service = (struct service){ .routes = routes, .spool_dir = "/tmp",
		.max_table = 1024 * 1024, .connections = connections, .deadline_s = deadline_s };
	ck_assert_msg(server_start(&service, "127.0.0.1:0", &server, &why), "%s", why);
}

static inline void
start(void)
{
	start_with(100, 10);
}

static inline char *
log_text(void)
{
	struct stat st;
	char *text;

	fstat(log_fd, &st);
	text = calloc(1, (size_t)st.st_size + 1);
	ck_assert(pread(log_fd, text, (size_t)st.st_size, 0) == st.st_size);
	return text;
}

/* Everything on standard error must be JSON lines of the log: a sanitizer would speak there. */
static inline void
stop(void)
{
	char *text, *line, *save = NULL;

	server_stop(server, 5);
	server = NULL;
	text = log_text();
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
		ck_assert_msg(line[0] == '{', "%s", line);
	free(text);
}

static inline void
add_case(Suite *suite, const char *name, void (*setup)(void), const TTest *const *tests)
{
	TCase *t = tcase_create(name);

	tcase_add_checked_fixture(t, setup, stop);
	tcase_set_timeout(t, 120);
	for (; *tests != NULL; tests++)
		tcase_add_test(t, *tests);
	suite_add_tcase(suite, t);
}

/* ---- what is below ---------------------------------------------------------------------- */

#include "http_stubs.h"

#endif
