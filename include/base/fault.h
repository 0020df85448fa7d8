/*
 * Faults: what is wrong with one input, all at once.  A fault names the place (JSON pointer, or
 * line and column of a table), a stable code, the clause of the standard and a sentence in both
 * languages.  Lists live in an arena and stop growing at a ceiling (the count goes on).
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <base/arena.h>
#include <base/buf.h>
#include <base/err.h>

struct fault {
	const char *field;  /* column name in the ledger, or NULL for the whole input */
	const char *code;   /* "too_long", "unknown_member", "REG-04" … */
	const char *clause; /* or NULL */
	const char *own_number; /* by which the organisation knows the clause, or NULL */
	const char *ja;
	const char *en;
	const char *value; /* what was sent, shortened; or NULL */
	long line;	   /* of a table, first line = 1; 0 = not from a table */
};

struct faults {
	struct arena *arena;
	struct fault *v;
	size_t n;     /* kept */
	size_t total; /* seen */
	size_t cap;
	size_t max;
};

void faults_init(struct faults *, struct arena *, size_t max);

/* Copies the strings that are not literals into the list's arena. */
void faults_add(struct faults *, const struct fault *);

/* The members `"errors":[…]` of a problem document; `column` is written beside `line`. */
void faults_json(const struct faults *, enum lang, struct buf *);

#endif
