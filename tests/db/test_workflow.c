/*
 * Applications in the database: who may take which step, exhaustively against the tables in C;
 * decisions at the same time; expiry.  A random walk: test_workflow_walk.c.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/clock.h>
#include <workflow/act.h>
#include <workflow/kind.h>
#include "office_help.h"

/* Everybody holds everything they may: "p_<office>"; parties are named by their part. */
static const char people_sql[] =
	"BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER USER;"
	"INSERT INTO person (login, institution, name_ja, email, unit, person_kind) SELECT"
	" l, 'nao', l,"
	" 'a@example.jp', 'nao-mid', 'employee' FROM"
	" unnest('{applicant,subject,nobody}'::text[]) l;"
	"INSERT INTO person (login, institution, name_ja, email, unit, person_kind) SELECT"
	" 'p_' || o,"
	" 'nao', o, 'a@example.jp', 'nao-mid', 'employee' FROM unnest(ARRAY(SELECT m[1] FROM"
	" regexp_matches((SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname ="
	" 'role_assignment_office_check'), '''([a-z_]+)''', 'g') m)) o;"
	"INSERT INTO role_assignment (person, office, institution, unit, range_units,"
	" delegable_powers, term_from, term_to, appointed_by, appointed_on) SELECT login,"
	" substr(login, 3), CASE WHEN office_is_corporate(substr(login, 3)) THEN NULL ELSE"
	" 'nao' END,"
	" CASE login WHEN 'p_ism' THEN 'nao-top' END, CASE login WHEN 'p_deputy_iso' THEN"
	" '{nao-top}'::text[] END, CASE login WHEN 'p_deputy_iso' THEN"
	" '{area_designation,keep_ledgers}'::text[] END, '2020-01-01', '2099-01-01', 'boss',"
	" '2020-01-01' FROM person WHERE login LIKE 'p\\_%';"
	"ALTER TABLE role_assignment ENABLE TRIGGER USER; COMMIT;";

static void
begin(void)
{
	offices_begin();
	free(fixture_sql(people_sql));
}

/* ---- every (kind, state, action, office, relation of persons) ------------------------------- */

static const char *const states[] = { "draft", "submitted", "returned", "reviewing", "blocked",
	"awaiting_confirmation", "approved", "rejected", "withdrawn", "expired", "revoked",
	"completed" };

/* Who tries: an office on no side, and holders of all offices on each side. */
enum relation { STRANGER, APPLICANT, SUBJECT, ON_BEHALF, RELATION__MAX };

struct walk {
	const char *state, *action;
	const struct workflow_step *found;
	struct workflow_step kept;
};

static void
look(void *arg, const struct workflow_kind *k, const struct workflow_step *s)
{
	struct walk *w = arg;

	(void)k;
	if (strcmp(s->from, w->state) == 0 && strcmp(s->action, w->action) == 0) {
		w->kept = *s;
		w->found = &w->kept;
	}
}

static enum office
above(enum office o)
{
	switch (o) {
	case OFFICE_ISM:
	case OFFICE_SYSADMIN:
		return OFFICE_ISO;
	case OFFICE_ISO:
		return OFFICE_INST_CISO;
	case OFFICE_INST_CISO:
		return OFFICE_CISO;
	default:
		return OFFICE__MAX;
	}
}

/* A deputy acts only where one of his powers covers the kind. */
static bool
named(const struct workflow_kind *k, const struct workflow_step *s, enum office o)
{
	bool anyhow = strcmp(s->action, "return") == 0 || strcmp(s->action, "unavoidable") == 0;

	return (s->offices & OFFICE_BIT(o)) && (!(s->who & WHO_ASSIGNED) || anyhow) &&
		(o != OFFICE_DEPUTY_ISO || k->power != NULL);
}

static bool
approves(const struct workflow_kind *k, const struct workflow_step *s, enum office o)
{
	if (!(s->who & WHO_APPROVER))
		return false;
	return o == k->approver ||
		(k->approver == OFFICE_ISO && o == OFFICE_DEPUTY_ISO && k->power != NULL) ||
		(strcmp(s->action, "revoke") == 0 && o == above(k->approver));
}

static bool
confirms(const struct workflow_kind *k, const struct workflow_step *s, enum office o)
{
	if (!(s->who & WHO_CONFIRMER))
		return false;
	return k->approver == OFFICE__MAX ? o == OFFICE_INST_CISO || o == OFFICE_CISO :
		o == OFFICE_ISO || o == above(k->approver);
}

/* From the table and the requirements alone, in C: is the office one that takes this step? */
static bool
office_takes(const struct workflow_kind *k, const struct workflow_step *s, enum office o)
{
	return named(k, s, o) || approves(k, s, o) || confirms(k, s, o);
}

static bool
relation_allows(const struct workflow_step *s, enum relation r)
{
	if ((r == APPLICANT || r == ON_BEHALF) && (s->not_same & NOT_APPLICANT))
		return false;
	if (r == SUBJECT && (s->not_same & NOT_SUBJECT))
		return false;
	/* both ways are for the parties alone */
	if (strcmp(s->action, "unavoidable") == 0 ||
	    (strcmp(s->action, "escalate") == 0 && strcmp(s->from, "blocked") != 0))
		return r != STRANGER;
	return true;
}

static bool
expected(const struct workflow_kind *k, const struct workflow_step *s, enum office o,
	 enum relation r)
{
	if (s->who == WHO_SYSTEM && s->offices == 0)
		return false;
	if (strcmp(s->to, "submitted") == 0)
		return r == APPLICANT && (k->applicants & (OFFICES_KNOWN | OFFICE_BIT(o)));
	return (office_takes(k, s, o) || ((s->who & WHO_APPLICANT) && r == APPLICANT)) &&
		relation_allows(s, r);
}

/* All actions of one kind from all states by all offices in all relations, in one statement. */
static const char every_sql[] =
	"SELECT string_agg(DISTINCT s.from_state || ' ' || s.action || ' ' || o || ' ' ||"
	" rel, '|')"
	" FROM workflow_step s, unnest(ARRAY(SELECT substr(login, 3) FROM person WHERE"
	" login LIKE"
	" 'p\\_%%')) o, generate_series(0, 3) rel, LATERAL (SELECT jsonb_populate_record("
	" NULL::request, jsonb_build_object('request_no', 'R1', 'request_type', s.kind,"
	" 'institution', 'nao', 'state', s.from_state, 'blocked_from', 'submitted',"
	" 'approver_office',"
	" (SELECT approver FROM workflow_kind WHERE code = s.kind), 'payload',"
	" '{\"to_institution\": \"nao\"}'::jsonb,"
	" 'applicant', CASE rel WHEN 1 THEN 'p_' || o ELSE 'applicant' END, 'subject_person',"
	" CASE WHEN rel = 2 THEN 'p_' || o WHEN k.subject = 'person' THEN 'subject' END,"
	" 'on_behalf_of', CASE rel WHEN 3 THEN 'p_' || o END, 'decided_by', 'nobody')) AS r"
	" FROM workflow_kind k WHERE k.code = s.kind) x"
	" WHERE s.kind = '%s' AND s.who <> '{system}'"
	" AND request_refusal(x.r, s, 'p_' || o) = '{}'";

START_TEST(every_step_is_for_whom_the_table_says)
{
	const struct workflow_kind *k = workflow_kinds[_i];
	char sql[3000], word[200], *made;
	size_t i, n = 0;
	int o, r;

	snprintf(sql, sizeof(sql), every_sql, k->code);
	made = fixture_sql(sql);
	ck_assert_ptr_nonnull(made);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		static const char *const actions[] = { "submit", "resubmit", "withdraw", "return",
			"changed", "block", "escalate", "unavoidable", "confirm", "refuse",
			"revoke",
			"expire", "review", "approve", "reject", "assign", "qualify", "opinion",
			"complete", "accept", "confirm_handover", "order_recheck", "schedule",
			"report", "report_upward", "correct", "check_correction", "endorse",
			"verify", "consent", "take_over" };
		size_t a;

		for (a = 0; a < ARRAY_SIZE(actions); a++) {
			struct walk w = { .state = states[i], .action = actions[a] };

			workflow_each(k, look, &w);
			for (o = 0; o < OFFICE__MAX; o++)
				for (r = 0; r < RELATION__MAX; r++) {
					bool may = w.found != NULL &&
						expected(k, w.found, (enum office)o,
							 (enum relation)r), is;
					const char *at;

					snprintf(word, sizeof(word), "%s %s %s %d", states[i],
						 actions[a], office_info((enum office)o)->code, r);
					at = strstr(made, word);
					is = at != NULL && (at == made || at[-1] == '|');
					ck_assert_msg(is == may, "%s: %s: %s", k->code, word,
						      is ? "may" : "may not");
					n++;
				}
		}
	}
	ck_assert_uint_gt(n, 30000);
	free(made);
}
END_TEST

/* ---- two at once ----------------------------------------------------------------------------- */

/* An application that waits for its decision, made and submitted as by the daemon. */
static char *
submitted(void)
{
	static const char doc[] = "{\"request_type\": \"log_period\", \"reason\": \"x\","
		" \"payload\": {\"days\": 77, \"device_class\": \"x\"}}";
	struct try t;
	PGresult *res;
	char *no;

	try_begin(&t, "iso");
	ck_assert_int_eq(workflow_create(offices_store(), &t.tx, doc, &t.faults, &res), OK);
	no = xstrdup(PQgetvalue(res, 0, PQfnumber(res, "request_no")));
	ck_assert_int_eq(workflow_act(offices_store(), &t.tx, no, "submit", "{}", "1", &t.faults,
				      &res), OK);
	ck_assert_str_eq(PQgetvalue(res, 0, PQfnumber(res, "state")), "submitted");
	arena_free(t.arena);
	return no;
}

struct racer {
	pthread_t thread;
	const char *no;
	enum err e;
};

static void *
decide(void *arg)
{
	struct racer *r = arg;
	struct try t;
	PGresult *res;

	try_begin(&t, "boss");
	r->e = workflow_act(offices_store(), &t.tx, r->no, "approve", "{}", "2", &t.faults, &res);
	arena_free(t.arena);
	return NULL;
}

#define RACERS 8
#define ROUNDS 125

START_TEST(of_decisions_at_once_one_wins)
{
	struct racer racers[RACERS];
	int round, i, won;
	char *no;

	for (round = 0; round < ROUNDS; round++) {
		no = submitted();
		for (i = 0; i < RACERS; i++) {
			racers[i].no = no;
			ck_assert_int_eq(pthread_create(&racers[i].thread, NULL, decide,
							&racers[i]), 0);
		}
		for (won = i = 0; i < RACERS; i++) {
			pthread_join(racers[i].thread, NULL);
			won += racers[i].e == OK;
			ck_assert_msg(racers[i].e == OK || racers[i].e == ERR_STATE ||
				      racers[i].e == ERR_OVERLOADED, "%s",
				      err_info(racers[i].e)->code);
		}
		ck_assert_int_eq(won, 1);
		free(no);
	}
	no = fixture_sql("SELECT max(n) FROM (SELECT count(*) AS n FROM request_step WHERE"
			" action = "
			 "'approve' GROUP BY request) x");
	ck_assert_str_eq(no, "1");
	free(no);
}
END_TEST

/* ---- the clock ------------------------------------------------------------------------------- */

START_TEST(a_term_ends_by_the_clock)
{
	struct try t;
	int64_t n = -1;
	char *no, sql[300], *state;

	no = submitted();
	snprintf(sql, sizeof(sql), "SELECT set_config('daicho.person', 'boss', false);"
		 " CREATE TEMP TABLE x AS SELECT * FROM request_act('%s', 'approve', '{}', '2');"
		 " SELECT state FROM x", no);
	state = fixture_sql(sql);
	ck_assert_str_eq(state, "approved");
	free(state);
	/* a kind without a term does not expire: what is asked here is one that has */
	snprintf(sql, sizeof(sql), "UPDATE request SET request_type = 'provide_outside',"
		 " valid_to = current_date + 3 WHERE request_no = '%s'", no);
	free(fixture_sql(sql));
	try_begin(&t, NULL);
	ck_assert_int_eq(workflow_expire(&t.tx, &n), OK);
	ck_assert_int_eq(n, 0);
	clock_set_offset_s(4 * DAY);
	ck_assert_int_eq(workflow_expire(&t.tx, &n), OK);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(workflow_expire(&t.tx, &n), OK);
	ck_assert_int_eq(n, 0);
	clock_set_offset_s(0);
	arena_free(t.arena);
	snprintf(sql, sizeof(sql), "SELECT r.state || s.action || coalesce(s.acted_by,"
			" '-') FROM "
		 "request r JOIN request_step s ON s.request = r.request_no WHERE"
		" r.request_no = '%s' "
		 "ORDER BY s.position DESC LIMIT 1", no);
	state = fixture_sql(sql);
	ck_assert_str_eq(state, "expiredexpire-");
	free(state);
	free(no);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("workflow");
	TCase *t = tcase_create("workflow"), *once = tcase_create("once");
	SRunner *r;
	int failed, kinds = 0;

	while (workflow_kinds[kinds] != NULL)
		kinds++;
	tcase_set_timeout(t, 120);
	tcase_add_unchecked_fixture(t, begin, offices_end);
	tcase_add_loop_test(t, every_step_is_for_whom_the_table_says, 0, kinds);
	suite_add_tcase(s, t);
	tcase_set_timeout(once, 300);
	tcase_add_unchecked_fixture(once, offices_begin, offices_end);
	tcase_add_test(once, of_decisions_at_once_one_wins);
	tcase_add_test(once, a_term_ends_by_the_clock);
	suite_add_tcase(s, once);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
