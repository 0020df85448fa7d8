"""Rules of mode R: for each one row that breaks it alone and one that does not.

tests/bad/CODE.json holds ledger, row and the codes that must be named; tests/good/CODE.json a row
that differs as little as possible.  Each goes through the API and through an import.
"""
import harness
from harness import Case, load


# The rating is no column that a row may set: tests/db/test_ratings.c.
ELSEWHERE = {"CLS-08"}


class Rule(Case):
    """One test per file, made below."""

    def wrong(self, name):
        case = load("bad", name)
        path = "/api/v1/" + case["ledger"]
        before = self.rows(case["ledger"])
        self.by_registration(case, path)
        self.by_import(case, before + 1)
        self.by_change(case, path)

    def by_registration(self, case, path):
        row, etag = self.create(case["ledger"], **case["row"])
        self.assertEqual(row["state"], "draft")
        place = "%s/%s" % (path, key_of(row))
        for query in (None, {"dry_run": "true"}):
            a = self.writer.act(place + "/registration", etag, query=query)
            self.refused(a, 422, "rules_violated", case["codes"])
            for fault in a.json["errors"]:
                self.assertTrue(fault["clause"] and fault["message"], fault)
                self.assertTrue(fault["pointer"].startswith("#/"), fault)
        japanese = self.writer.request("POST", place + "/registration",
                                       headers={"If-Match": etag, "Accept-Language": "ja"})
        self.refused(japanese, 422, "rules_violated", case["codes"])
        for here, there in zip(a.json["errors"], japanese.json["errors"]):
            self.assertEqual(here["code"], there["code"])
            self.assertNotEqual(here["message"], there["message"])
            self.assertTrue(here["message"].isascii() or "機" in here["message"] or
                            "情報" in here["message"], here)
            self.assertFalse(there["message"].isascii(), there)
        after = self.writer.get(place)
        self.assertEqual((after.etag, after.json), (etag, row), "the refused row has changed")

    def by_import(self, case, count):
        a = self.writer.table(case["ledger"], [case["row"]])
        self.refused(a, 422, "invalid", case["codes"])
        self.assertEqual({f["line"] for f in a.json["errors"]}, {2})
        self.assertEqual(self.rows(case["ledger"]), count, "a refused row was kept")
        skipped = self.ok(self.writer.table(case["ledger"], [case["row"]],
                                            {"on_error": "skip"}))
        self.assertEqual(skipped.codes, sorted(case["codes"]))
        self.assertEqual((skipped.json["created"], skipped.json["rejected"]), (0, 1))
        self.assertEqual(self.rows(case["ledger"]), count)
        draft = self.ok(self.writer.table(case["ledger"], [case["row"]],
                                          {"on_error": "draft", "dry_run": "true"}))
        self.assertEqual(draft.codes, sorted(case["codes"]))
        self.assertEqual((draft.json["created"], draft.json["draft"]), (1, 1))

    def by_change(self, case, path):
        """A row that counts cannot be made to break the rule afterwards."""
        if len(case["codes"]) > 1:
            return
        good = load("good", case["codes"][0])["row"]
        row, etag = self.create(case["ledger"], **good)
        place = "%s/%s" % (path, key_of(row))
        counts = self.ok(self.writer.act(place + "/registration", etag))
        change = {name: case["row"].get(name) for name in good | case["row"]
                  if case["row"].get(name) != good.get(name)}
        self.refused(self.writer.patch(place, change, counts.etag), 422, "rules_violated",
                     case["codes"])
        now = self.writer.get(place)
        self.assertEqual(now.json, counts.json)
        replaced = dict(case["row"])
        self.refused(self.writer.put(place, replaced, counts.etag), 422, "rules_violated",
                     case["codes"])
        self.assertEqual(self.writer.get(place).json, counts.json)

    def right(self, name):
        case = load("good", name)
        path = "/api/v1/" + case["ledger"]
        counted = "planned" if case["ledger"] == "assets" else "stored"
        row, etag = self.create(case["ledger"], **case["row"])
        for member, value in case["row"].items():
            self.assertEqual(row[member], value)
        a = self.ok(self.writer.act("%s/%s/registration" % (path, key_of(row)), etag))
        self.assertEqual(a.json["state"], counted)
        self.assertNotEqual(a.etag, etag)
        b = self.ok(self.writer.table(case["ledger"], [case["row"]]))
        self.assertEqual((b.json["created"], b.json["draft"], b.json["rejected"], b.codes),
                         (1, 0, 0, []))
        last = self.ok(self.writer.get(path, {"sort": "-" + key_name(case["ledger"]),
                                              "limit": 1})).json["items"][0]
        for member, value in case["row"].items():
            self.assertEqual(last[member], value, member)
        self.assertEqual(last["state"], counted)

    def rows(self, ledger):
        table = {"assets": "asset", "media": "external_media"}[ledger]
        return self.count("SELECT count(*) FROM " + table)

    def test_every_rule_has_a_bad_and_a_good_row(self):
        listed = [r for r in self.reader.get("/api/v1/rules").json["items"] if r["mode"] == "R"]
        codes = {r["code"] for r in listed if r["ledger"] in ("asset", "external_media")}
        self.assertEqual(codes - names("bad"), ELSEWHERE)
        self.assertEqual(codes - names("good"), ELSEWHERE)
        # rules of appointments have no rows here: tests/db/test_offices.c; of movements:
        # test_movements.py
        self.assertEqual({r["ledger"] for r in listed},
                         {"asset", "external_media", "role_assignment", "media_movement"})
        for wanted in ["REG-%02d" % n for n in (*range(1, 10), 12, 17)] + \
                ["CLS-%02d" % n for n in range(1, 7)] + ["MED-01", "MED-02"]:
            self.assertIn(wanted, codes)

    def test_blanks_are_no_name(self):
        """Spaces of any kind at the ends are not text: what is left is nothing."""
        row, etag = self.create(**(load("good", "REG-01")["row"] | {"name": " \u3000\u00a0"}))
        self.assertIsNone(row["name"])
        a = self.writer.act("/api/v1/assets/%s/registration" % row["asset_no"], etag)
        self.refused(a, 422, "rules_violated", ["REG-01"])

    def test_listed_users_stand_for_users_text(self):
        row, etag = self.create(**load("bad", "REG-08")["row"])
        place = "/api/v1/assets/%s/registration" % row["asset_no"]
        self.refused(self.writer.act(place, etag), 422, codes=["REG-08"])
        self.create("asset-users", asset=row["asset_no"], person="kidou.w")
        self.assertEqual(self.ok(self.writer.act(place, etag)).json["state"], "planned")

    def test_the_last_user_of_a_registered_asset_stays(self):
        case = load("bad", "REG-08")
        row, etag = self.create("assets", **case["row"])
        user, tag = self.create("asset-users", asset=row["asset_no"], person="kidou.w")
        place = "/api/v1/asset-users/" + user["user_no"]
        self.ok(self.writer.act("/api/v1/assets/%s/registration" % row["asset_no"], etag))
        self.refused(self.writer.delete(place, tag), 422, "rules_violated", ["REG-08"])
        self.assertEqual(self.writer.get(place).status, 200)
        second, _ = self.create("asset-users", asset=row["asset_no"], group_name="観測班")
        self.ok(self.writer.delete(place, tag), 204)
        self.assertEqual(self.writer.get(place).status, 404)

    def test_adopted_begins_in_operation(self):
        row, etag = self.create(**load("good", "REG-01")["row"])
        place = "/api/v1/assets/%s/registration" % row["asset_no"]
        self.refused(self.writer.act(place, etag, {"adopted": "yes"}), 422, "invalid",
                     ["wrong_type"])
        self.refused(self.writer.act(place, etag, {"adoptd": True}), 422, "invalid",
                     ["unknown_member"])
        self.refused(self.writer.act(place, etag, []), 422, "invalid")
        a = self.ok(self.writer.act(place, etag, {"adopted": True}))
        self.assertEqual((a.json["state"], a.json["adopted"]), ("in_operation", True))
        self.refused(self.writer.act(place, a.etag), 409, "wrong_state")

    def test_drafts_are_not_judged(self):
        for name in names("bad"):
            case = load("bad", name)
            row, etag = self.create(case["ledger"], **case["row"])
            a = self.writer.patch("/api/v1/%s/%s" % (case["ledger"], key_of(row)),
                                  {"info_description": "下書きのまま"}, etag)
            self.assertEqual(self.ok(a).json["state"], "draft")


def key_name(ledger):
    return {"assets": "asset_no", "media": "media_no"}[ledger]


def key_of(row):
    return row.get("asset_no") or row["media_no"]


def names(kind):
    """Files about rows that begin as drafts and rules that refuse."""
    every = {p.stem for p in (harness.TOP / "tests" / kind).glob("[A-Z]*-*.json")}
    return {name for name in every if load(kind, name)["ledger"] in ("assets", "media") and
            load(kind, name).get("mode", "R") == "R"}


def make(kind, method, name):
    def test(self):
        getattr(self, method)(name)
    setattr(Rule, "test_%s_%s" % (kind, name), test)


for one in sorted(names("bad")):
    make("bad", "wrong", one)
for one in sorted(names("good")):
    make("good", "right", one)
