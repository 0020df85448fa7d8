"""What becomes of findings: exceptions cover them, offices order, others read and count them."""
from findings_help import FINDINGS, GOOD, UMI, WRONG, Findings
from sessions_help import Browser


class Exceptions(Findings):
    def test_covers_and_counts(self):
        key, other = self.asset(), self.asset()
        for what in ({"asset": key}, {"unit": "hoshi-obs"}):
            no, exception = self.grant("REG-14", **what)
            self.refresh()
            f = self.one(key)
            self.assertEqual(f["exception"], exception)
            self.assertIsNone(f["closed_at"])
            self.assertEqual(self.one(other)["exception"], exception if "unit" in what else None)
            counts = {c["rule"]: c for c in self.ok(self.iso.get(
                FINDINGS + "/counts", {"object__in": key + "," + other})).json["items"]}
            self.assertEqual((counts["REG-14"]["findings"], counts["REG-14"]["excepted"]),
                             (2, 2 if "unit" in what else 1))
            # withdrawn: at once
            self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)
            self.assertIsNone(self.one(key)["exception"])

    def test_a_new_finding_is_covered_at_once(self):
        no, exception = self.grant("REG-14", unit="hoshi-tel")
        key = self.asset()
        self.assertEqual(self.one(key)["exception"], exception)
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"unit": "hoshi-its"}, self.iso.get(place).etag))
        self.assertIsNone(self.one(key)["exception"])
        self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)

    def test_what_does_not_cover(self):
        key = self.asset()
        for more in ({"rule": "REG-15"}, {"state": "submitted"}, {"office": "iso"},
                     {"days": (1, 9)}, {"days": (-9, -1)}, {"unit": "hoshi-its"},
                     {"asset": self.asset()}):
            what = {k: more.pop(k) for k in ("unit", "asset") if k in more} or {"asset": key}
            no, _ = self.grant(more.pop("rule", "REG-14"), **more, **what)
            self.refresh()
            self.assertIsNone(self.one(key)["exception"], (more, what))
            self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)

    def test_it_ends(self):
        key = self.asset()
        no, exception = self.grant("REG-14", asset=key, days=(-1, 2))
        self.refresh()
        self.assertEqual(self.one(key)["exception"], exception)
        self.move(3 * 86400)
        self.refresh()
        self.assertIsNone(self.one(key)["exception"])
        self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)


class Orders(Findings):
    def browser(self, login, office=None):
        b = Browser(self.daemon)
        if office:
            b.extra["Daicho-Office"] = office
        self.addCleanup(b.close)
        self.ok(b.login(login, self.daemon.logins[login]["password"]), 201)
        return b

    def order(self, client, finding, etag='"1"', **members):
        body = {"comment": "後任を登録してください。", "due_on": self.day(14)} | members
        return client.act("%s/%s/instruction" % (FINDINGS, finding["finding_no"]), etag,
                          {k: v for k, v in body.items() if v is not None})

    def test_order(self):
        f = self.one(self.asset())
        a = self.ok(self.order(self.browser("kitaboshi.y", "iso"), f))
        self.assertEqual((a.json["instruction"], a.json["instruction_due_on"],
                          a.json["instructed_by"], a.json["instructed_office"],
                          a.json["instructed_on"], a.etag),
                         ("後任を登録してください。", self.day(14), "kitaboshi.y", "iso",
                          self.day(), '"2"'))
        self.assertEqual(self.iso.walk(FINDINGS, {"instruction_due_on": self.day(14), "object":
                                                  f["object"]})[0]["finding_no"], f["finding_no"])
        place = "%s/%s" % (FINDINGS, f["finding_no"])
        history = self.ok(self.iso.get(place + "/history")).json["items"]
        self.assertEqual([(e["person"], e["office"], e["operation"]) for e in history],
                         [("kitaboshi.y", "iso", "instructFinding")])
        # a later one takes its place; both are on record
        self.ok(self.order(self.browser("kitaboshi.y", "iso"), f, a.etag, comment="至急"))
        self.assertEqual(len(self.ok(self.iso.get(place + "/history")).json["items"]), 2)

    def test_no_history_without_an_order(self):
        f = self.one(self.asset())
        a = self.ok(self.iso.get("%s/%s/history" % (FINDINGS, f["finding_no"])))
        self.assertEqual(a.json["items"], [])
        self.refused(self.umi.get("%s/%s/history" % (FINDINGS, f["finding_no"])), 404)

    def test_who_may(self):
        tel, its = self.one(self.asset()), self.one(self.asset(unit="hoshi-its"))
        umi = self.one_of_umi()
        self.ok(self.order(self.browser("kitaboshi.y", "general_iso"), umi))
        self.ok(self.order(self.browser("tsukikage.m", "deputy_iso"), tel))
        # outside the range of the deputy: not seen
        self.refused(self.order(self.browser("tsukikage.m", "deputy_iso"), its), 404)
        self.refused(self.order(self.browser("kitaboshi.y", "iso"), umi), 404)
        for login in ("subaruno.k", GOOD, "hikoboshi.m", "bunkou.i", "eisei.r", WRONG):
            self.refused(self.order(self.browser(login), its), 403, "forbidden")
        # an order is an act of an office: a token is not enough
        self.refused(self.order(self.iso, its), 403, "session_needed")
        self.refused(self.order(self.nobody, its), 401)

    def one_of_umi(self):
        key = self.asset(**UMI)
        return [f for f in self.umi.walk(FINDINGS, {"object": key}) if f["rule"] == "REG-14"][0]

    def test_a_deputy_without_this_power(self):
        f = self.one(self.asset())
        self.daemon.psql("ALTER TABLE role_assignment DISABLE TRIGGER USER; UPDATE role_assignment"
                         " SET delegable_powers = '{instruct}' WHERE office = 'deputy_iso' AND"
                         " person = 'tsukikage.m'; ALTER TABLE role_assignment ENABLE TRIGGER USER")
        try:
            a = self.order(self.browser("tsukikage.m", "deputy_iso"), f)
        finally:
            self.daemon.psql("ALTER TABLE role_assignment DISABLE TRIGGER USER; UPDATE"
                             " role_assignment SET delegable_powers ="
                             " '{area_designation,emergency_contacts,order_on_findings}' WHERE"
                             " office = 'deputy_iso' AND person ="
                             " 'tsukikage.m'; ALTER TABLE role_assignment ENABLE TRIGGER USER")
        self.refused(a, 403, "forbidden")

    def test_form(self):
        f, b = self.one(self.asset()), self.browser("kitaboshi.y", "iso")
        self.refused(self.order(b, f, None), 428)
        self.refused(self.order(b, f, '"9"'), 412)
        self.refused(self.order(b, f, comment=None, due_on=None), 422, "invalid", ["required"] * 2)
        self.refused(self.order(b, f, comment="x" * 2001), 422, "invalid", ["too_long"])
        self.refused(self.order(b, f, due_on="soon"), 422, "invalid")
        self.refused(self.order(b, f, rule="x"), 422, "invalid", ["unknown_member"])
        self.refused(self.order(b, f, due_on=self.day(-1)), 422, "rules_violated", ["in_the_past"])
        self.refused(self.order(b, {"finding_no": "F99999999"}), 404)
        self.daemon.psql("UPDATE asset SET sysadmin = '%s' WHERE asset_no = '%s'"
                         % (GOOD, f["object"]))
        self.refused(self.order(b, f, '"2"'), 409)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding WHERE finding_no = '%s' "
                                           "AND instruction IS NOT NULL" % f["finding_no"]), "0")


class Reading(Findings):
    def test_counts(self):
        keys = [self.asset(), self.asset(unit="hoshi-its")]
        only = {"object__in": ",".join(keys), "rule": "REG-14"}
        path = FINDINGS + "/counts"
        a = self.ok(self.iso.get(path, only | {"by": "unit,severity"})).json["items"]
        self.assertEqual([(c["unit"], c["severity"], c["findings"], c["overdue"]) for c in a],
                         [("hoshi-its", "warning", 1, 0), ("hoshi-tel", "warning", 1, 0)])
        self.daemon.psql("UPDATE finding SET due_on = '%s' WHERE object IN ('%s', '%s')"
                         % (self.day(-1), *keys))
        a = self.ok(self.iso.get(path, only | {"by": "institution"})).json["items"]
        self.assertEqual(a, [{"institution": "hoshi", "findings": 2, "excepted": 0, "overdue": 2}])
        rows = self.ok(self.iso.get(path, only | {"by": "rule", "format": "csv"})).rows
        self.assertEqual(rows, [{"rule": "REG-14", "findings": "2", "excepted": "0",
                                 "overdue": "2"}])
        self.assertEqual(self.ok(self.umi.get(path, only)).json["items"], [])
        for wrong in ({"by": "colour"}, {"by": "rule,rule"}, {"by": ""}, {"limit": "5"},
                      {"sort": "rule"}, {"nothing": "1"}, {"open": "maybe"}):
            self.refused(self.iso.get(path, wrong), 400)
        self.refused(self.staff.get(path), 403)

    def test_filters(self):
        key = self.asset()
        self.assertTrue(all(f["closed_at"] is None for f in self.iso.walk(FINDINGS)))
        for query in ({"rule__in": "REG-14,REG-15"}, {"ledger": "asset"}, {"unit": "hoshi-tel"},
                      {"severity": "warning"}, {"due_on__gte": self.day()}, {"asset": key},
                      {"instruction__empty": "true"}, {"exception__empty": "true"}):
            self.assertIn("REG-14", self.open(key, **query), query)
        for query in ({"rule": "REG-15"}, {"ledger": "area"}, {"severity": "error"},
                      {"due_on__lt": self.day()}, {"open": "false"}, {"closed_at__empty": "false"}):
            self.assertNotIn("REG-14", self.open(key, **query), query)
        self.refused(self.iso.get(FINDINGS, {"open": "yes"}), 400)
        rows = self.ok(self.iso.get(FINDINGS, {"object": key, "format": "csv"})).rows
        self.assertIn("REG-14", [r["rule"] for r in rows])
        by_due = self.iso.walk(FINDINGS, {"sort": "-due_on", "limit": "7"})
        self.assertEqual([f["due_on"] for f in by_due],
                         sorted((f["due_on"] for f in by_due), reverse=True))

    def test_not_written(self):
        f = self.one(self.asset())
        for client in (self.iso, self.general):
            self.refused(client.post(FINDINGS, f), 405)
            self.refused(client.patch(FINDINGS + "/" + f["finding_no"], {}, '"1"'), 405)
            self.refused(client.delete(FINDINGS + "/" + f["finding_no"], '"1"'), 405)
        for sql in ("INSERT INTO finding (rule, ledger, object, severity, opened_at, due_on) VALUES"
                    " ('X', 'asset', 'A', 'error', now(), now())", "DELETE FROM finding",
                    "UPDATE finding SET closed_at = now()", "SELECT * FROM finding_queue",
                    "DELETE FROM finding_pass", "SELECT asset_findings('{}')"):
            code, error = self.daemon.psql(sql, "daicho_app", check=False)
            self.assertNotEqual(code, 0, sql)
            self.assertIn("permission denied", error)

    def test_who_sees(self):
        key = self.asset()
        mine = self.asset(sysadmin=GOOD, operator=WRONG)
        self.daemon.psql("UPDATE asset SET operator = 'tasogare.b' WHERE asset_no = '%s'" % mine)
        secret = self.asset(confidentiality=4, confidentiality_basis="c4_national_security")
        for client, sees in ((self.iso, True), (self.general, True), (self.csirt, True),
                             (self.umi, False), (self.owner, False)):
            f = self.one(key)["finding_no"]
            self.assertEqual(client.get(FINDINGS + "/" + f).status, 200 if sees else 404)
            self.assertEqual("REG-14" in self.open(key, client), sees)
        self.assertIn("REG-15", self.open(mine, self.owner))
        # 機密性4: only offices that see it
        self.assertIn("REG-14", self.open(secret))
        self.assertEqual(self.open(secret, self.csirt), [])
        self.refused(self.csirt.get(FINDINGS + "/" + self.one(secret)["finding_no"]), 404)
        self.refused(self.csirt.get("/api/v1/assets/%s/findings" % secret), 404)
        for client in (self.staff, self.desk):
            self.refused(client.get(FINDINGS), 403)

    def test_of_one_row(self):
        key = self.asset(os_name="Debian")
        path = "/api/v1/assets/%s/findings" % key
        a = self.ok(self.iso.get(path)).json
        found = {f["rule"]: f for f in a["items"]}
        self.assertEqual(found["REG-14"]["field"], "sysadmin")
        japanese = {f["rule"]: f for f in self.ok(self.iso.get(path, {"lang": "ja"})).json["items"]}
        self.assertIn("情報システム管理者", japanese["REG-14"]["message"])
        self.assertIn("holds no such office", found["REG-14"]["message"])
        missing = {m["column"]: m for m in a["missing"]}
        self.assertEqual(missing["vuln_checked_on"]["code"], "COL-vuln_checked_on")
        self.assertTrue(missing["vuln_checked_on"]["label"])
        self.assertTrue(0 < a["completeness"] < 100)
        self.assertNotIn("name", missing)
        self.assertFalse([m for m in missing if m.startswith(("nas_", "mfp_", "cloud_"))])
        # more is filled in
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"vuln_checked_on": self.day(), "vuln_state": "ok"},
                               self.iso.get(place).etag))
        b = self.ok(self.iso.get(path)).json
        self.assertNotIn("vuln_checked_on", [m["column"] for m in b["missing"]])
        self.assertGreater(b["completeness"], a["completeness"])
        self.refused(self.umi.get(path), 404)
        self.refused(self.iso.get("/api/v1/assets/A99999999/findings"), 404)
        self.refused(self.iso.get(path, {"open": "all"}), 400)

    def test_of_a_medium(self):
        medium = self.iso.get("/api/v1/media", {"limit": "1", "state": "stored"}).json["items"][0]
        a = self.ok(self.iso.get("/api/v1/media/%s/findings" % medium["media_no"])).json
        self.assertEqual(set(a), {"items", "missing", "completeness"})
        self.refused(self.umi.get("/api/v1/media/%s/findings" % medium["media_no"]), 404)
