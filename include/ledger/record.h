/*
 * A row in flight: what a client sent for some columns of one ledger, read through the
 * descriptor, handed to the database as one JSON document.
 */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include <ledger/value.h>

struct record {
	const struct ledger *ledger;
	const char *value[FIELDS_MAX]; /* canonical text, NULL: null */
	bool given[FIELDS_MAX];
};

enum record_purpose {
	RECORD_CREATE,	/* mandatory columns must be given */
	RECORD_REPLACE, /* the same; other members that are not given become empty */
	RECORD_PATCH,	/* merge patch: members that are not given stay */
};

/*
 * Reads a JSON object.  All faults are added: unknown, read-only, fixed, wrongly typed members.
 * ERR_INVALID if there is one.
 */
enum err record_read(const struct ledger *, struct arena *, const json_t *,
		     enum record_purpose, struct faults *, struct record *ret) MUST;

/* The given values as JSON document for jsonb_populate_record(). */
const char *record_document(const struct record *, struct arena *);

/* Adds the fallbacks of the descriptor for what was not given (creation). */
void record_complete(struct record *);

#endif
