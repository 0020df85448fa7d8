"""A 副情報セキュリティ責任者 does what was delegated, within the range, and nothing else (2.1(2)⑤)."""
from harness import Case

POWERS = "UPDATE role_assignment SET delegable_powers = '%s' WHERE person = 'tsukikage.m' AND " \
         "office = 'deputy_iso'"
GIVEN = "{area_designation,emergency_contacts,order_on_findings}"


class Deputies(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.client("tsukikage.m", "deputy_iso")  # range: hoshi-obs and below
        cls.addClassCleanup(cls.deputy.close)
        cls.addClassCleanup(cls.delegate, GIVEN)

    @classmethod
    def delegate(cls, powers):
        cls.daemon.psql("ALTER TABLE role_assignment DISABLE TRIGGER USER; %s; "
                        "ALTER TABLE role_assignment ENABLE TRIGGER USER" % (POWERS % powers))

    def asset(self, unit="hoshi-lab"):
        row, etag = self.create(name="副責任者の試験", unit=unit)
        return "/api/v1/assets/" + row["asset_no"], etag

    def test_without_the_ledgers(self):
        self.delegate(GIVEN)
        path, etag = self.asset()
        self.ok(self.deputy.get(path))  # what is in the range is read in any case
        before = self.daemon.value("SELECT count(*) FROM asset")
        self.refused(self.deputy.patch(path, {"note": "x"}, etag), 403, "forbidden")
        self.refused(self.deputy.delete(path, etag), 403, "forbidden")
        new = {"institution": "hoshi", "unit": "hoshi-lab", "name": "x"}
        self.refused(self.deputy.post("/api/v1/assets", new), 403, "forbidden")
        a = self.deputy.table("assets", [new])
        self.assertIn(a.status, (403, 422), a)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM asset"), before)
        self.refused(self.deputy.get(path + "/history"), 404)

    def test_with_the_ledgers(self):
        self.delegate("{keep_ledgers}")
        path, etag = self.asset()
        self.ok(self.deputy.patch(path, {"note": "x"}, etag))
        self.ok(self.deputy.post("/api/v1/assets", {"institution": "hoshi", "unit": "hoshi-lab",
                                                    "name": "x"}), 201)
        self.refused(self.deputy.get(path + "/history"), 404)
        # never beyond the range
        outside, etag = self.asset("hoshi-its")
        self.refused(self.deputy.get(outside), 404)
        self.refused(self.deputy.patch(outside, {"note": "x"}, etag), 404)

    def test_with_the_inspection(self):
        self.delegate("{inspect_admins}")
        path, etag = self.asset()
        self.assertEqual(self.ok(self.deputy.get(path + "/history")).json["items"][-1]["person"],
                         "kitaboshi.y")
        self.refused(self.deputy.patch(path, {"note": "x"}, etag), 403, "forbidden")
        self.refused(self.deputy.get(self.asset("hoshi-its")[0] + "/history"), 404)
