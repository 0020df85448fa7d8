"""A review of a rating: what is raised counts from its application on, what is lowered waits."""
from ends_help import Ends
from test_requests import ADMIN, ISO, R, STAFF

RATING = "confidentiality, confidentiality_basis, integrity, availability, " \
    "handling_restrictions, rating_status, rating_by, rating_on"
UP = {"confidentiality": 3, "confidentiality_basis": "c3_management"}


class Reviews(Ends):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ism = cls.daemon.value("SELECT person FROM nearest_office('hoshi-its', 'ism', "
                                   "current_date) LIMIT 1")

    def rating(self, one):
        return self.daemon.psql("SELECT %s FROM asset WHERE asset_no = '%s'" % (RATING, one))[0]

    def so(self, one, level, status="provisional"):
        self.assertEqual(self.rating(one)[0::5], [str(level), status])

    def asked(self, one, payload, state="submitted"):
        return self.submitted(STAFF, "rating_review", asset=one, payload=payload, state=state)

    def server(self, level=2, **more):
        return self.asset("in_operation", level, sysadmin=STAFF, **more)

    def broken(self, one):
        return {i["code"] for i in self.ok(self.by(ISO).get(
            "/api/v1/assets/%s/judgement" % one)).json["items"]}

    def test_what_is_raised_counts_at_once(self):
        one = self.server()
        self.assertNotIn("IMP-01", self.broken(one))
        row = self.asked(one, UP)
        now = self.rating(one)
        self.assertEqual(now[:2] + now[5:], ["3", "c3_management", "provisional", "", ""])
        self.assertIn("org_terminal_only", now[4])
        # what follows from the level, and WF-05 with it
        self.assertTrue({"IMP-01", "CLS-07"} <= self.broken(one))
        drafts = "SELECT state FROM request WHERE asset = '%s' AND request_type = " \
            "'important_convert'"
        self.assertEqual(self.cells(drafts, one), ["draft"])
        self.done(self.ism, row, "approve", "approved")
        self.assertEqual(self.rating(one)[5:7], ["confirmed", self.ism])
        self.so(one, 3, "confirmed")

    def test_as_before_where_it_is_not_approved(self):
        for login, action, state, words in (
                (self.ism, "reject", "rejected", {"comment": "根拠がない"}),
                (self.ism, "return", "returned", {"comment": "根拠を"}),
                (STAFF, "withdraw", "withdrawn", {})):
            with self.subTest(action):
                one = self.server()
                before = self.rating(one)
                row = self.asked(one, UP | {"integrity": 2})
                self.so(one, 3)
                self.done(login, row, action, state, **words)
                self.assertEqual(self.rating(one), before)
                self.assertNotIn("IMP-01", self.broken(one))
                self.assertEqual(self.cells("SELECT state FROM request WHERE asset = '%s' AND "
                                            "request_type = 'important_convert'", one),
                                 ["withdrawn"])

    def test_sent_back_and_submitted_again(self):
        one = self.server()
        before = self.rating(one)
        row = self.asked(one, UP)
        self.done(self.ism, row, "return", "returned", comment="根拠を")
        self.done(STAFF, row, "resubmit", "submitted")
        self.so(one, 3)
        self.done(self.ism, row, "return", "returned", comment="もう一度")
        self.assertEqual(self.rating(one), before)
        self.done(STAFF, row, "withdraw", "withdrawn")
        self.assertEqual(self.rating(one), before)

    def test_changed_meanwhile_it_stays_raised(self):
        """Nobody has refused it: it is submitted again, or put back when it is withdrawn."""
        for ends, level in (("withdraw", 2), ("reject", 2), ("approve", 3), ("lower", 2)):
            with self.subTest(ends):
                one = self.server()
                before = self.rating(one)
                row = self.asked(one, UP)
                self.daemon.psql("UPDATE asset SET note = 'x' WHERE asset_no = '%s'" % one)
                self.assertEqual(self.state(row.json["request_no"]), "returned")
                self.so(one, 3)
                if ends == "withdraw":
                    self.done(STAFF, row, "withdraw", "withdrawn")
                elif ends == "lower":
                    place = "%s/%s" % (R, row.json["request_no"])
                    client = self.by(STAFF)
                    self.ok(client.patch(place, {"payload": {
                        "confidentiality": 1, "confidentiality_basis": "c1_published"}},
                        client.get(place).etag))
                    self.done(STAFF, row, "resubmit", "submitted")
                else:
                    self.done(STAFF, row, "resubmit", "submitted")
                    self.so(one, 3)
                    self.done(self.ism, row, ends, {"reject": "rejected"}.get(ends, "approved"),
                              comment="x")
                self.so(one, level, "confirmed")
                if level == 2:
                    self.assertEqual(self.rating(one), before)

    def test_what_is_lowered_waits(self):
        one = self.server(3)
        before = self.rating(one)
        row = self.asked(one, {"confidentiality": 2, "confidentiality_basis": "c2_internal",
                               "handling_restrictions": ["encrypt_transfer"]})
        self.assertEqual(self.rating(one), before)
        self.done(self.ism, row, "reject", "rejected", comment="x")
        self.assertEqual(self.rating(one), before)
        row = self.asked(one, {"confidentiality": 2, "confidentiality_basis": "c2_internal"})
        self.done(self.ism, row, "approve", "approved")
        self.so(one, 2, "confirmed")

    def test_of_both_only_what_is_raised(self):
        one = self.server(3)
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET "
                         "availability = 3, integrity = 1 WHERE asset_no = '%s'; COMMIT" % one)
        row = self.asked(one, {"confidentiality": 2, "confidentiality_basis": "c2_internal",
                               "integrity": 2, "availability": 2})
        self.assertEqual(self.rating(one)[:4], ["3", "c3_management", "2", "3"])
        self.done(self.ism, row, "approve", "approved")
        self.assertEqual(self.rating(one)[:4], ["2", "c2_internal", "2", "2"])

    def test_what_somebody_else_did_stays(self):
        one = self.server()
        row = self.asked(one, UP)
        client = self.by(STAFF)
        place = "/api/v1/assets/" + one
        self.ok(client.patch(place, {"confidentiality": 4,
                                     "confidentiality_basis": "c4_national_security",
                                     "designated_place": "201"}, client.get(place).etag))
        self.done(STAFF, row, "withdraw", "withdrawn")
        self.so(one, 4)
        # nor what would break a rule by now
        one = self.server()
        row = self.asked(one, UP)
        self.daemon.psql("UPDATE asset SET has_personal_info = true WHERE asset_no = '%s'" % one)
        self.done(STAFF, row, "withdraw", "withdrawn")
        self.so(one, 3)

    def test_a_rating_that_breaks_a_rule_is_refused_when_it_is_submitted(self):
        facts = {"CLS-01": ("has_my_number = true, has_personal_info = true", {
                     "confidentiality": 3}, "confidentiality", 4),
                 "CLS-02": ("has_personal_info = true", {"confidentiality": 2},
                            "confidentiality", 3),
                 "CLS-03": ("has_personal_info = true", {"confidentiality": 1,
                            "confidentiality_basis": "c1_published"}, "confidentiality", 3),
                 "CLS-04": ("note = 'x'", {"confidentiality": 3, "confidentiality_basis":
                            "c4_national_security"}, "confidentiality_basis", 3),
                 "CLS-05": ("note = 'x'", {"confidentiality_basis": "c3_personal"},
                            "confidentiality_basis", 3),
                 "CLS-06": ("has_my_number = true", {"confidentiality": 4}, None, 4)}
        for code, (fact, payload, member, level) in facts.items():
            with self.subTest(code):
                one = self.server(level)
                self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE "
                                 "asset SET %s WHERE asset_no = '%s'; COMMIT" % (fact, one))
                before = self.rating(one)
                row = self.make(STAFF, "rating_review", asset=one, reason="x", payload=payload)
                a = self.no_step(STAFF, row, "submit", code)
                fault = [e for e in a.json["errors"] if e["code"] == code][0]
                self.assertEqual(fault["pointer"], "#/payload/" + member if member else "#/asset")
                self.assertIn("2.2(2)②", fault["clause"])
                ja = self.by(STAFF).request(
                    "POST", "%s/%s/steps" % (R, row.json["request_no"]),
                    body={"action": "submit"}, headers={"Accept-Language": "ja", "If-Match":
                          self.by(STAFF).get("%s/%s" % (R, row.json["request_no"])).etag})
                self.refused(ja, 422, "rules_violated")
                self.assertNotEqual(ja.json["errors"], a.json["errors"])
                self.assertEqual(self.rating(one), before)

    def test_values_that_the_ledger_does_not_know(self):
        one = self.server()
        for payload in ({"confidentiality_basis": "c9"}, {"handling_restrictions": ["none"]},
                        {"confidentiality": 5}):
            a = self.by(STAFF).post(R, {"request_type": "rating_review", "asset": one,
                                        "payload": payload})
            self.refused(a, 422)
            self.assertEqual(a.codes, ["wrong_value"])
        draft = self.asset("draft", 2, sysadmin=STAFF)
        row = self.make(STAFF, "rating_review", asset=draft, reason="x", payload=UP)
        self.no_step(STAFF, row, "submit", "wrong_state")

    def test_a_medium(self):
        no = self.cell("SELECT media_no FROM external_media WHERE institution = 'hoshi' AND state "
                       "= 'stored' AND confidentiality = 2 AND encryption <> 'none' AND custodian "
                       "= '%s' LIMIT 1", STAFF) or self.cell(
            "SELECT media_no FROM external_media WHERE institution = 'hoshi' AND state = 'stored' "
            "AND confidentiality = 2 AND encryption <> 'none' LIMIT 1")
        so = "SELECT concat_ws(' ', confidentiality, rating_status) FROM external_media WHERE " \
            "media_no = '%s'"
        was = self.cell(so, no)
        for action, login in (("withdraw", ISO), ("reject", None)):
            row = self.submitted(ISO, "rating_review", medium=no, payload={"confidentiality": 3})
            self.assertEqual(self.cell(so, no), "3 provisional")
            if login:
                self.done(login, row, action, "withdrawn")
            else:
                who = self.cell("SELECT n.person FROM external_media m, nearest_office(m.unit, "
                                "'ism', current_date) n WHERE m.media_no = '%s' LIMIT 1", no)
                self.done(who, row, action, "rejected", comment="x")
            self.assertEqual(self.cell(so, no), was)

    def test_nobody_else_puts_back_a_rating(self):
        """The mark that a refusal sets is worth nothing without its record."""
        for no, mark in ((None, None), ("R0", None), (None, "{}")):
            one = self.server(3)
            row = self.asked(one, {"integrity": 2})
            before = self.daemon.value(
                "SELECT given->'raise'->'before' FROM request_step WHERE request = '%s'"
                % row.json["request_no"])
            self.daemon.psql(
                "BEGIN; SET LOCAL daicho.rating_request = '%s'; SET LOCAL daicho.rating_before = "
                "'%s'; UPDATE asset SET integrity = NULL, rating_status = 'confirmed', rating_by = "
                "'%s', rating_on = current_date WHERE asset_no = '%s'; COMMIT" % (
                    no or row.json["request_no"], mark or before, ADMIN, one))
            self.assertEqual(self.rating(one)[5:], ["provisional", "", ""])
