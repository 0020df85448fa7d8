"""廃棄・抹消 as an application: days that can be, who confirms, and refusals that say why."""
from ends_help import Ends
from test_requests import ADMIN, BOSS, ISO, R, STAFF, day


class Disposals(Ends):
    PAYLOAD = {"method": "destroy", "sanitised_by": "業者", "sanitised_on": day()}

    def made(self, one, on=0, login=ISO, **members):
        what = members.pop("what", "asset")
        return self.make(login, "disposal", reason="廃棄", payload=self.PAYLOAD | {
            "sanitised_on": day(on)}, **{what: one} | members)

    def medium(self, state):
        return self.cell("INSERT INTO external_media (institution, unit, name, confidentiality, "
                         "users_text, custodian, sysadmin, state) VALUES ('hoshi', 'hoshi-its', "
                         "'廃棄試験', 2, '全員', '%s', '%s', '%s') RETURNING media_no", STAFF, ADMIN,
                         state)

    def retired(self, days_ago=0):
        """Whose operation ended so long ago."""
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        self.daemon.psql("UPDATE asset SET state = 'retired', retired_on = '%s' WHERE asset_no = "
                         "'%s'" % (day(-days_ago), one))
        return one

    def test_nothing_is_erased_on_a_day_that_cannot_be(self):
        one = self.retired(10)
        for on, code in ((1, "day_to_come"), (300, "day_to_come"), (-11, "day_too_early"),
                         (-9000, "day_too_early")):
            row = self.made(one, on)
            a = self.no_step(ISO, row, "submit", code)
            self.assertEqual((a.json["errors"][0]["pointer"], a.json["errors"][0]["clause"]),
                             ("#/payload/sanitised_on", "3.1(2)⑤(b), 6.2(2)③"))
        for on in (-10, -1, 0):
            self.done(ISO, self.made(one, on), "submit", "submitted")

    def test_nor_is_it_confirmed(self):
        """What was true when it was submitted is asked again."""
        one = self.retired(10)
        row = self.made(one, -5)
        self.done(ISO, row, "submit", "submitted")
        self.daemon.psql("UPDATE asset SET retired_on = '%s' WHERE asset_no = '%s'"
                         % (day(-4), one))
        self.no_step(ADMIN, row, "verify", "day_too_early")
        self.daemon.psql("UPDATE asset SET retired_on = '%s' WHERE asset_no = '%s'"
                         % (day(-5), one))
        self.done(ADMIN, row, "verify", "completed")
        self.assertEqual(self.cell("SELECT a.state || d.sanitised_on || d.confirmed_by FROM "
                                   "asset a JOIN disposal_record d ON d.asset = a.asset_no WHERE "
                                   "a.asset_no = '%s'", one), "sanitised" + day(-5) + ADMIN)

    def test_what_is_used_is_not_erased(self):
        for state in ("planned", "in_operation", "suspended", "lost"):
            row = self.made(self.asset(state, 2, sysadmin=ADMIN))
            a = self.no_step(ISO, row, "submit", "wrong_state")
            self.assertEqual(a.json["errors"][0]["pointer"], "#/asset")
        for state in ("stored", "in_use"):
            row = self.made(self.medium(state), what="medium")
            a = self.no_step(ISO, row, "submit", "wrong_state")
            self.assertEqual(a.json["errors"][0]["pointer"], "#/medium")
        row = self.made(self.medium("retired"), 1, what="medium")
        self.no_step(ISO, row, "submit", "day_to_come")

    def test_handed_on_it_is_confirmed(self):
        """sysadmin, ISO, 機関CISO: what the actions promise is done, of assets and of media."""
        for what, one in (("asset", self.retired()), ("medium", self.medium("retired"))):
            row = self.made(one, what=what, on_behalf_of=ADMIN)
            self.done(ISO, row, "submit", "blocked")
            self.done(ISO, row, "escalate", "submitted")
            actions = self.ok(self.by(BOSS).get("%s/%s/actions" % (R, row.json["request_no"])))
            self.assertEqual([(a["offices"], a["mine"]) for a in actions.json["items"]
                              if a["action"] == "verify"], [(["inst_ciso"], True)])
            self.no_step(ADMIN, row, "verify", "REQ-03")
            self.done(BOSS, row, "verify", "completed")
            self.assertEqual(self.cell("SELECT confirmed_by FROM disposal_record WHERE '%s' IN "
                                       "(asset, medium)", one), BOSS)

    def test_the_office_alone_does_not_do_it(self):
        """Without an application the 機関CISO confirms nothing, and is told who does."""
        one = self.retired()
        a = self.act(BOSS, one, "sanitisation")
        self.assertEqual(a.status, 403, a)
        self.assertIn("sysadmin", str(a.json))

    def test_what_a_ledger_refuses_is_explained(self):
        """Who proposed a rating does not confirm it, whatever application says so."""
        ism = self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                        "LIMIT 1")
        one = self.asset("in_operation", 3, sysadmin=STAFF)
        self.daemon.psql("BEGIN; ALTER TABLE asset DISABLE TRIGGER USER; UPDATE asset SET "
                         "rating_proposed_by = '%s' WHERE asset_no = '%s'; ALTER TABLE asset "
                         "ENABLE TRIGGER USER; COMMIT" % (ism, one))
        # lowered: what is raised would count, and be proposed, by its application
        row = self.submitted(STAFF, "rating_review", asset=one, payload={
            "confidentiality": 2, "confidentiality_basis": "c2_internal"})
        place = "%s/%s" % (R, row.json["request_no"])
        told = []
        for language in ("ja", "en"):
            a = self.by(ism).request("POST", place + "/steps", body={"action": "approve"}, headers={
                "If-Match": self.by(ism).get(place).etag, "Accept-Language": language})
            self.refused(a, 403, "forbidden")
            told.append(a.json["errors"][0])
        self.assertTrue(all(t["clause"] for t in told), told)
        self.assertNotEqual(told[0]["message"], told[1]["message"])

    def test_refusals_of_persons_are_explained(self):
        row = self.made(self.retired())
        place = "%s/%s" % (R, row.json["request_no"])
        told = []
        for language in ("ja", "en"):
            a = self.by(ADMIN).request("PATCH", place, body={"reason": "x"}, headers={
                "If-Match": row.etag, "Accept-Language": language})
            self.refused(a, 403, "forbidden", ["applicant_only"])
            told.append(a.json["errors"][0])
        self.assertEqual({t["clause"] for t in told}, {"2.1(2)⑫(a)"})
        self.assertNotEqual(told[0]["message"], told[1]["message"])
        a = self.by(STAFF).post(R, {"request_type": "log_period", "institution": "umi"})
        self.refused(a, 403, "forbidden", ["not_of_institution"])
