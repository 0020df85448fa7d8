"""The way around a decision asks what it asks; what is decided has its day and its row."""
from test_requests import (ADMIN, BOSS, CHECKER, CHIEF, ISO, MEMBER, R, STAFF, THREE, Workflow,
                           day)

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi
WHY = "CISOが海外出張中で、ログの保存容量が本日中に尽きるため。"


class Several(Workflow):
    """One person with several offices (2.1(2)⑫(a))."""

    def holds(self, person, office):
        """Until the end of the test."""
        self.offices("INSERT INTO role_assignment (person, office, institution, term_from, "
                     "appointed_by, appointed_on) VALUES ('%s', '%s', 'hoshi', current_date, '%s', "
                     "current_date)" % (person, office, BOSS))
        self.addCleanup(self.offices, "DELETE FROM role_assignment WHERE person = '%s' AND office "
                        "= '%s' AND institution = 'hoshi'" % (person, office))

    def offices(self, statement):
        self.daemon.psql("BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER USER; %s; ALTER TABLE "
                         "role_assignment ENABLE TRIGGER USER; COMMIT" % statement)

    def ism(self, unit="'hoshi-its'"):
        return self.daemon.value("SELECT person FROM nearest_office(%s, 'ism', current_date) "
                                 "LIMIT 1" % unit)

    def around(self, login, row, code=None, case="urgent", **given):
        given = {"case": case, "reason": WHY} | given
        if code:
            return self.no_step(login, row, "unavoidable", code, **given)
        return self.done(login, row, "unavoidable", "awaiting_confirmation", **given)


class Around(Several):
    def test_the_second_leg_is_not_skipped(self):
        ism, one = self.ism(), self.asset("in_operation", 4, sysadmin=STAFF)
        row = self.submitted(ism, "media_takeout", state="blocked", asset=one, valid_to=day(5),
                             payload={"destination": "大学", "purpose": "会議", "measures": "暗号化"})
        self.done(ism, row, "escalate", "submitted")
        self.no_step(ISO, row, "approve", "second_leg")
        self.done(ISO, row, "endorse", "reviewing")
        self.done(BOSS, row, "approve", "approved")

    def test_the_guard_is_asked_and_asked_again(self):
        payload = {"software_name": "gnuplot", "source": "Debian", "signature_checked": True,
                   "target": "server"}
        important = self.asset("planned", 3, sysadmin=ADMIN)
        row = self.submitted(ADMIN, "software_use", state="blocked", asset=important,
                             payload=payload)
        self.around(ADMIN, row, "important")
        plain = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.submitted(ADMIN, "software_use", state="blocked", asset=plain, payload=payload)
        self.around(ADMIN, row)
        # it becomes one behind the back of the trigger that would send it back
        level = "BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET " \
            "important_manual = %s, important_manual_reason = 'x' WHERE asset_no = '%s'; " \
            "UPDATE request SET subject_sha256 = " \
            "request_digest(request) WHERE request_no = '%s'; COMMIT"
        self.daemon.psql(level % ("true", plain, row.json["request_no"]))
        self.no_step(ISO, row, "confirm", "important")
        self.daemon.psql(level % ("false", plain, row.json["request_no"]))
        self.done(ISO, row, "confirm", "approved")

    def test_no_decision_to_go_around(self):
        """移管: the giving 機関 only agrees."""
        self.holds(BOSS, "iso")
        self.holds(BOSS, "sysadmin")
        there = self.daemon.psql("SELECT o.institution, u.code, o.person FROM role_assignment o "
                                 "JOIN org_unit u ON u.institution = o.institution WHERE o.office "
                                 "= 'sysadmin' AND o.institution <> 'hoshi' AND "
                                 "office_in_force(o, current_date) LIMIT 1")[0]
        row = self.submitted(BOSS, "transfer", asset=self.asset("in_operation", 2, sysadmin=BOSS),
                             payload=dict(zip(("to_institution", "to_unit", "to_sysadmin"), there)))
        self.around(BOSS, row, "no_decision")
        self.done(ISO, row, "consent", "reviewing")

    def handover(self, **payload):
        no = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.daemon.psql(
            "UPDATE asset SET important_state = 'permitted', important_admin = '%s' WHERE asset_no "
            "= '%s'; INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, "
            "status, submitted_at) VALUES ('%s-v1', 'hoshi', '%s', 1, 'submitted', now())"
            % (OUTGOING, no, no, no))
        row = self.submitted(BOSS, "handover", ("handover",), asset=no, payload={
            "receiver": ISO, "effective_on": day(), "accounts": "root",
            "open_items": "なし"} | payload)
        self.assertEqual(self.ok(self.step(ISO, row, "accept")).json["state"], "blocked")
        return row

    def test_who_receives_does_not_confirm(self):
        self.holds(BOSS, "iso")
        self.holds(ISO, "important_admin")
        row = self.handover(effective_on=day(3))
        self.around(BOSS, row, "too_early")
        row = self.handover()
        self.around(BOSS, row)
        self.no_step(ISO, row, "confirm", "REQ-02")
        self.no_step(ISO, row, "refuse", "REQ-02", comment="x")
        self.done(CHIEF, row, "confirm", "completed")
        self.assertIn("rules violated", str(self.daemon.psql(
            "UPDATE request SET same_person_confirmed_by = '%s' WHERE request_no = '%s'"
            % (ISO, row.json["request_no"]), check=False)))

    def test_who_is_left_and_never_for_level_four(self):
        one = self.asset("in_operation", 4, sysadmin=ADMIN)
        payload = {"software_name": "gnuplot", "source": "Debian", "signature_checked": True,
                   "target": "terminal"}
        row = self.submitted(ADMIN, "software_use", state="blocked", asset=one, payload=payload)
        self.around(ADMIN, row, "level_four")
        # 不在 is no ground while there is somebody above
        row = self.submitted(ADMIN, "software_use", state="blocked", payload=payload,
                             asset=self.asset("in_operation", 2, sysadmin=ADMIN))
        self.around(ADMIN, row, "REQ-22", case="absent")
        self.around(ADMIN, row)

    def test_the_one_checked_not_while_a_checker_is_named(self):
        row = self.submitted(BOSS, "qualification", subject_person=CHECKER,
                             payload={"skills": "研修受講済み"})
        self.done(BOSS, row, "assign", "reviewing", person=MEMBER)
        self.around(CHECKER, row, "REQ-22", result="pass")
        self.done(MEMBER, row, "qualify", "completed", result="pass", comment="十分")


class Terms(Several):
    def test_no_effect_before_its_day(self):
        no = self.asset("planned", 3, sysadmin=OUTGOING)
        row = self.make(OUTGOING, "important_new", asset=no, reason="x", valid_from="2098-01-01")
        self.attach(OUTGOING, row, *THREE)
        self.no_step(OUTGOING, row, "submit", "term_later")
        place, client = R + "/" + row.json["request_no"], self.by(OUTGOING)
        self.ok(client.patch(place, {"valid_from": day(20)}, client.get(place).etag))
        self.done(OUTGOING, row, "submit", "submitted")
        self.no_step(BOSS, row, "approve", "term_later", valid_from="2098-01-01")
        self.no_step(BOSS, row, "approve", "term_later")
        self.assertEqual(self.important_asset(no)[0], "pending")
        self.done(BOSS, row, "approve", "approved", valid_from=day())
        self.assertEqual(self.important_asset(no)[0], "permitted")

    def test_a_term_that_is_over_is_said(self):
        payload = {"information": "目録", "confidentiality": 2, "recipient": "大学", "means": "mail",
                   "cautions": "複製しない"}
        row = self.submitted(STAFF, "provide_outside", valid_to=day(10), payload=payload)
        self.daemon.psql("UPDATE request SET valid_to = current_date - 1 WHERE request_no = '%s'"
                         % row.json["request_no"])
        ism = self.ism("(SELECT unit FROM person WHERE login = '%s')" % STAFF)
        self.no_step(ism, row, "approve", "term_over")
        self.done(ism, row, "approve", "approved", valid_to=day(3))


class HandedOn(Several):
    def handed(self, login, decider, kind, **members):
        row = self.submitted(login, kind, state="blocked", **members)
        self.done(login, row, "escalate", "submitted")
        self.done(decider, row, "approve", "approved")
        return row.json["request_no"]

    def test_an_exception(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        members = {"asset": one, "rule": "REG-14", "valid_to": day(60), "payload": {
            "difficulty": "代替機がない", "alternative": "隔離", "risk": "小"}}
        no = self.handed(BOSS, CHIEF, "exception", **members)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM exceptions_live() l JOIN "
                                           "exception_grant USING (exception_no) WHERE request = "
                                           "'%s'" % no), "1")
        # the CISO in place of the 機関CISO only where it was handed on
        self.assertIn("rules violated", str(self.daemon.psql(
            "BEGIN; SET LOCAL session_replication_role = replica; UPDATE request SET escalated = "
            "NULL WHERE request_no = '%s'; SET LOCAL session_replication_role = origin; UPDATE "
            "exception_grant SET row_version = row_version + 1 WHERE request = '%s'; COMMIT"
            % (no, no), check=False)))

    def test_a_rating(self):
        one, ism = self.asset("in_operation", 2, sysadmin=STAFF), self.ism()
        payload = {"confidentiality": 3, "confidentiality_basis": "c3_management"}
        self.handed(ism, ISO, "rating_review", asset=one, payload=payload)
        two = self.asset("in_operation", 2, sysadmin=STAFF)
        row = self.submitted(ism, "rating_review", state="blocked", asset=two, payload=payload)
        self.around(ism, row)
        self.done(ISO, row, "confirm", "approved")
        for no in (one, two):
            self.assertEqual(self.daemon.value("SELECT confidentiality || rating_status FROM asset "
                                               "WHERE asset_no = '%s'" % no), "3confirmed")

    def test_a_connection(self):
        net = self.daemon.value("SELECT asset_no FROM asset WHERE institution = 'hoshi' AND "
                                "asset_type = 'network' AND state = 'in_operation' LIMIT 1")
        self.daemon.psql("UPDATE asset SET sysadmin = '%s', network_max_confidentiality = 2 WHERE "
                         "asset_no = '%s'" % (ADMIN, net))
        no = self.handed(ADMIN, ISO, "network_connection", payload={"network": net},
                         asset=self.asset("in_operation", 2, sysadmin=ADMIN))
        by = "UPDATE network_connection SET permitted_by = '%s' WHERE request = '%s'"
        self.assertEqual(self.daemon.value("SELECT permitted_by FROM network_connection WHERE "
                                           "request = '%s'" % no), ISO)
        self.assertIn("rules violated", str(self.daemon.psql(by % (BOSS, no), check=False)))


class Installed(Several):
    def permitted(self):
        no = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.daemon.psql(
            "UPDATE asset SET important_state = 'permitted', important_admin = '%s' WHERE asset_no "
            "= '%s'; INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, "
            "status) VALUES ('%s-v1', 'hoshi', '%s', 1, 'draft'); INSERT INTO catalogue_software "
            "(catalogue, position, software_name, version) VALUES ('%s-v1', 1, 'nginx', "
            "'1.22.1-9+deb12u1')" % (OUTGOING, no, no, no, no))
        row = self.submitted(OUTGOING, "important_software", THREE, asset=no,
                             performed_by_contractor=False, payload={
            "software": ["nginx 1.22.1", "redis 7.0"], "source": "Debian"})
        self.done(BOSS, row, "approve", "approved")
        return no, row

    def test_a_product_that_is_there_is_not_added(self):
        no, row = self.permitted()
        self.done(OUTGOING, row, "complete", "completed", on=day())
        self.assertEqual(self.daemon.psql(
            "SELECT s.software_name, s.version, s.permitted_request FROM catalogue_software s JOIN "
            "system_catalogue c ON c.catalogue_no = s.catalogue WHERE c.asset = '%s' ORDER BY 1"
            % no), [["nginx", "1.22.1-9+deb12u1", row.json["request_no"]],
                    ["redis", "7.0", row.json["request_no"]]])

    def test_who_left_the_office_does_not_install(self):
        _, row = self.permitted()
        office = "UPDATE role_assignment SET %s WHERE person = '" + OUTGOING + \
            "' AND office = 'important_admin'"
        back = office % "revoked_on = NULL, revoke_reason = NULL"
        self.addCleanup(self.offices, back)
        self.offices(office % "revoked_on = current_date, revoke_reason = 'x'")
        self.no_step(OUTGOING, row, "complete", "no_important_admin", on=day())
        self.offices(back)
        self.done(OUTGOING, row, "complete", "completed", on=day())


class Values(Several):
    def faulty(self, login, kind, member, good, bad, code="wrong_value", **members):
        """A bad value is refused in the draft, at its place; a good one is not."""
        row = self.make(login, kind, reason="x", payload=good, **members)
        place, client = R + "/" + row.json["request_no"], self.by(login)
        a = client.patch(place, {"payload": {member: bad}}, row.etag)
        self.fault(a, code, pointer="#/payload/" + member)
        self.ok(client.patch(place, {"payload": good}, row.etag))

    def test_drafts_are_told(self):
        self.faulty(ISO, "deputy_iso", "powers", {"powers": ["area_designation"]}, ["x"],
                    subject_person=STAFF)
        self.faulty(ISO, "deputy_iso", "range_units", {"range_units": ["hoshi-its"]}, ["x"],
                    subject_person=STAFF)
        self.faulty(ISO, "deputy_iso", "term_to", {"term_from": day(), "term_to": day()}, day(-1),
                    subject_person=STAFF)
        self.faulty(ISO, "log_period", "days", {"days": 1}, 0)
        self.faulty(ADMIN, "mail_auth_exemption", "lacking", {"lacking": ["DKIM", "dmarc"]},
                    ["SPF", "x"])
        members = {"request_type": "exception", "reason": "x"}
        self.fault(self.by(ADMIN).post(R, members | {"rule": "X-1"}), "unknown_rule",
                   pointer="#/rule")
        self.ok(self.by(ADMIN).post(R, members | {"rule": "REG-14"}), 201)

    def test_a_term_ends_after_it_begins(self):
        members = {"request_type": "provide_outside", "valid_from": day(3)}
        client, bad = self.by(ADMIN), {"valid_to": day(2)}
        self.fault(client.post(R, members | bad), "term_over", pointer="#/valid_to")
        row = self.ok(client.post(R, members | {"valid_to": day(3)}), 201)
        self.fault(client.patch(R + "/" + row.json["request_no"], bad, row.etag), "term_over",
                   pointer="#/valid_to")


class Recheck(Several):
    def test_what_was_found_is_known_to_who_decides(self):
        row = self.submitted(CHECKER, "recheck", subject_person=OUTGOING,
                             payload={"wanted": "replacement"})
        self.done(BOSS, row, "order_recheck", "reviewing")
        no = row.json["request_no"]
        made = self.daemon.psql("SELECT request_no, automatic FROM request WHERE "
                                "payload->>'recheck' = '%s'" % no)
        self.assertEqual([m[1] for m in made], ["t"])
        check = self.ok(self.by(BOSS).get(R + "/" + made[0][0]))
        self.done(BOSS, check, "submit", "submitted")
        self.done(BOSS, check, "assign", "reviewing", person=MEMBER)
        self.no_step(BOSS, row, "approve", "not_rechecked")
        self.done(MEMBER, check, "qualify", "completed", result="pass", comment="十分")
        last = self.by(BOSS).get("%s/%s/steps" % (R, no)).json["items"][-1]
        self.assertEqual((last["action"], last["acted_by"], last["result"]),
                         ("rechecked", None, "pass"))
        self.assertIn(made[0][0], last["comment"])
        # against the result only with a reason
        self.no_step(BOSS, row, "approve", "required")
        self.done(BOSS, row, "reject", "rejected", comment="適と認めた")
