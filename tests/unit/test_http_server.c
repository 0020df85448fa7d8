/* The life of the server and of its connections: slow clients, limits, draining, sockets, log. */
#include "http_fixture.h"
#include "../../src/http/deadline.h"

#define PING "GET /ping HTTP/1.1\r\nHost: t\r\n\r\n"
#define SLOW "GET /slow HTTP/1.1\r\nHost: t\r\n\r\n"
#define NAP_MS 50

static void
nap(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static void
start_hasty(void)
{
	start_with(100, 1);
}

static void
start_small(void)
{
	start_with(2, 10);
}

/* Sends a byte now and then; true when the server closes instead of waiting for ever. */
static bool
trickle_until_closed(int fd, const char *text)
{
	size_t i;

	for (i = 0; i * NAP_MS < WAIT_MS; i++) {
		if (readable(fd, NAP_MS))
			return is_closed(fd);
		say_n(fd, &text[i % strlen(text)], 1);
	}
	return false;
}

START_TEST(test_slow_header)
{
	static const char *const starts[] = { "", "GET /ping HT", "GET /ping HTTP/1.1\r\n",
		"GET /ping HTTP/1.1\r\nHost: t\r\nX-A: " };
	struct server_stats stats;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		int fd = dial();

		say(fd, starts[i]);
		ck_assert_msg(trickle_until_closed(fd, "a"), "\"%s\" was waited for", starts[i]);
		close(fd);
	}
	server_stats(server, &stats);
	ck_assert_uint_eq(stats.timeouts, ARRAY_SIZE(starts));
	ck_assert_int_eq(atomic_load(&ran), 0);
}
END_TEST

START_TEST(test_slow_body)
{
	static const char *const heads[] = {
		"Content-Type: text/csv\r\nContent-Length: 100000\r\n\r\n",
		"Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
		"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		int fd = dial();

		say(fd, i == 2 ? "POST /items HTTP/1.1\r\n" : "POST /items/import HTTP/1.1\r\n");
		say(fd, AUTH);
		say(fd, heads[i]);
		ck_assert(trickle_until_closed(fd, "a"));
		close(fd);
	}
	ck_assert_int_eq(atomic_load(&ran), 0);
	expect(PING, 200, NULL);
}
END_TEST

/* Neither an idle connection nor a handler at work is what the deadline is for. */
START_TEST(test_patience)
{
	struct answer a;
	int idle = dial(), busy = dial();

	say(idle, PING);
	a = read_answer(idle, false);
	ck_assert_int_eq(a.status, 200);
	free(a.body);
	say(busy, SLOW);
	sem_wait(&slow_entered);
	nap(1500);
	expect(PING, 200, NULL); /* nobody waits behind it */
	sem_post(&slow_leave);
	a = read_answer(busy, false);
	ck_assert_int_eq(a.status, 200);
	free(a.body);
	say(idle, PING);
	a = read_answer(idle, false);
	ck_assert_int_eq(a.status, 200);
	free(a.body);
	close(idle);
	close(busy);
}
END_TEST

/* The pace, without waiting for it. */
START_TEST(test_watch)
{
	atomic_ulong timeouts = 0;
	struct watch *w = watch_start(&timeouts);
	struct conn late = { .magic = CONN_MAGIC }, fair = late, resting = late;
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	late.fd = fair.fd = resting.fd = pair[0];
	conn_expect(&fair, clock_mono_us(), 1000000, 100 * PACE_BYTES);
	ck_assert_int_gt(atomic_load(&fair.deadline_us), clock_mono_us() + 99000000);
	conn_expect(&resting, 1, 1, 0);
	conn_rest(&resting);
	watch_add(w, &fair);
	watch_add(w, &resting);
	ck_assert(!readable(pair[1], 300));
	conn_expect(&late, clock_mono_us() - 3000000, 1000000, PACE_BYTES);
	watch_add(w, &late);
	ck_assert(is_closed(pair[1]));
	ck_assert(atomic_load(&late.cut) && !atomic_load(&fair.cut) && !atomic_load(&resting.cut));
	ck_assert_uint_eq(atomic_load(&timeouts), 1);
	watch_remove(w, &resting);
	watch_remove(w, &late);
	watch_remove(w, &fair);
	watch_stop(w);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* Past the limit: told so at once; room again when somebody leaves. */
START_TEST(test_too_many)
{
	struct answer a;
	int first = dial(), second = dial(), third, i, status = 0;

	say(first, PING);
	a = read_answer(first, false);
	free(a.body);
	say(second, PING);
	a = read_answer(second, false);
	free(a.body);
	third = dial();
	say_n(third, PING, strlen(PING));
	a = read_answer(third, false);
	ck_assert_int_eq(a.status, 503);
	ck_assert(a.complete && is_closed(third));
	ck_assert_ptr_nonnull(strstr(a.head, "\r\nRetry-After: 1\r\n"));
	free(a.body);
	close(first);
	close(third);
	for (i = 0; i < WAIT_MS / NAP_MS && status != 200; i++) {
		a = ask(PING);
		status = a.status;
		free(a.body);
		nap(NAP_MS);
	}
	ck_assert_int_eq(status, 200);
	/* what those who were turned away have asked for was not done */
	ck_assert_int_eq(atomic_load(&ran), 3);
	close(second);
}
END_TEST

static int
status_of_json(void)
{
	struct answer a = ask("POST /items HTTP/1.1\r\n" AUTH "Content-Type: application/json\r\n"
			      "Content-Length: 2\r\n\r\n{}");

	free(a.body);
	return a.status;
}

/* JSON bodies in memory have a ceiling together; it is given back when their senders go. */
START_TEST(test_body_memory)
{
	static char piece[1024 * 1024 - 1];
	int held[33], i, status = 0;
	size_t k;

	memset(piece, ' ', sizeof(piece));
	for (k = 0; k < ARRAY_SIZE(held); k++) {
		held[k] = dial();
		say(held[k], "POST /items HTTP/1.1\r\n" AUTH "Content-Type: application/json\r\n"
			     "Content-Length: 1048576\r\n\r\n");
		ck_assert(say_n(held[k], piece, sizeof(piece)));
	}
	for (i = 0; i < WAIT_MS / NAP_MS && status != 503; i++, nap(NAP_MS))
		status = status_of_json();
	ck_assert_int_eq(status, 503);
	for (k = 0; k < ARRAY_SIZE(held); k++)
		close(held[k]);
	for (i = 0; i < WAIT_MS / NAP_MS && status != 201; i++, nap(NAP_MS))
		status = status_of_json();
	ck_assert_int_eq(status, 201);
}
END_TEST

static void *
stop_it(void *arg)
{
	(void)arg;
	server_stop(server, 10);
	return NULL;
}

/* A running request ends in peace, new connections do not get in. */
START_TEST(test_drain)
{
	struct sockaddr_in a4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)server_port(server)) };
	struct answer a;
	pthread_t stopper;
	int busy = dial(), late = socket(AF_INET, SOCK_STREAM, 0);

	a4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	say(busy, SLOW);
	sem_wait(&slow_entered);
	ck_assert_int_eq(pthread_create(&stopper, NULL, stop_it, NULL), 0);
	nap(200);
	if (connect(late, (struct sockaddr *)&a4, sizeof(a4)) == 0)
		say_n(late, PING, strlen(PING));
	sem_post(&slow_leave);
	a = read_answer(busy, false);
	ck_assert_int_eq(a.status, 200);
	ck_assert(a.complete);
	ck_assert_ptr_nonnull(strstr(a.head, "Connection: close"));
	free(a.body);
	pthread_join(stopper, NULL);
	server = NULL;
	ck_assert_int_eq(atomic_load(&ran), 0);
	close(busy);
	close(late);
}
END_TEST

START_TEST(test_listen)
{
	static const char *const bad[] = { "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
		"127.0.0.1:-1", "127.0.0.1:x", "0.0.0.0:0", "[::]:0", "192.0.2.1:80",
		"example.org:80", "*:80", ":80", "unix:", "unix:/nonexistent/dir/s",
		"unix:/etc/passwd" };
	static const char *why[ARRAY_SIZE(bad) + 2]; /* they live as long as the process */
	struct server *other = NULL;
	char again[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ck_assert_msg(!server_start(&service, bad[i], &other, &why[i]), "%s", bad[i]);
		ck_assert_ptr_nonnull(why[i]);
		ck_assert_ptr_null(other);
	}
	snprintf(again, sizeof(again), "127.0.0.1:%d", server_port(server));
	ck_assert(!server_start(&service, again, &other, &why[i]));
	ck_assert_ptr_nonnull(strstr(why[i], "in use"));
	ck_assert(server_start(&service, "localhost:0", &other, &why[i + 1]));
	ck_assert_int_gt(server_port(other), 0);
	server_stop(other, 0);
}
END_TEST

static int
dial_unix(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

START_TEST(test_unix_socket)
{
	char dir[] = "/tmp/http-test-XXXXXX", path[64], where[80];
	struct server *first = NULL, *second = NULL;
	struct sockaddr_un stale = { .sun_family = AF_UNIX };
	static const char *why;
	struct answer a;
	struct stat st;
	char *log;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
	snprintf(where, sizeof(where), "unix:%s", path);
	/* left over from a daemon that was killed */
	snprintf(stale.sun_path, sizeof(stale.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&stale, sizeof(stale)), 0);
	close(fd);

	ck_assert_msg(server_start(&service, where, &first, &why), "%s", why);
	ck_assert_int_eq(server_port(first), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0660);
	ck_assert(!server_start(&service, where, &second, &why));
	fd = dial_unix(path);
	ck_assert_int_ge(fd, 0);
	say(fd, PING);
	a = read_answer(fd, false);
	ck_assert_int_eq(a.status, 200);
	free(a.body);
	close(fd);
	server_stop(first, 5);
	ck_assert_int_ne(stat(path, &st), 0);
	ck_assert_int_eq(dial_unix(path), -1);
	rmdir(dir);
	log = log_text();
	ck_assert_ptr_nonnull(strstr(log, "\"client\":\"unix\""));
	free(log);
}
END_TEST

/* The log line of a request, as JSON; looked for until it is there. */
static json_t *
logged(const char *request_id)
{
	json_error_t why;
	json_t *j = NULL;
	int i;

	for (i = 0; i < WAIT_MS / NAP_MS && j == NULL; i++, nap(NAP_MS)) {
		char *text = log_text(), *line, *save = NULL;

		for (line = strtok_r(text, "\n", &save); line != NULL && j == NULL;
		     line = strtok_r(NULL, "\n", &save)) {
			json_t *one = json_loads(line, JSON_REJECT_DUPLICATES, &why);

			ck_assert_msg(one != NULL, "%s: %s", why.text, line);
			if (str_eq(json_string_value(json_object_get(one, "request_id")),
				   request_id) &&
			    str_eq(json_string_value(json_object_get(one, "event")), "access"))
				j = json_incref(one);
			json_decref(one);
		}
		free(text);
	}
	ck_assert_msg(j != NULL, "no line for %s", request_id);
	return j;
}

static void
expect_logged(const char *id, const char *name, const char *value)
{
	json_t *j = logged(id);

	ck_assert_msg(str_eq(json_string_value(json_object_get(j, name)), value), "%s of %s", name,
		      id);
	json_decref(j);
}

START_TEST(test_log)
{
	json_t *j;
	char *text;
	int fd;

	expect("GET /items/1?q=secret HTTP/1.1\r\n" AUTH "X-Request-Id: request-1\r\n\r\n", 200,
	       NULL);
	expect("GET /a\"b\\c HTTP/1.1\r\nHost: t\r\nX-Request-Id: request-2\r\n\r\n", 404, NULL);
	expect("POST /items HTTP/1.1\r\n" AUTH "X-Request-Id: request-3\r\nContent-Type: "
	       "application/json\r\nContent-Length: 10\r\n\r\n[\"hidden\"]", 201, NULL);
	expect("GET /items/1 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer badsecret\r\n"
	       "X-Request-Id: request-4\r\n\r\n", 401, NULL);
	fd = dial();
	say(fd, "POST /items HTTP/1.1\r\n" AUTH "X-Request-Id: request-5\r\nContent-Type: "
		"application/json\r\nContent-Length: 10\r\n\r\n[\"hi");
	nap(100);
	close(fd);
	expect_logged("request-1", "person", "taro");
	expect_logged("request-1", "account", "t1");
	expect_logged("request-1", "office", office_info(OFFICE_STAFF)->code);
	expect_logged("request-1", "route", "GET /items/{no}");
	expect_logged("request-1", "path", "/items/1");
	expect_logged("request-1", "client", "127.0.0.1");
	expect_logged("request-2", "path", "/a\"b\\c");
	expect_logged("request-2", "person", NULL);
	expect_logged("request-4", "person", NULL);
	j = logged("request-3");
	ck_assert_int_eq(json_integer_value(json_object_get(j, "status")), 201);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "bytes")), 18);
	ck_assert(json_is_real(json_object_get(j, "ms")));
	json_decref(j);
	j = logged("request-5");
	ck_assert(json_is_false(json_object_get(j, "complete")));
	json_decref(j);
	text = log_text();
	ck_assert_ptr_null(strstr(text, "secret"));
	ck_assert_ptr_null(strstr(text, "hidden"));
	ck_assert_ptr_null(strstr(text, "good"));
	free(text);
}
END_TEST

START_TEST(test_stats)
{
	struct server_stats stats;

	expect(PING, 200, NULL);
	expect("GET /x HTTP/1.1\r\nHost: t\r\n\r\n", 404, NULL);
	expect("GET /ping HTTP/1.1\r\nHost: t\r\nHost: t\r\n\r\n", 400, NULL);
	expect("GET /fail/busy HTTP/1.1\r\nHost: t\r\n\r\n", 503, NULL);
	server_stats(server, &stats);
	ck_assert_uint_eq(stats.requests, 4);
	ck_assert_uint_eq(stats.by_class[2], 1);
	ck_assert_uint_eq(stats.by_class[4], 2);
	ck_assert_uint_eq(stats.by_class[5], 1);
	ck_assert_uint_eq(stats.guard_refused, 1);
}
END_TEST

int
main(void)
{
	const TTest *const hasty[] = { test_slow_header, test_slow_body, test_patience, test_watch,
		NULL };
	const TTest *const small[] = { test_too_many, NULL };
	const TTest *const plain[] = { test_body_memory, test_listen, test_unix_socket, test_log,
		test_stats, test_drain, NULL };
	Suite *suite = suite_create("http server");

	if (sodium_init() < 0)
		return 1;
	add_case(suite, "hasty", start_hasty, hasty);
	add_case(suite, "small", start_small, small);
	add_case(suite, "plain", start, plain);
	return suite_run(suite);
}
