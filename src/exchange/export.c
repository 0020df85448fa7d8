#include <stdio.h>
#include <string.h>

#include <exchange/cell.h>
#include <exchange/csv.h>
#include <exchange/export.h>
#include <exchange/table.h>

#define FLUSH_AT (64 * 1024)

struct export {
	const struct ledger *ledger;
	const struct row_form *form;
	const struct field_mask *mask;
	const struct export_options *o;
	struct buf out, scratch;
	int fd;
	int level; /* index of the column of the 機密性, or -1 */
	struct tally {
		char scope[72]; /* a 機関 */
		long rows; /* from 機密性3 on */
	} tally[64];
	size_t tallies;
};

static bool
is_on(const struct export *x, size_t i)
{
	return x->mask->all || x->mask->on[i];
}

static void
put_header(struct export *x)
{
	bool first = true;
	size_t i;

	if (x->o->excel)
		buf_adds(&x->out, "\xef\xbb\xbf");
	for (i = 0; i < x->ledger->count; i++) {
		const struct field *f = &x->ledger->fields[i];

		if (!is_on(x, i))
			continue;
		if (!first)
			buf_addc(&x->out, ',');
		buf_adds(&x->out, x->o->labels ? f->label : f->name);
		first = false;
	}
	buf_adds(&x->out, "\r\n");
}

static void
put_csv(struct export *x, const PGresult *row)
{
	bool first = true;
	size_t i;

	for (i = 0; i < x->ledger->count; i++) {
		if (!is_on(x, i))
			continue;
		if (!first)
			buf_addc(&x->out, ',');
		first = false;
		cell_put(&x->ledger->fields[i], tx_text(row, 0, (int)i), x->o->labels,
			 x->o->excel, &x->scratch, &x->out);
	}
	buf_adds(&x->out, "\r\n");
}

/* Counts what must be told: rows from 機密性3 on, by 機関. */
static enum err
count(struct export *x, const PGresult *row)
{
	const struct ledger *l = x->ledger;
	const char *scope;
	size_t i;

	if (x->level < 0 || tx_int(row, 0, x->level) < 3)
		return OK;
	scope = tx_text(row, 0, (int)field_index(l, ledger_field(l, l->scope)));
	for (i = 0; i < x->tallies && strcmp(x->tally[i].scope, scope) != 0; i++)
		continue;
	if (i == ARRAY_SIZE(x->tally) || strlen(scope) >= sizeof(x->tally[i].scope))
		return ERR_INTERNAL;
	if (i == x->tallies)
		snprintf(x->tally[x->tallies++].scope, sizeof(x->tally[i].scope), "%s", scope);
	x->tally[i].rows++;
	return OK;
}

/* One event per 機関; without it the file is not given out. */
static enum err
tell(struct export *x, struct tx *tx, const struct list_query *q)
{
	static const char sql[] =
		"SELECT audit_read($1, '', $2, 0, jsonb_strip_nulls(jsonb_build_object('count',"
		" $3::bigint, 'query', $4::text, 'as_of', $5::date, 'export', true)))";
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < x->tallies; i++) {
		struct tx_args args = { .n = 5, .v = { x->ledger->table, x->tally[i].scope,
			arena_printf(tx->arena, "%ld", x->tally[i].rows), buf_text(&q->where),
			q->as_of } };

		e = tx_run(tx, sql, &args, NULL);
	}
	return e;
}

static enum err
put_row(void *arg, const PGresult *row)
{
	struct export *x = arg;

	if (count(x, row) != OK)
		return ERR_INTERNAL;
	if (x->o->csv) {
		put_csv(x, row);
	} else {
		row_put_json(x->form, x->mask, row, 0, &x->out);
		buf_addc(&x->out, '\n');
	}
	if (x->out.failed)
		return ERR_INTERNAL;
	return x->out.len < FLUSH_AT ? OK : table_flush(&x->out, x->fd);
}

enum err
export_run(const struct store *store, struct tx *tx, struct list_query *q,
	   const struct export_options *o, int fd)
{
	struct export x = { .ledger = q->ledger, .form = store_form(store, q->ledger->id),
		.mask = &q->mask, .o = o, .fd = fd };
	enum err e;

	buf_init(&x.out, 16 * 1024 * 1024);
	buf_init(&x.scratch, 4 * 1024 * 1024);
	if (o->csv)
		put_header(&x);
	x.level = q->ledger->level == NULL ? -1 :
		(int)field_index(q->ledger, ledger_field(q->ledger, q->ledger->level));
	q->file = true;
	tx->lane = LANE_LONG;
	e = tx_begin(tx);
	if (e == OK)
		e = tx_each(tx, list_query_sql(q, store), &q->args, put_row, &x);
	if (e == OK)
		e = table_flush(&x.out, fd);
	if (e == OK && x.tallies > 0)
		e = tell(&x, tx, q);
	if (e == OK)
		e = tx_commit(tx);
	tx_rollback(tx); /* no-op after a commit */
	buf_release(&x.out);
	buf_release(&x.scratch);
	return e;
}
