"""What people write into cells: yes and no, dates, levels, lists; the guard against formulas."""
import csv
import io
import unicodedata

from client import to_csv
from harness import Case

YES = ["○", "◯", "〇", "●", "有", "あり", "該当", "要", "はい", "済", "Y", "y", "yes", "YES", "Yes",
       "true", "TRUE", "1", "レ", "☑", "*", "＊", "Ｙ", "１", "ｙｅｓ", " ○ ", "　有　", "✓"]
NO = ["×", "✕", "✖", "無", "なし", "非該当", "不要", "いいえ", "未", "N", "n", "no", "NO", "false",
      "FALSE", "0", "☐", "-", "－", "該当なし", "Ｎ", "０", "ｎｏ", "　無"]
UNKNOWN = ["", " ", "　", "不明", "確認中"]
NEITHER = ["?", "△", "たぶん", "2", "ＯＫ", "はいはい", "有無", "○×", "nil", "null", "on"]

DATES = {
    "2025-03-27": "2025-03-27", "2025/3/27": "2025-03-27", "2025.3.27": "2025-03-27",
    "2025/03/27": "2025-03-27", "20250327": "2025-03-27", "2025年3月27日": "2025-03-27",
    "２０２５年３月２７日": "2025-03-27", "令和7年3月27日": "2025-03-27",
    "令和７年３月２７日": "2025-03-27", "令和元年5月1日": "2019-05-01", "R7.3.27": "2025-03-27",
    "R07/03/27": "2025-03-27", "㋿7.3.27": "2025-03-27", "H31.4.30": "2019-04-30",
    "平成31年4月30日": "2019-04-30", "S64.1.7": "1989-01-07", "昭和63年2月29日": "1988-02-29",
    " 2025-03-27 ": "2025-03-27", "　令和7年3月27日": "2025-03-27", "r7-3-27": "2025-03-27",
}
NO_DATES = {
    "令和７年": "incomplete_date", "平成31年": "incomplete_date", "2025年3月": "incomplete_date",
    "2025/3": "incomplete_date", "3月27日": "incomplete_date", "29/9/1": "two_digit_year",
    "25.3.27": "two_digit_year", "平成31年5月1日": "era_out_of_range",
    "令和元年4月30日": "era_out_of_range", "昭和64年1月8日": "era_out_of_range",
    "2025-02-29": "no_such_day", "2025/13/1": "no_such_day", "20250230": "no_such_day",
    "昨日": "unreadable_date", "44197.5": "unreadable_date", "2025-03-27T00:00:00Z":
    "unreadable_date", "3/27/2025": "unreadable_date", "1-2": None, "6.37702E+15": None,
}
LEVELS = {
    "4": 4, "機密性4": 4, "機密性４": 4, "４": 4, "Ⅳ": 4, "極秘": 4, "3": 3, "機密性3情報": 3,
    "Ⅲ": 3, "秘密": 3, "機密性３情報": 3, "2": 2, "機構外秘": 2, "Ⅱ": 2, "1": 1, "機密性1": 1,
    "Ⅰ": 1, " 機密性 ２ ": 2,
}
NO_LEVELS = ["0", "5", "機密性", "機密性5", "Ⅴ", "高", "公開?", "3.0", "機密性3 2"]

# Stored as they are, and as they are back after export and import.
GUARDED = ["=1+1", "=cmd|' /C calc'!A0", "+81-3-1234", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x",
           "'=1", "''=1", "'''+1", "'-", "'@x", "'＝1", "''＠", "'", "''", "'text", "''text",
           "text'", "=", "-", "a=1", "\"=1\"", "=\"x\"", "=1,2", "-;-", "plain", "'=1\"2,3"]


class Cells(Case):
    def load(self, column, cells, query=None, extra=None):
        """Each cell as a row; returns the answer and the stored values in order."""
        rows = [{"name": "升目 %d" % i, column: c} | (extra or {}) for i, c in enumerate(cells)]
        a = self.writer.table("assets", rows, {"state": "draft"} | (query or {}))
        if a.status != 200:
            return a, None
        kept = self.writer.get("/api/v1/assets", {"sort": "-asset_no", "limit": 500}).json["items"]
        return a, [r[column] for r in kept[:a.json["created"]][::-1]]

    def stores(self, column, pairs):
        a, kept = self.load(column, [cell for cell, _ in pairs])
        self.ok(a)
        self.assertEqual(dict(zip((c for c, _ in pairs), kept)), dict(pairs))

    def refuses(self, column, pairs, code=None):
        """Every cell is refused, on its line, with its value told back."""
        cells = [cell for cell, _ in pairs]
        a, _ = self.load(column, cells)
        self.refused(a, 422, "invalid")
        told = {f["line"]: f for f in a.json["errors"]}
        self.assertEqual(sorted(told), list(range(2, len(cells) + 2)), a)
        for line, (cell, code) in enumerate(pairs, 2):
            self.assertEqual(told[line]["column"], column)
            self.assertIn(told[line]["value"], cell)  # of a list the element
            if code is not None:
                self.assertEqual(told[line]["code"], code, cell)

    def test_yes_no_unknown(self):
        self.stores("has_my_number", [(c, True) for c in YES] + [(c, False) for c in NO] +
                    [(c, None) for c in UNKNOWN])

    def test_neither_yes_nor_no(self):
        self.refuses("has_my_number", [(c, "not_boolean") for c in NEITHER])

    def test_dates(self):
        self.stores("os_support_until", list(DATES.items()))

    def test_no_dates(self):
        self.refuses("os_support_until", list(NO_DATES.items()))

    def test_levels(self):
        self.stores("confidentiality", list(LEVELS.items()))

    def test_no_levels(self):
        self.refuses("confidentiality", [(c, "unknown_choice") for c in NO_LEVELS])

    def test_choices_by_code_and_label(self):
        self.stores("asset_type", [("server", "server"), ("サーバ装置", "server"), ("SERVER", "server"),
                                   ("ｻｰﾊﾞ装置", "server"), ("ＮＡＳ", "nas"), ("nas", "nas"),
                                   ("クラウドサービス", "cloud_service")])
        self.refuses("asset_type", [(c, "unknown_choice") for c in ("サーバ", "servers", "?", "1")])

    def test_lists(self):
        self.stores("ip_addrs", [
            ("192.0.2.1", ["192.0.2.1"]), ("192.0.2.1;192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
            ("192.0.2.1、192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
            ("192.0.2.1, 192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
            ("192.0.2.1\n192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
            ("192.0.2.1；192.0.2.2；", ["192.0.2.1", "192.0.2.2"]),
            ("192.0.2.0/24", ["192.0.2.0/24"]), ("192.0.2.1-192.0.2.9", ["192.0.2.1-192.0.2.9"]),
            ("2001:db8::1;2001:db8::/32", ["2001:db8::1", "2001:db8::/32"]), (";", None)])
        self.stores("mac_addrs", [(c, ["00:00:5e:00:53:01"]) for c in (
            "00:00:5e:00:53:01", "00-00-5E-00-53-01", "0000.5e00.5301", "00005e005301")])
        self.refuses("ip_addrs", [(c, "bad_format") for c in ("192.0.2", "192.0.2.1 192.0.2.2",
                                                              "192.0.2.1;x", "192.0.2.300")])
        self.refuses("mac_addrs", [("00:00", "bad_format"), ("zz:00:5e:00:53:01", "bad_format")])

    def test_numbers(self):
        self.stores("log_retention_days", [("0", 0), ("365", 365), ("３６５", 365), (" 30 ", 30)])
        self.refuses("log_retention_days", [(c, "out_of_range") for c in (
            "-1", "36501", "30日", "1,000", "1e3", "0x10", "9" * 30)])

    def test_text(self):
        composed = unicodedata.normalize("NFC", "か\u3099")
        self.stores("name", [("　前後の空白 \u00a0", "前後の空白"), ("か\u3099", composed), ("①㈱", "①㈱"),
                             ("ｻｰﾊﾞ", "ｻｰﾊﾞ"), ("～〜", "～〜"), ("𠮷", "𠮷"), ("A  B", "A  B"),
                             ("00123", "00123")])
        self.stores("note", [("一行\r\n二行\r三行\n四行", "一行\n二行\n三行\n四行"), ("a\tb", "a\tb"),
                             (" \r\n ", None), ("x" * 4000, "x" * 4000)])
        self.refuses("name", [("a\tb", "control_character"),
                              ("a\u202eb", "bidi_control"), ("a\u200bb", "invisible_character"),
                              ("a\ue000b", "private_character"), ("a\nb", "control_character")])
        a, _ = self.load("name", ["x" * 201])
        self.refused(a, 422, "invalid", ["too_long"])
        self.assertLess(len(a.json["errors"][0]["value"]), 130)

    def test_stored_signs_survive_export_and_import(self):
        for column in ("name", "note"):
            before = self.count("SELECT count(*) FROM asset")
            _, kept = self.load(column, GUARDED)
            stored = self.guarded_rows(before)
            for excel in ("false", "true"):
                a = self.ok(self.writer.get("/api/v1/assets", {
                    "format": "csv", "excel": excel, "labels": "false", "sort": "-asset_no",
                    "limit": len(GUARDED)}))
                back = self.ok(self.writer.table("assets", a.body, {"mode": "update",
                                                                    "state": "draft"}))
                self.assertEqual((back.json["unchanged"], back.json["updated"]),
                                 (len(GUARDED), 0), "excel=%s" % excel)
                self.assertEqual(self.guarded_rows(before), stored)
            self.assertEqual(len(kept), len(GUARDED))

    def guarded_rows(self, before):
        count = self.count("SELECT count(*) FROM asset") - before
        rows = self.writer.get("/api/v1/assets", {"sort": "-asset_no", "limit": 500}).json["items"]
        self.assertEqual(count, len(GUARDED))
        return rows[:count]

    def test_a_made_value_survives_export_and_import(self):
        """Written over the API, so that no import has touched it yet."""
        made = [self.create(name=value, users_text=value)[0] for value in GUARDED]
        self.assertEqual([r["name"] for r in made], GUARDED)
        for excel in ("false", "true"):
            a = self.ok(self.writer.get("/api/v1/assets", {
                "format": "csv", "excel": excel, "labels": "false", "sort": "-asset_no",
                "limit": len(GUARDED)}))
            table = list(csv.DictReader(io.StringIO(a.text.removeprefix("\ufeff"), newline="")))
            if excel == "true":
                for row in table:
                    self.assertNotIn(row["name"][0], "=+-@＝＋－＠", row["name"])
            back = self.writer.table("assets", a.body, {"mode": "update", "state": "draft"})
            self.assertEqual(self.ok(back).json["unchanged"], len(GUARDED), back)
        now = [self.writer.get("/api/v1/assets/" + r["asset_no"]).json for r in made]
        self.assertEqual(now, made)

    def test_one_guard_is_taken_off(self):
        """'=1 in a table that a spreadsheet guarded means =1; '1 means what it says."""
        self.stores("name", [("'=1", "=1"), ("''=1", "'=1"), ("'+1", "+1"), ("'1", "'1"),
                             ("'", "'"),
                             ("=1", "=1"), ("'＝1", "＝1")])


class RoundTrip(Case):
    """Export is import format: importing an export changes nothing and says so."""

    def test_both_ledgers_in_every_dress(self):
        for ledger in ("assets", "media"):
            for query in ({}, {"labels": "true"}, {"excel": "true"},
                          {"excel": "true", "labels": "false"},
                          {"labels": "true", "excel": "false"}):
                with self.subTest(ledger, **query):
                    a = self.ok(self.other.get("/api/v1/" + ledger, {"format": "csv"} | query))
                    before = self.other.walk("/api/v1/" + ledger, {"limit": 500})
                    for mode in ("update", "upsert"):
                        back = self.ok(self.other.table(ledger, a.body, {"mode": mode}))
                        self.assertEqual((back.json["lines"], back.json["unchanged"], back.codes),
                                         (len(before), len(before), []), back)
                    self.assertEqual(self.other.walk("/api/v1/" + ledger, {"limit": 500}), before)

    def test_lists_of_the_organisation(self):
        for ledger, key in (("units", "code"), ("areas", "code"), ("persons", "login")):
            keeper = self.client("isobue.r")  # registry_admin of umi
            a = self.ok(keeper.get("/api/v1/" + ledger, {"format": "csv"}))
            back = self.ok(keeper.table(ledger, a.body, {"mode": "update", "key": key}))
            self.assertEqual(back.json["unchanged"], back.json["lines"], back)
            self.assertGreater(back.json["lines"], 4)

    def test_an_export_edited_by_hand(self):
        rows = self.other.get("/api/v1/media?format=csv&limit=3").rows
        for name, value, code in (("state", "disposed", "read_only"), ("created_by", "", None),
                                  ("media_no", "M99999999", "key_unknown"),
                                  ("row_version", "99", "stale"),
                                  ("institution", "hoshi", "read_only")):
            edited = [dict(rows[0]) | {name: value}]
            a = self.other.table("media", edited, {"mode": "update"})
            if code is None:
                self.assertEqual(self.ok(a).json["unchanged"], 1)
                continue
            self.refused(a, 422, "invalid")
            self.assertIn(code, a.codes)
        before = self.other.get("/api/v1/media/" + rows[1]["media_no"])
        edited = [dict(rows[1]) | {"name": "手で直した"}]
        self.assertEqual(self.ok(self.other.table("media", edited, {"mode": "update"})).json[
            "updated"], 1)
        again = self.other.table("media", edited, {"mode": "update"})
        self.refused(again, 422, "invalid", ["stale"])
        self.ok(self.other.patch("/api/v1/media/" + rows[1]["media_no"],
                                 {"name": before.json["name"]}, '"2"'))

    def test_other_separators_and_line_ends(self):
        rows = [{"name": "区切り %d" % i, "note": "a,b;c\td\"e"} for i in range(3)]
        for separator, word in ((",", "comma"), (";", "semicolon"), ("\t", "tab")):
            for end in ("\r\n", "\n", "\r"):
                for bom in (b"", b"\xef\xbb\xbf"):
                    out = io.StringIO(newline="")
                    w = csv.DictWriter(out, rows[0], delimiter=separator, lineterminator=end)
                    w.writeheader()
                    w.writerows(rows)
                    a = self.ok(self.writer.table("assets", bom + out.getvalue().encode(), {
                        "separator": word, "state": "draft"}))
                    self.assertEqual(a.json["created"], 3)
                    last = self.writer.get("/api/v1/assets?sort=-asset_no&limit=1").json["items"][0]
                    self.assertEqual((last["name"], last["note"]), ("区切り 2", "a,b;c\td\"e"))
        blank = "名称\r\n\r\n  \r\nx\r\n\r\n"
        a = self.ok(self.writer.table("assets", blank, {"state": "draft"}))
        self.assertEqual(a.json["lines"], 2)
        self.refused(self.writer.table("assets", to_csv(rows), {"separator": "tab"}), 422,
                     "invalid")
