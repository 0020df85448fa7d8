"""What ends by itself: connections with their asset, permits with their use."""
from test_requests import ADMIN, BOSS, ISO, MEMBER, R, STAFF, THREE, Workflow, day

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi
NEW = "ends.a"
CHECKLIST = {n: True for n in ("os_supported", "updated", "malware_protection", "encrypted",
                               "locked")} | {"use": "観測", "erase_plan": "消去"}
A = "/api/v1/assets/"
CONNECTED = "SELECT coalesce(ended_on::text, '-') || ' ' || row_version FROM network_connection " \
    "WHERE request = '%s' ORDER BY asset"


class Ends(Workflow):
    def cell(self, sql, *args):
        return self.daemon.value(sql % args)

    def cells(self, sql, *args):
        return [r[0] for r in self.daemon.psql(sql % args)]

    def submitted(self, login, kind, attach=(), **members):
        row = self.make(login, kind, reason="試験のため", **members)
        self.attach(login, row, *attach)
        self.done(login, row, "submit", "submitted")
        return row

    def approved(self, login, kind, decider, attach=(), given=None, **members):
        row = self.submitted(login, kind, attach, **members)
        self.done(decider, row, "approve", "approved", **(given or {}))
        return row, row.json["request_no"]

    def state(self, no):
        return self.cell("SELECT state FROM request WHERE request_no = '%s'", no)

    def later(self, days, sql, *args):
        """What will be so on that day, once the clock has ended what it ends."""
        return self.daemon.psql(
            "BEGIN; SET LOCAL daicho.clock_offset = '%d'; DO $$ BEGIN PERFORM requests_expire(); "
            "END $$; %s; ROLLBACK" % (days * 86400, sql % args))[0]

    def state_later(self, days, no):
        return self.later(days, "SELECT state FROM request WHERE request_no = '%s'", no)[0]

    def act(self, login, asset, action, **body):
        client = self.by(login)
        return client.act("%s%s/%s" % (A, asset, action), client.get(A + asset).etag, body)

    def network(self, level=4, sysadmin=ADMIN):
        net = self.asset("in_operation", 2, sysadmin=sysadmin)
        self.daemon.psql("UPDATE asset SET asset_type = 'network', network_max_confidentiality "
                         "= %d WHERE asset_no = '%s'" % (level, net))
        return net

    def connected(self, one, net, more=(), **members):
        payload = {"network": net} | ({"more_assets": list(more)} if more else {})
        return self.approved(STAFF, "network_connection", ADMIN, asset=one, payload=payload,
                             **members)


class Connections(Ends):
    def test_what_is_stopped_or_gone_is_not_connected(self):
        for action in ("suspension", "retirement", "loss"):
            one = self.asset("in_operation", 2, sysadmin=STAFF)
            row, no = self.connected(one, self.network())
            self.ok(self.act(STAFF, one, action))
            self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"], action)
            self.assertEqual(self.state(no), "completed", action)
            last = self.ok(self.by(STAFF).get("%s/%s/steps" % (R, no))).json["items"][-1]
            self.assertEqual((last["action"], last["acted_by"], last["comment"]),
                             ("disconnected", None, one))
            self.refused(self.step(STAFF, row, "complete"), 409, "wrong_state")

    def test_what_goes_on_stays_connected(self):
        one = self.asset("planned", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        self.daemon.psql("UPDATE asset SET vuln_state = 'ok' WHERE asset_no = '%s'" % one)
        self.ok(self.act(STAFF, one, "start"))
        self.daemon.psql("UPDATE asset SET note = 'x' WHERE asset_no = '%s'" % one)
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)), (["- 1"], "approved"))

    def test_many_at_once_by_a_statement(self):
        some = sorted(self.asset("in_operation", 2, sysadmin=STAFF) for _ in range(3))
        net = self.network()
        _, no = self.connected(some[0], net, some[1:])
        put = "UPDATE asset SET state = '%s' WHERE asset_no = ANY ('{%s}')"
        self.daemon.psql(put % ("suspended", some[0]))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2", "- 1", "- 1"])
        self.assertEqual(self.state(no), "approved", "two of its assets are connected still")
        self.daemon.psql(put % ("retired", ",".join(some)))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"] * 3)
        self.assertEqual(self.state(no), "completed")

    def test_what_is_transferred_or_erased(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        row = self.submitted(STAFF, "transfer", asset=one, payload={
            "to_institution": "umi", "to_unit": "umi-its", "to_sysadmin": "namima.j"})
        self.done(ISO, row, "consent", "reviewing")
        self.done("shinkai.t", row, "take_over", "completed")
        # permits do not move: that of the connection is void with all others
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                         ([day() + " 2"], "expired"))
        for state in ("sanitised", "disposed"):
            one = self.asset("in_operation", 2, sysadmin=STAFF)
            _, no = self.connected(one, self.network())
            self.daemon.psql("BEGIN; ALTER TABLE asset DISABLE TRIGGER a_gate; UPDATE asset SET "
                             "state = '%s' WHERE asset_no = '%s'; ALTER TABLE asset ENABLE TRIGGER "
                             "a_gate; COMMIT" % (state, one))
            self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                             ([day() + " 2"], "completed"), state)

    def test_with_the_network_that_is_no_more(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.ok(self.act(ADMIN, net, "suspension"))
        self.assertEqual(self.state(no), "approved", "a network out of order lets nobody out")
        self.ok(self.act(ADMIN, net, "retirement"))
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                         ([day() + " 2"], "completed"))

    def test_what_owes_something_is_stopped_all_the_same(self):
        """No rule about the connection, nor about its permission, refuses an emergency stop."""
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.daemon.psql("UPDATE asset SET network_max_confidentiality = 1 WHERE asset_no = '%s'"
                         % net)
        # what its decider held is found to have been nothing
        self.daemon.psql("BEGIN; ALTER TABLE request DISABLE TRIGGER USER; UPDATE request SET "
                         "decided_office = 'ism' WHERE request_no = '%s'; ALTER TABLE request "
                         "ENABLE TRIGGER USER; COMMIT" % no)
        client = self.client(MEMBER, "csirt_member")
        self.ok(client.act(A + one + "/suspension", client.get(A + one).etag, {}))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"])

    def test_back_in_operation_it_takes_a_new_permit(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.ok(self.act(STAFF, one, "suspension"))
        row = self.submitted(STAFF, "network_connection", asset=one, payload={"network": net})
        self.no_step(ADMIN, row, "approve", "not_live")
        self.ok(self.act(STAFF, one, "resumption"))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"], "nothing comes back by itself")
        self.done(ADMIN, row, "approve", "approved")

    def test_a_permit_for_many_is_used_up_for_one(self):
        """What was stopped is not put back onto the network under the permit of the others."""
        net = self.network()
        one, other = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in "12")
        _, no = self.connected(one, net, [other])
        self.ok(self.act(STAFF, one, "suspension"))
        self.ok(self.act(STAFF, one, "resumption"))
        a = self.ok(self.by(STAFF).post("/api/v1/connections", {
            "institution": "hoshi", "asset": one, "network": net, "request": no,
            "permitted_by": ADMIN, "permitted_on": day()}), 201)
        found = "SELECT count(*) FROM finding WHERE object = '%s' AND rule = 'CON-04' AND " \
            "closed_at IS NULL"
        self.assertEqual(self.cell(found, a.json["connection_no"]), "1")
        still = self.cell("SELECT connection_no FROM network_connection WHERE asset = '%s'", other)
        self.assertEqual(self.cell(found, still), "0")

    def test_one_connection_at_a_time(self):
        net = self.network()
        one, other = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in "12")
        waits = self.submitted(STAFF, "network_connection", asset=one, payload={"network": net})
        row, _ = self.connected(one, net)
        twice = self.make(STAFF, "network_connection", asset=one, reason="x",
                          payload={"network": net})
        a = self.no_step(STAFF, twice, "submit", "connected_already")
        self.assertEqual((a.json["errors"][0]["clause"], a.json["errors"][0]["pointer"]),
                         ("4.1(2)②(c)", "#/asset"))
        among = self.make(STAFF, "network_connection", asset=other, reason="x",
                          payload={"network": net, "more_assets": [one]})
        a = self.no_step(STAFF, among, "submit", "connected_already")
        self.assertEqual(a.json["errors"][0]["pointer"], "#/payload/more_assets")
        self.no_step(ADMIN, waits, "approve", "connected_already")
        # elsewhere, and once it is off
        self.connected(one, self.network())
        self.done(STAFF, row, "complete", "completed")
        self.done(ADMIN, waits, "approve", "approved")
        self.no_step(STAFF, twice, "submit", "connected_already")

    def test_near_its_end_it_is_renewed(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, long = self.connected(one, net, valid_to=day(30))
        again = self.make(STAFF, "network_connection", asset=one, reason="x",
                          payload={"network": net})
        self.no_step(STAFF, again, "submit", "connected_already")
        self.daemon.psql("BEGIN; ALTER TABLE network_connection DISABLE TRIGGER USER; UPDATE "
                         "network_connection SET valid_to = '%s' WHERE request = '%s'; ALTER TABLE "
                         "network_connection ENABLE TRIGGER USER; COMMIT" % (day(29), long))
        self.done(STAFF, again, "submit", "submitted")
        self.done(ADMIN, again, "approve", "approved")
        self.assertEqual((self.cells(CONNECTED, long), self.state(long)),
                         ([day() + " 2"], "completed"))
        self.assertEqual(self.cells(CONNECTED, again.json["request_no"]), ["- 1"])

    def test_a_day_that_was_entered(self):
        """Disconnected by hand on a day to come: on that day the permission ends, too."""
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        key = self.cell("SELECT connection_no FROM network_connection WHERE request = '%s'", no)
        place = "/api/v1/connections/" + key
        client = self.by(ADMIN)
        self.ok(client.patch(place, {"ended_on": day(5)}, client.get(place).etag))
        self.assertEqual(self.state_later(4, no), "approved")
        self.assertEqual(self.state_later(5, no), "completed")

    def test_the_end_of_its_term(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network(), valid_to=day(3))
        self.assertEqual(self.state_later(3, no), "approved")
        self.assertEqual(self.state_later(4, no), "expired")
        self.assertEqual(self.later(4, CONNECTED, no), [day(4) + " 2"])


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

    def test_whose_completion_is_an_end(self):
        """Elsewhere what was carried out stands: test_requests.Chain sees one that does."""
        ends = {k["code"]: k["completion_ends"] for k in self.ok(
            self.by(STAFF).get("/api/v1/workflow/kinds")).json["items"]}
        self.assertEqual({c for c, e in ends.items() if e}, {
            "non_issued_terminal", "network_connection", "cloud_use", "social_media",
            "provide_outside", "send_share"})


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
