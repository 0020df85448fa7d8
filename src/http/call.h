/*
 * One request on its way through the server: what server.c, guard.c, body.c, router.c and
 * response.c share.  Not for handlers, which see struct request alone.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include <stdatomic.h>

#include <http/server.h>
#include "deadline.h"

struct MHD_Connection;
struct MHD_Daemon;

#define TARGET_MAX 8192	 /* bytes of a request target */
#define TARGET_ARGS 100	 /* query arguments; several hundred would stall libmicrohttpd 0.9.75 */
#define HEADERS_MAX 100	 /* header lines */
#define FAULTS_MAX 1000	 /* kept in one problem document */
#define ANSWER_MAX (64 * 1024 * 1024) /* bytes of an answer made in memory */

/* Headers of the request, in order; names as sent, values without white space around them. */
struct headers {
	struct header {
		const char *name, *value;
	} v[HEADERS_MAX];
	size_t n;
};

enum call_phase {
	CALL_HEAD,     /* the request line has arrived */
	CALL_BODY,     /* headers are complete, body chunks may come */
	CALL_ANSWERED, /* the response is queued: req and its arena are gone */
};

struct call {
	uint32_t magic;
	enum call_phase phase;
	struct server *server;
	struct conn *conn;
	struct MHD_Connection *mhd;
	struct request req;
	struct response resp;
	struct headers headers;

	/* the request line: where the library keeps it, and a copy of the target */
	const char *raw_target;
	size_t target_len;
	char *query; /* after the '?', or NULL */

	/* framing, from the guard */
	bool chunked;
	uint64_t length;

	enum err error; /* found before the body; the final call answers it */
	bool close;	/* the connection must not be used again */
	bool unread;	/* and part of the request is still on the wire */
	const char *allow, *accept, *challenge; /* for 405, 415, 401 */

	/* the body as it arrives; see body.c */
	bool wants_body;
	uint64_t limit, received;
	size_t charged; /* of the server's memory for bodies */
	struct buf text;
	bool overloaded;
	int spool_errno;
	int64_t body_us;

	/* for the access log */
	int64_t started_us;
	bool counted; /* in server->running */
	int status;
	uint64_t sent;
	struct buf log;
};

struct server {
	uint32_t magic;
	const struct service *service;
	struct MHD_Daemon *mhd;
	int listen_fd;
	char *unix_path; /* to be removed at the end, or NULL */
	char *origin;
	bool walks_head; /* the layout of the library's buffer is known; see guard.c */
	struct watch *watch;
	atomic_bool draining;
	atomic_int running; /* requests between the end of their headers and their last byte */
	atomic_int connections;
	atomic_size_t body_bytes; /* of bodies in memory */
	atomic_ulong requests, by_class[6], guard_refused, timeouts;
	atomic_ullong busy_us;
};

#define CALL_MAGIC UINT32_C(0x43a11001)
#define SERVER_MAGIC UINT32_C(0x5e12e201)

/* Settings with their defaults filled in. */
size_t service_max_body(const struct service *, enum body_kind);
int64_t server_deadline_us(const struct server *);

#endif
