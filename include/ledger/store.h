/*
 * The store: what can be done with the rows of any ledger.  Each operation exists once, here;
 * API, pages, import and command line call it.  The texts of the statements stand in
 * sql/statements/, with {columns} and the like filled in from the descriptors, once, at start.
 */
#ifndef LEDGER_STORE_H
#define LEDGER_STORE_H

#include <db/tx.h>
#include <ledger/record.h>
#include <ledger/row.h>

struct store;

/* BUG when a statement or a descriptor is missing. */
struct store *store_new(void);
void store_free(struct store *);

enum statement {
	ST_GET,
	ST_GET_PAST,
	ST_JUDGE,
	ST_JUDGE_PAST,
	ST_INSERT,
	ST_UPDATE,
	ST_REPLACE,
	ST_DELETE,
	ST_ACT,
	ST_ACTIONS,
	ST_HISTORY,
	ST_EXPLAIN,
	ST_RATE,
	ST_RATE_ALL,
	ST_MAY,
	ST_MISSING,
	ST__MAX
};

/* The finished text of one statement of one ledger (for the bench, too). */
const char *store_sql(const struct store *, enum ledger_id, enum statement);

/* For row_put_json(). */
const struct row_form *store_form(const struct store *, enum ledger_id);

/* "asset_no,institution,…" as selected, in descriptor order. */
const char *store_columns(const struct store *, enum ledger_id);

/*
 * All operations: `scope` is the 機関 array of the grant; a row of another 機関 is ERR_NOT_FOUND.
 * *ret is a result of exactly one row in descriptor order.
 */
enum err store_get(const struct store *, struct tx *, const struct ledger *, const char *key,
		   const char *scope, PGresult **ret) MUST;

/* The row as it was at the end of a day (see ledger/as_of.h). */
enum err store_get_past(const struct store *, struct tx *, const struct ledger *, const char *key,
			const char *scope, const char *day, PGresult **ret) MUST;

/*
 * What the rules say of the row (modes R and F), as it is or, with a day, as it was: row_version,
 * state, list as of rule_messages().
 */
enum err store_judge(const struct store *, struct tx *, const struct ledger *, const char *key,
		     const char *scope, const char *day, PGresult **ret) MUST;

/* Faults are added for what only the database knows: references, uniqueness, rules. */
enum err store_insert(const struct store *, struct tx *, const struct record *,
		      const char *scope, struct faults *, PGresult **ret) MUST;

/*
 * ERR_PRECONDITION_FAILED: another version stands there now, and is in *ret.  ERR_FORBIDDEN: the
 * row may be seen, but not changed in this office.
 */
enum err store_update(const struct store *, struct tx *, const struct record *, bool replace,
		      const char *key, const char *version, const char *scope, struct faults *,
		      PGresult **ret) MUST;
enum err store_delete(const struct store *, struct tx *, const struct ledger *, const char *key,
		      const char *version, const char *scope, struct faults *,
		      PGresult **ret) MUST;

/*
 * One act in the life of a row (ledger/life.h), within what the office may see or change.  `given`:
 * JSON object of the columns that the act sets.  ERR_STATE: not from this state; ERR_FORBIDDEN: not
 * by this office, or not this row; ERR_RULES: a rule stands in the way.  Faults say what is
 * possible, who may, or which rules.
 */
struct life_act {
	const char *key, *version, *given;
};
enum err store_act(const struct store *, struct tx *, const struct ledger *, const char *action,
		   const struct life_act *, const char *scope, struct faults *,
		   PGresult **ret) MUST;

/* Rows: action, given, to_state, offices (JSON), clause, ja, en, may (by who asks). */
enum err store_actions(const struct store *, struct tx *, const struct ledger *, const char *key,
		       const char *scope, PGresult **ret) MUST;

/*
 * An act that only this ledger has: an UPDATE up to its RETURNING, whose first parameters are
 * key, scope and version.
 */
enum err store_change(const struct store *, struct tx *, const struct ledger *, const char *sql,
		   const struct tx_args *, struct faults *, PGresult **ret) MUST;

/*
 * Confirms the rating of a registered row, with the values given (columns with `confirm`), as one
 * act of the office that confirms; ERR_FORBIDDEN for everybody else.
 */
enum err store_rate(const struct store *, struct tx *, const struct record *, const char *key,
		    const char *version, const char *scope, struct faults *,
		    PGresult **ret) MUST;

/*
 * The same of several rows as they are, all or none; `keys` is an array literal, faults name the
 * keys (value).  *ret: one cell, the keys that are newly confirmed as a JSON array, or NULL.
 */
enum err store_rate_all(const struct store *, struct tx *, const struct ledger *, const char *keys,
			struct faults *, PGresult **ret) MUST;

/*
 * A document that was read, edited and sent back whole holds members that cannot be changed:
 * those that still are as stored are taken out of it, others become faults (ERR_INVALID).
 */
enum err record_drop_unchanged(const struct store *, struct tx *, const struct ledger *,
			       const char *key, const char *scope, json_t *document,
			       struct faults *) MUST;

/*
 * Where a reference of this ledger to that one is looked up, and whether only within the 機関 of
 * the row.  What may not be seen is told in the same words as what does not exist.
 */
const char *reference_source(const struct ledger *, const struct ledger *to);
bool reference_is_local(const struct ledger *, const struct ledger *to);

/*
 * What the row lacks: an array of the names of columns that it needs and that are empty, and the
 * number of those that it needs.
 */
enum err store_missing(const struct store *, struct tx *, const struct ledger *, const char *key,
		       const char *scope, PGresult **ret) MUST;

/* Rows: version, at, person, office, client, request_id, operation, action, reason, changes. */
enum err store_history(const struct store *, struct tx *, const struct ledger *, const char *key,
		       const char *scope, PGresult **ret) MUST;

/* The faults that a refusal of the database lists (DETAIL of class DR001). */
void rule_faults(struct arena *, const char *detail, struct faults *);

/*
 * Appointments: made and revoked, never changed (2.1(2)).  Who may is judged by the database.
 * Rows of the whole 機構 are read whatever the scope.
 */
enum err store_office_get(const struct store *, struct tx *, const char *key, const char *scope,
			  PGresult **ret) MUST;
enum err store_appoint(const struct store *, struct tx *, const struct record *,
		       struct faults *, PGresult **ret) MUST;

/* `day` NULL: today.  ERR_PRECONDITION_FAILED: *ret is the row as it is now. */
enum err store_revoke(const struct store *, struct tx *, const char *key, const char *version,
		      const char *day, const char *why, struct faults *, PGresult **ret) MUST;

#endif
