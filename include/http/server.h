/*
 * The HTTP server: libmicrohttpd behind a guard.  One thread per connection (a handler may wait
 * for PostgreSQL, so no connection shares a thread with another); the pool bounds how many work.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <http/message.h>

struct service {
	struct db_pool *pool;
	struct access_cache *access;
	const struct route *routes; /* ends with path == NULL */
	const char *spool_dir;	    /* for bodies of BODY_TABLE, BODY_FILE, and exports */
	size_t max_json;	    /* bytes; 0 = 1 MiB */
	size_t max_table;	    /* bytes; 0 = 256 MiB */
	size_t max_file;	    /* bytes; 0 = 32 MiB */
	int connections;	    /* most at once, ≥ 1; past it: 503 and closed at once */
	int deadline_s;		    /* for a whole header, and for a body at a fair pace; 0 = 15 */
	const void *app;	    /* what the rooms above keep (configuration of imports …) */
	const struct proxy *proxy;  /* whose word is taken for who asks; NULL: nobody's */
	bool (*ready)(const struct service *, const char **ret_why); /* for /readyz */
	struct sessions *sessions;
	const char *origin;   /* "https://register.example.ac.jp"; NULL: http:// and `listen` */
	void (*before)(void); /* at the beginning of each request (a clock of tests), or NULL */
};

struct server;

/*
 * Listens on "ADDR:PORT" or "unix:PATH".  false: *ret_why says why (arena-less, static or
 * malloc'ed text that lives as long as the process).
 */
bool server_start(const struct service *, const char *listen, struct server **ret,
		  const char **ret_why) MUST;

/* The TCP port it listens on (useful after "127.0.0.1:0"); 0 on a Unix socket. */
int server_port(const struct server *);

/* As browsers name the daemon ("http://127.0.0.1:8620"); do they come over https? */
const char *server_origin(const struct server *);
bool server_is_secure(const struct server *);

/* Stops listening, lets running requests end (at most drain_s seconds), frees. NULL is fine. */
void server_stop(struct server *, int drain_s);

struct server_stats {
	unsigned long requests, by_class[6], guard_refused, connections_now, timeouts;
	unsigned long long busy_us;
};
void server_stats(const struct server *, struct server_stats *ret);

/* Prints method, path, offices, scope, body limit of every route, one per line. */
void routes_print(const struct service *);

/* BUG unless every row is whole: offices, scope, run, opid, summary; no two rows alike. */
void routes_check(const struct route *);

/* Makes an unlinked file in the spool directory; -1 with errno. */
int spool_open(const struct service *);

/* The same for what may be confidential; NULL with errno. */
struct scratch *spool_scratch(const struct service *);

#endif
