"""Applications as their readers see them: differences, possible steps, moments, faults."""
from test_requests import BOSS, ISO, MEMBER, R, STAFF, THREE, Workflow, day

MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"
ADMIN = "suiseigawa.h"  # 重要サーバ管理者


class Read(Workflow):
    def submitted(self):
        no = self.asset("in_operation", 3, sysadmin=ADMIN)
        row = self.make(ADMIN, "important_convert", asset=no, reason="機密性3のため")
        self.attach(ADMIN, row, *THREE)
        self.done(ADMIN, row, "submit", "submitted")
        return row

    def parts(self, login, row):
        """What the daemon's role is told for this person, whatever the daemon asks before."""
        rows = self.daemon.psql(
            "SELECT set_config('daicho.person', '%s', false), set_config('daicho.institutions', "
            "'{hoshi}', false); SELECT DISTINCT part FROM request_diff('%s', 'permitted')"
            % (login, row.json["request_no"]), role="daicho_app")
        return {r[0] for r in rows[1:]}

    def test_differences_are_for_who_sees(self):
        row = self.submitted()
        self.assertLessEqual({"reason", "documents"}, self.parts(ADMIN, row))
        self.assertEqual(self.parts(STAFF, row), set())

    def bundle(self):
        """資質確認 and 指名 of a new administrator, the second after the first; and who files them."""
        me = self.daemon.value(
            "SELECT o.person FROM role_assignment o WHERE o.institution = 'hoshi' AND o.office = "
            "'sysadmin' AND office_in_force(o, current_date) AND NOT EXISTS (SELECT FROM "
            "role_assignment i WHERE i.person = o.person AND i.office = 'important_admin' AND "
            "i.revoked_on IS NULL) ORDER BY 1 LIMIT 1")
        client, server = self.by(me), self.asset(sysadmin=me)
        items = self.ok(client.post(R + "/bundles", {"requests": [
            {"request_type": "qualification", "subject_person": me, "reason": "新サーバのため",
             "payload": {"skills": "研修受講済み"}},
            {"request_type": "appoint_important_admin", "subject_person": me, "reason": "新サーバ",
             "payload": {"scope_note": "配信", "term_from": day()}},
            {"request_type": "important_new", "asset": server, "reason": "配信"}]}), 201)
        return me, [self.ok(client.get(R + "/" + i["request_no"])) for i in items.json["items"]]

    def actions(self, login, row):
        a = self.ok(self.by(login).get("%s/%s/actions" % (R, row.json["request_no"])))
        return {i["action"]: i for i in a.json["items"]}

    def test_what_is_missing_in_a_bundle(self):
        me, rows = self.bundle()
        place = R + "/" + rows[0].json["request_no"]
        self.attach(me, rows[2], "necessity")
        a = self.by(me).act(place + "/bundle", self.by(me).get(place).etag)
        f = self.fault(a, "REQ-05", value="catalogue, emergency_contacts")
        self.assertTrue(f["pointer"].startswith("#/requests/2"), f)
        self.assertIn("emergency_contacts", f["message"])

    def test_steps_promise_no_more_than_they_hold(self):
        me, (check, office, server) = self.bundle()
        a = self.actions(me, server)["submit"]
        self.assertEqual((a["documents"], a["missing"]), (list(THREE), list(THREE)))
        self.attach(me, server, *THREE)
        self.assertEqual(self.actions(me, server)["submit"]["missing"], [])
        place = R + "/" + check.json["request_no"]
        self.ok(self.by(me).act(place + "/bundle", self.by(me).get(place).etag))
        for row in (office, server):
            a = self.actions(BOSS, row)["approve"]
            self.assertEqual((a["mine"], a["refused"]), (False, ["REQ-25"]))
            self.no_step(BOSS, row, "approve", "REQ-25")
        self.assertEqual(self.actions(BOSS, check)["assign"]["refused"], [])
        waits = [r["request_no"] for r in self.ok(self.by(BOSS).get(R, {
            "waiting_for": "me", "limit": "500"})).json["items"]]
        self.assertIn(check.json["request_no"], waits)
        self.assertNotIn(office.json["request_no"], waits)
        self.assertNotIn(server.json["request_no"], waits)
        self.done(me, check, "withdraw", "withdrawn")

    def test_a_way_around_that_nobody_needs(self):
        row = self.submitted()
        a = self.actions(ADMIN, row)["unavoidable"]
        self.assertIn("REQ-22", a["refused"])
        self.no_step(ADMIN, row, "unavoidable", "REQ-22" if a["mine"] else "REQ-03",
                     reason="ほかに判断できる者がいないために、自ら判断する。", case="no_other")

    def test_a_step_of_another_state(self):
        row = self.submitted()
        a = self.step(BOSS, row, "confirm")
        self.refused(a, 409, "wrong_state")
        self.fault(a, "present_state", value="submitted")
        possible = {f["value"] for f in a.json["errors"] if f["code"] == "possible"}
        self.assertIn("approve", possible)
        self.assertNotIn("confirm", possible)
        no = row.json["request_no"]
        a = self.by(BOSS).request("POST", "%s/%s/steps" % (R, no), {"action": "confirm"}, {
            "If-Match": self.by(BOSS).get(R + "/" + no).etag, "Accept-Language": "ja"})
        self.assertIn("現在の状態", a.json["detail"])
        self.assertIn("現在の状態は「申請済み」です。", [f["message"] for f in a.json["errors"]])
        # what the kind has nowhere is no matter of the state
        a = self.step(BOSS, row, "qualify", result="pass")
        self.refused(a, 422, "invalid", ["unknown_choice"])
        self.assertIn("approve", a.json["errors"][0]["message"])
        self.done(BOSS, row, "approve", "approved")

    def test_values_that_are_permitted(self):
        check = self.make(BOSS, "qualification", subject_person=ADMIN, reason="確認のため",
                          payload={"skills": "研修受講済み"})
        self.done(BOSS, check, "submit", "submitted")
        self.done(BOSS, check, "assign", "reviewing", person="wakusei.a")
        a = self.no_step("wakusei.a", check, "qualify", "wrong_value", result="good", comment="適")
        self.assertIn("pass, conditional, fail", a.json["errors"][0]["message"])
        self.done("wakusei.a", check, "qualify", "completed", result="pass", comment="十分")

    def test_moments_of_steps_are_in_utc(self):
        row = self.submitted()
        seen = self.ok(self.by(ADMIN).get(R + "/" + row.json["request_no"])).json
        steps = self.ok(self.by(ADMIN).get("%s/%s/steps" % (R, row.json["request_no"]))).json
        at = steps["items"][0]["acted_at"]
        self.assertRegex(at, MOMENT)
        self.assertEqual(at, seen["submitted_at"])

    def test_one_kind(self):
        place, client = "/api/v1/workflow/kinds", self.by(STAFF)
        a = self.ok(client.get(place, {"code": "handover"})).json["items"]
        self.assertEqual([k["code"] for k in a], ["handover"])
        self.assertGreater(len(self.ok(client.get(place)).json["items"]), 20)
        a = client.get(place, {"code": "nothing"})
        self.refused(a, 400, "bad_query")
        self.assertIn("handover", self.fault(a, "unknown_choice", pointer="?code")["message"])

    def test_types_and_versions_of_software(self):
        client, place = self.client(MEMBER, "csirt_member"), "/api/v1/software"
        for good in ({"type": "deb", "lt": "1.22.1-9+deb12u1"}, {"eq": "10 SP1"}, {"lt": "stable"}):
            self.ok(client.get(place, {"name": "nginx"} | good))
        a = client.get(place, {"name": "nginx", "type": "dep"})
        self.refused(a, 400, "bad_query")
        self.assertIn("deb", self.fault(a, "unknown_choice", pointer="?type")["message"])
        for bad, code in (("abc def", "bad_format"), ("", "empty")):
            a = client.get(place, {"name": "nginx", "lt": bad})
            self.refused(a, 400, "bad_query")
            self.fault(a, code, pointer="?lt")

    def test_the_office_that_entitles_is_on_record(self):
        no = self.asset("in_operation", 3, sysadmin=ADMIN)
        others = [o["office"] for o in self.daemon.logins[ADMIN]["offices"]
                  if o["office"] != "important_admin"]
        self.assertTrue(others)
        token = self.client(ADMIN, others[0])
        row = self.make(ADMIN, "important_convert", client=token, asset=no, reason="機密性3のため")
        self.assertEqual(row.json["applicant_office"], "important_admin")
        self.attach(ADMIN, row, *THREE)
        self.done(ADMIN, row, "submit", "submitted")
        steps = self.ok(self.by(ADMIN).get("%s/%s/steps" % (R, row.json["request_no"]))).json
        self.assertEqual(steps["items"][0]["acted_office"], "important_admin")
        # where no office is asked for, it is the one that is acted in
        row = self.make(STAFF, "provide_outside")
        self.assertNotEqual(row.json["applicant_office"], "important_admin")


class Effects(Workflow):
    """What comes of a step and cannot be recorded."""

    def held(self, table, check):
        """The ledger holds something that what comes of a step contradicts."""
        self.daemon.psql("ALTER TABLE %s ADD CONSTRAINT held_in_test CHECK (%s) NOT VALID"
                         % (table, check))
        self.addCleanup(self.daemon.psql, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS held_in_test"
                        % table)

    def period(self, days):
        row = self.make(ISO, "log_period", reason="短縮", payload={"days": days,
                                                                      "device_class": "複合機"})
        self.done(ISO, row, "submit", "submitted")
        return row

    def test_a_decision_that_cannot_be_recorded(self):
        row = self.period(77)
        self.held("institution", "min_log_days_other <> 77")
        a = self.no_step(BOSS, row, "approve", "effect_refused")
        fault = self.fault(a, "effect_refused")
        self.assertIn("held_in_test", fault["message"])
        self.assertTrue(fault["clause"])
        # nothing of it was done
        self.assertEqual(self.ok(self.by(BOSS).get(R + "/" + row.json["request_no"])).json["state"],
                         "submitted")
        steps = self.ok(self.by(BOSS).get("%s/%s/steps" % (R, row.json["request_no"]))).json
        self.assertNotIn("approve", [s["action"] for s in steps["items"]])
        self.daemon.psql("ALTER TABLE institution DROP CONSTRAINT held_in_test")
        self.done(BOSS, row, "approve", "approved")

    def permission(self):
        """Of a server that was never started, ended yesterday: its number and the server's."""
        one = self.asset("planned", 3, sysadmin=ADMIN)
        row = self.make(ADMIN, "important_new", asset=one, reason="配信")
        self.attach(ADMIN, row, *THREE)
        self.done(ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        self.daemon.psql("UPDATE request SET valid_from = current_date - 9, valid_to = "
                         "current_date - 1 WHERE request_no = '%s'" % row.json["request_no"])
        return row.json["request_no"], one

    def test_a_term_that_cannot_end_holds_up_no_other(self):
        (first, server), (second, _) = self.permission(), self.permission()
        self.held("asset", "important_state <> 'pending' OR asset_no <> '%s'" % server)
        states = "SELECT state FROM request WHERE request_no IN ('%s', '%s') ORDER BY request_no" \
            % (first, second)
        self.daemon.cli("requests", "expire")
        self.assertEqual(self.daemon.psql(states), [["approved"], ["expired"]])
        self.daemon.psql("ALTER TABLE asset DROP CONSTRAINT held_in_test")
        self.daemon.cli("requests", "expire")
        self.assertEqual(self.daemon.psql(states), [["expired"], ["expired"]])
