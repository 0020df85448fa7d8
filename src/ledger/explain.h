/*
 * Why the database refused a row: references that do not exist, a key that is taken, rules that
 * are violated; all of them, though PostgreSQL itself stops at the first.
 */
#ifndef LEDGER_EXPLAIN_H
#define LEDGER_EXPLAIN_H

#include <ledger/store.h>

/* SQL: a list of 'column' or NULL, one per reference of row `alias` that points nowhere. */
void references_put(const struct ledger *, const char *alias, struct buf *);

/*
 * Turns a refusal of the database into faults.  `doc` holds the values that were to be written
 * over the row `key` (NULL: a new one).  Returns the error to answer with.
 */
enum err explain(const struct store *, struct tx *, const struct ledger *, const char *key,
		 const char *doc, enum err, struct faults *) MUST;

/* The faults that the refusal itself lists, if it does; returns the error. */
enum err explain_detail(struct tx *, enum err, struct faults *) MUST;

/* The 機関 that was given is not one in which the person may write. */
enum err explain_scope(const struct ledger *, struct faults *);

#endif
