"""A permit c4_handling lifts the restriction that it names, and no other (2.2(2)②表)."""
from ends_help import CHECKLIST, Ends
from test_requests import BOSS, STAFF, day

THREE = ["org_terminal_only", "minimal_copy", "locked_storage", "limited_storage",
         "trusted_network"]
FOUR = ["no_copy", "designated_place", "isolated_only"]
ALWAYS = ["encrypt_transfer", "irrecoverable_disposal"]
OF_FOUR = {"CLS-11": "isolated_only", "CLS-12": "designated_place", "CLS-13": "org_terminal_only",
           "CLD-06": "isolated_only"}


class Restrictions(Ends):
    def kept(self, level, kind="terminal", lacks=(), **columns):
        """An asset of this level that is handled as it should be, but for what is said."""
        one = self.asset("in_operation", level, sysadmin=STAFF, kind=kind)
        columns = {"net_zone": "isolated", "designated_place": "201", "provision": "issued"} \
            | columns
        self.daemon.psql(
            "BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET %s, "
            "handling_restrictions = '{%s}' WHERE asset_no = '%s'; COMMIT; UPDATE asset SET note = "
            "'x' WHERE asset_no = '%s'" % (
                ", ".join("%s = nullif('%s', '')" % c for c in columns.items()),
                ",".join(x for x in ALWAYS + THREE + (FOUR if level == 4 else [])
                         if x not in lacks), one, one))
        return one

    def lift(self, one, restriction):
        return self.approved(STAFF, "c4_handling", BOSS, asset=one, valid_to=day(90), payload={
            "restriction": restriction, "measures": "暗号化"})

    def broken(self, one):
        items = self.ok(self.by(BOSS).get("/api/v1/assets/%s/judgement" % one)).json["items"]
        found = {r[0] for r in self.daemon.psql(
            "SELECT rule FROM finding WHERE object = '%s' AND closed_at IS NULL" % one)}
        codes = {i["code"] for i in items} & (set(OF_FOUR) | {"CLS-15"})
        self.assertEqual(codes, found & (set(OF_FOUR) | {"CLS-15"}))
        return codes

    def test_each_lifts_its_own(self):
        for restriction in THREE + FOUR:
            with self.subTest(restriction):
                one = self.kept(4, net_zone="internal", designated_place="",
                                provision="non_issued", lacks=THREE + FOUR)
                self.assertEqual(self.broken(one), {"CLS-11", "CLS-12", "CLS-13", "CLS-15"})
                row, _ = self.lift(one, restriction)
                left = {c for c in ("CLS-11", "CLS-12", "CLS-13") if OF_FOUR[c] != restriction}
                self.assertEqual(self.broken(one), left | {"CLS-15"})
                self.done(BOSS, row, "revoke", "revoked", comment="不要")
                self.assertEqual(self.broken(one), {"CLS-11", "CLS-12", "CLS-13", "CLS-15"})

    def test_each_stands_for_the_one_that_is_not_set(self):
        for restriction in THREE + FOUR:
            with self.subTest(restriction):
                level = 4 if restriction in FOUR else 3
                one = self.kept(level, lacks=[restriction])
                self.assertEqual(self.broken(one), {"CLS-15"})
                self.lift(one, (THREE + FOUR)[(THREE + FOUR).index(restriction) - 1])
                self.assertEqual(self.broken(one), {"CLS-15"})
                self.lift(one, restriction)
                self.assertEqual(self.broken(one), set())

    def test_all_of_them(self):
        one = self.kept(4, net_zone="internal", designated_place="", provision="non_issued",
                        lacks=THREE + FOUR)
        for restriction in THREE + FOUR:
            self.assertIn("CLS-15", self.broken(one))
            self.lift(one, restriction)
        self.assertEqual(self.broken(one), set())

    def test_none_takes_away_what_is_never_lifted(self):
        one = self.kept(3, lacks=["encrypt_transfer"])
        for restriction in THREE:
            self.lift(one, restriction)
        self.assertEqual(self.broken(one), {"CLS-15"})

    def test_in_a_cloud(self):
        use = {"max_confidentiality": 4, "ismap": "ismap", "ismap_checked_on": day()}
        for restriction in THREE + FOUR:
            with self.subTest(restriction):
                one = self.kept(4, "cloud_service")
                self.assertEqual(self.broken(one), {"CLD-06"})
                self.lift(one, restriction)
                lifted = restriction == "isolated_only"
                self.assertEqual(self.broken(one), set() if lifted else {"CLD-06"})
                row = self.make(STAFF, "cloud_use", asset=one, reason="x", payload=use)
                if lifted:
                    self.done(STAFF, row, "submit", "submitted")
                else:
                    a = self.no_step(STAFF, row, "submit", "c4_needed")
                    fault = a.json["errors"][0]
                    self.assertEqual((fault["pointer"], fault["clause"]),
                                     ("#/payload/max_confidentiality", "2.2(2)②表"))

    def test_a_terminal_of_ones_own(self):
        ism = self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                        "LIMIT 1")
        one = self.kept(3)
        row = self.submitted(STAFF, "non_issued_terminal", asset=one, valid_to=day(90),
                             payload=CHECKLIST)
        for restriction in set(THREE) - {"org_terminal_only"}:
            self.lift(one, restriction)
            self.no_step(ism, row, "approve", "c4_needed", comment="確認した")
        self.lift(one, "org_terminal_only")
        self.done(ism, row, "approve", "approved", comment="確認した")
