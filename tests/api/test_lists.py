"""Lists: pages, order, fields, formats, arguments."""
import base64
import csv
import io
import json
import urllib.parse

from client import next_of
from harness import Case

LISTS = ("assets", "media", "asset-users", "institutions", "units", "areas", "persons", "offices",
         "policies", "rating-levels")
KEYS = {"assets": "asset_no", "media": "media_no", "asset-users": "user_no",
        "institutions": "code", "units": "code", "areas": "code", "persons": "login",
        "offices": "office_no", "policies": "policy_no", "rating-levels": "level_no"}
MARK = "ページ試験"


def columns(text):
    """Names from the header of a CSV answer."""
    return next(csv.reader(io.StringIO(text)))


class Lists(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = cls.writer.table("assets", [fixture(i) for i in range(60)], {"state": "draft"})
        if done.status != 200:
            raise AssertionError(done)
        cls.mine = cls.writer.walk("/api/v1/assets", {"note": MARK, "limit": 500})

    def test_assets_in_every_order(self):
        """All rows exactly once, empty values last, ties by key."""
        pages = self.ordered("assets", {"note": MARK, "limit": 7}, self.mine)
        self.assertGreater(pages, 100)

    def test_other_lists_in_every_order(self):
        for ledger in LISTS[1:]:
            with self.subTest(ledger):
                rows = self.everywhere.walk("/api/v1/" + ledger, {"limit": 500})
                limit = max(1, len(rows) // 3)
                self.ordered(ledger, {"limit": limit}, rows)

    def ordered(self, ledger, query, rows):
        key, done = KEYS[ledger], 0
        for name in columns(self.everywhere.get("/api/v1/%s?format=csv" % ledger).text):
            if name in ("functions", "hostname", "ip_addrs", "mac_addrs", "handling_restrictions",
                        "delegable_powers", "range_units", "range_assets", "web_fqdn",
                        "network_cidrs", "restrictions"):
                self.refused(self.everywhere.get("/api/v1/" + ledger, {"sort": name}), 400,
                             "bad_query", ["unknown_field"])
                continue
            for down in (False, True):
                got = self.everywhere.walk("/api/v1/" + ledger,
                                           query | {"sort": ("-" if down else "") + name})
                self.assertEqual([r[key] for r in got], expected(rows, name, key, down),
                                 "%s by %s%s" % (ledger, "-" if down else "", name))
                done += 1
        return done

    def test_the_default_order_is_the_key(self):
        for ledger in LISTS:
            rows = self.everywhere.walk("/api/v1/" + ledger, {"limit": 500})
            keys = [r[KEYS[ledger]] for r in rows]
            self.assertEqual(keys, sorted(set(keys)), ledger)

    def test_rows_that_come_in_between(self):
        """New rows before the place are not seen, later ones are; old ones exactly once."""
        for query in ({"sort": "name"}, {"sort": "-name"}, {"sort": "log_retention_days"},
                      {"sort": "-os_support_until"}, {}):
            old = {r["asset_no"] for r in self.writer.walk(
                "/api/v1/assets", {"note__contains": MARK, "limit": 500})}
            target = "/api/v1/assets?" + urllib.parse.urlencode(
                {"note__contains": MARK, "limit": 9} | query)
            seen, new = [], 0
            while target is not None:
                a = self.ok(self.writer.get(target))
                seen += [r["asset_no"] for r in a.json["items"]]
                target = next_of(a)
                new += 1
                if new < 4:
                    self.create(name="中ほど %d" % new, note=MARK + " 追加", log_retention_days=new)
                    self.create(note=MARK + " 追加")
            self.assertEqual(len(seen), len(set(seen)), query)
            self.assertEqual(old - set(seen), set(), query)

    def test_links_keep_the_question(self):
        query = {"note": MARK, "limit": 5, "sort": "-name", "fields": "asset_no,name",
                 "unit__in": "hoshi-its,hoshi-tel", "lang": "en"}
        a = self.ok(self.writer.get("/api/v1/assets", query))
        link = urllib.parse.parse_qs(urllib.parse.urlsplit(next_of(a)).query)
        self.assertEqual({n: v for n, v in link.items() if n != "cursor"},
                         {n: [str(v)] for n, v in query.items()})
        self.assertEqual(link["cursor"], [a.json["next"]])
        b = self.ok(self.writer.get(next_of(a)))
        link = urllib.parse.parse_qs(urllib.parse.urlsplit(next_of(b)).query)
        self.assertEqual(len(link["cursor"]), 1)
        same = self.writer.get("/api/v1/assets", query | {"cursor": a.json["next"]})
        self.assertEqual(same.json, b.json)

    def test_the_last_page_says_so(self):
        exactly = self.ok(self.writer.get("/api/v1/assets", {"note": MARK, "limit": 60}))
        self.assertEqual((len(exactly.json["items"]), next_of(exactly)), (60, None))
        nothing = self.ok(self.writer.get("/api/v1/assets", {"name": "ない" * 20}))
        self.assertEqual((nothing.json, next_of(nothing)), ({"items": [], "next": None}, None))

    def test_limits(self):
        for limit, count in (("1", 1), ("60", 60), ("500", 60)):
            a = self.ok(self.writer.get("/api/v1/assets", {"note": MARK, "limit": limit}))
            self.assertEqual(len(a.json["items"]), count)
        for limit in ("0", "-1", "501", "", "x", "1.5", "0x10", "99999999999999999999", " 1"):
            a = self.writer.get("/api/v1/assets", {"limit": limit})
            self.refused(a, 400, "bad_query", ["out_of_range"])
            self.fault(a, "out_of_range", pointer="?limit")

    def test_cursors_that_are_none(self):
        good = self.writer.get("/api/v1/assets", {"note": MARK, "limit": 5, "sort": "name"})
        cursor = good.json["next"]
        self.ok(self.writer.get("/api/v1/assets", {"cursor": cursor, "sort": "name"}))
        for sort in ("-name", "maker", "asset_no", None):
            query = {"cursor": cursor} | ({"sort": sort} if sort else {})
            self.refused(self.writer.get("/api/v1/assets", query), 400, "bad_cursor")
        for bad in ("", "x", cursor[:-2], cursor + "A", "%%%", "bnVsbA", "e30", "W10",
                    "日本", cursor.upper(), "A" * 4000):
            self.refused(self.writer.get("/api/v1/assets", {"cursor": bad, "sort": "name"}), 400,
                         "bad_cursor")

    def test_forged_cursors(self):
        """What is inside is checked like any other input; SQL never sees what does not fit."""
        for sort, parts in (
                ("confidentiality", ["A00000001", "three"]), ("created_at", ["A00000001", "x"]),
                ("log_retention_days", ["A00000001", "9" * 30]),
                ("has_my_number", ["A00000001", "'"]), ("os_support_until", ["A00000001", "x"]),
                ("name", [1]), ("name", [["A00000001"]]), ("name", {}), ("name", ["A1", 7]),
                ("name", ["A1", "x", "y"]), ("name", ["A1\u0000", "x"])):
            inner = [sort, *parts] if isinstance(parts, list) else parts
            text = json.dumps(inner, ensure_ascii=False).encode()
            cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")
            a = self.writer.get("/api/v1/assets", {"cursor": cursor, "sort": sort})
            self.refused(a, 400, "bad_cursor")

    def test_sorts_that_are_none(self):
        for sort in ("", "-", "nosuch", "--name", "+name", "name,maker", "hostname", "functions",
                     "search", "name desc", "Name"):
            self.refused(self.writer.get("/api/v1/assets", {"sort": sort}), 400, "bad_query",
                         ["unknown_field"])

    def test_fields(self):
        a = self.ok(self.writer.get("/api/v1/assets", {"fields": "state,name,asset_no",
                                                       "limit": 3}))
        for row in a.json["items"]:
            self.assertEqual(sorted(row), ["asset_no", "name", "state"])
        b = self.writer.get("/api/v1/assets", {"fields": "name", "sort": "unit", "limit": 3})
        self.assertEqual([list(r) for r in b.json["items"]], [["name"]] * 3)
        self.ok(self.writer.get(next_of(b)))
        c = self.ok(self.writer.get("/api/v1/assets", {"fields": "name,unit", "format": "csv"}))
        self.assertEqual(columns(c.text), ["unit", "name"])
        d = self.ok(self.writer.get("/api/v1/assets", {"fields": "name", "format": "ndjson"}))
        self.assertEqual({tuple(r) for r in d.lines}, {("name",)})
        for bad in ("", ",", "name,", "nosuch", "name,nosuch", "search", "*"):
            self.refused(self.writer.get("/api/v1/assets", {"fields": bad}), 400, "bad_query",
                         ["unknown_field"])

    def test_formats(self):
        rows = self.writer.walk("/api/v1/assets", {"note": MARK, "limit": 500})
        for how in ({"query": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}},
                    {"headers": {"Accept": "application/json;q=0.1, text/csv"}}):
            query = {"note": MARK} | how.get("query", {})
            a = self.ok(self.writer.get("/api/v1/assets", query, headers=how.get("headers")))
            self.assertEqual(a.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
            self.assertIn('filename="assets.csv"', a.headers["Content-Disposition"])
            self.assertEqual([c for c in columns(a.text) if c in rows[0]], list(rows[0]))
            self.assertEqual([r["asset_no"] for r in a.rows], [r["asset_no"] for r in rows])
            self.assertEqual([r["name"] for r in a.rows], [r["name"] or "" for r in rows])
        for how in ({"query": {"format": "ndjson"}}, {"headers": {"Accept":
                                                                  "application/x-ndjson"}}):
            query = {"note": MARK} | how.get("query", {})
            a = self.ok(self.writer.get("/api/v1/assets", query, headers=how.get("headers")))
            self.assertEqual(a.headers["Content-Type"], "application/x-ndjson")
            self.assertEqual(a.lines, rows)
        for accept in ("*/*", "application/json", "application/*", "application/problem+json",
                       None):
            a = self.ok(self.writer.get("/api/v1/assets?limit=1", headers={"Accept": accept}))
            self.assertEqual(a.headers["Content-Type"], "application/json")
        a = self.writer.get("/api/v1/assets?format=json&limit=1", headers={"Accept": "text/csv"})
        self.assertEqual(self.ok(a).headers["Content-Type"], "application/json")

    def test_formats_that_are_none(self):
        for bad in ("xml", "", "CSV", "xlsx"):
            self.refused(self.writer.get("/api/v1/assets", {"format": bad}), 400, "bad_query",
                         ["unknown_choice"])
        for accept in ("text/html", "application/xml", "image/png"):
            a = self.writer.get("/api/v1/assets", headers={"Accept": accept})
            self.refused(a, 406, "not_acceptable")

    def test_files_obey_the_question(self):
        for form in ("csv", "ndjson"):
            a = self.ok(self.writer.get("/api/v1/assets", {
                "format": form, "sort": "-asset_no", "note": MARK, "limit": 7}))
            got = a.rows if form == "csv" else a.lines
            want = sorted((r["asset_no"] for r in self.mine), reverse=True)[:7]
            self.assertEqual([r["asset_no"] for r in got], want)
        empty = self.ok(self.writer.get("/api/v1/assets?format=csv&name=nosuch"))
        self.assertEqual((empty.rows, columns(empty.text)[0]), ([], "asset_no"))
        for bad in ({"nosuch": 1}, {"sort": "nosuch"}, {"labels": "maybe"}, {"excel": "2"}):
            self.refused(self.writer.get("/api/v1/assets", {"format": "csv"} | bad), 400,
                         "bad_query")

    def test_labels(self):
        a = self.ok(self.writer.get("/api/v1/assets", {"format": "csv", "labels": "true",
                                                       "note": MARK}))
        self.assertEqual(columns(a.text)[:4], ["管理番号", "機関", "管理部署", "名称"])
        plain = self.ok(self.writer.get("/api/v1/assets", {"format": "csv", "note": MARK})).rows
        for labelled, row in zip(a.rows, plain):
            self.assertEqual(labelled["状態"], "下書き")
            self.assertEqual(labelled["特定個人情報保存の該非"],
                             {"true": "該当", "false": "非該当", "": ""}[row["has_my_number"]])
        excel = self.ok(self.writer.get("/api/v1/assets", {"format": "csv", "excel": "true"}))
        self.assertTrue(excel.body.startswith("\ufeff管理番号,".encode()))

    def test_every_list_in_every_format(self):
        for ledger in LISTS:
            path = "/api/v1/" + ledger
            rows = self.everywhere.walk(path, {"limit": 500})
            self.assertEqual(self.everywhere.get(path + "?format=ndjson").lines, rows)
            table = self.everywhere.get(path + "?format=csv").rows
            self.assertEqual([r[KEYS[ledger]] for r in table], [r[KEYS[ledger]] for r in rows])

    def test_unknown_and_repeated_arguments(self):
        for path in [*("/api/v1/" + x for x in LISTS), "/api/v1/imports", "/api/v1/rules",
                     "/api/v1/me", "/api/v1/openapi.json", "/healthz", "/readyz", "/metrics",
                     "/api/v1/assets/A00000001", "/api/v1/assets/A00000001/history"]:
            a = self.writer.get(path + "?nosuch=1")
            self.refused(a, 400, "bad_query", ["unknown_argument"])
            self.fault(a, "unknown_argument", pointer="?nosuch")
            twice = self.writer.get(path + "?lang=en&lang=en")
            self.refused(twice, 400, "bad_query", ["duplicate_argument"])
        for query in ("name=a&name=a", "limit=5&limit=5", "n%61me=a&name=b", "q=ab&q=cd"):
            self.refused(self.writer.get("/api/v1/assets?" + query), 400, "bad_query",
                         ["duplicate_argument"])
        all_of_them = self.writer.get("/api/v1/assets?limit=0&nosuch=1&sort=x&fields=y&q=")
        self.refused(all_of_them, 400, "bad_query", [
            "empty", "out_of_range", "unknown_argument", "unknown_field", "unknown_field"])

    def test_imports_page_too(self):
        for _ in range(55):
            self.ok(self.writer.table("assets", "名称\r\n"))
        numbers = [r["import_no"] for r in self.writer.walk("/api/v1/imports")]
        self.assertEqual(numbers, sorted(set(numbers), reverse=True))
        self.assertGreater(len(numbers), 55)
        a = self.ok(self.writer.get("/api/v1/imports/" + numbers[0]))
        self.assertEqual(a.json["import_no"], numbers[0])
        self.refused(self.other.get("/api/v1/imports/" + numbers[0]), 404, "not_found")
        self.refused(self.writer.get("/api/v1/imports/I99999999"), 404, "not_found")


def fixture(i):
    """A row with gaps and ties in many columns."""
    row = {"unit": ["hoshi-its", "hoshi-tel", None][i % 3],
           "name": None if i % 5 == 0 else "機器 %02d" % (i * 7 % 11), "note": MARK,
           "asset_type": [None, "server", "nas", "terminal"][i % 4],
           "confidentiality": [None, 1, 2, 3, 4][i % 5], "integrity": [None, 1, 2][i % 3],
           "has_my_number": [None, True, False][i % 3], "maker": [None, "a", "B", "あ", "ア"][i % 5],
           "os_support_until": [None, "2027-01-0%d" % (i % 7 + 1)][i % 2],
           "log_retention_days": [None, 9, 10, 100][i % 4],
           "hostname": ["h%d.example.jp" % i] if i % 6 else None,
           "functions": None, "serial_no": "P-%03d" % (i * 37 % 60) if i % 4 else None,
           "sysadmin": [None, "suiseigawa.h", "ryuseino.j"][i % 3]}
    return row


def expected(rows, name, key, down):
    """Keys in the order that the list promises."""
    if name == key:
        return sorted((r[key] for r in rows), reverse=down)
    full = sorted((r for r in rows if r.get(name) is not None), key=lambda r: r[key])
    full.sort(key=lambda r: r[name], reverse=down)
    return [r[key] for r in full] + sorted(r[key] for r in rows if r.get(name) is None)
