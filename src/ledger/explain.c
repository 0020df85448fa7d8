#include <stdio.h>
#include <string.h>

#include <base/json.h>
#include "explain.h"

/*
 * Rows name only persons of their 機関 and those who hold an office there; appointments also those
 * who appoint for the whole 機構.
 */
static bool
names_its_own(const struct ledger *l)
{
	return l->id != LEDGER_OFFICE;
}

const char *
reference_source(const struct ledger *l, const struct ledger *to)
{
	return to->id == LEDGER_PERSON && names_its_own(l) ? "persons_known()" : to->table;
}

bool
reference_is_local(const struct ledger *l, const struct ledger *to)
{
	return to->id == LEDGER_PERSON ? names_its_own(l) : to->id != LEDGER_INSTITUTION;
}

void
references_put(const struct ledger *l, const char *alias, struct buf *b)
{
	bool first = true;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		const struct ledger *to;

		if (f->type != FT_REF || !field_writable(f))
			continue;
		to = ledger_get(f->ref);
		buf_addf(b, "%s\n\tCASE WHEN %s.%s IS NOT NULL AND NOT EXISTS (SELECT FROM %s x "
			 "WHERE x.%s = %s.%s", first ? "" : ",", alias, f->name,
			 reference_source(l, to), to->key, alias, f->name);
		/* what lies below a 機関 is referred to from the same 機関 only */
		if (reference_is_local(l, to))
			buf_addf(b, " AND x.institution = %s.institution", alias);
		buf_addf(b, ") THEN '%s' END", f->name);
		first = false;
	}
	if (first)
		buf_adds(b, "NULL");
}

static void
add(struct faults *faults, const struct field *f, const char *name, const char *code,
    const char *ja, const char *en)
{
	struct fault fault = { .field = name, .code = code,
		.clause = f == NULL ? NULL : f->clause, .ja = ja, .en = en };

	faults_add(faults, &fault);
}

enum err
explain_scope(const struct ledger *l, struct faults *faults)
{
	add(faults, ledger_field(l, l->scope), l->scope, "unknown_reference",
	    "この機関に登録できません。", "You cannot write in this 機関.");
	return ERR_INVALID;
}

static void
add_references(const struct ledger *l, const char *names, struct faults *faults)
{
	struct buf name;
	const char *p = names;

	buf_init(&name, 256);
	while (array_next(&p, &name))
		add(faults, ledger_field(l, buf_text(&name)), buf_text(&name),
		    "unknown_reference", "該当する登録がありません。", "There is no such row.");
	buf_release(&name);
}

void
rule_faults(struct arena *arena, const char *text, struct faults *faults)
{
	const char *why;
	json_t *list, *rule;
	size_t i;

	if (json_read(arena, text, strlen(text), &list, &why) != OK)
		bug("rule messages: %s", why);
	json_array_foreach(list, i, rule) {
		struct fault f = {
			.field = json_string_value(json_object_get(rule, "field")),
			.code = json_string_value(json_object_get(rule, "code")),
			.clause = json_string_value(json_object_get(rule, "clause")),
			.own_number = json_string_value(json_object_get(rule, "own_number")),
			.ja = json_string_value(json_object_get(rule, "ja")),
			.en = json_string_value(json_object_get(rule, "en")),
			.value = json_string_value(json_object_get(rule, "value")),
			.line = (long)json_integer_value(json_object_get(rule, "line")),
		};

		faults_add(faults, &f);
	}
}

/* Constraints are named <table>_<column>_<what>. */
static const struct field *
constrained(const struct ledger *l, const char *constraint)
{
	char name[128];
	size_t i;

	for (i = 0; constraint != NULL && i < l->count; i++) {
		snprintf(name, sizeof(name), "%s_%s_", l->table, l->fields[i].name);
		if (str_starts(constraint, name))
			return &l->fields[i];
	}
	return NULL;
}

/* The key's is <table>_pkey; where only one row may be unfinished, <table>_<column>_open. */
static enum err
explain_unique(const struct ledger *l, const char *constraint, struct faults *faults)
{
	const struct field *f = constrained(l, constraint);
	size_t n = strlen(constraint);

	if (n > 5 && strcmp(constraint + n - 5, "_open") == 0)
		add(faults, f, f == NULL ? NULL : f->name, "still_open",
		    "終わっていない登録が既にあります。", "There is one already that has not ended.");
	else
		add(faults, f, f == NULL ? l->key : f->name, "exists", "既に使われています。",
		    "Already taken.");
	return ERR_CONFLICT;
}

static enum err
explain_constraint(const struct ledger *l, const char *constraint, struct faults *faults)
{
	const struct field *f = constrained(l, constraint);

	if (f != NULL) {
		add(faults, f, f->name, "not_allowed", "この項目の決まりに合わない値です。",
		    "The value does not fit the column's rule.");
		return ERR_INVALID;
	}
	add(faults, NULL, NULL, "referenced", "他の登録から参照されています。",
	    "Other rows refer to this one.");
	return ERR_CONFLICT;
}

enum err
explain_detail(struct tx *tx, enum err e, struct faults *faults)
{
	if (tx->detail != NULL)
		rule_faults(tx->arena, tx->detail, faults);
	return e;
}

enum err
explain(const struct store *s, struct tx *tx, const struct ledger *l, const char *key,
	const char *doc, enum err e, struct faults *faults)
{
	struct tx_args args = { .n = 2, .v = { key, doc } };
	const char *constraint = tx->constraint, *detail = tx->detail;
	size_t before = faults->total;
	PGresult *res;

	if (e == ERR_CONFLICT && str_eq(tx->sqlstate, "23505"))
		return explain_unique(l, constraint, faults);
	if (e != ERR_CONFLICT && e != ERR_RULES)
		return explain_detail(tx, e, faults);
	tx_rollback(tx); /* the refused transaction is dead; the question needs its own */
	if (tx_once(tx, store_sql(s, l->id, ST_EXPLAIN), &args, &res) == OK &&
	    PQntuples(res) == 1) {
		add_references(l, PQgetvalue(res, 0, 0), faults);
		/* who refused by a rule has said by which: a row can break others and stand */
		if (e != ERR_RULES || detail == NULL)
			rule_faults(tx->arena, PQgetvalue(res, 0, 1), faults);
	}
	if (e == ERR_RULES) {
		if (detail != NULL)
			rule_faults(tx->arena, detail, faults);
		return ERR_RULES;
	}
	return faults->total > before ? ERR_INVALID : explain_constraint(l, constraint, faults);
}
