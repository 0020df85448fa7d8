#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "office_help.h"

static struct db_pool *pool;
static struct store *store;

static const char people_sql[] =
	"INSERT INTO institution (code, name_ja, incident_desk_name, incident_desk_contact,"
	" external_desk_name, external_desk_contact, head_office) VALUES"
	" ('nao', 'N', 'd', 'd', 'e', 'e', true), ('nifs', 'F', 'd', 'd', 'e', 'e', false);"
	"INSERT INTO org_unit (code, institution, parent, name_ja, unit_kind, valid_from) VALUES"
	" ('nao-top', 'nao', NULL, 'top', 'department', '2020-01-01'),"
	" ('nao-mid', 'nao', 'nao-top', 'mid', 'section', '2020-01-01'),"
	" ('nao-low', 'nao', 'nao-mid', 'low', 'lab', '2020-01-01'),"
	" ('nifs-top', 'nifs', NULL, 'top', 'department', '2020-01-01');"
	"INSERT INTO person (login, institution, name_ja, email, unit, person_kind) SELECT l, i, l,"
	" l || '@example.jp', i || '-top', 'employee' FROM (VALUES ('chief', 'nao'),"
	" ('boss', 'nao'), ('iso', 'nao'), ('alice', 'nao'), ('bob', 'nao'), ('carol', 'nao'),"
	" ('gone', 'nao'), ('leader', 'nao'), ('other_boss', 'nifs'), ('other_iso', 'nifs')) v"
	" (l, i);"
	"UPDATE person SET active = false, left_on = current_date - 5 WHERE login = 'gone';"
	"INSERT INTO role_assignment (person, office, institution, term_from, appointed_by) VALUES"
	" ('chief', 'ciso', NULL, '2020-01-01', 'chief'),"
	" ('boss', 'inst_ciso', 'nao', '2020-01-01', 'chief'),"
	" ('other_boss', 'inst_ciso', 'nifs', '2020-01-01', 'chief');"
	"INSERT INTO role_assignment (person, office, institution, term_from, appointed_by) VALUES"
	" ('iso', 'iso', 'nao', '2020-01-01', 'boss'),"
	" ('other_iso', 'iso', 'nifs', '2020-01-01', 'other_boss'),"
	" ('leader', 'csirt_leader', 'nao', '2020-01-01', 'boss')";

void
offices_begin(void)
{
	fixture_begin();
	pool = fixture_pool(2, 2000, 10000);
	store = store_new();
	free(fixture_sql(people_sql));
}

void
offices_end(void)
{
	store_free(store);
	db_pool_free(pool);
	fixture_end();
}

const struct store *
offices_store(void)
{
	return store;
}

void
try_begin(struct try *t, const char *who)
{
	t->arena = arena_new();
	tx_init(&t->tx, pool, LANE_SHORT, t->arena);
	t->tx.ctx.person = who;
	t->tx.ctx.scope = t->tx.ctx.write_scope = "{*}";
	faults_init(&t->faults, t->arena, 100);
	t->text = "";
}

bool
try_ask(const char *who, const char *sql)
{
	struct try t;
	PGresult *res;
	bool yes;

	try_begin(&t, who);
	ck_assert_msg(tx_once(&t.tx, sql, NULL, &res) == OK, "%s: %s", sql, t.tx.message);
	yes = strcmp(PQgetvalue(res, 0, 0), "t") == 0;
	arena_free(t.arena);
	return yes;
}
