"""Foreign inventories and naughty strings go in, are found, completed, exported and come back.

The files are those of DAICHO_DATA; where there are none, small ones of the same form.
"""
import csv
import io
import re
import unicodedata

from client import to_csv
from harness import Case
from places import DATA

DEVICES = ["name,role,device_type,manufacturer,serial,asset_tag,tenant,site,location,rack,status,"
           "platform,created,comments"] + [
    "sw-%02d,Access Switch,C9200-48P,Cisco,,,\"Org, Inc.\",Site %d,,Comms closet,active,%s,"
    "2020-12-20T00:00:00Z," % (i, i % 3, "Cisco IOS" if i % 2 else "") for i in range(12)] + [
    ",Patch Panel,48-Pair,Panduit,,,Org,MDF,Row 1,Plant 1,active,,2020-12-22T00:00:00Z,"] * 3
VMS = ["name,role,tenant,site,cluster,status,platform,vcpus,memory,disk,created"] + [
    "vm%d,Application Server,,,DO-AMS3,active,Ubuntu Linux 20.04,,,,2021-04-05T00:00:00Z" % i
    for i in range(1, 20)]
NAUGHTY = ["", "undefined", "\\", "0/0", ",./;'[]\\-=", "<>?:\"{}|_+", "\u03a9\u2248\u00e7",
           "\u202etest",
           "\u200b", "\ufeff", "田中さんにあげて下さい", "ｻﾞﾛ", "( ͡° ͜ʖ ͡°)", "👩🏽", "الكل في المجمو",
           "Z̮̞̠͙͔ͅḀ̗̞͈",
           "1;DROP TABLE users", "<script>alert(0)</script>", "=1+1", "%s", "{0}", "'; EXEC",
           "\t x \t"]

# Foreign headers, one argument each: `-` leaves a column out.
DEVICE_MAP = ("device_type:model,manufacturer:maker,serial:serial_no,site:location_text,"
              "platform:os_name,comments:note,role:-,asset_tag:-,tenant:-,location:-,rack:-,"
              "status:-,created:-")
VM_MAP = ("cluster:location_text,platform:os_name,role:-,tenant:-,site:-,status:-,vcpus:-,"
          "memory:-,disk:-,created:-")


def lines(name, own):
    if DATA is None:
        return own
    return (DATA / name).read_text("utf-8").split("\n")


class Inventory(Case):
    """In the order of the story: each step stands on the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tables = []
        for name, own, header_map, constants in (
                ("inventory/netbox-demo-devices-derived.csv", DEVICES, DEVICE_MAP,
                 "unit:hoshi-its,asset_type:network_device,embodiment:physical"),
                ("inventory/netbox-demo-vms-derived.csv", VMS, VM_MAP,
                 "unit:hoshi-its,asset_type:server,embodiment:virtual")):
            text = "\n".join(lines(name, own))
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            cls.tables.append((text, rows, {"on_error": "draft", "map": header_map,
                                            "set": constants}))

    def mine(self, **filters):
        first = self.first
        return [r for r in self.writer.walk("/api/v1/assets", {"limit": 500} | filters)
                if r["asset_no"] > first]

    def test_the_story(self):
        newest = self.writer.get("/api/v1/assets?sort=-asset_no&limit=1").json["items"]
        type(self).first = newest[0]["asset_no"]
        self.go_in()
        self.are_found()
        self.are_completed()
        self.are_registered_one_by_one()
        self.come_back_as_they_are()

    def go_in(self):
        self.total = sum(len(rows) for _, rows, _ in self.tables)
        if DATA is not None:
            self.assertEqual(self.total, 252)
        for text, rows, query in self.tables:
            refused = self.writer.table("assets", text, {n: v for n, v in query.items()
                                                         if n != "map"})
            self.refused(refused, 422, "invalid")
            self.assertIn("unknown_header", refused.codes)
            dry = self.ok(self.writer.table("assets", text, query | {"dry_run": "true"}))
            a = self.ok(self.writer.table("assets", text, query))
            for answer in (dry, a):
                self.assertEqual([answer.json[n] for n in ("lines", "created", "draft",
                                                           "rejected")],
                                 [len(rows), len(rows), len(rows), 0])
                told = {f["line"] for f in answer.json["errors"]}
                self.assertEqual(len(told), len(rows), "a draft without its reason")
        kept = self.mine(state="draft")
        self.assertEqual(len(kept), self.total)
        self.assertEqual([r["name"] for r in kept],
                         [r["name"] or None for _, rows, _ in self.tables for r in rows])
        self.assertEqual([r["os_name"] for r in kept],
                         [r["platform"] or None for _, rows, _ in self.tables for r in rows])

    def are_found(self):
        for _, rows, _ in self.tables:
            wanted = next(r["name"] for r in rows if r["name"])
            found = self.writer.walk("/api/v1/assets", {"q": wanted, "limit": 500})
            self.assertIn(wanted, [r["name"] for r in found])
        found = self.mine(q="ubuntu ＬＩＮＵＸ")
        self.assertEqual(len(found), len(self.tables[1][1]))
        self.assertEqual(self.mine(q="ubuntu cisco"), [])

    def are_completed(self):
        """All but the last: what they lack is filled in by a second table."""
        export = self.ok(self.writer.get("/api/v1/assets", {
            "format": "csv", "state": "draft", "asset_no__gt": self.first,
            "fields": "asset_no,name,location_text,model"})).rows
        self.assertEqual(len(export), self.total)
        for i, row in enumerate(export):
            row |= {"name": row["name"] or "%s %d" % (row.get("model"), i),
                    "location_text": row["location_text"] or "本館サーバ室",
                    "機密性": "機密性2", "格付けの根拠": "c2_internal", "個人情報": "無",
                    "マイナンバー": "×", "暗号化": "暗号化なし", "使用者": "情報基盤課",
                    "管理責任者": "suiseigawa.h"}
            del row["model"]
        last = export.pop()
        a = self.ok(self.writer.table("assets", to_csv(export), {"mode": "update",
                                                                 "adopted": "true"}))
        self.assertEqual([a.json[n] for n in ("updated", "draft", "rejected")],
                         [self.total - 1, 0, 0])
        self.assertEqual(len(self.mine(state="in_operation")), self.total - 1)
        a = self.ok(self.writer.table("assets", to_csv([last]), {"mode": "update",
                                                                 "state": "draft"}))
        self.assertEqual((a.json["updated"], a.json["draft"]), (1, 1))

    def are_registered_one_by_one(self):
        row, = self.mine(state="draft")
        place = "/api/v1/assets/" + row["asset_no"]
        a = self.writer.act(place + "/registration", self.writer.get(place).etag)
        self.assertEqual(self.ok(a).json["state"], "planned")

    def come_back_as_they_are(self):
        before = self.mine()
        for query in ({}, {"labels": "true"}, {"excel": "true"}):
            a = self.ok(self.writer.get("/api/v1/assets", {
                "format": "csv", "asset_no__gt": self.first} | query))
            back = self.ok(self.writer.table("assets", a.body, {"mode": "update"}))
            self.assertEqual((back.json["unchanged"], back.json["lines"], back.codes),
                             (len(before), len(before), []), back)
        self.assertEqual(self.mine(), before)


class Strings(Case):
    """Every naughty line as a name: stored as it is, or refused; nothing breaks."""
    MARK = "いたずら"

    @staticmethod
    def stored_form(line):
        """NFC without white space at the ends; nothing is None."""
        return unicodedata.normalize("NFC", line.strip(
            " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
            "\u202f\u205f\u3000")) or None

    def test_the_story(self):
        said = lines("text/blns.txt", NAUGHTY)
        made = self.one_by_one(said)
        self.assertGreater(len(made), len(said) * 0.8)
        self.in_lists(made)
        self.in_files(made)
        self.in_questions(made)
        self.as_a_table(said, made)

    def one_by_one(self, said):
        made, refusals = {}, set()
        for line in said:
            a = self.writer.post("/api/v1/assets", {"institution": "hoshi", "name": line,
                                                    "note": self.MARK})
            if a.status != 201:
                self.assertEqual(len(self.refused(a, 422, "invalid")["errors"]), 1)
                self.fault(a, a.codes[0], pointer="#/name")
                refusals.add(a.codes[0])
                continue
            self.assertEqual(a.json["name"], self.stored_form(line))
            again = self.writer.get(a.headers["Location"])
            self.assertEqual(again.json["name"], self.stored_form(line))
            made[a.json["asset_no"]] = again.json
        self.assertLessEqual(refusals, {"bidi_control", "invisible_character", "control_character",
                                        "private_character", "too_long", "too_many_marks"})
        return made

    def in_lists(self, made):
        for query in ({}, {"sort": "name"}, {"sort": "-name"}):
            got = self.writer.walk("/api/v1/assets", {"note": self.MARK, "limit": 50} | query)
            self.assertEqual({r["asset_no"]: r for r in got}, made)

    def in_files(self, made):
        names = {n: r["name"] for n, r in made.items()}
        a = self.ok(self.writer.get("/api/v1/assets", {"format": "ndjson", "note": self.MARK}))
        self.assertEqual({r["asset_no"]: r["name"] for r in a.lines}, names)
        a = self.ok(self.writer.get("/api/v1/assets", {"format": "csv", "note": self.MARK}))
        got = {r["asset_no"]: r["name"] or None for r in a.rows}
        for number, name in names.items():
            # a guarded text has one apostrophe more, as the import takes one off
            self.assertIn(got[number], (name, "'" + (name or "")))
        excel = self.ok(self.writer.get("/api/v1/assets", {"format": "csv", "excel": "true",
                                                           "note": self.MARK}))
        for row in excel.rows:
            self.assertNotIn(row["名称"][:1], list("=+-@\t\r＝＋－＠"), row["名称"])
        for table in (a, excel):
            back = self.ok(self.writer.table("assets", table.body, {"mode": "update",
                                                                    "state": "draft"}))
            self.assertEqual((back.json["unchanged"], back.codes), (len(made), []))

    def in_questions(self, made):
        for row in made.values():
            if row["name"] is None:
                continue
            a = self.ok(self.writer.get("/api/v1/assets", {"name": row["name"], "limit": 500}))
            self.assertIn(row["asset_no"], [r["asset_no"] for r in a.json["items"]])
            word = row["name"].split()[0][:20]
            a = self.writer.get("/api/v1/assets", {"q": word, "note": self.MARK, "limit": 500})
            self.assertIn(row["asset_no"], [r["asset_no"] for r in self.ok(a).json["items"]],
                          "not found: %r" % word)

    def as_a_table(self, said, made):
        """The same lines as one table: the same are taken, the same are refused."""
        guard = re.compile("^'*[-=+@\\t\\r＝＋－＠]")
        rows = [{"name": "'" * bool(guard.match(line)) + line, "note": self.MARK + "表"}
                for line in said]
        a = self.ok(self.writer.table("assets", to_csv(rows), {"on_error": "skip",
                                                               "state": "draft"}))
        self.assertEqual(a.json["rejected"], len(said) - len(made), a)
        got = self.writer.walk("/api/v1/assets", {"note": self.MARK + "表", "limit": 500})
        self.assertEqual([r["name"] for r in got], [r["name"] for r in made.values()])
