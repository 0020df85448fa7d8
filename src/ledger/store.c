#include <stdlib.h>
#include <string.h>

#include <base/json.h>
#include <ledger/store.h>
#include "explain.h"
#include "statement.h"

struct store {
	char *sql[LEDGER__MAX][ST__MAX];
	char *columns[LEDGER__ALL];
	struct row_form *form[LEDGER__ALL];
};

static const char *const files[ST__MAX] = {
	[ST_GET] = "get",	    [ST_GET_PAST] = "get-past", [ST_JUDGE] = "judge",
	[ST_JUDGE_PAST] = "judge-past", [ST_INSERT] = "insert", [ST_UPDATE] = "update",
	[ST_REPLACE] = "replace",   [ST_DELETE] = "delete",   [ST_ACT] = "act",
	[ST_ACTIONS] = "actions",   [ST_HISTORY] = "history", [ST_EXPLAIN] = "explain",
	[ST_RATE] = "rate",	    [ST_RATE_ALL] = "rate_all", [ST_MAY] = "may",
	[ST_MISSING] = "missing",
};

static bool
takes(const struct ledger *l, enum statement st)
{
	switch (st) {
	case ST_ACT:
	case ST_ACTIONS:
		return l->drafts;
	case ST_RATE:
	case ST_RATE_ALL:
	case ST_JUDGE:
	case ST_JUDGE_PAST:
		return l->level != NULL;
	default:
		return true;
	}
}

struct store *
store_new(void)
{
	struct store *s = xcalloc(1, sizeof(*s));
	size_t i, k;

	for (i = 0; i < LEDGER__ALL; i++) {
		const struct ledger *l = ledger_get(i);

		s->columns[i] = statement_expand(l, "{columns}");
		s->form[i] = row_form_new(l);
		for (k = 0; i < LEDGER__MAX && k < ST__MAX; k++)
			if (takes(l, k))
				s->sql[i][k] = statement_expand(l, statement_file(files[k]));
	}
	return s;
}

void
store_free(struct store *s)
{
	size_t i, k;

	if (s == NULL)
		return;
	for (i = 0; i < LEDGER__ALL; i++) {
		free(s->columns[i]);
		row_form_free(s->form[i]);
		for (k = 0; i < LEDGER__MAX && k < ST__MAX; k++)
			free(s->sql[i][k]);
	}
	free(s);
}

const char *
store_sql(const struct store *s, enum ledger_id id, enum statement st)
{
	if (id >= LEDGER__MAX || s->sql[id][st] == NULL)
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
	struct tx_args args = { .n = day == NULL ? 2 : 3, .v = { key, scope, day } };

	return get_rows(s, tx, day == NULL ? ST_JUDGE : ST_JUDGE_PAST, l, &args, ret);
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
		return explain(s, tx, r->ledger, NULL, doc, e, faults);
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
	const char *sql; /* of an act that only this ledger has, instead of a statement */
	const char *key, *version, *scope;
	struct tx_args args;
	const char *document; /* for the explanation of a refusal */
};

static enum err
change_row(const struct store *s, struct tx *tx, const struct change *c, struct faults *faults,
	   PGresult **ret)
{
	PGresult *res;
	const char *sql = c->sql != NULL ? c->sql : store_sql(s, c->ledger->id, c->statement);
	enum err e = tx_once(tx, sql, &c->args, &res);

	if (e == ERR_CONFLICT && c->statement == ST_DELETE)
		return e; /* other rows refer to this one */
	if (e != OK)
		return explain(s, tx, c->ledger, c->key, c->document, e, faults);
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

/* Nothing was done: no such row may be seen, or it has another version, which is answered. */
static enum err
not_that_version(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
		 const char *version, const char *scope, PGresult **ret)
{
	PGresult *res;
	enum err e = store_get(s, tx, l, key, scope, &res);

	if (e != OK)
		return e;
	if (strcmp(row_version(l, res, 0), version) == 0)
		return ERR_STATE;
	*ret = res;
	return ERR_PRECONDITION_FAILED;
}

enum err
store_act(const struct store *s, struct tx *tx, const struct ledger *l, const char *action,
	  const struct life_act *act, const char *scope, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 4, .v = { act->key, action, act->given, act->version } };
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, l->id, ST_ACT), &args, &res);

	if (e != OK)
		return explain_detail(tx, e, faults);
	if (PQntuples(res) == 0)
		return not_that_version(s, tx, l, act->key, act->version, scope, ret);
	*ret = res;
	return OK;
}

enum err
store_actions(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	      const char *scope, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };
	PGresult *row;
	enum err e = store_get(s, tx, l, key, scope, &row);

	return e == OK ? tx_once(tx, store_sql(s, l->id, ST_ACTIONS), &args, ret) : e;
}

enum err
store_change(const struct store *s, struct tx *tx, const struct ledger *l, const char *sql,
	  const struct tx_args *args, struct faults *faults, PGresult **ret)
{
	struct change c = { .ledger = l, .key = args->v[0], .scope = args->v[1],
		.version = args->v[2], .statement = ST_UPDATE, .document = "{}", .args = *args };

	c.sql = arena_printf(tx->arena, "%s RETURNING %s", sql, store_columns(s, l->id));
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

	if (e == ERR_FORBIDDEN)
		return explain_detail(tx, e, faults);
	if (e != OK)
		return explain(s, tx, r->ledger, key, doc, e, faults);
	if (PQntuples(res) == 0)
		return not_that_version(s, tx, r->ledger, key, version, scope, ret);
	*ret = res;
	return OK;
}

enum err
store_rate_all(const struct store *s, struct tx *tx, const struct ledger *l, const char *keys,
	       struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { keys } };
	enum err e = tx_once(tx, store_sql(s, l->id, ST_RATE_ALL), &args, ret);

	return e == OK ? OK : explain_detail(tx, e, faults);
}

enum err
store_missing(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	      const char *scope, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };
	PGresult *res;
	enum err e = tx_once(tx, store_sql(s, l->id, ST_MISSING), &args, &res);

	if (e == OK && PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	if (e == OK)
		*ret = res;
	return e;
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
