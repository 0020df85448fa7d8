/* The texts of sql/statements/, with what a ledger fills in. */
#include <stdio.h>
#include <string.h>

#include <db/sql_files.h>
#include "explain.h"
#include "missing.h"
#include "statement.h"

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
			buf_addf(b, "%s%s", f->flags & FF_SOUGHT ? "NULL AS " : "", f->name);
	}
}

static void
put_violations(const struct ledger *l, struct buf *b)
{
	if (l->violations == NULL)
		buf_adds(b, "'[]'");
	else if (!l->drafts) /* without drafts every row counts */
		buf_addf(b, "rule_messages(%s(r))", l->violations);
	else
		buf_addf(b, "CASE WHEN t.state <> 'draft' THEN rule_messages(%s(r)) ELSE '[]' END",
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

/* May the act change this row, `a`?  The same as the row policy, asked to explain a refusal. */
static void
put_may_change(const struct ledger *l, struct buf *b)
{
	if (l->level != NULL || l->attached)
		buf_addf(b, "%s_may_change(a)", l->table);
	else
		buf_addf(b, "scope_system() OR a.%s = ANY (scope_of(true))", l->scope);
}

/* The rows that may be asked for: of the 機関 in $2, and what is of the whole 機構. */
static void
put_seen(const char *scope, bool common, struct buf *b)
{
	buf_addf(b, common ? "(%1$s = ANY($2) OR %1$s IS NULL)" : "%s = ANY($2)", scope);
}

static void
put_seen_row(const struct ledger *l, struct buf *b)
{
	put_seen(l->scope, l->common, b);
}

/* The log calls the column institution, whatever the ledger calls it. */
static void
put_seen_event(const struct ledger *l, struct buf *b)
{
	put_seen("institution", l->common, b);
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
		{ "draft", !l->drafts ? "true" : "state = 'draft'", NULL },
		{ "columns", NULL, put_columns }, { "writable", NULL, put_writable },
		{ "changeable", NULL, put_changeable }, { "references", NULL, put_references },
		{ "violations", NULL, put_violations }, { "read_event", NULL, put_read_event },
		{ "may_change", NULL, put_may_change }, { "seen", NULL, put_seen_row },
		{ "seen_event", NULL, put_seen_event }, { "read_past", NULL, put_read_past },
		{ "missing", NULL, missing_put },
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

const char *
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

char *
statement_expand(const struct ledger *l, const char *text)
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
