/*
 * Applications: made, edited and moved on.  Everything is judged in the database
 * (sql/functions/5*-workflow*.sql); here its functions are called.
 *
 * `doc` is JSON text.  ERR_RULES: the faults say why.  ERR_PRECONDITION_FAILED: another version
 * stands there now, and is in *ret.  *ret is one row of the ledger of applications.
 */
#ifndef WORKFLOW_ACT_H
#define WORKFLOW_ACT_H

#include <db/keeper.h>
#include <ledger/store.h>

enum err workflow_get(const struct store *, struct tx *, const char *no, PGresult **ret) MUST;
enum err workflow_create(const struct store *, struct tx *, const char *doc, struct faults *,
			 PGresult **ret) MUST;
enum err workflow_edit(const struct store *, struct tx *, const char *no, const char *doc,
		       const char *version, struct faults *, PGresult **ret) MUST;

/* One step; `given` holds its members but for the action. */
enum err workflow_act(const struct store *, struct tx *, const char *no, const char *action,
		      const char *given, const char *version, struct faults *,
		      PGresult **ret) MUST;

/* A document: *ret is its row, or the application's with ERR_PRECONDITION_FAILED. */
enum err workflow_attach(const struct store *, struct tx *, const char *no, const char *doc,
			 const char *version, struct faults *, PGresult **ret) MUST;

/* Is it an act that a token may do, too?  A decision never is. */
bool workflow_by_token(const char *action);

/* Ends the permissions whose term is over; how many. */
enum err workflow_expire(struct tx *, int64_t *ret) MUST;
enum err workflow_expire_chore(struct tx *, const struct chore *, const atomic_bool *, bool *) MUST;

#endif
