#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "db_fixture.h"
#include "two_institutions.h"

static struct db_pool *pool;
struct store *two_store;
struct arena *two_arena;
struct tx two_tx;

/* Two 機関 alike; in each one row of every level, one draft, one medium, one user. */
static const char org_sql[] =
	"ALTER TABLE role_assignment DISABLE TRIGGER USER;"
	"INSERT INTO institution (code, name_ja, incident_desk_name, incident_desk_contact,"
	" external_desk_name, external_desk_contact)"
	" SELECT c, c, 'x', 'x', 'x', 'x' FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO org_unit (code, institution, parent, name_ja, unit_kind, valid_from)"
	" SELECT c || '-' || u, c, CASE WHEN u = 'lab' THEN c || '-its' END, u, 'section',"
	" '2020-01-01' FROM unnest('{hoshi,umi}'::text[]) c, unnest('{its,lab,far}'::text[]) u;"
	"INSERT INTO person (login, institution, name_ja, email, unit, person_kind)"
	" SELECT l || '.' || c, c, l, 'a@example.ac.jp', c || '-its', 'employee'"
	" FROM unnest('{hoshi,umi}'::text[]) c, unnest('{admin,iso,ism,user,other}'::text[]) l;"
	"INSERT INTO role_assignment (person, office, institution, unit, term_from, appointed_by,"
	" appointed_on) SELECT l || '.' || c, o, c, CASE WHEN o = 'ism' THEN c || '-its' END,"
	" '2020-01-01', 'iso.' || c, '2020-01-01' FROM unnest('{hoshi,umi}'::text[]) c,"
	" (VALUES ('admin', 'sysadmin'), ('iso', 'iso'), ('ism', 'ism'), ('user', 'staff'))"
	" v (l, o);"
	/* who permitted the exception below; an office of the past */
	"INSERT INTO role_assignment (person, office, institution, term_from, term_to,"
	" appointed_by, appointed_on) SELECT 'iso.' || c, 'inst_ciso', c, '2020-01-01',"
	" '2020-12-31', 'iso.' || c, '2020-01-01' FROM unnest('{hoshi,umi}'::text[]) c;"
	"ALTER TABLE role_assignment ENABLE TRIGGER USER;"
	"INSERT INTO area (code, institution, name_ja, building, is_controlled)"
	" SELECT c || '-a1', c, '室', '本館', false FROM unnest('{hoshi,umi}'::text[]) c;";
static const char rows_sql[] =
	"INSERT INTO asset (asset_no, institution, unit, name, asset_type, location_text,"
	" confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
	" internal_media_encryption, users_text, sysadmin, hostname, state, created_by)"
	" SELECT upper(left(c, 1)) || u || n, c, c || '-' || u, '観測装置', 'server', '室', n,"
	" CASE WHEN n = 4 THEN 'c4_national_security' ELSE 'c1_published' END, false, false,"
	" 'full', '全員', CASE WHEN u = 'far' THEN 'other.' ELSE 'admin.' END || c,"
	" ARRAY['shared.example.ac.jp'], 'in_operation', 'other.' || c"
	" FROM unnest('{hoshi,umi}'::text[]) c, unnest('{its,lab,far}'::text[]) u,"
	" generate_series(1, 4) n;"
	"INSERT INTO asset (asset_no, institution, name, state, created_by)"
	" SELECT 'D' || c, c, '下書き', 'draft', 'other.' || c"
	" FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO asset_user (user_no, institution, asset, person)"
	" SELECT 'U' || c, c, upper(left(c, 1)) || 'far4', 'user.' || c"
	" FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO external_media (media_no, institution, unit, name, confidentiality,"
	" users_text, custodian, state, created_by)"
	" SELECT upper(left(c, 1)) || 'm' || n, c, c || '-its', 'USB', n, '全員', 'admin.' "
	"|| c, 'stored', 'other.' || c FROM unnest('{hoshi,umi}'::text[]) c,"
	" generate_series(1, 4) n;"
	"INSERT INTO policy (institution, name, days) SELECT c, 'inventory', 200"
	" FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO rating_level (institution, axis, level, label_ja) SELECT c,"
	" 'integrity', 2, 'x'"
	" FROM unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO import (import_no, institution, person, ledger, mode, match_key, on_error,"
	" state) SELECT 'I-' || c, c, 'other.' || c, 'assets', 'create', '', 'abort', 'done'"
	" FROM unnest('{hoshi,umi}'::text[]) c;";

/* One row of everything that follows them. */
static const char register_sql[] =
	"CREATE TEMP VIEW two AS SELECT c, upper(left(c, 1)) AS l FROM"
	" unnest('{hoshi,umi}'::text[]) c;"
	"INSERT INTO contract (contract_no, institution, title, contractor, kind, confidentiality,"
	" starts_on, ends_on) SELECT 'C' || c, c, '保守', '業者', 'maintenance', 2, '2020-01-01',"
	" '2099-01-01' FROM two;"
	"INSERT INTO document (document_no, institution, kind, title, url, owner, reviewed_on)"
	" SELECT 'D' || c, c, 'procedure', '手順', 'https://x', 'iso.' || c, '2020-01-01' FROM two;"
	"INSERT INTO emergency_contact (contact_no, institution, list_kind, contact_order, person,"
	" phone, means) SELECT 'E' || c, c, 'institution', 1, 'iso.' || c, '0', '電話' FROM two;"
	"INSERT INTO network_connection (connection_no, institution, asset, network, permitted_by,"
	" permitted_on) SELECT 'N' || c, c, l || 'its1', l || 'its2', 'admin.' || c, '2020-01-01'"
	" FROM two;"
	"INSERT INTO software_allowlist (allow_no, institution, target, software_name, approved_by,"
	" reviewed_on) SELECT 'L' || c, c, 'both', 'x', 'admin.' || c, '2020-01-01' FROM two;"
	"INSERT INTO asset_software (software_no, institution, asset, software_name)"
	" SELECT 'S' || c, c, l || 'its1', 'x' FROM two;"
	"INSERT INTO request (request_no, request_type, institution, applicant, asset, rule, state,"
	" decided_by, decided_office, decided_at) SELECT 'R' || c, 'exception', c, 'admin.' || c,"
	" l || 'its1', 'REG-10', 'approved', 'iso.' || c, 'inst_ciso', '2020-01-01' FROM two;"
	"INSERT INTO exception_grant (exception_no, institution, request, rule, asset, alternative,"
	" valid_from, valid_to) SELECT 'X' || c, c, 'R' || c, 'REG-10', l || 'its1', '代替',"
	" '2020-01-01', '2020-12-31' FROM two;"
	"INSERT INTO disposal_record (disposal_no, institution, medium, method, sanitised_on,"
	" sanitised_by, confirmed_by) SELECT 'G' || c, c, l || 'm1', 'destroy', '2020-01-01',"
	" '業者', 'admin.' || c FROM two;"
	"INSERT INTO media_movement (movement_no, institution, medium, kind, person, destination,"
	" purpose, confidentiality, encrypted, out_at, due_at) SELECT 'T' || c, c, l || 'm1',"
	" 'lend', 'admin.' || c, '他所', '観測', 1, true, '2020-01-01', '2020-01-02' FROM two;"
	"INSERT INTO inventory (inventory_no, institution, title, opens_on, closes_on)"
	" SELECT 'V' || c, c, '棚卸し', '2020-01-01', '2099-01-01' FROM two;"
	"INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, status)"
	" SELECT 'K' || c, c, l || 'its1', 1, 'submitted' FROM two;"
	"UPDATE finding f SET instruction = '整備', instruction_due_on = '2099-01-01',"
	" instructed_by = 'iso.' || f.institution, instructed_office = 'iso',"
	" instructed_on = '2020-01-01';"
	"DROP VIEW two;";

void
two_begin(void)
{
	fixture_begin();
	free(fixture_sql(org_sql));
	free(fixture_sql(rows_sql));
	free(fixture_sql(register_sql));
	two_store = store_new();
}

void
two_end(void)
{
	store_free(two_store);
	fixture_end();
}

void
two_open(void)
{
	pool = fixture_pool(2, 1000, 20000);
	two_arena = arena_new();
	tx_init(&two_tx, pool, LANE_SHORT, two_arena);
}

void
two_close(void)
{
	tx_rollback(&two_tx);
	arena_free(two_arena);
	db_pool_free(pool);
}

void
two_act(const char *person, const char *office, const char *institution, const char *reach)
{
	const char *scope = arena_printf(two_arena, "{%s}", institution);

	two_tx.ctx = (struct tx_context){ .person = arena_printf(two_arena, "%s.%s", person,
		institution),
		.office = office, .scope = scope, .write_scope = scope, .reach = reach,
		.operation = "test" };
}

void
two_act_iso(void)
{
	two_act("iso", "iso", "hoshi", "iiii4");
}

/* First cell of what must succeed. */
const char *
two_one(const char *sql)
{
	PGresult *res;
	enum err e = tx_once(&two_tx, sql, NULL, &res);

	ck_assert_msg(e == OK, "%s: %s %s", sql, err_info(e)->code, two_tx.sqlstate);
	return PQntuples(res) == 0 || PQgetisnull(res, 0, 0) ? "" : PQgetvalue(res, 0, 0);
}

enum err
two_try(const char *sql)
{
	return tx_once(&two_tx, sql, NULL, NULL);
}
