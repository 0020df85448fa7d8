"""Media and portable assets on the move: what leaves, what comes back, what the rules say."""
import datetime
import re

import harness
from harness import Case, load, today


def moment(days=0, minutes=0):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days, minutes * 60)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Moving(Case):
    """What the tests of movements and media make."""
    def medium(self, level=3, client=None, **members):
        """A registered medium: its number."""
        row = {"institution": "hoshi", "unit": "hoshi-its", "name": "持出試験",
               "media_kind": "usb_memory", "confidentiality": level, "users_text": "全員",
               "custodian": "suiseigawa.h", "encryption": "hardware"} | members
        row, etag = self.create("media", client, **row)
        self.ok((client or self.writer).act("/api/v1/media/%s/registration" % row["media_no"],
                                            etag))
        return row["media_no"]

    def asset(self, level=3, state="in_operation", portable=True):
        basis = {3: "c3_management", 4: "c4_national_security"}[level]
        return self.daemon.value(
            "INSERT INTO asset (institution, unit, name, location_text, asset_type,"
            " confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
            " internal_media_encryption, users_text, state, sysadmin, portable) VALUES ('hoshi',"
            " 'hoshi-its', '持出試験', 'x', 'terminal', %d, '%s', false, false, 'full', 'x', '%s',"
            " 'suiseigawa.h', %s) RETURNING asset_no" % (level, basis, state, portable))

    def permit(self, medium=None, asset=None, state="approved", kind="media_takeout",
               valid_from="NULL", valid_to="NULL", decided="NULL"):
        def quoted(x):
            return "NULL" if x is None else "'%s'" % x
        return self.daemon.value(
            "INSERT INTO request (institution, request_type, applicant, medium, asset, state,"
            " valid_from, valid_to, decided_at) VALUES ('hoshi', '%s', 'suiseigawa.h', %s, %s,"
            " '%s', %s, %s, %s) RETURNING request_no"
            % (kind, quoted(medium), quoted(asset), state, valid_from, valid_to, decided))

    def row(self, **members):
        return {"kind": "take_out", "person": "suiseigawa.h", "destination": "共同研究先",
                "purpose": "受渡し", "confidentiality": 3, "encrypted": True,
                "out_at": moment(), "due_at": moment(7)} | members

    def move(self, medium, status=201, client=None, **members):
        a = (client or self.writer).post("/api/v1/media/%s/movements" % medium,
                                         self.row(**members))
        return self.ok(a, status)

    def state(self, medium):
        return self.daemon.value("SELECT state FROM external_media WHERE media_no = '%s'" % medium)


class Movements(Moving):
    # --- going out and coming back

    def test_out_and_back(self):
        medium = self.medium()
        a = self.move(medium)
        self.assertEqual((a.json["medium"], a.json["asset"], a.json["after_the_fact"],
                          a.json["returned_at"]), (medium, None, False, None))
        self.assertEqual(a.headers["Location"], "/api/v1/movements/" + a.json["movement_no"])
        m = self.ok(self.writer.get("/api/v1/media/" + medium)).json
        self.assertEqual((m["state"], m["row_version"]), ("taken_out", 3))
        # one act, two audit rows, both by who acted
        self.assertEqual(self.daemon.psql(
            "SELECT object_type, action, person FROM audit_event WHERE request_id = '%s' ORDER BY "
            "object_type" % a.headers["X-Request-Id"]),
            [["external_media", "update", "kitaboshi.y"],
             ["media_movement", "insert", "kitaboshi.y"]])
        place = "/api/v1/movements/%s/return" % a.json["movement_no"]
        self.refused(self.writer.post(place), 428)
        self.refused(self.writer.act(place, '"7"'), 412, "precondition_failed")
        self.assertEqual(self.state(medium), "taken_out")
        dry = self.ok(self.writer.act(place, a.etag, query={"dry_run": "true"}))
        self.assertIsNotNone(dry.json["returned_at"])
        self.assertEqual(self.state(medium), "taken_out")
        b = self.ok(self.writer.act(place, a.etag, {"note": "異常なし"}))
        self.assertEqual((b.json["return_note"], b.json["erased_on"], b.json["row_version"]),
                         ("異常なし", None, 2))
        self.assertIsNotNone(b.json["returned_at"])
        self.assertEqual(self.state(medium), "stored")
        # that it was erased is told once more, and then no more
        self.refused(self.writer.act(place, b.etag), 409, "wrong_state", ["movement_fixed"])
        self.refused(self.writer.act(place, b.etag, {"returned_at": moment(0, -1)}), 409,
                     "wrong_state")
        c = self.ok(self.writer.act(place, b.etag, {"erased_on": str(today())}))
        self.assertEqual(c.json["erased_on"], str(today()))
        self.refused(self.writer.act(place, c.etag, {"erased_on": str(today())}), 409)
        self.move(medium)

    def test_no_second_open_movement(self):
        medium = self.medium()
        self.move(medium)
        a = self.writer.post("/api/v1/media/%s/movements" % medium, self.row())
        self.refused(a, 409, "conflict", ["still_open"])
        self.fault(a, "still_open", pointer="#/medium")
        self.assertEqual(self.count("SELECT count(*) FROM media_movement WHERE medium = '%s'"
                                    % medium), 1)

    def test_states_that_stay(self):
        for state in ("draft", "retired", "sanitised", "disposed", "lost"):
            medium = self.medium()
            self.daemon.psql("UPDATE external_media SET state = '%s' WHERE media_no = '%s'"
                             % (state, medium))
            a = self.writer.post("/api/v1/media/%s/movements" % medium, self.row())
            self.refused(a, 409, "wrong_state", ["medium_not_in_use"])
            self.assertEqual(self.state(medium), state)
        medium = self.medium()
        self.daemon.psql("UPDATE external_media SET state = 'in_use' WHERE media_no = '%s'"
                         % medium)
        self.move(medium)

    def test_lost_on_the_way(self):
        medium = self.medium()
        a = self.move(medium)
        self.daemon.psql("UPDATE external_media SET state = 'lost' WHERE media_no = '%s'" % medium)
        self.ok(self.writer.act("/api/v1/movements/%s/return" % a.json["movement_no"], a.etag))
        self.assertEqual(self.state(medium), "lost")

    def test_wrong_returns(self):
        medium = self.medium()
        a = self.move(medium, out_at=moment(-2))
        place = "/api/v1/movements/%s/return" % a.json["movement_no"]
        for body, code in (({"returned_at": moment(-3)}, "not_between"),
                           ({"returned_at": moment(1)}, "not_between"),
                           ({"erased_on": str(today(-5))}, "not_between"),
                           ({"erased_on": str(today(1))}, "not_between")):
            self.refused(self.writer.act(place, a.etag, body), 422, "rules_violated", [code])
        for body, code in (({"returned_at": "yesterday"}, "bad_timestamp"),
                           ({"erased": True}, "unknown_member"),
                           ({"erased_on": 1}, "wrong_type"), ([], "wrong_type")):
            self.refused(self.writer.act(place, a.etag, body), 422, "invalid", [code])
        self.assertEqual(self.state(medium), "taken_out")
        b = self.ok(self.writer.act(place, a.etag, {"returned_at": moment(-1)}))
        self.assertTrue(b.json["after_the_fact"])

    def test_prolonged_with_a_reason(self):
        a = self.move(self.medium())
        place = "/api/v1/movements/%s/prolongation" % a.json["movement_no"]
        self.refused(self.writer.act(place, a.etag, {"due_at": moment(9)}), 422, "invalid",
                     ["required"])
        self.refused(self.writer.act(place, a.etag, {"due_at": moment(9), "reason": " "}), 422,
                     "invalid", ["required"])
        self.refused(self.writer.act(place, a.etag, {"due_at": moment(5), "reason": "x"}), 422,
                     "rules_violated", ["not_later"])
        self.refused(self.writer.act(place, a.etag, {"due_at": moment(32), "reason": "x"}), 422,
                     "rules_violated", ["MED-22"])
        self.refused(self.writer.post(place, {"due_at": moment(9), "reason": "x"}), 428)
        b = self.ok(self.writer.act(place, a.etag, {"due_at": moment(30),
                                                    "reason": "観測の延長"}))
        self.assertEqual(b.json["due_at"][:10], moment(30)[:10])
        past = self.ok(self.writer.get("/api/v1/movements/%s/history" % a.json["movement_no"]))
        self.assertEqual(past.json["items"][1]["reason"], "観測の延長")
        c = self.ok(self.writer.act("/api/v1/movements/%s/return" % a.json["movement_no"], b.etag))
        self.refused(self.writer.act(place, c.etag, {"due_at": moment(31), "reason": "x"}), 409,
                     "wrong_state", ["movement_fixed"])

    def test_never_edited(self):
        a = self.move(self.medium())
        place = "/api/v1/movements/" + a.json["movement_no"]
        for method in ("PATCH", "PUT", "DELETE"):
            b = self.writer.request(method, place, headers={"If-Match": a.etag},
                                    body=None if method == "DELETE" else {})
            self.refused(b, 405)
        # not even by the operator where the machine stands
        for change in ("destination = 'x'", "medium = NULL", "out_at = now()", "person = person",
                       "after_the_fact = true", "due_at = due_at + interval '1 day'"):
            rc, said = self.daemon.psql("UPDATE media_movement SET %s WHERE movement_no = '%s'"
                                        % (change, a.json["movement_no"]), check=False)
            self.assertNotEqual(rc, 0, change)
        csv = [{"movement_no": a.json["movement_no"], "destination": "x"}]
        b = self.writer.table("movements", csv, {"mode": "update", "key": "movement_no"})
        self.refused(b, 422, "invalid", ["read_only"])

    # --- who, and what belongs to the path

    def test_the_path_says_what_moves(self):
        medium, other = self.medium(), self.medium()
        a = self.writer.post("/api/v1/media/%s/movements" % medium, self.row(medium=other))
        self.refused(a, 422, "invalid", ["unknown_member"])
        self.refused(self.writer.post("/api/v1/media/none/movements", self.row()), 404)
        self.refused(self.writer.get("/api/v1/media/none/movements"), 404)
        self.refused(self.writer.post("/api/v1/media/%s/movements" % medium, []), 422)
        self.refused(self.writer.post("/api/v1/media/%s/movements" % medium, {}), 422, "invalid",
                     ["required"] * 8)
        self.move(medium)
        items = self.ok(self.writer.get("/api/v1/media/%s/movements" % medium)).json["items"]
        self.assertEqual([i["medium"] for i in items], [medium])
        self.assertEqual(self.ok(self.writer.get("/api/v1/media/%s/movements" % other)).json,
                         {"items": [], "next": None})
        csv = self.ok(self.writer.get("/api/v1/media/%s/movements?format=csv" % medium))
        self.assertEqual(len(csv.rows), 1)
        self.refused(self.writer.get("/api/v1/media/%s/movements?colour=red" % medium), 400)
        direct = self.ok(self.writer.post("/api/v1/movements", self.row(
            institution="hoshi", medium=other)), 201)
        self.assertEqual(direct.json["medium"], other)
        for members in ({}, {"medium": medium, "asset": "A00000001"}):
            a = self.writer.post("/api/v1/movements", self.row(institution="hoshi", **members))
            self.assertEqual(a.status, 422, a)

    def test_persons_of_the_institution(self):
        medium = self.medium()
        for person in ("nobody.x", "shinkai.t"):
            a = self.writer.post("/api/v1/media/%s/movements" % medium, self.row(person=person))
            self.refused(a, 422, "invalid", ["unknown_reference"])
            self.fault(a, "unknown_reference", pointer="#/person")
        self.assertEqual(self.state(medium), "stored")

    def test_others(self):
        """What an office does not reach cannot leave through it, nor tell its state."""
        medium = self.medium()
        self.refused(self.other.post("/api/v1/media/%s/movements" % medium, self.row()), 404)
        self.daemon.psql("UPDATE external_media SET state = 'retired' WHERE media_no = '%s'"
                         % medium)
        a = self.other.post("/api/v1/movements", self.row(institution="umi", medium=medium,
                                                          person="shinkai.t"))
        b = self.other.post("/api/v1/movements", self.row(institution="umi", medium="none",
                                                          person="shinkai.t"))
        self.refused(a, 403, "forbidden")
        self.assertEqual((a.json["title"], a.codes), (b.json["title"], b.codes), b)
        self.refused(self.auditor.post("/api/v1/media/%s/movements" % medium, self.row()), 403)
        self.ok(self.auditor.get("/api/v1/media/%s/movements" % medium))
        b = self.move(self.medium())
        place = "/api/v1/movements/%s/return" % b.json["movement_no"]
        self.refused(self.auditor.act(place, b.etag), 403)
        self.refused(self.other.act(place, b.etag), 404)

    # --- 機密性4

    def test_permission_for_level_4(self):
        medium = self.medium(4)
        row = {"confidentiality": 4, "safety_measures": "封緘"}
        other = self.permit(self.medium(4))
        for request in (None, "R99999999", other, self.permit(medium, state="submitted"),
                        self.permit(medium, kind="disposal"),
                        self.permit(medium, valid_to="act_today() - 1"),
                        self.permit(medium, valid_from="act_today() + 1"), self.permit()):
            a = self.writer.post("/api/v1/media/%s/movements" % medium,
                                 self.row(request=request, **row))
            self.refused(a, 422, "rules_violated", ["MED-09"])
        # lower information on such a medium is no way round
        a = self.writer.post("/api/v1/media/%s/movements" % medium, self.row())
        self.refused(a, 422, "rules_violated", ["MED-09"])
        permit = self.permit(medium)
        b = self.move(medium, request=permit, **row)
        self.assertEqual(self.violations("media_movement", b.json["movement_no"]), [])
        self.ok(self.writer.act("/api/v1/movements/%s/return" % b.json["movement_no"], b.etag))
        # one movement to a permission
        a = self.writer.post("/api/v1/media/%s/movements" % medium,
                             self.row(request=permit, **row))
        self.refused(a, 409, "conflict", ["exists"])
        self.fault(a, "exists", pointer="#/request")
        self.assertEqual(self.state(medium), "stored")

    def test_recorded_afterwards(self):
        medium = self.medium(4)
        a = self.move(medium, confidentiality=4, safety_measures="封緘", out_at=moment(0, -10))
        self.assertTrue(a.json["after_the_fact"])
        self.assertEqual(self.violations("media_movement", a.json["movement_no"]), ["MED-19"])
        self.assertEqual(self.state(medium), "taken_out")
        # a permission that came too late is none
        late = self.medium(4)
        permit = self.permit(late, decided="now()")
        b = self.move(late, confidentiality=4, safety_measures="封緘", out_at=moment(0, -10),
                      request=permit)
        self.assertEqual(self.violations("media_movement", b.json["movement_no"]), ["MED-19"])
        # who types for two minutes is not late
        c = self.move(self.medium(), out_at=moment(0, -2))
        self.assertFalse(c.json["after_the_fact"])
        self.refused(self.writer.post("/api/v1/media/%s/movements" % self.medium(),
                                      self.row(after_the_fact=True)), 422, "invalid",
                     ["read_only"])

    def test_permission_that_ran_out_stays_one(self):
        medium = self.medium(4)
        permit = self.permit(medium, valid_to="act_today()")
        a = self.move(medium, confidentiality=4, safety_measures="封緘", request=permit)
        self.daemon.psql("UPDATE request SET valid_to = act_today() - 1, state = 'expired' WHERE "
                         "request_no = '%s'" % permit)
        self.ok(self.writer.act("/api/v1/movements/%s/return" % a.json["movement_no"], a.etag))

    # --- portable assets (A33)

    def test_assets(self):
        asset = self.asset()
        place = "/api/v1/assets/%s/movements" % asset
        a = self.ok(self.writer.post(place, self.row()), 201)
        self.assertEqual((a.json["asset"], a.json["medium"]), (asset, None))
        self.refused(self.writer.post(place, self.row()), 409, "conflict", ["still_open"])
        self.assertEqual(len(self.ok(self.writer.get(place)).json["items"]), 1)
        self.ok(self.writer.act("/api/v1/movements/%s/return" % a.json["movement_no"], a.etag))
        self.ok(self.writer.post(place, self.row()), 201)
        for kind, code in (({"portable": False}, "asset_not_portable"),
                           ({"state": "retired"}, "asset_not_in_use"),
                           ({"state": "draft"}, "asset_not_in_use")):
            b = self.writer.post("/api/v1/assets/%s/movements" % self.asset(**kind), self.row())
            self.refused(b, 409, "wrong_state", [code])
        four = self.asset(4)
        row = self.row(confidentiality=4, safety_measures="封緘")
        self.refused(self.writer.post("/api/v1/assets/%s/movements" % four, row), 422,
                     "rules_violated", ["MED-09"])
        row["request"] = self.permit(asset=four)
        self.ok(self.writer.post("/api/v1/assets/%s/movements" % four, row), 201)

    # --- lists

    def test_lists(self):
        open_one, overdue, back = self.medium(), self.medium(), self.medium()
        self.move(open_one, out_at=moment(-3))
        self.move(overdue, out_at=moment(-9), due_at=moment(-2))
        a = self.move(back, out_at=moment(-9), due_at=moment(-4))
        self.ok(self.writer.act("/api/v1/movements/%s/return" % a.json["movement_no"], a.etag,
                                {"returned_at": moment(-1)}))
        ours = ",".join((open_one, overdue, back))

        def found(**query):
            items = self.writer.walk("/api/v1/movements", {"medium__in": ours} | query)
            return {i["medium"] for i in items}
        self.assertEqual(found(open_on=str(today())), {open_one, overdue})
        self.assertEqual(found(overdue_on=str(today())), {overdue})
        self.assertEqual(found(overdue_on=str(today(-3))), {back})
        self.assertEqual(found(open_on=str(today(-5))), {overdue, back})
        self.assertEqual(found(open_on=str(today(-30))), set())
        self.assertEqual(found(returned_at__empty="true"), {open_one, overdue})
        # what is back and not told to be erased
        self.assertEqual(found(returned_at__empty="false", erased_on__empty="true"), {back})
        self.refused(self.writer.get("/api/v1/movements?overdue_on=soon"), 400)
        self.assertEqual({i["media_no"] for i in self.writer.walk(
            "/api/v1/media", {"state": "taken_out", "media_no__in": ours})}, {open_one, overdue})

    # --- moments and tables

    def test_time_of_japan(self):
        at = datetime.datetime.now(harness.TOKYO) - datetime.timedelta(hours=2)
        for sep in "T ":
            a = self.move(self.medium(), out_at=at.strftime("%Y-%m-%d" + sep + "%H:%M"))
            utc = at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:00.000000Z")
            self.assertEqual(a.json["out_at"], utc)
        b = self.writer.post("/api/v1/media/%s/movements" % self.medium(),
                             self.row(out_at="2026/11/25 18:00"))
        self.refused(b, 422, "invalid", ["bad_timestamp"])

    def table(self, *media, **members):
        at = datetime.datetime.now(harness.TOKYO)
        return [{"機関": "hoshi", "媒体": no, "区分": "take_out",
                 "持出者": "suiseigawa.h", "持出先": "共同研究先", "目的": "受渡し",
                 "持ち出す情報の機密性": "3", "暗号化": "○",
                 "持出日時": at.strftime("%Y/%m/%d %H:%M"),
                 "返却予定": (at + datetime.timedelta(7)).strftime("%Y/%m/%d %H:%M")} | members
                for no in media]

    def test_import(self):
        one, two, retired = self.medium(), self.medium(), self.medium()
        self.daemon.psql("UPDATE external_media SET state = 'retired' WHERE media_no = '%s'"
                         % retired)
        out = self.medium()
        self.move(out)
        rows = self.table(one, two, retired, out, one) + self.table(two, 暗号化="×")
        a = self.writer.table("movements", rows)
        self.refused(a, 422, "invalid", ["medium_not_in_use", "medium_is_out", "out_twice",
                                         "MED-10", "out_twice"])
        self.assertEqual([(f["line"], f["code"]) for f in a.json["errors"]
                          if f["code"].startswith("medium")],
                         [(4, "medium_not_in_use"), (5, "medium_is_out")])
        self.assertEqual(self.state(one), "stored")
        b = self.ok(self.writer.table("movements", rows, {"on_error": "skip"}))
        self.assertEqual((b.json["created"], b.json["rejected"]), (2, 4), b)
        self.assertEqual((self.state(one), self.state(two)), ("taken_out", "taken_out"))

    # --- the rules, by data

    def given(self, case):
        """The row of a case with what its marks stand for."""
        row = dict(case["row"])
        medium = re.match("@medium([34])", row["medium"])
        row["medium"] = self.medium(int(medium[1]))
        for name, value in row.items():
            if value == "@now":
                row[name] = moment()
            elif value == "@permit":
                row[name] = self.permit(row["medium"])
            elif isinstance(value, str) and re.fullmatch("@[+-][0-9]+", value):
                row[name] = moment(int(value[1:]))
        return row

    def rules(self, kind):
        for path in sorted((harness.TOP / "tests" / kind).glob("MED-*.json")):
            case = load(kind, path.stem)
            if case["ledger"] == "movements":
                yield path.stem, case

    def test_every_rule_of_movements_has_data(self):
        listed = {r["code"] for r in self.reader.get("/api/v1/rules").json["items"]
                  if r["ledger"] == "media_movement"}
        for kind in ("bad", "good"):
            self.assertEqual({code for code, _ in self.rules(kind)}, listed)

    def test_bad(self):
        for code, case in self.rules("bad"):
            with self.subTest(code):
                row = self.given(case)
                a = self.writer.post("/api/v1/movements", row)
                b = self.writer.table("movements", [row], {"dry_run": "true"})
                if case.get("mode") == "F":
                    self.ok(a, 201)
                    self.assertEqual(self.violations("media_movement", a.json["movement_no"]),
                                     case["codes"])
                    continue
                self.refused(a, 422, "rules_violated", case["codes"])
                self.refused(b, 422, "invalid", case["codes"])
                self.assertEqual(self.state(row["medium"]), "stored")

    def test_good(self):
        for code, case in self.rules("good"):
            with self.subTest(code):
                row = self.given(case)
                b = self.ok(self.writer.table("movements", [row], {"dry_run": "true"}))
                self.assertEqual(b.json["created"], 1)
                a = self.ok(self.writer.post("/api/v1/movements", row), 201)
                self.assertNotIn(code, self.violations("media_movement", a.json["movement_no"]))


class MediaRules(Moving):
    """Findings about media themselves."""

    def cases(self, kind):
        for path in sorted((harness.TOP / "tests" / kind).glob("MED-*.json")):
            case = load(kind, path.stem)
            if case["ledger"] == "media" and case.get("mode") == "F":
                yield path.stem, case

    def found(self, case):
        row = {name: self.asset(3) if value == "@asset3" else value
               for name, value in case["row"].items()}
        no = self.medium(row.pop("confidentiality"), **row)
        for name, value in case.get("system", {}).items():
            self.daemon.psql("UPDATE external_media SET %s = '%s' WHERE media_no = '%s'"
                             % (name, value, no))
        return self.violations("external_media", no)

    def test_findings(self):
        listed = {r["code"] for r in self.reader.get("/api/v1/rules").json["items"]
                  if r["ledger"] == "external_media" and r["mode"] == "F"}
        for kind in ("bad", "good"):
            self.assertEqual({code for code, _ in self.cases(kind)}, listed)
        for code, case in self.cases("bad"):
            with self.subTest(code):
                self.assertEqual(self.found(case), case["codes"])
        for code, case in self.cases("good"):
            with self.subTest(code):
                self.assertEqual(self.found(case), [])

    def test_permission_for_media_of_ones_own(self):
        no = self.medium(2, provision="non_issued")
        self.assertEqual(self.violations("external_media", no), ["MED-03"])
        permit = self.permit(no, kind="non_issued_media")
        a = self.ok(self.writer.get("/api/v1/media/" + no))
        self.ok(self.writer.patch("/api/v1/media/" + no, {"non_issued_request": permit}, a.etag))
        self.assertEqual(self.violations("external_media", no), [])
