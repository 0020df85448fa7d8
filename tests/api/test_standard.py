"""The standard as data: clauses, rules that cite them, an organisation's own numbers and texts."""
import json
import re
import tempfile
import urllib.parse

from client import to_csv
from harness import Case

CLAUSES = "/api/v1/clauses"
RULES = "/api/v1/rules"


class Clauses(Case):
    def items(self, **query):
        return self.ok(self.staff.get(CLAUSES, query)).json["items"]

    def one(self, clause):
        return self.staff.get("%s/%s" % (CLAUSES, urllib.parse.quote(clause, safe="")))

    def test_every_cited_clause_is_there(self):
        """Split at commas, short forms filled in; a rule that cites nothing is wrong, too."""
        self.assertEqual(self.daemon.psql(
            "SELECT r.code, r.clause, c.clause FROM rule r LEFT JOIN rule_clause c USING (code) "
            "WHERE NOT EXISTS (SELECT FROM clause x WHERE x.clause = c.clause)"), [])

    def test_citations(self):
        for citation, wanted in (
                ("2.1(2)②(b), ⑥(a)", ["2.1(2)②(b)", "2.1(2)⑥(a)"]),
                ("2.1(2)②(b)(d), ⑥(d)", ["2.1(2)②(b)", "2.1(2)②(d)", "2.1(2)⑥(d)"]),
                ("2.1(2)④(f), 2.2(1)", ["2.1(2)④(f)", "2.2(1)"]),
                ("5.2(1), (2)①", ["5.2(1)", "5.2(2)①"]),
                ("3.1(2)④(b)ア, ウ", ["3.1(2)④(b)ア", "3.1(2)④(b)ウ"]),
                ("6.13(2)①②③", ["6.13(2)①", "6.13(2)②", "6.13(2)③"]),
                ("3.2(1)(2), 6.2(2)①(a)", ["3.2(1)", "3.2(2)", "6.2(2)①(a)"]),
                ("2.2(2)②表 機密性3①・機密性1", ["2.2(2)②表 機密性3①", "2.2(2)②表 機密性1"]),
                ("2.1(2)⑧(f)「あらかじめ」", ["2.1(2)⑧(f)"]),
                ("2.1(2)②(d), 別紙「サーバ装置」", ["2.1(2)②(d)", "別紙 サーバ装置"]),
                ("別表, 3.1(2)④(b)エ", ["別表", "3.1(2)④(b)エ"]),
                ("2.1(2)①[2]", ["2.1(2)①[2]"]), ("2.1(2)②(d)-1", ["2.1(2)②(d)-1"]),
                ("§4", []), ("", [])):
            got = self.daemon.psql("SELECT clauses_cited('%s')" % citation)
            self.assertEqual([r[0] for r in got], wanted, citation)

    def test_an_invented_clause_is_noticed(self):
        self.assertEqual(self.daemon.value(
            "SELECT count(*) FROM clauses_cited('2.1(2)②(b), ⑱(z)') c (clause) "
            "WHERE NOT EXISTS (SELECT FROM clause x WHERE x.clause = c.clause)"), "1")

    def test_the_list(self):
        rows = self.items()
        self.assertGreater(len(rows), 400)
        self.assertEqual(len({r["clause"] for r in rows}), len(rows))
        self.assertEqual({r["edition"] for r in rows}, {"2025-03-27"})
        known = {r["clause"] for r in rows}
        for r in rows:
            self.assertTrue(r["parent"] is None or r["parent"] in known, r)
            self.assertTrue(0 < len(r["title_ja"]) <= 25 and 0 < len(r["title_en"]) <= 60, r)
            # a subject, not a sentence
            self.assertFalse(re.search("。|する$|ない$|こと$", r["title_ja"]), r)
            self.assertIsNone(r["own_number"])
        self.assertEqual([r["clause"] for r in rows if r["parent"] is None],
                         ["1", "2", "3", "4", "5", "6", "7", "別表", "別紙"])
        # 6.9 stands before 6.10
        at = {r["clause"]: i for i, r in enumerate(rows)}
        self.assertLess(at["6.9(2)③"], at["6.10"])

    def test_filters(self):
        self.assertEqual({r["chapter"] for r in self.items(chapter="別紙")}, {"別紙"})
        rows = self.items(clause="2.1(2)⑧")
        self.assertIn("2.1(2)⑧(f)-1", [r["clause"] for r in rows])
        self.assertTrue(all(r["clause"].startswith("2.1(2)⑧") for r in rows))
        # kana and width do not matter
        found = {r["clause"] for r in self.items(q="ﾊﾞｯｸｱｯﾌﾟ")}
        self.assertIn("3.1(2)⑥", found)
        self.assertEqual(self.items(q="there is none such"), [])
        self.assertEqual({r["chapter"] for r in self.items(q="backup", chapter="6")}, {"6"})

    def test_files(self):
        a = self.ok(self.staff.get(CLAUSES, {"format": "csv", "chapter": "3"}))
        self.assertEqual([r["clause"] for r in a.rows],
                         [r["clause"] for r in self.items(chapter="3")])
        a = self.ok(self.staff.get(CLAUSES, {"chapter": "3"}, headers={"Accept": "text/csv"}))
        self.assertIn("attachment", a.headers["Content-Disposition"])
        self.assertEqual(len(self.ok(self.staff.get(CLAUSES, {"format": "ndjson"})).lines),
                         len(self.items()))

    def test_one(self):
        a = self.ok(self.one("2.1(2)④(g)")).json
        self.assertEqual(a["parent"], "2.1(2)④")
        self.assertEqual(a["edition"]["code"], "2025-03-27")
        self.assertIn("REG-01", [r["code"] for r in a["rules"]])
        self.assertTrue(all(r["ja"] and r["en"] for r in a["rules"]))
        # what stands below counts for what stands above, and 6.1 is not 6.11
        above = {r["code"] for r in self.ok(self.one("2.1(2)")).json["rules"]}
        self.assertLess({r["code"] for r in a["rules"]}, above)
        self.assertNotIn("6.11", self.ok(self.one("6.1")).json["below"])
        # one of several duties under one number
        cited = {r["code"] for r in self.ok(self.one("2.1(2)②(d)")).json["rules"]}
        self.assertEqual({r["code"] for r in self.ok(self.one("2.1(2)②(d)-1")).json["rules"]},
                         cited)
        self.assertIn("2.1(2)②(d)-1", self.ok(self.one("2.1(2)②(d)")).json["below"])
        self.assertEqual(self.ok(self.one("2.2(2)②表 機密性4②")).json["chapter"], "2")

    def test_refused(self):
        self.refused(self.one("9.9"), 404, "not_found")
        self.refused(self.one("2.1(2)④(g"), 404, "not_found")
        a = self.staff.get(CLAUSES, {"chapter": "8"})
        self.refused(a, 400, "bad_query", ["unknown_choice"])
        self.assertIn("別表", a.json["errors"][0]["message"])
        self.refused(self.staff.get(CLAUSES, {"format": "xml"}), 400)
        self.refused(self.staff.get(CLAUSES, {"x": "1"}), 400, "bad_query", ["unknown_argument"])
        self.refused(self.nobody.get(CLAUSES), 401)
        self.refused(self.nobody.get(CLAUSES + "/2.1"), 401)
        code, said = self.daemon.psql("UPDATE clause SET title_ja = 'x'", "daicho_app", False)
        self.assertNotEqual(code, 0)
        self.assertIn("permission denied", said)


class Rules(Case):
    def items(self, **query):
        return self.ok(self.reader.get(RULES, query)).json["items"]

    def test_members_and_filters(self):
        rows = self.items()
        self.assertEqual([r["code"] for r in rows], sorted(r["code"] for r in rows))
        for r in rows:
            self.assertEqual(r["family"], r["code"].split("-")[0])
        for name, value in (("family", "ROLE"), ("ledger", "external_media"), ("mode", "F"),
                            ("severity", "warning")):
            got = self.items(**{name: value})
            self.assertEqual(got, [r for r in rows if r[name] == value], name)
            self.assertTrue(0 < len(got) < len(rows), name)
        self.assertEqual(self.items(family="ROLE", mode="R", severity="warning"), [])
        self.assertEqual(self.items(family="NONE"), [])

    def test_files(self):
        a = self.ok(self.reader.get(RULES, {"format": "csv", "family": "CLS"}))
        self.assertEqual([r["code"] for r in a.rows], [r["code"] for r in self.items(family="CLS")])
        self.assertEqual(len(self.ok(self.reader.get(RULES, {"format": "ndjson"})).lines),
                         len(self.items()))

    def test_refused(self):
        for query in ({"mode": "X"}, {"severity": "grave"}):
            a = self.reader.get(RULES, query)
            self.refused(a, 400, "bad_query", ["unknown_choice"])
            self.assertEqual(a.json["errors"][0]["pointer"], "?" + list(query)[0])
        self.refused(self.reader.get(RULES, {"mode": "X", "severity": "Y"}), 400, "bad_query",
                     ["unknown_choice"] * 2)
        self.refused(self.reader.get(RULES, {"code": "REG-01"}), 400, "bad_query",
                     ["unknown_argument"])
        self.refused(self.staff.get(RULES), 403)


class OwnTexts(Case):
    ROWS = [
        {"kind": "clause", "code": "2.1(2)④(g)", "own_number": "第12条第3項", "ja": "台帳の項目",
         "en": "Columns of the register"},
        {"kind": "clause", "code": "3.1(2)④(b)イ", "own_number": "5-2"},
        {"kind": "clause", "code": "4.4(2)", "ja": "調達の追加要件"},
        {"kind": "rule", "code": "REG-01", "ja": "名前を必ず書きましょう。", "en": "A name, please."},
        {"kind": "rule", "code": "REG-03", "en": "=What is it?"},
    ]

    def setUp(self):
        self.addCleanup(self.keep, [], True)

    def keep(self, rows, good, suffix=".csv"):
        """daicho standard import"""
        text = rows if isinstance(rows, str) else json.dumps(rows) if suffix == ".json" else \
            to_csv(rows, ["kind", "code", "own_number", "ja", "en"])
        # a leading = is guarded in a table
        if suffix == ".csv" and not isinstance(rows, str):
            text = text.replace(",=", ",'=")
        with tempfile.NamedTemporaryFile("w", suffix=suffix, encoding="utf-8") as f:
            f.write(text)
            f.flush()
            done = self.daemon.cli("standard", "import", f.name, check=False)
        self.assertEqual(done.returncode, 0 if good else 1, done)
        return done.stderr.decode()

    def draft(self):
        row, etag = self.create(name="", asset_type=None)
        return self.writer.act("/api/v1/assets/%s/registration" % row["asset_no"], etag)

    def test_they_stand_beside_the_printed_ones(self):
        self.assertNotIn("own_number", self.fault(self.draft(), "REG-01"))
        self.keep(self.ROWS, True)
        clause = self.staff.get(CLAUSES + "/" + urllib.parse.quote("2.1(2)④(g)")).json
        self.assertEqual((clause["own_number"], clause["own_title_ja"], clause["own_title_en"]),
                         ("第12条第3項", "台帳の項目", "Columns of the register"))
        self.assertEqual(clause["clause"], "2.1(2)④(g)")
        self.assertTrue(clause["title_ja"])
        self.assertEqual([r["clause"] for r in self.staff.get(CLAUSES, {"q": "第12条"})
                          .json["items"]], ["2.1(2)④(g)"])
        rules = {r["code"]: r for r in self.reader.get(RULES).json["items"]}
        self.assertEqual((rules["REG-01"]["own_number"], rules["REG-01"]["ja"]),
                         ("第12条第3項", "名前を必ず書きましょう。"))
        self.assertIsNone(rules["ROLE-01"]["own_number"])
        self.assertTrue(rules["REG-03"]["ja"])
        a = self.draft()
        self.fault(a, "REG-01", own_number="第12条第3項", message="A name, please.",
                   clause="2.1(2)④(g)")
        self.fault(a, "REG-03", message="=What is it?")
        self.assertNotIn("own_number", self.fault(a, "REG-17"))
        # an import says the same
        a = self.writer.table("assets", [{"institution": "hoshi"}])
        self.fault(a, "REG-01", own_number="第12条第3項", message="A name, please.")
        a = self.staff.get("/api/v1/transfer-check", {"confidentiality": 2, "means": "mail",
                                                      "destination": "outside"}).json
        self.assertIn("5-2", [r["own_number"] for r in a["reminders"]])
        self.keep([], True)
        self.assertNotIn("own_number", self.fault(self.draft(), "REG-01"))

    def test_out_and_in_again(self):
        wanted = [{"own_number": None, "ja": None, "en": None} | r
                  for r in sorted(self.ROWS, key=lambda r: (r["kind"], r["code"]))]
        for suffix in (".csv", ".json"):
            self.keep([], True)
            self.keep(self.ROWS, True, suffix)
            out = self.daemon.cli("standard", "export", "--format", "json").stdout.decode()
            self.assertEqual(json.loads(out), wanted)
            own = "SELECT count(*) FROM audit_event WHERE object_type = 'rule_local'"
            events = self.count(own)
            self.keep(out, True)
            self.keep(self.daemon.cli("standard", "export").stdout.decode(), True)
            self.assertEqual(self.count(own), events, "what says nothing new leaves no trace")
        self.assertIn(["insert"], self.daemon.psql(
            "SELECT action FROM audit_event WHERE object_type = 'rule_local' "
            "AND object = 'REG-01'"))

    def test_a_change_is_on_record(self):
        self.keep(self.ROWS, True)
        self.keep([self.ROWS[0] | {"own_number": "13"}], True)
        got = self.daemon.psql("SELECT object, action, version FROM audit_event WHERE object_type "
                               "IN ('clause_local', 'rule_local') ORDER BY id DESC LIMIT 5")
        self.assertIn(["2.1(2)④(g)", "update", "2"], got)
        self.assertIn(["REG-01", "delete", "1"], got)

    def test_all_faults_or_nothing(self):
        self.keep(self.ROWS[:1], True)
        said = self.keep([{"kind": "clause", "code": "9.9", "own_number": "1"},
                          {"kind": "rule", "code": "NONE-01", "ja": "あ"},
                          {"kind": "law", "code": "2.1", "ja": "あ"},
                          {"kind": "rule", "code": "REG-01", "own_number": "1"},
                          {"kind": "clause", "code": "2.1"},
                          {"kind": "clause", "code": "2.2", "ja": "あ"},
                          {"kind": "clause", "code": "2.2", "ja": "い"},
                          {"kind": "clause", "code": "2.3", "own_number": "9" * 65}], False)
        for line in ("line 2: code", "line 3: code", "line 4: kind", "line 5: own_number",
                     "line 6: 番号", "line 8: code", "line 9: own_number", "7 faults"):
            self.assertIn(line, said)
        out = json.loads(self.daemon.cli("standard", "export", "--format", "json").stdout)
        self.assertEqual([r["own_number"] for r in out], ["第12条第3項"])

    def test_files_that_are_none(self):
        for text, wanted in (("", "header"), ("kind,ja\r\nclause,x\r\n", "code"),
                             ("kind,code,colour\r\n", "colour"), ("kind,code,code\r\n", "code"),
                             ("kind,code,ja\r\nclause,2.1\r\n", "cells"),
                             ("kind,code,ja\r\nclause,2.1,\"x\r\n", "line 2"),
                             ("kind,code,ja\r\nclause,2.1,x\x01\r\n", "ja"),
                             ("[1]", "object"), ("[{]", "JSON"),
                             ('[{"kind":"clause","code":"2.1","x":"y"}]', "x:"),
                             ('[{"kind":"clause","code":"2.1","ja":1}]', "ja")):
            self.assertIn(wanted, self.keep(text, False), text)
        done = self.daemon.cli("standard", "import", "/nonexistent", check=False)
        self.assertEqual(done.returncode, 1)
        done = self.daemon.cli("standard", "export", "--format", "xml", check=False)
        self.assertEqual(done.returncode, 1)

    def test_only_where_the_machine_stands(self):
        for sql, why in (("SELECT standard_import('[]')", "not where the machine stands"),
                         ("INSERT INTO rule_local (code, ja) VALUES ('REG-01', 'x')",
                          "permission denied"),
                         ("DELETE FROM clause_local", "permission denied")):
            code, said = self.daemon.psql(sql, "daicho_app", False)
            self.assertNotEqual(code, 0, sql)
            self.assertIn(why, said)
        code, said = self.daemon.psql("SELECT standard_import('[]')", "daicho_auditor", False)
        self.assertIn("permission denied", said)
