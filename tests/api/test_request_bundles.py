"""Applications that follow one another; publication in waiting; what is new to who decides."""
import hashlib

from test_requests import BOSS, CHECKER, ISO, MEMBER, R, STAFF, THREE, Workflow, day


class Bundles(Workflow):
    def setUp(self):
        super().setUp()
        self.admin = self.appointed("sysadmin")
        self.server = self.asset(sysadmin=self.admin)

    def appointed(self, office):
        """A person of the demonstration who is 情報システム管理者 and no 重要サーバ管理者."""
        return self.daemon.value(
            "SELECT o.person FROM role_assignment o WHERE o.institution = 'hoshi' AND o.office = "
            "'%s' AND office_in_force(o, current_date) AND NOT EXISTS (SELECT FROM "
            "role_assignment i WHERE i.person = o.person AND i.office = 'important_admin' AND "
            "i.revoked_on IS NULL) ORDER BY 1 LIMIT 1" % office)

    def tearDown(self):
        self.daemon.psql(
            "BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER USER; DELETE FROM role_assignment "
            "WHERE person = '%s' AND office = 'important_admin'; ALTER TABLE role_assignment "
            "ENABLE TRIGGER USER; COMMIT" % self.admin)
        super().tearDown()

    def documents(self):
        me = self.admin
        return [
            {"request_type": "qualification", "subject_person": me, "reason": "新サーバのため",
             "payload": {"skills": "研修受講済み"}},
            {"request_type": "appoint_important_admin", "subject_person": me, "reason": "新サーバ",
             "payload": {"scope_note": "配信", "term_from": day()}},
            {"request_type": "important_new", "asset": self.server, "reason": "観測データの配信"}]

    def filed(self, documents=None):
        a = self.ok(self.by(self.admin).post(R + "/bundles", {
            "requests": documents or self.documents()}), 201)
        return [self.again(row) for row in a.json["items"]]

    def again(self, row):
        return self.ok(self.by(self.admin).get(R + "/" + row["request_no"]))

    def submit(self, first, client=None):
        place = R + "/" + first.json["request_no"]
        client = client or self.by(self.admin)
        return client.act(place + "/bundle", client.get(place).etag)

    def states(self, rows):
        return [self.again(r.json).json["state"] for r in rows]

    def test_in_one_and_decided_in_order(self):
        check, office, server = rows = self.filed()
        self.assertEqual([r.json["follows"] for r in rows],
                         [None, check.json["request_no"], office.json["request_no"]])
        self.assertEqual(office.json["payload"]["qualification"], check.json["request_no"])
        # all or none: the documents of the last one are missing
        self.refused(self.submit(check), 422, "rules_violated", ["REQ-05"])
        self.assertEqual(self.states(rows), ["draft"] * 3)
        self.attach(self.admin, server, *THREE)
        # one version too late: what stands there now comes with the refusal
        a = self.by(self.admin).act(R + "/" + check.json["request_no"] + "/bundle", '"7"')
        self.refused(a, 412, "precondition_failed")
        self.assertEqual(a.json["current"]["request_no"], check.json["request_no"])
        a = self.ok(self.submit(check))
        self.assertEqual([r["state"] for r in a.json["items"]], ["submitted"] * 3)
        # in order
        self.no_step(BOSS, server, "approve", "REQ-25")
        self.no_step(BOSS, office, "approve", "REQ-25")
        self.done(BOSS, check, "assign", "reviewing", person=CHECKER)
        self.no_step(BOSS, office, "approve", "REQ-25")
        self.no_step(self.admin, check, "qualify", "REQ-03", result="pass", comment="適")
        self.done(CHECKER, check, "qualify", "completed", result="pass", comment="十分")
        self.no_step(self.admin, office, "approve", "REQ-01")
        self.no_step(BOSS, server, "approve", "REQ-25")
        self.done(BOSS, office, "approve", "approved")
        self.done(BOSS, server, "approve", "approved")
        self.assertEqual(self.important_asset(self.server)[:2], ["permitted", self.admin])
        chain = self.ok(self.by(BOSS).get("%s/%s/bundle" % (R, check.json["request_no"]))).json
        self.assertEqual([r["state"] for r in chain["items"]],
                         ["completed", "approved", "approved"])

    def test_what_can_come_to_nothing_goes_back(self):
        check, office, server = rows = self.filed()
        self.attach(self.admin, server, *THREE)
        self.ok(self.submit(check))
        self.done(self.admin, check, "withdraw", "withdrawn")
        # and what followed that one is sent back in its turn, when that one is given up
        self.assertEqual(self.states(rows), ["withdrawn", "returned", "submitted"])
        self.no_step(self.admin, office, "resubmit", "IMP-11")
        self.done(self.admin, office, "withdraw", "withdrawn")
        self.assertEqual(self.states(rows), ["withdrawn", "withdrawn", "returned"])
        self.no_step(self.admin, server, "resubmit", "REQ-20")
        steps = self.ok(self.by(self.admin).get("%s/%s/steps" % (R, server.json["request_no"])))
        last = steps.json["items"][-1]
        self.assertEqual((last["action"], last["acted_by"]), ("changed", None))
        self.assertIn(office.json["request_no"], last["comment"])

    def test_a_check_against_the_wish_is_decided_with_a_reason(self):
        check, office, _ = self.filed()[:3]
        for row in (check, office):
            self.done(self.admin, row, "submit", "submitted")
        self.done(BOSS, check, "assign", "reviewing", person=CHECKER)
        self.done(CHECKER, check, "qualify", "completed", result="fail", comment="経験不足")
        self.no_step(BOSS, office, "approve", "IMP-12")
        self.done(BOSS, office, "approve", "approved", comment="副担当が補う")

    def test_a_check_is_for_the_appointment_that_follows(self):
        check, office, _ = self.filed()
        self.done(self.admin, check, "submit", "submitted")
        self.no_step(BOSS, check, "assign", "not_followed", person=CHECKER)
        self.done(self.admin, office, "submit", "submitted")
        self.done(BOSS, check, "assign", "reviewing", person=CHECKER)
        self.done(self.admin, office, "withdraw", "withdrawn")
        self.assertEqual(self.states([check]), ["returned"])
        self.no_step(self.admin, check, "resubmit", "REQ-20")

    def test_alone_none_of_them_is_possible(self):
        check, office, server = self.documents()
        self.no_step(self.admin, self.make(self.admin, check.pop("request_type"), **check),
                     "submit", "REQ-20")
        row = self.make(self.admin, server.pop("request_type"), **server)
        self.attach(self.admin, row, *THREE)
        self.no_step(self.admin, row, "submit", "REQ-20")
        row = self.make(self.admin, office.pop("request_type"), **(office | {
            "payload": office["payload"] | {"qualification": "R99999999"}}))
        self.no_step(self.admin, row, "submit", "IMP-11")

    def test_for_somebody_else_it_is_not(self):
        """The relief of a bundle is for who is to be appointed, not for a colleague."""
        check, office, server = self.documents()
        rows = self.filed([check | {"subject_person": STAFF}, office | {"subject_person": STAFF}])
        self.no_step(self.admin, rows[0], "submit", "REQ-20")
        rows = self.filed([office | {"subject_person": STAFF}, server])
        self.attach(self.admin, rows[1], *THREE)
        self.no_step(self.admin, rows[1], "submit", "REQ-20")

    def test_form(self):
        one, two, three = self.documents()
        client = self.by(self.admin)
        count = "SELECT count(*) FROM request WHERE applicant = '%s'" % self.admin
        before = self.daemon.value(count)
        for body, code in (({}, "wrong_value"), ({"requests": [one]}, "wrong_value"),
                           ({"requests": [one] * 6}, "wrong_value"),
                           ({"requests": [one, 7]}, "wrong_value"),
                           ({"requests": [one, two], "x": 1}, "wrong_value"),
                           ({"requests": [one, two | {"follows": "R00000001"}]},
                            "unknown_member"),
                           ({"requests": [one, two, three | {"nonsense": 1}]}, "unknown_member"),
                           ({"requests": [one, {"request_type": "nonsense"}]}, "unknown_choice")):
            a = client.post(R + "/bundles", body)
            self.assertEqual(a.status, 422, a)
            self.assertIn(code, a.codes, a)
        a = client.post(R + "/bundles", {"requests": [one, two, three | {"asset": "A0"}]})
        self.fault(a, "unknown_reference", pointer="#/requests/2/asset")
        # none is left of a bundle that was refused
        self.assertEqual(self.daemon.value(count), before)

    def test_follows_only_ones_own(self):
        mine = self.make(self.admin, "log_period")
        other = self.make(STAFF, "provide_outside")
        place = R + "/" + mine.json["request_no"]
        for no in (other.json["request_no"], "R99999999", mine.json["request_no"]):
            a = self.by(self.admin).patch(place, {"follows": no}, mine.etag)
            self.fault(a, "unknown_reference", pointer="#/follows")
        second = self.make(self.admin, "log_period", follows=mine.json["request_no"])
        a = self.by(self.admin).patch(place, {"follows": second.json["request_no"]}, mine.etag)
        self.fault(a, "unknown_reference", pointer="#/follows")


class Publication(Workflow):
    """公開予定 waits for the permission; what is public already is written as it is."""

    ADMIN = "suiseigawa.h"  # 重要サーバ管理者

    def plan(self, no, **columns):
        place = "/api/v1/assets/" + no
        client = self.client(ISO, "iso")
        a = client.get(place)
        return self.ok(client.patch(place, {"publication_planned": True} | columns, a.etag))

    def row(self, no):
        return self.daemon.psql("SELECT coalesce(external_public, false), coalesce("
                                "publication_planned, false), important_state FROM asset WHERE "
                                "asset_no = '%s'" % no)[0]

    def test_held_back_until_permitted(self):
        no = self.asset("in_operation", 2, sysadmin=self.ADMIN)
        a = self.plan(no)
        self.assertEqual((a.json["external_public"], a.json["publication_planned"],
                          a.json["important_required"]), (None, True, False))
        self.assertEqual(self.row(no), ["f", "t", "pending"])
        drafted = self.daemon.psql("SELECT request_no, request_type, applicant, reason FROM "
                                   "request WHERE asset = '%s' AND automatic" % no)
        self.assertEqual(drafted[0][1:], ["important_convert", self.ADMIN,
                                          "公開予定により重要サーバに該当"])
        row = self.ok(self.by(self.ADMIN).get(R + "/" + drafted[0][0]))
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.row(no), ["t", "f", "permitted"])

    def test_refused_it_stays_inside(self):
        no = self.asset("in_operation", 2, sysadmin=self.ADMIN)
        self.plan(no)
        made = self.daemon.value("SELECT request_no FROM request WHERE asset = '%s'" % no)
        row = self.ok(self.by(self.ADMIN).get(R + "/" + made))
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "reject", "rejected", comment="学外への公開は不要")
        self.assertEqual(self.row(no), ["f", "t", "pending"])

    def test_at_once_where_no_permission_is_needed(self):
        no = self.asset("in_operation", 2, sysadmin=self.ADMIN)
        self.daemon.psql("UPDATE asset SET asset_type = 'network_device' WHERE asset_no = '%s'"
                         % no)
        self.plan(no)
        self.assertEqual(self.row(no), ["t", "f", "not_applicable"])

    def test_what_is_public_is_written_and_found(self):
        no = self.asset("in_operation", 2, sysadmin=self.ADMIN)
        place, client = "/api/v1/assets/" + no, self.client(ISO, "iso")
        a = client.patch(place, {"external_public": True, "internet_inbound": True},
                         client.get(place).etag)
        self.assertEqual(self.ok(a).json["external_public"], True)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding WHERE object = '%s' AND "
                                           "rule = 'IMP-01' AND closed_at IS NULL" % no), "1")


class Seen(Workflow):
    ADMIN = "suiseigawa.h"

    def diff(self, login, row, **args):
        a = self.ok(self.by(login).get("%s/%s/diff" % (R, row.json["request_no"]), args))
        return a.json["against"], {(i["part"], i["field"]): (i["before"], i["after"])
                                   for i in a.json["items"]}

    def permitted(self):
        no = self.asset("in_operation", 3, sysadmin=self.ADMIN)
        row = self.make(self.ADMIN, "important_convert", asset=no, reason="機密性3のため")
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        against, first = self.diff(BOSS, row)
        self.assertIsNone(against)
        self.assertEqual(first["asset", "name"], (None, "申請試験"))
        self.done(BOSS, row, "approve", "approved")
        return no, row

    def test_against_what_was_permitted(self):
        no, before = self.permitted()
        place, client = "/api/v1/assets/" + no, self.client(ISO, "iso")
        self.ok(client.patch(place, {"location_text": "別棟"}, client.get(place).etag))
        row = self.make(self.ADMIN, "important_software", asset=no, reason="配信のため",
                        performed_by_contractor=False, payload={
            "software": ["nginx 1.22.1"], "source": "Debian"})
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        against, found = self.diff(BOSS, row)
        self.assertEqual(against, before.json["request_no"])
        self.assertEqual(found["asset", "location_text"], ("室", "別棟"))
        self.assertEqual(found["reason", None], ("機密性3のため", "配信のため"))
        self.assertEqual(found["payload", "software"], (None, ["nginx 1.22.1"]))
        self.assertNotIn(("asset", "name"), found)
        labels = {i["field"]: i["label"] for i in self.by(BOSS).get(
            "%s/%s/diff" % (R, row.json["request_no"])).json["items"]}
        self.assertEqual((labels["location_text"], labels["software"]),
                         ("設置場所", "ソフトウェア（名称・版）"))
        # who decides sees it, and cannot write it
        self.refused(self.by(BOSS).patch(R + "/" + row.json["request_no"], {"reason": "x"},
                                         self.by(BOSS).get(R + "/" + row.json["request_no"]).etag),
                     403, "forbidden")

    def test_against_the_time_before(self):
        no = self.asset("in_operation", 3, sysadmin=self.ADMIN)
        row = self.make(self.ADMIN, "important_convert", asset=no, reason="理由一")
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        self.assertEqual(self.diff(BOSS, row, against="submission")[0], None)
        self.done(BOSS, row, "return", "returned", comment="詳しく")
        place = R + "/" + row.json["request_no"]
        self.ok(self.by(self.ADMIN).patch(place, {"reason": "理由二"},
                                          self.by(self.ADMIN).get(place).etag))
        self.done(self.ADMIN, row, "resubmit", "submitted")
        against, found = self.diff(BOSS, row, against="submission")
        self.assertEqual((against, found), (row.json["request_no"],
                                            {("reason", None): ("理由一", "理由二")}))
        self.refused(self.by(BOSS).get(place + "/diff", {"against": "nonsense"}), 400)

    def test_the_row_is_for_who_sees_the_row(self):
        _, row = self.permitted()
        self.refused(self.by(STAFF).get("%s/%s/diff" % (R, row.json["request_no"])), 404)
        self.assertIn(("asset", "name"), self.diff(MEMBER, row)[1])

    def test_what_was_seen_is_kept_with_its_digest(self):
        _, row = self.permitted()
        no = row.json["request_no"]
        subject, digest = self.daemon.psql("SELECT s.subject, r.subject_sha256 FROM request_seen s "
                                           "JOIN request r ON r.request_no = s.request AND "
                                           "r.subject_sha256 = s.sha256 WHERE s.request = '%s'"
                                           % no)[0]
        self.assertEqual(hashlib.sha256(subject.encode()).hexdigest(), digest)
        for sql in ("UPDATE request_seen SET seen_at = now() WHERE request = '%s'",
                    "DELETE FROM request_seen WHERE request = '%s'"):
            self.assertIn("stays on record", str(self.daemon.psql(sql % no, check=False)))


class Terms(Workflow):
    ADMIN = "suiseigawa.h"

    def test_a_permission_that_nobody_used(self):
        no = self.asset("planned", 3, sysadmin=self.ADMIN)
        row = self.make(self.ADMIN, "important_new", asset=no, reason="x")
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        a = self.done(BOSS, row, "approve", "approved")
        self.assertEqual((a.json["valid_from"], a.json["valid_to"]), (day(), day(180)))
        self.daemon.psql("UPDATE request SET valid_from = "
                         "current_date - 9, valid_to = current_date - 1 WHERE request_no = '%s'"
                         % row.json["request_no"])
        self.daemon.cli("requests", "expire")
        self.assertEqual(self.again(row), "expired")
        self.assertEqual(self.important_asset(no)[0], "pending")

    def again(self, row):
        return self.ok(self.by(BOSS).get(R + "/" + row.json["request_no"])).json["state"]

    def test_what_was_started_does_not_end(self):
        no = self.asset("planned", 3, sysadmin=self.ADMIN)
        self.daemon.psql("UPDATE asset SET vuln_state = 'ok' WHERE asset_no = '%s'" % no)
        row = self.make(self.ADMIN, "important_new", asset=no, reason="x")
        self.attach(self.ADMIN, row, *THREE)
        self.done(self.ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        a = self.done(self.ADMIN, row, "complete", "completed")
        self.assertIsNone(a.json["valid_to"])
        self.assertEqual(self.important_asset(no), ["permitted", self.ADMIN, "in_operation", "t"])

    def test_the_end_opens_the_finding_again(self):
        no = self.asset("in_operation", 2, sysadmin=STAFF)
        ism = self.daemon.value("SELECT person FROM nearest_office('hoshi-its', 'ism', "
                                "current_date) LIMIT 1")
        self.daemon.psql("UPDATE asset SET asset_type = 'terminal' WHERE asset_no = '%s'" % no)
        yes = {n: True for n in ("os_supported", "updated", "malware_protection", "encrypted",
                                 "locked")}
        row = self.make(STAFF, "non_issued_terminal", asset=no, reason="x", valid_to=day(30),
                        payload=yes | {"use": "観測", "erase_plan": "消去"})
        self.done(STAFF, row, "submit", "submitted")
        self.done(ism, row, "approve", "approved", comment="確認した")
        opened = "SELECT count(*) FROM finding WHERE object = '%s' AND rule = 'TRM-01' AND " \
            "closed_at IS NULL" % no
        self.assertEqual(self.daemon.value(opened), "0")
        self.daemon.psql("UPDATE request SET valid_from = "
                         "current_date - 9, valid_to = current_date - 1 WHERE request_no = '%s'"
                         % row.json["request_no"])
        self.daemon.cli("requests", "expire")
        self.assertEqual((self.again(row), self.daemon.value(opened)), ("expired", "1"))
