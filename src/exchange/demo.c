#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include <exchange/demo.h>
#include <org/login.h>
#include <org/token.h>

/*
 * In the order in which they refer to each other; who designates an area holds an office by then
 * (3.2(2)).
 */
static const struct {
	const char *file;
	const struct ledger *ledger;
} tables[] = {
	{ "institutions.csv", &ledger_institution }, { "units.csv", &ledger_unit },
	{ "persons.csv", &ledger_person },	     { "offices.csv", &ledger_office },
	{ "areas.csv", &ledger_area },		     { "contracts.csv", &ledger_contract },
	{ "documents.csv", &ledger_document },	     { "assets.csv", &ledger_asset },
	{ "media.csv", &ledger_media },		     { "emergency-contacts.csv", &ledger_contact },
	{ "connections.csv", &ledger_connection },
};

struct demo {
	int fd[ARRAY_SIZE(tables)];
};

#define DEMO_DAYS 30

static const char *
text(const char *fmt, const char *a, const char *b)
{
	struct buf buf;
	char *s;

	buf_init(&buf, 64 * 1024);
	buf_addf(&buf, "%s: ", a);
	buf_adds(&buf, fmt);
	if (b != NULL)
		buf_addf(&buf, ": %s", b);
	s = xstrdup(buf_text(&buf));
	buf_release(&buf);
	return s;
}

static int
open_table(const char *dir, const char *file)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

struct demo *
demo_open(const char **ret_why)
{
	const char *dirs[] = { getenv("DAICHO_DEMO"), "contrib/demo", DAICHO_DATADIR "/demo" };
	struct demo *d = xcalloc(1, sizeof(*d));
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(dirs); k++) {
		bool all = dirs[k] != NULL;

		for (i = 0; i < ARRAY_SIZE(tables) && all; i++) {
			d->fd[i] = open_table(dirs[k], tables[i].file);
			all = d->fd[i] >= 0;
		}
		if (all)
			return d;
	}
	free(d);
	*ret_why = "the tables of the demonstration are not found; set DAICHO_DEMO to contrib/demo";
	return NULL;
}

void
demo_close(struct demo *d)
{
	size_t i;

	for (i = 0; d != NULL && i < ARRAY_SIZE(tables); i++)
		close(d->fd[i]);
	free(d);
}

static enum err
is_empty(struct tx *tx, bool *ret)
{
	PGresult *res;
	enum err e = tx_run(tx, "SELECT FROM institution LIMIT 1", NULL, &res);

	if (e == OK)
		*ret = PQntuples(res) == 0;
	return e;
}

static const char *
load_table(struct demo *d, size_t i, const struct store *store, struct tx *tx,
	   void (*say)(const char *line))
{
	struct import_options o = { .ledger = tables[i].ledger, .mode = IMPORT_CREATE,
		.on_error = ON_ERROR_DRAFT, .adopted = true, .separator = ',', .home = NULL,
		.scope = "{*}", .person = "demo" };
	struct import_report report;
	enum err e = import_run(store, tx, &o, d->fd[i], &report);
	char line[200];

	if (e != OK)
		return text(err_info(e)->en, tables[i].file,
			    e == ERR_INVALID && report.faults.n > 0 ? report.faults.v[0].en :
			    tx->message);
	snprintf(line, sizeof(line), "%s: %ld rows, %ld of them drafts, %ld rejected",
		 tables[i].file, report.created, report.draft, report.rejected);
	if (say != NULL)
		say(line);
	return NULL;
}

const char *
demo_load(struct demo *d, const struct store *store, const char *owner,
	  void (*say)(const char *line))
{
	/* appointments without appointers are made by the owner of the database alone */
	struct db_conf conf = { .conninfo = owner, .wait_ms = 5000, .size = { 1, 1 },
		.timeout_ms = { 60000, 600000 } };
	struct db_pool *pool = db_pool_new(&conf);
	struct arena *arena = arena_new();
	const char *why = NULL;
	bool empty = false;
	struct tx tx;
	enum err e;
	size_t i;

	tx_init(&tx, pool, LANE_LONG, arena);
	tx.ctx.operation = "demo load";
	tx.ctx.scope = tx.ctx.write_scope = "{*}";
	e = tx_begin(&tx);
	if (e == OK)
		e = is_empty(&tx, &empty);
	for (i = 0; e == OK && empty && why == NULL && i < ARRAY_SIZE(tables); i++)
		why = load_table(d, i, store, &tx, say);
	if (e == OK && why == NULL)
		e = tx_commit(&tx);
	if (e != OK && why == NULL)
		why = text(err_info(e)->en, "demonstration", db_pool_last_error(pool));
	tx_rollback(&tx);
	arena_free(arena);
	db_pool_free(pool);
	return why;
}

static const char persons_sql[] =
	"SELECT p.login, p.name_ja, (SELECT json_agg(json_build_object('office', o.office,"
	" 'institution', o.institution) ORDER BY o.office)"
	" FROM offices_in_force(p.login, act_today()) o),"
	" (SELECT string_agg(o.office || coalesce('@' || o.institution, ''), ' ' ORDER BY o.office)"
	"  FROM offices_in_force(p.login, act_today()) o),"
	" EXISTS (SELECT FROM password w WHERE w.person = p.login)"
	" FROM person p WHERE p.active AND (p.left_on IS NULL OR p.left_on >= act_today())"
	" AND EXISTS (SELECT FROM offices_in_force(p.login, act_today())) ORDER BY p.login";

static void
print_login(bool json, bool first, const PGresult *res, int row, const char *token,
	    const char *password)
{
	struct buf b;

	buf_init(&b, 64 * 1024);
	if (json) {
		buf_addf(&b, "%s{\"login\":\"%s\",\"password\":", first ? "" : ",\n ",
			 PQgetvalue(res, row, 0));
		json_put_cstring(&b, password);
		buf_addf(&b, ",\"token\":\"%s\",\"person\":", token);
		json_put_cstring(&b, PQgetvalue(res, row, 1));
		buf_addf(&b, ",\"offices\":%s}", PQgetvalue(res, row, 2));
	} else {
		buf_addf(&b, "%s  %s  %s\n    password %s  %s\n", token,
			 PQgetvalue(res, row, 0), PQgetvalue(res, row, 1),
			 password == NULL ? "(set before; `demo logins` sets new ones)" : password,
			 PQgetvalue(res, row, 3));
	}
	fputs(buf_text(&b), stdout);
	buf_release(&b);
}

/*
 * A new password, known only now.  Everybody gets one whenever the logins are asked for; at the
 * start of the daemon (`kept`) only who has none.  *ret: NULL for one that is kept.
 */
static enum err
give_password(struct tx *tx, struct passwords *p, const char *login, bool kept, const char **ret)
{
	const char *text = password_generate(tx->arena);
	enum err e;

	*ret = NULL;
	if (kept)
		return OK;
	e = login_set_password(p, tx, login, text, NULL);
	if (e == OK)
		*ret = text;
	return e;
}

/* `only`: one person per office of this list, else everybody. */
static enum err
issue(struct tx *tx, struct passwords *p, bool json, const char *const *only)
{
	static const struct token_scope everything = { NULL, 1U << SCOPE_READ | 1U << SCOPE_WRITE |
		1U << SCOPE_IMPORT, NULL };
	struct token_wish wish = { .scopes = &everything, .scope_count = 1, .days = DEMO_DAYS,
		.note = "demonstration" };
	struct token_issued issued;
	const char *password;
	PGresult *res;
	enum err e = tx_once(tx, persons_sql, NULL, &res);
	size_t told = 0;
	int row;

	for (row = 0; e == OK && row < PQntuples(res); row++) {
		if (only != NULL && (only[told] == NULL ||
				     strstr(PQgetvalue(res, row, 3), only[told]) == NULL))
			continue;
		wish.person = PQgetvalue(res, row, 0);
		e = give_password(tx, p, wish.person, only != NULL &&
				  str_eq(tx_text(res, row, 4), "t"), &password);
		if (e == OK)
			e = token_issue(tx, &wish, &issued);
		if (e == OK)
			print_login(json, told == 0, res, row, issued.token, password);
		told++;
		if (only != NULL)
			row = -1; /* the next office from the top */
	}
	return e;
}

static const char *
tell(struct db_pool *pool, bool json, const char *const *only)
{
	/* light work for passwords of 125 bits; the first log-in makes it the usual work */
	struct passwords *p = passwords_new(&(struct password_conf){ .ops = 1,
								     .memory = 8 << 20 });
	struct arena *arena = arena_new();
	const char *why = NULL;
	struct tx tx;
	enum err e;

	tx_init(&tx, pool, LANE_SHORT, arena);
	tx.ctx.operation = "demo logins";
	if (json)
		fputs("[", stdout);
	e = issue(&tx, p, json, only);
	passwords_free(p);
	if (json)
		fputs("]\n", stdout);
	if (e != OK)
		why = text(err_info(e)->en, "demonstration", NULL);
	fflush(stdout);
	arena_free(arena);
	return why;
}

const char *
demo_logins(struct db_pool *pool, bool json)
{
	return tell(pool, json, NULL);
}

const char *
demo_announce(struct db_pool *pool, const char *listen, const char *dir)
{
	static const char *const shown[] = { "sysadmin@", "registry_admin@", "ism@", "inst_ciso@",
		"csirt_member@", "auditor@", NULL };
	const char *why;

	printf("\ndaichod serves the demonstration organisation on http://%s\n\n"
	       "Tokens (30 days), who holds them, and their offices:\n\n", listen);
	why = tell(pool, false, shown);
	printf("\nEverybody: build/daicho --embedded %s demo logins\n"
	       "Try:       curl -H 'Authorization: Bearer TOKEN' "
	       "'http://%s/api/v1/assets?limit=2'\n"
	       "Ctrl-C stops everything.\n\n", dir, listen);
	fflush(stdout);
	return why;
}
