/*
 * Applications in the database: who may take which step, exhaustively against the tables in C; a
 * random walk with persons and offices coming and going; decisions at the same time; expiry.
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
			"report", "report_upward", "endorse", "verify", "consent", "take_over" };
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

/* ---- a walk ---------------------------------------------------------------------------------- */

/*
 * Persons with changing offices do what comes to mind.  In the function, so that a refusal costs
 * no round trip; afterwards the invariants are asked of the record.
 */
static const char walk_sql[] =
	"CREATE OR REPLACE FUNCTION walk(seed float, steps int) RETURNS text LANGUAGE"
	" plpgsql AS $$ DECLARE"
	" people text[] := '{w1,w2,w3,w4}'; offices text[] := '{inst_ciso,iso,ism,sysadmin,ciso,"
	"csirt_leader,qualification_checker}'; who text; r request; s workflow_step; given"
	" jsonb;"
	" done int := 0; refused int := 0; o text; BEGIN PERFORM setseed(seed);"
	" FOR i IN 1 .. steps LOOP who := people[1 + floor(random() * 4)];"
	" PERFORM set_config('daicho.person', who, true), set_config('daicho.scope',"
	" '{*}', true),"
	"  set_config('daicho.office', '', true);"
	" IF random() < 0.05 THEN o := offices[1 + floor(random() * 7)];"
	"  IF random() < 0.6 THEN INSERT INTO role_assignment (person, office,"
	" institution, unit,"
	"   term_from, appointed_by, appointed_on) VALUES (who, o, CASE o WHEN 'ciso' THEN"
	" NULL ELSE"
	"   'nao' END, CASE o WHEN 'ism' THEN 'nao-top' END, '2020-01-01', 'boss',"
	" '2020-01-01');"
	"  ELSE DELETE FROM role_assignment a WHERE a.person = who AND a.office = o; END IF;"
	"  CONTINUE; END IF;"
	" BEGIN IF random() < 0.1 THEN PERFORM request_create(CASE floor(random() * 3)"
	"   WHEN 0 THEN jsonb_build_object('request_type', 'log_period', 'reason', 'x',"
	" 'payload',"
	"    jsonb_build_object('days', 40 + i % 9, 'device_class', 'x'), 'on_behalf_of',"
	"    CASE WHEN random() < 0.3 THEN people[1 + floor(random() * 4)] END)"
	"   WHEN 1 THEN jsonb_build_object('request_type', 'qualification', 'reason', 'x',"
	"    'subject_person', people[1 + floor(random() * 4)], 'payload', '{\"skills\":"
	" \"x\"}'::jsonb)"
	"   ELSE jsonb_build_object('request_type', 'provide_outside', 'reason', 'x',"
	" 'valid_to',"
	"    act_today() + 9, 'payload', '{\"information\": \"x\", \"confidentiality\": 2,"
	"    \"recipient\": \"x\", \"cautions\": \"x\", \"means\": \"mail\"}'::jsonb) END);"
	" ELSE SELECT q.* INTO r FROM request q WHERE q.state NOT IN ('withdrawn', 'rejected',"
	"   'revoked') ORDER BY random() LIMIT 1; CONTINUE WHEN NOT FOUND;"
	"  SELECT x.* INTO s FROM workflow_step x WHERE x.kind = r.request_type AND"
	" (x.from_state ="
	"   r.state OR random() < 0.05) AND (x.action <> 'withdraw' OR random() < 0.1)"
	"   ORDER BY random() LIMIT 1; CONTINUE WHEN NOT FOUND;"
	"  given := (SELECT coalesce(jsonb_object_agg(n, CASE n WHEN 'result' THEN 'pass'"
	" WHEN 'case'"
	"   THEN (ARRAY['absent', 'urgent', 'no_other'])[1 + floor(random() * 3)] WHEN"
	" 'person' THEN"
	"   people[1 + floor(random() * 4)] ELSE repeat('x', 25) END), '{}')"
	"   FROM unnest(step_members(VARIADIC s.needs || CASE WHEN s.action = 'unavoidable' THEN"
	"   '{result}'::text[] ELSE '{}' END)) n);"
	"  PERFORM request_act(r.request_no, s.action, given, CASE WHEN random() < 0.02 THEN '0'"
	"   ELSE r.row_version::text END); END IF; done := done + 1;"
	" EXCEPTION WHEN SQLSTATE 'DR001' OR SQLSTATE 'DR002' OR SQLSTATE 'DR004' THEN"
	"  refused := refused + 1; END; END LOOP;"
	" RETURN (done > 200 AND refused > 200)::text || ' ' || done || ' ' || refused; END $$";

/* Each must find nothing. */
static const char *const never[] = {
	/* 2.1(2)⑫(a): one person on both sides, without the recorded and confirmed exception */
	"SELECT count(*) FROM request r WHERE r.state IN ('approved', 'rejected', 'completed',"
	" 'expired', 'revoked') AND request_party(r, r.decided_by) AND NOT"
	" (coalesce(r.same_person_exception,"
	" false) AND char_length(r.same_person_reason) >= 20 AND"
	" r.same_person_confirmed_by IS NOT"
	" NULL AND NOT request_party(r, r.same_person_confirmed_by) AND"
	" r.same_person_confirmed_by"
	" <> r.decided_by)",
	/* nor in the record of the steps */
	"SELECT count(*) FROM request_step s JOIN request r ON r.request_no = s.request"
	" WHERE s.action"
	" IN ('approve', 'qualify', 'confirm', 'reject') AND (s.acted_by IN (r.applicant,"
	" r.on_behalf_of) AND s.action <> 'qualify' OR s.acted_by = r.subject_person)",
	/* a skipped step */
	"SELECT count(*) FROM request_step a JOIN request_step b ON b.request = a.request AND"
	" b.position = a.position + 1 WHERE a.to_state <> b.from_state",
	"SELECT count(*) FROM request r WHERE r.state <> coalesce((SELECT s.to_state FROM"
	" request_step"
	" s WHERE s.request = r.request_no ORDER BY s.position DESC LIMIT 1), 'draft')",
	"SELECT count(*) FROM request_step x JOIN request r ON r.request_no = x.request"
	" WHERE NOT"
	" EXISTS (SELECT FROM workflow_step s WHERE s.kind = r.request_type AND s.from_state ="
	" x.from_state AND s.action = x.action AND (s.to_state = x.to_state OR s.to_state IN"
	" ('*', '=')))",
	/* an effect without its permission: the period of logs is what was last permitted */
	"SELECT count(*) FROM institution i WHERE i.code = 'nao' AND i.min_log_days_other"
	" <> coalesce("
	" (SELECT (r.payload->>'days')::int FROM audit_event e JOIN request r ON r.request_no ="
	" e.object WHERE e.object_type = 'request' AND r.request_type = 'log_period' AND"
	" e.after->>'state' = 'approved' ORDER BY e.id DESC LIMIT 1), 30)",
};

START_TEST(a_walk_breaks_nothing)
{
	char sql[100], *told, *n;
	size_t i;

	free(fixture_sql(
		"INSERT INTO person (login, institution, name_ja, email, unit, person_kind)"
		" SELECT l, 'nao', l, 'a@example.jp', 'nao-mid', 'employee'"
		" FROM unnest('{w1,w2,w3,w4}'::text[]) l ON CONFLICT DO NOTHING;"
		" ALTER TABLE role_assignment DISABLE TRIGGER USER; DELETE FROM role_assignment"
		" WHERE office IN ('inst_ciso', 'iso', 'ism', 'ciso', 'qualification_checker',"
		" 'csirt_member', 'csirt_leader')"));
	free(fixture_sql(walk_sql));
	snprintf(sql, sizeof(sql), "SELECT walk(0.%d, 2500)", _i + 1);
	told = fixture_sql(sql);
	ck_assert_msg(strncmp(told, "true", 4) == 0, "%s", told);
	free(told);
	for (i = 0; i < ARRAY_SIZE(never); i++) {
		n = fixture_sql(never[i]);
		ck_assert_msg(strcmp(n, "0") == 0, "%s: %s", n, never[i]);
		free(n);
	}
	/* it went somewhere */
	n = fixture_sql("SELECT (count(*) FILTER (WHERE state = 'approved') > 0 AND"
			" count(*) FILTER "
			"(WHERE same_person_confirmed_by IS NOT NULL) > 0 AND count(*)"
			" FILTER (WHERE "
			"escalated) > 0)::text || jsonb_object_agg(state, 1) FROM request");
	ck_assert_msg(strncmp(n, "true", 4) == 0, "%s", n);
	free(n);
	free(fixture_sql("ALTER TABLE role_assignment ENABLE TRIGGER USER; DROP FUNCTION walk"));
}
END_TEST

/* ---- two at once ----------------------------------------------------------------------------- */

static char *
submitted(void)
{
	return fixture_sql("SELECT set_config('daicho.person', 'iso', false), "
		"set_config('daicho.scope', '{*}', false); CREATE TEMP TABLE made AS"
		" SELECT request_no "
		"FROM request_create('{\"request_type\": \"log_period\", \"reason\":"
		" \"x\", \"payload\": "
		"{\"days\": 77, \"device_class\": \"x\"}}'); CREATE TEMP TABLE moved AS"
		" SELECT a.* FROM "
		"made, request_act(made.request_no, 'submit', '{}', '1') a; "
		"SELECT request_no FROM moved WHERE state = 'submitted'");
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
		ck_assert_ptr_nonnull(no);
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
			" CREATE TEMP "
		 "TABLE x AS SELECT * FROM request_act('%s', 'approve', jsonb_build_object("
		 "'valid_to', (current_date + 3)::text), '2'); SELECT state FROM x", no);
	state = fixture_sql(sql);
	ck_assert_str_eq(state, "approved");
	free(state);
	/* a kind without a term does not expire: what is asked here is one that has */
	snprintf(sql, sizeof(sql), "UPDATE request SET request_type = 'provide_outside' WHERE "
		 "request_no = '%s'", no);
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
	TCase *t = tcase_create("workflow"), *walk = tcase_create("walk");
	SRunner *r;
	int failed, kinds = 0;

	while (workflow_kinds[kinds] != NULL)
		kinds++;
	tcase_set_timeout(t, 120);
	tcase_add_unchecked_fixture(t, begin, offices_end);
	tcase_add_loop_test(t, every_step_is_for_whom_the_table_says, 0, kinds);
	suite_add_tcase(s, t);
	tcase_set_timeout(walk, 300);
	tcase_add_unchecked_fixture(walk, offices_begin, offices_end);
	tcase_add_test(walk, of_decisions_at_once_one_wins);
	tcase_add_test(walk, a_term_ends_by_the_clock);
	tcase_add_loop_test(walk, a_walk_breaks_nothing, 0, 2);
	suite_add_tcase(s, walk);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
