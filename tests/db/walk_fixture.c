#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "db_fixture.h"
#include "walk.h"

/* ---- the organisation ------------------------------------------------------------------------ */

/* The rows of tests/good are of hoshi; walk_put() writes one, with the columns that it names. */
static const char organisation_sql[] =
	"INSERT INTO institution (code, name_ja, incident_desk_name, incident_desk_contact,"
	" external_desk_name, external_desk_contact, head_office) SELECT c, c, 'd', 'd', 'e', 'e',"
	" c = 'hoshi' FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO org_unit (code, institution, parent, name_ja, unit_kind, valid_from)"
	" SELECT i || u, i, p, u, 'section', '2020-01-01' FROM unnest('{hoshi,umi}'::text[]) i,"
	" LATERAL (VALUES (1, '-adm', NULL), (2, '-its', i || '-adm')) v (n, u, p) ORDER BY n;"
	"INSERT INTO person (login, institution, name_ja, email, phone, unit, person_kind) SELECT"
	" l,"
	" i, l, l || '@example.jp', '00-0000-0000', i || '-its', 'employee' FROM (SELECT 'h' || n,"
	" 'hoshi' FROM generate_series(0, 9) n UNION ALL SELECT 'u' || n, 'umi'"
	" FROM generate_series(0, 3) n UNION ALL SELECT 'chief', 'hoshi') p (l, i);"
	"INSERT INTO area (code, institution, name_ja, building, room, is_controlled) SELECT"
	" i || '-' || a, i, a, 'b', 'r', false FROM unnest('{hoshi,umi}'::text[]) i,"
	" unnest('{a101,a201,a301}'::text[]) a;"
	"INSERT INTO role_assignment (person, office, institution, unit, scope_note, term_from,"
	" appointed_by) SELECT p, o, CASE o WHEN 'ciso' THEN NULL WHEN 'iso' THEN i ELSE i END, u,"
	" 'x',"
	" '2020-01-01', b FROM (VALUES (0, 'chief', 'ciso', NULL, NULL, 'chief'),"
	" (1, 'h0', 'inst_ciso', 'hoshi', NULL, 'chief'), (1, 'u0', 'inst_ciso', 'umi', NULL,"
	" 'chief'),"
	" (2, 'h1', 'iso', 'hoshi', NULL, 'h0'), (2, 'h2', 'iso', 'hoshi', NULL, 'h0'),"
	" (2, 'u1', 'iso', 'umi', NULL, 'u0'), (3, 'h2', 'ism', 'hoshi', 'hoshi-adm', 'h1'),"
	" (3, 'h3', 'ism', 'hoshi', 'hoshi-its', 'h1'), (3, 'u3', 'ism', 'umi', 'umi-its', 'u1'),"
	" (2, 'h4', 'sysadmin', 'hoshi', NULL, 'h0'), (2, 'h5', 'sysadmin', 'hoshi', NULL, 'h0'),"
	" (2, 'h6', 'sysadmin', 'hoshi', NULL, 'h0'), (2, 'h9', 'sysadmin', 'hoshi', NULL, 'h0'),"
	" (2, 'u2', 'sysadmin', 'umi', NULL, 'u0'),"
	" (2, 'h6', 'qualification_checker', 'hoshi', NULL, 'h0'),"
	" (2, 'h7', 'csirt_leader', 'hoshi', NULL, 'h0'), (2, 'h8', 'csirt_member', 'hoshi', NULL,"
	" 'h0'),"
	" (2, 'u3', 'csirt_leader', 'umi', NULL, 'u0')) v (n, p, o, i, u, b) ORDER BY n;"
	"CREATE FUNCTION walk_put(ledger text, doc jsonb) RETURNS text LANGUAGE plpgsql AS $$"
	" DECLARE"
	" cols text := (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys(doc) k);"
	" made text; BEGIN EXECUTE format('INSERT INTO %1$I (%2$s) SELECT %2$s FROM"
	" jsonb_populate_record(NULL::%1$I, $1) RETURNING %3$I', ledger, cols, CASE ledger"
	" WHEN 'asset' THEN 'asset_no' ELSE 'media_no' END) INTO made USING doc; RETURN made; END"
	" $$;"
	/* by whichever manager may; where none may it stays a proposal */
	"CREATE FUNCTION walk_rate(ledger text, no text) RETURNS void LANGUAGE plpgsql AS $$"
	" DECLARE"
	" who text; BEGIN PERFORM set_config('daicho.office', 'ism', false),"
	" set_config('daicho.scope', '{*}', false);"
	" FOR who IN SELECT DISTINCT person FROM role_assignment WHERE office = 'ism' ORDER BY 1"
	" LOOP"
	" PERFORM set_config('daicho.person', who, false);"
	" BEGIN EXECUTE format('SELECT FROM %1$I_rate($1, ''{}'', (SELECT row_version::text FROM"
	" %1$I WHERE %2$I = $1))', ledger, CASE ledger WHEN 'asset' THEN 'asset_no' ELSE 'media_no'"
	" END) USING no; RETURN; EXCEPTION WHEN SQLSTATE 'DR001' OR SQLSTATE 'DR004' THEN NULL;"
	" END;"
	" END LOOP; END $$;"
	/* what was granted once, whatever became of it */
	"CREATE VIEW walk_granted AS SELECT r.* FROM request r WHERE EXISTS (SELECT FROM"
	" request_step s"
	" WHERE s.request = r.request_no AND s.to_state IN ('approved', 'completed')"
	" AND s.from_state NOT IN ('approved', 'completed'));"
	"INSERT INTO token (id, person, secret_sha256, scopes, expires_at) SELECT 'walk', 'h4',"
	" sha256('x'), '{asset:read,request:write}', now() + interval '30 days'";

static void
server_sql(const char *sql)
{
	char conn[1400];
	PGconn *pg;
	PGresult *res;

	snprintf(conn, sizeof(conn), "%s dbname=postgres", fixture_owner());
	pg = PQconnectdb(conn);
	res = PQexec(pg, sql);
	ck_assert_msg(PQresultStatus(res) == PGRES_COMMAND_OK, "%s: %s", sql, PQerrorMessage(pg));
	PQclear(res);
	PQfinish(pg);
}

void
walk_organise(void)
{
	free(fixture_sql(organisation_sql));
	server_sql("ALTER DATABASE daicho RENAME TO " WALK_TEMPLATE);
}

/* ---- rows that are in order ------------------------------------------------------------------ */

static json_t *
read_base(const char *name)
{
	const char *top = getenv("DAICHO_TOP");
	char path[500];
	json_error_t error;
	json_t *doc;

	snprintf(path, sizeof(path), "%s/tests/good/base-%s.json", top == NULL ? "." : top, name);
	doc = json_load_file(path, 0, &error);
	ck_assert_msg(doc != NULL, "%s: %s", path, error.text);
	return doc;
}

/* As tests/api/rows.py reads them: the row of the base with the change put over it. */
static json_t *
good_row(const char *name)
{
	json_t *doc = read_base(name), *row = json_object_get(doc, "row");
	const char *base = walk_text(doc, "base");

	if (base != NULL) {
		row = good_row(base);
		json_object_update(row, json_object_get(doc, "change"));
	} else {
		json_incref(row);
	}
	json_decref(doc);
	return row;
}

/* What a subject of a walk is made of; the name of the variant becomes the name of the row. */
static const struct variant {
	const char *name, *base, *change; /* base NULL: a medium */
} variants[] = {
	{ "server", "server", "{}" },
	{ "secret", "server", "{\"confidentiality\": 3, \"confidentiality_basis\":"
	  " \"c3_management\"}" },
	{ "manual", "server", "{\"important_manual\": true, \"important_manual_reason\": \"x\"}" },
	{ "planned", "server", "{\"confidentiality\": 3, \"confidentiality_basis\":"
	  " \"c3_management\", \"state\": \"planned\", \"operation_started_on\": null}" },
	{ "intended", "server", "{\"important_manual\": true, \"important_manual_reason\": \"x\","
	  " \"state\": \"planned\", \"operation_started_on\": null}" },
	{ "public", "server", "{\"publication_planned\": true, \"state\": \"planned\","
	  " \"operation_started_on\": null, \"net_zone\": \"dmz\"}" },
	{ "terminal", "terminal", "{}" },
	{ "own", "terminal", "{\"provision\": \"non_issued\"}" },
	{ "top", "terminal", "{\"confidentiality\": 4, \"confidentiality_basis\":"
	" \"c4_national_security\"}" },
	{ "network", "network", "{}" },
	{ "cloud", "cloud", "{}" },
	{ "mail", "mail", "{}" },
	{ "nas", "nas", "{}" },
	{ "account", "social-media", "{\"confidentiality\": 1, \"confidentiality_basis\":"
	  " \"c1_published\"}" },
	{ "over", "server", "{\"state\": \"retired\"}" },
	{ "nas_over", "nas", "{\"state\": \"retired\"}" },
	{ "medium", NULL, "{\"confidentiality\": 2}" },
	{ "key", NULL, "{\"confidentiality\": 3, \"encryption\": \"hardware\"}" },
	{ "vault", NULL, "{\"confidentiality\": 4, \"encryption\": \"hardware\"}" },
	{ "medium_over", NULL, "{\"confidentiality\": 2, \"state\": \"retired\"}" },
};

/* Days in place of "@today+400"; what names rows that are not there is left out. */
static void
fill_days(struct walk *w, json_t *row)
{
	const char *key, *text;
	json_t *value;
	void *next;

	json_object_foreach_safe(row, next, key, value) {
		text = json_string_value(value);
		if (json_is_null(value) || (text != NULL && text[0] == '@' &&
					    strncmp(text, "@today", 6) != 0))
			json_object_del(row, key);
		else if (text != NULL && text[0] == '@')
			json_object_set_new(row, key, json_string(walk_day(w,
				(int)strtol(text + 6, NULL, 10))));
	}
}

static json_t *
device(struct walk *w, const struct variant *v, const char *institution, const char *admin)
{
	static const char *const names[] = { "sysadmin", "key_custodian" };
	json_t *row = json_deep_copy(json_object_get(w->rows, v->base)),
		*change = json_loads(v->change, 0, NULL);
	size_t i;

	json_object_update(row, change);
	json_decref(change);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		json_object_set_new(row, names[i], json_string(admin));
	/* hoshi-a101 → umi-a101 */
	if (json_object_get(row, "location_area") != NULL)
		json_object_set_new(row, "location_area", json_string(arena_printf(w->arena,
			"%s-a101", institution)));
	/* what begins in operation was there before the register */
	json_object_set_new(row, "adopted", json_boolean(json_object_get(row, "state") == NULL));
	return row;
}

static json_t *
medium(struct walk *w, const struct variant *v, const char *institution, const char *admin)
{
	json_t *row = json_loads(v->change, 0, NULL);

	json_object_set_new(row, "media_kind", json_string("usb_memory"));
	json_object_set_new(row, "users_text", json_string("x"));
	json_object_set_new(row, "custodian", json_string(walk_person(w, institution)));
	json_object_set_new(row, "sysadmin", json_string(admin));
	return row;
}

/* By its administrator, and rated by who answers for the unit. */
static const char *
make(struct walk *w, const struct variant *v, const char *institution)
{
	const char *admin = NULL, *no;
	const char *ledger = v->base == NULL ? "external_media" : "asset";
	json_t *row;

	/* some are of who could make them important ones */
	if (walk_chance(w, 60))
		admin = walk_holder(w, "important_admin", institution);
	if (admin == NULL)
		admin = walk_holder(w, "sysadmin", institution);
	if (admin == NULL)
		return NULL;
	row = v->base == NULL ? medium(w, v, institution, admin) :
		device(w, v, institution, admin);
	if (json_object_get(row, "state") == NULL)
		json_object_set_new(row, "state", json_string(v->base == NULL ? "stored" :
							      "in_operation"));
	json_object_set_new(row, "institution", json_string(institution));
	json_object_set_new(row, "unit", json_string(arena_printf(w->arena, "%s-its",
								  institution)));
	json_object_set_new(row, "name", json_string(v->name));
	fill_days(w, row);
	walk_read(w, "SELECT set_config('daicho.person', $1, false), set_config('daicho.office',"
		  " 'sysadmin', false), set_config('daicho.operation', 'fixture', false)",
		  WALK_ARGS(admin));
	no = walk_cell(w, "SELECT walk_put($1, $2::jsonb)", WALK_ARGS(ledger, walk_json(w, row)));
	walk_read(w, "SELECT walk_rate($1, $2)", WALK_ARGS(ledger, no));
	walk_read(w, "SELECT set_config('daicho.person', '', false), set_config('daicho.office',"
	" '',"
		  " false), set_config('daicho.operation', '', false)", WALK_NONE);
	return no;
}

/* ---- what an application is about ------------------------------------------------------------ */

/* What fits by kind; "-": nothing, "@": what the walk itself has led to.  A kind that does not
 * stand here takes what its table says. */
static const char *const fitting[][2] = {
	{ "important_new", "planned intended public" }, { "important_convert", "secret manual" },
	{ "important_software", "@permitted" }, { "important_release", "@released" },
	{ "handover", "@permitted" }, { "csirt_audit", "@permitted server" },
	{ "rating_review", "server terminal medium nas" }, { "c4_offsite_work", "top" },
	{ "media_takeout", "vault vault top" }, { "non_issued_media", "medium key" },
	{ "non_issued_terminal", "own" },
	{ "network_connection", "server terminal nas own @permitted" },
	{ "software_use", "server terminal -" }, { "cloud_use", "cloud" },
	{ "social_media", "account" }, { "provide_outside", "- server medium" },
	{ "send_share", "- server secret" }, { "c4_handling", "top vault secret" },
	{ "mail_auth_exemption", "mail" }, { "exception", "server terminal medium" },
	{ "disposal", "over medium_over nas_over @retired" },
	{ "transfer", "server terminal nas @permitted" },
};
static const char *const by_subject[][2] = {
	{ "asset", "server terminal nas cloud secret" }, { "medium", "medium key vault" },
	{ "object", "server terminal medium" }, { "any", "- server medium" },
};

static const char *
look_up(const char *const table[][2], size_t n, const char *key)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(table[i][0], key) == 0)
			return table[i][1];
	return NULL;
}

/* One of the words. */
static const char *
one_word(struct walk *w, const char *words)
{
	char *all = arena_strdup(w->arena, words), *save, *word, *chosen = NULL;
	uint64_t n = 0;

	for (word = strtok_r(all, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
		if (walk_random(w, ++n) == 0)
			chosen = word;
	return chosen;
}

static json_t *
named(const char *member, const char *no)
{
	return no == NULL ? NULL : json_pack("{s:s}", member, no);
}

/* A permitted server that was one by designation alone is one no more. */
static void
undesignate(struct walk *w, const char *institution)
{
	const char *no = walk_one_of(w, "SELECT asset_no FROM asset WHERE important_state ="
		" 'permitted' AND important_manual AND confidentiality < 3 AND institution = $1"
		" ORDER BY 1", WALK_ARGS(institution)), *who = walk_holder(w, "iso", institution);

	if (no == NULL || who == NULL)
		return;
	walk_as(w, who, "iso", NULL);
	walk_note(w, "undesignate", who, no);
	walk_try(w, "UPDATE asset SET important_manual = false, row_version = row_version + 1"
		 " WHERE asset_no = $1 RETURNING asset_no", WALK_ARGS(no));
}

/* What acts of the walk have led to. */
static json_t *
led_to(struct walk *w, const char *what, const char *institution)
{
	if (strcmp(what, "@retired") == 0)
		return named("asset", walk_one_of(w, "SELECT asset_no FROM asset WHERE state ="
		" 'retired'"
			" AND institution = $1 ORDER BY 1 DESC LIMIT 5", WALK_ARGS(institution)));
	if (strcmp(what, "@released") == 0)
		undesignate(w, institution);
	if (strcmp(what, "@released") == 0)
		return named("asset", walk_one_of(w, "SELECT asset_no FROM asset WHERE NOT"
			" important_required AND important_state = 'permitted' AND institution = $1"
			" ORDER BY 1 DESC LIMIT 5", WALK_ARGS(institution)));
	return named("asset", walk_one_of(w, "SELECT asset_no FROM asset WHERE important_state ="
		" 'permitted' AND institution = $1 ORDER BY 1 DESC LIMIT"
		" 6", WALK_ARGS(institution)));
}

json_t *
walk_subject(struct walk *w, const char *kind, const char *subject, const char *institution)
{
	const char *words = look_up(fitting, ARRAY_SIZE(fitting), kind), *word, *no = NULL;
	const struct variant *v;

	if (words == NULL || walk_chance(w, 3))
		words = look_up(by_subject, ARRAY_SIZE(by_subject), subject);
	if (words == NULL)
		return json_object();
	word = one_word(w, words);
	if (word[0] == '-')
		return json_object();
	if (word[0] == '@')
		return led_to(w, word, institution);
	for (v = variants; strcmp(v->name, word) != 0; v++)
		;
	/* one that is there, or a new one */
	if (walk_chance(w, 55))
		no = walk_one_of(w, arena_printf(w->arena, "SELECT %s FROM %s WHERE name = $1 AND"
			" institution = $2 ORDER BY 1 DESC LIMIT 4", v->base == NULL ? "media_no" :
			"asset_no", v->base == NULL ? "external_media" : "asset"),
			WALK_ARGS(v->name, institution));
	if (no == NULL)
		no = make(w, v, institution);
	return named(v->base == NULL ? "medium" : "asset", no);
}

const char *
walk_person(struct walk *w, const char *institution)
{
	return walk_one_of(w, "SELECT login FROM person WHERE institution = $1 ORDER BY 1",
			   WALK_ARGS(institution));
}

const char *
walk_holder(struct walk *w, const char *office, const char *institution)
{
	return walk_one_of(w, "SELECT o.person FROM role_assignment o JOIN person p ON p.login ="
			   " o.person AND p.active WHERE o.office = $1 AND (o.institution = $2 OR"
			   " o.institution IS NULL) AND o.term_from <= $3 AND (o.term_to IS NULL OR"
			   " o.term_to >= $3) AND (o.revoked_on IS NULL OR o.revoked_on > $3)"
			   " ORDER BY o.person", WALK_ARGS(office, institution, walk_day(w, 0)));
}

/* ---- a walk ---------------------------------------------------------------------------------- */

/* The tables as the database has them, in an order that does not change. */
static const char kinds_sql[] =
	"SELECT jsonb_agg(to_jsonb(k) || jsonb_build_object('members', coalesce((SELECT"
	" jsonb_agg(to_jsonb(m) ORDER BY m.position) FROM workflow_member m WHERE m.kind = k.code),"
	" '[]'), 'steps', (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position) FROM workflow_step s"
	" WHERE s.kind = k.code)) ORDER BY k.code) FROM workflow_kind k";

void
walk_open(struct walk *w, uint64_t seed)
{
	char conn[1400], sql[200];
	size_t i;

	*w = (struct walk){ .seed = seed, .random = seed, .arena = arena_new() };
	snprintf(sql, sizeof(sql), "CREATE DATABASE walk_%llu TEMPLATE " WALK_TEMPLATE,
		 (unsigned long long)seed);
	server_sql(sql);
	snprintf(conn, sizeof(conn), "%s dbname=walk_%llu", fixture_owner(),
		 (unsigned long long)seed);
	w->own = PQconnectdb(conn);
	snprintf(conn, sizeof(conn), "%s dbname=walk_%llu options='-c synchronous_commit=off"
		 " -c statement_timeout=60000 -c"
		 " TimeZone=UTC'", fixture_app(), (unsigned long long)seed);
	w->app = PQconnectdb(conn);
	ck_assert_msg(PQstatus(w->app) == CONNECTION_OK, "%s", PQerrorMessage(w->app));
	walk_read(w, "SET synchronous_commit = off", WALK_NONE);
	walk_read(w, "SET TimeZone = UTC", WALK_NONE);
	w->kinds = json_loads(walk_cell(w, kinds_sql, WALK_NONE), 0, NULL);
	ck_assert_uint_le(json_array_size(w->kinds), WALK_KINDS_MAX);
	w->rows = json_object();
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		if (variants[i].base != NULL)
			json_object_set_new(w->rows, variants[i].base, good_row(variants[i].base));
	/* what members of the type name */
	walk_as(w, NULL, "", NULL);
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		if (strcmp(variants[i].name, "network") == 0) {
			make(w, &variants[i], "hoshi");
			make(w, &variants[i], "hoshi");
			make(w, &variants[i], "umi");
		}
}

void
walk_close(struct walk *w)
{
	char sql[100];

	arena_free(w->arena);
	json_decref(w->kinds);
	json_decref(w->rows);
	PQfinish(w->app);
	PQfinish(w->own);
	snprintf(sql, sizeof(sql), "DROP DATABASE walk_%llu", (unsigned long long)w->seed);
	server_sql(sql);
}
