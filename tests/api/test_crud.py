"""Create, read, change, replace, delete, retire, history, under versions; of every ledger."""
from harness import Case, load, today as register_day

GOOD = load("good", "REG-01")["row"]
MEDIUM = load("good", "MED-01")["row"]
SYSTEM = {"asset_no", "media_no", "rating_status", "rating_by", "rating_on", "rating_proposed_by",
          "important_state", "important_required", "important_due_on",
          "important_permit_request", "important_admin", "state", "adopted", "retired_on",
          "last_inventory_on", "last_checked_on", "row_version", "created_by", "created_at",
          "updated_by", "updated_at"}
# ledger -> a row that can be made, a change that is allowed, the members that the key needs
ROWS = {
    "assets": (GOOD, {"note": "変更後"}),
    "media": (MEDIUM, {"name": "変更後"}),
    "asset-users": ({"institution": "hoshi", "asset": "A00000001", "person": "kidou.w"},
                    {"group_name": "変更後"}),
    "units": ({"code": "hoshi-t1", "institution": "hoshi", "parent": "hoshi-its",
               "name_ja": "試験係", "unit_kind": "section", "valid_from": "2026-04-01"},
              {"name_ja": "変更後"}),
    "areas": ({"code": "hoshi-t2", "institution": "hoshi", "name_ja": "試験室",
               "building": "本館", "is_controlled": False}, {"room": "変更後"}),
    "persons": ({"login": "shiken.t", "institution": "hoshi", "name_ja": "試験 太郎",
                 "email": "shiken.t@hoshi.example.ac.jp", "unit": "hoshi-its",
                 "person_kind": "employee"}, {"name_kana": "変更後"}),
}
KEYS = {"assets": "asset_no", "media": "media_no", "asset-users": "user_no", "units": "code",
        "areas": "code", "persons": "login"}


class Crud(Case):
    def test_whole_life_of_a_row_of_every_ledger(self):
        for ledger, (row, change) in ROWS.items():
            with self.subTest(ledger):
                self.life(ledger, row, change)

    def life(self, ledger, row, change):
        path = "/api/v1/" + ledger
        made = self.ok(self.keeper.post(path, row), 201)
        key = made.json[KEYS[ledger]]
        place = made.headers["Location"]
        self.assertEqual((place, made.etag), ("%s/%s" % (path, key), '"1"'))
        self.assertEqual({n: made.json[n] for n in row}, row)
        self.assertEqual((made.json["created_by"], made.json["row_version"]), ("eisei.r", 1))
        read = self.ok(self.keeper.get(place))
        self.assertEqual((read.json, read.etag), (made.json, made.etag))

        changed = self.ok(self.keeper.patch(place, change, made.etag))
        self.assertEqual(changed.json, read.json | change | {
            "row_version": 2, "updated_at": changed.json["updated_at"], "updated_by": "eisei.r"})
        self.refused(self.keeper.patch(place, change, made.etag), 412, "precondition_failed")

        replaced = self.ok(self.keeper.put(place, row, changed.etag))
        for name in change:
            self.assertEqual(replaced.json[name], row.get(name), "PUT keeps nothing")
        history = self.ok(self.keeper.get(place + "/history")).json["items"]
        self.assertEqual([h["action"] for h in history], ["insert", "update", "update"])
        self.assertEqual([h["version"] for h in history], [1, 2, 3])
        (name, new), = change.items()
        self.assertEqual(history[1]["changes"], [{"field": name, "old": row.get(name), "new": new}])
        self.assertEqual(history[2]["changes"], [{"field": name, "old": new, "new": row.get(name)}])

        self.refused(self.keeper.delete(place, changed.etag), 412, "precondition_failed")
        gone = self.ok(self.keeper.delete(place, replaced.etag), 204)
        self.assertEqual(gone.body, b"")
        self.refused(self.keeper.get(place), 404, "not_found")
        self.refused(self.keeper.delete(place, replaced.etag), 404, "not_found")
        self.refused(self.keeper.patch(place, change, replaced.etag), 404, "not_found")

    def test_every_column_comes_back(self):
        """One row of each kind of the demonstration, made anew from its own JSON."""
        for ledger, kind in (("assets", "asset_type"), ("media", "media_kind")):
            seen = set()
            for row in self.writer.walk("/api/v1/" + ledger, {"limit": 200}):
                if row[kind] in seen:
                    continue
                seen.add(row[kind])
                body = {n: v for n, v in row.items() if n not in SYSTEM}
                a = self.ok(self.writer.post("/api/v1/" + ledger, body), 201)
                self.assertEqual({n: a.json[n] for n in body}, body)
                self.assertEqual(a.json["state"], "draft")
            self.assertGreater(len(seen), 4)

    def test_merge_patch(self):
        row, etag = self.create(hostname=["a.example.jp", "b.example.jp"], note="最初",
                                maker="甲社", log_retention_days=30)
        place = "/api/v1/assets/" + row["asset_no"]
        a = self.ok(self.writer.patch(place, {"hostname": ["c.example.jp"], "note": None}, etag))
        self.assertEqual(a.json["hostname"], ["c.example.jp"])
        self.assertIsNone(a.json["note"])
        self.assertEqual((a.json["maker"], a.json["log_retention_days"]), ("甲社", 30))
        b = self.ok(self.writer.patch(place, {"hostname": []}, a.etag,
                                      headers={"Content-Type": "application/json"}))
        self.assertIsNone(b.json["hostname"])
        c = self.ok(self.writer.patch(place, {"note": ""}, b.etag))
        self.assertIsNone(c.json["note"])
        self.assertEqual(self.ok(self.writer.patch(place, {}, c.etag)).json["maker"], "甲社")

    def test_put_takes_back_what_get_gave(self):
        row, etag = self.create(**GOOD)
        place = "/api/v1/assets/" + row["asset_no"]
        a = self.ok(self.writer.put(place, row | {"note": "直した"}, etag))
        self.assertEqual(a.json["note"], "直した")
        for name, value in (("asset_no", "A99999999"), ("state", "planned"), ("row_version", 7),
                            ("created_by", "namima.j"), ("institution", "umi"),
                            ("important_state", "permitted"), ("adopted", True)):
            bad = self.writer.put(place, a.json | {name: value}, a.etag)
            self.refused(bad, 422, "invalid", ["read_only"])
            self.fault(bad, "read_only", pointer="#/" + name)
        self.assertEqual(self.writer.get(place).json, a.json)

    def test_what_the_system_sets_is_refused(self):
        for name in sorted(SYSTEM - {"media_no", "last_checked_on"}):
            body = GOOD | {name: None}
            self.refused(self.writer.post("/api/v1/assets", body), 422, "invalid", ["read_only"])
        row, etag = self.create()
        place = "/api/v1/assets/" + row["asset_no"]
        for name in ("state", "asset_no", "row_version"):
            self.refused(self.writer.patch(place, {name: row[name]}, etag), 422, "invalid",
                         ["read_only"])
        self.refused(self.writer.patch(place, {"institution": "umi"}, etag), 422, "invalid",
                     ["fixed"])

    def test_reading_under_conditions(self):
        row, etag = self.create()
        place = "/api/v1/assets/" + row["asset_no"]
        for tag in (etag, "*", "W/" + etag, '"x", ' + etag):
            a = self.writer.get(place, headers={"If-None-Match": tag})
            self.assertEqual((a.status, a.body, a.etag), (304, b"", etag))
        self.ok(self.writer.get(place, headers={"If-None-Match": '"2"'}))
        head = self.ok(self.writer.request("HEAD", place))
        self.assertEqual((head.body, head.etag), (b"", etag))
        self.assertEqual(int(head.headers["Content-Length"]), len(self.writer.get(place).body))

    def test_a_conflict_shows_what_is_there(self):
        for ledger, body in (("assets", GOOD), ("media", MEDIUM)):
            row, old = self.create(ledger, **body)
            place = "/api/v1/%s/%s" % (ledger, row[KEYS[ledger]])
            now = self.ok(self.writer.patch(place, {"info_description": "別の人"}, old))
            for a in (self.writer.patch(place, {"name": "x"}, old),
                      self.writer.put(place, body, old), self.writer.delete(place, old),
                      self.writer.act(place + "/registration", old),
                      self.writer.act(place + "/retirement", old),
                      self.writer.patch(place, {"name": "x"}, '"7"'),
                      self.writer.patch(place, {"name": "x"}, '"0"')):
                document = self.refused(a, 412, "precondition_failed")
                self.assertEqual(document["current"], now.json)
                self.assertEqual(a.etag, now.etag)
            self.assertEqual(self.writer.get(place).json, now.json)

    def test_a_tag_of_another_make_matches_nothing(self):
        row, _ = self.create()
        place = "/api/v1/assets/" + row["asset_no"]
        for tag in ('"abc"', '"99999999999999999999"', '"-1"', '"1.0"', '"01"', "\"1'\"",
                    '"' + "9" * 60 + '"'):
            for a in (self.writer.patch(place, {"name": "x"}, tag), self.writer.put(
                    place, {}, tag), self.writer.delete(place, tag),
                    self.writer.act(place + "/registration", tag),
                    self.writer.act(place + "/retirement", tag)):
                self.assertEqual(self.refused(a, 412)["current"], row)

    def test_a_version_must_be_named(self):
        row, etag = self.create()
        place = "/api/v1/assets/" + row["asset_no"]
        for tag, status, code in ((None, 428, "precondition_required"), ("*", 400, "bad_request"),
                                  ("W/" + etag, 400, "bad_request"), ("1", 400, "bad_request"),
                                  ('""', 400, "bad_request"), ('"1", "2"', 400, "bad_request"),
                                  ("", 400, "bad_request")):
            for a in (self.writer.patch(place, {"name": "x"}, tag),
                      self.writer.put(place, {}, tag), self.writer.delete(place, tag),
                      self.writer.act(place + "/registration", tag),
                      self.writer.act(place + "/retirement", tag)):
                self.refused(a, status, code)
        self.assertEqual(self.writer.get(place).json, row)

    def test_what_counts_is_retired_not_deleted(self):
        for ledger, body in (("assets", GOOD), ("media", MEDIUM)):
            row, etag = self.create(ledger, **body)
            place = "/api/v1/%s/%s" % (ledger, row[KEYS[ledger]])
            draft = self.refused(self.writer.act(place + "/retirement", etag), 409, "wrong_state")
            self.assertNotIn("current", draft)
            counts = self.ok(self.writer.act(place + "/registration", etag))
            told = self.refused(self.writer.delete(place, counts.etag), 409, "wrong_state")
            self.assertIn(place + "/retirement", told["detail"])
            retired = self.ok(self.writer.act(place + "/retirement", counts.etag))
            self.assertEqual(retired.json["state"], "retired")
            self.refused(self.writer.act(place + "/retirement", retired.etag), 409, "wrong_state")
            self.refused(self.writer.act(place + "/registration", retired.etag), 409,
                         "wrong_state")
            self.refused(self.writer.delete(place, retired.etag), 409, "wrong_state")

    def test_day_and_reason_of_a_retirement(self):
        row, etag = self.create(**GOOD)
        place = "/api/v1/assets/" + row["asset_no"]
        a = self.ok(self.writer.act(place + "/registration", etag, {"reason": "新規調達"}))
        for day, code in (("2026-02-30", "no_such_day"), ("令和8年1月1日", "unreadable_date"),
                          (20260101, "wrong_type")):
            self.refused(self.writer.act(place + "/retirement", a.etag, {"retired_on": day}), 422,
                         "invalid", [code])
        b = self.ok(self.writer.act(place + "/retirement", a.etag,
                                    {"retired_on": "2026-03-31", "reason": "更新のため"}))
        self.assertEqual(b.json["retired_on"], "2026-03-31")
        history = self.writer.get(place + "/history").json["items"]
        self.assertEqual([h["reason"] for h in history], [None, "新規調達", "更新のため"])
        self.assertEqual([h["operation"] for h in history],
                         ["createAsset", "registerAsset", "retireAsset"])
        self.assertIn({"field": "state", "old": "planned", "new": "retired"},
                      history[2]["changes"])
        self.assertTrue(all(h["person"] == "kitaboshi.y" and h["office"] == "iso" and
                            h["request_id"] and h["client"] == "127.0.0.1" for h in history))
        other, tag = self.create(**GOOD)
        place = "/api/v1/assets/" + other["asset_no"]
        tag = self.ok(self.writer.act(place + "/registration", tag)).etag
        today = self.ok(self.writer.act(place + "/retirement", tag)).json["retired_on"]
        self.assertEqual(today, register_day().isoformat())

    def test_a_reason_must_be_text(self):
        row, etag = self.create(**GOOD)
        place = "/api/v1/assets/" + row["asset_no"]
        for reason in (1, ["x"], {"x": 1}, "a\u202eb", "x" * 100000):
            a = self.writer.act(place + "/registration", etag, {"reason": reason})
            self.refused(a, 422, "invalid")
            self.assertEqual(a.json["errors"][0]["pointer"], "#/reason")
        self.assertEqual(self.writer.get(place).json["state"], "draft")

    def test_references(self):
        for body, pointers in (
                ({"unit": "hoshi-none"}, ["#/unit"]), ({"unit": "umi-its"}, ["#/unit"]),
                ({"sysadmin": "nobody.x", "location_area": "umi-a101", "unit": "umi-its"},
                 ["#/location_area", "#/sysadmin", "#/unit"]),
                ({"parent_asset": "A99999999"}, ["#/parent_asset"])):
            a = self.writer.post("/api/v1/assets", {"institution": "hoshi"} | body)
            self.refused(a, 422, "invalid", ["unknown_reference"] * len(pointers))
            self.assertEqual(sorted(f["pointer"] for f in a.json["errors"]), pointers)
        foreign = self.other.get("/api/v1/assets?limit=1").json["items"][0]["asset_no"]
        a = self.writer.post("/api/v1/assets", {"institution": "hoshi", "parent_asset": foreign})
        self.refused(a, 422, "invalid", ["unknown_reference"])
        parent, _ = self.create()
        child, _ = self.create(parent_asset=parent["asset_no"])
        self.assertEqual(child["parent_asset"], parent["asset_no"])
        self.refused(self.writer.delete("/api/v1/assets/" + parent["asset_no"], '"1"'), 409,
                     "conflict")

    def test_owner_of_a_row(self):
        self.refused(self.writer.post("/api/v1/assets", {}), 422, "invalid", ["required"])
        for body in ({"institution": "umi"}, {"institution": "none"}):
            a = self.refused(self.writer.post("/api/v1/assets", body), 422, "invalid",
                             ["unknown_reference"])
            self.assertEqual(a["errors"][0]["pointer"], "#/institution")
        for ledger in ("units", "areas", "persons"):
            row = ROWS[ledger][0]
            a = self.keeper.post("/api/v1/" + ledger,
                                 {n: v for n, v in row.items() if n not in ("name_ja", "code")})
            self.refused(a, 422, "invalid")
            self.assertIn("#/name_ja", [f["pointer"] for f in a.json["errors"]])

    def test_a_key_is_taken_once(self):
        for ledger, row in (("units", ROWS["units"][0] | {"code": "hoshi-its", "parent": None}),
                            ("areas", ROWS["areas"][0] | {"code": "hoshi-a101"}),
                            ("persons", ROWS["persons"][0] | {"login": "eisei.r"})):
            a = self.keeper.post("/api/v1/" + ledger, row)
            self.refused(a, 409, "conflict", ["exists"])
            self.fault(a, "exists", pointer="#/" + KEYS[ledger])
        wrong = self.keeper.post("/api/v1/units", ROWS["units"][0] | {"code": "umi-t1"})
        self.refused(wrong, 422, "invalid", ["not_allowed"])
        self.fault(wrong, "not_allowed", pointer="#/code")

    def test_institutions_change_but_do_not_appear(self):
        a = self.ok(self.keeper.get("/api/v1/institutions/hoshi"))
        b = self.ok(self.keeper.patch("/api/v1/institutions/hoshi",
                                      {"consult_desk": "soudan2@hoshi.example.ac.jp"}, a.etag))
        self.assertEqual(b.json["consult_desk"], "soudan2@hoshi.example.ac.jp")
        c = self.ok(self.keeper.put("/api/v1/institutions/hoshi", a.json | {
            "row_version": b.json["row_version"], "updated_at": b.json["updated_at"],
            "updated_by": b.json["updated_by"]}, b.etag))
        self.assertEqual(c.json["consult_desk"], a.json["consult_desk"])
        self.refused(self.keeper.patch("/api/v1/institutions/hoshi", {"name_ja": None}, c.etag),
                     422, "invalid", ["required"])
        self.refused(self.keeper.post("/api/v1/institutions", {"code": "sora"}), 405)
        self.refused(self.keeper.delete("/api/v1/institutions/hoshi", c.etag), 405)
        self.refused(self.keeper.patch("/api/v1/institutions/umi", {"name_ja": "x"}, '"1"'), 404)

    def test_required_members_stay(self):
        """Where there are no drafts, a mandatory member cannot be taken away again."""
        for ledger, place, member in (("units", "hoshi-its", "name_ja"),
                                      ("areas", "hoshi-a101", "is_controlled"),
                                      ("persons", "kidou.w", "email")):
            path = "/api/v1/%s/%s" % (ledger, place)
            before = self.keeper.get(path)
            a = self.keeper.patch(path, {member: None}, before.etag)
            self.refused(a, 422, "invalid", ["required"])
            self.fault(a, "required", pointer="#/" + member)
            body = {n: v for n, v in before.json.items() if n != member}
            self.refused(self.keeper.put(path, body, before.etag), 422, "invalid", ["required"])
            self.assertEqual(self.keeper.get(path).json, before.json)
