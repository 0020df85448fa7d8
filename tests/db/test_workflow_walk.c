/*
 * Random walks: persons with offices that come and go do what comes to mind with applications, 2500
 * acts a walk, two of them, or as many as DAICHO_WALK says (40 make 10⁵ acts).  In a function, so
 * that a refusal costs no round trip; after each the invariants are asked of the record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "office_help.h"

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
	/* what it is about is edited by somebody; its own words by whoever tries */
	" IF random() < 0.03 THEN UPDATE asset SET note = i::text, row_version = row_version + 1"
	"   WHERE asset_no = 'WALK'; CONTINUE; END IF;"
	" BEGIN IF random() < 0.04 THEN SELECT q.* INTO r FROM request q ORDER BY request_no DESC"
	"   OFFSET floor(random() * 60) LIMIT 1; CONTINUE WHEN NOT FOUND;"
	"  PERFORM request_edit(r.request_no, jsonb_build_object('reason', i::text),"
	"   r.row_version::text);"
	" ELSIF random() < 0.1 THEN PERFORM request_create(CASE floor(random() * 4)"
	"   WHEN 0 THEN jsonb_build_object('request_type', 'log_period', 'reason', 'x',"
	" 'payload',"
	"    jsonb_build_object('days', 40 + i % 9, 'device_class', 'x'), 'on_behalf_of',"
	"    CASE WHEN random() < 0.3 THEN people[1 + floor(random() * 4)] END)"
	"   WHEN 1 THEN jsonb_build_object('request_type', 'qualification', 'reason', 'x',"
	"    'subject_person', people[1 + floor(random() * 4)], 'payload', '{\"skills\":"
	" \"x\"}'::jsonb)"
	"   WHEN 2 THEN jsonb_build_object('request_type', 'exception', 'reason', 'x', 'asset',"
	"    'WALK', 'rule', 'REG-14', 'valid_from', act_today(), 'valid_to', act_today() + 9,"
	"    'payload', '{\"difficulty\": \"x\", \"alternative\": \"x\",\"risk\":\"x\"}'::jsonb)"
	"   ELSE jsonb_build_object('request_type', 'provide_outside', 'reason', 'x',"
	" 'valid_to',"
	"    act_today() + 9, 'payload', '{\"information\": \"x\", \"confidentiality\": 2,"
	"    \"recipient\": \"x\", \"cautions\": \"x\", \"means\": \"mail\"}'::jsonb) END);"
	" ELSE SELECT q.* INTO r FROM (SELECT x.* FROM request x WHERE x.state NOT IN ("
	"   'withdrawn', 'rejected', 'revoked') ORDER BY x.request_no DESC LIMIT 60) q"
	"   ORDER BY random() LIMIT 1; CONTINUE WHEN NOT FOUND;"
	"  SELECT x.* INTO s FROM workflow_step x WHERE x.kind = r.request_type AND"
	" (x.from_state ="
	"   r.state OR random() < 0.05) AND (x.action <> 'withdraw' OR random() < 0.1)"
	"   ORDER BY random() LIMIT 1; CONTINUE WHEN NOT FOUND;"
	"  given := (SELECT coalesce(jsonb_object_agg(n, CASE n WHEN 'result' THEN 'pass'"
	" WHEN 'case'"
	"   THEN (ARRAY['absent', 'urgent', 'urgent', 'urgent'])[1 + floor(random() * 4)] WHEN"
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
	/* an exception without a decision of the 機関CISO, or over something else than was filed */
	"SELECT count(*) FROM exception_grant x LEFT JOIN request r ON r.request_no = x.request"
	" WHERE r.request_no IS NULL OR NOT EXISTS (SELECT FROM request_step s WHERE s.request ="
	" r.request_no AND s.action = 'approve' AND s.acted_office = CASE"
	" WHEN r.escalated THEN 'ciso' ELSE 'inst_ciso' END AND"
	" s.subject_sha256 = r.subject_sha256)",
	/* no way around for exceptions */
	"SELECT count(*) FROM request r WHERE r.request_type = 'exception' AND"
	" r.same_person_exception",
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
	free(fixture_sql("INSERT INTO asset (asset_no, institution, unit, name, state, sysadmin)"
		" VALUES ('WALK', 'nao', 'nao-mid', 'x', 'draft', 'w1') ON CONFLICT DO NOTHING"));
	snprintf(sql, sizeof(sql), "SELECT walk(%.3f, 2500)", (_i + 1) / 1000.0);
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

int
main(void)
{
	const char *walks = getenv("DAICHO_WALK");
	Suite *s = suite_create("workflow_walk");
	TCase *t = tcase_create("walk");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 300);
	tcase_add_unchecked_fixture(t, offices_begin, offices_end);
	tcase_add_loop_test(t, a_walk_breaks_nothing, 0,
			    walks == NULL ? 2 : (int)strtol(walks, NULL, 10));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
