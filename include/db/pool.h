/*
 * Connections to PostgreSQL: two lanes, so that long work never takes the last connection of the
 * short, and one connection per thread at a time.
 *
 * A connection is opened when first needed, kept, and thrown away when it broke; a pool survives
 * any number of restarts of the server.  Waiting for a free connection is bounded.
 */
#ifndef DB_POOL_H
#define DB_POOL_H

#include <libpq-fe.h>
#include <base/err.h>

struct db_pool;

enum db_lane { LANE_SHORT, LANE_LONG, LANE__MAX };

struct db_conf {
	const char *conninfo;	 /* libpq connection string, read-write */
	int size[LANE__MAX];	 /* connections of each lane */
	int wait_ms;		 /* longest wait for a free connection */
	int timeout_ms[LANE__MAX]; /* statement_timeout of each lane */
	bool prepare;		 /* named prepared statements (off behind a transaction pooler) */
};

/* Never fails: connections are made later. Strings are copied. */
struct db_pool *db_pool_new(const struct db_conf *);
void db_pool_free(struct db_pool *); /* waits for nobody: call after the server has stopped */

struct db_conn; /* one connection with its prepared statements */

/* ERR_DB_AWAY (no server), ERR_OVERLOADED (no free connection in time). */
enum err db_take(struct db_pool *, enum db_lane, struct db_conn **ret) MUST;
void db_give(struct db_pool *, struct db_conn *); /* NULL is fine; a broken one is closed */

/* The newest error text of the server, for the log of the operator; never for an answer. */
const char *db_pool_last_error(struct db_pool *);

struct db_pool_stats {
	int open[LANE__MAX], busy[LANE__MAX], waiting[LANE__MAX];
	unsigned long taken, failed, timeouts;
};
void db_pool_stats(struct db_pool *, struct db_pool_stats *ret);

#endif
