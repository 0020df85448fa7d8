/* What a list asks of its rows; query.c puts the statement together. */
#ifndef LEDGER_QUERY_WHERE_H
#define LEDGER_QUERY_WHERE_H

#include <ledger/query.h>

/* Adds a parameter and returns its number. */
int query_bind(struct list_query *, const char *value);

/* ERR_BAD_QUERY, with a fault about this argument. */
enum err query_fault(struct list_query *, struct faults *, const char *name, const char *code,
		     const char *ja, const char *en);

/* May whoever asks look for this column? */
bool query_may_seek(const struct list_query *, const struct field *);

bool field_is_list(const struct field *);
bool field_is_text(const struct field *);

/* field, field__in … */
enum err query_add_filter(struct list_query *, const char *name, const char *value,
			  struct faults *) MUST;

/* q=: words, all of which must be found; put into the condition when it is known of which day. */
enum err query_add_search(struct list_query *, const char *value, struct faults *) MUST;
void query_put_search(struct list_query *);

/* The list's own condition by day, if it has one of this name. */
const struct day_filter *query_day_filter(const struct ledger *, const char *name);
enum err query_add_day(struct list_query *, const struct day_filter *, const char *value,
		       struct faults *) MUST;

#endif
