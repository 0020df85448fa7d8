/*
 * One transaction of one request.
 *
 * Every statement runs with the context of the act (who, in which office, for which 機関, which
 * request) set inside the same transaction, because the audit triggers and the row policies read
 * it there.  tx_once() sends context, statement and commit together: one round trip.
 *
 *	enum err e = tx_once(tx, STMT, &args, &res);
 *
 * or, for several statements, tx_begin(); tx_run(); …; tx_commit().  Inside an open transaction
 * tx_once() is tx_run(): whoever opened it commits it, so an operation does not know whether it
 * runs alone, under an Idempotency-Key or as a dry run.
 */
#ifndef DB_TX_H
#define DB_TX_H

#include <base/arena.h>
#include <db/pool.h>

#define TX_ARGS_MAX 128

/* Parameters in text form; NULL is SQL NULL.  They are not copied. */
struct tx_args {
	int n;
	const char *v[TX_ARGS_MAX];
};

/* Who acts; all strings outlive the transaction; NULL = unknown. */
struct tx_context {
	const char *person;	/* login */
	const char *office;	/* office code in which the person acts */
	const char *account;	/* token or session id */
	const char *client;	/* address */
	const char *request_id;
	const char *operation; /* operationId of the route, or the command */
	const char *reason;
	/*
	 * For the row policies: 機関 that may be seen, 機関 in which may be written, and how far
	 * in each ledger (see sql/functions/30-scope.sql).  NULL: nothing of the ledgers; and
	 * without a person, too, the daemon itself asks, who knows the organisation.  "{*}": the
	 * operator where the machine stands.
	 */
	const char *scope, *write_scope, *reach;
};

struct tx {
	struct db_pool *pool;
	enum db_lane lane;
	struct tx_context ctx;
	struct arena *arena; /* results and error details die with it */
	struct db_conn *conn; /* only while open */
	bool open;
	/* of the newest failed statement: */
	char sqlstate[6];
	const char *constraint; /* name of the violated constraint, or NULL */
	const char *message;	/* primary message (our own raises only), or NULL */
	const char *detail;	/* DETAIL of our own raises (class DR) only, or NULL */
};

/* Sets the context; sent before every other statement, in the same trip (for the bench, too). */
extern const char tx_act_sql[];

void tx_init(struct tx *, struct db_pool *, enum db_lane, struct arena *);

/* Adds one parameter. */
void tx_arg(struct tx_args *, const char *v);

/*
 * Runs one statement in its own transaction (or in the open one).  *ret, freed with the arena,
 * is set on OK only.  Errors: ERR_DB_*, ERR_UNKNOWN_OUTCOME, ERR_CONFLICT (class 23),
 * ERR_RULES (SQLSTATE DR001: the detail lists the violated rules), ERR_STATE (DR002),
 * ERR_INTERNAL.
 */
enum err tx_once(struct tx *, const char *sql, const struct tx_args *, PGresult **ret) MUST;

enum err tx_begin(struct tx *) MUST;
enum err tx_run(struct tx *, const char *sql, const struct tx_args *, PGresult **ret) MUST;
enum err tx_commit(struct tx *) MUST;
void tx_rollback(struct tx *); /* no-op when nothing is open */

/* COPY table (…) FROM STDIN inside an open transaction; rows in COPY text format. */
enum err tx_copy_start(struct tx *, const char *sql) MUST;
enum err tx_copy_data(struct tx *, const char *p, size_t n) MUST;
enum err tx_copy_end(struct tx *) MUST;

/* Rows one by one (single-row mode) inside an open transaction, for exports of any size. */
typedef enum err tx_row_fn(void *arg, const PGresult *row);
enum err tx_each(struct tx *, const char *sql, const struct tx_args *, tx_row_fn *, void *arg) MUST;

/* Cell access. tx_text(): NULL for SQL NULL. */
const char *tx_text(const PGresult *, int row, int col);
int64_t tx_int(const PGresult *, int row, int col);

#endif
