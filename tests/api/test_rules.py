"""Rules: for each one row that breaks it alone and one that does not, as data files; see rows.py.

Each goes through the API and through an import, and is judged alike: mode R refuses the row, G
the act that leads to it, F finds it.
"""
import harness
from harness import load
from rows import DRAFTED, LEDGERS, MODES, RowCase, code_of, mode_of, names, resolve

# The rating is no column that a row may set: tests/db/test_ratings.c.  Offices, and what the
# organisation owes: tests/db/test_offices.c, test_leavers.c, tests/api/test_offices.py and
# test_rules_local.py.  Applications, which nobody writes as rows: tests/api/test_requests.py.
ELSEWHERE = {"CLS-08", "ORG-01", "EC-02", "DOC-01", "IMP-11", "IMP-12", "IMP-13"} | {
    "ROLE-%02d" % n for n in (*range(1, 9), *range(20, 30))} | {
    "MED-%02d" % n for n in range(3, 24) if n not in (6, 7)} | {
    "REQ-%02d" % n for n in (*range(1, 12), *range(20, 27))}


class Rule(RowCase):
    """One test per file, made below."""

    def wrong(self, name):
        case, mode = load("bad", name), mode_of("bad", name)
        if mode != "R":
            self.judged(case, mode, case["codes"])
            return
        known = self.prepare(case)
        row = resolve(case["row"], known)
        path = "/api/v1/" + case["ledger"]
        if case["ledger"] in DRAFTED:
            self.by_registration(case, row, path)
        else:
            self.by_creation(case, row, path)
        self.by_import(case, row)
        self.by_change(case, row, path, known)

    def judged(self, case, mode, codes):
        known = self.prepare(case)
        for made in (self.made, self.imported):
            key = made(case, known)
            self.assertEqual(self.broken(case, key, mode), sorted(codes), made.__name__)
            known = self.again(case, known)

    def again(self, case, known):
        """What another row may stand on: an asset is on a network once."""
        return self.prepare(case) if case["ledger"] == "connections" else known

    def by_registration(self, case, row, path):
        row, etag = self.create(case["ledger"], self.who(case), **row)
        self.assertEqual(row["state"], "draft")
        place = "%s/%s" % (path, row[LEDGERS[case["ledger"]][1]])
        self.told(case, lambda query=None, headers=None: self.who(case).request(
            "POST", place + "/registration", query=query,
            headers={"If-Match": etag} | (headers or {})))
        after = self.who(case).get(place)
        self.assertEqual((after.etag, after.json), (etag, row), "the refused row has changed")

    def by_creation(self, case, row, path):
        """Where no drafts are, the first writing is judged."""
        before = self.rows(case["ledger"])
        self.told(case, lambda query=None, headers=None: self.who(case).post(
            path, {"institution": "hoshi"} | row, query=query, headers=headers))
        self.assertEqual(self.rows(case["ledger"]), before)

    def told(self, case, act):
        """What the refused are told, in both languages."""
        for query in ({"dry_run": "true"}, None):
            a = act(query)
            self.refused(a, 422, "rules_violated", case["codes"])
            for fault in a.json["errors"]:
                self.assertTrue(fault["clause"] and fault["message"], fault)
                self.assertTrue(fault["pointer"].startswith("#/"), fault)
        japanese = act(headers={"Accept-Language": "ja"})
        self.refused(japanese, 422, "rules_violated", case["codes"])
        for here, there in zip(a.json["errors"], japanese.json["errors"]):
            self.assertEqual(here["code"], there["code"])
            self.assertNotEqual(here["message"], there["message"])
            self.assertTrue(here["message"].isascii() or "機" in here["message"] or
                            "情報" in here["message"], here)
            self.assertFalse(there["message"].isascii(), there)

    def by_import(self, case, row):
        ledger, table = case["ledger"], self.who(case).table
        row = {"institution": "hoshi"} | row
        before = self.rows(ledger)
        a = table(ledger, [row])
        self.refused(a, 422, "invalid", case["codes"])
        self.assertEqual({f["line"] for f in a.json["errors"]}, {2})
        self.assertEqual(self.rows(ledger), before, "a refused row was kept")
        skipped = self.ok(table(ledger, [row], {"on_error": "skip"}))
        self.assertEqual(skipped.codes, sorted(case["codes"]))
        self.assertEqual((skipped.json["created"], skipped.json["rejected"]), (0, 1))
        self.assertEqual(self.rows(ledger), before)
        if ledger in DRAFTED:
            draft = self.ok(table(ledger, [row], {"on_error": "draft", "dry_run": "true"}))
            self.assertEqual(draft.codes, sorted(case["codes"]))
            self.assertEqual((draft.json["created"], draft.json["draft"]), (1, 1))

    def by_change(self, case, row, path, known):
        """A row that counts cannot be made to break the rule afterwards."""
        if len(case["codes"]) > 1 or case.get("fixed"):
            return
        key = LEDGERS[case["ledger"]][1]
        other = load("good", case["codes"][0])
        known = self.prepare(other)
        good = resolve(other["row"], known)
        if case.get("setup") == other.get("setup"):
            row = resolve(case["row"], known)
        counts, etag = self.create(case["ledger"], self.who(case), **good)
        place = "%s/%s" % (path, counts[key])
        if key in row:
            row = row | {key: counts[key]}
        if case["ledger"] in DRAFTED:
            a = self.ok(self.who(case).act(place + "/registration", etag))
            counts, etag = a.json, a.etag
        change = {name: row.get(name) for name in good | row if row.get(name) != good.get(name)}
        self.refused(self.who(case).patch(place, change, etag), 422, "rules_violated",
                     case["codes"])
        self.assertEqual(self.who(case).get(place).json, counts)
        replaced = {"institution": "hoshi"} | row
        self.refused(self.who(case).put(place, replaced, etag), 422, "rules_violated",
                     case["codes"])
        self.assertEqual(self.who(case).get(place).json, counts)

    def right(self, name):
        case, mode = load("good", name), mode_of("good", name)
        if mode != "R":
            self.judged(case, mode, [])
            return
        ledger, known = case["ledger"], self.prepare(case)
        case = case | {"adopted": False, "provisional": True}
        for made in (self.made, self.imported):
            wanted = resolve(case["row"], known)
            wanted.pop(LEDGERS[ledger][1], None)
            if ledger in DRAFTED:
                wanted["state"] = DRAFTED[ledger]
            key = made(case, known)
            row = self.ok(self.who(case).get("/api/v1/%s/%s" % (ledger, key))).json
            for member, value in wanted.items():
                self.assertEqual(row[member], value, member)
            self.assertEqual(self.broken(case, key, "R"), [])
            known = self.again(case, known)

    def rows(self, ledger):
        return self.count("SELECT count(*) FROM " + LEDGERS[ledger][0])

    def test_every_rule_has_a_bad_and_a_good_row(self):
        listed = self.reader.get("/api/v1/rules").json["items"]
        codes = {r["code"] for r in listed}
        for kind in ("bad", "good"):
            self.assertEqual(codes - {code_of(n) for n in names(kind)}, ELSEWHERE, kind)
        self.assertEqual({r["code"]: r["mode"] for r in listed}, MODES)

    def test_base_rows_break_nothing(self):
        bases = sorted((harness.TOP / "tests" / "good").glob("base-*.json"))
        self.assertTrue(bases)
        for path in bases:
            case = load("good", path.stem)
            for made in (self.made, self.imported):
                with self.subTest(base=path.stem, made=made.__name__):
                    key = made(case, self.prepare(case))
                    for mode in "RGF":
                        self.assertEqual(self.broken(case, key, mode), [], mode)

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
        drafts = {ledger: [] for ledger in DRAFTED}
        for name in sorted(names("bad")):
            case = load("bad", name)
            if case["ledger"] not in DRAFTED:
                continue
            row, etag = self.create(case["ledger"], self.who(case),
                                    **resolve(case["row"], self.prepare(case)))
            key = row[LEDGERS[case["ledger"]][1]]
            a = self.who(case).patch("/api/v1/%s/%s" % (case["ledger"], key),
                                     {"info_description": "下書きのまま"}, etag)
            self.assertEqual(self.ok(a).json["state"], "draft")
            drafts[case["ledger"]].append(key)
        for ledger, keys in drafts.items():
            table, column = LEDGERS[ledger]
            self.assertEqual(self.daemon.psql(
                "SELECT %s, %s_violation_f(a) FROM %s a WHERE %s = ANY ('{%s}') AND "
                "%s_violation_f(a) <> '{}'" % (column, harness.prefix_of(table), table, column,
                                               ",".join(keys), harness.prefix_of(table))), [])


def make(kind, method, name):
    def test(self):
        getattr(self, method)(name)
    setattr(Rule, "test_%s_%s" % (kind, name), test)


for one in sorted(names("bad")):
    make("bad", "wrong", one)
for one in sorted(names("good")):
    make("good", "right", one)
