/*
 * Offices: rules of mode R on every path into the table (SQL as the daemon's role, the store, an
 * import), revocations, terms by a moved clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <check.h>

#include <base/clock.h>
#include <exchange/import.h>
#include <org/appointing.h>
#include "office_help.h"

/* "@0" … "@-30" → that day from today. */
static const char *
expand(struct arena *arena, const char *cell)
{
	char sql[100], *day;
	const char *copy;

	if (cell[0] != '@')
		return cell;
	snprintf(sql, sizeof(sql), "SELECT (current_date + (%s))::text", cell + 1);
	day = fixture_sql(sql);
	copy = arena_strdup(arena, day);
	free(day);
	return copy;
}

#define COLUMNS 10
static const char *const columns[COLUMNS] = { "person", "office", "institution", "unit",
	"scope_note", "range_units", "delegable_powers", "term_from", "term_to", "appointed_by" };

struct act {
	const char *who;
	const char *cell[COLUMNS];
};

static const struct wrong {
	struct act act;
	const char *code;
} wrong[] = {
	{ { "boss", { "alice", "deputy_iso", "nao", "", "s", "nao-top", "instruct", "@0", "",
	  "boss" } }, "ROLE-01" },
	{ { "boss", { "alice", "deputy_iso", "nao", "", "", "nao-top", "instruct", "@0", "@30",
	  "boss" } }, "ROLE-01" },
	{ { "boss", { "alice", "deputy_iso", "nao", "", "s", "", "instruct", "@0", "@30",
	  "boss" } }, "ROLE-01" },
	{ { "boss", { "alice", "deputy_iso", "nao", "", "s", "nao-top", "", "@0", "@30",
	  "boss" } }, "ROLE-01" },
	{ { "iso", { "alice", "deputy_iso", "nao", "", "s", "nao-top", "instruct", "@0", "@30",
	  "iso" } }, "ROLE-01" },
	{ { "iso", { "alice", "sysadmin", "nao", "", "s", "", "", "@0", "", "iso" } }, "ROLE-02" },
	{ { "iso", { "alice", "iso", "nao", "", "", "", "", "@0", "", "iso" } }, "ROLE-02" },
	{ { "other_boss", { "alice", "sysadmin", "nao", "", "s", "", "", "@0", "",
	  "other_boss" } }, "ROLE-02" },
	{ { "boss", { "alice", "sysadmin", "nao", "", "s", "", "", "2019-12-31", "",
	  "boss" } }, "ROLE-02" },
	{ { "bob", { "alice", "csirt_leader", "nao", "", "", "", "", "@0", "", "bob" } },
	  "ROLE-02" },
	{ { "bob", { "alice", "qualification_checker", "nao", "", "", "", "", "@0", "",
	  "bob" } }, "ROLE-02" },
	{ { "chief", { "alice", "general_iso", "", "", "", "", "", "@0", "", "chief" } },
	  "ROLE-07" },
	{ { "chief", { "other_iso", "general_iso", "", "", "", "", "", "@0", "", "chief" } },
	  "ROLE-07" },
	{ { "chief", { "alice", "general_csirt_leader", "", "", "", "", "", "@0", "",
	  "chief" } }, "ROLE-08" },
	{ { "bob", { "alice", "ism", "nao", "nao-top", "", "", "", "@0", "", "bob" } }, "ROLE-20" },
	{ { "boss", { "alice", "auditor", "nao", "", "", "", "", "@0", "", "boss" } }, "ROLE-20" },
	{ { "other_iso", { "alice", "staff", "nao", "", "", "", "", "@0", "", "other_iso" } },
	  "ROLE-20" },
	{ { "chief", { "alice", "ciso", "", "", "", "", "", "@0", "", "chief" } }, "ROLE-21" },
	{ { "chief", { "alice", "inst_ciso", "nao", "", "", "", "", "@0", "", "chief" } },
	  "ROLE-21" },
	{ { "boss", { "alice", "important_admin", "nao", "", "", "", "", "@0", "", "boss" } },
	  "ROLE-22" },
	{ { "boss", { "alice", "deputy_iso", "nao", "", "s", "nao-top", "instruct", "@0",
	  "@30", "boss" } }, "ROLE-22" },
	{ { "boss", { "boss", "sysadmin", "nao", "", "s", "", "", "@0", "", "boss" } }, "ROLE-23" },
	{ { "alice", { "alice", "sysadmin", "nao", "", "s", "", "", "@0", "", "boss" } },
	  "ROLE-23" },
	{ { "bob", { "alice", "sysadmin", "nao", "", "s", "", "", "@0", "", "boss" } }, "ROLE-24" },
	{ { NULL, { "alice", "sysadmin", "nao", "", "s", "", "", "@0", "", "boss" } }, "ROLE-24" },
	{ { "boss", { "alice", "csirt_member", "", "", "", "", "", "@0", "", "boss" } },
	  "ROLE-25" },
	{ { "chief", { "alice", "committee_member", "nao", "", "", "", "", "@0", "",
	  "chief" } }, "ROLE-25" },
	{ { "iso", { "alice", "ism", "nao", "", "", "", "", "@0", "", "iso" } }, "ROLE-26" },
	{ { "boss", { "alice", "sysadmin", "nao", "", "", "", "", "@0", "", "boss" } }, "ROLE-27" },
	{ { "iso", { "alice", "operator", "nao", "", "", "", "", "@0", "", "iso" } }, "ROLE-27" },
	{ { "boss", { "alice", "sysadmin", "nao", "", "s", "nifs-top", "", "@0", "",
	  "boss" } }, "ROLE-28" },
	{ { "boss", { "gone", "sysadmin", "nao", "", "s", "", "", "@0", "", "boss" } }, "ROLE-29" },
};

static const struct act right[] = {
	{ "boss", { "alice", "sysadmin", "nao", "", "s", "nao-top", "", "@0", "", "boss" } },
	{ "boss", { "alice", "sysadmin", "nao", "nao-mid", "s", "", "", "@-30", "@300", "boss" } },
	{ "boss", { "bob", "iso", "nao", "", "", "", "", "@30", "", "boss" } },
	{ "boss", { "alice", "csirt_leader", "nao", "", "", "", "", "@0", "", "boss" } },
	{ "boss", { "alice", "qualification_checker", "nao", "", "", "", "", "@0", "", "boss" } },
	{ "boss", { "alice", "csirt_member", "nao", "", "", "", "", "@0", "", "boss" } },
	{ "boss", { "alice", "zta_lead", "nao", "", "", "", "", "@0", "", "boss" } },
	{ "boss", { "alice", "incident_desk", "nao", "", "", "", "", "@0", "", "boss" } },
	{ "iso", { "alice", "ism", "nao", "nao-mid", "", "", "", "@0", "", "iso" } },
	{ "boss", { "alice", "ism", "nao", "nao-mid", "", "", "", "@0", "", "boss" } },
	{ "iso", { "alice", "operator", "nao", "", "s", "", "", "@0", "", "iso" } },
	{ "iso", { "alice", "registry_admin", "nao", "", "", "", "", "@0", "", "iso" } },
	{ "chief", { "iso", "general_iso", "", "", "", "", "", "@0", "", "chief" } },
	{ "chief", { "leader", "general_csirt_leader", "", "", "", "", "", "@0", "", "chief" } },
	{ "chief", { "alice", "audit_chief", "nao", "", "", "", "", "@0", "", "chief" } },
	{ "chief", { "alice", "advisor", "nao", "", "", "", "", "@0", "", "chief" } },
	{ "chief", { "alice", "committee_member", "", "", "", "", "", "@0", "", "chief" } },
	{ "chief", { "alice", "corporate_desk", "", "", "", "", "", "@0", "", "chief" } },
};

static void
say_faults(struct try *t, const struct faults *f)
{
	struct buf b;

	buf_init(&b, 64 * 1024);
	faults_json(f, LANG_EN, &b);
	t->text = arena_strdup(t->arena, buf_text(&b));
	buf_release(&b);
}

static const char *
document(struct try *t, const struct act *a)
{
	struct buf b;
	const char *text;
	int i;

	buf_init(&b, 8192);
	for (i = 0; i < COLUMNS; i++) {
		if (a->cell[i][0] == '\0')
			continue;
		buf_addf(&b, "%c\"%s\":\"", b.len == 0 ? '{' : ',', columns[i]);
		buf_addf(&b, i == 5 || i == 6 ? "{%s}\"" : "%s\"", expand(t->arena, a->cell[i]));
	}
	buf_addc(&b, '}');
	text = arena_strdup(t->arena, buf_text(&b));
	buf_release(&b);
	return text;
}

/* What anybody with the daemon's connection could type. */
static enum err
by_sql(struct try *t, const struct act *a)
{
	static const char sql[] =
		"INSERT INTO role_assignment (person, office, institution, unit, scope_note,"
		" range_units, delegable_powers, term_from, term_to, appointed_by, bootstrap,"
		" created_by, appointed_on, appointment_request)"
		" SELECT person, office, institution, unit, scope_note, range_units,"
		" delegable_powers, term_from, term_to, appointed_by, true, appointed_by,"
		" '2021-01-01', 'R1' FROM jsonb_populate_record(NULL::role_assignment, $1::jsonb)";
	struct tx_args args = { .n = 1, .v = { document(t, a) } };
	PGresult *res;
	enum err e = tx_begin(&t->tx);

	if (e == OK)
		e = tx_run(&t->tx, sql, &args, &res);
	if (t->tx.detail != NULL)
		t->text = t->tx.detail;
	tx_rollback(&t->tx);
	return e;
}

static enum err
by_store(struct try *t, const struct act *a)
{
	struct record r = { .ledger = &ledger_office };
	PGresult *res;
	enum err e = tx_begin(&t->tx);
	int i;

	for (i = 0; i < COLUMNS; i++) {
		size_t at = field_index(r.ledger, ledger_field(r.ledger, columns[i]));

		if (a->cell[i][0] == '\0')
			continue;
		r.given[at] = true;
		r.value[at] = i == 5 || i == 6 ? arena_printf(t->arena, "{%s}", a->cell[i]) :
			expand(t->arena, a->cell[i]);
	}
	if (e == OK)
		e = store_appoint(offices_store(), &t->tx, &r, &t->faults, &res);
	if (e == OK)
		ck_assert_str_eq(tx_text(res, 0, (int)field_index(r.ledger,
			ledger_field(r.ledger, "bootstrap"))), "f");
	say_faults(t, &t->faults);
	tx_rollback(&t->tx);
	return e;
}

static enum err
by_import(struct try *t, const struct act *a)
{
	struct import_options o = { .ledger = &ledger_office, .mode = IMPORT_CREATE,
		.on_error = ON_ERROR_ABORT, .separator = ',', .scope = "{*}", .person = "x" };
	struct import_report report;
	int fd = memfd_create("offices", 0), i;
	enum err e;

	for (i = 0; i < COLUMNS; i++)
		dprintf(fd, "%s%s", columns[i], i == COLUMNS - 1 ? "\r\n" : ",");
	for (i = 0; i < COLUMNS; i++)
		dprintf(fd, "%s%s", expand(t->arena, a->cell[i]), i == COLUMNS - 1 ? "\r\n" : ",");
	lseek(fd, 0, SEEK_SET);
	e = tx_begin(&t->tx);
	if (e == OK)
		e = import_run(offices_store(), &t->tx, &o, fd, &report);
	say_faults(t, &report.faults);
	tx_rollback(&t->tx);
	close(fd);
	return e == ERR_INVALID ? ERR_RULES : e;
}

static enum err (*const paths[])(struct try *, const struct act *) = { by_sql, by_store,
	by_import };

START_TEST(the_wrong_is_refused_on_every_path)
{
	const struct wrong *w = &wrong[_i];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		struct try t;
		enum err e;

		try_begin(&t, w->act.who);
		e = paths[i](&t, &w->act);
		ck_assert_msg(e == ERR_RULES && strstr(t.text, w->code) != NULL,
			      "case %d path %zu: %s %s instead of %s", _i, i, err_info(e)->code,
			      t.text, w->code);
		arena_free(t.arena);
	}
}
END_TEST

START_TEST(the_right_is_taken_on_every_path)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		struct try t;
		enum err e;

		try_begin(&t, right[_i].who);
		e = paths[i](&t, &right[_i]);
		ck_assert_msg(e == OK, "case %d path %zu: %s %s", _i, i, err_info(e)->code, t.text);
		arena_free(t.arena);
	}
}
END_TEST

/* The appointer's own term counts on the day of the act. */
START_TEST(who_is_out_of_office_appoints_nobody)
{
	struct act a = right[0];
	struct try t;

	free(fixture_sql("INSERT INTO role_assignment (person, office, institution, term_from,"
			 " term_to, appointed_by) VALUES ('carol', 'inst_ciso', 'nao',"
			 " '2020-01-01',"
			 " current_date + 10, 'chief')"));
	a.who = a.cell[9] = "carol";
	try_begin(&t, "carol");
	ck_assert_int_eq(by_store(&t, &a), OK);
	clock_set_offset_s(20 * DAY);
	a.cell[7] = "@20";
	ck_assert_int_eq(by_store(&t, &a), ERR_RULES);
	ck_assert_ptr_nonnull(strstr(t.text, "ROLE-02"));
	clock_set_offset_s(0);
	arena_free(t.arena);
	free(fixture_sql("UPDATE role_assignment SET revoked_on = current_date, revoke_reason = 'x'"
			 " WHERE person = 'carol'"));
}
END_TEST

START_TEST(terms_follow_the_clock)
{
	static const char now[] = "SELECT has_office('bob', 'sysadmin', 'nao', act_today())";

	free(fixture_sql("INSERT INTO role_assignment (person, office, institution, scope_note,"
			 " term_from, term_to, appointed_by) VALUES ('bob', 'sysadmin', 'nao', 's',"
			 " current_date + 10, current_date + 20, 'boss')"));
	ck_assert(!try_ask("bob", now));
	clock_set_offset_s(9 * DAY);
	ck_assert(!try_ask("bob", now));
	clock_set_offset_s(10 * DAY);
	ck_assert(try_ask("bob", now));
	clock_set_offset_s(20 * DAY);
	ck_assert(try_ask("bob", now));
	clock_set_offset_s(21 * DAY);
	ck_assert(!try_ask("bob", now));
	clock_set_offset_s(15 * DAY);
	free(fixture_sql("UPDATE role_assignment SET revoked_on = current_date + 15,"
			 " revoke_reason = 'x' WHERE person = 'bob' AND office = 'sysadmin'"));
	ck_assert(!try_ask("bob", now));
	ck_assert(try_ask("bob", "SELECT has_office('bob', 'sysadmin', 'nao', current_date + 14)"));
	clock_set_offset_s(0);
}
END_TEST

START_TEST(the_disabled_hold_nothing)
{
	static const char iso[] = "SELECT has_office('other_iso', 'iso', 'nifs', act_today())";

	ck_assert(try_ask("iso", iso));
	ck_assert(!try_ask("iso", "SELECT has_office('other_iso', 'iso', 'nao', act_today())"));
	free(fixture_sql("UPDATE person SET left_on = current_date WHERE login = 'other_iso'"));
	ck_assert(try_ask("iso", iso));
	clock_set_offset_s(DAY);
	ck_assert(!try_ask("iso", iso));
	clock_set_offset_s(0);
	free(fixture_sql("UPDATE person SET active = false WHERE login = 'other_iso'"));
	ck_assert(!try_ask("iso", iso));
	ck_assert(try_ask("iso", "SELECT has_office('other_iso', 'iso', 'nifs', current_date -"
		" 1)"));
	free(fixture_sql("UPDATE person SET active = true, left_on = NULL"
			 " WHERE login = 'other_iso'"));
	ck_assert(try_ask("iso", iso));
}
END_TEST

/* An appointment is ended, and nothing else is done to it. */
static const struct {
	const char *who, *sql, *state;
} edits[] = {
	{ "boss", "UPDATE role_assignment SET term_to = '2099-01-01'", "DR002" },
	{ "boss", "UPDATE role_assignment SET person = 'bob'", "DR002" },
	{ "boss", "UPDATE role_assignment SET bootstrap = false", "DR002" },
	{ "boss", "UPDATE role_assignment SET revoked_on = current_date, revoke_reason = 'x',"
	  " office = 'iso'", "DR002" },
	{ "boss", "UPDATE role_assignment SET revoked_on = current_date - 1, revoke_reason = 'x'",
	  "DR001" },
	{ "boss", "UPDATE role_assignment SET revoked_on = current_date WHERE person = 'leader'",
	  "23514" },
	{ "iso", "UPDATE role_assignment SET revoked_on = current_date, revoke_reason = 'x'"
	  " WHERE person = 'leader'", "DR001" },
	{ "boss", "UPDATE role_assignment SET revoked_on = current_date, revoke_reason = 'x'"
	  " WHERE person = 'boss'", "DR001" },
	{ "boss", "DELETE FROM role_assignment", "42501" },
	{ "boss", "SELECT set_config('daicho.operation', 'bootstrap', true)", NULL },
	{ "boss", "UPDATE access_review SET comment = 'x'", "42501" },
	{ "boss", "DELETE FROM access_review", "42501" },
};

START_TEST(past_appointments_are_not_changed)
{
	struct try t;
	PGresult *res;

	try_begin(&t, edits[_i].who);
	ck_assert_int_eq(tx_begin(&t.tx), OK);
	if (edits[_i].state == NULL) {
		ck_assert_int_eq(tx_run(&t.tx, edits[_i].sql, NULL, &res), OK);
		ck_assert_int_eq(tx_run(&t.tx, "INSERT INTO role_assignment (person, office,"
			" term_from, appointed_by, bootstrap) VALUES ('alice', 'ciso',"
			" current_date,"
			" 'boss', true)", NULL, &res), ERR_RULES);
	} else {
		ck_assert_int_ne(tx_run(&t.tx, edits[_i].sql, NULL, &res), OK);
		ck_assert_str_eq(t.tx.sqlstate, edits[_i].state);
	}
	tx_rollback(&t.tx);
	arena_free(t.arena);
}
END_TEST

START_TEST(a_revocation_counts_from_its_day)
{
	struct try t;
	PGresult *res;
	const char *no, *version;

	try_begin(&t, "boss");
	ck_assert_int_eq(tx_begin(&t.tx), OK);
	ck_assert_int_eq(tx_run(&t.tx, "SELECT office_no, row_version FROM role_assignment WHERE"
				" person = 'leader' AND office = 'csirt_leader'", NULL, &res), OK);
	no = PQgetvalue(res, 0, 0);
	version = PQgetvalue(res, 0, 1);
	ck_assert_int_eq(store_revoke(offices_store(), &t.tx, no, "99", NULL, "moved",
		&t.faults, &res),
			 ERR_PRECONDITION_FAILED);
	ck_assert_int_eq(store_revoke(offices_store(), &t.tx, no, version, NULL, "moved",
		&t.faults, &res),
			 OK);
	ck_assert_int_eq(tx_run(&t.tx, "SELECT NOT has_office('leader', 'csirt_leader', 'nao',"
		" act_today()) AND has_office('leader', 'csirt_leader', 'nao', act_today() - 1)"
		" AND (SELECT reason = 'moved' FROM audit_event WHERE object_type ="
		" 'role_assignment' ORDER BY id DESC LIMIT 1)", NULL, &res), OK);
	ck_assert_str_eq(PQgetvalue(res, 0, 0), "t");
	tx_rollback(&t.tx);
	arena_free(t.arena);
}
END_TEST

/* The table of src/org/appointing.c and that of the database are one. */
START_TEST(both_tables_of_appointers_agree)
{
	char sql[200], *found;
	enum office o = (enum office)_i;
	const struct appointing *a = appointing_to(o);
	int i, n = 0;

	for (i = 0; i < OFFICE__MAX; i++) {
		bool here;

		if (!(a->by & OFFICE_BIT(i)))
			continue;
		snprintf(sql, sizeof(sql), "SELECT '%s' = ANY (appointing('%s'))",
			 office_info((enum office)i)->code, office_info(o)->code);
		found = fixture_sql(sql);
		here = strcmp(found, "t") == 0;
		free(found);
		ck_assert_msg(here, "%s", sql);
		n++;
	}
	snprintf(sql, sizeof(sql), "SELECT cardinality(appointing('%s')) = %d AND"
		 " office_needs_request('%s') = %s AND office_is_corporate('%s') = %s",
		 office_info(o)->code, n, office_info(o)->code, a->request ? "true" : "false",
		 office_info(o)->code, office_info(o)->everywhere ? "true" : "false");
	found = fixture_sql(sql);
	ck_assert_msg(strcmp(found, "t") == 0, "%s", sql);
	free(found);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("offices");
	TCase *t = tcase_create("offices");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, offices_begin, offices_end);
	tcase_add_loop_test(t, the_wrong_is_refused_on_every_path, 0, (int)ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, the_right_is_taken_on_every_path, 0, (int)ARRAY_SIZE(right));
	tcase_add_test(t, who_is_out_of_office_appoints_nobody);
	tcase_add_test(t, terms_follow_the_clock);
	tcase_add_test(t, the_disabled_hold_nothing);
	tcase_add_loop_test(t, past_appointments_are_not_changed, 0, (int)ARRAY_SIZE(edits));
	tcase_add_test(t, a_revocation_counts_from_its_day);
	tcase_add_loop_test(t, both_tables_of_appointers_agree, 0, OFFICE__MAX);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
