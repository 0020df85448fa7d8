#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <base/json.h>
#include <ledger/query.h>
#include "query_flag.h"

#define SEARCH_TERMS_MAX ARRAY_SIZE(((struct list_query *)0)->terms)

void
list_query_init(struct list_query *q, const struct ledger *l, struct arena *arena,
		const char *scope)
{
	size_t n = strlen(scope);

	*q = (struct list_query){ .ledger = l, .arena = arena, .limit = LIST_LIMIT_DEFAULT,
		.office = OFFICE__MAX, .mask.all = true };
	buf_init(&q->where, 64 * 1024);
	arena_defer(arena, (void (*)(void *))buf_release, &q->where);
	/* one 機関 by equality: an index on (機関, key) then gives its rows in order */
	if (!l->common && scope[0] == '{' && strcspn(scope, ",\"\\}") == n - 1 && n > 2 &&
	    strcmp(scope, "{NULL}") != 0 && strcmp(scope, "{*}") != 0) {
		tx_arg(&q->args, arena_dup(arena, scope + 1, n - 2));
		buf_addf(&q->where, "%s = $1", l->scope);
	} else {
		tx_arg(&q->args, scope);
		buf_addf(&q->where, l->common ? "(%1$s = ANY($1) OR %1$s IS NULL)" :
			 "%s = ANY($1)", l->scope);
	}
	list_query_act(q, OFFICE__MAX);
}

static bool
may_seek(const struct list_query *q, const struct field *f)
{
	return !(f->flags & FF_INNER) && (f->only == 0 ||
		((unsigned)q->office < OFFICE__MAX && f->only & OFFICE_BIT(q->office)));
}

static bool
is_shown(const struct list_query *q, const struct field *f)
{
	return may_seek(q, f) && !(f->flags & FF_SOUGHT);
}

void
list_query_act(struct list_query *q, enum office office)
{
	size_t i;

	q->office = office;
	q->mask.all = true;
	for (i = 0; i < q->ledger->count; i++) {
		q->mask.on[i] = is_shown(q, &q->ledger->fields[i]);
		q->mask.all = q->mask.all && q->mask.on[i];
	}
}

static enum err
query_fault(struct list_query *q, struct faults *faults, const char *name, const char *code,
	    const char *ja, const char *en)
{
	struct fault f = { .field = arena_printf(q->arena, "?%s", name), .code = code, .ja = ja,
		.en = en };

	faults_add(faults, &f);
	return ERR_BAD_QUERY;
}

/* Adds a parameter and returns its number. */
static int
bind(struct list_query *q, const char *value)
{
	tx_arg(&q->args, value);
	return q->args.n;
}

static bool
is_list(const struct field *f)
{
	return f->type == FT_TEXTS || f->type == FT_ENUMS;
}

static bool
is_ordered(const struct field *f)
{
	return f->type == FT_INT || f->type == FT_LEVEL || f->type == FT_DATE ||
		f->type == FT_STAMP || (f->flags & FF_KEY);
}

static bool
is_text(const struct field *f)
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
	if (is_list(x->f) && l->having != NULL)
		buf_addf(&x->q->where, " AND %s IN (SELECT %s('%s', $%d))", l->key, l->having,
			 x->f->name, bind(x->q, v));
	else if (is_list(x->f))
		buf_addf(&x->q->where, " AND %s @> ARRAY[$%d]", x->f->name, bind(x->q, v));
	else
		buf_addf(&x->q->where, " AND %s %s $%d", x->f->name, operator, bind(x->q, v));
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
	buf_addf(&x->q->where, is_list(x->f) ? " AND %s && $%d" : " AND %s = ANY($%d)",
		 x->f->name, bind(x->q, array_literal(x->q->arena, v, n)));
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
	if (is_list(x->f))
		return filter_compare(x, "@>");
	to = pattern = arena_alloc(x->q->arena, strlen(x->value) * 2 + 3);
	*to++ = '%';
	for (s = x->value; *s != '\0'; s++) {
		if (strchr("\\%_", *s) != NULL)
			*to++ = '\\';
		*to++ = *s;
	}
	*to = '%';
	buf_addf(&x->q->where, " AND %s ILIKE $%d", x->f->name, bind(x->q, pattern));
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
	if (strcmp(op, "contains") == 0 && is_text(x->f))
		return filter_contains(x);
	for (i = 0; i < ARRAY_SIZE(ordered); i++)
		if (strcmp(op, ordered[i].name) == 0 && is_ordered(x->f))
			return filter_compare(x, ordered[i].sql);
	return unknown_operator(x);
}

/*
 * Every word must be found; each uses the index from two characters on, though not beneath row
 * policies: so a function searches, by the same policy, and answers keys.
 */
static enum err
add_search(struct list_query *q, const char *value, struct faults *faults)
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
	buf_addf(&q->where, " AND %s IN (SELECT %s_find($%d))", q->ledger->key, q->ledger->table,
		 bind(q, array_literal(q->arena, q->terms, q->term_count)));
	return OK;
}

static enum err
add_sort(struct list_query *q, const char *value, struct faults *faults)
{
	const struct field *f;

	q->descending = value[0] == '-';
	f = ledger_field(q->ledger, value + (q->descending ? 1 : 0));
	if (f == NULL || is_list(f) || !is_shown(q, f))
		return query_fault(q, faults, "sort", "unknown_field",
				   "並べ替えに使えない項目です。", "Cannot sort by this.");
	q->sort = f->flags & FF_KEY ? NULL : f;
	return OK;
}

static enum err
add_fields(struct list_query *q, const char *value, struct faults *faults)
{
	const char *p = value;

	q->mask = (struct field_mask){ .all = false };
	for (;;) {
		size_t n = strcspn(p, ",");
		const char *name = arena_dup(q->arena, p, n);
		const struct field *f = ledger_field(q->ledger, name);

		if (f == NULL || !is_shown(q, f))
			return query_fault(q, faults, "fields", "unknown_field",
					   arena_printf(q->arena, "「%s」という項目はありません。", name),
					   arena_printf(q->arena, "There is no column '%s'.",
							name));
		q->mask.on[field_index(q->ledger, f)] = true;
		if (p[n] == '\0')
			return OK;
		p += n + 1;
	}
}

/* base64url of ["sort","key","value"]; sort ties the cursor to its order. */
static const char *
sort_text(const struct list_query *q)
{
	return arena_printf(q->arena, "%s%s", q->descending ? "-" : "",
			    q->sort == NULL ? q->ledger->key : q->sort->name);
}

const char *
list_query_cursor(const struct list_query *q, const PGresult *res, int row)
{
	struct buf b;
	char *out;
	size_t size;

	buf_init(&b, 64 * 1024);
	buf_addc(&b, '[');
	json_put_cstring(&b, sort_text(q));
	buf_addc(&b, ',');
	json_put_cstring(&b, row_key(q->ledger, res, row));
	if (q->sort != NULL) {
		buf_addc(&b, ',');
		json_put_cstring(&b, tx_text(res, row, (int)field_index(q->ledger, q->sort)));
	}
	buf_addc(&b, ']');
	size = sodium_base64_encoded_len(b.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	out = arena_alloc(q->arena, size);
	sodium_bin2base64(out, size, (const unsigned char *)buf_text(&b), b.len,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_release(&b);
	return out;
}

/* Whoever forges a cursor gets as far as a wrong filter would: no text that is no such value. */
static bool
read_position(struct list_query *q, const json_t *j)
{
	size_t n = q->sort == NULL ? 2 : 3;
	const json_t *key = json_array_get(j, 1), *value = json_array_get(j, 2);
	struct faults unseen;
	const char *one;

	if (json_array_size(j) != n || !json_is_string(key) ||
	    (value != NULL && !json_is_string(value) && !json_is_null(value)))
		return false;
	q->after_key = json_string_value(key);
	q->after_value = json_string_value(value);
	if (q->after_value == NULL || is_text(q->sort))
		return true;
	faults_init(&unseen, q->arena, 1);
	return value_from_query(q->sort, q->arena, q->after_value, "?cursor", &unseen, &one);
}

static enum err
add_cursor(struct list_query *q, const char *value)
{
	size_t max = strlen(value), n;
	char *text = arena_alloc(q->arena, max + 1);
	const char *sort, *why;
	json_t *j;

	if (sodium_base642bin((unsigned char *)text, max, value, max, NULL, &n, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    json_read(q->arena, text, n, &j, &why) != OK)
		return ERR_BAD_CURSOR;
	sort = json_string_value(json_array_get(j, 0));
	if (sort == NULL || strcmp(sort, sort_text(q)) != 0 || !read_position(q, j))
		return ERR_BAD_CURSOR;
	q->after = true;
	return OK;
}

/* The list's own condition by day, if it has one of this name. */
static const struct day_filter *
day_filter(const struct ledger *l, const char *name)
{
	const struct day_filter *d;

	for (d = l->filters; d != NULL && d->name != NULL; d++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}

static enum err
add_day(struct list_query *q, const struct day_filter *d, const char *value,
	struct faults *faults)
{
	const struct field day = { .name = d->name, .type = FT_DATE };
	const char *at = arena_printf(q->arena, "?%s", d->name), *v;

	if (!value_from_query(&day, q->arena, value, at, faults, &v))
		return ERR_BAD_QUERY;
	buf_addf(&q->where, " AND %s$%d::date%s", d->before, bind(q, v), d->after);
	return OK;
}

enum err
list_query_add(struct list_query *q, const char *name, const char *value, struct faults *faults)
{
	struct filter x = { .q = q, .name = name, .value = value, .faults = faults };
	const struct day_filter *day = day_filter(q->ledger, name);
	const char *op = strstr(name, "__");
	int64_t n;

	if (query_flag_note(q, name))
		return query_flag_add(q, value, faults);
	if (day != NULL)
		return add_day(q, day, value, faults);
	if (strcmp(name, "q") == 0)
		return add_search(q, value, faults);
	if (strcmp(name, "sort") == 0)
		return add_sort(q, value, faults);
	if (strcmp(name, "fields") == 0)
		return add_fields(q, value, faults);
	if (strcmp(name, "cursor") == 0)
		return add_cursor(q, value);
	if (strcmp(name, "limit") == 0) {
		if (!number_read(value, 1, LIST_LIMIT_MAX, &n))
			return query_fault(q, faults, "limit", "out_of_range",
					   "1〜500 で指定してください。", "1 to 500.");
		q->limit = (int)n;
		return OK;
	}
	x.f = ledger_field(q->ledger, query_column_name(q, name));
	if (x.f == NULL || !may_seek(q, x.f) || (op != NULL && op[2] == '\0'))
		return query_fault(q, faults, name, "unknown_argument",
				   "この一覧にない条件です。", "The list has no such argument.");
	return filter_run(&x, op == NULL ? "" : op + 2);
}

/* Empty values come last in both directions. */
static void
put_position(struct list_query *q, struct buf *b)
{
	const char *key = q->ledger->key, *s = q->sort == NULL ? NULL : q->sort->name;
	int k, v;

	if (!q->after)
		return;
	k = bind(q, q->after_key);
	if (s == NULL) {
		buf_addf(b, " AND %s %c $%d", key, q->descending ? '<' : '>', k);
	} else if (q->after_value == NULL) {
		buf_addf(b, " AND %s IS NULL AND %s > $%d", s, key, k);
	} else {
		v = bind(q, q->after_value);
		buf_addf(b, " AND (%s %c $%d OR %s IS NULL OR (%s = $%d AND %s > $%d))", s,
			 q->descending ? '<' : '>', v, s, s, v, key, k);
	}
}

/*
 * One event for all rows of a page from 機密性3 on, by 機関, in the same statement: the row that
 * is asked for only to see whether there is more is not shown, so it is not told.
 */
static void
put_events(struct list_query *q, const char *page, struct buf *b)
{
	const struct ledger *l = q->ledger;

	buf_addf(b, "WITH page AS MATERIALIZED (%s) SELECT p.*, (SELECT bool_and(audit_read('%s', "
		 "'', g.scope, 0, jsonb_build_object('keys', g.keys, 'query', $%d::text))) FROM "
		 "(SELECT x.%s AS scope, array_agg(x.%s) AS keys FROM (SELECT %s, %s, %s FROM page "
		 "LIMIT %d) x WHERE x.%s >= 3 GROUP BY 1) g) FROM page p", page, l->table,
		 bind(q, arena_strdup(q->arena, buf_text(&q->where))), l->scope, l->key, l->scope,
		 l->key, l->level, q->limit, l->level);
}

const char *
list_query_sql(struct list_query *q, const struct store *store)
{
	const char *direction = q->descending ? " DESC" : "";
	struct buf b, page;
	const char *sql;

	buf_init(&page, 256 * 1024);
	buf_init(&b, 256 * 1024);
	buf_adds(&b, "SELECT ");
	buf_adds(&b, store_columns(store, q->ledger->id));
	buf_addf(&b, " FROM %s WHERE ", q->ledger->table);
	buf_adds(&b, list_query_where(q));
	put_position(q, &b);
	if (q->sort == NULL)
		buf_addf(&b, " ORDER BY %s.%s%s", q->ledger->table, q->ledger->key, direction);
	else
		buf_addf(&b, " ORDER BY %1$s.%2$s%3$s NULLS LAST, %1$s.%4$s", q->ledger->table,
			 q->sort->name, direction, q->ledger->key);
	if (q->limit > 0)
		buf_addf(&b, " LIMIT %d", q->limit + (q->exact ? 0 : 1));
	if (q->ledger->level != NULL && !q->file && q->limit > 0) {
		buf_add(&page, buf_text(&b), b.len);
		buf_clear(&b);
		put_events(q, buf_text(&page), &b);
	}
	if (b.failed || page.failed || q->where.failed)
		bug("list statement past its ceiling");
	sql = arena_dup(q->arena, buf_text(&b), b.len);
	buf_release(&b);
	buf_release(&page);
	return sql;
}
