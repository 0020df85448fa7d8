#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ledger/findings.h>

static struct finding_family *
family_of(struct findings_report *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (strcmp(r->families[i].name, name) == 0)
			return &r->families[i];
	if (r->n == FINDING_FAMILIES_MAX)
		bug("more than %d families of rules", FINDING_FAMILIES_MAX);
	r->families[r->n] = (struct finding_family){ .name = name };
	return &r->families[r->n++];
}

/* Each statement does some families of one ledger. */
static enum err
refresh(struct tx *tx, const PGresult *what, const atomic_bool *stopping,
	struct findings_report *r)
{
	static const char sql[] = "SELECT family, opened, closed FROM findings_refresh($1, $2)";
	enum err e = OK;
	PGresult *res;
	int i, row;

	for (i = 0; e == OK && i < PQntuples(what); i++) {
		struct tx_args args = { .n = 2, .v = { tx_text(what, i, 0), tx_text(what, i, 1) } };

		if (stopping != NULL && atomic_load(stopping))
			return ERR_OVERLOADED;
		e = tx_run(tx, sql, &args, &res);
		for (row = 0; e == OK && row < PQntuples(res); row++) {
			struct finding_family *f = family_of(r, tx_text(res, row, 0));

			f->opened += tx_int(res, row, 1);
			f->closed += tx_int(res, row, 2);
		}
	}
	return e;
}

static int
by_name(const void *a, const void *b)
{
	const struct finding_family *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static enum err
finish(struct tx *tx, struct findings_report *r)
{
	char opened[24], closed[24];
	struct tx_args args = { .n = 2, .v = { opened, closed } };
	int64_t did_open = 0, did_close = 0;
	PGresult *res;
	enum err e;
	size_t i;
	int row;

	for (i = 0; i < r->n; i++) {
		did_open += r->families[i].opened;
		did_close += r->families[i].closed;
	}
	snprintf(opened, sizeof(opened), "%lld", (long long)did_open);
	snprintf(closed, sizeof(closed), "%lld", (long long)did_close);
	e = tx_run(tx, "SELECT family, open FROM findings_end($1, $2)", &args, &res);
	for (row = 0; e == OK && row < PQntuples(res); row++)
		family_of(r, tx_text(res, row, 0))->open = tx_int(res, row, 1);
	qsort(r->families, r->n, sizeof(r->families[0]), by_name);
	return e;
}

static enum err
pass(struct tx *tx, int64_t period_s, const atomic_bool *stopping, struct findings_report *r)
{
	char period[24];
	struct tx_args args = { .n = 1, .v = { period_s > 0 ? period : NULL } };
	PGresult *what;
	enum err e;

	snprintf(period, sizeof(period), "%lld", (long long)period_s);
	e = tx_run(tx, "SELECT ledger, families FROM findings_begin($1)", &args, &what);
	if (e == OK && PQntuples(what) == 0)
		return ERR_STATE;
	if (e == OK)
		e = refresh(tx, what, stopping, r);
	return e == OK ? finish(tx, r) : e;
}

enum err
findings_pass(struct tx *tx, int64_t period_s, const atomic_bool *stopping,
	      struct findings_report *ret)
{
	bool mine = !tx->open;
	enum err e = mine ? tx_begin(tx) : OK;

	*ret = (struct findings_report){ .n = 0 };
	if (e == OK)
		e = pass(tx, period_s, stopping, ret);
	if (e == OK && mine)
		return tx_commit(tx);
	if (mine)
		tx_rollback(tx);
	return e;
}

enum err
findings_drain_chore(struct tx *tx, const struct chore *c, const atomic_bool *stopping, bool *more)
{
	PGresult *res;
	enum err e = tx_once(tx, "/* judges */ SELECT findings_drain()", NULL, &res);

	(void)c;
	(void)stopping;
	if (e == OK)
		*more = str_eq(tx_text(res, 0, 0), "t");
	return e;
}

enum err
findings_pass_chore(struct tx *tx, const struct chore *c, const atomic_bool *stopping, bool *more)
{
	struct findings_report report;

	(void)more;
	return c->arg == 0 ? OK : findings_pass(tx, c->arg, stopping, &report);
}
