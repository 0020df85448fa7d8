#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <base/json.h>
#include <ledger/query.h>
#include "query_flag.h"
#include "query_where.h"

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
	q->scope_len = q->where.len;
	list_query_act(q, OFFICE__MAX);
}

bool
query_may_seek(const struct list_query *q, const struct field *f)
{
	return !(f->flags & FF_INNER) && (f->only == 0 ||
		((unsigned)q->office < OFFICE__MAX && f->only & OFFICE_BIT(q->office)));
}

static bool
is_shown(const struct list_query *q, const struct field *f)
{
	return query_may_seek(q, f) && !(f->flags & FF_SOUGHT);
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
add_sort(struct list_query *q, const char *value, struct faults *faults)
{
	const struct field *f;

	q->descending = value[0] == '-';
	f = ledger_field(q->ledger, value + (q->descending ? 1 : 0));
	if (f == NULL || field_is_list(f) || !is_shown(q, f))
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
	if (q->after_value == NULL || field_is_text(q->sort))
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

/* The rows as they were when a day ended, out of the log. */
static enum err
add_as_of(struct list_query *q, const char *value, struct faults *faults)
{
	return as_of_read(value, q->arena, faults, &q->as_of) ? OK : ERR_BAD_QUERY;
}

enum err
list_query_add(struct list_query *q, const char *name, const char *value, struct faults *faults)
{
	const struct day_filter *day = query_day_filter(q->ledger, name);
	int64_t n;

	if (query_flag_note(q, name))
		return query_flag_add(q, value, faults);
	if (day != NULL)
		return query_add_day(q, day, value, faults);
	if (strcmp(name, "q") == 0)
		return query_add_search(q, value, faults);
	if (strcmp(name, "sort") == 0)
		return add_sort(q, value, faults);
	if (strcmp(name, "fields") == 0)
		return add_fields(q, value, faults);
	if (strcmp(name, "cursor") == 0)
		return add_cursor(q, value);
	if (strcmp(name, "as_of") == 0 && q->past)
		return add_as_of(q, value, faults);
	if (strcmp(name, "limit") == 0) {
		if (!number_read(value, 1, LIST_LIMIT_MAX, &n))
			return query_fault(q, faults, "limit", "out_of_range",
					   "1〜500 で指定してください。", "1 to 500.");
		q->limit = (int)n;
		return OK;
	}
	return query_add_filter(q, name, value, faults);
}

bool
list_query_is_long(const struct list_query *q)
{
	return q->as_of != NULL && (q->ledger->attached || q->sort != NULL ||
				    q->term_count > 0 || q->where.len > q->scope_len);
}

/* Empty values come last in both directions. */
static void
put_position(struct list_query *q, struct buf *b)
{
	const char *key = q->ledger->key, *s = q->sort == NULL ? NULL : q->sort->name;
	int k, v;

	if (!q->after)
		return;
	k = query_bind(q, q->after_key);
	if (s == NULL) {
		buf_addf(b, " AND %s %c $%d", key, q->descending ? '<' : '>', k);
	} else if (q->after_value == NULL) {
		buf_addf(b, " AND %s IS NULL AND %s > $%d", s, key, k);
	} else {
		v = query_bind(q, q->after_value);
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
	int query = query_bind(q, arena_strdup(q->arena, buf_text(&q->where)));

	buf_addf(b, "WITH page AS MATERIALIZED (%s) SELECT p.*, (SELECT bool_and(audit_read("
		 "'%s', '', g.scope, 0, jsonb_strip_nulls(jsonb_build_object('keys', g.keys, "
		 "'query', $%d::text, 'as_of', $%d::date)))) FROM (SELECT x.%s AS scope, "
		 "array_agg(x.%s) AS keys FROM (SELECT %s, %s, %s FROM page LIMIT %d) x "
		 "WHERE x.%s >= 3 GROUP BY 1) g) FROM page p", page, l->table, query,
		 query_bind(q, q->as_of), l->scope, l->key, l->scope, l->key, l->level, q->limit,
		 l->level);
}

/* The ledger as it is, or as it was. */
static void
put_source(struct list_query *q, struct buf *b)
{
	if (q->as_of == NULL)
		buf_addf(b, " FROM %s WHERE ", q->ledger->table);
	else
		buf_addf(b, " FROM %1$s_as_of($%2$d::date) AS %1$s WHERE ", q->ledger->table,
			 query_bind(q, q->as_of));
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
	put_source(q, &b);
	query_put_search(q);
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
