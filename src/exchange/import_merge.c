#include <stdlib.h>
#include <string.h>

#include "import.h"

/* Columns that a new row takes from the waiting room. */
static void
put_new_columns(struct import *m, const char *prefix, struct buf *b)
{
	const struct ledger *l = m->ledger;
	bool first = true;
	size_t i;

	for (i = 0; i < l->count; i++)
		if (m->waiting[i] && field_writable(&l->fields[i])) {
			buf_addf(b, "%s%s%s", first ? "" : ", ", prefix, l->fields[i].name);
			first = false;
		}
}

/* State of a row once it is merged: complete ones are registered. */
static const char *
registered_state(const struct import *m)
{
	if (m->ledger->id == LEDGER_MEDIA)
		return "stored";
	return m->o->adopted ? "in_operation" : "planned";
}

static enum err
insert_new(struct import *m, PGresult **ret)
{
	const struct ledger *l = m->ledger;
	bool drafts = l->drafts, adopts = l->id == LEDGER_ASSET;
	struct buf *b = import_sql(m);

	buf_addf(b, "INSERT INTO %s (", l->table);
	put_new_columns(m, "", b);
	buf_addf(b, "%s%s) SELECT ", drafts ? ", state" : "", adopts ? ", adopted" : "");
	put_new_columns(m, "s.", b);
	if (drafts)
		buf_addf(b, ", CASE WHEN %s s.bad OR s.act = 'draft' THEN 'draft' ELSE '%s' END",
			 m->o->draft ? "true OR" : "", registered_state(m));
	if (adopts)
		buf_addf(b, ", NOT (s.bad OR coalesce(s.act, '') = 'draft') AND %s",
			 m->o->adopted && !m->o->draft ? "true" : "false");
	/* numbers are given in the order of the lines */
	buf_addf(b, " FROM (SELECT * FROM %s_staging ORDER BY line) s WHERE s.import_no = $1 AND "
		 "s.found IS NULL AND s.act IS DISTINCT FROM 'skip'", l->table);
	return import_ask(m, b, ret);
}

static enum err
update_found(struct import *m, PGresult **ret)
{
	const struct ledger *l = m->ledger;
	struct buf *b = import_sql(m);
	size_t i;

	buf_addf(b, "UPDATE %s t SET row_version = t.row_version + 1, "
		 "updated_by = acting_person(), updated_at = now()", l->table);
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (m->given[i] && field_writable(f) && !(f->flags & FF_FIXED))
			buf_addf(b, ", %s = s.%s", f->name, f->name);
	}
	if (l->drafts && !m->o->draft)
		buf_addf(b, ", state = CASE WHEN t.state = 'draft' AND NOT s.bad AND s.act IS NULL "
			 "THEN '%s' ELSE t.state END", registered_state(m));
	if (l->id == LEDGER_ASSET && m->o->adopted && !m->o->draft)
		buf_adds(b, ", adopted = t.adopted OR (t.state = 'draft' AND NOT s.bad AND "
			 "s.act IS NULL)");
	buf_addf(b, " FROM %s_staging s WHERE s.import_no = $1 AND t.%s = s.found AND "
		 "(s.act IS NULL OR s.act = 'draft')", l->table, l->key);
	return import_ask(m, b, ret);
}

/* skipped, unchanged, left as draft */
static enum err
count(struct import *m)
{
	struct import_report *r = m->report;
	struct buf *b = import_sql(m);
	PGresult *res;
	enum err e;

	buf_addf(b, "SELECT count(*) FILTER (WHERE s.act = 'skip'), "
		 "count(*) FILTER (WHERE s.act = 'same'), count(*) FILTER (WHERE ");
	if (!m->ledger->drafts)
		buf_adds(b, "false");
	else
		buf_addf(b, "s.act IS DISTINCT FROM 'skip' AND (s.act = 'draft' OR s.bad OR (%s)) "
			 "AND coalesce(s.state, 'draft') = 'draft'",
			 m->o->draft ? "true" : "s.act = 'same'");
	buf_addf(b, ") FROM %s_staging s WHERE s.import_no = $1", m->ledger->table);
	e = import_ask(m, b, &res);
	if (e != OK)
		return e;
	r->rejected += (long)tx_int(res, 0, 0);
	r->unchanged = (long)tx_int(res, 0, 1);
	r->draft = (long)tx_int(res, 0, 2);
	return OK;
}

enum err
import_merge(struct import *m)
{
	struct buf *b = import_sql(m);
	PGresult *res;
	enum err e = count(m);

	if (e == OK)
		e = insert_new(m, &res);
	if (e == OK)
		m->report->created = strtol(PQcmdTuples(res), NULL, 10);
	if (e == OK && m->o->key != NULL) {
		e = update_found(m, &res);
		if (e == OK)
			m->report->updated = strtol(PQcmdTuples(res), NULL, 10);
	}
	buf_addf(b, "DELETE FROM %s_staging s WHERE s.import_no = $1", m->ledger->table);
	if (e == OK)
		e = import_ask(m, b, NULL);
	return e;
}
