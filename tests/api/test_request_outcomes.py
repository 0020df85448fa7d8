"""What follows from decisions on servers, their administrators and their software, and what does
not go on after one."""
from test_requests import ADMIN, BOSS, CHECKER, ISO, MEMBER, STAFF, THREE, R, Workflow, day

C = "/api/v1/catalogues"
OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi
LEADER = "wakusei.a"
RECEIVER = "shinkai.t"	   # 情報セキュリティ責任者 of umi


class Outcomes(Workflow):
    def granted(self, *args, **members):
        return self.approved(*args, **members)[0]

    def permitted(self):
        """An important server in operation, and its permission."""
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        return one, self.granted(OUTGOING, "important_convert", BOSS, THREE, asset=one)

    def software(self, one, *lines, contractor=False):
        return self.granted(OUTGOING, "important_software", BOSS, THREE, asset=one,
                             performed_by_contractor=contractor,
                             payload={"software": list(lines), "source": "Debian"})

    def act(self, login, asset, action):
        place = "/api/v1/assets/" + asset
        client = self.by(login) if isinstance(login, str) else login
        return client.act("%s/%s" % (place, action), client.get(place).etag, {})

    def waiting(self, login):
        a = self.ok(self.by(login).get(R, {"waiting_for": "me", "limit": "500"}))
        return [r["request_no"] for r in a.json["items"]]

    def state(self, row):
        return self.cell("SELECT state FROM request WHERE request_no = '%s'",
                         row.json["request_no"])

    def lines(self, asset, status="submitted"):
        return self.daemon.psql(
            "SELECT k.software_name, k.version, k.purpose, k.vendor FROM catalogue_software k JOIN "
            "system_catalogue c ON c.catalogue_no = k.catalogue WHERE c.asset = '%s' AND c.status "
            "= '%s' ORDER BY 1, 2" % (asset, status))


class Stopped(Outcomes):
    def test_what_was_revoked_does_not_go_on(self):
        one, row = self.permitted()
        self.done(BOSS, row, "revoke", "revoked", comment="危険なため")
        self.assertEqual(self.important_asset(one)[::2], ["revoked", "suspended"])
        a = self.act(OUTGOING, one, "resumption")
        self.refused(a, 409, codes=["permission_revoked"])
        # until it is permitted anew
        self.granted(OUTGOING, "important_convert", BOSS, THREE, asset=one)
        self.ok(self.act(OUTGOING, one, "resumption"))

    def test_what_the_csirt_stopped(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        csirt = self.client(MEMBER, "csirt_member")
        self.ok(self.act(csirt, one, "suspension"))
        self.refused(self.act(STAFF, one, "resumption"), 409, codes=["csirt_agrees"])
        self.refused(self.act(ISO, one, "resumption"), 409, codes=["csirt_agrees"])
        self.ok(self.act(csirt, one, "resumption"))
        # what its administrator stopped is hers to put back, whatever was stopped before
        self.ok(self.act(STAFF, one, "suspension"))
        self.ok(self.act(STAFF, one, "resumption"))

    def test_a_retired_server_is_released(self):
        one, _ = self.permitted()
        self.ok(self.act(OUTGOING, one, "retirement"))
        self.granted(OUTGOING, "important_release", BOSS, asset=one, payload={"evidence": "廃止"})
        self.assertEqual(self.important_asset(one)[:2], ["not_applicable", ""])


class Installed(Outcomes):
    def test_no_empty_catalogue_is_submitted(self):
        one, _ = self.permitted()
        self.assertEqual(self.daemon.psql("SELECT status FROM system_catalogue WHERE asset = '%s'"
                                          % one), [["draft"]])
        two = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.catalogue(two)
        self.granted(OUTGOING, "important_convert", BOSS, THREE, asset=two)
        self.assertEqual(self.daemon.psql("SELECT status FROM system_catalogue WHERE asset = '%s'"
                                          % two), [["submitted"]])

    def test_a_newer_version_takes_the_place_of_the_other(self):
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.catalogue(one)
        self.granted(OUTGOING, "important_convert", BOSS, THREE, asset=one)
        for version in ("1.24.0", "1.26.0"):
            row = self.software(one, "nginx " + version)
            self.done(OUTGOING, row, "complete", "completed", on=day())
        self.assertEqual(self.lines(one), [["nginx", "1.26.0", "試験のため", "Debian"],
                                           ["openssh", "9.2", "保守", ""]])
        self.assertEqual(self.daemon.psql("SELECT software_name, version FROM asset_software WHERE "
                                          "asset = '%s'" % one), [["nginx", "1.26.0"]])
        # as it was installed, not as it was permitted
        row = self.software(one, "nginx 1.28")
        self.no_step(OUTGOING, row, "complete", "wrong_value", on=day(), installed="nginx 1.28.1")
        self.no_step(OUTGOING, row, "complete", "wrong_value", on=day(), installed=[])
        self.done(OUTGOING, row, "complete", "completed", on=day(), installed=["nginx 1.28.1"])
        self.assertEqual(self.lines(one)[0][:2], ["nginx", "1.28.1"])

    def test_the_day_and_who_did_it(self):
        one, _ = self.permitted()
        row = self.software(one, "nginx 1.24", contractor=True)
        who = {"carried_out_by": "保守社 夜間担当"}
        for on in (day(-400), day(1)):
            self.no_step(OUTGOING, row, "complete", "wrong_value", on=on, **who)
        self.no_step(OUTGOING, row, "complete", "required", on=day())
        self.done(OUTGOING, row, "complete", "completed", on=day(), **who)
        steps = self.ok(self.by(OUTGOING).get("%s/%s/steps" % (R, row.json["request_no"]))).json
        self.assertEqual(steps["items"][-1]["given"], {"on": day()} | who)

    def test_whether_a_contractor_does_it_is_said(self):
        one, _ = self.permitted()
        row = self.make(OUTGOING, "important_software", reason="x", asset=one,
                        payload={"software": ["nginx 1"], "source": "Debian"})
        self.attach(OUTGOING, row, *THREE)
        self.no_step(OUTGOING, row, "submit", "required")

    def test_nothing_is_installed_on_what_is_permitted_no_more(self):
        one, row = self.permitted()
        soft = self.software(one, "nginx 1.24.0")
        self.done(BOSS, row, "revoke", "revoked", comment="危険なため")
        self.no_step(OUTGOING, soft, "complete", "not_permitted", on=day())

    def test_the_one_who_has_the_server_reports(self):
        one, _ = self.permitted()
        soft = self.software(one, "nginx 1.24.0")
        no = soft.json["request_no"]
        self.daemon.psql("INSERT INTO role_assignment (person, office, institution, term_from, "
                         "appointed_by) SELECT '%s', 'important_admin', 'hoshi', current_date, "
                         "'%s' WHERE NOT has_office('%s', 'important_admin', 'hoshi', current_date)"
                         % (ADMIN, BOSS, ADMIN))
        self.daemon.psql("UPDATE asset SET important_admin = '%s' WHERE asset_no = '%s'"
                         % (ADMIN, one))
        self.no_step(OUTGOING, soft, "complete", "REQ-03", on=day())
        self.assertIn(no, self.waiting(ADMIN))
        self.assertNotIn(no, self.waiting(OUTGOING))
        self.done(ADMIN, soft, "complete", "completed", on=day())


class Offices(Outcomes):
    def test_no_office_begins_before_its_decision(self):
        for term, at in (({"term_from": "2020-01-01"}, "term_from"),
                         ({"term_from": day(-9), "term_to": day(-1)}, "term_to")):
            row = self.make(ISO, "appoint_sysadmin", reason="x", subject_person=STAFF,
                            payload={"scope_note": "端末"} | term)
            a = self.no_step(ISO, row, "submit", "in_the_past")
            self.assertIn("#/payload/" + at, [e["pointer"] for e in a.json["errors"]])
        # decided later than it was to begin, it begins with the decision
        row = self.submitted(ISO, "appoint_sysadmin", subject_person=STAFF, payload={
            "scope_note": "端末", "term_from": day()})
        self.daemon.psql("UPDATE request SET payload = payload || '{\"term_from\": \"%s\"}' WHERE "
                         "request_no = '%s'; UPDATE request r SET subject_sha256 = "
                         "request_digest(r) WHERE request_no = '%s'"
                         % (day(-5), row.json["request_no"], row.json["request_no"]))
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.cell("SELECT term_from FROM role_assignment WHERE "
                                   "appointment_request = '%s'", row.json["request_no"]), day())

    def newcomer(self, login):
        """System administrator by an application, and administrator of important servers."""
        self.daemon.psql("INSERT INTO person (login, institution, unit, name_ja, person_kind,"
                         " phone, email) SELECT '%s', 'hoshi', 'hoshi-its', '新任 太郎',"
                         " person_kind, '03-1', '%s@example.jp' FROM person WHERE login = '%s'"
                         % (login, login, STAFF))
        row = self.granted(ISO, "appoint_sysadmin", BOSS, subject_person=login, payload={
            "scope_note": "端末", "term_from": day()})
        self.daemon.psql("INSERT INTO role_assignment (person, office, institution, term_from, "
                         "appointed_by) VALUES ('%s', 'important_admin', 'hoshi', current_date, "
                         "'%s')" % (login, BOSS))
        return row

    def held(self, login):
        return self.daemon.psql("SELECT office FROM role_assignment WHERE person = '%s' AND "
                                "revoked_on IS NULL ORDER BY 1" % login)

    def test_with_one_office_goes_the_other(self):
        row = self.newcomer("shinnin.t")
        self.assertEqual(self.held("shinnin.t"), [["important_admin"], ["sysadmin"]])
        contacts = "SELECT count(*) FROM emergency_contact WHERE person = 'shinnin.t'"
        self.assertEqual(self.cell(contacts), "1")
        self.done(BOSS, row, "revoke", "revoked", comment="異動")
        self.assertEqual(self.held("shinnin.t"), [])
        self.assertEqual(self.cell(contacts), "0")

    def test_another_appointment_keeps_it(self):
        row = self.newcomer("shinnin.u")
        self.daemon.psql("INSERT INTO role_assignment (person, office, institution, term_from, "
                         "appointed_by, scope_note) VALUES ('shinnin.u', 'sysadmin', 'hoshi', "
                         "current_date, '%s', '端末')" % BOSS)
        self.done(BOSS, row, "revoke", "revoked", comment="重複")
        self.assertEqual(self.held("shinnin.u"), [["important_admin"], ["sysadmin"]])

    def test_a_replacement_drafts_the_handover(self):
        self.newcomer("shinnin.v")
        one = self.asset("in_operation", 3, sysadmin="shinnin.v")
        self.daemon.psql("UPDATE asset SET important_admin = 'shinnin.v', important_state = "
                         "'permitted' WHERE asset_no = '%s'" % one)
        row = self.submitted(LEADER, "recheck", subject_person="shinnin.v",
                             payload={"wanted": "recheck"})
        self.done(BOSS, row, "order_recheck", "reviewing")
        check = self.cell("SELECT request_no FROM request WHERE payload->>'recheck' = '%s'",
                          row.json["request_no"])
        check = self.ok(self.by(BOSS).get(R + "/" + check))
        self.done(BOSS, check, "submit", "submitted")
        # not by the one who demanded it, as there is another
        self.no_step(BOSS, check, "assign", "REQ-07", person=LEADER)
        checker = CHECKER if CHECKER != LEADER else MEMBER
        self.done(BOSS, check, "assign", "reviewing", person=checker)
        self.done(checker, check, "qualify", "completed", result="fail", comment="不足")
        self.done(BOSS, row, "approve", "approved", comment="交代")
        self.assertEqual(self.held("shinnin.v"), [["sysadmin"]])
        self.assertEqual(self.daemon.psql(
            "SELECT request_type, state, automatic FROM request WHERE asset = '%s' AND "
            "request_type = 'handover'" % one), [["handover", "draft", "t"]])
        # which the next change of the row leaves alone
        self.daemon.psql("UPDATE asset SET note = '確認' WHERE asset_no = '%s'" % one)
        self.assertEqual(self.cell("SELECT state FROM request WHERE asset = '%s' AND request_type ="
                                   " 'handover'", one), "draft")

    def test_a_handover_with_a_catalogue_that_is_old(self):
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.catalogue(one)
        self.granted(OUTGOING, "important_convert", BOSS, THREE, asset=one)
        self.daemon.psql("ALTER TABLE system_catalogue DISABLE TRIGGER catalogue_keeps; UPDATE "
                         "system_catalogue SET submitted_at = now() - interval '200 days' WHERE "
                         "asset = '%s'; ALTER TABLE system_catalogue ENABLE TRIGGER "
                         "catalogue_keeps" % one)
        row = self.make(OUTGOING, "handover", reason="異動", asset=one, payload={
            "receiver": ADMIN, "effective_on": day(), "accounts": "root", "open_items": "なし"})
        self.attach(OUTGOING, row, "handover")
        self.no_step(OUTGOING, row, "submit", "catalogue_old")


class Drafts(Outcomes):
    def drafted(self):
        """A server that has become important, and the draft that was made."""
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        client, place = self.by(STAFF), "/api/v1/assets/" + one
        self.ok(client.patch(place, {"confidentiality": 3, "confidentiality_basis":
                                     "c3_management"}, client.get(place).etag))
        return one, self.cell("SELECT request_no FROM request WHERE asset = '%s'", one)

    def test_it_follows_who_has_the_server(self):
        one, no = self.drafted()
        client, place = self.client(ISO, "iso"), "/api/v1/assets/" + one
        self.ok(client.patch(place, {"sysadmin": ADMIN}, client.get(place).etag))
        self.assertEqual(self.daemon.psql("SELECT applicant, state FROM request WHERE request_no = "
                                          "'%s'" % no), [[ADMIN, "draft"]])
        self.ok(client.patch(place, {"note": "x"}, client.get(place).etag))
        self.assertEqual(self.cell("SELECT applicant FROM request WHERE request_no = '%s'", no),
                         ADMIN)

    def test_an_application_of_ones_own_takes_its_place(self):
        one, no = self.drafted()
        client, place = self.client(ISO, "iso"), "/api/v1/assets/" + one
        self.ok(client.patch(place, {"sysadmin": OUTGOING}, client.get(place).etag))
        self.daemon.psql("ALTER TABLE asset DISABLE TRIGGER USER; UPDATE asset SET rating_status = "
                         "'confirmed' WHERE asset_no = '%s'; ALTER TABLE asset ENABLE TRIGGER USER"
                         % one)
        self.submitted(OUTGOING, "important_convert", THREE, asset=one)
        self.assertEqual(self.cell("SELECT state FROM request WHERE request_no = '%s'", no),
                         "withdrawn")

    def test_another_checker(self):
        row = self.submitted(BOSS, "qualification", subject_person=ADMIN,
                             payload={"skills": "研修受講済み"})
        self.done(BOSS, row, "assign", "reviewing", person=CHECKER)
        self.no_step(BOSS, row, "assign", "REQ-07", person=STAFF)
        self.done(BOSS, row, "assign", "reviewing", person=MEMBER)
        a = self.step(CHECKER, row, "qualify", result="pass", comment="適")
        self.assertIn(a.status, (404, 422), a)
        self.done(MEMBER, row, "qualify", "completed", result="pass", comment="適")


class Transfers(Outcomes):
    def consented(self, one):
        row = self.submitted(OUTGOING, "transfer", asset=one, payload={
            "to_institution": "umi", "to_unit": "umi-its", "to_sysadmin": "namima.j"})
        self.done(ISO, row, "consent", "reviewing")
        return row

    def parts(self, login, row):
        return {p["part"] for p in self.ok(self.by(login).get(
            "%s/%s/diff" % (R, row.json["request_no"]))).json["items"]}

    def test_who_takes_over_sees_what(self):
        row = self.consented(self.asset("in_operation", 2, sysadmin=OUTGOING))
        self.assertIn("asset", self.parts(RECEIVER, row))

    def test_permits_do_not_move(self):
        one, permit = self.permitted()
        row = self.consented(one)
        done = self.done(RECEIVER, row, "take_over", "completed")
        self.assertEqual(self.daemon.psql(
            "SELECT state, important_state, coalesce(important_permit_request, ''), "
            "coalesce(important_admin, '') FROM asset WHERE asset_no = '%s'" % one),
            [["transferred", "not_applicable", "", ""]])
        self.assertEqual(self.state(permit), "expired")
        self.assertEqual(self.cell("SELECT count(*) FROM system_catalogue WHERE asset = '%s' AND "
                                   "status = 'submitted'", one), "0")
        # the new line is named, and the old one stays as it is
        steps = self.ok(self.by(RECEIVER).get("%s/%s/steps" % (R, row.json["request_no"]))).json
        moved = steps["items"][-1]
        self.assertEqual((moved["action"], self.cell(
            "SELECT institution FROM asset WHERE asset_no = '%s'", moved["comment"])),
            ("moved", "umi"))
        self.assertEqual(done.json["state"], "completed")
        place = "/api/v1/assets/" + one
        self.refused(self.by(ISO).patch(place, {"note": "x"}, self.by(ISO).get(place).etag), 409,
                     codes=["transferred"])

    def test_what_is_being_decided_goes_back(self):
        one = self.asset("in_operation", 2, sysadmin=OUTGOING)
        pending = self.submitted(OUTGOING, "exception", asset=one, rule="VUL-01", valid_from=day(),
                                 valid_to=day(30), payload={"difficulty": "代替機がない",
                                                            "alternative": "隔離", "risk": "小"})
        self.done(RECEIVER, self.consented(one), "take_over", "completed")
        self.assertEqual(self.state(pending), "returned")
        self.no_step(OUTGOING, pending, "resubmit", "transferred")

    def test_what_is_not_handed_over(self):
        payload = {"to_institution": "umi", "to_unit": "umi-its", "to_sysadmin": "namima.j"}
        for state in ("planned", "suspended"):
            row = self.make(OUTGOING, "transfer", reason="x", payload=payload,
                            asset=self.asset(state, 2, sysadmin=OUTGOING))
            self.no_step(OUTGOING, row, "submit", "wrong_state")
        one, part = (self.asset("in_operation", 2, sysadmin=OUTGOING) for _ in range(2))
        self.daemon.psql("UPDATE asset SET parent_asset = '%s' WHERE asset_no = '%s'" % (one, part))
        row = self.make(OUTGOING, "transfer", reason="x", payload=payload, asset=one)
        self.no_step(OUTGOING, row, "submit", "components")


class TakenBack(Outcomes):
    def test_an_older_designation_undoes_no_newer_one(self):
        area = self.cell("SELECT code FROM area WHERE institution = 'hoshi' AND NOT is_controlled "
                         "LIMIT 1")
        first, second = (self.granted(ADMIN, "area_designation", ISO, payload={
            "area": area, "extent": "全体", "entry_control": "card", "leased": False})
            for _ in range(2))
        sql = "SELECT is_controlled FROM area WHERE code = '%s'"
        self.done(ISO, first, "revoke", "revoked", comment="重複")
        self.assertEqual(self.cell(sql, area), "t")
        # nor a newer one what an older one, which stands, has decided
        third = self.granted(ADMIN, "area_designation", ISO, payload={
            "area": area, "extent": "全体", "entry_control": "key", "leased": False})
        self.done(ISO, third, "revoke", "revoked", comment="誤り")
        self.assertEqual(self.daemon.psql("SELECT is_controlled, entry_control FROM area WHERE "
                                          "code = '%s'" % area), [["t", "card"]])
        self.done(ISO, second, "revoke", "revoked", comment="移転")
        self.assertEqual(self.cell(sql, area), "f")

    def test_the_number_of_days_goes_back(self):
        sql = "SELECT min_log_days_other FROM institution WHERE code = 'hoshi'"
        first, second = (self.granted(ISO, "log_period", BOSS, payload={
            "days": days, "device_class": "複合機"}) for days in (45, 90))
        self.assertEqual(self.cell(sql), "90")
        self.done(BOSS, second, "revoke", "revoked", comment="誤り")
        self.assertEqual(self.cell(sql), "45")
        self.done(BOSS, first, "revoke", "revoked", comment="誤り")
        self.assertNotEqual(self.cell(sql), "45")

    def test_an_exception_says_that_it_is_none(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.granted(ADMIN, "exception", BOSS, asset=one, rule="VUL-01", valid_from=day(),
                            valid_to=day(30), payload={"difficulty": "代替機がない", "alternative":
                                                       "隔離", "risk": "小"})
        key = self.cell("SELECT exception_no FROM exception_grant WHERE request = '%s'",
                        row.json["request_no"])
        self.assertIsNone(self.ok(self.by(BOSS).get("/api/v1/exceptions/" + key))
                          .json["revoked_on"])
        self.done(BOSS, row, "revoke", "revoked", comment="不要")
        self.assertEqual(self.ok(self.by(BOSS).get("/api/v1/exceptions/" + key))
                         .json["revoked_on"], day())

    def test_a_refused_server_is_ordered_off(self):
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.daemon.cli("findings", "refresh")
        row = self.submitted(OUTGOING, "important_convert", THREE, asset=one)
        self.done(BOSS, row, "reject", "rejected", comment="公開を取りやめること")
        self.assertEqual(self.cell(
            "SELECT count(*) FROM finding WHERE asset = '%s' AND rule = 'IMP-01' AND closed_at IS "
            "NULL AND instruction LIKE '%%公開を取りやめること' AND instructed_by = '%s'", one, BOSS),
            "1")
