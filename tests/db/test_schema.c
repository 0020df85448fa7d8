/* The descriptors against the database: neither may know a column that the other does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <org/office.h>
#include "db_fixture.h"

static const char *const types[FT__MAX] = {
	[FT_TEXT] = "text", [FT_TEXTS] = "text[]", [FT_ENUM] = "text", [FT_ENUMS] = "text[]",
	[FT_LEVEL] = "smallint", [FT_BOOL] = "boolean", [FT_DATE] = "date",
	[FT_STAMP] = "timestamp with time zone", [FT_REF] = "text", [FT_JSON] = "jsonb",
};

/* "name:type,…" of a table in order, without what the test leaves out. */
static char *
columns_of(const char *table, const char *without)
{
	char sql[1000];

	snprintf(sql, sizeof(sql), "SELECT string_agg(attname || ':' || "
		 "replace(format_type(atttypid, NULL), 'integer', 'int'), ',' ORDER BY attname) "
		 "FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT "
		 "attisdropped AND attname <> ALL ('{%s}')", table, without);
	return fixture_sql(sql);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The same from the descriptor; integers are int or smallint, as the table likes. */
static bool
same(const struct ledger *l, const char *actual)
{
	char *names[FIELDS_MAX], want[200];
	struct buf b;
	bool equal;
	size_t i;

	buf_init(&b, 64 * 1024);
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		const char *type = types[f->type];

		if (f->type == FT_INT) {
			snprintf(want, sizeof(want), "%s:smallint", f->name);
			type = strstr(actual, want) != NULL ? "smallint" : "int";
		}
		snprintf(want, sizeof(want), "%s:%s", f->name, type);
		names[i] = xstrdup(want);
	}
	qsort(names, l->count, sizeof(*names), by_name);
	for (i = 0; i < l->count; i++) {
		buf_addf(&b, "%s%s", i == 0 ? "" : ",", names[i]);
		free(names[i]);
	}
	equal = strcmp(buf_text(&b), actual) == 0;
	if (!equal)
		printf("descriptor: %s\ndatabase:   %s\n", buf_text(&b), actual);
	buf_release(&b);
	return equal;
}

START_TEST(tables_are_the_descriptors)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char *actual = columns_of(l->table, "search");

	ck_assert(same(l, actual));
	free(actual);
}
END_TEST

START_TEST(waiting_rooms_are_the_descriptors)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char name[100], *actual;

	if (l->id == LEDGER_FINDING)
		return; /* follows from the others: no table brings rows of it */
	snprintf(name, sizeof(name), "%s_staging", l->table);
	actual = columns_of(name, "search,import_no,line,bad,found,act");
	ck_assert(same(l, actual));
	free(actual);
}
END_TEST

START_TEST(an_extra_column_is_noticed)
{
	char *actual;

	free(fixture_sql("CREATE TABLE scratch (LIKE area); ALTER TABLE scratch ADD more text"));
	actual = columns_of("scratch", "search");
	free(fixture_sql("DROP TABLE scratch"));
	ck_assert(!same(&ledger_area, actual));
	free(actual);
}
END_TEST

/* What is described as never empty cannot be. */
START_TEST(what_is_never_empty_is_not_null)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char sql[400], *found;
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (!field_never_empty(l, &l->fields[i]))
			continue;
		snprintf(sql, sizeof(sql), "SELECT attnotnull FROM pg_attribute WHERE attrelid = "
			 "'%s'::regclass AND attname = '%s'", l->table, l->fields[i].name);
		found = fixture_sql(sql);
		ck_assert_msg(str_eq(found, "t"), "%s.%s may be empty", l->table,
			      l->fields[i].name);
		free(found);
	}
}
END_TEST

/* Quoted words of the CHECK constraint of one column. */
static size_t
quoted(const char *definition)
{
	size_t n = 0;

	for (; (definition = strstr(definition, "'")) != NULL; definition++)
		n++;
	return n / 2;
}

START_TEST(choices_are_the_constraints)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	const struct choice *c;
	char sql[400], word[120], *definition;
	size_t i, n;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (f->type != FT_ENUM && f->type != FT_ENUMS)
			continue;
		snprintf(sql, sizeof(sql), "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
			 "WHERE conname = '%s_%s_check'", l->table, f->name);
		definition = fixture_sql(sql);
		ck_assert_msg(definition != NULL, "%s.%s has no CHECK", l->table, f->name);
		for (n = 0, c = f->choices; c->value != NULL; c++, n++) {
			snprintf(word, sizeof(word), "'%s'", c->value);
			ck_assert_msg(strstr(definition, word) != NULL, "%s.%s: %s", l->table,
				      f->name, word);
		}
		ck_assert_uint_eq(quoted(definition), n);
		free(definition);
	}
}
END_TEST

START_TEST(references_are_foreign_keys)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char sql[400], *found;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (f->type != FT_REF || !field_writable(f))
			continue;
		snprintf(sql, sizeof(sql), "SELECT confrelid::regclass FROM pg_constraint WHERE "
			 "conname = '%s_%s_ref'", l->table, f->name);
		found = fixture_sql(sql);
		ck_assert_msg(found != NULL, "%s.%s has no foreign key", l->table, f->name);
		ck_assert_str_eq(found, ledger_get(f->ref)->table);
		free(found);
	}
}
END_TEST

START_TEST(search_columns_are_flagged)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char sql[400], word[80], *made;
	size_t i;

	snprintf(sql, sizeof(sql), "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef d JOIN "
		 "pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE attname = "
		 "'search' AND attrelid = '%s'::regclass", l->table);
	made = fixture_sql(sql);
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		bool there;

		snprintf(word, sizeof(word), "%s", f->name);
		there = made != NULL && strstr(made, word) != NULL;
		if (f->flags & FF_SEARCH)
			ck_assert_msg(there, "%s.%s is not searched", l->table, f->name);
	}
	free(made);
}
END_TEST

START_TEST(every_ledger_is_audited)
{
	const struct ledger *l = ledger_get((enum ledger_id)_i);
	char sql[300], *n;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM pg_trigger WHERE tgrelid = "
		 "'%s'::regclass AND tgname IN ('audit_insert', 'audit_update', 'audit_delete', "
		 "'audit_instruction') AND tgenabled = 'O'", l->table);
	n = fixture_sql(sql);
	/* of what is derived, the act of an office alone */
	ck_assert_str_eq(n, l->id == LEDGER_FINDING ? "1" : "3");
	free(n);
}
END_TEST

START_TEST(offices_are_the_choices)
{
	const struct field *f = ledger_field(&ledger_office, "office");
	const struct choice *c;
	int n = 0;

	for (c = f->choices; c->value != NULL; c++, n++)
		ck_assert_msg(office_find(c->value) != OFFICE__MAX, "%s", c->value);
	ck_assert_int_eq(n, OFFICE__MAX);
}
END_TEST

START_TEST(migrating_again_does_nothing)
{
	const char *why = NULL;
	int done = -1;

	ck_assert_msg(db_migrate(fixture_owner(), fixture_more(), &done, &why), "%s", why);
	ck_assert_int_eq(done, 0);
}
END_TEST

START_TEST(a_changed_migration_is_refused)
{
	const char *why = NULL;
	int done = -1;
	char *kept = fixture_sql("SELECT sha256 FROM schema_migration ORDER BY path LIMIT 1");
	char sql[300];

	free(fixture_sql("UPDATE schema_migration SET sha256 = 'x' WHERE path = (SELECT min(path) "
			 "FROM schema_migration); UPDATE schema_state SET fingerprint = 'old'"));
	ck_assert(!db_migrate(fixture_owner(), fixture_more(), &done, &why));
	ck_assert_ptr_nonnull(strstr(why, "never changed"));
	ck_assert_int_eq(done, -1);
	snprintf(sql, sizeof(sql), "UPDATE schema_migration SET sha256 = '%s' WHERE path = (SELECT "
		 "min(path) FROM schema_migration)", kept);
	free(fixture_sql(sql));
	free(kept);
	ck_assert_msg(db_migrate(fixture_owner(), fixture_more(), &done, &why), "%s", why);
}
END_TEST

START_TEST(a_foreign_schema_is_noticed)
{
	struct db_pool *pool = fixture_pool(1, 1000, 5000);
	struct arena *arena = arena_new();
	const char *why = NULL;
	struct tx tx;
	char *kept = fixture_sql("SELECT fingerprint FROM schema_state");
	char sql[200];

	tx_init(&tx, pool, LANE_SHORT, arena);
	ck_assert_int_eq(db_schema_check(&tx, fixture_more(), &why), OK);
	free(fixture_sql("UPDATE schema_state SET fingerprint = 'of tomorrow'"));
	ck_assert_int_eq(db_schema_check(&tx, fixture_more(), &why), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(why, "daicho migrate"));
	snprintf(sql, sizeof(sql), "UPDATE schema_state SET fingerprint = '%s'", kept);
	free(fixture_sql(sql));
	free(kept);
	arena_free(arena);
	db_pool_free(pool);
}
END_TEST

START_TEST(a_role_that_may_too_much_is_refused)
{
	struct db_conf conf = { .conninfo = fixture_owner(), .size = { 1, 1 }, .wait_ms = 1000,
		.timeout_ms = { 5000, 5000 } };
	struct db_pool *pool = db_pool_new(&conf);
	struct arena *arena = arena_new();
	const char *why = NULL;
	struct tx tx;

	tx_init(&tx, pool, LANE_SHORT, arena);
	ck_assert_int_eq(db_schema_check(&tx, fixture_more(), &why), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(why, "daicho_app"));
	arena_free(arena);
	db_pool_free(pool);
}
END_TEST

#define LOCAL "SELECT set_config('daicho.person', 'x', true), set_config('daicho.scope', '{*}', " \
	"true); "

/* The daemon's role writes rows, but neither the record of them nor round the rules. */
static const struct {
	const char *sql, *state;
} forbidden[] = {
	{ "INSERT INTO audit_event (action, object_type, object, version) VALUES ('insert', 'x', "
	  "'x', 1)", "42501" },
	{ "UPDATE audit_event SET person = 'x'", "42501" },
	{ "DELETE FROM audit_event", "42501" },
	{ "TRUNCATE audit_event", "42501" },
	{ "TRUNCATE asset", "42501" },
	{ "ALTER TABLE asset DISABLE TRIGGER ALL", "42501" },
	{ "UPDATE rule SET predicate = 'false'", "42501" },
	{ "DELETE FROM token", "42501" },
	{ "CREATE TABLE mine (x int)", "42501" },
	{ "SET ROLE daicho_owner", "42501" },
	{ "INSERT INTO asset (institution) VALUES ('none')", "42501" },
	{ LOCAL "INSERT INTO asset (institution, state) VALUES ('none', 'in_operation')", "DR001" },
	{ LOCAL "INSERT INTO asset (institution) VALUES ('none')", "23503" },
};

START_TEST(the_app_role_may_not)
{
	char state[6];

	fixture_refused(fixture_app(), forbidden[_i].sql, state);
	/* a foreign key is checked after the rules or before: both refuse */
	if (strcmp(forbidden[_i].state, "DR001") == 0 && strcmp(state, "23503") == 0)
		return;
	ck_assert_str_eq(state, forbidden[_i].state);
}
END_TEST

START_TEST(the_app_role_may)
{
	struct db_pool *pool = fixture_pool(1, 1000, 5000);
	struct arena *arena = arena_new();
	PGresult *res;
	struct tx tx;

	tx_init(&tx, pool, LANE_SHORT, arena);
	ck_assert_int_eq(tx_once(&tx, "SELECT count(*) FROM asset", NULL, &res), OK);
	ck_assert_int_eq(tx_once(&tx, "SELECT count(*) FROM audit_event", NULL, &res), OK);
	arena_free(arena);
	db_pool_free(pool);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("schema");
	TCase *t = tcase_create("schema");

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, fixture_begin, fixture_end);
	tcase_add_loop_test(t, tables_are_the_descriptors, 0, LEDGER__MAX);
	tcase_add_loop_test(t, waiting_rooms_are_the_descriptors, 0, LEDGER__MAX);
	tcase_add_test(t, an_extra_column_is_noticed);
	tcase_add_loop_test(t, what_is_never_empty_is_not_null, 0, LEDGER__MAX);
	tcase_add_loop_test(t, choices_are_the_constraints, 0, LEDGER__MAX);
	tcase_add_loop_test(t, references_are_foreign_keys, 0, LEDGER__MAX);
	tcase_add_loop_test(t, search_columns_are_flagged, 0, LEDGER__MAX);
	tcase_add_loop_test(t, every_ledger_is_audited, 0, LEDGER__MAX);
	tcase_add_test(t, offices_are_the_choices);
	tcase_add_test(t, migrating_again_does_nothing);
	tcase_add_test(t, a_changed_migration_is_refused);
	tcase_add_test(t, a_foreign_schema_is_noticed);
	tcase_add_test(t, a_role_that_may_too_much_is_refused);
	tcase_add_loop_test(t, the_app_role_may_not, 0, (int)ARRAY_SIZE(forbidden));
	tcase_add_test(t, the_app_role_may);
	suite_add_tcase(s, t);
	return suite_run(s);
}
