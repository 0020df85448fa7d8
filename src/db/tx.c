#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/clock.h>
#include <db/tx.h>
#include "conn.h"

/* One round trip: what was sent, in order, so that each answer is given to its question. */
enum step_kind { STEP_PREPARE, STEP_QUERY };

struct step {
	enum step_kind kind;
	struct prepared *prepared; /* of STEP_PREPARE */
};

#define TX_ACT_ARGS 13

struct trip {
	struct tx *tx;
	struct step steps[8];
	int n;
	bool failed; /* could not be sent */
};

/*
 * For this transaction only; act_context() and the row policies read it.  Not a function of ours:
 * one in SQL costs as much as reading a row does (measured: 90 µs against 20).
 */
const char tx_act_sql[] =
	"SELECT set_config('daicho.person', coalesce($1, ''), true),"
	" set_config('daicho.office', coalesce($2, ''), true),"
	" set_config('daicho.account', coalesce($3, ''), true),"
	" set_config('daicho.client', coalesce($4, ''), true),"
	" set_config('daicho.request_id', coalesce($5, ''), true),"
	" set_config('daicho.operation', coalesce($6, ''), true),"
	" set_config('daicho.reason', coalesce($7, ''), true),"
	" set_config('daicho.scope', coalesce($8, ''), true),"
	" set_config('statement_timeout', $9, true),"
	" set_config('daicho.clock_offset', $10, true),"
	" set_config('daicho.write_scope', coalesce($11, ''), true),"
	" set_config('daicho.reach', coalesce($12, ''), true),"
	" set_config('daicho.system', coalesce($13, ''), true)";

void
tx_init(struct tx *tx, struct db_pool *pool, enum db_lane lane, struct arena *arena)
{
	*tx = (struct tx){ .pool = pool, .lane = lane, .arena = arena };
}

void
tx_arg(struct tx_args *a, const char *v)
{
	if (a->n == TX_ARGS_MAX)
		bug("more than %d parameters", TX_ARGS_MAX);
	a->v[a->n++] = v;
}

static void
clear_result(void *res)
{
	PQclear(res);
}

static const char *
keep(struct tx *tx, const char *s)
{
	return s == NULL ? NULL : arena_strdup(tx->arena, s);
}

/* Which error an SQLSTATE is; the text of the server is never shown. */
static enum err
classify(const char *state)
{
	static const struct {
		const char *prefix;
		enum err err;
	} map[] = {
		{ "DR001", ERR_RULES }, { "DR002", ERR_STATE }, { "DR003", ERR_RATING },
		{ "DR004", ERR_FORBIDDEN }, { "DR005", ERR_QUOTA }, { "23", ERR_CONFLICT },
		{ "40", ERR_DB_BUSY }, { "55P03", ERR_DB_BUSY }, { "57014", ERR_DB_TIMEOUT },
		{ "08", ERR_DB_AWAY }, { "57P", ERR_DB_AWAY }, { "53", ERR_DB_AWAY },
		{ "58", ERR_DB_AWAY }, { "25006", ERR_DB_AWAY }, { "XX", ERR_DB_AWAY },
		/* prepared before a migration, or on another server behind a pooler */
		{ "0A000", ERR_DB_BUSY }, { "26000", ERR_DB_BUSY },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (str_starts(state, map[i].prefix))
			return map[i].err;
	return ERR_INTERNAL;
}

/* Takes what the error says into the transaction.  No SQLSTATE means: connection lost. */
static enum err
note_error(struct tx *tx, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	enum err e;

	if (state == NULL) {
		tx->conn->broken = true;
		return ERR_DB_AWAY;
	}
	e = classify(state);
	/* a row policy refuses; any other missing privilege is a bug or an attack */
	if (str_eq(state, "42501") &&
	    str_eq(PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION), "ExecWithCheckOptions"))
		e = ERR_FORBIDDEN;
	snprintf(tx->sqlstate, sizeof(tx->sqlstate), "%s", state);
	tx->constraint = keep(tx, PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME));
	tx->message = keep(tx, PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	tx->detail = str_starts(state, "DR") ?
		keep(tx, PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL)) : NULL;
	if (e == ERR_DB_AWAY || str_eq(state, "0A000") || str_eq(state, "26000"))
		tx->conn->broken = true;
	return e;
}

static void
send(struct trip *t, const char *sql, int n, const char *const *values)
{
	PGconn *pg = t->tx->conn->pg;
	struct prepared *p;
	bool known = false;

	if (t->failed)
		return;
	p = conn_prepared(t->tx->conn, sql, &known);
	if (p != NULL && !known) {
		t->failed = !PQsendPrepare(pg, p->name, sql, 0, NULL);
		t->steps[t->n++] = (struct step){ STEP_PREPARE, p };
	}
	if (!t->failed && p != NULL)
		t->failed = !PQsendQueryPrepared(pg, p->name, n, values, NULL, NULL, 0);
	else if (!t->failed)
		t->failed = !PQsendQueryParams(pg, sql, n, NULL, values, NULL, NULL, 0);
	t->steps[t->n++] = (struct step){ STEP_QUERY, NULL };
}

static void
send_act(struct trip *t)
{
	const struct tx_context *c = &t->tx->ctx;
	char offset[24];
	const char *values[TX_ACT_ARGS] = { c->person, c->office, c->account, c->client,
		c->request_id, c->operation, c->reason, c->scope, t->tx->conn->timeout_ms, offset,
		c->write_scope, c->reach, c->person == NULL && c->scope == NULL ? "t" : NULL };

	snprintf(offset, sizeof(offset), "%lld", (long long)clock_offset_s());
	send(t, tx_act_sql, TX_ACT_ARGS, values);
}

/* Was not prepared after all.  A hole would end the search of others, so the place stays. */
static void
forget(const struct step *s)
{
	if (s->kind == STEP_PREPARE)
		s->prepared->sql[0] = '\0';
}

/*
 * Reads all answers of a trip up to the sync.  *ret: the result of the last query, malloc'ed.
 */
static enum err
receive(struct trip *t, PGresult **ret)
{
	PGconn *pg = t->tx->conn->pg;
	PGresult *res, *last = NULL;
	enum err e = OK;
	int i = 0;

	for (;;) {
		ExecStatusType st;

		res = PQgetResult(pg);
		if (res == NULL) {
			if (PQstatus(pg) != CONNECTION_OK || i > t->n) {
				t->tx->conn->broken = true;
				e = e == OK ? ERR_DB_AWAY : e;
				break;
			}
			i++;
			continue;
		}
		st = PQresultStatus(res);
		if (st == PGRES_PIPELINE_SYNC) {
			PQclear(res);
			break;
		}
		if (st == PGRES_FATAL_ERROR && e == OK)
			e = note_error(t->tx, res);
		if ((st == PGRES_FATAL_ERROR || st == PGRES_PIPELINE_ABORTED) && i < t->n)
			forget(&t->steps[i]);
		PQclear(last);
		last = res;
		if (t->tx->conn->broken)
			break;
	}
	if (e != OK) {
		PQclear(last);
		return e;
	}
	*ret = last;
	return OK;
}

/* Sends and receives one trip; `committing`: a lost connection leaves the outcome unknown. */
static enum err
travel(struct trip *t, bool committing, PGresult **ret)
{
	PGconn *pg = t->tx->conn->pg;
	PGresult *res = NULL;
	enum err e;

	if (t->failed || !PQpipelineSync(pg)) {
		t->tx->conn->broken = true;
		return ERR_DB_AWAY;
	}
	e = receive(t, &res);
	if (!t->tx->conn->broken && !PQexitPipelineMode(pg))
		t->tx->conn->broken = true;
	if (e != OK)
		return e == ERR_DB_AWAY && committing && t->tx->sqlstate[0] == '\0' ?
			ERR_UNKNOWN_OUTCOME : e;
	arena_defer(t->tx->arena, clear_result, res);
	if (ret != NULL)
		*ret = res;
	return OK;
}

static bool
pipeline(struct tx *tx)
{
	tx->sqlstate[0] = '\0';
	tx->constraint = tx->message = tx->detail = NULL;
	if (PQenterPipelineMode(tx->conn->pg))
		return true;
	tx->conn->broken = true;
	return false;
}

static void
give_back(struct tx *tx)
{
	db_give(tx->pool, tx->conn);
	tx->conn = NULL;
	tx->open = false;
}

/* All between two syncs is one transaction: context, statement and commit in one round trip. */
enum err
tx_once(struct tx *tx, const char *sql, const struct tx_args *args, PGresult **ret)
{
	struct trip t = { .tx = tx };
	bool reads = str_starts(sql, "SELECT");
	enum err e;

	if (tx->open)
		return tx_run(tx, sql, args, ret);
	e = db_take(tx->pool, tx->lane, &tx->conn);
	if (e != OK)
		return e;
	if (!pipeline(tx)) {
		give_back(tx);
		return ERR_DB_AWAY;
	}
	send_act(&t);
	send(&t, sql, args == NULL ? 0 : args->n, args == NULL ? NULL : args->v);
	e = travel(&t, !reads, ret);
	give_back(tx);
	return e;
}

enum err
tx_begin(struct tx *tx)
{
	struct trip t = { .tx = tx };
	enum err e;

	if (tx->open)
		bug("transaction opened twice");
	e = db_take(tx->pool, tx->lane, &tx->conn);
	if (e != OK)
		return e;
	if (!pipeline(tx)) {
		give_back(tx);
		return ERR_DB_AWAY;
	}
	send(&t, "BEGIN", 0, NULL);
	send_act(&t);
	e = travel(&t, false, NULL);
	if (e != OK)
		give_back(tx);
	else
		tx->open = true;
	return e;
}

enum err
tx_run(struct tx *tx, const char *sql, const struct tx_args *args, PGresult **ret)
{
	struct trip t = { .tx = tx };

	if (!tx->open)
		bug("statement outside a transaction: %.60s", sql);
	if (!pipeline(tx))
		return ERR_DB_AWAY;
	send(&t, sql, args == NULL ? 0 : args->n, args == NULL ? NULL : args->v);
	return travel(&t, false, ret);
}

/* COMMIT of a failed transaction "succeeds" with the tag ROLLBACK: the tag decides. */
enum err
tx_commit(struct tx *tx)
{
	struct trip t = { .tx = tx };
	PGresult *res = NULL;
	enum err e = ERR_DB_AWAY;

	if (!tx->open)
		bug("commit outside a transaction");
	if (pipeline(tx)) {
		send(&t, "COMMIT", 0, NULL);
		e = travel(&t, true, &res);
	}
	if (e == OK && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		e = ERR_INTERNAL;
	give_back(tx);
	return e;
}

void
tx_rollback(struct tx *tx)
{
	struct trip t = { .tx = tx };
	char sqlstate[6];
	const char *kept[3] = { tx->constraint, tx->message, tx->detail };
	PGresult *res = NULL;

	if (!tx->open)
		return;
	memcpy(sqlstate, tx->sqlstate, sizeof(sqlstate));
	if (!tx->conn->broken && pipeline(tx)) {
		send(&t, "ROLLBACK", 0, NULL);
		if (travel(&t, false, &res) != OK)
			tx->conn->broken = true;
	}
	/* why it is rolled back stays readable */
	memcpy(tx->sqlstate, sqlstate, sizeof(sqlstate));
	tx->constraint = kept[0];
	tx->message = kept[1];
	tx->detail = kept[2];
	give_back(tx);
}

/* COPY is not allowed in pipeline mode: sent on its own. */
enum err
tx_copy_start(struct tx *tx, const char *sql)
{
	PGconn *pg = tx->conn->pg;
	PGresult *res;
	enum err e = OK;

	if (!PQsendQuery(pg, sql)) {
		tx->conn->broken = true;
		return ERR_DB_AWAY;
	}
	res = PQgetResult(pg);
	if (PQresultStatus(res) != PGRES_COPY_IN) {
		e = note_error(tx, res);
		while (res != NULL) {
			PQclear(res);
			res = PQgetResult(pg);
		}
		return e;
	}
	PQclear(res);
	return OK;
}

enum err
tx_copy_data(struct tx *tx, const char *p, size_t n)
{
	if (PQputCopyData(tx->conn->pg, p, (int)n) == 1)
		return OK;
	tx->conn->broken = true;
	return ERR_DB_AWAY;
}

enum err
tx_copy_end(struct tx *tx)
{
	PGconn *pg = tx->conn->pg;
	PGresult *res;
	enum err e = OK;

	if (PQputCopyEnd(pg, NULL) != 1) {
		tx->conn->broken = true;
		return ERR_DB_AWAY;
	}
	while ((res = PQgetResult(pg)) != NULL) {
		if (PQresultStatus(res) != PGRES_COMMAND_OK && e == OK)
			e = note_error(tx, res);
		PQclear(res);
	}
	return e;
}

enum err
tx_each(struct tx *tx, const char *sql, const struct tx_args *args, tx_row_fn *fn, void *arg)
{
	PGconn *pg = tx->conn->pg;
	PGresult *res;
	enum err e = OK;

	if (!PQsendQueryParams(pg, sql, args == NULL ? 0 : args->n, NULL,
			       args == NULL ? NULL : args->v, NULL, NULL, 0) ||
	    !PQsetSingleRowMode(pg)) {
		tx->conn->broken = true;
		return ERR_DB_AWAY;
	}
	while ((res = PQgetResult(pg)) != NULL) {
		ExecStatusType st = PQresultStatus(res);

		if (e == OK && st == PGRES_SINGLE_TUPLE)
			e = fn(arg, res);
		else if (e == OK && st != PGRES_TUPLES_OK)
			e = note_error(tx, res);
		PQclear(res);
	}
	return e;
}

const char *
tx_text(const PGresult *res, int row, int col)
{
	return PQgetisnull(res, row, col) ? NULL : PQgetvalue(res, row, col);
}

int64_t
tx_int(const PGresult *res, int row, int col)
{
	const char *s = tx_text(res, row, col);

	return s == NULL ? 0 : strtoll(s, NULL, 10);
}
