"""What ends by itself: permits with their use, and with their term."""
from ends_help import CHECKLIST, CONNECTED, Ends, NEW, OUTGOING
from test_requests import ADMIN, BOSS, ISO, R, STAFF, THREE, day


class Uses(Ends):
    def ism(self):
        return self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                         "LIMIT 1")

    def kind_of(self, kind, **columns):
        """An asset of this type."""
        one = self.asset("in_operation", columns.pop("level", 2), sysadmin=columns["sysadmin"])
        self.daemon.psql("UPDATE asset SET asset_type = '%s' WHERE asset_no = '%s'" % (kind, one))
        return one

    def own_terminal(self, level=2):
        return self.kind_of("terminal", sysadmin=STAFF, level=level)

    def permit(self, one):
        return self.approved(STAFF, "non_issued_terminal", self.ism(), asset=one, valid_to=day(90),
                             given={"comment": "確認した"}, payload=CHECKLIST)

    def permitted(self, one, kind):
        return self.cell("SELECT asset_permitted('%s', '%s')", one, kind)

    def row_of(self, one, *columns):
        return self.cell("SELECT concat_ws(' ', %s) FROM asset WHERE asset_no = '%s'",
                         ", ".join(columns), one)

    def test_a_terminal_of_ones_own(self):
        one, net = self.own_terminal(), self.network()
        row, _ = self.permit(one)
        _, let_in = self.connected(one, net)
        self.assertEqual(self.permitted(one, "non_issued_terminal"), "t")
        self.no_step(STAFF, row, "complete", "day_to_come", comment="消去した", on=day(1))
        a = self.no_step(STAFF, row, "complete", "day_too_early", comment="消去した", on=day(-1))
        self.assertEqual((a.json["errors"][0]["pointer"], a.json["errors"][0]["clause"]),
                         ("#/on", "6.1.3(2)"))
        self.done(STAFF, row, "complete", "completed", comment="消去した", on=day())
        self.assertEqual(self.row_of(one, "state", "retired_on", "non_issued_request"),
                         "retired " + day())
        self.assertEqual((self.cells(CONNECTED, let_in), self.state(let_in)),
                         ([day() + " 2"], "completed"))
        self.assertEqual(self.permitted(one, "non_issued_terminal"), "f")

    def test_what_has_ended_lets_nothing_in(self):
        """The way around: the same terminal, registered anew as in operation."""
        one = self.own_terminal()
        row, _ = self.permit(one)
        self.done(STAFF, row, "complete", "completed", comment="消去した", on=day())
        self.daemon.psql("UPDATE asset SET state = 'in_operation' WHERE asset_no = '%s'" % one)
        again = self.submitted(STAFF, "network_connection", asset=one,
                               payload={"network": self.network()})
        self.no_step(ADMIN, again, "approve", "not_permitted")

    def test_of_level_three_it_takes_the_inst_ciso(self):
        one = self.own_terminal(level=3)
        row = self.submitted(STAFF, "non_issued_terminal", asset=one, valid_to=day(90),
                             payload=CHECKLIST)
        a = self.no_step(self.ism(), row, "approve", "c4_needed", comment="確認した")
        self.assertEqual(a.json["errors"][0]["clause"], "6.1.3(2), 2.2(2)②表")
        lifted = {"measures": "暗号化"}
        self.approved(STAFF, "c4_handling", BOSS, asset=one, valid_to=day(90),
                      payload=lifted | {"restriction": "locked_storage"})
        self.no_step(self.ism(), row, "approve", "c4_needed", comment="確認した")
        self.approved(STAFF, "c4_handling", BOSS, asset=one, valid_to=day(90),
                      payload=lifted | {"restriction": "org_terminal_only"})
        self.done(self.ism(), row, "approve", "approved", comment="確認した")

    def test_an_account_that_is_closed(self):
        one = self.kind_of("social_media", sysadmin=ADMIN, level=1)
        row, no = self.approved(ISO, "social_media", BOSS, asset=one, payload={
            "operators": "広報", "spoofing": "認証済み"})
        self.assertEqual(self.row_of(one, "state", "sns_permit_request"), "in_operation " + no)
        self.no_step(ISO, row, "complete", "day_to_come", on=day(1))
        self.done(ISO, row, "complete", "completed", on=day())
        self.assertEqual(self.row_of(one, "state", "retired_on", "sns_permit_request"),
                         "retired " + day())
        self.assertEqual(self.permitted(one, "social_media"), "f")

    def test_a_cloud_that_is_left(self):
        one = self.kind_of("cloud_service", sysadmin=ADMIN)
        row, no = self.approved(ADMIN, "cloud_use", BOSS, asset=one, payload={
            "max_confidentiality": 2, "ismap": "ismap", "ismap_checked_on": day()})
        self.assertEqual(self.permitted(one, "cloud_use"), "t")
        self.done(ADMIN, row, "complete", "completed", on=day())
        self.assertEqual(self.row_of(one, "state", "cloud_ended_on"), "retired " + day())
        self.assertEqual(self.cell("SELECT permit_ok('%s', 'cloud_use')", no), "f")

    def test_what_was_carried_out_stands(self):
        """Where completion is no end, the permit counts on: the table of the kind says which."""
        ends = {k["code"]: k["completion_ends"] for k in self.ok(
            self.by(STAFF).get("/api/v1/workflow/kinds")).json["items"]}
        self.assertEqual({c for c, e in ends.items() if e}, {
            "non_issued_terminal", "network_connection", "cloud_use", "cloud_join",
            "social_media", "provide_outside", "send_share"})
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.approved(OUTGOING, "important_convert", BOSS, THREE, asset=one)
        row, no = self.approved(OUTGOING, "important_software", BOSS, THREE, asset=one,
                                performed_by_contractor=False, payload={
            "software": ["nginx 1.24.0"], "source": "Debian"})
        self.done(OUTGOING, row, "complete", "completed", on=day())
        self.assertEqual(self.cell("SELECT permit_ok('%s', 'important_software')", no), "t")


class Terms(Ends):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.psql(
            "INSERT INTO person (login, institution, name_ja, email, unit, person_kind) VALUES "
            "('%s', 'hoshi', '試験', 'x@example.jp', 'hoshi-its', 'employee')" % NEW)

    def test_what_has_no_term_takes_none(self):
        """Refused where it is written, of every kind that no clock ends."""
        kinds = self.ok(self.by(STAFF).get("/api/v1/workflow/kinds")).json["items"]
        self.assertGreater(len({k["code"] for k in kinds if k["term"] == "none"}), 10)
        for k in kinds:
            ends = [s for s in k["steps"] if s["action"] == "expire"]
            self.assertEqual(bool(ends), k["term"] != "none", k["code"])
            for name in ("valid_from", "valid_to"):
                a = self.by(STAFF).post(R, {"request_type": k["code"], name: day(3)})
                self.assertEqual("no_term" in a.codes, k["term"] in ("none", "office"), a)
                if a.codes == ["no_term"]:
                    self.refused(a, 422, "rules_violated")
                    self.assertEqual((a.json["errors"][0]["pointer"],
                                      a.json["errors"][0]["clause"]), ("#/" + name, k["clause"]))
            for s in k["steps"]:
                gives = s["decides"] and s["to"] == "approved" or s["action"] == "unavoidable"
                self.assertEqual("valid_to" in s["takes"], k["term"] in ("may", "must") and gives,
                                 (k["code"], s))

    def test_nor_with_an_edit_or_the_decision(self):
        row = self.make(ISO, "log_period", reason="x", payload={"days": 90, "device_class": "x"},
                        valid_to=None)
        place, client = "%s/%s" % (R, row.json["request_no"]), self.by(ISO)
        for body in ({"valid_to": day(3)}, {"valid_from": day()}):
            self.refused(client.patch(place, body, row.etag), 422, "rules_violated", ["no_term"])
        self.done(ISO, row, "submit", "submitted")
        a = self.no_step(BOSS, row, "approve", "no_term", valid_to=day(3))
        japanese = self.by(BOSS).request("POST", place + "/steps", body={
            "action": "approve", "valid_to": day(3)}, headers={
                "If-Match": self.by(BOSS).get(place).etag, "Accept-Language": "ja"})
        self.refused(japanese, 422, "rules_violated", ["no_term"])
        self.assertNotEqual(a.json["errors"][0]["message"], japanese.json["errors"][0]["message"])
        self.done(BOSS, row, "approve", "approved")

    def test_a_permit_of_an_important_server_has_none(self):
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        row = self.submitted(OUTGOING, "important_convert", THREE, asset=one)
        self.no_step(BOSS, row, "approve", "no_term", valid_to=day(20))
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.later(400, "SELECT important_state, permit_ok("
                                    "important_permit_request, 'important_convert') FROM asset "
                                    "WHERE asset_no = '%s'", one), ["permitted", "t"])

    def test_what_was_given_until_a_day_ends_then(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        self.daemon.psql("UPDATE asset SET asset_type = 'cloud_service' WHERE asset_no = '%s'"
                         % one)
        _, no = self.approved(ADMIN, "cloud_use", BOSS, asset=one, given={"valid_to": day(20)},
                              payload={"max_confidentiality": 2, "ismap": "ismap",
                                       "ismap_checked_on": day()})
        so = "SELECT state, permit_ok(request_no, 'cloud_use') FROM request WHERE request_no = '%s'"
        self.assertEqual(self.later(20, so, no), ["approved", "t"])
        self.assertEqual(self.later(21, so, no), ["expired", "f"])

    def test_an_appointment_ends_with_its_office(self):
        _, no = self.approved(ISO, "deputy_iso", BOSS, subject_person=NEW, payload={
            "scope_note": "管理部", "range_units": ["hoshi-its"], "powers": ["area_designation"],
            "term_from": day(), "term_to": day(20)})
        self.assertEqual(self.ok(self.by(ISO).get("%s/%s" % (R, no))).json["valid_to"], day(20))
        # a permission that soon ends is a finding, as every other (REQ-08)
        self.assertEqual(self.cell("SELECT count(*) FROM finding WHERE object = '%s' AND rule = "
                                   "'REQ-08' AND closed_at IS NULL", no), "1")
        self.assertEqual(self.state_later(20, no), "approved")
        self.assertEqual(self.state_later(21, no), "expired")

    def test_one_without_an_end_goes_on(self):
        _, no = self.approved(ISO, "appoint_sysadmin", BOSS, subject_person=NEW, payload={
            "scope_note": "端末", "term_from": day()})
        self.assertEqual(self.state_later(4000, no), "approved")
