"""Tokens over HTTP and on the command line: issue, narrow, list, rotate, revoke."""
import json
import time

from client import Client
from harness import Case, wait


class Session:
    """A log-in: the cookie and what goes with it."""

    def __init__(self, port, person):
        self.client = Client(port)
        a = self.client.post("/api/v1/sessions", {"login": person["login"],
                                                  "password": person["password"]},
                             headers={"Sec-Fetch-Site": "same-origin"})
        assert a.status == 201, a
        self.client.extra = {"Cookie": a.headers["Set-Cookie"].partition(";")[0],
                             "Sec-Fetch-Site": "same-origin",
                             "X-CSRF-Token": a.json["csrf_token"]}

    def __getattr__(self, name):
        return getattr(self.client, name)


class Tokens(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logins = cls.daemon.logins
        port = cls.daemon.port
        cls.mine = Session(port, logins["suiseigawa.h"])    # sysadmin of hoshi
        cls.theirs = Session(port, logins["namima.j"])      # of umi
        cls.overseer = Session(port, logins["eisei.r"])     # registry_admin of hoshi
        cls.plain = Session(port, logins["engai.s"])        # no office of the ledgers

    @classmethod
    def tearDownClass(cls):
        for session in (cls.mine, cls.theirs, cls.overseer, cls.plain):
            session.close()
        super().tearDownClass()

    def issue(self, session=None, **wish):
        wish.setdefault("scopes", ["*:read"])
        return self.ok((session or self.mine).post("/api/v1/tokens", wish), 201).json

    def bearer(self, token):
        client = Client(self.daemon.port, token if isinstance(token, str) else token["token"])
        self.addCleanup(client.close)
        return client

    # ---- issue --------------------------------------------------------------------------

    def test_a_token_is_issued(self):
        a = self.ok(self.mine.post("/api/v1/tokens", {
            "scopes": ["assets:read@hoshi", "media:*@*"], "addresses": ["127.0.0.0/8", "::1"],
            "days": 30, "note": "夜間の取込"}), 201)
        t = a.json
        self.assertRegex(t["token"], "^daicho_[0-9a-f]{12}_[0-9a-f]{48}$")
        self.assertEqual(t["token"].split("_")[1], t["id"])
        self.assertEqual(t["scopes"], ["assets:read@hoshi", "media:*"])
        self.assertEqual(t["addresses"], ["127.0.0.0/8", "::1"])
        self.assertEqual((t["note"], t["state"]), ("夜間の取込", "live"))
        self.assertEqual(a.headers["Location"], "/api/v1/tokens/" + t["id"])
        self.assertEqual(self.daemon.value(
            "SELECT expires_at - issued_at = interval '720 hours' FROM token WHERE id = '%s'"
            % t["id"]), "t")
        again = self.ok(self.mine.get(a.headers["Location"])).json
        self.assertNotIn("token", again)
        self.ok(self.bearer(t).get("/api/v1/assets"))

    def test_expiry_is_there_without_asking(self):
        t = self.issue()
        self.assertEqual(self.daemon.value(
            "SELECT expires_at - issued_at = interval '2160 hours' FROM token WHERE id = '%s'"
            % t["id"]), "t")

    def test_wishes_that_are_refused(self):
        for wish, codes in (
                ({}, ["required"]),
                ({"scopes": []}, ["required"]),
                ({"scopes": "*:read"}, ["required"]),
                ({"scopes": ["*:read"] * 33}, ["required"]),
                ({"scopes": ["*:approve"]}, ["bad_scope"]),
                ({"scopes": [7]}, ["bad_scope"]),
                ({"scopes": ["*:read", "assets:read@HOSHI"]}, ["bad_scope"]),
                ({"scopes": ["nothing:read"]}, ["unknown_ledger"]),
                ({"scopes": ["assets:read@nowhere"]}, ["unknown_institution"]),
                ({"scopes": ["*:read"], "days": 0}, ["out_of_range"]),
                ({"scopes": ["*:read"], "days": 367}, ["out_of_range"]),
                ({"scopes": ["*:read"], "days": "90"}, ["out_of_range"]),
                ({"scopes": ["*:read"], "days": -1}, ["out_of_range"]),
                ({"scopes": ["*:read"], "addresses": []}, ["not_a_list"]),
                ({"scopes": ["*:read"], "addresses": "unix"}, ["not_a_list"]),
                ({"scopes": ["*:read"], "addresses": ["localhost", "10.0.0.1/8"]},
                 ["bad_address", "bad_address"]),
                ({"scopes": ["*:read"], "note": 1}, ["not_a_text"]),
                ({"scopes": ["*:read"], "note": "あ" * 201}, ["too_long"]),
                ({"scopes": ["*:read"], "person": "namima.j"}, ["unknown_member"]),
                ({"scopes": ["*:read"], "expires_at": None}, ["unknown_member"])):
            with self.subTest(wish=wish):
                self.refused(self.mine.post("/api/v1/tokens", wish), 422, "invalid", codes)
        self.refused(self.mine.post("/api/v1/tokens", "[]"), 400, "bad_json")
        a = self.mine.post("/api/v1/tokens", {"scopes": ["*:read", "x:y"]})
        self.fault(a, "bad_scope", pointer="#/scopes", value="x:y")

    def test_never_wider_than_own_rights(self):
        for session, scope in ((self.mine, "assets:read@umi"), (self.mine, "*:*@umi"),
                               (self.mine, "persons:write"), (self.theirs, "media:read@hoshi"),
                               (self.plain, "assets:write"), (self.plain, "*:read@umi")):
            with self.subTest(scope=scope):
                self.refused(session.post("/api/v1/tokens", {"scopes": [scope]}), 422, "invalid",
                             ["scope_too_wide"])

    def test_only_a_session_issues(self):
        body = {"scopes": ["*:read"]}
        self.refused(self.writer.post("/api/v1/tokens", body), 403, "session_needed")
        self.refused(self.keeper.post("/api/v1/tokens", body), 403, "session_needed")
        self.refused(self.nobody.post("/api/v1/tokens", body), 401, "unauthenticated")
        extra = dict(self.mine.client.extra)
        for name, value in (("X-CSRF-Token", None), ("Sec-Fetch-Site", "cross-site")):
            a = Client(self.daemon.port).post("/api/v1/tokens", body,
                                              headers=extra | {name: value})
            self.refused(a, 403, "cross_site")

    def test_a_secret_is_not_kept_for_a_repetition(self):
        a = self.mine.post("/api/v1/tokens", {"scopes": ["*:read"]},
                           headers={"Idempotency-Key": "k1"})
        self.refused(a, 400, "bad_request")
        a = self.mine.post("/api/v1/tokens", {"scopes": ["*:read"]}, query={"dry_run": "true"})
        self.refused(a, 400, "bad_request")

    # ---- narrow -------------------------------------------------------------------------

    def test_a_ledger_limited_token(self):
        c = self.bearer(self.issue(scopes=["assets:read"]))
        self.ok(c.get("/api/v1/assets", query={"limit": 1}))
        self.ok(c.get("/api/v1/me"))
        for path in ("media", "persons", "units", "areas", "institutions", "offices", "imports",
                     "rules", "tokens", "asset-users"):
            with self.subTest(path=path):
                self.refused(c.get("/api/v1/" + path), 403)
        no = self.ok(c.get("/api/v1/assets", query={"limit": 1})).json["items"][0]["asset_no"]
        self.ok(c.get("/api/v1/assets/" + no))
        self.refused(c.post("/api/v1/assets", {"institution": "hoshi"}), 403)
        self.refused(c.table("assets", "name\r\nx\r\n"), 403)
        self.refused(c.get("/api/v1/media/M00000001"), 403)

    def test_actions_do_not_imply_each_other(self):
        c = self.bearer(self.issue(scopes=["assets:write"]))
        made = self.ok(c.post("/api/v1/assets", {"institution": "hoshi"}), 201)
        self.refused(c.get(made.headers["Location"]), 403)
        self.refused(c.get("/api/v1/me"), 403)
        c = self.bearer(self.issue(scopes=["assets:import"]))
        self.refused(c.post("/api/v1/assets", {"institution": "hoshi"}), 403)
        self.ok(c.table("assets", [{"institution": "hoshi", "name": "札"}],
                        query={"state": "draft"}))
        self.refused(c.table("media", [{"institution": "hoshi", "name": "札"}]), 403)

    def test_a_token_for_one_institution(self):
        everywhere = Session(self.daemon.port, self.daemon.logins["kitaboshi.y"])
        self.addCleanup(everywhere.close)
        whole = self.bearer(self.issue(everywhere, scopes=["*:read"]))
        narrow = self.bearer(self.issue(everywhere, scopes=["*:read@umi"]))
        mixed = self.bearer(self.issue(everywhere, scopes=["assets:read@umi",
                                                           "media:read@hoshi"]))

        def seen(client, ledger):
            return {r["institution"] for r in client.walk("/api/v1/" + ledger,
                                                          {"limit": 500})}
        for ledger in ("assets", "media", "units"):
            self.assertLessEqual({"hoshi", "umi"}, seen(whole, ledger), ledger)
            self.assertEqual(seen(narrow, ledger), {"umi"}, ledger)
        self.assertEqual(seen(mixed, "assets"), {"umi"})
        self.assertEqual(seen(mixed, "media"), {"hoshi"})
        self.refused(mixed.get("/api/v1/units"), 403)
        foreign = whole.get("/api/v1/assets",
                            query={"institution": "hoshi", "limit": 1}).json["items"][0]
        self.refused(narrow.get("/api/v1/assets/" + foreign["asset_no"]), 404)
        self.refused(narrow.get("/api/v1/assets/" + foreign["asset_no"] + "/history"), 404)
        hits = narrow.get("/api/v1/assets", query={"q": foreign["asset_no"]}).json["items"]
        self.assertEqual([r for r in hits if r["institution"] != "umi"], [])
        text = narrow.get("/api/v1/assets", query={"format": "csv"})
        self.assertEqual({r["institution"] for r in text.rows}, {"umi"})

    def test_addresses(self):
        self.ok(self.bearer(self.issue(addresses=["127.0.0.1"])).get("/api/v1/me"))
        for list_ in (["192.0.2.0/24"], ["unix"], ["::1"], ["127.0.0.2", "10.0.0.0/8"]):
            with self.subTest(list=list_):
                a = self.bearer(self.issue(addresses=list_)).get("/api/v1/me")
                self.refused(a, 401, "unauthenticated")

    def test_the_peer_counts_and_no_header(self):
        c = self.bearer(self.issue(addresses=["192.0.2.1"]))
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            self.refused(c.get("/api/v1/me", headers={name: "192.0.2.1"}), 401)

    # ---- list ---------------------------------------------------------------------------

    def test_everybody_sees_their_own(self):
        mine, theirs = self.issue(), self.issue(self.theirs)
        ids = {t["id"] for t in self.mine.walk("/api/v1/tokens")}
        self.assertIn(mine["id"], ids)
        self.assertNotIn(theirs["id"], ids)
        self.assertEqual({t["person"] for t in self.mine.walk("/api/v1/tokens")},
                         {"suiseigawa.h"})
        self.ok(self.mine.get("/api/v1/tokens/" + mine["id"]))
        self.refused(self.mine.get("/api/v1/tokens/" + theirs["id"]), 404, "not_found")
        self.refused(self.plain.get("/api/v1/tokens/" + mine["id"]), 404, "not_found")
        self.refused(self.nobody.get("/api/v1/tokens"), 401)
        text = json.dumps(self.mine.walk("/api/v1/tokens"))
        self.assertNotIn("daicho_", text)
        self.assertNotIn("sha256", text)

    def test_who_answers_for_an_institution_sees_its_tokens(self):
        mine, theirs = self.issue(), self.issue(self.theirs)
        seen = self.overseer.walk("/api/v1/tokens", {"state": "all"})
        self.assertIn(mine["id"], {t["id"] for t in seen})
        self.assertNotIn(theirs["id"], {t["id"] for t in seen})
        self.assertEqual({t["institution"] for t in seen}, {"hoshi"})
        one = self.overseer.walk("/api/v1/tokens", {"person": "suiseigawa.h"})
        self.assertEqual({t["person"] for t in one}, {"suiseigawa.h"})
        self.assertEqual(self.overseer.walk("/api/v1/tokens", {"person": "namima.j"}), [])
        # an office that reads the ledgers is not enough
        auditor = self.auditor.walk("/api/v1/tokens")
        self.assertEqual({t["person"] for t in auditor}, {"uzushio.g"})

    def test_arguments(self):
        for query in ({"state": "dead"}, {"limit": "1"}, {"state": "live", "x": "1"}):
            self.refused(self.mine.get("/api/v1/tokens", query=query), 400, "bad_query")
        self.refused(self.mine.get("/api/v1/tokens", query={"cursor": "x' OR 1"}), 400,
                     "bad_cursor")
        self.assertEqual(self.mine.get("/api/v1/tokens",
                                       query={"cursor": "0" * 12}).json["items"], [])

    def test_last_use(self):
        t = self.issue()
        self.assertIsNone(t["last_used_at"])
        self.ok(self.bearer(t).get("/api/v1/me"))
        wait(lambda: self.mine.get("/api/v1/tokens/" + t["id"]).json["last_used_from"] ==
             "127.0.0.1", "last use is shown")

    # ---- rotate -------------------------------------------------------------------------

    def rotate(self, client, id_, **query):
        return client.post("/api/v1/tokens/%s/rotation" % id_, query=query)

    def test_rotation(self):
        old = self.issue(scopes=["assets:read@hoshi"], note="n", addresses=["127.0.0.1"])
        new = self.ok(self.rotate(self.mine, old["id"]), 201).json
        self.assertNotEqual(new["token"], old["token"])
        self.assertEqual(new["rotated_from"], old["id"])
        for name in ("scopes", "note", "addresses", "person"):
            self.assertEqual(new[name], old[name])
        self.refused(self.bearer(old).get("/api/v1/assets"), 401)
        self.ok(self.bearer(new).get("/api/v1/assets"))
        self.refused(self.rotate(self.mine, old["id"]), 404)

    def test_grace(self):
        old = self.issue()
        new = self.ok(self.rotate(self.mine, old["id"], grace_s=600), 201).json
        self.ok(self.bearer(old).get("/api/v1/me"))
        self.ok(self.bearer(new).get("/api/v1/me"))
        self.refused(self.rotate(self.mine, old["id"], grace_s=600), 409, "conflict")
        for bad in (3601, -1, "x"):
            self.refused(self.rotate(self.mine, new["id"], grace_s=bad), 400, "bad_query")

    def test_a_token_rotates_itself_and_nothing_else(self):
        me, other = self.issue(scopes=["*:*"], days=5), self.issue()
        self.refused(self.rotate(self.bearer(me), other["id"]), 403, "session_needed")
        new = self.ok(self.rotate(self.bearer(me), me["id"]), 201).json
        self.assertEqual(new["expires_at"], me["expires_at"])
        reader = self.issue(scopes=["*:read"])
        self.refused(self.rotate(self.bearer(reader), reader["id"]), 403)

    def test_only_ones_own_is_rotated(self):
        t = self.issue()
        for session in (self.theirs, self.overseer, self.plain):
            self.refused(self.rotate(session, t["id"]), 404, "not_found")
        self.ok(self.bearer(t).get("/api/v1/me"))

    # ---- revoke -------------------------------------------------------------------------

    def test_revoking_ones_own(self):
        t = self.issue()
        c = self.bearer(t)
        self.ok(c.get("/api/v1/me"))
        self.ok(self.mine.delete("/api/v1/tokens/" + t["id"]), 204)
        self.refused(c.get("/api/v1/me"), 401)
        self.ok(self.mine.delete("/api/v1/tokens/" + t["id"]), 204)
        shown = self.mine.get("/api/v1/tokens/" + t["id"]).json
        self.assertEqual(shown["state"], "revoked")
        self.assertNotIn(t["id"], {x["id"] for x in self.mine.walk("/api/v1/tokens")})
        ended = {x["id"] for x in self.mine.walk("/api/v1/tokens", {"state": "ended"})}
        self.assertIn(t["id"], ended)

    def test_revoking_for_the_institution(self):
        t = self.issue()
        self.refused(self.theirs.delete("/api/v1/tokens/" + t["id"]), 404)
        self.refused(self.plain.delete("/api/v1/tokens/" + t["id"]), 404)
        self.refused(self.nobody.delete("/api/v1/tokens/" + t["id"]), 401)
        self.ok(self.bearer(t).get("/api/v1/me"))
        self.ok(self.overseer.delete("/api/v1/tokens/" + t["id"]), 204)
        self.refused(self.bearer(t).get("/api/v1/me"), 401)
        self.assertEqual(self.daemon.value(
            "SELECT person || ' ' || office FROM audit_event WHERE object_type = 'token'"
            " AND object = '%s' ORDER BY id DESC LIMIT 1" % t["id"]), "eisei.r registry_admin")

    def test_a_dry_run_ends_nothing(self):
        t = self.issue()
        self.ok(self.mine.delete("/api/v1/tokens/" + t["id"], query={"dry_run": "true"}), 204)
        self.ok(self.bearer(t).get("/api/v1/me"))

    def test_within_a_second_from_elsewhere(self):
        t = self.issue()
        c = self.bearer(t)
        self.ok(c.get("/api/v1/me"))
        self.daemon.cli("token", "revoke", t["id"])
        start = time.monotonic()
        wait(lambda: c.get("/api/v1/me").status == 401, "the token has ended", 5)
        self.assertLess(time.monotonic() - start, 2)

    # ---- command line -------------------------------------------------------------------

    def test_cli(self):
        made = self.daemon.cli("token", "issue", "suiseigawa.h", "--scope",
                               "assets:read@hoshi,read", "--days", "366", "--address",
                               "127.0.0.1,unix", "--note", "CLI").stdout.decode().strip()
        c = self.bearer(made)
        self.ok(c.get("/api/v1/assets"))
        id_ = made.split("_")[1]
        line = [x for x in self.daemon.cli("token", "list").stdout.decode().splitlines()
                if x.startswith(id_)][0]
        for word in ("suiseigawa.h", "assets:read@hoshi,*:read", "127.0.0.1,unix", "live", "CLI"):
            self.assertIn(word, line)
        new = self.daemon.cli("token", "rotate", id_, "--grace", "60").stdout.decode().strip()
        self.ok(self.bearer(new).get("/api/v1/assets"))
        self.ok(c.get("/api/v1/assets"))
        self.daemon.cli("token", "revoke", new.split("_")[1])

    def test_cli_refuses(self):
        for args in (("issue", "nobody.x"), ("issue", "suiseigawa.h", "--days", "367"),
                     ("issue", "suiseigawa.h", "--days", "0"),
                     ("issue", "suiseigawa.h", "--scope", "assets:approve"),
                     ("issue", "suiseigawa.h", "--scope", ""),
                     ("issue", "suiseigawa.h", "--scope", "nothing:read"),
                     ("issue", "suiseigawa.h", "--scope", "*:read@nowhere"),
                     ("issue", "suiseigawa.h", "--address", "10.0.0.1/8"),
                     ("revoke", "000000000000"), ("rotate", "000000000000"),
                     ("rotate", "000000000000", "--grace", "3601")):
            with self.subTest(args=args):
                done = self.daemon.cli("token", *args, check=False)
                self.assertEqual(done.returncode, 1, done)
                self.assertEqual(done.stdout, b"")
