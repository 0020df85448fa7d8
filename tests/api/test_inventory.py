"""棚卸し: campaigns, answers one by one, by room, by table; who has not answered."""
from client import to_csv
from harness import Case, today


class Inventory(Case):
    number = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.client("suiseigawa.h", "sysadmin")

    @classmethod
    def tearDownClass(cls):
        cls.forget()
        cls.admin.close()
        super().tearDownClass()

    @classmethod
    def forget(cls):
        """As if there had never been a campaign; the tests share one register."""
        cls.daemon.psql("BEGIN; ALTER TABLE inventory_answer DISABLE TRIGGER USER; ALTER TABLE "
                        "inventory DISABLE TRIGGER USER; DELETE FROM inventory_answer; DELETE "
                        "FROM inventory; ALTER TABLE inventory_answer ENABLE TRIGGER USER; ALTER "
                        "TABLE inventory ENABLE TRIGGER USER; COMMIT")

    def setUp(self):
        self.forget()

    def campaign(self, client=None, **members):
        body = {"institution": "hoshi", "title": "年次の棚卸し", "opens_on": str(today(-3)),
                "closes_on": str(today(30))} | members
        a = self.ok((client or self.writer).post("/api/v1/inventories", body), 201)
        return a.json["inventory_no"]

    def unit(self):
        Inventory.number += 1
        code = "hoshi-inv%d" % Inventory.number
        self.daemon.psql("INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from)"
                         " VALUES ('%s', 'hoshi', '試験', 'section', '2026-04-01')" % code)
        return code

    def area(self):
        Inventory.number += 1
        code = "hoshi-room%d" % Inventory.number
        self.daemon.psql("INSERT INTO area (code, institution, name_ja, building, is_controlled) "
                         "VALUES ('%s', 'hoshi', '試験室', '本館', false)" % code)
        return code

    def assets(self, count=1, sysadmin="suiseigawa.h", state="in_operation", area=None, level=2,
               unit="hoshi-its", operator=None, name="棚卸試験"):
        basis = {2: "c2_internal", 3: "c3_management"}[level]
        return [r[0] for r in self.daemon.psql(
            "INSERT INTO asset (institution, unit, name, location_text, asset_type, "
            "confidentiality, confidentiality_basis, has_personal_info, has_my_number, "
            "internal_media_encryption, users_text, state, sysadmin, operator, location_area) "
            "SELECT 'hoshi', '%s', '%s', 'x', 'terminal', %d, '%s', false, false, 'full', 'x', "
            "'%s', '%s', %s, %s FROM generate_series(1, %d) RETURNING asset_no"
            % (unit, name, level, basis, state, sysadmin, "'%s'" % operator if operator else
               "NULL", "'%s'" % area if area else "NULL", count))]

    def medium(self, custodian="suiseigawa.h", state="stored", area=None):
        return self.daemon.value(
            "INSERT INTO external_media (institution, unit, name, confidentiality, users_text, "
            "custodian, storage_area, state) VALUES ('hoshi', 'hoshi-its', '棚卸試験', 2, '全員', "
            "'%s', %s, '%s') RETURNING media_no"
            % (custodian, "'%s'" % area if area else "NULL", state))

    def answer(self, no, body, client=None, kind="application/json", **query):
        return (client or self.admin).post("/api/v1/inventories/%s/answers" % no, body, query,
                                           headers={"Content-Type": kind})

    def confirm(self, no, keys, answer="confirmed", client=None, ledger="assets", **members):
        return self.answer(no, {"ledger": ledger, "answer": answer, "keys": keys} | members, client)

    def totals(self, no, client=None):
        return self.ok((client or self.writer).get("/api/v1/inventories/" + no)).json["totals"]

    def last(self, table, key, no):
        column = {"asset": "last_inventory_on", "external_media": "last_checked_on"}[table]
        return self.daemon.value("SELECT coalesce(%s::text, '') FROM %s WHERE %s = '%s'"
                                 % (column, table, key, no))

    # --- campaigns

    def test_campaign(self):
        no = self.campaign()
        a = self.ok(self.writer.get("/api/v1/inventories/" + no))
        year = (today(-3).year, today(-3).year - 1)[today(-3).month < 4]
        self.assertEqual((a.json["fiscal_year"], a.json["ledgers"], a.json["closed_on"]),
                         (year, ["assets", "media"], None))
        self.assertIsNone(a.etag)
        live = self.count("SELECT (SELECT count(*) FROM asset WHERE institution = 'hoshi' AND "
                          "state IN ('planned', 'in_operation', 'suspended')) + (SELECT count(*) "
                          "FROM external_media WHERE institution = 'hoshi' AND state IN "
                          "('stored', 'in_use', 'taken_out'))")
        totals = a.json["totals"]
        self.assertEqual((totals["expected"], totals["answered"], totals["rate"]), (live, 0, 0))
        self.assertEqual(sum(u["expected"] for u in totals["units"]), live)
        self.assertEqual({g["ledger"] for g in totals["ledgers"]}, {"assets", "media"})
        items = self.ok(self.auditor.get("/api/v1/inventories")).json["items"]
        self.assertEqual([i["inventory_no"] for i in items], [no])
        self.assertEqual(self.ok(self.other.get("/api/v1/inventories")).json["items"], [])
        self.refused(self.other.get("/api/v1/inventories/" + no), 404)
        self.assertEqual(self.totals(no, self.auditor)["expected"], live)
        self.assertEqual(self.totals(no, self.admin)["expected"], live)

    def test_one_at_a_time(self):
        self.campaign()
        body = {"institution": "hoshi", "title": "もう一つ", "opens_on": str(today(10)),
                "closes_on": str(today(60))}
        self.refused(self.writer.post("/api/v1/inventories", body), 409, "wrong_state",
                     ["overlaps"])
        later = body | {"opens_on": str(today(31)), "closes_on": str(today(60))}
        year = self.count("SELECT fiscal_year FROM inventory")
        self.refused(self.writer.post("/api/v1/inventories", later | {"fiscal_year": year}), 409,
                     "conflict", ["still_open"])
        self.ok(self.writer.post("/api/v1/inventories", later | {"fiscal_year": year + 1},
                                 {"dry_run": "true"}), 201)
        umi = self.ok(self.other.post("/api/v1/inventories", body | {"institution": "umi"}), 201)
        self.assertEqual(umi.json["institution"], "umi")

    def test_wrong_campaigns(self):
        body = {"institution": "hoshi", "title": "x", "opens_on": str(today()),
                "closes_on": str(today(5))}
        for change, code in (({"closes_on": str(today(-1))}, "not_allowed"),
                             ({"ledgers": ["persons"]}, "unknown_choice"),
                             ({"title": None}, "required"), ({"closed_on": None}, "read_only"),
                             ({"fiscal_year": 1999}, "out_of_range"),
                             ({"institution": "umi"}, "unknown_reference")):
            self.refused(self.writer.post("/api/v1/inventories", body | change), 422, "invalid",
                         [code])
        for client in (self.admin, self.keeper, self.auditor, self.staff, self.boss):
            self.refused(client.post("/api/v1/inventories", body), 403, "forbidden")

    def test_closing(self):
        no = self.campaign()
        place = "/api/v1/inventories/" + no
        asset, = self.assets()
        self.refused(self.writer.post(place + "/closing"), 428)
        self.refused(self.admin.act(place + "/closing", '"1"'), 403)
        self.refused(self.writer.patch(place, {"closes_on": str(today(-1))}, '"1"'), 422,
                     "rules_violated", ["in_the_past"])
        self.refused(self.writer.patch(place, {"opens_on": str(today())}, '"1"'), 422, "invalid",
                     ["fixed"])
        a = self.ok(self.writer.patch(place, {"closes_on": str(today(60))}, '"1"'))
        self.refused(self.writer.act(place + "/closing", '"1"'), 412)
        b = self.ok(self.writer.act(place + "/closing", a.etag, {"reason": "全員回答"}))
        self.assertEqual(b.json["closed_on"], str(today()))
        for again in (self.writer.act(place + "/closing", b.etag),
                      self.writer.patch(place, {"title": "x"}, b.etag)):
            self.refused(again, 409, "wrong_state", ["inventory_closed"])
        self.refused(self.confirm(no, [asset]), 409, "wrong_state", ["inventory_not_open"])
        past = self.ok(self.writer.get(place + "/history")).json["items"]
        self.assertEqual(past[-1]["reason"], "全員回答")

    def test_answered_in_time_only(self):
        asset, = self.assets()
        for opens, closes in ((1, 5), (-9, -1)):
            self.forget()
            no = self.campaign(opens_on=str(today(opens)), closes_on=str(today(closes)))
            self.refused(self.confirm(no, [asset]), 409, "wrong_state", ["inventory_not_open"])
        self.forget()
        no = self.campaign(opens_on=str(today()), closes_on=str(today()))
        self.ok(self.confirm(no, [asset]))

    # --- answers

    def test_confirmed(self):
        no = self.campaign()
        one, two = self.assets(2)
        medium = self.medium()
        before = self.totals(no)
        a = self.ok(self.confirm(no, [one, one, " %s" % two.lower()]))
        self.assertEqual((a.json["answered"], a.json["unchanged"], a.json["left_out"]), (2, 0, 0))
        self.ok(self.confirm(no, [medium], ledger="media", note="机の引出し"))
        for table, key, row in (("asset", "asset_no", one), ("asset", "asset_no", two),
                                ("external_media", "media_no", medium)):
            self.assertEqual(self.last(table, key, row), str(today()))
        after = self.totals(no)
        self.assertEqual((after["expected"], after["answered"], after["answers"]["confirmed"]),
                         (before["expected"], 3, 3))
        self.assertEqual(self.daemon.psql(
            "SELECT object_type, object, person, office FROM audit_event WHERE request_id = '%s' "
            "AND object_type = 'asset' ORDER BY object" % a.headers["X-Request-Id"]),
            [["asset", one, "suiseigawa.h", "sysadmin"], ["asset", two, "suiseigawa.h",
                                                          "sysadmin"]])
        # again: nothing new; another answer later counts
        b = self.ok(self.confirm(no, [one]))
        self.assertEqual((b.json["answered"], b.json["unchanged"]), (0, 1))
        self.ok(self.confirm(no, [one], "not_found"))
        last = self.totals(no)
        self.assertEqual((last["answered"], last["answers"]["confirmed"],
                          last["answers"]["not_found"]), (3, 2, 1))

    def test_dry_run(self):
        no = self.campaign()
        asset, = self.assets()
        self.ok(self.answer(no, {"ledger": "assets", "answer": "confirmed", "keys": [asset]},
                            dry_run="true"))
        self.assertEqual(self.last("asset", "asset_no", asset), "")
        self.assertEqual(self.totals(no)["answered"], 0)

    def test_not_found_says_nothing_of_the_day(self):
        no = self.campaign()
        asset, = self.assets()
        self.ok(self.confirm(no, [asset], "not_found", note="部屋にない"))
        self.assertEqual(self.last("asset", "asset_no", asset), "")
        self.assertEqual(self.daemon.value("SELECT state FROM asset WHERE asset_no = '%s'"
                                           % asset), "in_operation")

    def test_corrected_needs_a_correction(self):
        no = self.campaign()
        asset, = self.assets()
        self.daemon.psql("UPDATE audit_event SET at = at - interval '30 days' WHERE object = '%s'"
                         % asset)
        self.refused(self.confirm(no, [asset], "corrected"), 422, "invalid", ["not_corrected"])
        # being looked at is no correction
        self.ok(self.confirm(no, [asset]))
        self.refused(self.confirm(no, [asset], "corrected"), 422, "invalid", ["not_corrected"])
        a = self.ok(self.writer.get("/api/v1/assets/" + asset))
        self.ok(self.writer.patch("/api/v1/assets/" + asset, {"location_text": "別の室"}, a.etag))
        self.ok(self.confirm(no, [asset], "corrected"))
        self.assertEqual(self.totals(no)["answers"]["corrected"], 1)

    def test_retired_needs_a_retirement(self):
        no = self.campaign()
        asset, = self.assets()
        expected = self.totals(no)["expected"]
        self.refused(self.confirm(no, [asset], "retired"), 422, "invalid", ["not_retired"])
        a = self.ok(self.writer.get("/api/v1/assets/" + asset))
        self.ok(self.writer.act("/api/v1/assets/%s/retirement" % asset, a.etag))
        self.refused(self.confirm(no, [asset]), 422, "invalid", ["not_live"])
        self.ok(self.confirm(no, [asset], "retired"))
        totals = self.totals(no)
        self.assertEqual((totals["expected"], totals["answers"]["retired"]), (expected, 1))

    def test_whose_rows(self):
        no = self.campaign()
        foreign, = self.assets(sysadmin="ryuseino.j")
        shared, = self.assets(sysadmin="ryuseino.j", operator="suiseigawa.h")
        a = self.confirm(no, [foreign, "A99999999"])
        # a row that is not seen is told as one that is not there
        self.refused(a, 422, "invalid", ["unknown_reference"] * 2)
        self.assertEqual({f["value"] for f in a.json["errors"]}, {foreign, "A99999999"})
        self.ok(self.confirm(no, [shared]))
        # who keeps the ledger may answer for others; who only reads may not
        self.ok(self.confirm(no, [foreign], client=self.writer))
        self.refused(self.confirm(no, [foreign], client=self.auditor), 403)
        self.refused(self.confirm(no, [foreign], client=self.reader), 422, "invalid",
                     ["not_allowed"])
        self.refused(self.confirm(no, [foreign], client=self.other), 404)
        self.refused(self.confirm("V99999999", [foreign], client=self.writer), 404)

    def test_custodian_without_an_office_that_writes(self):
        no = self.campaign()
        mine, other = self.medium("engai.s"), self.medium()
        self.refused(self.staff.patch("/api/v1/media/" + mine, {}, '"1"'), 403)
        self.refused(self.confirm(no, [other], ledger="media", client=self.staff), 422, "invalid",
                     ["unknown_reference"])
        self.ok(self.confirm(no, [mine], ledger="media", client=self.staff))
        self.assertEqual(self.last("external_media", "media_no", mine), str(today()))
        left = self.ok(self.staff.get("/api/v1/inventories/%s/outstanding" % no)).json["items"]
        self.assertNotIn(other, str(left))

    def test_room(self):
        no = self.campaign()
        room = self.area()
        mine = self.assets(3, area=room)
        others = self.assets(2, area=room, sysadmin="ryuseino.j")
        order = {"ledger": "assets", "answer": "confirmed", "area": room}
        a = self.ok(self.answer(no, order))
        self.assertEqual(a.json["answered"], 3)
        for asset in others:
            self.assertEqual(self.last("asset", "asset_no", asset), "")
        b = self.ok(self.answer(no, order, self.writer))
        self.assertEqual((b.json["answered"], b.json["unchanged"]), (2, 3))
        self.assertEqual(len(mine), 3)
        # an 情報セキュリティ管理者 sees the room and writes no asset of others
        room = self.area()
        self.assets(2, area=room)
        c = self.ok(self.answer(no, order | {"area": room}, self.reader))
        self.assertEqual((c.json["answered"], c.json["left_out"]), (0, 2))

    def test_mine(self):
        no = self.campaign()
        self.assets(2)
        a = self.ok(self.answer(no, {"ledger": "assets", "answer": "confirmed", "mine": True}))
        self.assertEqual(a.json["answered"], self.count(
            "SELECT count(*) FROM asset WHERE institution = 'hoshi' AND 'suiseigawa.h' IN "
            "(sysadmin, operator) AND state IN ('planned', 'in_operation', 'suspended')"))
        left = self.ok(self.admin.get("/api/v1/inventories/%s/outstanding?ledger=assets"
                                      "&person=suiseigawa.h" % no)).json
        self.assertEqual(left, {"items": [], "next": None})

    def test_wrong_orders(self):
        no = self.campaign()
        asset, = self.assets()
        for body, code in (({}, ["required"] * 2 + ["one_of"]),
                           ({"ledger": "assets", "answer": "confirmed"}, ["one_of"]),
                           ({"ledger": "assets", "answer": "confirmed", "keys": [asset],
                             "mine": True}, ["one_of"]),
                           ({"ledger": "persons", "answer": "maybe", "keys": []},
                            ["unknown_choice"] * 2),
                           ({"ledger": "assets", "answer": "confirmed", "keys": asset},
                            ["wrong_type"]),
                           ({"ledger": "assets", "answer": "confirmed", "keys": [1]},
                            ["wrong_type"]),
                           ({"ledger": "assets", "answer": "confirmed", "mine": False},
                            ["wrong_type"]),
                           ({"ledger": "assets", "answer": "confirmed", "rooms": "x"},
                            ["unknown_member"])):
            self.refused(self.answer(no, body), 422, "invalid", code)
        self.refused(self.answer(no, "{"), 400)
        self.refused(self.answer(no, asset, kind="text/plain"), 415)
        only = self.medium()
        self.forget()
        no = self.campaign(ledgers=["assets"])
        self.refused(self.confirm(no, [only], ledger="media"), 422, "invalid",
                     ["not_in_campaign"])

    def test_rows_that_break_rules_are_named(self):
        no = self.campaign()
        good, bad = self.assets(2)
        self.daemon.psql("BEGIN; ALTER TABLE asset DISABLE TRIGGER USER; UPDATE asset SET "
                         "users_text = '' WHERE asset_no = '%s'; ALTER TABLE asset ENABLE TRIGGER "
                         "USER; COMMIT" % bad)
        a = self.confirm(no, [good, bad])
        self.refused(a, 422, "invalid", ["rules_violated"])
        self.fault(a, "rules_violated", value=bad)
        self.ok(self.confirm(no, [bad], "not_found"))

    # --- tables

    def test_csv(self):
        no = self.campaign()
        one, two, three = self.assets(3)
        medium = self.medium()
        table = "管理番号,結果,備考\r\n%s,確認,\r\n%s,所在不明,棚にない\r\n%s,,\r\n%s,confirmed,\r\n" % (
            one, two, three, medium)
        a = self.ok(self.answer(no, table, kind="text/csv"))
        self.assertEqual(a.json["answered"], 3)
        self.assertEqual(self.daemon.psql(
            "SELECT ledger, object, answer, note FROM inventory_answer ORDER BY object"),
            [["assets", one, "confirmed", ""], ["assets", two, "not_found", "棚にない"],
             ["media", medium, "confirmed", ""]])

    def test_all_faults_of_a_table(self):
        no = self.campaign()
        one, two = self.assets(2)
        foreign, = self.assets(sysadmin="ryuseino.j")
        table = "key,answer\n%s,confirmed\n%s,retired\n%s,confirmed\n%s,not_found\n" % (
            one, two, foreign, one)
        a = self.answer(no, table, kind="text/csv")
        self.refused(a, 422, "invalid", ["key_duplicate", "key_duplicate", "not_retired",
                                         "unknown_reference"])
        self.assertEqual([(f["line"], f["code"]) for f in a.json["errors"]],
                         [(2, "key_duplicate"), (3, "not_retired"), (4, "unknown_reference"),
                          (5, "key_duplicate")])
        self.assertEqual(self.totals(no)["answered"], 0)
        b = self.answer(no, "key,answer\n%s,perhaps\n,confirmed\n" % one, kind="text/csv")
        self.refused(b, 422, "invalid", ["required", "unknown_choice"])
        for table, codes in (("key\n%s\n" % one, ["missing_column"]), ("", ["empty"]),
                             ("key,answer,colour\n", ["unknown_column"]),
                             ("key,管理番号,answer\n", ["duplicate_column"]),
                             ('key,answer\n"%s' % one, ["unclosed_quote"])):
            c = self.refused(self.answer(no, table, kind="text/csv"), 422, "invalid")
            if codes != ["unclosed_quote"]:
                self.assertEqual([f["code"] for f in c["errors"]], codes)

    def test_outstanding_comes_back(self):
        no = self.campaign()
        unit = self.unit()
        keys = self.assets(3, unit=unit, level=3)
        place = "/api/v1/inventories/%s/outstanding" % no
        a = self.ok(self.admin.get(place, {"format": "csv", "unit": unit}))
        self.assertEqual([r["key"] for r in a.rows], keys)
        self.assertEqual({r["person_name"] for r in a.rows}, {self.daemon.value(
            "SELECT name_ja FROM person WHERE login = 'suiseigawa.h'")})
        # names of 機密性3以上 were read
        self.assertEqual(self.count(
            "SELECT count(*) FROM audit_event WHERE request_id = '%s' AND action = 'read' AND "
            "after->>'count' = '3'" % a.headers["X-Request-Id"]), 1)
        rows = [r | {"answer": "confirmed"} for r in a.rows]
        b = self.ok(self.answer(no, to_csv(rows), kind="text/csv"))
        self.assertEqual(b.json["answered"], 3)
        self.assertEqual(self.ok(self.admin.get(place, {"unit": unit})).json["items"], [])
        # nothing left: the table still has its header
        left = self.ok(self.admin.get(place, {"format": "csv", "unit": unit}))
        self.assertEqual((left.rows, left.text.split(",")[:2]), ([], ["ledger", "key"]))
        lines = self.ok(self.admin.get(place, {"format": "ndjson", "unit": unit}))
        self.assertEqual(lines.body, b"")
        share = [u for u in self.totals(no)["units"] if u["unit"] == unit]
        self.assertEqual(share, [{"unit": unit, "expected": 3, "answered": 3, "rate": 1.0}])

    def test_outstanding_in_pages_and_by_person(self):
        no = self.campaign()
        unit = self.unit()
        mine = self.assets(5, unit=unit)
        other = self.assets(2, unit=unit, sysadmin="ryuseino.j")
        place = "/api/v1/inventories/%s/outstanding" % no
        items = self.writer.walk(place, {"unit": unit, "limit": 2})
        self.assertEqual([i["key"] for i in items], sorted(mine + other))
        self.assertEqual([i["key"] for i in self.admin.walk(place, {"unit": unit, "limit": 2})],
                         mine)
        self.ok(self.confirm(no, mine[:2]))
        a = self.ok(self.writer.get(place, {"unit": unit, "by": "person"})).json["items"]
        self.assertEqual([(p["person"], p["expected"], p["answered"], p["outstanding"])
                          for p in a], [("suiseigawa.h", 5, 2, 3), ("ryuseino.j", 2, 0, 2)])
        csv = self.ok(self.writer.get(place, {"unit": unit, "by": "person", "format": "csv"}))
        self.assertEqual(len(csv.rows), 2)
        self.refused(self.other.get(place), 404)
        for query in ({"by": "unit"}, {"limit": "0"}, {"cursor": "x"}, {"colour": "red"}):
            self.refused(self.writer.get(place, query), 400)

    def test_registered_after_the_end(self):
        no = self.campaign(opens_on=str(today(-9)), closes_on=str(today(-1)))
        before = self.totals(no)["expected"]
        self.assets(2)
        self.assertEqual(self.totals(no)["expected"], before)

    def test_many(self):
        no = self.campaign()
        unit = self.unit()
        keys = self.assets(5000, unit=unit)
        a = self.ok(self.answer(no, "key,answer\n" + "".join("%s,confirmed\n" % k for k in keys),
                                kind="text/csv"))
        self.assertEqual(a.json["answered"], 5000)
        self.daemon.psql("BEGIN; ALTER TABLE asset DISABLE TRIGGER USER; DELETE FROM asset WHERE "
                         "unit = '%s'; ALTER TABLE asset ENABLE TRIGGER USER; COMMIT" % unit)

    def test_nothing_is_taken_back(self):
        no = self.campaign()
        asset, = self.assets()
        self.ok(self.confirm(no, [asset]))
        for sql in ("UPDATE inventory_answer SET answer = 'retired'",
                    "DELETE FROM inventory_answer", "DELETE FROM inventory",
                    "INSERT INTO inventory_answer (inventory, institution, ledger, object, answer,"
                    " at) VALUES ('%s', 'hoshi', 'assets', '%s', 'confirmed', now())"
                    % (no, asset)):
            rc, said = self.daemon.psql(sql, role="daicho_app", check=False)
            self.assertNotEqual(rc, 0, sql)
            self.assertIn("permission denied", said)
