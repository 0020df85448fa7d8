#include <string.h>

#include "query_flag.h"

/* "closed_at" of "closed_at__gte" */
static const char *
column_name(const struct list_query *q, const char *argument)
{
	const char *op = strstr(argument, "__");

	return op == NULL ? argument : arena_dup(q->arena, argument, (size_t)(op - argument));
}

bool
query_flag_note(struct list_query *q, const char *argument)
{
	const struct flag_filter *f = q->ledger->flag;

	if (f == NULL)
		return false;
	if (str_in(column_name(q, argument), f->lifted_by))
		q->flagged = true;
	return strcmp(argument, f->name) == 0;
}

enum err
query_flag_add(struct list_query *q, const char *value, struct faults *faults)
{
	const struct flag_filter *f = q->ledger->flag;
	struct fault wrong = { .field = arena_printf(q->arena, "?%s", f->name),
		.code = "unknown_choice", .ja = "true、false、all のいずれかです。",
		.en = "true, false or all." };

	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
		buf_addf(&q->where, " AND %s", value[0] == 't' ? f->yes : f->no);
	} else if (strcmp(value, "all") != 0) {
		faults_add(faults, &wrong);
		return ERR_BAD_QUERY;
	}
	q->flagged = true;
	return OK;
}

const char *
list_query_where(struct list_query *q)
{
	if (q->ledger->flag != NULL && !q->flagged)
		buf_addf(&q->where, " AND %s", q->ledger->flag->yes);
	q->flagged = true;
	return buf_text(&q->where);
}
