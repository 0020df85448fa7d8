/*
 * load: HTTP requests over a fixed number of kept-alive connections, each sending the next as
 * soon as it has the answer to the last.
 *
 *	load -c CONNECTIONS -d SECONDS [-w WARM-UP-SECONDS] [-H HEADER]… unix:PATH|ADDR:PORT FILE
 *
 * FILE has one request per line, METHOD TAB PATH [TAB BODY [TAB VERSION]]; connection i takes
 * the lines i, i + c, i + 2c … and begins again.  With a version If-Match is sent, and the ETag
 * of the answer is the version of the next time.  Prints one JSON object; answers other than
 * 2xx are counted as errors, and the first is shown.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <base/buf.h>
#include <base/clock.h>
#include <base/util.h>

#define ANSWER_MAX (16 * 1024 * 1024)
#define CONNECTIONS_MAX 1000
#define READ_SIZE 65536
#define HEADER_MAX 4096
#define DRAIN_US 10000000

struct line {
	const char *method, *path, *body;
	long version; /* 0: no If-Match */
	char *ready;  /* the request, where it never changes */
	size_t length;
};

struct client {
	int fd;
	size_t line; /* of the request on its way */
	int64_t sent_us;
	bool waiting; /* for an answer */
	struct buf out, in;
};

struct load {
	const char *address;
	int connections;
	int64_t warm_until, until;
	char headers[HEADER_MAX];
	struct line *lines;
	size_t line_count;
	struct client clients[CONNECTIONS_MAX];
	uint32_t *latency; /* µs, of answers after the warm-up */
	size_t n, room;
	unsigned long errors;
	char first_error[400];
};

static void
fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- requests ----------------------------------------------------------------------------- */

static void
put_request(const struct load *l, const struct line *r, struct buf *b)
{
	buf_addf(b, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", r->method, r->path, l->headers);
	if (r->version > 0)
		buf_addf(b, "If-Match: \"%ld\"\r\n", r->version);
	if (r->body != NULL)
		buf_addf(b, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			 strlen(r->body), r->body);
	else
		buf_adds(b, "\r\n");
}

static void
take_line(struct load *l, char *text)
{
	struct line *r = &l->lines[l->line_count++];
	char *part[4] = { NULL };
	struct buf b;
	int i;

	text[strcspn(text, "\n")] = '\0';
	for (i = 0; i < 4 && text != NULL; i++)
		part[i] = strsep(&text, "\t");
	*r = (struct line){ .method = part[0], .path = part[1], .body = part[2],
		.version = part[3] == NULL ? 0 : strtol(part[3], NULL, 10) };
	if (r->path == NULL)
		fail("a line without a path");
	if (r->version > 0)
		return;
	buf_init(&b, ANSWER_MAX);
	put_request(l, r, &b);
	r->ready = b.data;
	r->length = b.len;
}

static void
read_lines(struct load *l, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0, room = 0;

	if (f == NULL)
		fail(path);
	while (getline(&text, &size, f) > 0) {
		if (l->line_count == room) {
			room = room == 0 ? 1024 : room * 2;
			l->lines = xrealloc(l->lines, room * sizeof(*l->lines));
		}
		take_line(l, xstrdup(text)); /* kept to the end */
	}
	free(text);
	fclose(f);
	if (l->line_count < (size_t)l->connections)
		fail("fewer lines than connections");
}

/* ---- connections -------------------------------------------------------------------------- */

static int
connect_unix(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(a.sun_path))
		fail(path);
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail(path);
	return fd;
}

static int
connect_tcp(const char *address)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	const char *colon = strrchr(address, ':');
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	char host[64];

	if (fd < 0 || colon == NULL)
		fail(address);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - address), address);
	a.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
	if (inet_pton(AF_INET, host, &a.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail(address);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* Requests are small against a socket's buffer: what does not fit at once is waited for. */
static void
send_next(struct load *l, struct client *c)
{
	const struct line *r = &l->lines[c->line];
	const char *p = r->ready;
	size_t n = r->length;
	ssize_t done;

	if (p == NULL) {
		buf_clear(&c->out);
		put_request(l, r, &c->out);
		p = buf_text(&c->out);
		n = c->out.len;
	}
	c->sent_us = clock_mono_us();
	c->waiting = true;
	while (n > 0) {
		done = send(c->fd, p, n, MSG_NOSIGNAL);
		if (done < 0)
			fail("send");
		p += done;
		n -= (size_t)done;
	}
}

/* ---- answers ------------------------------------------------------------------------------ */

static const char *
find_header(const char *head, const char *name)
{
	size_t n = strlen(name);
	const char *p;

	for (p = head; (p = strstr(p, "\r\n")) != NULL;) {
		p += 2;
		if (strncasecmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1 + strspn(p + n + 1, " ");
	}
	return NULL;
}

static void
count(struct load *l, int64_t us)
{
	if (l->n == l->room) {
		l->room = l->room == 0 ? 65536 : l->room * 2;
		l->latency = xrealloc(l->latency, l->room * sizeof(*l->latency));
	}
	l->latency[l->n++] = (uint32_t)us;
}

static void
answered(struct load *l, struct client *c, const char *head)
{
	struct line *r = &l->lines[c->line];
	long status = strtol(head + strcspn(head, " "), NULL, 10);
	int64_t now = clock_mono_us();
	const char *tag;

	if (status < 200 || status > 299) {
		if (l->errors++ == 0)
			snprintf(l->first_error, sizeof(l->first_error), "%s", head);
	} else if (r->version > 0 && (tag = find_header(head, "ETag")) != NULL) {
		r->version = strtol(tag + 1, NULL, 10);
	}
	if (now >= l->warm_until && now < l->until)
		count(l, now - c->sent_us);
	c->line += (size_t)l->connections;
	if (c->line >= l->line_count)
		c->line %= (size_t)l->connections;
}

/* Whole? Then it is counted, and the next request sent. */
static void
look(struct load *l, struct client *c)
{
	const char *text = buf_text(&c->in), *end = strstr(text, "\r\n\r\n"), *length;
	size_t whole;

	if (end == NULL)
		return;
	whole = (size_t)(end - text) + 4;
	length = find_header(text, "Content-Length");
	if (length != NULL && length < end)
		whole += strtoul(length, NULL, 10);
	if (c->in.len < whole)
		return;
	if (c->in.len > whole)
		fail("more than was asked for");
	answered(l, c, text);
	c->waiting = false;
	buf_clear(&c->in);
	if (clock_mono_us() < l->until)
		send_next(l, c);
}

static void
receive(struct load *l, struct client *c)
{
	char *to = buf_reserve(&c->in, READ_SIZE);
	ssize_t n;

	if (to == NULL)
		fail("an answer past its ceiling");
	n = recv(c->fd, to, READ_SIZE, MSG_DONTWAIT);
	if (n == 0)
		fail("the server has closed the connection");
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail("recv");
	if (n <= 0)
		return;
	c->in.len += (size_t)n;
	c->in.data[c->in.len] = '\0';
	look(l, c);
}

static void
connect_all(struct load *l, int ep)
{
	int i;

	for (i = 0; i < l->connections; i++) {
		struct client *c = &l->clients[i];
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

		c->fd = str_starts(l->address, "unix:") ? connect_unix(l->address + 5) :
			connect_tcp(l->address);
		buf_init(&c->in, ANSWER_MAX);
		buf_init(&c->out, ANSWER_MAX);
		c->line = (size_t)i;
		if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e) != 0)
			fail("epoll");
	}
}

static bool
any_waiting(const struct load *l)
{
	int i;

	for (i = 0; i < l->connections; i++)
		if (l->clients[i].waiting)
			return true;
	return false;
}

/* The last answers are waited for, too: what comes next shall not be disturbed by this. */
static void
run(struct load *l)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), i, n;
	struct epoll_event events[64];

	connect_all(l, ep);
	for (i = 0; i < l->connections; i++)
		send_next(l, &l->clients[i]);
	while (any_waiting(l) && clock_mono_us() < l->until + DRAIN_US) {
		n = epoll_wait(ep, events, 64, 100);
		for (i = 0; i < n; i++)
			receive(l, events[i].data.ptr);
	}
	close(ep);
}

/* ---- report ------------------------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
percentile(const struct load *l, double share)
{
	return l->n == 0 ? 0 : l->latency[(size_t)((double)(l->n - 1) * share)];
}

static void
report(struct load *l, double seconds)
{
	if (l->n > 0)
		qsort(l->latency, l->n, sizeof(*l->latency), by_size);
	printf("{\"requests\":%zu,\"errors\":%lu,\"rate\":%.1f,\"p50_us\":%u,\"p99_us\":%u,"
	       "\"max_us\":%u}\n", l->n, l->errors, (double)l->n / seconds, percentile(l, 0.5),
	       percentile(l, 0.99), percentile(l, 1));
	if (l->errors > 0)
		fprintf(stderr, "load: %lu errors, the first: %s\n", l->errors, l->first_error);
}

static double
seconds_of(const char *s)
{
	char *end;
	double v = strtod(s, &end);

	if (*end != '\0' || v < 0 || v > 3600) {
		errno = EINVAL;
		fail(s);
	}
	return v;
}

int
main(int argc, char **argv)
{
	struct load *l = xcalloc(1, sizeof(*l));
	double duration = 5, warm = 1;
	size_t used = 0;
	int o;

	l->connections = 8;
	while ((o = getopt(argc, argv, "c:d:w:H:")) != -1) {
		if (o == 'c')
			l->connections = (int)strtol(optarg, NULL, 10);
		else if (o == 'd')
			duration = seconds_of(optarg);
		else if (o == 'w')
			warm = seconds_of(optarg);
		else if (o == 'H' && strlen(optarg) + 3 < sizeof(l->headers) - used)
			used += (size_t)snprintf(l->headers + used, sizeof(l->headers) - used,
						 "%s\r\n", optarg);
		else
			return 2;
	}
	if (argc - optind != 2 || l->connections < 1 || l->connections > CONNECTIONS_MAX) {
		fputs("usage: load [-c N] [-d SECONDS] [-w SECONDS] [-H HEADER]… ADDRESS FILE\n",
		      stderr);
		return 2;
	}
	l->address = argv[optind];
	read_lines(l, argv[optind + 1]);
	l->warm_until = clock_mono_us() + (int64_t)(warm * 1e6);
	l->until = l->warm_until + (int64_t)(duration * 1e6);
	run(l);
	report(l, duration);
	free(l);
	return 0;
}
