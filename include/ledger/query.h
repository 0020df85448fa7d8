/*
 * Lists: typed filters, search, sort, keyset paging, made into one statement from names that the
 * descriptors know; values are always parameters.
 */
#ifndef LEDGER_QUERY_H
#define LEDGER_QUERY_H

#include <ledger/as_of.h>
#include <ledger/store.h>

#define LIST_LIMIT_DEFAULT 50
#define LIST_LIMIT_MAX 500

struct list_query {
	const struct ledger *ledger;
	struct arena *arena;
	struct buf where;
	size_t scope_len; /* of its first condition */
	struct tx_args args;
	const struct field *sort; /* NULL: the key */
	bool descending;
	const char *after_key, *after_value; /* cursor; after_value NULL: null */
	bool after;
	int limit;  /* rows of a page; 0: all */
	bool exact; /* a file: no row more, to see whether there is a next page */
	const char *terms[8]; /* of q=, all of which must be found */
	size_t term_count;
	bool flagged; /* the default of the ledger's flag is settled */
	bool past; /* takes as_of= */
	const char *as_of; /* the day whose rows are asked for; NULL: those of now */
	bool file; /* goes into a file: whoever writes it also tells what was read */
	enum office office; /* whose columns are shown; OFFICE__MAX: those of everybody */
	struct field_mask mask;
};

void list_query_init(struct list_query *, const struct ledger *, struct arena *,
		     const char *scope);

/* Shows and looks for what this office may, where a ledger has columns for some only. */
void list_query_act(struct list_query *, enum office);

/*
 * One argument of the request: field, field__in …, q, sort, fields, limit, cursor, as_of; a day
 * filter of the ledger has precedence.  Faults for unknown names, operators that the type does not
 * know, unreadable values.
 */
enum err list_query_add(struct list_query *, const char *name, const char *value,
			struct faults *) MUST;

/* All conditions asked for; also those that hold when nothing is said about them. */
const char *list_query_where(struct list_query *);
/*
 * Must it look through a whole ledger of the past, where nothing but the key has an index?  (What
 * is attached may have to look through what it follows.)
 */
bool list_query_is_long(const struct list_query *);

/* The finished statement; for a page it asks for one row more than the limit. */
const char *list_query_sql(struct list_query *, const struct store *);

/* The opaque cursor that continues after this row. */
const char *list_query_cursor(const struct list_query *, const PGresult *, int row);

#endif
