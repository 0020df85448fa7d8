/* Offices where the machine stands: bootstrap, revocation, the list for the yearly review. */
#include <stdio.h>
#include <string.h>

#include <base/json.h>
#include <exchange/table.h>
#include <cli/cli.h>

/*
 * What only the owner of the database may: its own connection, and the audit row says
 * "bootstrap".  The database refuses the same from the daemon's role.
 */
static struct db_pool *
open_owner(const struct cli *c, struct tx *ret)
{
	struct db_conf conf = { .conninfo = c->config.database_owner, .wait_ms = 5000,
		.size = { 1, 1 }, .timeout_ms = { 60000, 60000 } };
	struct db_pool *pool = db_pool_new(&conf);

	tx_init(ret, pool, LANE_SHORT, c->arena);
	ret->ctx = c->tx.ctx;
	ret->ctx.operation = "bootstrap";
	return pool;
}

static int
tell(struct cli *c, const char *what, enum err e, const struct faults *faults,
     const struct tx *tx)
{
	size_t i;

	for (i = 0; i < faults->n; i++)
		fprintf(stderr, "%s: [%s] %s %s\n",
			faults->v[i].field == NULL ? "" : faults->v[i].field, faults->v[i].code,
			faults->v[i].ja, faults->v[i].en);
	c->tx.message = tx->message;
	return cli_error(c, what, e);
}

static json_t *
list_of(const char *text)
{
	json_t *list = json_array();
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		json_array_append_new(list, json_stringn(text, n));
	}
	return list;
}

/* The appointment as the API would take it. */
static json_t *
appointment_of(const struct cli_args *a)
{
	static const struct {
		const char *field, *option;
		bool list;
	} map[] = { { "institution", "institution", false }, { "unit", "unit", false },
		{ "term_from", "from", false }, { "term_to", "to", false },
		{ "appointed_by", "appointed-by", false }, { "basis_note", "note", false },
		{ "scope_note", "scope", false }, { "range_units", "range-units", true },
		{ "range_assets", "range-assets", true },
		{ "delegable_powers", "powers", true } };
	json_t *j = json_object();
	size_t i;

	json_object_set_new(j, "person", json_string(a->v[0]));
	json_object_set_new(j, "office", json_string(a->v[1]));
	for (i = 0; i < ARRAY_SIZE(map); i++) {
		const char *v = cli_option(a, map[i].option);

		if (v != NULL)
			json_object_set_new(j, map[i].field,
					    map[i].list ? list_of(v) : json_string(v));
	}
	return j;
}

static enum err
today(struct tx *tx, json_t *j)
{
	PGresult *res;
	enum err e = OK;

	if (json_object_get(j, "term_from") == NULL) {
		e = tx_once(tx, "SELECT act_today()", NULL, &res);
		if (e == OK)
			json_object_set_new(j, "term_from", json_string(PQgetvalue(res, 0, 0)));
	}
	return e;
}

int
cmd_office_grant(struct cli *c, const struct cli_args *a)
{
	struct db_pool *pool;
	struct faults faults;
	struct record r;
	struct tx tx;
	PGresult *res;
	json_t *j;
	enum err e;
	int rc = 0;

	if (cli_option(a, "bootstrap") == NULL)
		return cli_fail("office grant", "only --bootstrap grants are made here; "
				"appointments are made with POST /api/v1/offices");
	if (cli_option(a, "appointed-by") == NULL)
		return cli_fail("office grant", "--appointed-by names who appoints");
	faults_init(&faults, c->arena, 100);
	pool = open_owner(c, &tx);
	j = appointment_of(a);
	e = today(&tx, j);
	if (e == OK)
		e = record_read(&ledger_office, c->arena, j, RECORD_CREATE, &faults, &r);
	if (e == OK)
		e = store_appoint(c->store, &tx, &r, &faults, &res);
	if (e == OK)
		puts(row_key(&ledger_office, res, 0));
	else
		rc = tell(c, "office grant", e, &faults, &tx);
	json_decref(j);
	db_pool_free(pool);
	return rc;
}

int
cmd_office_revoke(struct cli *c, const struct cli_args *a)
{
	const char *why = cli_option(a, "reason");
	struct db_pool *pool;
	struct faults faults;
	struct tx tx;
	PGresult *res;
	enum err e;
	int rc = 0;

	if (cli_option(a, "bootstrap") == NULL || why == NULL)
		return cli_fail("office revoke", "--bootstrap and --reason are needed");
	faults_init(&faults, c->arena, 100);
	pool = open_owner(c, &tx);
	e = store_office_get(c->store, &tx, a->v[0], "{*}", &res);
	if (e == OK)
		e = store_revoke(c->store, &tx, a->v[0], row_version(&ledger_office, res, 0),
				 cli_option(a, "on"), why, &faults, &res);
	if (e != OK)
		rc = tell(c, "office revoke", e, &faults, &tx);
	db_pool_free(pool);
	return rc;
}

int
cmd_access_review(struct cli *c, const struct cli_args *a)
{
	static const char sql[] =
		"SELECT i.code AS institution, l.* FROM institution i, access_list(i.code) l"
		" WHERE i.code = coalesce($1, i.code) ORDER BY i.code, l.person, l.kind, l.ref";
	struct tx_args args = { .n = 1, .v = { cli_option(a, "institution") } };
	PGresult *res;
	struct buf b;
	enum err e = tx_once(&c->tx, sql, &args, &res);

	if (e != OK)
		return cli_error(c, "access-review", e);
	buf_init(&b, 256 * 1024 * 1024);
	table_put_csv(res, &b);
	fputs(buf_text(&b), stdout);
	buf_release(&b);
	return 0;
}
