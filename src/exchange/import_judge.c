#include <stdio.h>
#include <string.h>

#include "import.h"

#define ANSWERS_MAX 10001

struct buf *
import_sql(struct import *m)
{
	struct buf *b = arena_alloc(m->arena, sizeof(*b));

	buf_init(b, 1024 * 1024);
	arena_defer(m->arena, (void (*)(void *))buf_release, b);
	return b;
}

/* $1 is the import, $2 the 機関 in which may be written. */
enum err
import_ask(struct import *m, struct buf *sql, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { m->report->import_no, m->o->scope } };

	buf_adds(sql, " AND $2::text[] IS NOT NULL");
	if (sql->failed)
		bug("import statement past its ceiling");
	return tx_run(m->tx, buf_text(sql), &args, ret);
}

/* Asks for lines that are wrong: line, value.  Each becomes a fault and is marked. */
struct question {
	const struct field *f; /* NULL: of the line */
	const char *code, *ja, *en;
	bool skip; /* the row cannot even be a draft */
	bool lost; /* nobody knows which row is meant: there is nothing more to ask about it */
};

static enum err
mark(struct import *m, const struct question *q, const char *where)
{
	struct buf *b = import_sql(m);
	bool draft = m->o->on_error == ON_ERROR_DRAFT && !q->skip;

	if (m->o->on_error == ON_ERROR_ABORT && !q->lost)
		return OK;
	buf_addf(b, "UPDATE %s_staging s SET ", m->ledger->table);
	/* what is wrong never takes the place of what is there */
	if (draft && q->f != NULL)
		buf_addf(b, "%s = NULL, bad = true, act = CASE WHEN s.found IS NOT NULL "
			 "THEN 'skip' ELSE s.act END", q->f->name);
	else
		buf_addf(b, "act = '%s'", draft ? "draft" : "skip");
	buf_addf(b, " WHERE s.import_no = $1 AND (%s)", where);
	return import_ask(m, b, NULL);
}

/* A cell that could not be read is not called missing besides. */
static bool
is_unreadable(const struct import *m, long line, const char *field)
{
	const struct fault *v = m->report->faults.v;
	size_t low = 0, high = m->unreadable;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (v[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < m->unreadable && v[low].line == line; low++)
		if (str_eq(v[low].field, field))
			return true;
	return false;
}

static enum err
ask_lines(struct import *m, const struct question *q, const char *value, const char *where)
{
	struct buf *b = import_sql(m), *wrapped = import_sql(m);
	PGresult *res;
	enum err e;
	int i;

	buf_addf(b, "SELECT s.line, %s FROM %s_staging s WHERE s.import_no = $1 AND "
		 "s.act IS DISTINCT FROM 'skip' AND (%s)", value, m->ledger->table, where);
	buf_addf(wrapped, "SELECT * FROM (%s ORDER BY s.line LIMIT %d) x WHERE true", buf_text(b),
		 ANSWERS_MAX);
	e = import_ask(m, wrapped, &res);
	if (e != OK || PQntuples(res) == 0)
		return e;
	for (i = 0; i < PQntuples(res); i++) {
		long line = (long)tx_int(res, i, 0);

		if (q->f == NULL || !is_unreadable(m, line, q->f->name))
			import_fault(m, line, q->f, NULL, q->code, tx_text(res, i, 1), q->ja,
				     q->en);
	}
	return mark(m, q, where);
}

/* What the waiting room does not know of a row that exists is filled in from the ledger. */
static enum err
fill_found(struct import *m, const char *same)
{
	const struct ledger *l = m->ledger;
	struct buf *b = import_sql(m);
	size_t i;

	buf_addf(b, "UPDATE %s_staging s SET found = t.%s", l->table, l->key);
	for (i = 0; i < l->count; i++) {
		const char *n = l->fields[i].name;

		if (!m->given[i])
			buf_addf(b, ", %s = t.%s", n, n);
		else if (m->o->keep_blank)
			buf_addf(b, ", %s = coalesce(s.%s, t.%s)", n, n, n);
	}
	buf_addf(b, " FROM %s t WHERE s.import_no = $1 AND (t.%s = ANY($2) OR '*' = ANY($2)) "
		 "AND %s", l->table, l->scope, same);
	return import_ask(m, b, NULL);
}

/* Read-only and fixed columns may be there (an export has them), but only as they are. */
static enum err
check_read_only(struct import *m)
{
	static const char *const bookkeeping[] = { "created_by", "created_at", "updated_by",
		"updated_at", NULL };
	const struct ledger *l = m->ledger;
	enum err e = OK;
	size_t i;

	for (i = 0; i < l->count && e == OK; i++) {
		const struct field *f = &l->fields[i];
		bool stale = strcmp(f->name, "row_version") == 0;
		struct question q = { .f = NULL, .skip = true,
			.code = stale ? "stale" : "read_only",
			.ja = stale ? "書き出した後に変更された行です。もう一度書き出してください。" :
				arena_printf(m->arena, "「%s」は変更できません。", f->label),
			.en = stale ? "The row has changed since it was exported." :
				arena_printf(m->arena, "'%s' cannot be changed.", f->name) };
		const char *n = f->name;

		if (!m->given[i] || str_in(n, bookkeeping))
			continue;
		if (f->flags & (FF_READONLY | FF_FIXED))
			e = ask_lines(m, &q, arena_printf(m->arena, "s.%s::text", n),
				arena_printf(m->arena,
				"s.found IS NOT NULL AND s.%s IS NOT NULL AND EXISTS (SELECT FROM "
				"%s t WHERE t.%s = s.found AND t.%s IS DISTINCT FROM s.%s)", n,
				l->table, l->key, n, n));
		if (e == OK && (f->flags & FF_READONLY))
			e = ask_lines(m, &q, arena_printf(m->arena, "s.%s::text", n),
				arena_printf(m->arena, "s.found IS NULL AND s.%s IS NOT NULL", n));
	}
	return e;
}

static enum err
check_key(struct import *m)
{
	const struct field *key = m->o->key;
	const char *n = key->name, *t = m->ledger->table;
	bool list = key->type == FT_TEXTS;
	/* an array is matched by a function: beneath row policies its operator has no index */
	const char *same = list ? arena_printf(m->arena,
		"(s.line, t.%s) IN (SELECT x.line, x.key FROM %s_match_%s($1) x)",
		m->ledger->key, t, n) : arena_printf(m->arena, "t.%s = s.%s", n, n);
	const char *twice = list ? arena_printf(m->arena,
		"s.line IN (SELECT x.line FROM %s_match_%s($1) x GROUP BY x.line HAVING count(*) > "
		"1)", t, n) : arena_printf(m->arena,
		"(SELECT count(*) FROM (SELECT FROM %s t WHERE (t.%s = ANY($2) OR "
		"'*' = ANY($2)) AND %s LIMIT 2) two) > 1", t, m->ledger->scope, same);
	const char *shown = arena_printf(m->arena, "s.%s::text", n);
	struct question q[] = {
		{ NULL, "key_empty", "照合に使う項目が空です。", "The column to match by is empty.",
		  true, true },
		{ NULL, "key_duplicate", "照合に使う値が、表の中で重複しています。",
		  "The value to match by stands twice in the table.", true, true },
		{ NULL, "key_ambiguous", "照合に使う値に、台帳の複数の行が当たります。",
		  "More than one row of the ledger matches.", true, true },
		{ NULL, "key_unknown", "照合に使う値の行が、台帳にありません。",
		  "No row of the ledger matches.", true, true },
		{ NULL, "key_exists", "照合に使う値の行が、既に台帳にあります。",
		  "A row of the ledger matches already.", true, true },
	};
	enum err e;

	e = ask_lines(m, &q[0], "NULL", arena_printf(m->arena, "s.%s IS NULL", n));
	if (e == OK)
		e = ask_lines(m, &q[1], shown, arena_printf(m->arena,
			"s.%s IN (SELECT d.%s FROM %s_staging d WHERE d.import_no = $1 AND d.%s "
			"IS NOT NULL GROUP BY d.%s HAVING count(*) > 1)", n, n, t, n, n));
	if (e == OK && !(key->flags & FF_KEY))
		e = ask_lines(m, &q[2], shown, twice);
	if (e == OK)
		e = fill_found(m, same);
	if (e == OK && m->o->mode == IMPORT_UPDATE)
		e = ask_lines(m, &q[3], shown, "s.found IS NULL");
	if (e == OK && m->o->mode == IMPORT_CREATE)
		e = ask_lines(m, &q[4], shown, "s.found IS NOT NULL");
	return e;
}

/* A row that says nothing new is left alone: it is neither judged nor written. */
static enum err
mark_unchanged(struct import *m)
{
	const struct ledger *l = m->ledger;
	struct buf *b = import_sql(m);
	size_t i;

	buf_addf(b, "UPDATE %s_staging s SET act = 'same' FROM %s t WHERE s.import_no = $1 AND "
		 "s.act IS NULL AND NOT s.bad AND t.%s = s.found AND ROW(true", l->table, l->table,
		 l->key);
	for (i = 0; i < l->count; i++)
		if (m->given[i] && field_writable(&l->fields[i]))
			buf_addf(b, ", s.%s", l->fields[i].name);
	buf_adds(b, ") IS NOT DISTINCT FROM ROW(true");
	for (i = 0; i < l->count; i++)
		if (m->given[i] && field_writable(&l->fields[i]))
			buf_addf(b, ", t.%s", l->fields[i].name);
	buf_adds(b, ")");
	return import_ask(m, b, NULL);
}

/* A cell that could not be read is not taken for an empty one, which would be an order to clear. */
static enum err
leave_unreadable(struct import *m)
{
	struct buf *b = import_sql(m);

	if (m->o->on_error == ON_ERROR_ABORT)
		return OK;
	buf_addf(b, "UPDATE %s_staging s SET act = 'skip' WHERE s.import_no = $1 AND s.bad AND "
		 "s.found IS NOT NULL", m->ledger->table);
	return import_ask(m, b, NULL);
}

enum err
import_match(struct import *m)
{
	enum err e = OK;

	if (m->o->key != NULL)
		e = check_key(m);
	if (e == OK && m->o->key != NULL)
		e = leave_unreadable(m);
	if (e == OK)
		e = check_read_only(m);
	if (e == OK && m->o->key != NULL)
		e = mark_unchanged(m);
	return e;
}

static enum err
check_scope(struct import *m)
{
	const struct ledger *l = m->ledger;
	struct question q = { .f = ledger_field(l, l->scope), .skip = true,
		.code = "unknown_reference", .ja = "この機関に登録できません。",
		.en = "You cannot write in this 機関." };

	if (!(q.f->flags & FF_OWNER))
		return OK;
	return ask_lines(m, &q, arena_printf(m->arena, "s.%s", l->scope),
		arena_printf(m->arena, "s.%s IS NULL OR NOT (s.%s = ANY($2) OR '*' = ANY($2))",
			     l->scope, l->scope));
}

/* 重要サーバ is designated by hand in few offices only (2.1(2)②(d)). */
static enum err
check_designated(struct import *m)
{
	const struct question q = { .f = ledger_field(m->ledger, "important_manual"), .skip = true,
		.code = "office_needed",
		.ja = "重要サーバの手動指定とその取消しは、情報セキュリティ責任者等が行います。",
		.en = "Your office does not designate important servers, nor take that back." };

	return ask_lines(m, &q, "s.important_manual::text",
		"NOT act_is_local() AND NOT (SELECT scope_all()) AND NOT coalesce(acting('office')"
		" = ANY (important_designators()), false) AND "
		"coalesce(s.important_manual, false) <> coalesce((SELECT t.important_manual "
		"FROM asset t WHERE t.asset_no = s.found), false)");
}

/*
 * Rows that the office may not write, beside what the 機関 says (row policies would refuse
 * the whole table): new ones that do not name the person, found ones that may only be read.
 * A draft belongs to who makes it.
 */
static enum err
check_may(struct import *m)
{
	static const char wide[] = "(SELECT scope_all()) OR ((SELECT reach(%d)) = 'i' AND "
				   "coalesce(s.confidentiality, 0) < 4)";
	const struct ledger *l = m->ledger;
	struct question other = { .code = "not_allowed",
		.ja = "あなたの役割では登録できない行です（情報システム管理者等に自分がいません）。",
		.en = "Your office may not register this row: it does not name you." };
	struct question found = { .code = "not_allowed", .skip = true,
		.ja = "あなたの役割では変更できない行です。",
		.en = "Your office may not change this row." };
	struct question attached = { .code = "not_allowed", .skip = true,
		.ja = "この行の資産又は媒体を、あなたの役割では変更できません。",
		.en = "Your office may not change the asset or medium of this row." };
	struct question lowered = { .f = l->level == NULL ? NULL : ledger_field(l, l->level),
		.code = "rating_confirmed", .skip = true,
		.ja = "確定した格付けは下げられません（取扱制限も外せません）。情報セキュリティ管理者に見直しを求めてください。",
		.en = "A confirmed rating is lowered only by the 情報セキュリティ管理者." };
	const char *all;
	enum err e;

	if (l->attached)
		return ask_lines(m, &attached, "NULL", arena_printf(m->arena, "s.act IS NULL AND "
			"%s_staging_may(s) IS NOT TRUE", l->table));
	if (l->level == NULL)
		return OK;
	all = arena_printf(m->arena, wide, l->id == LEDGER_ASSET ? 2 : 4);
	e = ask_lines(m, &other, "NULL", arena_printf(m->arena, "s.found IS NULL AND %s AND NOT "
		"(%s) AND %s_staging_may(s) IS NOT TRUE", m->o->draft ? "false" :
		"s.act IS NULL AND NOT s.bad", all, l->table));
	if (e == OK)
		e = ask_lines(m, &found, "NULL", arena_printf(m->arena,
			"s.found IS NOT NULL AND NOT (%s) AND s.act IS DISTINCT FROM 'same' AND "
			"NOT EXISTS (SELECT FROM %s t "
			"WHERE t.%s = s.found AND %s_may_change(t))", all, l->table, l->key,
			l->table));
	if (e == OK)
		e = ask_lines(m, &lowered, arena_printf(m->arena, "s.%s::text", l->level),
			arena_printf(m->arena, "s.found IS NOT NULL AND EXISTS (SELECT FROM %s t "
			"WHERE t.%s = s.found AND %s_lowers_confirmed(t, s))",
			l->table, l->key, l->table));
	if (e == OK && l->id == LEDGER_ASSET)
		e = check_designated(m);
	return e;
}

static enum err
check_references(struct import *m)
{
	const struct ledger *l = m->ledger;
	enum err e = OK;
	size_t i;

	for (i = 0; i < l->count && e == OK; i++) {
		const struct field *f = &l->fields[i];
		struct question q = { .f = f, .code = "unknown_reference",
			.ja = "該当する登録がありません。", .en = "There is no such row.",
			.skip = (f->flags & FF_OWNER) || !l->drafts };
		const struct ledger *to;
		/* check_scope() has refused a 機関 in which nothing may be written */
		const char *mine = f->flags & FF_OWNER ? arena_printf(m->arena,
			" AND (s.%s = ANY($2) OR '*' = ANY($2))", f->name) : "";
		const char *same;

		if (f->type != FT_REF || !m->waiting[i] || !field_writable(f))
			continue;
		to = ledger_get(f->ref);
		same = arena_printf(m->arena, "x.%s = s.%s", to->key, f->name);
		if (reference_is_local(l, to))
			same = arena_printf(m->arena, "%s AND x.institution = s.institution", same);
		/* a tree may come in one table, parents and children together */
		e = ask_lines(m, &q, arena_printf(m->arena, "s.%s", f->name),
			arena_printf(m->arena, "s.act IS DISTINCT FROM 'same' AND s.%s IS NOT NULL"
				"%s AND NOT EXISTS (SELECT FROM %s x WHERE %s)%s", f->name, mine,
				reference_source(l, to), same, to != l ? "" : arena_printf(m->arena,
				" AND NOT EXISTS (SELECT FROM %s_staging x WHERE x.import_no = $1 "
				"AND %s)", l->table, same)));
	}
	return e;
}

/* Columns that a ledger without drafts must have. */
static enum err
check_required(struct import *m)
{
	const struct ledger *l = m->ledger;
	enum err e = OK;
	size_t i;

	for (i = 0; i < l->count && e == OK && !l->drafts; i++) {
		const struct field *f = &l->fields[i];
		struct question q = { .f = f, .code = "required", .ja = "必須の項目です。",
			.en = "This column is required.", .skip = true };

		if ((f->flags & FF_REQUIRED) && f->fallback == NULL)
			e = ask_lines(m, &q, "NULL", arena_printf(m->arena,
				"s.act IS DISTINCT FROM 'same' AND s.%s IS NULL", f->name));
	}
	return e;
}

static void
rule_fault(struct import *m, long line, const PGresult *res, int row)
{
	const char *field = tx_text(res, row, 3);
	struct fault f = { .field = field, .code = tx_text(res, row, 1),
		.clause = tx_text(res, row, 4), .ja = tx_text(res, row, 5),
		.en = tx_text(res, row, 6), .own_number = tx_text(res, row, 7), .line = line };

	if (!is_unreadable(m, line, field))
		faults_add(&m->report->faults, &f);
}

/* Complete rows count at once; a row that breaks rules of mode R does not (§ life of a row). */
static enum err
check_rules(struct import *m)
{
	const struct ledger *l = m->ledger;
	struct buf *b = import_sql(m), *u = import_sql(m);
	const char *judged;
	PGresult *res;
	enum err e;
	int i;

	if (l->violations == NULL)
		return OK;
	judged = m->o->draft && l->drafts ?
		"s.act IS NULL AND s.state <> 'draft'" : "s.act IS NULL";
	buf_addf(b, "SELECT x.line, r.code, NULL, r.field, r.clause, r.ja, r.en, r.own_number FROM "
		 "(SELECT s.line, %s(s) AS codes FROM %s_staging s WHERE s.import_no = $1 "
		 "AND %s) x, rule_message r WHERE cardinality(x.codes) > 0 AND "
		 "r.code = ANY (x.codes)", l->violations,
		 l->table, judged);
	buf_adds(u, buf_text(b));
	buf_clear(b);
	buf_addf(b, "SELECT * FROM (%s ORDER BY x.line, r.code LIMIT %d) y WHERE true",
		 buf_text(u), ANSWERS_MAX);
	e = import_ask(m, b, &res);
	if (e != OK || PQntuples(res) == 0)
		return e;
	for (i = 0; i < PQntuples(res); i++)
		rule_fault(m, (long)tx_int(res, i, 0), res, i);
	if (m->o->on_error == ON_ERROR_ABORT)
		return OK;
	/* a registered row cannot go back to 下書き: it stays as it was */
	buf_clear(u);
	buf_addf(u, "UPDATE %s_staging s SET act = %s WHERE s.import_no = $1 AND %s AND "
		 "cardinality(%s(s)) > 0", l->table,
		 m->o->on_error == ON_ERROR_DRAFT && l->drafts ?
		 "CASE WHEN coalesce(s.state, 'draft') = 'draft' THEN 'draft' ELSE 'skip' END" :
		 "'skip'", judged, l->violations);
	return import_ask(m, u, NULL);
}

/* What the triggers of the ledger would refuse as a whole is told by line. */
static enum err
check_obstacles(struct import *m)
{
	const struct ledger *l = m->ledger;
	const char *where;
	struct buf *b = import_sql(m);
	PGresult *res;
	enum err e;
	int i;

	if (l->obstacles == NULL)
		return OK;
	where = arena_printf(m->arena, "s.act IS NULL AND NOT s.bad AND %s(s) IS NOT NULL",
			     l->obstacles);
	/* once for each row: it may look into other tables */
	buf_addf(b, "SELECT * FROM (SELECT x.line, o->>'code', NULL, o->>'field', o->>'clause', "
		 "o->>'ja', o->>'en' FROM (SELECT s.line, %s(s) AS faults FROM %s_staging s WHERE "
		 "s.import_no = $1 AND s.act IS NULL AND NOT s.bad OFFSET 0) x, "
		 "jsonb_array_elements(x.faults) o ORDER BY x.line LIMIT %d) y WHERE true",
		 l->obstacles, l->table, ANSWERS_MAX);
	e = import_ask(m, b, &res);
	if (e != OK || PQntuples(res) == 0)
		return e;
	for (i = 0; i < PQntuples(res); i++)
		rule_fault(m, (long)tx_int(res, i, 0), res, i);
	return mark(m, &(struct question){ .skip = true }, where);
}

enum err
import_judge(struct import *m)
{
	enum err e = check_scope(m);

	if (e == OK)
		e = check_references(m);
	if (e == OK)
		e = check_required(m);
	if (e == OK)
		e = check_rules(m);
	if (e == OK)
		e = check_obstacles(m);
	if (e == OK)
		e = check_may(m);
	return e;
}
