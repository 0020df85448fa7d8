/* Conditions of a list: typed filters, search, days. */
#include <string.h>

#include "query_where.h"

#define SEARCH_TERMS_MAX ARRAY_SIZE(((struct list_query *)0)->terms)

enum err
query_fault(struct list_query *q, struct faults *faults, const char *name, const char *code,
	    const char *ja, const char *en)
{
	struct fault f = { .field = arena_printf(q->arena, "?%s", name), .code = code, .ja = ja,
		.en = en };

	faults_add(faults, &f);
	return ERR_BAD_QUERY;
}

int
query_bind(struct list_query *q, const char *value)
{
	tx_arg(&q->args, value);
	return q->args.n;
}

bool
field_is_list(const struct field *f)
{
	return f->type == FT_TEXTS || f->type == FT_ENUMS;
}

static bool
is_ordered(const struct field *f)
{
	return f->type == FT_INT || f->type == FT_LEVEL || f->type == FT_DATE ||
		f->type == FT_STAMP || (f->flags & FF_KEY);
}

bool
field_is_text(const struct field *f)
{
	return f->type == FT_TEXT || f->type == FT_REF || f->type == FT_TEXTS;
}

/* The arguments of one filter, in one place. */
struct filter {
	struct list_query *q;
	const struct field *f;
	const char *name; /* as sent, "serial_no__in" */
	const char *value;
	struct faults *faults;
};

static enum err
read_value(const struct filter *x, const char *s, const char **ret)
{
	const char *at = arena_printf(x->q->arena, "?%s", x->name);

	return value_from_query(x->f, x->q->arena, s, at, x->faults, ret) ? OK : ERR_BAD_QUERY;
}

static enum err
filter_compare(const struct filter *x, const char *operator)
{
	const struct ledger *l = x->q->ledger;
	const char *v;
	enum err e = read_value(x, x->value, &v);

	if (e != OK)
		return e;
	if (field_is_list(x->f) && l->having != NULL)
		buf_addf(&x->q->where, " AND %s IN (SELECT %s('%s', $%d))", l->key, l->having,
			 x->f->name, query_bind(x->q, v));
	else if (field_is_list(x->f))
		buf_addf(&x->q->where, " AND %s @> ARRAY[$%d]", x->f->name, query_bind(x->q, v));
	else
		buf_addf(&x->q->where, " AND %s %s $%d", x->f->name, operator, query_bind(x->q, v));
	return OK;
}

static enum err
filter_in(const struct filter *x)
{
	const char *v[100], *p = x->value;
	size_t n = 0;
	enum err e;

	while (n < ARRAY_SIZE(v)) {
		size_t len = strcspn(p, ",");

		e = read_value(x, arena_dup(x->q->arena, p, len), &v[n]);
		if (e != OK)
			return e;
		n++;
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	if (n == ARRAY_SIZE(v))
		return query_fault(x->q, x->faults, x->name, "too_many",
				   "値は99個以内で指定してください。", "At most 99 values.");
	buf_addf(&x->q->where, field_is_list(x->f) ? " AND %s && $%d" : " AND %s = ANY($%d)",
		 x->f->name, query_bind(x->q, array_literal(x->q->arena, v, n)));
	return OK;
}

static enum err
filter_empty(const struct filter *x)
{
	bool yes = strcmp(x->value, "true") == 0;

	if (!yes && strcmp(x->value, "false") != 0)
		return query_fault(x->q, x->faults, x->name, "not_boolean",
				   "true か false で指定してください。", "true or false is expected.");
	buf_addf(&x->q->where, " AND %s IS %s", x->f->name, yes ? "NULL" : "NOT NULL");
	return OK;
}

static enum err
filter_contains(const struct filter *x)
{
	char *pattern, *to;
	const char *s;

	if (x->value[0] == '\0')
		return query_fault(x->q, x->faults, x->name, "empty", "値が空です。",
				   "The value is empty.");
	if (field_is_list(x->f))
		return filter_compare(x, "@>");
	to = pattern = arena_alloc(x->q->arena, strlen(x->value) * 2 + 3);
	*to++ = '%';
	for (s = x->value; *s != '\0'; s++) {
		if (strchr("\\%_", *s) != NULL)
			*to++ = '\\';
		*to++ = *s;
	}
	*to = '%';
	buf_addf(&x->q->where, " AND %s ILIKE $%d", x->f->name, query_bind(x->q, pattern));
	return OK;
}

static enum err
unknown_operator(const struct filter *x)
{
	return query_fault(x->q, x->faults, x->name, "unknown_operator",
			   "この項目では使えない比較です。",
			   "The column's type does not know this operator.");
}

static enum err
filter_run(const struct filter *x, const char *op)
{
	static const struct {
		const char *name, *sql;
	} ordered[] = { { "lt", "<" }, { "lte", "<=" }, { "gt", ">" }, { "gte", ">=" } };
	size_t i;

	if (op[0] == '\0')
		return filter_compare(x, "=");
	if (x->f->flags & FF_SOUGHT)
		return unknown_operator(x);
	if (strcmp(op, "in") == 0)
		return filter_in(x);
	if (strcmp(op, "empty") == 0)
		return filter_empty(x);
	if (strcmp(op, "contains") == 0 && field_is_text(x->f))
		return filter_contains(x);
	for (i = 0; i < ARRAY_SIZE(ordered); i++)
		if (strcmp(op, ordered[i].name) == 0 && is_ordered(x->f))
			return filter_compare(x, ordered[i].sql);
	return unknown_operator(x);
}

enum err
query_add_filter(struct list_query *q, const char *name, const char *value,
		 struct faults *faults)
{
	struct filter x = { .q = q, .name = name, .value = value, .faults = faults };
	const char *op = strstr(name, "__");

	x.f = ledger_field(q->ledger, op == NULL ? name :
			   arena_dup(q->arena, name, (size_t)(op - name)));
	if (x.f == NULL || !query_may_seek(q, x.f) || (op != NULL && op[2] == '\0'))
		return query_fault(q, faults, name, "unknown_argument",
				   "この一覧にない条件です。", "The list has no such argument.");
	return filter_run(&x, op == NULL ? "" : op + 2);
}

enum err
query_add_search(struct list_query *q, const char *value, struct faults *faults)
{
	const char *p = value;

	if (!(ledger_field(q->ledger, q->ledger->key)->flags & FF_SEARCH))
		return query_fault(q, faults, "q", "not_searchable",
				   "この一覧では検索語を使えません。", "This list has no search.");
	q->term_count = 0;
	while (*p != '\0' && q->term_count < SEARCH_TERMS_MAX) {
		size_t n;

		while (*p == ' ' || str_starts(p, "　"))
			p += *p == ' ' ? 1 : strlen("　");
		for (n = 0; p[n] != '\0' && p[n] != ' ' && !str_starts(p + n, "　"); n++)
			continue;
		if (n == 0)
			break;
		q->terms[q->term_count++] = arena_dup(q->arena, p, n);
		p += n;
	}
	if (*p != '\0' || q->term_count == 0)
		return query_fault(q, faults, "q", q->term_count == 0 ? "empty" : "too_many",
				   "検索語は1〜8語で指定してください。", "One to eight words.");
	return OK;
}

/*
 * Each word uses the index from two characters on, though not beneath row policies: so a function
 * searches, by the same policy, and answers keys.  A row of the past that is still what it was is
 * found so, too; only what has changed since is folded and compared, which takes long.
 */
void
query_put_search(struct list_query *q)
{
	const char *words = array_literal(q->arena, q->terms, q->term_count);

	if (q->term_count == 0)
		return;
	if (q->as_of == NULL)
		buf_addf(&q->where, " AND %s IN (SELECT %s_find($%d))", q->ledger->key,
			 q->ledger->table, query_bind(q, words));
	else
		buf_addf(&q->where, " AND CASE WHEN EXISTS (SELECT FROM %1$s now WHERE now.%2$s = "
			 "%1$s.%2$s AND now.row_version = %1$s.row_version AND now.created_at = "
			 "%1$s.created_at) THEN %2$s IN (SELECT %1$s_find($%3$d)) ELSE search "
			 "LIKE ALL (ARRAY(SELECT search_like(word) FROM unnest($%3$d::text[]) "
			 "word)) END",
			 q->ledger->table, q->ledger->key, query_bind(q, words));
}

const struct day_filter *
query_day_filter(const struct ledger *l, const char *name)
{
	const struct day_filter *d;

	for (d = l->filters; d != NULL && d->name != NULL; d++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}

enum err
query_add_day(struct list_query *q, const struct day_filter *d, const char *value,
	      struct faults *faults)
{
	const struct field day = { .name = d->name, .type = FT_DATE };
	const char *at = arena_printf(q->arena, "?%s", d->name), *v;

	if (!value_from_query(&day, q->arena, value, at, faults, &v))
		return ERR_BAD_QUERY;
	buf_addf(&q->where, " AND %s$%d::date%s", d->before, query_bind(q, v), d->after);
	return OK;
}
