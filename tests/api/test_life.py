"""Life of a row over HTTP: acts, gates, important servers, ratings."""
import subprocess

import harness
from harness import BUILD, TOP, load
from rows import RowCase, resolve
from signed import signed


PUBLIC = {"external_public": True, "internet_inbound": True}

class LifeCase(RowCase):
    """Rows, and those who act on them."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, (login, office) in {
                "csirt": ("bunkou.i", "csirt_member"), "sysadmin": ("suiseigawa.h", "sysadmin"),
                "ism": ("seiunda.n", "ism"), "above": ("tsukikage.m", "ism")}.items():
            setattr(cls, name, signed(cls.daemon, login, office))
        cls.writer.close()
        cls.writer = signed(cls.daemon, harness.PEOPLE["writer"], "iso")

    def asset(self, adopted=True, **change):
        row = resolve(harness.complete({"base": "server", "change": change})["row"], {})
        a = self.ok(self.writer.post("/api/v1/assets", {"institution": "hoshi"} | row), 201)
        place = "/api/v1/assets/" + a.json["asset_no"]
        a = self.ok(self.writer.act(place + "/registration", a.etag, {"adopted": adopted}))
        return place, a

    def medium(self, client=None, **change):
        row = {"institution": "hoshi"} | load("good", "MED-01")["row"] | change
        a = self.ok((client or self.writer).post("/api/v1/media", row), 201)
        place = "/api/v1/media/" + a.json["media_no"]
        return place, self.ok((client or self.writer).act(place + "/registration", a.etag))

    def now(self, place):
        return self.ok(self.writer.get(place))

    def found(self, place, mode="F"):
        return self.daemon.violations("asset", "asset_no", place.rpartition("/")[2], mode)


class Life(LifeCase):
    # ---- the table ----------------------------------------------------------------------

    def test_routes_and_table_name_the_same_offices(self):
        """A route of each act that a client may do, open to the offices of the table."""
        table = {(ledger, action): set(offices.split()) for ledger, action, offices in
                 self.daemon.psql("SELECT ledger, action, array_to_string(offices, ' ') FROM life "
                                  "WHERE offices <> '{}'")}
        routes = {}
        done = subprocess.run([str(BUILD / "daichod"), "--print-routes"], check=True,
                              capture_output=True)
        for line in done.stdout.decode().splitlines():
            method, path, offices, *_ = line.split()
            ledger, _, act = path.removeprefix("/api/v1/").partition("/{key}/")
            if method == "POST" and ledger in ("assets", "media") and act not in (
                    "", "rating", "movements", "attachments"):
                name = {"assets": "asset", "media": "external_media"}[ledger]
                routes[name, act] = set(offices.split(","))
        self.assertEqual(routes, table)

    def test_printed(self):
        printed = self.daemon.cli("life", "--text").stdout.decode()
        self.assertEqual(printed, (TOP / "tests/golden/life.txt").read_text("utf-8"))
        graph = self.daemon.cli("life").stdout.decode()
        self.assertIn('"asset.in_operation" -> "asset.suspended" [label="suspension"]', graph)

    def test_one_act_has_one_set_of_offices(self):
        self.assertEqual(self.daemon.psql("SELECT ledger, action FROM life GROUP BY 1, 2 HAVING "
                                          "count(DISTINCT offices) > 1"), [])

    def test_what_may_be_done_now(self):
        place, _ = self.asset()
        items = self.ok(self.writer.get(place + "/actions")).json["items"]
        self.assertEqual([i["action"] for i in items], ["suspension", "retirement", "loss"])
        self.assertEqual((items[0]["to"], items[0]["clause"], items[0]["may"]),
                         ("suspended", "2.1(2)⑥(c)", True))
        self.assertIn({"office": "csirt_member", "label": "機関CSIRT員"}, items[0]["offices"])
        seen = {i["action"]: i["may"] for i in
                self.ok(self.csirt.get(place + "/actions")).json["items"]}
        self.assertEqual(seen, {"suspension": True, "retirement": False, "loss": False})
        self.assertEqual(self.other.get(place + "/actions").status, 404)
        draft, _ = self.create()
        with_ = [(i["to"], i["with"]) for i in self.ok(self.writer.get(
            "/api/v1/assets/%s/actions" % draft["asset_no"])).json["items"]]
        self.assertEqual(with_, [("planned", {}), ("in_operation", {"adopted": True})])

    # ---- acts ---------------------------------------------------------------------------

    def test_a_whole_life(self):
        place, a = self.asset(adopted=False)
        for act, body, state in (("start", {"operation_started_on": "2026-04-01"}, "in_operation"),
                                 ("suspension", {"reason": "不審な通信"}, "suspended"),
                                 ("resumption", None, "in_operation"), ("loss", None, "lost"),
                                 ("recovery", None, "suspended"), ("retirement", None, "retired")):
            a = self.ok(self.writer.act("%s/%s" % (place, act), a.etag, body))
            self.assertEqual(a.json["state"], state)
        self.assertEqual(a.json["operation_started_on"], "2026-04-01")
        self.assertEqual(a.json["retired_on"], harness.today().isoformat())
        events = self.ok(self.writer.get(place + "/history")).json["items"]
        self.assertEqual([e["operation"] for e in events][-6:],
                         ["startAsset", "suspendAsset", "resumeAsset", "loseAsset", "recoverAsset",
                          "retireAsset"])
        self.assertEqual(events[-5]["reason"], "不審な通信")

    def test_of_a_medium(self):
        place, a = self.medium()
        for act, state in (("use", "in_use"), ("storage", "stored"), ("loss", "lost"),
                           ("recovery", "stored"), ("retirement", "retired")):
            a = self.ok(self.writer.act("%s/%s" % (place, act), a.etag))
            self.assertEqual(a.json["state"], state)
        self.assertEqual(self.writer.act(place + "/take_out", a.etag).status, 404)

    def test_refusals_say_why(self):
        place, a = self.asset()
        told = self.refused(self.writer.act(place + "/start", a.etag), 409, "wrong_state")
        self.assertEqual([e["value"] for e in told["errors"]],
                         ["suspension", "retirement", "loss"])
        for body, code in (({"retired_on": "2026-01-01"}, "unknown_member"),
                           ({"adopted": True}, "unknown_member"),
                           ({"state": "x"}, "unknown_member"),
                           ({"reason": 3}, "wrong_type"), ({"reason": "x" * 1001}, "too_long")):
            self.refused(self.writer.act(place + "/suspension", a.etag, body), 422, "invalid",
                         [code])
        self.refused(self.writer.act(place + "/suspension", '"99"'), 412)
        self.refused(self.writer.act(place + "/suspension", None), 428)
        # the CSIRT may stop, and nothing else; an office of another 機関 sees nothing
        told = self.refused(self.csirt.act(place + "/retirement", a.etag), 403, "forbidden")
        self.assertIn("sysadmin", [o["office"] for o in told["offices"]])
        self.refused(self.other.act(place + "/suspension", a.etag), 404)
        self.assertEqual(self.now(place).json, a.json)

    def test_the_csirt_alone_stops_and_resumes(self):
        place, a = self.asset()
        b = self.ok(self.csirt.act(place + "/suspension", a.etag, {"reason": "遮断"}))
        ignored = ("state", "row_version", "updated_by", "updated_at")
        self.assertEqual({k: v for k, v in a.json.items() if k not in ignored},
                         {k: v for k, v in b.json.items() if k not in ignored})
        self.assertEqual((b.json["state"], b.json["updated_by"]), ("suspended", "bunkou.i"))
        self.assertEqual(self.ok(self.csirt.act(place + "/resumption", b.etag)).json["state"],
                         "in_operation")
        self.refused(self.csirt.patch(place, {"note": "x"}, a.etag), 403)

    # ---- the gate of disposal -----------------------------------------------------------

    def signer(self):
        """Who confirms it, logged in."""
        return signed(self.daemon, "kitaboshi.y", "iso")

    def record(self, place, **more):
        key = place.rpartition("/")[2]
        body = {"institution": "hoshi", "medium" if "/media/" in place else "asset": key,
                "method": "destroy", "sanitised_on": harness.today().isoformat(),
                "sanitised_by": "抹消業者", "confirmed_by": "kitaboshi.y"} | more
        a = self.ok(self.signer().post("/api/v1/disposals", body), 201)
        return "/api/v1/disposals/" + a.json["disposal_no"], a

    def test_nothing_is_disposed_of_without_a_record(self):
        place, a = self.asset(asset_type="nas", functions=None, confidentiality=3,
                              confidentiality_basis="c3_management")
        a = self.ok(self.writer.act(place + "/retirement", a.etag))
        told = self.refused(self.writer.act(place + "/sanitisation", a.etag), 422, "rules_violated",
                            ["DSP-02", "DSP-03", "DSP-22", "DSP-23"])
        self.assertEqual({e["pointer"] for e in told["errors"]}, {
            "#/disposals", "#/certificate_name", "#/certificate_sha256",
            "#/certificate_keep_until"})
        record, r = self.record(place)
        self.refused(self.writer.act(place + "/sanitisation", a.etag), 422, None,
                     ["DSP-03", "DSP-20", "DSP-22", "DSP-23"])
        r = self.ok(self.signer().patch(record, {
            "sanitised_by": "消去業者", "witness": "北星沢 ゆかり", "certificate_name": "消去ログ",
            "certificate_sha256": "a" * 64}, r.etag))
        self.assertEqual(r.json["certificate_keep_until"], harness.today(1825).isoformat())
        self.refused(self.client("eisei.r", "operator").act(place + "/sanitisation", a.etag), 403)
        a = self.ok(self.writer.act(place + "/sanitisation", a.etag))
        self.assertEqual(a.json["state"], "sanitised")
        self.refused(self.writer.act(place + "/disposal", a.etag), 422, None, ["DSP-24"])
        self.ok(self.writer.patch(record, {"disposed_on": harness.today().isoformat()}, r.etag))
        a = self.ok(self.writer.act(place + "/disposal", a.etag))
        self.assertEqual(a.json["state"], "disposed")
        self.assertEqual(self.ok(self.writer.get(place + "/actions")).json["items"], [])
        told = self.refused(self.writer.act(place + "/loss", a.etag), 409, "wrong_state")
        self.assertEqual([e["code"] for e in told["errors"]], ["final"])

    def test_nor_a_medium(self):
        place, a = self.medium(confidentiality=3)
        a = self.ok(self.writer.act(place + "/retirement", a.etag))
        self.refused(self.writer.act(place + "/sanitisation", a.etag), 422, None, ["DSP-05"])
        _, r = self.record(place, witness="北星沢 ゆかり")
        a = self.ok(self.writer.act(place + "/sanitisation", a.etag))
        self.refused(self.writer.act(place + "/disposal", a.etag), 422, None, ["DSP-27"])

    # ---- important servers --------------------------------------------------------------

    def applications(self, place):
        return self.ok(self.writer.get("/api/v1/requests", {
            "asset": place.rpartition("/")[2], "sort": "request_no"})).json["items"]

    def test_every_flip_shows_at_once(self):
        """外部公開, 機密性3以上, manual designation: each alone makes it an important server."""
        for change in ({"external_public": True, "internet_inbound": True},
                       {"confidentiality": 3, "confidentiality_basis": "c3_management"},
                       {"important_manual": True, "important_manual_reason": "観測の要"}):
            with self.subTest(change):
                place, a = self.asset()
                self.assertEqual((a.json["important_state"], a.json["important_due_on"],
                                  self.applications(place)), ("not_applicable", None, []))
                a = self.ok(self.writer.patch(place, change, a.etag))
                due = harness.today(30).isoformat()
                self.assertEqual((a.json["important_required"], a.json["important_state"],
                                  a.json["important_due_on"]), (True, "pending", due))
                self.assertIn("IMP-01", self.found(place))
                # once, however often the row changes
                a = self.ok(self.writer.patch(place, {"note": "x"}, a.etag))
                one, = self.applications(place)
                self.assertEqual((one["request_type"], one["applicant"], one["due_on"],
                                  one["approver_office"], one["state"], one["automatic"]),
                                 ("important_convert", "suiseigawa.h", due, "inst_ciso", "draft",
                                  True))
                # and back: the draft is taken back
                back = {name: {"important_manual_reason": None, "confidentiality": 2,
                               "confidentiality_basis": "c2_internal"}.get(name, False)
                        for name in change}
                a = self.ok(self.writer.patch(place, back, a.etag))
                self.assertEqual((a.json["important_state"], a.json["important_due_on"]),
                                 ("not_applicable", None))
                self.assertEqual([r["state"] for r in self.applications(place)], ["withdrawn"])

    def test_what_is_submitted_is_not_asked_for_again(self):
        place, a = self.asset(external_public=True, internet_inbound=True)
        one, = self.applications(place)
        for state in ("submitted", "returned", "reviewing"):
            self.daemon.psql("UPDATE request SET state = '%s' WHERE request_no = '%s'"
                             % (state, one["request_no"]))
            a = self.ok(self.writer.patch(place, {"note": state}, a.etag))
            self.assertEqual(len(self.applications(place)), 1)
        # what somebody has submitted is not taken back by the register: it goes back to them
        a = self.ok(self.writer.patch(place, {"external_public": False}, a.etag))
        self.assertEqual(self.applications(place)[0]["state"], "returned")

    def test_planned_it_applies_anew_and_does_not_start(self):
        place, a = self.asset(adopted=False, external_public=True, internet_inbound=True)
        one, = self.applications(place)
        self.assertEqual(one["request_type"], "important_new")
        self.refused(self.writer.act(place + "/start", a.etag), 422, "rules_violated",
                     ["IMP-02", "IMP-03"])
        self.daemon.psql("UPDATE asset SET important_state = 'permitted', important_admin = "
                         "'suiseigawa.h' WHERE asset_no = '%s'" % place.rpartition("/")[2])
        self.assertEqual(self.ok(self.writer.act(place + "/start", a.etag)).json["state"],
                         "in_operation")

    def test_a_draft_is_not_pending(self):
        row = harness.complete({"base": "server", "change": PUBLIC})["row"]
        draft, _ = self.create(**resolve(row, {}))
        self.assertEqual((draft["important_required"], draft["important_state"]),
                         (True, "not_applicable"))
        self.assertEqual(self.applications("/" + draft["asset_no"]), [])

    def test_adopted_it_is_found_not_blocked(self):
        place, a = self.asset(external_public=True, internet_inbound=True)
        self.assertEqual((a.json["state"], a.json["important_state"]), ("in_operation", "pending"))
        self.assertIn("IMP-01", self.found(place))

    def test_the_end_of_operation_ends_the_application(self):
        place, a = self.asset(external_public=True, internet_inbound=True)
        a = self.ok(self.writer.act(place + "/retirement", a.etag))
        self.assertEqual(a.json["important_due_on"], None)
        self.assertEqual([r["state"] for r in self.applications(place)], ["withdrawn"])

    def test_few_designate(self):
        place, a = self.asset()
        body = {"important_manual": True, "important_manual_reason": "x"}
        told = self.refused(self.sysadmin.patch(place, body, a.etag), 422)
        self.assertIn("iso, inst_ciso, general_iso", told["errors"][0]["message"])
        self.refused(self.writer.patch(place, {"important_manual": True}, a.etag), 422, None,
                     ["IMP-09"])
        a = self.ok(self.writer.patch(place, body, a.etag))
        # never by itself, and not by others
        self.refused(self.sysadmin.patch(place, {"important_manual": False}, a.etag), 422)
        a = self.ok(self.sysadmin.patch(place, {"external_public": False}, a.etag))
        self.assertTrue(a.json["important_manual"])
        row = resolve(harness.complete({"base": "server", "change": body})["row"], {})
        self.refused(self.sysadmin.table("assets", [{"institution": "hoshi"} | row]), 422, None,
                     ["office_needed"])

    def test_imported_like_the_others(self):
        row = resolve(harness.complete({"base": "server", "change": PUBLIC})
                      ["row"], {}) | {"institution": "hoshi"}
        rows = [row | {"name": "輸入 %d" % n} for n in range(3)]
        self.ok(self.writer.table("assets", rows, {"adopted": "true"}))
        self.assertEqual(self.daemon.psql(
            "SELECT DISTINCT a.important_state, r.request_type, r.state FROM asset a "
            "JOIN request r ON r.asset = a.asset_no WHERE a.name LIKE '輸入 %'"),
            [["pending", "important_convert", "draft"]])


class Ratings(LifeCase):
    """2.2(2)②, 3.1(2)①."""
    def rate(self, client, place, etag, body=None):
        return client.act(place + "/rating", etag, body or {})

    def test_the_nearest_confirms(self):
        place, a = self.asset()
        self.refused(self.rate(self.above, place, a.etag), 403, "forbidden", ["office_needed"])
        self.refused(self.rate(self.writer, place, a.etag), 403, "forbidden")
        a = self.ok(self.rate(self.ism, place, a.etag))
        self.assertEqual((a.json["rating_by"], a.json["rating_proposed_by"]),
                         ("seiunda.n", "kitaboshi.y"))

    def test_who_proposed_does_not_confirm(self):
        """The 情報セキュリティ責任者 does, where the ISM has proposed."""
        place, a = self.medium(self.ism)
        self.assertEqual(a.json["rating_proposed_by"], "seiunda.n")
        self.refused(self.rate(self.ism, place, a.etag), 403, "forbidden", ["own_proposal"])
        a = self.ok(self.rate(self.writer, place, a.etag))
        self.assertEqual(a.json["rating_status"], "confirmed")

    def test_without_any_ism_the_iso_confirms(self):
        self.daemon.psql("INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from) "
                         "VALUES ('hoshi-none', 'hoshi', '無', 'lab', '2020-01-01') "
                         "ON CONFLICT DO NOTHING")
        row = resolve(harness.complete({"base": "server", "change": {"unit": "hoshi-none"}})
                      ["row"], {})
        a = self.ok(self.sysadmin.post("/api/v1/assets", {"institution": "hoshi"} | row), 201)
        place = "/api/v1/assets/" + a.json["asset_no"]
        a = self.ok(self.sysadmin.act(place + "/registration", a.etag))
        self.refused(self.rate(self.ism, place, a.etag), 404)
        a = self.ok(self.rate(self.writer, place, a.etag))
        self.assertEqual(a.json["rating_by"], "kitaboshi.y")
        # his own proposal he does not confirm either
        place, a = self.asset(unit="hoshi-none")
        self.refused(self.rate(self.writer, place, a.etag), 403, None, ["own_proposal"])

    def test_a_list_at_once(self):
        places = [self.asset()[0] for _ in range(3)]
        keys = [p.rpartition("/")[2] for p in places]
        draft, _ = self.create(unit="hoshi-its", sysadmin="suiseigawa.h")
        told = self.refused(self.ism.post("/api/v1/assets/ratings", {
            "keys": keys + [draft["asset_no"], "A99999999"]}), 422)
        self.assertEqual({e["value"]: e["code"] for e in told["errors"]},
                         {draft["asset_no"]: "wrong_state", "A99999999": "unknown_reference"})
        self.assertEqual(self.now(places[0]).json["rating_status"], "provisional")
        a = self.ok(self.ism.post("/api/v1/assets/ratings", {"keys": keys, "comment": "一括"}))
        self.assertEqual(a.json, {"confirmed": sorted(keys)})
        for place in places:
            event = self.ok(self.ism.get(place + "/history")).json["items"][-1]
            self.assertEqual((event["operation"], event["reason"]), ("rateAllAsset", "一括"))
        self.assertEqual(self.ok(self.ism.post("/api/v1/assets/ratings", {"keys": keys})).json,
                         {"confirmed": []})
        for body in ({}, {"keys": []}, {"keys": [1]}, {"keys": "x"}, {"keys": keys, "x": 1},
                     {"keys": ["x"] * 1001}):
            self.refused(self.ism.post("/api/v1/assets/ratings", body), 422, "invalid")
        other, _ = self.asset(unit="hoshi-lab", sysadmin="suiseigawa.h")
        self.refused(self.ism.post("/api/v1/assets/ratings", {
            "keys": [other.rpartition("/")[2]]}), 422, None, ["unknown_reference"])
        self.refused(self.auditor.post("/api/v1/assets/ratings", {"keys": keys}), 403)
        medium, _ = self.medium()
        self.ok(self.ism.post("/api/v1/media/ratings", {"keys": [medium.rpartition("/")[2]]}))
        self.assertEqual(self.now(medium).json["rating_status"], "confirmed")

    def test_lowering_is_for_who_confirms(self):
        place, a = self.asset()
        a = self.ok(self.rate(self.ism, place, a.etag))
        for change in ({"confidentiality": 1, "confidentiality_basis": "c1_published"},
                       {"handling_restrictions": ["encrypt_transfer", "irrecoverable_disposal"]}):
            self.refused(self.writer.patch(place, change, a.etag), 409, "rating_confirmed",
                         ["CLS-16"])
        a = self.ok(self.writer.patch(place, {
            "handling_restrictions": a.json["handling_restrictions"] + ["locked_storage"]}, a.etag))
        self.assertEqual((a.json["rating_status"], a.json["rating_proposed_by"]),
                         ("provisional", "kitaboshi.y"))

    def test_restrictions_follow_from_the_level(self):
        place, a = self.asset(handling_restrictions=None)
        two = a.json["handling_restrictions"]
        self.assertEqual(two, ["limited_storage", "encrypt_transfer", "irrecoverable_disposal",
                               "trusted_network"])
        a = self.ok(self.writer.patch(place, {"confidentiality": 3, "confidentiality_basis":
                                              "c3_management"}, a.etag))
        self.assertEqual(a.json["handling_restrictions"][:4], two)
        self.assertIn("minimal_copy", a.json["handling_restrictions"])
        a = self.ok(self.writer.patch(place, {"confidentiality": 2, "confidentiality_basis":
                                              "c2_internal"}, a.etag))
        self.assertIn("minimal_copy", a.json["handling_restrictions"])  # none is taken away
        # of those that are given nothing is added at registration
        place, a = self.asset(handling_restrictions=["limited_storage"])
        self.assertEqual(a.json["handling_restrictions"], ["limited_storage"])
        self.assertIn("CLS-15", self.found(place))

    def test_a_system_is_rated_as_its_highest_part(self):
        """At once, up the whole chain, provisional, and nobody's proposal."""
        top, t = self.asset(asset_type="information_system", functions=None)
        t = self.ok(self.rate(self.ism, top, t.etag))
        middle, _ = self.asset(asset_type="information_system", functions=None,
                               parent_asset=t.json["asset_no"])
        part, p = self.asset(asset_type="terminal", functions=None,
                             parent_asset=middle.rpartition("/")[2])
        self.ok(self.writer.patch(part, {"confidentiality": 3,
                                         "confidentiality_basis": "c3_management"}, p.etag))
        for place in (middle, top):
            row = self.now(place).json
            self.assertEqual((row["confidentiality"], row["rating_status"],
                              row["rating_proposed_by"]), (3, "provisional", None))
            event = self.ok(self.writer.get(place + "/history")).json["items"][-1]
            self.assertIn("3.1(2)①(b)", event["reason"])
        last = self.ok(self.writer.get(part + "/history")).json["items"][-1]
        self.assertIsNone(last["reason"])
        # a part that is no longer there raises nothing
        part, p = self.asset(asset_type="terminal", functions=None,
                             parent_asset=self.asset()[0].rpartition("/")[2], adopted=False)
        p = self.ok(self.writer.act(part + "/retirement", p.etag))
        self.ok(self.writer.patch(part, {"confidentiality": 3, "confidentiality_basis":
                                         "c3_management"}, p.etag))
        self.assertEqual(self.now("/api/v1/assets/" + p.json["parent_asset"]).json
                         ["confidentiality"], 2)

    def test_nothing_is_part_of_itself(self):
        top, t = self.asset(asset_type="information_system", functions=None)
        part, p = self.asset(parent_asset=t.json["asset_no"])
        for parent in (t.json["asset_no"], p.json["asset_no"]):
            self.refused(self.writer.patch(top, {"parent_asset": parent}, t.etag), 422, None,
                         ["parent_cycle"])
        self.assertEqual(self.now(top).json, t.json)
