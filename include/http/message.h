/*
 * What a handler sees of HTTP: one request, one response, one row of the route table.  No
 * handler and no other room includes <microhttpd.h>.
 *
 * The server has already done, in this order: guard (framing, header syntax), query arguments,
 * route, method, identity and access, media type, body limit, body (whole, in memory or in a
 * spool file).  A handler reads the request, fills the response and returns; whatever it
 * returns but OK becomes a problem document (RFC 9457).
 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include <base/arena.h>
#include <base/buf.h>
#include <base/fault.h>
#include <base/scratch.h>
#include <db/tx.h>
#include <org/access.h>

struct request;
struct response;
struct service; /* what daichod.c put together: pool, configuration, caches; see http/server.h */
struct server;
struct headers;

enum body_kind {
	BODY_NONE,  /* a body is refused */
	BODY_JSON,  /* application/json or application/merge-patch+json, in memory */
	BODY_OPTIONAL, /* the same, or no body at all */
	BODY_LIST, /* a few thousand lines: JSON, text/csv or text/plain, in memory */
	BODY_TABLE, /* text/csv, application/x-ndjson: in a spool file */
	BODY_FILE, /* whatever it is, as it is: in a scratch file, unreadable to others */
	BODY_SOFTWARE, /* as BODY_LIST, and JSON of CycloneDX and SPDX by their own types */
};

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD__MAX };

/*
 * What a route asks of the session of who acts; but for CONFIRM_NONE, tokens are refused.
 * `.confirm = true` is CONFIRM_DECISION.
 */
enum confirm {
	CONFIRM_NONE = 0,
	CONFIRM_DECISION, /* proved within 15 minutes, and second factor where one is required */
	CONFIRM_FRESH,	  /* proved within 15 minutes */
	CONFIRM_SESSION,  /* any session */
};

#define PATH_CAPTURES 3

struct route {
	enum method method;
	const char *path;     /* "/api/v1/assets/{no}/history": {…} takes one segment */
	uint32_t offices;     /* OFFICE_BIT sets; zero refuses everyone */
	enum scope scope;     /* zero refuses everyone */
	enum body_kind body;
	size_t max_body;      /* bytes; 0 = the server's default for the kind */
	enum db_lane lane;
	enum err (*run)(struct request *, struct response *);
	const void *arg;      /* what the handler works on (a ledger) */
	const char *opid;     /* OpenAPI operationId */
	const char *summary;  /* English, one line */
	const char *tag;      /* OpenAPI tag */
	const char *ledger;   /* the word by which a token's scope names it; NULL: of none */
	uint32_t past;	      /* offices (of those above) that may also ask as of a day; 0: none */
	const char *clause;   /* of the standard, told who holds none of the offices; or NULL */
	bool pages;	      /* a page: a trusted proxy may name the person; not below /api/ */
	enum confirm confirm; /* how fresh the proof of who acts must be */
	bool secret;	      /* handles a secret: neither dry run nor Idempotency-Key */
};

struct query_arg {
	const char *name;
	const char *value;
	bool used; /* set by request_arg*(): an argument nobody asked for is an error */
};

struct request {
	struct arena *arena;
	const struct service *service;
	const struct server *server; /* for server_stats() */
	const struct route *route;
	const char *id; /* request id, in log, answer and audit row */
	enum method method;
	const char *target;		   /* raw request target, for links */
	const char *path;		   /* decoded */
	const char *capture[PATH_CAPTURES]; /* decoded segments for {…}, in order */
	struct query_arg *args;
	size_t arg_count;
	const char *client; /* address of the peer, or "unix" */
	const char *csrf_token; /* of the session that the request came with, or NULL */
	enum lang lang;	    /* ?lang=, Accept-Language; Japanese otherwise */
	bool head;	    /* HEAD: the body is made and left out */
	bool dry_run;	    /* ?dry_run=true (taken off the arguments by the router) */
	struct principal *principal; /* NULL on public routes */
	struct grant grant;
	/*
	 * Ready.  Open already under ?dry_run=true or an Idempotency-Key: the router then ends it,
	 * and a handler of several statements begins and commits only what it has opened itself.
	 */
	struct tx tx;
	/* body */
	const char *body;	/* in memory: NUL-terminated, NULL when none */
	size_t body_len;
	int body_fd;		/* BODY_TABLE: positioned at 0; -1 when none */
	struct scratch *body_file; /* BODY_FILE: belongs to the server; NULL when none */
	const char *content_type; /* media type in lower case, without parameters; NULL when none */
	const char *charset;	/* of Content-Type, lower case, or NULL */
	struct faults faults;	/* what the handler found wrong */
	const char *detail;	/* for the problem document, or NULL (English) */
	int retry_after_s;	/* of the problem; 0 = as the catalogue says */
	const char *current;	/* 412: the document as it stands now (JSON), and its version */
	const char *current_version;
	const struct headers *headers; /* see request_header() */
};

/* Offices that may make this request: those of the route, or fewer when it asks as of a day. */
uint32_t request_offices(const struct request *);

/* Header of the request, case-insensitive; NULL when absent. */
const char *request_header(const struct request *, const char *name);

/* Value of a query argument (marks it used), NULL when absent. */
const char *request_arg(struct request *, const char *name);

/* Faults for every argument that nobody asked for; ERR_BAD_QUERY if there is one. */
enum err request_args_done(struct request *) MUST;

/* true / false / absent → fallback; anything else is a fault and ERR_BAD_QUERY. */
enum err request_arg_bool(struct request *, const char *name, bool fallback, bool *ret) MUST;
enum err request_arg_int(struct request *, const char *name, int64_t min, int64_t max,
			 int64_t fallback, int64_t *ret) MUST;

/* Adds a fault about a query argument: pointer "?name". */
void request_arg_fault(struct request *, const char *name, const char *code, const char *ja,
		       const char *en);

struct response {
	int status;		  /* 0 = 200 */
	const char *content_type; /* NULL = application/json */
	struct buf body;	  /* ceiling set by the server */
	int fd;			  /* body from a file instead (an export), else -1 */
	struct scratch *file;	  /* or from a scratch file, which the server frees */
	struct response_header {
		const char *name, *value;
	} headers[16];
	size_t header_count;
};

/* Adds a header; strings live as long as the request. CR or LF in a value is a BUG. */
void response_header(struct response *, const char *name, const char *value);

/* The entity tag of a row version: "7" with its quotes. */
const char *etag_of(struct arena *, const char *version);

/*
 * If-Match of a changing request: the version it names.  ERR_PRECONDITION_REQUIRED when absent,
 * ERR_BAD_REQUEST when unreadable or weak.  `*` is refused: a version must be seen to be changed.
 */
enum err request_if_match(struct request *, const char **ret) MUST;

#endif
