/* One connection and the statements prepared on it; known to pool.c, conn.c, tx.c only. */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <db/pool.h>

#define CONN_PREPARED_MAX 256

struct prepared {
	char *sql; /* NULL: free place */
	char name[16];
};

struct db_conn {
	struct db_conn *next; /* in the free list */
	PGconn *pg;
	enum db_lane lane;
	bool broken; /* never to be used again */
	bool prepare;
	const char *timeout_ms;
	size_t prepared_count;
	struct prepared prepared[CONN_PREPARED_MAX]; /* open addressing by text */
};

/* NULL: *ret_why is malloc'ed text. */
struct db_conn *conn_open(const char *conninfo, bool prepare, const char *timeout_ms,
			  const char **ret_why);
void conn_close(struct db_conn *);

/*
 * The place of a statement text.  *ret_known: it is prepared already.  NULL: not to be prepared
 * (switched off, or the table is full of other statements).
 */
struct prepared *conn_prepared(struct db_conn *, const char *sql, bool *ret_known);

#endif
