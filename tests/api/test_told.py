"""Who is told of what: as the tables of the kinds say, once, and of nothing that is not seen."""
from test_requests import ADMIN, BOSS, CHIEF, ISO, MEMBER, STAFF, THREE, day
from told import Told

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi


class Decided(Told):
    def submitted(self, login, kind, attach=(), state="submitted", **members):
        row = super().submitted(login, kind, attach, state, **members)
        return row, row.json["request_no"]

    def exception(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        return self.submitted(ISO, "exception", asset=one, rule="VUL-01", valid_to=day(30),
                              payload={"difficulty": "保守期限切れ", "alternative": "隔離", "risk": "残る"})

    def test_a_decision(self):
        row, no = self.exception()
        csirt = self.holders("csirt_member", "csirt_leader")
        self.assertEqual(self.told(no), {p: "act" for p in self.holders("inst_ciso") | csirt})
        self.done(BOSS, row, "approve", "approved")
        told = {p: "decided" for p in {ISO, STAFF} | self.ism()}
        self.assertEqual(self.told(no), told)
        self.done(BOSS, row, "report_upward", "approved", comment="報告した")
        self.assertEqual(self.told(no), {CHIEF: "told"})
        self.done(BOSS, row, "revoke", "revoked", comment="要らなくなった")
        self.assertEqual(self.told(no), told)

    def test_what_goes_back_is_told_to_who_applied_alone(self):
        row, no = self.exception()
        self.done(BOSS, row, "return", "returned", comment="根拠を")
        self.assertEqual(self.told(no), {ISO: "returned"})

    def operated(self, level):
        one = self.asset("planned", level, sysadmin=OUTGOING)
        row, no = self.submitted(OUTGOING, "important_new", THREE, asset=one)
        self.daemon.psql("UPDATE asset SET vuln_state = 'ok', vuln_checked_on = current_date WHERE "
                         "asset_no = '%s'" % one)
        self.done(OUTGOING, row, "resubmit", "submitted")  # the row was changed
        self.spread()
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.told(no), {p: "decided" for p in {OUTGOING} | self.ism()})
        self.done(OUTGOING, row, "complete", "completed")
        return row, no

    def test_an_important_server_begins_and_is_stopped(self):
        row, no = self.operated(3)
        csirt = self.holders("csirt_member", "csirt_leader")
        self.assertEqual(self.told(no), {p: "decided" for p in {BOSS} | csirt})
        self.done(BOSS, row, "revoke", "revoked", comment="危険なため")
        self.assertEqual(self.told(no), {p: "decided" for p in {OUTGOING} | self.ism()})
        # the server was stopped by that: no second letter
        self.assertEqual(self.told(row.json["asset"]), {})

    def test_of_level_four_only_who_sees_it_is_told(self):
        _, no = self.operated(4)
        csirt = self.holders("csirt_member", "csirt_leader")
        self.assertIn(MEMBER, csirt - self.ism())
        self.assertEqual(self.told(no), {p: "decided" for p in {BOSS} | (csirt & self.ism())})

    def test_an_appointment(self):
        row, no = self.submitted(ISO, "appoint_sysadmin", subject_person=STAFF, payload={
            "scope_note": "端末", "term_from": day()})
        self.assertEqual(self.told(no)[STAFF], "subject")
        self.done(BOSS, row, "approve", "approved")
        told = self.told(no)
        unit = self.daemon.value("SELECT unit FROM person WHERE login = '%s'" % STAFF)
        csirt = self.holders("csirt_member", "csirt_leader")
        self.assertEqual(set(told), {STAFF} | self.holders("iso") | csirt | self.ism(unit))
        # 情報セキュリティ管理者 sees no application about a person, but who is appointed
        self.assertEqual(self.daemon.psql(
            "SELECT DISTINCT n.ledger, n.object_state, o.person FROM notice n JOIN role_assignment "
            "o ON o.office_no = n.object WHERE o.appointment_request = '%s' AND n.person IN ('%s')"
            % (no, "','".join(self.ism(unit)))), [["role_assignment", "appointed", STAFF]])
        self.assertEqual(self.daemon.value("SELECT count(*) FROM notice WHERE request = '%s' AND "
                                           "person IN ('%s')" % (no, "','".join(self.ism(unit)))),
                         "0")

    def test_a_connection_ends(self):
        net = self.daemon.value("SELECT asset_no FROM asset WHERE institution = 'hoshi' AND "
                                "asset_type = 'network' AND state = 'in_operation' LIMIT 1")
        self.daemon.psql("UPDATE asset SET sysadmin = '%s', network_max_confidentiality = 4 WHERE "
                         "asset_no = '%s'" % (ADMIN, net))
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        row, no = self.submitted(STAFF, "network_connection", asset=one, payload={"network": net})
        self.done(ADMIN, row, "approve", "approved")
        self.assertEqual(self.told(no), {p: "decided" for p in {STAFF} | self.ism()})
        self.done(STAFF, row, "complete", "completed")
        self.assertEqual(self.told(no), {ADMIN: "decided"})

    def test_a_confirmed_case_is_told_to_the_institution(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row, no = self.submitted(ADMIN, "software_use", state="blocked", asset=one, payload={
            "software_name": "gnuplot", "source": "Debian", "signature_checked": True,
            "target": "server"})
        self.assertEqual(self.told(no)[ADMIN], "act")  # to hand it on
        self.done(ADMIN, row, "unavoidable", "awaiting_confirmation", case="urgent",
                  reason="担当者が不在で、観測の開始に間に合わないため")
        self.assertNotIn(BOSS, self.all_told(no, "decided"))
        self.done(ISO, row, "confirm", "approved")
        self.assertEqual(self.told(no), {p: "decided" for p in {ADMIN} | self.ism()
                                         | self.holders("inst_ciso")})

    def test_what_is_confirmed_is_told_as_the_decision_itself(self):
        row, no = self.submitted(ISO, "appoint_sysadmin", state="blocked", subject_person=STAFF,
                                 on_behalf_of=BOSS, payload={"scope_note": "端末",
                                                             "term_from": day()})
        self.done(BOSS, row, "unavoidable", "awaiting_confirmation", case="urgent",
                  reason="担当者が不在で、観測の開始に間に合わないため")
        self.done(CHIEF, row, "confirm", "approved")
        told = set(self.told(no))
        csirt = self.holders("csirt_member", "csirt_leader")
        self.assertLessEqual(csirt | {ISO, STAFF, BOSS}, told)
        self.assertNotIn(CHIEF, told)

    def test_who_oversees_is_no_party(self):
        for members, who in (({}, self.holders("inst_ciso")), ({"on_behalf_of": BOSS}, {CHIEF})):
            row = self.make(ISO, "log_period", reason="x", payload={
                "days": 90, "device_class": "複合機"}, **members)
            self.assertEqual({p for p, in self.daemon.psql(
                "SELECT notice_overseers(r) FROM request r WHERE request_no = '%s'"
                % row.json["request_no"])}, who)

    def test_of_one_event_nobody_is_told_twice(self):
        self.spread()
        status, said = self.daemon.psql(
            "INSERT INTO notice (institution, person, purpose, request, event_id, next_at) SELECT "
            "institution, person, 'told', request, event_id, now() FROM notice WHERE event_id IS "
            "NOT NULL LIMIT 1", check=False)
        self.assertNotEqual(status, 0)
        self.assertIn("notice_event_id_person_key", said)

    def test_the_tables_are_answered(self):
        kind = self.ok(self.by(ADMIN).get("/api/v1/workflow/kinds", {
            "code": "important_new"})).json["items"][0]
        told = {(s["from"], s["action"]): s["tells"] for s in kind["steps"]}
        self.assertEqual(told["approved", "complete"], ["applicant", "subject", "inst_ciso",
                                                        "csirt_member", "csirt_leader"])
        self.assertEqual(told["draft", "withdraw"], [])


class Rows(Told):
    """What is no application: an emergency stop, a rating confirmed as another."""
    def act(self, login, asset, action, client=None, **given):
        place = "/api/v1/assets/" + asset
        client = client or self.by(login)
        return self.ok(client.act("%s/%s" % (place, action), client.get(place).etag, given))

    def test_an_emergency_stop(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        csirt = self.client(MEMBER, "csirt_member")
        self.act(MEMBER, one, "suspension", csirt)
        self.assertEqual(self.told(one), {ADMIN: "told"})
        self.act(MEMBER, one, "resumption", csirt)
        self.act(ADMIN, one, "suspension")
        self.assertEqual(self.all_told(one), [ADMIN])  # who acted knows
        row = self.daemon.psql("SELECT ledger, object_state, request FROM notice WHERE object = "
                               "'%s'" % one)
        self.assertEqual(row, [["asset", "suspended", ""]])

    def rated(self, level):
        client = self.by(ADMIN)
        row = self.ok(client.post("/api/v1/assets", {
            "institution": "hoshi", "unit": "hoshi-its", "name": "格付試験", "asset_type":
            "terminal", "location_text": "室", "confidentiality": 2, "confidentiality_basis":
            "c2_internal", "has_personal_info": False, "has_my_number": False,
            "internal_media_encryption": "full", "users_text": "全員", "sysadmin": ADMIN}), 201)
        one = row.json["asset_no"]
        self.act(ADMIN, one, "registration")
        ism = self.by("seiunda.n")
        basis = {2: "c2_internal", 3: "c3_management"}[level]
        self.ok(ism.act("/api/v1/assets/%s/rating" % one, ism.get("/api/v1/assets/" + one).etag, {
            "confidentiality": level, "confidentiality_basis": basis}))
        return one

    def test_a_rating_that_was_corrected(self):
        self.assertEqual(self.told(self.rated(3)), {ADMIN: "told"})
        self.assertEqual(self.told(self.rated(2)), {})
