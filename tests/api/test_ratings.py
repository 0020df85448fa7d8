"""Ratings: proposed by whoever writes the row, confirmed by the 情報セキュリティ管理者 (2.2(2)②)."""
from harness import Case, PEOPLE, load
from signed import signed
from test_decided_columns import ACT

RATING = ("confidentiality", "confidentiality_basis", "integrity", "availability",
          "handling_restrictions")


class Ratings(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clients = {"ism": ("seiunda.n", "ism"),      # of hoshi-its
                   "above": ("tsukikage.m", "ism"),  # of hoshi-adm, to which hoshi-its belongs
                   "beside": ("nichirin.c", "ism"),  # of hoshi-gad, below hoshi-adm, too
                   "foreign": ("kaigara.m", "ism"),  # of umi-its
                   "sysadmin": ("suiseigawa.h", "sysadmin")}
        for name, (login, office) in clients.items():
            setattr(cls, name, signed(cls.daemon, login, office))
        cls.writer.close()
        cls.writer = signed(cls.daemon, PEOPLE["writer"], "iso")
        cls.today = cls.daemon.value("SELECT act_today()")

    def asset(self, registered=True, **more):
        """Of hoshi-its and the 情報システム管理者, with 機密性 2; its ETag."""
        body = load("good", "CLS-01")["row"] | {
            "has_personal_info": False, "has_my_number": False,
            "confidentiality": 2, "confidentiality_basis": "c2_internal",
            "handling_restrictions": ["encrypt_transfer"]} | more
        a = self.ok(self.sysadmin.post("/api/v1/assets", body), 201)
        if registered:
            a = self.ok(self.sysadmin.act("/api/v1/assets/%s/registration" % a.json["asset_no"],
                                          a.etag))
        self.assertEqual(a.json["rating_status"], "provisional")
        return a.json["asset_no"], a.etag

    def medium(self):
        body = load("good", "MED-01")["row"] | {"confidentiality": 2}
        a = self.ok(self.sysadmin.post("/api/v1/media", body), 201)
        a = self.ok(self.sysadmin.act("/api/v1/media/%s/registration" % a.json["media_no"],
                                      a.etag))
        return a.json["media_no"], a.etag

    def rate(self, client, key, etag, body=None, ledger="assets", **more):
        return client.act("/api/v1/%s/%s/rating" % (ledger, key), etag, body or {}, **more)

    def confirmed(self, **more):
        key, etag = self.asset(**more)
        a = self.ok(self.rate(self.ism, key, etag))
        return key, a.etag

    def row(self, key, ledger="assets"):
        return self.ok(self.writer.get("/api/v1/%s/%s" % (ledger, key))).json

    def unchanged(self, key, status="provisional", ledger="assets"):
        self.assertEqual(self.row(key, ledger)["rating_status"], status)

    # ---- confirmed ----------------------------------------------------------------------

    def test_as_proposed(self):
        key, etag = self.asset()
        before = self.row(key)
        a = self.ok(self.rate(self.ism, key, etag))
        self.assertNotEqual(a.etag, etag)
        self.assertEqual({c: a.json[c] for c in RATING}, {c: before[c] for c in RATING})
        self.assertEqual((a.json["rating_status"], a.json["rating_by"], a.json["rating_on"]),
                         ("confirmed", "seiunda.n", self.today))
        self.assertEqual(self.row(key), a.json)

    def test_a_token_never_confirms(self):
        key, etag = self.asset()
        token = self.client("seiunda.n", "ism")
        self.addCleanup(token.close)
        self.refused(self.rate(token, key, etag), 403, "session_needed")
        self.refused(token.post("/api/v1/assets/ratings", {"keys": [key]}), 403,
                     "session_needed")
        # nor by a statement in its name
        act = ("BEGIN; SELECT set_config('daicho.' || k, v, true) FROM (VALUES ('person', "
               "'seiunda.n'), ('office', 'ism'), ('scope', '{hoshi}'), ('reach', 'iiii4'), "
               "('account', '%s')) x (k, v); SELECT asset_rate_all('{%s}'); ROLLBACK")
        ident = self.daemon.value("SELECT id FROM token WHERE person = 'seiunda.n' LIMIT 1")
        code, said = self.daemon.psql(act % (ident, key), role="daicho_app", check=False)
        self.assertNotEqual(code, 0)
        self.assertIn("not all can be confirmed", str(said))
        self.assertEqual(self.daemon.psql(act % ("", key), role="daicho_app", check=False)[0], 0)
        self.unchanged(key)
        self.ok(self.rate(self.ism, key, etag))

    def test_with_other_values(self):
        key, etag = self.asset()
        values = {"confidentiality": 3, "confidentiality_basis": "c3_management", "integrity": 2,
                  "availability": 3, "handling_restrictions": ["encrypt_transfer",
                                                               "locked_storage"]}
        a = self.ok(self.rate(self.ism, key, etag, values))
        self.assertEqual({c: a.json[c] for c in RATING}, values)
        self.assertEqual(a.json["rating_status"], "confirmed")
        # and lower again, which nobody else may
        a = self.ok(self.rate(self.ism, key, a.etag, {"confidentiality": 2,
                                                      "confidentiality_basis": "c2_internal"}))
        self.assertEqual((a.json["confidentiality"], a.json["rating_status"], a.json["integrity"]),
                         (2, "confirmed", 2))

    def test_not_by_the_unit_above(self):
        """The nearest unit that has a 情報セキュリティ管理者 answers (2.1(2)⑦(a))."""
        key, etag = self.asset()
        self.refused(self.rate(self.above, key, etag), 403, "forbidden", ["office_needed"])
        self.unchanged(key)

    def test_a_medium(self):
        key, etag = self.medium()
        a = self.ok(self.rate(self.ism, key, etag, {"confidentiality": 3}, "media"))
        self.assertEqual((a.json["rating_status"], a.json["confidentiality"]), ("confirmed", 3))
        # raised by whoever keeps it, it is a proposal again; lowered, refused
        path = "/api/v1/media/" + key
        self.refused(self.sysadmin.patch(path, {"confidentiality": 2}, a.etag), 409,
                     "rating_confirmed")
        a = self.ok(self.sysadmin.patch(path, {"confidentiality": 4}, a.etag))
        self.assertEqual(a.json["rating_status"], "provisional")

    def test_the_history_says_who_in_which_office_and_why(self):
        key, etag = self.asset()
        self.ok(self.rate(self.ism, key, etag, {"integrity": 3, "comment": "原本のため"}))
        event = self.ok(self.ism.get("/api/v1/assets/%s/history" % key)).json["items"][-1]
        self.assertEqual((event["person"], event["office"], event["operation"], event["reason"]),
                         ("seiunda.n", "ism", "rateAsset", "原本のため"))
        changes = {c["field"]: (c["old"], c["new"]) for c in event["changes"]}
        self.assertEqual(changes["rating_status"], ("provisional", "confirmed"))
        self.assertEqual(changes["integrity"], (None, 3))

    def test_a_dry_run_keeps_nothing(self):
        key, etag = self.asset()
        a = self.ok(self.rate(self.ism, key, etag, {"integrity": 4}, query={"dry_run": "true"}))
        self.assertEqual((a.json["rating_status"], a.json["integrity"]), ("confirmed", 4))
        self.assertEqual(a.headers["Daicho-Dry-Run"], "true")
        self.unchanged(key)
        self.ok(self.rate(self.ism, key, etag))  # in the version that was seen before

    def test_repeated_by_its_key(self):
        key, etag = self.asset()
        path, sent = "/api/v1/assets/%s/rating" % key, {"If-Match": etag,
                                                        "Idempotency-Key": "rating-" + key}
        first = self.ok(self.ism.request("POST", path, body={}, headers=sent))
        again = self.ok(self.ism.request("POST", path, body={}, headers=sent))
        self.assertEqual(again.json, first.json)
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE object = '%s' AND "
                                    "operation = 'rateAsset'" % key), 1)

    # ---- refused ------------------------------------------------------------------------

    def test_another_unit(self):
        """Outside one's unit there is no such row; for whom the row names, no such act."""
        key, etag = self.asset()
        self.refused(self.rate(self.beside, key, etag), 404)
        key, etag = self.asset(operator="nichirin.c")
        self.refused(self.rate(self.beside, key, etag), 403, "forbidden")
        self.unchanged(key)

    def test_another_institution(self):
        key, etag = self.asset()
        self.refused(self.rate(self.foreign, key, etag), 404)
        medium, version = self.medium()
        self.refused(self.rate(self.foreign, medium, version, None, "media"), 404)
        self.unchanged(key)
        self.unchanged(medium, ledger="media")

    def test_other_offices(self):
        key, etag = self.asset()
        for client in (self.sysadmin, self.keeper, self.auditor, self.staff):
            document = self.refused(self.rate(client, key, etag), 403, "forbidden")
            self.assertEqual([o["office"] for o in document["offices"]], ["iso", "ism"])
        # the 情報セキュリティ責任者 only where no 情報セキュリティ管理者 is left to
        self.refused(self.rate(self.writer, key, etag), 403, "forbidden", ["office_needed"])
        self.refused(self.rate(self.nobody, key, etag), 401)
        self.unchanged(key)

    def test_a_token_without_the_scope(self):
        key, etag = self.asset()
        for scope in ("assets:read", "media:*", "*:*@umi", "*:import"):
            token = self.daemon.cli("token", "issue", "seiunda.n", "--scope", scope, "--days",
                                    "1").stdout.decode().split()[0]
            self.refused(self.nobody.request("POST", "/api/v1/assets/%s/rating" % key, body={},
                                             headers={"If-Match": etag}, token=token), 403)
        self.unchanged(key)

    def test_a_version_that_is_gone(self):
        key, etag = self.asset()
        self.ok(self.sysadmin.patch("/api/v1/assets/" + key, {"note": "x"}, etag))
        document = self.refused(self.rate(self.ism, key, etag), 412)
        self.assertEqual(document["current"]["note"], "x")
        self.refused(self.rate(self.ism, key, None), 428)
        self.unchanged(key)

    def test_a_draft(self):
        key, etag = self.asset(registered=False)
        self.refused(self.rate(self.ism, key, etag), 409)
        self.unchanged(key)

    def test_a_row_that_does_not_exist(self):
        self.refused(self.rate(self.ism, "A99999999", '"1"'), 404)

    def test_other_columns_and_values(self):
        key, etag = self.asset()
        for body, code in (({"note": "x"}, "unknown_member"), ({"sysadmin": "x"}, "unknown_member"),
                           ({"rating_status": "confirmed"}, "unknown_member"),
                           ({"rating_by": "tsukikage.m"}, "unknown_member"),
                           ({"confidentiality": 5}, "unknown_choice"),
                           ({"confidentiality": "3"}, "wrong_type"),
                           ({"comment": 3}, "wrong_type"), ({"comment": "x" * 1001}, "too_long")):
            with self.subTest(body):
                self.refused(self.rate(self.ism, key, etag, body), 422, "invalid", [code])
        for body in ("[]", '"x"', "null", "{"):
            a = self.ism.act("/api/v1/assets/%s/rating" % key, etag, body)
            self.assertIn(a.status, (400, 422), a)
        self.unchanged(key)

    def test_the_rules_hold_for_a_rating_too(self):
        """特定個人情報 is 機密性4: nobody confirms less (CLS-01)."""
        key, etag = self.asset(**load("good", "CLS-01")["row"])
        bad = load("bad", "CLS-01")
        self.refused(self.rate(self.ism, key, etag,
                               {c: bad["row"][c] for c in RATING if c in bad["row"]}), 422,
                     codes=bad["codes"])
        self.assertEqual(self.ok(self.ism.get("/api/v1/assets/" + key)).json["rating_status"],
                         "provisional")

    # ---- after the confirmation ---------------------------------------------------------

    def test_other_changes_leave_it_confirmed(self):
        key, etag = self.confirmed()
        a = self.ok(self.sysadmin.patch("/api/v1/assets/" + key, {"note": "x"}, etag))
        self.assertEqual((a.json["rating_status"], a.json["rating_by"]), ("confirmed", "seiunda.n"))

    def test_raised_it_is_a_proposal(self):
        """By the 情報システム管理者; the higher value counts at once."""
        key, etag = self.confirmed()
        a = self.ok(self.sysadmin.patch("/api/v1/assets/" + key,
                                        {"confidentiality": 3,
                                         "confidentiality_basis": "c3_management"}, etag))
        self.assertEqual((a.json["confidentiality"], a.json["rating_status"],
                          a.json["rating_by"], a.json["rating_on"]),
                         (3, "provisional", None, None))
        a = self.ok(self.rate(self.ism, key, a.etag))
        self.assertEqual(a.json["rating_status"], "confirmed")

    def test_lowered_it_is_refused(self):
        for client in (self.sysadmin, self.writer):
            key, etag = self.confirmed()
            self.refused(client.patch("/api/v1/assets/" + key,
                                      {"confidentiality": 1,
                                       "confidentiality_basis": "c1_published"}, etag), 409,
                         "rating_confirmed")
            row = self.row(key)
            self.assertEqual((row["confidentiality"], row["rating_status"]), (2, "confirmed"))

    def test_raised_it_is_lowered_to_what_was_confirmed(self):
        """And no further, in one step or in many."""
        key, etag = self.confirmed()
        place = "/api/v1/assets/" + key

        def levels(confidentiality, basis):
            return {"confidentiality": confidentiality, "confidentiality_basis": basis}
        a = self.ok(self.sysadmin.patch(place, levels(3, "c3_management"), etag))
        self.refused(self.sysadmin.patch(place, levels(1, "c1_published"), a.etag), 409,
                     "rating_confirmed")
        table = self.sysadmin.table(
            "assets", [{"asset_no": key} | levels(1, "c1_published")],
            query={"mode": "update", "key": "asset_no"})
        self.refused(table, 422, "invalid", ["rating_confirmed"])
        code, said = self.daemon.psql(ACT % ("kitaboshi.y", "iso", "UPDATE asset SET "
                                             "confidentiality = 1, confidentiality_basis = "
                                             "'c1_published' WHERE asset_no = '%s'" % key),
                                      role="daicho_app", check=False)
        self.assertNotEqual(code, 0)
        self.assertIn("a confirmed rating", str(said))
        a = self.ok(self.sysadmin.patch(place, levels(2, "c2_internal"), a.etag))
        self.assertEqual((a.json["confidentiality"], a.json["rating_status"]), (2, "provisional"))
        self.refused(self.sysadmin.patch(place, levels(1, "c1_published"), a.etag), 409,
                     "rating_confirmed")
        # who confirms may
        a = self.ok(self.rate(self.ism, key, a.etag, levels(1, "c1_published")))
        self.assertEqual((a.json["confidentiality"], a.json["rating_status"]), (1, "confirmed"))

    def test_never_confirmed_it_is_lowered(self):
        key, etag = self.asset()
        a = self.ok(self.sysadmin.patch("/api/v1/assets/" + key,
                                        {"confidentiality": 1,
                                         "confidentiality_basis": "c1_published"}, etag))
        self.assertEqual((a.json["confidentiality"], a.json["rating_status"]), (1, "provisional"))

    def test_nobody_writes_the_status(self):
        key, etag = self.asset()
        for member in ({"rating_status": "confirmed"}, {"rating_by": "seiunda.n"},
                       {"rating_on": self.today}):
            self.refused(self.sysadmin.patch("/api/v1/assets/" + key, member, etag), 422,
                         "invalid", ["read_only"])
        self.unchanged(key)

    def test_an_import_confirms_nothing(self):
        key, etag = self.confirmed()
        a = self.sysadmin.table("assets", [{"asset_no": key, "confidentiality": 3,
                                            "confidentiality_basis": "c3_management"}],
                                query={"mode": "update", "key": "asset_no"})
        self.ok(a)
        self.unchanged(key)
        self.ok(self.rate(self.ism, key, self.ok(self.ism.get("/api/v1/assets/" + key)).etag))
        a = self.sysadmin.table("assets", [{"asset_no": key, "confidentiality": 2,
                                            "confidentiality_basis": "c2_internal"}],
                                query={"mode": "update", "key": "asset_no"})
        self.refused(a, 422, "invalid", ["rating_confirmed"])
        row = self.row(key)
        self.assertEqual((row["confidentiality"], row["rating_status"]), (3, "confirmed"))
