#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/json.h>
#include <db/sql_files.h>
#include <ledger/store.h>
#include "explain.h"

struct store {
	char *sql[LEDGER__MAX][ST__MAX];
	char *columns[LEDGER__MAX];
	struct row_form *form[LEDGER__MAX];
};

static const char *const files[ST__MAX] = {
	[ST_GET] = "get",	    [ST_GET_PAST] = "get-past", [ST_JUDGE] = "judge",
	[ST_INSERT] = "insert",   [ST_UPDATE] = "update",
	[ST_REPLACE] = "replace",   [ST_DELETE] = "delete",   [ST_REGISTER] = "register",
	[ST_RETIRE] = "retire",	    [ST_HISTORY] = "history", [ST_EXPLAIN] = "explain",
	[ST_RATE] = "rate",	    [ST_MAY] = "may",
};

static bool
is_changeable(const struct field *f)
{
	return field_writable(f) && !(f->flags & FF_FIXED);
}

static void
put_names(const struct ledger *l, bool (*which)(const struct field *), struct buf *b)
{
	bool first = true;
	size_t i;

	for (i = 0; i < l->count; i++)
		if (which(&l->fields[i])) {
			buf_addf(b, "%s%s", first ? "" : ", ", l->fields[i].name);
			first = false;
		}
}

/* Moments leave as UTC text; everything else as PostgreSQL prints it. */
static void
put_columns(const struct ledger *l, struct buf *b)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		buf_adds(b, i == 0 ? "" : ", ");
		if (f->type == FT_STAMP)
			buf_addf(b, "to_char(%1$s AT TIME ZONE 'UTC', "
				 "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS %1$s", f->name);
		else
			buf_adds(b, f->name);
	}
}

static void
put_violations(const struct ledger *l, struct buf *b)
{
	if (l->violations == NULL)
		buf_adds(b, "'[]'");
	else if (l->registered == NULL) /* without drafts every row counts */
		buf_addf(b, "rule_messages(%s(r))", l->violations);
	else
		buf_addf(b, "CASE WHEN $3::boolean OR t.state <> 'draft' "
			 "THEN rule_messages(%s(r)) ELSE '[]' END",
			 l->violations);
}

static void
put_writable(const struct ledger *l, struct buf *b)
{
	put_names(l, field_writable, b);
}

static void
put_changeable(const struct ledger *l, struct buf *b)
{
	put_names(l, is_changeable, b);
}

static void
put_references(const struct ledger *l, struct buf *b)
{
	references_put(l, "r", b);
}

/* Reading 機密性3以上 leaves an event, in the same statement; `t` is the row. */
static void
put_read(const struct ledger *l, const char *detail, struct buf *b)
{
	if (l->level == NULL)
		buf_adds(b, "NULL::boolean");
	else
		buf_addf(b, "CASE WHEN t.%s >= 3 THEN audit_read('%s', t.%s, t.%s, "
			 "t.row_version%s) END", l->level, l->table, l->key, l->scope, detail);
}

static void
put_read_event(const struct ledger *l, struct buf *b)
{
	put_read(l, "", b);
}

static void
put_read_past(const struct ledger *l, struct buf *b)
{
	put_read(l, ", jsonb_build_object('as_of', $3::date)", b);
}

/* $2: the 機関 of the grant. */
static void
put_in_scope(const struct ledger *l, struct buf *b)
{
	buf_addf(b, l->common ? "(%1$s = ANY($2) OR %1$s IS NULL)" : "%s = ANY($2)", l->scope);
}

/* May the act change this row, `a`?  The same as the row policy, asked to explain a refusal. */
static void
put_may_change(const struct ledger *l, struct buf *b)
{
	if (l->level != NULL || l->attached)
		buf_addf(b, "%s_may_change(a)", l->table);
	else
		buf_addf(b, "scope_system() OR a.%s = ANY (scope_of(true))", l->scope);
}

/* {name} in a statement: a text of the ledger, or a list made of its columns. */
static void
put_variable(const struct ledger *l, const char *name, struct buf *b)
{
	const struct {
		const char *name;
		const char *text;
		void (*put)(const struct ledger *, struct buf *);
	} variables[] = {
		{ "table", l->table, NULL }, { "key", l->key, NULL }, { "scope", l->scope, NULL },
		{ "registered", l->registered, NULL }, { "retired", l->retired, NULL },
		{ "retirable", l->retirable, NULL },
		{ "draft", l->registered == NULL ? "true" : "state = 'draft'", NULL },
		{ "columns", NULL, put_columns }, { "writable", NULL, put_writable },
		{ "changeable", NULL, put_changeable }, { "references", NULL, put_references },
		{ "violations", NULL, put_violations }, { "read_event", NULL, put_read_event },
		{ "read_past", NULL, put_read_past }, { "in_scope", NULL, put_in_scope },
		{ "may_change", NULL, put_may_change },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(variables); i++)
		if (strcmp(variables[i].name, name) == 0) {
			if (variables[i].put != NULL)
				variables[i].put(l, b);
			else if (variables[i].text != NULL)
				buf_adds(b, variables[i].text);
			return;
		}
	bug("statement: unknown variable {%s}", name);
}

static const char *
statement_file(const char *name)
{
	const struct sql_file *f;
	char path[64];

	snprintf(path, sizeof(path), "statements/%s.sql", name);
	for (f = sql_files; f->path != NULL; f++)
		if (strcmp(f->path, path) == 0)
			return f->text;
	bug("no %s", path);
}

static char *
expand(const struct ledger *l, const char *text)
{
	struct buf b;
	const char *p, *end;
	char *out, name[32];

	buf_init(&b, 1024 * 1024);
	for (p = text; *p != '\0'; p = end + 1) {
		size_t n = strcspn(p, "{");

		buf_add(&b, p, n);
		if (p[n] == '\0')
			break;
		p += n + 1;
		end = strchr(p, '}');
		if (end == NULL)
			bug("statement: { without }");
		snprintf(name, sizeof(name), "%.*s", (int)(end - p), p);
		put_variable(l, name, &b);
	}
	out = xstrdup(buf_text(&b));
	buf_release(&b);
	return out;
}

struct store *
store_new(void)
{
	struct store *s = xcalloc(1, sizeof(*s));
	size_t i, k;

	for (i = 0; i < LEDGER__MAX; i++) {
		const struct ledger *l = ledger_get(i);

		s->columns[i] = expand(l, "{columns}");
		s->form[i] = row_form_new(l);
		for (k = 0; k < ST__MAX; k++)
			if ((l->registered != NULL || (k != ST_REGISTER && k != ST_RETIRE)) &&
			    (l->level != NULL || (k != ST_RATE && k != ST_JUDGE)))
				s->sql[i][k] = expand(l, statement_file(files[k]));
	}
	return s;
}

void
store_free(struct store *s)
{
	size_t i, k;

	if (s == NULL)
		return;
	for (i = 0; i < LEDGER__MAX; i++) {
		free(s->columns[i]);
		row_form_free(s->form[i]);
		for (k = 0; k < ST__MAX; k++)
			free(s->sql[i][k]);
	}
	free(s);
}

const char *
store_sql(const struct store *s, enum ledger_id id, enum statement st)
{
	if (s->sql[id][st] == NULL)
		bug("%s has no statement %s", ledger_get(id)->path, files[st]);
	return s->sql[id][st];
}

const char *
store_columns(const struct store *s, enum ledger_id id)
{
	return s->columns[id];
}

const struct row_form *
store_form(const struct store *s, enum ledger_id id)
{
	return s->form[id];
}

static enum err
get_rows(const struct store *s, struct tx *tx, enum statement st, const struct ledger *l,
	 const struct tx_args *args, PGresult **ret)
{
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, l->id, st), args, &res);

	if (e == OK && PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	if (e == OK)
		*ret = res;
	return e;
}

enum err
store_get(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	  const char *scope, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };

	return get_rows(s, tx, ST_GET, l, &args, ret);
}

enum err
store_get_past(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	       const char *scope, const char *day, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { key, scope, day } };

	return get_rows(s, tx, ST_GET_PAST, l, &args, ret);
}

enum err
store_judge(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	    const char *scope, const char *day, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { key, scope, day } };

	return get_rows(s, tx, ST_JUDGE, l, &args, ret);
}

enum err
store_insert(const struct store *s, struct tx *tx, const struct record *r, const char *scope,
	     struct faults *faults, PGresult **ret)
{
	const char *doc = record_document(r, tx->arena);
	struct tx_args args = { .n = 2, .v = { doc, scope } };
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, r->ledger->id, ST_INSERT), &args, &res);

	if (e != OK)
		return explain(s, tx, r->ledger, NULL, doc, false, e, faults);
	if (PQntuples(res) == 0)
		return explain_scope(r->ledger, faults);
	*ret = res;
	return OK;
}

/* What may be seen may be more than what may be changed. */
static const char *
seen_scope(const struct tx *tx, const char *scope)
{
	return tx->ctx.scope != NULL ? tx->ctx.scope : scope;
}

static enum err
may_change(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	   const char *scope)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, l->id, ST_MAY), &args, &res);

	if (e != OK)
		return e;
	return PQntuples(res) == 1 && str_eq(tx_text(res, 0, 0), "t") ? OK : ERR_FORBIDDEN;
}

/*
 * Nothing was changed: there is no such row, it may only be read, it has another version (which
 * is answered), or its state forbids the act.
 */
static enum err
why_unchanged(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	      const char *version, const char *scope, PGresult **ret)
{
	PGresult *res;
	enum err e = store_get(s, tx, l, key, seen_scope(tx, scope), &res);

	if (e == OK)
		e = may_change(s, tx, l, key, seen_scope(tx, scope));
	if (e != OK)
		return e;
	if (strcmp(row_version(l, res, 0), version) == 0)
		return ERR_STATE;
	*ret = res;
	return ERR_PRECONDITION_FAILED;
}

/* A change of one row in one version: what all of them have in common. */
struct change {
	const struct ledger *ledger;
	enum statement statement;
	const char *key, *version, *scope;
	struct tx_args args;
	const char *document; /* for the explanation of a refusal */
	bool judge;	      /* explain by the rules even if it is a 下書き */
};

static enum err
change_row(const struct store *s, struct tx *tx, const struct change *c, struct faults *faults,
	   PGresult **ret)
{
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, c->ledger->id, c->statement), &c->args, &res);

	if (e == ERR_CONFLICT && c->statement == ST_DELETE)
		return e; /* other rows refer to this one */
	if (e != OK)
		return explain(s, tx, c->ledger, c->key, c->document, c->judge, e, faults);
	if (PQntuples(res) == 0)
		return why_unchanged(s, tx, c->ledger, c->key, c->version, c->scope, ret);
	*ret = res;
	return OK;
}

enum err
store_update(const struct store *s, struct tx *tx, const struct record *r, bool replace,
	     const char *key, const char *version, const char *scope, struct faults *faults,
	     PGresult **ret)
{
	const char *doc = record_document(r, tx->arena);
	struct change c = { .ledger = r->ledger, .key = key, .version = version, .scope = scope,
		.statement = replace ? ST_REPLACE : ST_UPDATE,
		.args = { .n = 4, .v = { key, doc, scope, version } }, .document = doc };

	return change_row(s, tx, &c, faults, ret);
}

enum err
store_delete(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	     const char *version, const char *scope, struct faults *faults, PGresult **ret)
{
	struct change c = { .ledger = l, .key = key, .version = version, .scope = scope,
		.statement = ST_DELETE, .document = "{}",
		.args = { .n = 3, .v = { key, scope, version } } };

	return change_row(s, tx, &c, faults, ret);
}

enum err
store_register(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	       const char *version, bool adopted, const char *scope, struct faults *faults,
	       PGresult **ret)
{
	struct change c = { .ledger = l, .key = key, .version = version, .scope = scope,
		.statement = ST_REGISTER, .document = "{}", .judge = true,
		.args = { .n = 4, .v = { key, scope, version, adopted ? "t" : "f" } } };

	return change_row(s, tx, &c, faults, ret);
}

enum err
store_retire(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	     const char *version, const char *day, const char *scope, struct faults *faults,
	     PGresult **ret)
{
	struct change c = { .ledger = l, .key = key, .version = version, .scope = scope,
		.statement = ST_RETIRE, .document = "{}", .judge = true,
		.args = { .n = 4, .v = { key, scope, version, day } } };

	return change_row(s, tx, &c, faults, ret);
}

enum err
store_rate(const struct store *s, struct tx *tx, const struct record *r, const char *key,
	   const char *version, const char *scope, struct faults *faults, PGresult **ret)
{
	const char *doc = record_document(r, tx->arena);
	struct tx_args args = { .n = 4, .v = { key, doc, scope, version } };
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, r->ledger->id, ST_RATE), &args, &res);

	if (e != OK)
		return explain(s, tx, r->ledger, key, doc, false, e, faults);
	if (PQntuples(res) == 0)
		e = store_get(s, tx, r->ledger, key, scope, &res);
	else
		*ret = res;
	if (e != OK || PQntuples(res) == 0 || *ret == res)
		return e;
	if (strcmp(row_version(r->ledger, res, 0), version) == 0)
		return ERR_STATE;
	*ret = res;
	return ERR_PRECONDITION_FAILED;
}

enum err
store_history(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	      const char *scope, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };

	return get_rows(s, tx, ST_HISTORY, l, &args, ret);
}

enum err
record_drop_unchanged(const struct store *s, struct tx *tx, const struct ledger *l,
		      const char *key, const char *scope, json_t *document,
		      struct faults *faults)
{
	static const struct field_mask all = { .all = true };
	size_t before = faults->total, i;
	PGresult *res;
	struct buf b;
	json_t *now;
	const char *why;
	enum err e = store_get(s, tx, l, key, seen_scope(tx, scope), &res);

	if (e != OK)
		return e;
	buf_init(&b, 8 * 1024 * 1024);
	row_put_json(store_form(s, l->id), &all, res, 0, &b);
	e = json_read(tx->arena, buf_text(&b), b.len, &now, &why);
	buf_release(&b);
	if (e != OK)
		return ERR_INTERNAL;
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		json_t *sent = json_object_get(document, f->name);

		if (sent == NULL || !(f->flags & (FF_READONLY | FF_FIXED)))
			continue;
		if (!json_equal(sent, json_object_get(now, f->name)))
			value_fault(faults, f, 0, "read_only", NULL,
				    "変更できない項目です。", "This member cannot be changed.");
		json_object_del(document, f->name);
	}
	return faults->total == before ? OK : ERR_INVALID;
}
