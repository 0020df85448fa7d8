"""The yearly review of rights: the list, the sign-off, what is kept of it."""
import hashlib
import json

from harness import Case
from sessions_help import Browser


class Reviews(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iso = Browser(cls.daemon)
        cls.addClassCleanup(cls.iso.close)
        a = cls.iso.login("kitaboshi.y", cls.daemon.logins["kitaboshi.y"]["password"])
        if a.status != 201:
            raise AssertionError(repr(a))

    def sign(self, who, **members):
        return who.post("/api/v1/access-reviews", {"institution": "hoshi"} | members)

    def test_list(self):
        a = self.ok(self.iso.get("/api/v1/reports/access-review", {"institution": "hoshi"}))
        rows = a.json["items"]
        self.assertEqual({r["kind"] for r in rows}, {"office", "token", "session"})
        mine = [r for r in rows if r["person"] == "kitaboshi.y" and r["office"] == "iso"]
        self.assertEqual(len(mine), 1)
        self.assertIs(mine[0]["bootstrap"], True)
        self.assertIs(mine[0]["unused"], False)
        self.assertNotIn("namima.j", {r["person"] for r in rows})
        csv = self.ok(self.iso.get("/api/v1/reports/access-review",
                                   {"institution": "hoshi", "format": "csv"}))
        self.assertEqual(len(csv.rows), len(rows))
        lines = self.ok(self.iso.get("/api/v1/reports/access-review", {"format": "ndjson"})).lines
        self.assertEqual(len(lines), len(rows))

    def test_list_refused(self):
        path = "/api/v1/reports/access-review"
        self.refused(self.client("eisei.r").get(path, {"institution": "umi"}), 404)
        self.refused(self.iso.get(path, {"institution": "none"}), 404)
        self.refused(self.iso.get(path, {"format": "xml"}), 400)
        self.refused(self.iso.get(path, {"x": "1"}), 400)
        self.refused(self.staff.get(path), 403)
        self.refused(self.nobody.get(path), 401)

    def test_sign(self):
        a = self.ok(self.sign(self.iso, comment="確認した"), 201)
        review = a.json
        self.assertEqual((review["person"], review["office"], review["comment"]),
                         ("kitaboshi.y", "iso", "確認した"))
        self.assertEqual(hashlib.sha256(review["list"].encode()).hexdigest(),
                         review["list_sha256"])
        lines = [json.loads(line) for line in review["list"].splitlines()]
        self.assertEqual(len(lines), review["rows"])
        self.assertEqual(self.ok(self.iso.get(a.headers["Location"])).json, review)
        every = self.ok(self.iso.get("/api/v1/access-reviews")).json
        self.assertEqual(every["items"][0]["review_no"], review["review_no"])
        state = {i["institution"]: i for i in every["institutions"]}
        self.assertFalse(state["hoshi"]["overdue"])
        self.assertTrue(state["umi"]["overdue"])
        report = self.ok(self.iso.get("/api/v1/reports/access-review")).json
        self.assertEqual(report["last_review"]["review_no"], review["review_no"])
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE object_type = "
                                    "'access_review' AND object = '%s'" % review["review_no"]), 1)

    def test_sign_refused(self):
        self.refused(self.sign(self.client("kitaboshi.y")), 403, "session_needed")
        self.refused(self.sign(self.keeper), 403)
        self.refused(self.sign(self.nobody), 401)
        self.refused(self.sign(self.iso, institution="umi"), 404)
        self.refused(self.sign(self.iso, institution=None), 422, "invalid", ["required"])
        self.refused(self.sign(self.iso, list="x"), 422, "invalid", ["unknown_member"])
        self.refused(self.sign(self.iso, comment=1), 422, "invalid")
        self.refused(self.iso.get("/api/v1/access-reviews/V999999"), 404)
        self.refused(self.iso.delete("/api/v1/access-reviews/V999999", '"1"'), 405)

    def test_command(self):
        out = self.daemon.cli("access-review", "--institution", "umi").stdout.decode()
        header, *rows = out.splitlines()
        self.assertTrue(header.startswith("institution,person,name_ja,kind,ref,office"))
        self.assertTrue(rows and all(r.startswith("umi,") for r in rows))
        both = self.daemon.cli("access-review").stdout.decode().splitlines()
        self.assertGreater(len(both), len(rows) + 1)
