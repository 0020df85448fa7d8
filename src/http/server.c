#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include <base/clock.h>
#include <base/log.h>
#include "access_log.h"
#include "body.h"
#include "guard.h"
#include "listen.h"
#include "request.h"
#include "response.h"
#include "router.h"

#define IDLE_S 30		 /* a kept-alive connection without a request */
#define LINGER_US 3000000	 /* for a body that is not wanted */
#define POOL_BYTES (64 * 1024)	 /* of a connection: request line and headers */
#define SPARE 64		 /* connections that are told 503 before they are closed */

/*
 * Of a connection's thread.  The deepest there is, is jansson reading 2048 nested arrays; pages
 * that are not touched cost nothing.
 */
#define STACK_BYTES (512 * 1024)

size_t
service_max_body(const struct service *s, enum body_kind kind)
{
	switch (kind) {
	case BODY_JSON:
	case BODY_OPTIONAL:
	case BODY_LIST:
	case BODY_SOFTWARE:
		return s->max_json > 0 ? s->max_json : 1024 * 1024;
	case BODY_TABLE:
		return s->max_table > 0 ? s->max_table : 256 * 1024 * 1024;
	case BODY_FILE:
		return s->max_file > 0 ? s->max_file : 32 * 1024 * 1024;
	default:
		return 0;
	}
}

int64_t
server_deadline_us(const struct server *s)
{
	int seconds = s->service->deadline_s > 0 ? s->service->deadline_s : 15;

	return (int64_t)seconds * 1000000;
}

static struct server *
server_of(void *p)
{
	struct server *s = p;

	if (s == NULL || s->magic != SERVER_MAGIC)
		bug("not a server");
	return s;
}

static struct call *
call_of(void *p)
{
	struct call *c = p;

	if (c == NULL || c->magic != CALL_MAGIC)
		bug("not a call");
	return c;
}

static struct conn *
conn_of(struct MHD_Connection *m)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(m, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct conn *c = info == NULL ? NULL : info->socket_context;

	if (c == NULL || c->magic != CONN_MAGIC)
		bug("not a connection");
	return c;
}

/* ---- connections ------------------------------------------------------------------------ */

static void
name_client(struct conn *c, const struct sockaddr *a)
{
	const void *address = NULL;

	if (a != NULL && a->sa_family == AF_INET)
		address = &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	else if (a != NULL && a->sa_family == AF_INET6)
		address = &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
	if (address == NULL ||
	    inet_ntop(a->sa_family, address, c->client, sizeof(c->client)) == NULL)
		memcpy(c->client, "unix", sizeof("unix"));
}

/* Past the limit: an answer at once, and what the client says is not even read as a request. */
static void
turn_away(struct conn *c)
{
	ssize_t done = send(c->fd, response_overloaded, strlen(response_overloaded),
			    MSG_DONTWAIT | MSG_NOSIGNAL);

	(void)done;
	atomic_store(&c->cut, true);
	shutdown(c->fd, SHUT_WR);
	conn_expect(c, clock_mono_us(), 500000, 0);
}

static void
conn_opened(struct server *s, struct MHD_Connection *m, void **ret)
{
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(m, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *addr =
		MHD_get_connection_info(m, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct conn *c = xcalloc(1, sizeof(*c));

	c->magic = CONN_MAGIC;
	c->fd = fd->connect_fd;
	name_client(c, addr == NULL ? NULL : addr->client_addr);
	conn_expect(c, clock_mono_us(), server_deadline_us(s), 0);
	if (atomic_fetch_add(&s->connections, 1) >= s->service->connections)
		turn_away(c);
	watch_add(s->watch, c);
	*ret = c;
}

static void
on_connection(void *arg, struct MHD_Connection *m, void **ctx,
	      enum MHD_ConnectionNotificationCode what)
{
	struct server *s = server_of(arg);
	struct conn *c;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_opened(s, m, ctx);
		return;
	}
	c = *ctx;
	watch_remove(s->watch, c);
	atomic_fetch_sub(&s->connections, 1);
	free(c);
	*ctx = NULL;
}

/* ---- requests --------------------------------------------------------------------------- */

/*
 * The request line has arrived.  The library would now cut the query into arguments, several
 * hundred of which make it wait for its own timeout; we read the query ourselves, so it is taken
 * out of its sight: two NULs, inside the text that it has given us.
 */
static void *
on_target(void *arg, const char *target, struct MHD_Connection *m)
{
	struct server *s = server_of(arg);
	struct call *c = xcalloc(1, sizeof(*c));
	struct request *r = &c->req;
	char *query;

	if (s->service->before != NULL)
		s->service->before();
	c->magic = CALL_MAGIC;
	c->server = s;
	c->conn = conn_of(m);
	c->mhd = m;
	c->started_us = clock_mono_us();
	c->raw_target = target;
	c->target_len = strlen(target);
	r->arena = arena_new();
	r->service = s->service;
	r->server = s;
	r->target = arena_dup(r->arena, target, c->target_len);
	r->path = "";
	r->client = c->conn->client;
	r->method = METHOD__MAX;
	r->body_fd = -1;
	r->headers = &c->headers;
	faults_init(&r->faults, r->arena, FAULTS_MAX);
	response_init(&c->resp);
	query = strchr((char *)(uintptr_t)target, '?');
	if (query != NULL)
		memcpy(query, "\0", 2);
	return c;
}

/* All that can be decided before the first byte of the body. */
static enum err
admit(struct call *c, const char *method, const char *version)
{
	struct request *r = &c->req;
	enum err e = guard_head(c, method, version);

	router_method(r, method);
	request_read_id(r);
	r->lang = request_read_language(request_header(r, "Accept-Language"));
	if (e != OK) {
		atomic_fetch_add(&c->server->guard_refused, 1);
		c->close = c->unread = true;
		return e;
	}
	e = request_read_target(c);
	if (e == OK)
		e = router_match(c);
	if (e == OK)
		e = router_authorize(c);
	return e == OK ? body_rules(c) : e;
}

/*
 * An error that is found while a body is still on its way is answered at once, and the connection
 * closed: nobody could tell the rest of the body from the next request.  Without a body the final
 * call answers, which leaves the connection usable.
 */
static bool
open_call(struct call *c, const char *method, const char *version)
{
	c->phase = CALL_BODY;
	c->counted = true;
	atomic_fetch_add(&c->server->running, 1);
	conn_rest(c->conn);
	c->error = admit(c, method, version);
	if (c->error != OK && (c->close || c->chunked || c->length > 0)) {
		c->close = c->unread = true;
		return response_send(c, c->error);
	}
	c->body_us = clock_mono_us();
	if (c->chunked || c->length > 0)
		conn_expect(c->conn, c->body_us, server_deadline_us(c->server), 0);
	return true;
}

static bool
close_call(struct call *c)
{
	enum err e = c->error;

	conn_rest(c->conn);
	if (e == OK && guard_tail(c) != OK) {
		atomic_fetch_add(&c->server->guard_refused, 1);
		c->close = c->unread = true;
		e = ERR_BAD_REQUEST;
	}
	if (e == OK)
		e = body_done(c);
	if (e == OK)
		e = router_run(c);
	return response_send(c, e);
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *m, const char *url, const char *method,
	   const char *version, const char *data, size_t *size, void **ctx)
{
	struct call *c = call_of(*ctx);
	bool ok;

	(void)arg;
	(void)m;
	(void)url;
	/* cut by the watchdog, or never let in: nothing may be done for it any more */
	if (atomic_load(&c->conn->cut) || c->phase == CALL_ANSWERED)
		return MHD_NO;
	if (c->phase == CALL_HEAD) {
		ok = open_call(c, method, version);
	} else if (*size > 0) {
		ok = body_take(c, data, *size);
		*size = 0;
	} else {
		ok = close_call(c);
	}
	return ok ? MHD_YES : MHD_NO;
}

/* The library itself has refused it, or the client has gone: for the log. */
static void
note_unanswered(struct call *c)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_HTTP_STATUS);

	if (c->req.id == NULL)
		request_read_id(&c->req);
	c->status = info != NULL ? (int)info->http_status :
		atomic_load(&c->conn->cut) ? 408 : 0;
	access_log_begin(c);
}

static void
on_completed(void *arg, struct MHD_Connection *m, void **ctx,
	     enum MHD_RequestTerminationCode how)
{
	struct call *c = *ctx;
	struct server *s = server_of(arg);
	bool turned_away;

	(void)m;
	if (c == NULL)
		return;
	c = call_of(c);
	turned_away = c->phase == CALL_HEAD && atomic_load(&c->conn->cut);
	if (c->phase != CALL_ANSWERED && !turned_away)
		note_unanswered(c);
	if (!turned_away)
		access_log_end(c, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	if (c->unread) {
		conn_rest(c->conn);
		conn_linger(c->conn, LINGER_US);
	}
	conn_expect(c->conn, clock_mono_us(), server_deadline_us(s) + IDLE_S * 1000000LL, 0);
	if (c->resp.fd >= 0)
		close(c->resp.fd);
	scratch_free(c->resp.file);
	buf_release(&c->resp.body);
	body_release(c);
	arena_free(c->req.arena);
	if (c->counted)
		atomic_fetch_sub(&s->running, 1);
	c->magic = 0;
	free(c);
	*ctx = NULL;
}

/* ---- life ------------------------------------------------------------------------------- */

PRINTF(2, 0) static void
on_library_message(void *arg, const char *fmt, va_list ap)
{
	char text[512];

	(void)arg;
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	log_event(LOG_DEBUG, "libmicrohttpd", NULL, "%s", text);
}

/*
 * Threads of the library get no signals.  Strictness: 1 makes 0.9.75 send its header block twice
 * for a missing Host; there the guard checks all that 1 would, and more.
 */
static struct MHD_Daemon *
start_library(struct server *s)
{
	unsigned limit = (unsigned)s->service->connections + SPARE;
	unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
		MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG;
	struct MHD_Daemon *d;
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	d = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,
			     MHD_OPTION_EXTERNAL_LOGGER, on_library_message, NULL,
			     MHD_OPTION_LISTEN_SOCKET, s->listen_fd,
			     MHD_OPTION_CONNECTION_LIMIT, limit,
			     MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
			     MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
			     MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
			     MHD_OPTION_STRICT_FOR_CLIENT, s->walks_head ? 0 : 1,
			     MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
			     MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
			     MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return d;
}

/* "127.0.0.1:0" gets the port that the kernel chose; on a Unix socket only a setting can tell. */
static char *
make_origin(const struct service *service, const char *listen, int fd)
{
	const char *colon = strrchr(listen, ':');
	char text[300];

	if (service->origin != NULL && service->origin[0] != '\0')
		return xstrdup(service->origin);
	if (listen_port(fd) == 0 || colon == NULL)
		return xstrdup("https://localhost");
	snprintf(text, sizeof(text), "http://%.*s:%d", (int)(colon - listen), listen,
		 listen_port(fd));
	return xstrdup(text);
}

const char *
server_origin(const struct server *s)
{
	return s->origin;
}

bool
server_is_secure(const struct server *s)
{
	return str_starts(s->origin, "https://");
}

bool
server_start(const struct service *service, const char *listen, struct server **ret,
	     const char **ret_why)
{
	struct server *s;
	char *path = NULL;
	int fd;

	routes_check(service->routes);
	if (service->connections < 1)
		bug("a server without connections");
	if (!listen_open(listen, &fd, &path, ret_why))
		return false;
	s = xcalloc(1, sizeof(*s));
	s->magic = SERVER_MAGIC;
	s->service = service;
	s->listen_fd = fd;
	s->unix_path = path;
	s->origin = make_origin(service, listen, fd);
	s->walks_head = guard_knows_layout();
	s->watch = watch_start(&s->timeouts);
	s->mhd = start_library(s);
	if (s->mhd != NULL) {
		*ret = s;
		return true;
	}
	*ret_why = "libmicrohttpd does not start";
	server_stop(s, 0);
	return false;
}

/* Threads that still wait for PostgreSQL are waited for: its statement timeout is their bound. */
void
server_stop(struct server *s, int drain_s)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	int64_t end = clock_mono_us() + (int64_t)drain_s * 1000000;

	if (s == NULL)
		return;
	atomic_store(&s->draining, true);
	if (s->unix_path != NULL)
		unlink(s->unix_path);
	if (s->mhd != NULL) {
		MHD_quiesce_daemon(s->mhd);
		while (atomic_load(&s->running) > 0 && clock_mono_us() < end)
			nanosleep(&nap, NULL);
		MHD_stop_daemon(s->mhd);
	}
	close(s->listen_fd);
	watch_stop(s->watch);
	free(s->unix_path);
	free(s->origin);
	s->magic = 0;
	free(s);
}

int
server_port(const struct server *s)
{
	return listen_port(s->listen_fd);
}

void
server_stats(const struct server *s, struct server_stats *ret)
{
	int i;

	*ret = (struct server_stats){ .requests = atomic_load(&s->requests),
		.guard_refused = atomic_load(&s->guard_refused),
		.timeouts = atomic_load(&s->timeouts), .busy_us = atomic_load(&s->busy_us) };
	ret->connections_now = (unsigned long)atomic_load(&s->connections);
	for (i = 0; i < 6; i++)
		ret->by_class[i] = atomic_load(&s->by_class[i]);
}
