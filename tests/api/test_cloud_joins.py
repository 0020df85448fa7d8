"""One approval of a cloud service at a time, and units that join it."""
from ends_help import Ends
from test_requests import ADMIN, BOSS, ISO, R, STAFF, day

USE = {"max_confidentiality": 3, "ismap": "ismap", "ismap_checked_on": day()}


class Joins(Ends):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit, cls.another = (r[0] for r in cls.daemon.psql(
            "SELECT code FROM org_unit WHERE institution = 'hoshi' AND code <> 'hoshi-its' "
            "ORDER BY code LIMIT 2"))

    def service(self, given=None, **payload):
        one = self.asset("in_operation", 2, kind="cloud_service")
        row, no = self.use(one, given, **payload)
        return one, row, no

    def use(self, one, given=None, **payload):
        return self.approved(ADMIN, "cloud_use", BOSS, asset=one, given=given,
                             payload=USE | payload)

    def join(self, one, unit=None, level=2, **members):
        return self.approved(STAFF, "cloud_join", BOSS, payload={
            "service": one, "unit": unit or self.unit, "confidentiality": level}, **members)

    def no_join(self, code, pointer, **payload):
        row = self.make(STAFF, "cloud_join", reason="x", payload=payload)
        a = self.no_step(STAFF, row, "submit", code)
        fault = [e for e in a.json["errors"] if e["code"] == code][0]
        self.assertEqual(fault["pointer"], "#/payload/" + pointer)
        self.assertIn("4.1(2)②(g)", fault["clause"])

    def joined(self, one):
        items = self.ok(self.by(STAFF).get("/api/v1/approved-services")).json["items"]
        mine = [i for i in items if i["asset_no"] == one]
        return [(i["unit"], i["joined"], i["conditions"], i["max_confidentiality"]) for i in mine]

    def last_step(self, no):
        s = self.ok(self.by(BOSS).get("%s/%s/steps" % (R, no))).json["items"][-1]
        return s["action"], s["to_state"], s["acted_by"], s["comment"]

    def test_a_unit_joins(self):
        one, _, _ = self.service({"conditions": "共有先を限る"})
        self.assertEqual(self.joined(one), [("hoshi-its", [], "共有先を限る", 3)])
        row, _ = self.join(one)
        self.join(one, self.another, level=3)
        self.assertEqual(self.joined(one), [("hoshi-its", sorted([self.unit, self.another]),
                                             "共有先を限る", 3)])
        csv = self.ok(self.by(STAFF).get("/api/v1/approved-services", {"format": "csv"}))
        self.assertEqual([r["joined"] for r in csv.rows if r["asset_no"] == one],
                         ['["%s", "%s"]' % tuple(sorted([self.unit, self.another]))])
        self.done(STAFF, row, "complete", "completed")
        self.assertEqual(self.joined(one)[0][1], [self.another])

    def test_no_further_than_what_is_joined(self):
        one, _, _ = self.service(max_confidentiality=2)
        self.no_join("above_limit", "confidentiality", service=one, unit=self.unit,
                     confidentiality=3)
        self.no_join("own_service", "unit", service=one, unit="hoshi-its", confidentiality=2)
        waits = self.asset("in_operation", 2, kind="cloud_service")
        self.no_join("not_approved", "service", service=waits, unit=self.unit, confidentiality=2)
        self.join(one)
        # nor is there a word in which it could be asked for
        for more in ("max_confidentiality", "risk_and_measures", "conditions"):
            self.refused(self.by(STAFF).post(R, {"request_type": "cloud_join", "payload": {
                "service": one, "unit": self.unit, "confidentiality": 2, more: 4}}), 422,
                "invalid", ["unknown_member"])
        for wrong in ({"service": self.asset("in_operation", 2)}, {"unit": "umi-its"},
                      {"service": "A99999999"}):
            self.refused(self.by(STAFF).post(R, {"request_type": "cloud_join", "payload": {
                "service": one, "unit": self.unit, "confidentiality": 2} | wrong}), 422,
                "rules_violated", ["wrong_value"])
        row = self.submitted(STAFF, "cloud_join", payload={
            "service": one, "unit": self.another, "confidentiality": 2})
        self.no_step(ISO, row, "approve", "REQ-03")
        self.no_step(STAFF, row, "approve", "REQ-01")

    def ends(self, how, said):
        """Joined by one, and asked for by another; then `how` to the service ends both."""
        one, row, use = self.service({"valid_to": day(20)})
        _, no = self.join(one)
        asked = self.submitted(STAFF, "cloud_join", payload={
            "service": one, "unit": self.another, "confidentiality": 2})
        how(one, row)
        self.assertEqual(self.last_step(no), ("parted", "expired", None, said % (
            {"use": use, "service": one})))
        self.assertEqual(self.last_step(asked.json["request_no"])[:3],
                         ("changed", "returned", None))
        self.no_step(STAFF, asked, "resubmit", "not_approved")
        self.assertEqual(self.cell("SELECT permit_ok('%s', 'cloud_join')", no), "f")

    def test_it_ends_when_the_approval_is_revoked(self):
        self.ends(lambda one, row: self.done(BOSS, row, "revoke", "revoked", comment="提供終了"),
                  "%(use)s: revoked")

    def test_it_ends_when_the_service_is_left(self):
        self.ends(lambda one, row: self.done(ADMIN, row, "complete", "completed", on=day()),
                  "%(use)s: completed")

    def test_it_ends_when_it_is_listed_no_more(self):
        self.ends(lambda one, row: self.done(ADMIN, row, "delisted", "approved", comment="取消し"),
                  "%(service)s")

    def test_it_ends_with_the_row(self):
        self.ends(lambda one, row: self.ok(self.act(ADMIN, one, "retirement")), "%(service)s")

    def test_it_ends_with_the_term(self):
        one, _, _ = self.service({"valid_to": day(20)})
        _, no = self.join(one)
        _, short = self.join(one, self.another, valid_to=day(3))
        self.assertEqual([self.state_later(n, no) for n in (20, 21)], ["approved", "expired"])
        self.assertEqual([self.state_later(n, short) for n in (3, 4)], ["approved", "expired"])

    def test_what_changes_otherwise_is_nothing_to_it(self):
        one, _, _ = self.service()
        _, no = self.join(one)
        asked = self.submitted(STAFF, "cloud_join", payload={
            "service": one, "unit": self.another, "confidentiality": 2})
        self.daemon.psql("UPDATE asset SET note = 'x' WHERE asset_no = '%s'" % one)
        self.ok(self.act(ADMIN, one, "suspension"))
        self.assertEqual(self.state(no), "approved")
        self.done(BOSS, asked, "approve", "approved")

    def test_a_newer_approval_takes_the_place_of_the_older(self):
        one, _, old = self.service()
        other, _, elsewhere = self.service()
        _, no = self.join(one)
        _, high = self.join(one, self.another, level=3)
        asked = self.submitted(STAFF, "cloud_join", payload={
            "service": one, "unit": self.another, "confidentiality": 2})
        _, new = self.use(one, {"conditions": "限る"}, max_confidentiality=2)
        self.assertEqual(self.last_step(old), ("replaced", "expired", None, new))
        self.assertEqual((self.state(new), self.state(elsewhere)), ("approved", "approved"))
        self.assertEqual(self.cell("SELECT permit_ok('%s', 'cloud_use')", old), "f")
        # who joined is joined to what stands now, as far as that reaches
        self.assertEqual((self.state(no), self.last_step(high)[:2]),
                         ("approved", ("parted", "expired")))
        self.assertEqual(self.joined(one), [("hoshi-its", [self.unit], "限る", 2)])
        # and who asks, asked for something else
        self.assertEqual(self.state(asked.json["request_no"]), "returned")
        self.done(STAFF, asked, "resubmit", "submitted")
        self.done(BOSS, asked, "approve", "approved")
        self.assertEqual(self.joined(other)[0][1], [])

    def test_what_is_refused_takes_no_place(self):
        one, _, old = self.service()
        row = self.submitted(ADMIN, "cloud_use", asset=one, payload=USE)
        self.done(BOSS, row, "reject", "rejected", comment="不要")
        self.assertEqual(self.state(old), "approved")

    def test_a_join_is_renewed(self):
        one, _, _ = self.service()
        _, old = self.join(one, valid_to=day(10))
        _, theirs = self.join(one, self.another)
        _, new = self.join(one)
        self.assertEqual(self.last_step(old), ("replaced", "expired", None, new))
        self.assertEqual((self.state(new), self.state(theirs)), ("approved", "approved"))
