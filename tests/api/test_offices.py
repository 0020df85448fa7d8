"""Appointments over HTTP: who appoints, revocation, lists by day, bootstrap on the command line."""
from harness import Case, today
from sessions_help import Browser


def day(n):
    return today(n).isoformat()


class Offices(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.browser("subaruno.k")     # 機関CISO of hoshi
        cls.chief = cls.browser("gingahara.s")   # CISO
        cls.iso = cls.browser("kitaboshi.y")     # 情報セキュリティ責任者 of hoshi
        cls.umi_boss = cls.browser("shiosai.k")  # 機関CISO of umi
        cls.manager = cls.browser("seiunda.n")   # appoints nobody

    @classmethod
    def browser(cls, login):
        b = Browser(cls.daemon)
        cls.addClassCleanup(b.close)
        a = b.login(login, cls.daemon.logins[login]["password"])
        if a.status != 201:
            raise AssertionError(repr(a))
        return b

    def appoint(self, who, **members):
        body = {"person": "bunkou.i", "office": "sysadmin", "institution": "hoshi",
                "scope_note": "試験", "term_from": day(2)} | members
        return who.post("/api/v1/offices", {k: v for k, v in body.items() if v is not None})

    def made(self, who, **members):
        a = self.ok(self.appoint(who, **members), 201)
        return a.json, a.etag

    def test_appoint(self):
        row, etag = self.made(self.boss, range_units=["hoshi-lab"])
        self.assertEqual((row["appointed_by"], row["created_by"], row["bootstrap"]),
                         ("subaruno.k", "subaruno.k", False))
        self.assertEqual(row["range_units"], ["hoshi-lab"])
        self.assertTrue(row["appointed_on"])
        got = self.ok(self.reader.get("/api/v1/offices/" + row["office_no"]))
        self.assertEqual((got.json, got.etag), (row, etag))
        audit = self.daemon.psql("SELECT person, office, operation FROM audit_event WHERE "
                                 "object_type = 'role_assignment' AND object = '%s'"
                                 % row["office_no"])
        self.assertEqual(audit, [["subaruno.k", "inst_ciso", "appoint"]])

    def test_corporate(self):
        row, _ = self.made(self.chief, person="hakucho.g", office="committee_member",
                           institution=None, scope_note=None)
        self.assertIsNone(row["institution"])
        self.ok(self.other.get("/api/v1/offices/" + row["office_no"]))
        found = self.ok(self.other.get("/api/v1/offices", {"office": "committee_member",
                                                           "limit": "500"}))
        self.assertIn(row["office_no"], [r["office_no"] for r in found.json["items"]])

    def test_who_may(self):
        """The refusal names who appoints, and the clause."""
        for who, members, said in (
                (self.iso, {}, "inst_ciso (2.1(2)②(d))"),
                (self.chief, {}, "inst_ciso"),
                (self.umi_boss, {}, "inst_ciso"),
                (self.boss, {"office": "auditor", "scope_note": None}, "ciso (2.1(2)"),
                (self.boss, {"office": "inst_ciso"}, "where the machine stands"),
                (self.chief, {"office": "ciso", "institution": None}, "where the machine"),
                (self.boss, {"institution": "umi"}, "inst_ciso")):
            a = self.appoint(who, **members)
            self.refused(a, 403, "forbidden")
            self.assertIn(said, a.json["detail"])
        self.refused(self.appoint(self.manager), 403, "forbidden")
        self.refused(self.appoint(self.nobody), 401)
        # an appointment is a decision: a token is not enough
        self.refused(self.appoint(self.client("subaruno.k")), 403, "session_needed")

    def test_rules(self):
        for members, code in (
                ({"office": "important_admin"}, "ROLE-22"),
                ({"office": "deputy_iso", "term_to": day(9), "range_units": ["hoshi-lab"],
                  "delegable_powers": ["instruct"]}, "ROLE-22"),
                ({"office": "deputy_iso"}, "ROLE-01"),
                ({"person": "subaruno.k"}, "ROLE-23"),
                ({"appointed_by": "kitaboshi.y"}, "ROLE-24"),
                ({"office": "ism"}, "ROLE-26"),
                ({"scope_note": None}, "ROLE-27"),
                ({"range_units": ["umi-dep"]}, "ROLE-28"),
                ({"range_assets": ["A99999999"]}, "ROLE-28"),
                ({"person": "tasogare.b"}, "ROLE-29")):
            a = self.appoint(self.boss, **members)
            self.refused(a, 422, "rules_violated")
            self.assertIn(code, a.codes, members)
            self.assertTrue(all(f["clause"] for f in a.json["errors"]))
        self.refused(self.appoint(self.chief, office="general_iso", institution=None), 422,
                     "rules_violated", ["ROLE-07"])

    def test_form(self):
        for members, codes in (
                ({"person": None}, ["required"]),
                ({"person": "nobody.x"}, ["unknown_reference"]),
                ({"unit": "umi-dep"}, ["unknown_reference"]),
                ({"office": "emperor"}, ["unknown_choice"]),
                ({"delegable_powers": ["everything"]}, ["unknown_choice"]),
                ({"bootstrap": True}, ["read_only"]),
                ({"appointment_request": "R1"}, ["read_only"]),
                ({"revoked_on": day(3)}, ["read_only"]),
                ({"term_to": day(1)}, ["not_allowed"])):
            self.refused(self.appoint(self.boss, **members), 422, "invalid", codes)

    def test_dry_run(self):
        before = self.count("SELECT count(*) FROM role_assignment")
        a = self.boss.post("/api/v1/offices", {
            "person": "bunkou.i", "office": "sysadmin", "institution": "hoshi",
            "scope_note": "x", "term_from": day(2)}, query={"dry_run": "true"})
        self.ok(a, 201)
        self.assertEqual(self.count("SELECT count(*) FROM role_assignment"), before)

    def test_never_changed(self):
        row, etag = self.made(self.boss)
        place = "/api/v1/offices/" + row["office_no"]
        self.refused(self.boss.patch(place, {"term_to": day(30)}, etag), 405)
        self.refused(self.boss.put(place, row, etag), 405)
        self.refused(self.boss.delete(place, etag), 405)

    def test_revoke(self):
        row, etag = self.made(self.boss, term_from=day(-10))
        place = "/api/v1/offices/" + row["office_no"] + "/revocation"
        good = {"revoke_reason": "異動"}
        self.refused(self.boss.act(place, None, good), 428)
        self.refused(self.boss.act(place, '"99"', good), 412)
        self.refused(self.boss.act(place, etag, {}), 422, "invalid", ["required"])
        self.refused(self.boss.act(place, etag, good | {"x": 1}), 422, "invalid",
                     ["unknown_member"])
        self.refused(self.boss.act(place, etag, good | {"revoked_on": day(-5)}), 422,
                     "rules_violated", ["in_the_past"])
        self.refused(self.iso.act(place, etag, good), 403, "forbidden")
        self.refused(self.umi_boss.act(place, etag, good), 404)
        gone = self.ok(self.boss.act(place, etag, good | {"revoked_on": day(5)}))
        self.assertEqual((gone.json["revoked_on"], gone.json["revoke_reason"]),
                         (day(5), "異動"))
        self.refused(self.boss.act(place, gone.etag, good), 409, "wrong_state")
        history = self.ok(self.boss.get("/api/v1/offices/%s/history" % row["office_no"])).json
        self.assertEqual(history["items"][-1]["reason"], "異動")
        for n, there in ((4, True), (5, False), (-10, True), (-11, False)):
            found = self.boss.walk("/api/v1/offices", {"in_force_on": day(n),
                                                       "person": "bunkou.i"})
            self.assertEqual(row["office_no"] in [r["office_no"] for r in found], there, n)

    def test_revoke_local(self):
        boss = self.ok(self.chief.get("/api/v1/offices", {"office": "inst_ciso",
                                                          "person": "subaruno.k"})).json["items"]
        a = self.chief.act("/api/v1/offices/%s/revocation" % boss[0]["office_no"],
                           '"%d"' % boss[0]["row_version"], {"revoke_reason": "x"})
        self.refused(a, 403, "forbidden")
        self.assertIn("where the machine stands", a.json["detail"])

    def test_in_force_on(self):
        both = self.ok(self.other.get("/api/v1/offices", {
            "office": "inst_ciso", "institution": "umi", "person__in": "umibe.h,shiosai.k"}))
        self.assertEqual([r["person"] for r in both.json["items"]], ["umibe.h", "shiosai.k"])
        then = self.ok(self.other.get("/api/v1/offices", {
            "office": "inst_ciso", "institution": "umi", "in_force_on": "2025-05-01"}))
        self.assertEqual([r["person"] for r in then.json["items"]], ["umibe.h"])
        csv = self.ok(self.other.get("/api/v1/offices", {
            "office": "inst_ciso", "in_force_on": "2025-05-01", "format": "csv"}))
        self.assertEqual([r["person"] for r in csv.rows], ["umibe.h"])
        for wrong in ("yesterday", "2025-02-30", ""):
            self.refused(self.other.get("/api/v1/offices", {"in_force_on": wrong}), 400)
        self.refused(self.other.get("/api/v1/units", {"in_force_on": "2025-05-01"}), 400)

    def test_demonstration_is_bootstrap(self):
        rows = self.reader.walk("/api/v1/offices", {"bootstrap": "true", "limit": "500"})
        self.assertIn("important_admin", {r["office"] for r in rows})

    def test_bootstrap(self):
        grant = ("office", "grant", "bunkou.i", "important_admin", "--appointed-by",
                 "subaruno.k", "--institution", "hoshi")
        self.assertNotEqual(self.daemon.cli(*grant, check=False).returncode, 0)
        no = self.daemon.cli(*grant, "--bootstrap").stdout.decode().strip()
        self.assertEqual(self.daemon.psql(
            "SELECT operation, after->>'bootstrap' FROM audit_event WHERE object = '%s'" % no),
            [["bootstrap", "true"]])
        refused = self.daemon.cli(*grant[:3], "sysadmin", *grant[4:5], "bunkou.i", *grant[6:],
                                  "--bootstrap", "--scope", "x", check=False)
        self.assertIn(b"ROLE-02", refused.stderr)
        self.daemon.cli("office", "revoke", no, "--bootstrap", "--reason", "試験")
        self.assertEqual(self.daemon.value("SELECT revoke_reason FROM role_assignment WHERE "
                                           "office_no = '%s'" % no), "試験")

    def test_rules_are_listed(self):
        items = {r["code"]: r for r in self.ok(self.reader.get("/api/v1/rules")).json["items"]}
        for code, mode in [("ROLE-0%d" % n, "F" if 3 <= n <= 6 else "R") for n in range(1, 9)] \
                + [("REG-14", "F"), ("REG-15", "F"), ("ORG-01", "F")]:
            self.assertEqual(items[code]["mode"], mode, code)
