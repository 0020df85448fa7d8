"""Imports: modes, keys, what happens on errors, headers, maps, reports."""
import csv
import io

from client import to_csv
from harness import Case, Daemon, load, wait

GOOD = load("good", "REG-01")["row"]
BAD = load("bad", "REG-02")["row"]
COUNTS = ("lines", "created", "updated", "unchanged", "draft", "rejected")


class Import(Case):
    number = 0

    def serial(self):
        Import.number += 1
        return "IMP-%05d" % Import.number

    def rows(self, **filters):
        return self.writer.walk("/api/v1/assets", {"limit": 500} | filters)

    def counts(self, answer, status=200, **wanted):
        self.assertEqual(answer.status, status, answer)
        have = {n: answer.json[n] for n in COUNTS}
        self.assertEqual(have, dict.fromkeys(COUNTS, 0) | wanted, answer)
        return answer

    def total(self):
        return self.count("SELECT count(*) FROM asset")

    def nothing(self, answer, codes, code="invalid", status=422):
        """Refused with these faults; the ledger is as it was, no row waits."""
        self.refused(answer, status, code, codes)
        self.assertEqual(self.total(), self.before)
        self.assertEqual(self.count("SELECT count(*) FROM asset_staging"), 0)
        return answer

    def setUp(self):
        self.before = self.total()


class Modes(Import):
    def four(self):
        """A good row, one with a bad cell, one that breaks a rule, one that refers to nobody."""
        return [GOOD | {"serial_no": self.serial()},
                GOOD | {"serial_no": self.serial(), "os_support_until": "いつか"},
                BAD | {"serial_no": self.serial()},
                GOOD | {"serial_no": self.serial(), "sysadmin": "nobody.x"}]

    CODES = ["REG-02", "unknown_reference", "unreadable_date"]

    def test_create(self):
        for key in (None, "serial_no", "name"):
            query = {"mode": "create"} | ({"key": key} if key else {})
            row = GOOD | {"serial_no": self.serial(), "name": self.serial()}
            self.counts(self.writer.table("assets", [row], query), lines=1, created=1)
        again = self.writer.table("assets", [row], {"mode": "create", "key": "serial_no"})
        self.before += 3
        self.nothing(again, ["key_exists"])
        self.fault(again, "key_exists", line=2, value=row["serial_no"])

    def test_create_on_error(self):
        """A missing sysadmin breaks REG-09, so a row without it stays a draft."""
        self.nothing(self.writer.table("assets", self.four()), self.CODES)
        self.nothing(self.writer.table("assets", self.four(), {"on_error": "abort"}), self.CODES)
        rows = self.four()
        a = self.counts(self.writer.table("assets", rows, {"on_error": "draft"}), lines=4,
                        created=4, draft=3)
        self.assertEqual(set(self.CODES) - set(a.codes), set())
        for row, state in zip(rows, ("planned", "draft", "draft", "draft")):
            kept, = self.rows(serial_no=row["serial_no"])
            self.assertEqual(kept["state"], state)
        self.assertIsNone(self.rows(serial_no=rows[1]["serial_no"])[0]["os_support_until"])
        rows = self.four()
        a = self.counts(self.writer.table("assets", rows, {"on_error": "skip"}), lines=4,
                        created=1, rejected=3)
        self.assertEqual(a.codes, self.CODES)
        self.assertEqual(self.total(), self.before + 5)
        self.assertEqual([len(self.rows(serial_no=r["serial_no"])) for r in rows], [1, 0, 0, 0])

    def test_update(self):
        rows = [GOOD | {"serial_no": self.serial(), "note": "元"} for _ in range(3)]
        self.counts(self.writer.table("assets", rows), lines=3, created=3)
        self.before += 3
        change = [{"serial_no": r["serial_no"], "note": n} for r, n in
                  zip(rows, ("新", "元", ""))]
        query = {"mode": "update", "key": "serial_no"}
        self.counts(self.writer.table("assets", change, query), lines=3, updated=2, unchanged=1)
        self.counts(self.writer.table("assets", change, query), lines=3, unchanged=3)
        kept = [self.rows(serial_no=r["serial_no"])[0] for r in rows]
        self.assertEqual([k["note"] for k in kept], ["新", "元", None])
        self.assertEqual([k["row_version"] for k in kept], [2, 1, 2])
        self.assertEqual([k["location_text"] for k in kept], [GOOD["location_text"]] * 3)
        stranger = change + [{"serial_no": "nosuch", "note": "x"}]
        self.nothing(self.writer.table("assets", stranger, query), ["key_unknown"])
        change[0]["note"] = "飛ばさない"
        self.counts(self.writer.table("assets", change + stranger[3:], query |
                                      {"on_error": "skip"}), lines=4, updated=1, unchanged=2,
                    rejected=1)
        self.counts(self.writer.table("assets", stranger[3:], query | {"on_error": "draft"}),
                    lines=1, rejected=1)

    def test_upsert(self):
        old = GOOD | {"serial_no": self.serial()}
        self.counts(self.writer.table("assets", [old]), lines=1, created=1)
        new = GOOD | {"serial_no": self.serial()}
        query = {"mode": "upsert", "key": "serial_no"}
        self.counts(self.writer.table("assets", [old | {"note": "x"}, new], query), lines=2,
                    created=1, updated=1)
        self.counts(self.writer.table("assets", [old | {"note": "x"}, new], query), lines=2,
                    unchanged=2)

    def test_every_key(self):
        row, _ = self.create(**GOOD, serial_no=self.serial(), hostname=[
            "imp1.example.jp", "imp2.example.jp"])
        self.ok(self.writer.patch("/api/v1/assets/" + row["asset_no"], {"name": row["serial_no"]},
                                  '"1"'))
        for key, value in (("asset_no", row["asset_no"]), ("serial_no", row["serial_no"]),
                           ("name", row["serial_no"]), ("hostname", row["hostname"])):
            a = self.writer.table("assets", [{key: value, "note": key}],
                                  {"mode": "update", "key": key, "state": "draft"})
            self.counts(a, lines=1, updated=1, draft=1)
            self.assertEqual(self.writer.get("/api/v1/assets/" + row["asset_no"]).json["note"], key)
        by_one = [{"hostname": "imp2.example.jp", "note": "一つで"}]
        a = self.writer.table("assets", by_one, {"mode": "update", "key": "hostname",
                                                 "state": "draft"})
        self.counts(a, lines=1, updated=1, draft=1)
        for key in ("maker", "nosuch", "state", "", "asset_no,name", "row_version"):
            a = self.writer.table("assets", [{"name": "x"}], {"mode": "update", "key": key})
            self.refused(a, 400, "bad_query", ["unknown_choice"])

    def test_the_key_must_say_which_row(self):
        twice = self.serial()
        self.counts(self.writer.table("assets", [GOOD | {"serial_no": twice}] * 2), lines=2,
                    created=2)
        self.before += 2
        query = {"mode": "update", "key": "serial_no"}
        for rows, codes in (([{"serial_no": twice, "note": "x"}], ["key_ambiguous"]),
                            ([{"serial_no": "", "note": "x"}], ["key_empty"]),
                            ([{"serial_no": "　", "note": "x"}], ["key_empty"])):
            for mode in ("update", "upsert"):
                self.nothing(self.writer.table("assets", rows, query | {"mode": mode}), codes)
        same = [GOOD | {"serial_no": self.serial()}] * 2
        for mode in ("create", "upsert"):
            a = self.writer.table("assets", same, {"mode": mode, "key": "serial_no"})
            self.nothing(a, ["key_duplicate"] * 2)
        self.nothing(self.writer.table("assets", [{"note": "x"}], query), ["key_missing"])

    def test_what_counts_never_becomes_a_draft(self):
        """A bad line leaves a registered row as it was, whatever on_error says."""
        row = GOOD | {"serial_no": self.serial(), "os_support_until": "2027-01-01",
                      "maker": "元の社"}
        self.counts(self.writer.table("assets", [row]), lines=1, created=1)
        before, = self.rows(serial_no=row["serial_no"])
        self.before += 1
        for change in ({"location_text": ""}, {"os_support_until": "いつか"},
                       {"sysadmin": "nobody.x"}, {"maker": "x" * 300}):
            line = {"serial_no": row["serial_no"]} | change
            query = {"mode": "update", "key": "serial_no"}
            self.refused(self.writer.table("assets", [line], query), 422, "invalid")
            for reaction in ("draft", "skip"):
                a = self.writer.table("assets", [line], query | {"on_error": reaction})
                self.counts(a, lines=1, rejected=1)
                self.assertEqual(self.rows(serial_no=row["serial_no"]), [before],
                                 (change, reaction))

    def test_drafts_are_completed_by_a_second_import(self):
        row = BAD | {"serial_no": self.serial(), "os_support_until": "2027-01-01"}
        self.counts(self.writer.table("assets", [row], {"on_error": "draft"}), lines=1, created=1,
                    draft=1)
        query = {"mode": "update", "key": "serial_no"}
        line = {"serial_no": row["serial_no"], "note": "まだ"}
        self.nothing_but(self.writer.table("assets", [line], query), ["REG-02"])
        self.counts(self.writer.table("assets", [line], query | {"on_error": "draft"}), lines=1,
                    updated=1, draft=1)
        self.counts(self.writer.table("assets", [line | {"os_support_until": "いつか"}], query |
                                      {"on_error": "draft"}), lines=1, updated=0, unchanged=0,
                    rejected=1)
        self.assertEqual(self.rows(serial_no=row["serial_no"])[0]["os_support_until"], "2027-01-01")
        line["location_text"] = "本館 101"
        self.counts(self.writer.table("assets", [line], query), lines=1, updated=1)
        kept, = self.rows(serial_no=row["serial_no"])
        self.assertEqual(kept["state"], "planned")

    def nothing_but(self, answer, codes):
        self.refused(answer, 422, "invalid", codes)

    def test_state_and_adopted(self):
        for query, state in (({}, "planned"), ({"adopted": "true"}, "in_operation"),
                             ({"state": "draft"}, "draft"), ({"state": "registered"}, "planned")):
            row = GOOD | {"serial_no": self.serial()}
            self.ok(self.writer.table("assets", [row], query))
            kept, = self.rows(serial_no=row["serial_no"])
            self.assertEqual((kept["state"], kept["adopted"]), (state, state == "in_operation"))
        medium = load("good", "MED-01")["row"] | {"serial_no": self.serial()}
        self.ok(self.writer.table("media", [medium]))
        kept = self.writer.get("/api/v1/media", {"serial_no": medium["serial_no"]}).json["items"]
        self.assertEqual(kept[0]["state"], "stored")

    def test_blank_cells(self):
        row = GOOD | {"serial_no": self.serial(), "note": "残る", "maker": "社"}
        self.ok(self.writer.table("assets", [row]))
        query = {"mode": "update", "key": "serial_no"}
        line = [{"serial_no": row["serial_no"], "note": "", "maker": "新社"}]
        self.counts(self.writer.table("assets", line, query | {"blank": "keep"}), lines=1,
                    updated=1)
        kept, = self.rows(serial_no=row["serial_no"])
        self.assertEqual((kept["note"], kept["maker"]), ("残る", "新社"))
        self.counts(self.writer.table("assets", line, query | {"blank": "clear"}), lines=1,
                    updated=1)
        self.assertIsNone(self.rows(serial_no=row["serial_no"])[0]["note"])

    def test_arguments_that_are_none(self):
        for query in ({"mode": "delete"}, {"mode": ""}, {"on_error": "ignore"}, {"blank": "x"},
                      {"state": "planned"}, {"separator": "|"}, {"adopted": "1"}, {"nosuch": "1"},
                      {"format": "xml"}, {"map": "nosuchmap"}, {"map": "a:name,b"},
                      {"map": ":name"}, {"map": "device:"},
                      {"set": "unit"}, {"set": "nosuch:1"}, {"set": "state:planned"},
                      {"set": "asset_type:nosuch"}, {"set": "name:x"}, {"set": ":x"}):
            a = self.writer.table("assets", [{"name": "x"}], query | {"state": "draft"}
                                  if "state" not in query else query)
            with self.subTest(query):
                self.assertIn(a.status, (400, 422), a)
                self.refused(a, a.status)
                self.assertTrue(a.json["errors"])
        self.assertEqual(self.total(), self.before)

    def test_other_offices(self):
        """A row of another 機関 is neither made, nor matched, nor changed."""
        theirs = self.other.get("/api/v1/assets?limit=1").json["items"][0]
        self.nothing(self.writer.table("assets", [GOOD | {"institution": "umi"}]),
                     ["unknown_reference"] * 3)  # 機関, unit, person: each once
        self.counts(self.writer.table("assets", [GOOD | {"institution": "umi"}], {
            "on_error": "draft"}), lines=1, rejected=1)
        self.nothing(self.writer.table("assets", [{"asset_no": theirs["asset_no"], "note": "x"}],
                                       {"mode": "update"}), ["key_unknown"])
        self.nothing(self.writer.table("assets", [{"institution": "umi", "note": "x",
                                                   "asset_no": theirs["asset_no"]}],
                                       {"mode": "upsert", "state": "draft"}),
                     ["read_only", "unknown_reference"])
        self.assertEqual(self.other.get("/api/v1/assets/" + theirs["asset_no"]).json, theirs)

    def test_other_ledgers(self):
        tree = [{"code": "hoshi-z%d" % i, "institution": "hoshi", "parent": "hoshi-z%d" % (i - 1)
                 if i else "", "name_ja": "木 %d" % i, "unit_kind": "section",
                 "valid_from": "令和8年4月1日"} for i in (2, 1, 0)]
        self.counts(self.keeper.table("units", tree), lines=3, created=3)
        self.counts(self.keeper.table("units", tree, {"mode": "upsert"}), lines=3, unchanged=3)
        a = self.keeper.table("units", [tree[0] | {"code": "hoshi-z9", "name_ja": ""}])
        self.refused(a, 422, "invalid", ["required"])
        self.fault(a, "required", line=2, column="name_ja")
        people = [{"login": "imp.%d" % i, "institution": "hoshi", "name_ja": "試験 %d" % i,
                   "email": "imp%d@hoshi.example.ac.jp" % i, "unit": "hoshi-z0",
                   "person_kind": "職員（直接雇用）"} for i in range(3)]
        self.counts(self.keeper.table("persons", people), lines=3, created=3)
        a = self.keeper.table("persons", [people[0] | {"login": "UPPER"}, people[1] | {
            "login": "imp.9", "unit": "umi-its"}])
        self.refused(a, 422, "invalid", ["bad_format", "unknown_reference"])
        a = self.keeper.table("persons", people, {"key": "login"})
        self.refused(a, 422, "invalid", ["key_exists"] * 3)
        a = self.keeper.table("persons", people)
        self.assertIn(a.status, (409, 422), "the same logins without a key")


class Headers(Import):
    def first(self, header, cells="x", status=200, **query):
        a = self.writer.table("assets", header + "\r\n" + cells + "\r\n",
                              {"state": "draft"} | query)
        self.assertEqual(a.status, status, a)
        return a

    def test_english_japanese_mixed_and_in_any_order(self):
        english = [n for n in GOOD]
        labels = {}
        for line in self.daemon.cli("columns", "assets").stdout.decode().splitlines():
            if not line.startswith("\t"):
                labels[line.split()[0]] = line[33:].split("  ")[0]
        for names in (english, [labels[n] for n in english], english[::-1],
                      [labels[n] if i % 2 else n for i, n in enumerate(english[::-1])]):
            back = {labels[n]: n for n in english} | {n: n for n in english}
            out = io.StringIO(newline="")
            writer = csv.writer(out)
            writer.writerow(names)
            writer.writerow([str(GOOD[back[n]]).replace("False", "false") for n in names])
            self.counts(self.writer.table("assets", out.getvalue()), lines=1, created=1)
            last = self.rows(sort="-asset_no")[0]
            self.assertEqual({n: last[n] for n in GOOD}, GOOD)

    def test_synonyms_and_folds(self):
        for header, column, cell, value in (
                ("システム名", "name", "あ", "あ"), ("機器名", "name", "あ", "あ"),
                ("設置部屋", "location_text", "あ", "あ"), ("設置室", "location_text", "あ", "あ"),
                ("システム管理者", "sysadmin", "ryuseino.j", "ryuseino.j"),
                ("管理責任者", "sysadmin", "ryuseino.j", "ryuseino.j"),
                ("使用者", "users_text", "あ", "あ"), ("利用者", "users_text", "あ", "あ"),
                ("格付", "confidentiality", "3", 3), ("格付け", "confidentiality", "3", 3),
                ("機密性区分", "confidentiality", "3", 3),
                ("個人情報", "has_personal_info", "有", True),
                ("個人情報の有無", "has_personal_info", "無", False),
                ("個人情報・機微情報の有無", "has_personal_info", "無", False),
                ("マイナンバー", "has_my_number", "有", True),
                ("暗号化", "internal_media_encryption", "full", "full"),
                ("ディスク暗号化", "internal_media_encryption", "full", "full"),
                ("コメント", "note", "あ", "あ"), ("※名称", "name", "あ", "あ"),
                ("名 称", "name", "あ", "あ"), ("名　称", "name", "あ", "あ"),
                ("ＩＰアドレス", "ip_addrs", "192.0.2.1", ["192.0.2.1"]),
                ("ＭＡＣアドレス", "mac_addrs", "00005e005301", ["00:00:5e:00:53:01"]),
                ("Name", "name", "あ", "あ"), ("NOTE", "note", "あ", "あ"),
                ('"設置\n場所"', "location_text", "あ", "あ"), ("（名称）", "name", "あ", "あ")):
            with self.subTest(header):
                self.first(header, cell)
                self.assertEqual(self.rows(sort="-asset_no")[0][column], value)

    def test_headers_that_are_refused_by_name(self):
        for header, codes, name in (
                ("名称,なぞ", ["unknown_header"], "なぞ"), ("名称,name", ["duplicate_header"], "name"),
                ("名称,名称", ["duplicate_header"], "名称"), ("名称,", ["blank_header"], "B"),
                (",名称", ["blank_header"], "A"), ("名称,　", ["blank_header"], "B"),
                ("名称,使用者,利用者", ["duplicate_header"], "利用者"),
                ("名称,search", ["unknown_header"], "search"),
                ("名称," + "x" * 300, ["bad_header"], "B"), ("名称,a\u202eb", ["bad_header"], "B"),
                ("a,b,,名称,name", ["blank_header", "duplicate_header", "unknown_header",
                                    "unknown_header"], None)):
            with self.subTest(header):
                a = self.first(header, ",".join("x" * (header.count(",") + 1)), 422)
                self.nothing(a, codes)
                self.assertEqual({f["line"] for f in a.json["errors"]}, {1})
                if name is not None:
                    self.assertEqual(a.json["errors"][0]["column"], name)

    def test_maps(self):
        a = self.first("device,rack,備品番号", "a,b,c", map="device:name,rack:-,備品番号:serial_no")
        self.counts(a, lines=1, created=1, draft=1)
        last = self.rows(sort="-asset_no")[0]
        self.assertEqual((last["name"], last["serial_no"]), ("a", "c"))
        self.first("名称,製造番号", "a,b", map="名称:note")
        last = self.rows(sort="-asset_no")[0]
        self.assertEqual((last["name"], last["note"]), (None, "a"), "a map wins over a label")
        self.before = self.total()
        for header, text, code in (("device", "device:nosuch", "unknown_header"),
                                   ("device", "rack:-", "unknown_header"),
                                   ("device,name", "device:name", "duplicate_header"),
                                   ("device", "device:名称", "unknown_header")):
            self.nothing(self.first(header, ",".join("x" * (header.count(",") + 1)), 422,
                                    map=text), [code])

    def test_constants(self):
        self.first("名称", "a", set="unit:hoshi-its,asset_type:サーバ装置,confidentiality:機密性3")
        last = self.rows(sort="-asset_no")[0]
        self.assertEqual((last["unit"], last["asset_type"], last["confidentiality"]),
                         ("hoshi-its", "server", 3))
        self.before = self.total()
        for text in ("unit:hoshi-none", "unit:umi-its"):
            a = self.first("名称", "a", 422, set=text)
            self.nothing(a, ["unknown_reference"])

    def test_a_map_of_the_configuration(self):
        daemon = Daemon(config='map netbox {\n'
                               '\tcolumns = "serial:serial_no,rack:-,device:name"\n}\n'
                               "max_import = 20000\nmax_json = 2048\n")
        try:
            daemon.load_logins()
            client = Case.client.__func__(type("C", (), {"daemon": daemon}), "suiseigawa.h")
            table = "device,serial,rack\r\nなまえ,S-1,R1\r\n"
            self.ok(client.table("assets", table, {"map": "netbox", "state": "draft"}))
            last = client.get("/api/v1/assets?sort=-asset_no&limit=1").json["items"][0]
            self.assertEqual((last["name"], last["serial_no"]), ("なまえ", "S-1"))
            self.refused(client.table("assets", table, {"map": "netbux", "state": "draft"}), 400,
                         "bad_query")
            self.refused(client.table("assets", table, {"state": "draft"}), 422, "invalid")
            self.refused(client.table("assets", table + "x" * 20000), 413, "body_too_large")
            self.refused(client.post("/api/v1/assets", {"note": "x" * 3000}), 413, "body_too_large")
        finally:
            daemon.stop()


class Reports(Import):
    TABLE = ("名称,機密性,サポート期限,備考\r\n"
             "一,3,2027-01-01,\"二行の\r\n備考\"\r\n"
             "二,9,2027-02-30,x\r\n"
             "三,2,いつか,\"a, \"\"b\"\"\"\r\n"
             "四,1,2027-01-01,y\r\n")

    def test_bad_cells(self):
        a = self.nothing(self.writer.table("assets", self.TABLE, {"state": "draft"}),
                         ["no_such_day", "unknown_choice", "unreadable_date"])
        errors = sorted((f["line"], f["column"], f["value"], f["code"]) for f in a.json["errors"])
        self.assertEqual(errors, [(4, "confidentiality", "9", "unknown_choice"),
                                  (4, "os_support_until", "2027-02-30", "no_such_day"),
                                  (5, "os_support_until", "いつか", "unreadable_date")])
        self.assertTrue(all(f["message"] and f["clause"] for f in a.json["errors"]))
        japanese = self.writer.table("assets", self.TABLE, {"state": "draft", "lang": "ja"})
        self.assertFalse(japanese.json["errors"][0]["message"].isascii())

    def test_an_unreadable_cell_is_not_called_missing(self):
        a = self.writer.table("assets", [GOOD | {"confidentiality": "9", "sysadmin": "",
                                                 "has_personal_info": "たぶん"}])
        self.nothing(a, ["REG-09", "not_boolean", "unknown_choice"])

    def test_as_csv(self):
        for how in ({"query": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}):
            a = self.writer.table("assets", self.TABLE, {"state": "draft"} | how.get("query", {}),
                                  how.get("headers"))
            self.assertEqual((a.status, a.headers["Content-Type"]),
                             (422, "text/csv; charset=utf-8; header=present"))
            self.assertEqual([r["line"] for r in a.rows], ["4", "5"])
            self.assertEqual([r["名称"] for r in a.rows], ["二", "三"])
            self.assertEqual(a.rows[1]["備考"], 'a, "b"')
            self.assertIn("[unknown_choice]", a.rows[0]["errors"])
            self.assertIn("[no_such_day]", a.rows[0]["errors"])
        skip = self.writer.table("assets", self.TABLE, {"state": "draft", "on_error": "skip",
                                                        "format": "csv"})
        self.assertEqual([r["line"] for r in self.ok(skip).rows], ["4", "5"])
        none = self.ok(self.writer.table("assets", "名称\r\nx\r\n", {"state": "draft",
                                                                   "format": "csv"}))
        self.assertEqual(none.rows, [])

    def test_the_report_can_be_corrected_and_sent_again(self):
        a = self.writer.table("assets", self.TABLE, {"state": "draft", "on_error": "skip",
                                                     "format": "csv"})
        rows = self.ok(a).rows
        for row in rows:
            row |= {"機密性": "3", "サポート期限": "2027-12-31"}
        again = self.writer.table("assets", to_csv(rows), {"state": "draft",
                                                           "map": "line:-,errors:-"})
        self.counts(again, lines=2, created=2, draft=2)

    def test_the_record_stays(self):
        done = self.ok(self.writer.table("assets", [GOOD]))
        refused = self.writer.table("assets", self.TABLE)
        list_of = self.writer.get("/api/v1/imports").json["items"]
        self.assertEqual([i["state"] for i in list_of[:2]], ["refused", "done"])
        kept = self.ok(self.writer.get(done.headers["Location"])).json
        self.assertEqual((kept["ledger"], kept["mode"], kept["person"], kept["lines"]),
                         ("assets", "create", "kitaboshi.y", 1))
        self.assertEqual(kept["report"]["created"], 1)
        kept = self.ok(self.writer.get("/api/v1/imports/" + list_of[0]["import_no"])).json
        self.assertEqual(len(kept["report"]["errors"]), refused.json.get("errors_total") or
                         len(refused.json["errors"]))
        self.assertEqual(kept["report"]["created"], 0)

    def test_an_answer_that_comes_later(self):
        before = self.total()
        a = self.writer.table("assets", [GOOD] * 3, headers={"Prefer": "respond-async"})
        self.assertEqual((a.status, a.json["state"]), (202, "running"))
        place = a.headers["Location"]
        wait(lambda: self.writer.get(place).json["state"] != "running", "the import ends")
        kept = self.writer.get(place).json
        self.assertEqual((kept["state"], kept["report"]["created"]), ("done", 3))
        self.assertEqual(self.total(), before + 3)
        a = self.writer.table("assets", self.TABLE, headers={"Prefer": "respond-async"})
        self.assertEqual(a.status, 202)
        place = a.headers["Location"]
        wait(lambda: self.writer.get(place).json["state"] != "running", "the import ends")
        self.assertEqual(self.writer.get(place).json["state"], "refused")
        self.assertEqual(self.total(), before + 3)
