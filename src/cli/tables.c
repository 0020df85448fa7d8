/* import and export on the command line: the same operations as over HTTP. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cli/cli.h>

/* `--as LOGIN`: the rows are recorded as that person's; otherwise as the operator's. */
static enum err
take_person(struct cli *c, const char *login, struct import_options *o)
{
	struct tx_args args = { .n = 1, .v = { login } };
	PGresult *res;
	enum err e;

	o->person = "local";
	if (login == NULL)
		return OK;
	e = tx_once(&c->tx, "SELECT login, institution FROM person WHERE login = $1 AND active",
		    &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	o->person = c->tx.ctx.person = login;
	o->home = PQgetvalue(res, 0, 1);
	return OK;
}

static int
take_options(struct cli *c, const struct cli_args *a, struct import_options *o)
{
	const char *mode = cli_option(a, "mode"), *key = cli_option(a, "key");
	const char *on_error = cli_option(a, "on-error"), *state = cli_option(a, "state");
	enum err e;

	*o = (struct import_options){ .ledger = ledger_by_path(a->v[0]), .separator = ',',
		.scope = "{*}", .map = cli_option(a, "map"), .set = cli_option(a, "set"),
		.adopted = cli_option(a, "adopted") != NULL };
	if (o->ledger == NULL)
		return cli_fail(a->v[0], "no such ledger");
	if (mode != NULL && !import_mode_read(mode, &o->mode))
		return cli_fail("--mode", "create, update or upsert");
	if (on_error != NULL && !import_on_error_read(on_error, &o->on_error))
		return cli_fail("--on-error", "abort, draft or skip");
	if (state != NULL && strcmp(state, "draft") != 0 && strcmp(state, "registered") != 0)
		return cli_fail("--state", "registered or draft");
	o->draft = str_eq(state, "draft");
	if (key != NULL || o->mode != IMPORT_CREATE) {
		o->key = ledger_field(o->ledger, key == NULL ? o->ledger->key : key);
		if (o->key == NULL || !(o->key->flags & FF_MATCH))
			return cli_fail("--key", "rows cannot be matched by this column");
	}
	e = take_person(c, cli_option(a, "as"), o);
	return e == OK ? 0 : cli_error(c, "--as", e);
}

static void
print_report(const struct import_report *r)
{
	size_t i;

	for (i = 0; i < r->faults.n; i++) {
		const struct fault *f = &r->faults.v[i];

		fprintf(stderr, "%ld: %s: [%s] %s %s%s%s\n", f->line,
			f->field == NULL ? "" : f->field, f->code, f->ja, f->en,
			f->value == NULL ? "" : ": ", f->value == NULL ? "" : f->value);
	}
	printf("%s: %ld lines, %ld created, %ld updated, %ld unchanged, %ld draft, %ld rejected, "
	       "%zu faults\n", r->import_no == NULL ? "-" : r->import_no, r->lines, r->created,
	       r->updated, r->unchanged, r->draft, r->rejected, r->faults.total);
}

int
cmd_import(struct cli *c, const struct cli_args *a)
{
	bool dry = cli_option(a, "dry-run") != NULL;
	struct import_options o;
	struct import_report report;
	enum err e = OK;

	if (take_options(c, a, &o) != 0)
		return 1;
	if (dry)
		e = tx_begin(&c->tx);
	if (e == OK)
		e = import_run(c->store, &c->tx, &o, c->fd, &report);
	tx_rollback(&c->tx); /* of a dry run; otherwise nothing is open any more */
	if (e != OK && e != ERR_INVALID)
		return cli_error(c, "import", e);
	print_report(&report);
	return e == OK ? 0 : 1;
}

int
cmd_export(struct cli *c, const struct cli_args *a)
{
	struct list_query *q = arena_alloc(c->arena, sizeof(*q));
	const struct ledger *l = ledger_by_path(a->v[0]);
	const char *format = cli_option(a, "format");
	struct export_options o = { .csv = format == NULL || strcmp(format, "csv") == 0,
		.excel = cli_option(a, "excel") != NULL,
		.labels = cli_option(a, "labels") != NULL };
	const char *day = cli_option(a, "as-of");
	struct faults faults;
	PGresult *res;
	enum err e;

	faults_init(&faults, c->arena, 1);
	if (l == NULL)
		return cli_fail(a->v[0], "no such ledger");
	if (!o.csv && strcmp(format, "ndjson") != 0)
		return cli_fail("--format", "csv or ndjson");
	e = tx_once(&c->tx, "SELECT array_agg(code) FROM institution", NULL, &res);
	if (e == OK) {
		const char *all = tx_text(res, 0, 0);

		list_query_init(q, l, c->arena, all == NULL ? "{}" : all);
		q->limit = 0;
		q->past = true;
		if (day != NULL && list_query_add(q, "as_of", day, &faults) != OK)
			return cli_fail("--as-of", faults.v[0].en);
		e = export_run(c->store, &c->tx, q, &o, STDOUT_FILENO);
	}
	return e == OK ? 0 : cli_error(c, "export", e);
}
