"""What comes of each kind of application when it is decided, and is undone when it is revoked."""
from test_requests import ADMIN, BOSS, ISO, LEADER, R, STAFF, THREE, Workflow, day

OTHER_ISO, OTHER_ADMIN, NEW = "shinkai.t", "namima.j", "effect.a"
OUTGOING, INCOMING = "suiseigawa.h", "orihime.t"  # 重要サーバ管理者 of hoshi


class Effects(Workflow):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.psql(
            "INSERT INTO person (login, institution, name_ja, email, unit, person_kind) VALUES "
            "('%s', 'hoshi', '試験', 'x@example.jp', 'hoshi-its', 'employee')" % NEW)

    def test_appoint_sysadmin(self):
        row, no = self.approved(ISO, "appoint_sysadmin", BOSS, subject_person=NEW, payload={
            "scope_note": "端末", "term_from": day()})
        sql = "SELECT office || coalesce(revoke_reason, '') FROM role_assignment WHERE " \
            "appointment_request = '%s'"
        self.assertEqual(self.cell(sql, no), "sysadmin")
        self.done(BOSS, row, "revoke", "revoked", comment="交代")
        self.assertEqual(self.cell(sql, no), "sysadmin交代")

    def test_deputy_iso(self):
        _, no = self.approved(ISO, "deputy_iso", BOSS, subject_person=NEW, payload={
            "scope_note": "管理部", "range_units": ["hoshi-its"], "powers": ["area_designation"],
            "term_from": day(), "term_to": day(90)})
        self.assertEqual(self.cell("SELECT delegable_powers FROM role_assignment WHERE "
                                   "appointment_request = '%s'", no), "{area_designation}")

    def test_area(self):
        area = self.cell("SELECT code FROM area WHERE institution = 'hoshi' AND NOT is_controlled "
                         "LIMIT 1")
        row, _ = self.approved(ADMIN, "area_designation", ISO, payload={
            "area": area, "extent": "全体", "entry_control": "card", "leased": False})
        sql = "SELECT is_controlled::text || designated_by FROM area WHERE code = '%s'"
        self.assertEqual(self.cell(sql, area), "true" + ISO)
        self.done(ISO, row, "revoke", "revoked", comment="移転")
        self.assertEqual(self.cell(sql, area), "false" + ISO)

    def test_connection(self):
        net = self.cell("SELECT asset_no FROM asset WHERE institution = 'hoshi' AND asset_type = "
                        "'network' AND state = 'in_operation' LIMIT 1")
        self.daemon.psql("UPDATE asset SET sysadmin = '%s', network_max_confidentiality = 2 WHERE "
                         "asset_no = '%s'" % (ADMIN, net))
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        secret = self.asset("in_operation", 3, sysadmin=STAFF)
        row = self.submitted(STAFF, "network_connection", asset=secret, payload={"network": net})
        self.no_step(ADMIN, row, "approve", "above_network")
        row, no = self.approved(STAFF, "network_connection", ADMIN, asset=one,
                                payload={"network": net})
        sql = "SELECT asset || coalesce(ended_on::text, '') FROM network_connection WHERE " \
            "request = '%s'"
        self.assertEqual(self.cell(sql, no), one)
        self.done(STAFF, row, "complete", "completed")
        self.assertEqual(self.cell(sql, no), one + day())

    def test_software(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row, no = self.approved(OUTGOING, "software_use", ADMIN, asset=None, payload={
            "software_name": "gnuplot", "source": "Debian", "signature_checked": True,
            "target": "both"})
        sql = "SELECT count(*) FROM software_allowlist WHERE request = '%s'"
        self.assertEqual(self.cell(sql, no), "1")
        self.done(ADMIN, row, "revoke", "revoked", comment="サポート終了")
        self.assertEqual(self.cell(sql, no), "0")
        important = self.asset("planned", 3, sysadmin=ADMIN)
        self.assertNotEqual(one, important)

    def test_two_legs(self):
        one = self.asset("in_operation", 4, sysadmin=STAFF)
        payload = {"place": "自宅", "measures": "暗号化"}
        row = self.submitted(STAFF, "c4_offsite_work", asset=one, valid_to=day(10),
                             payload=payload)
        ism = self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                        "LIMIT 1")
        self.no_step(ism, row, "approve", "second_leg")
        self.done(ism, row, "endorse", "reviewing")
        self.no_step(ism, row, "approve", "REQ-03")
        self.done(BOSS, row, "approve", "approved")
        self.no_step(STAFF, self.make(STAFF, "c4_offsite_work", asset=one, valid_to=day(90),
                                      reason="x", payload=payload), "submit", "term_too_long")

    def test_rating(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        row = self.submitted(STAFF, "rating_review", asset=one, payload={
            "confidentiality": 3, "confidentiality_basis": "c3_management"})
        ism = self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                        "LIMIT 1")
        self.done(ism, row, "approve", "approved")
        self.assertEqual(self.cell("SELECT confidentiality || rating_status || rating_by FROM "
                                   "asset WHERE asset_no = '%s'", one), "3confirmed" + ism)

    def test_disposal(self):
        one = self.asset("retired", 2, sysadmin=ADMIN)
        payload = {"method": "destroy", "sanitised_on": day(), "sanitised_by": "担当者"}
        own = self.make(ADMIN, "disposal", reason="廃棄", asset=one, payload=payload)
        self.done(ADMIN, own, "submit", "blocked")  # nobody else administers it
        self.done(ADMIN, own, "escalate", "submitted")
        self.done(ISO, own, "verify", "completed")
        self.assertEqual(self.cell("SELECT a.state || d.confirmed_by FROM asset a JOIN "
                                   "disposal_record d ON d.asset = a.asset_no WHERE a.asset_no = "
                                   "'%s'", one), "sanitised" + ISO)

    def test_transfer(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.submitted(ADMIN, "transfer", asset=one, payload={
            "to_institution": "umi", "to_unit": "umi-its", "to_sysadmin": OTHER_ADMIN})
        self.done(ISO, row, "consent", "reviewing")
        self.done(OTHER_ISO, row, "take_over", "completed")
        self.assertEqual(self.cell("SELECT state FROM asset WHERE asset_no = '%s'", one),
                         "transferred")
        self.assertEqual(self.cell("SELECT institution || unit || sysadmin || rating_status FROM "
                                   "asset WHERE note LIKE '%%%s%%'", row.json["request_no"]),
                         "umiumi-its" + OTHER_ADMIN + "provisional")

    def test_important_software_handover_release(self):
        one = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.catalogue(one)
        self.approved(OUTGOING, "important_convert", BOSS, THREE, asset=one)
        row, no = self.approved(OUTGOING, "important_software", BOSS, THREE, asset=one,
                                performed_by_contractor=False, payload={
            "software": ["nginx 1.22.1", "rsync"], "source": "Debian"})
        self.done(OUTGOING, row, "complete", "completed", on=day())
        self.assertEqual(self.cell("SELECT string_agg(software_name || '=' || version, ',' ORDER "
                                   "BY software_name) FROM asset_software WHERE asset = '%s'",
                                   one), "nginx=1.22.1,rsync=-")
        self.assertEqual(self.cell("SELECT string_agg(version_no || status, ',' ORDER BY "
                                   "version_no) FROM system_catalogue WHERE asset = '%s'", one),
                         "1superseded,2submitted")
        self.assertTrue(no)
        h = self.submitted(OUTGOING, "handover", ("handover",), asset=one, payload={
            "receiver": INCOMING, "effective_on": day(), "accounts": "root", "open_items": "なし"})
        self.no_step(ISO, h, "accept", "REQ-03")
        place = "%s/%s" % (R, h.json["request_no"])
        listed = self.ok(self.by(INCOMING).get(place + "/open-items")).json["items"]
        self.assertTrue({"finding"} <= {i["kind"] for i in listed}, listed)
        self.done(INCOMING, h, "accept", "reviewing")
        accepted = self.ok(self.by(BOSS).get(place + "/steps")).json["items"][-1]["given"]["open"]
        self.assertEqual([i["code"] for i in accepted], [i["code"] for i in listed])
        self.daemon.psql("INSERT INTO asset_user (institution, asset, person) VALUES ('hoshi',"
                         " '%s', '%s')" % (one, OUTGOING))
        self.done(BOSS, h, "confirm_handover", "completed")
        self.assertEqual(self.cell("SELECT important_admin || sysadmin FROM asset WHERE asset_no "
                                   "= '%s'", one), INCOMING * 2)
        # what is left to do: the one before has access still
        opened = "SELECT count(*) FROM finding WHERE object = '%s' AND rule = 'REQ-26' AND " \
            "closed_at IS NULL"
        self.assertEqual(self.cell(opened, h.json["request_no"]), "1")
        self.assertIn(h.json["request_no"], [r["request_no"] for r in self.by(INCOMING).get(
            R, {"waiting_for": "me", "limit": "500"}).json["items"]])
        self.no_step(OUTGOING, h, "report_removed", "REQ-03", on=day())
        self.done(INCOMING, h, "report_removed", "completed", on=day())
        self.assertEqual((self.cell(opened, h.json["request_no"]),
                          self.cell("SELECT count(*) FROM asset_user WHERE asset = '%s'", one)),
                         ("0", "0"))
        # the receiver has a draft of the next catalogue: accounts and holders have changed
        self.assertEqual(self.cell("SELECT status || based_on FROM system_catalogue WHERE asset = "
                                   "'%s' AND version_no = 3", one), "draft%s-v2" % one)
        r = self.make(INCOMING, "important_release", asset=one, reason="x",
                      payload={"evidence": "機密性2へ"})
        self.done(INCOMING, r, "submit", "submitted")
        self.no_step(BOSS, r, "approve", "still_important")

    def test_cloud(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN, kind="cloud_service")
        payload = {"max_confidentiality": 2, "ismap": "not_listed", "ismap_checked_on": day()}
        row = self.make(ADMIN, "cloud_use", asset=one, reason="x", payload=payload)
        self.no_step(ADMIN, row, "submit", "required")
        row, no = self.approved(ADMIN, "cloud_use", BOSS, asset=one, payload=payload | {
            "risk_and_measures": "国内保存"})
        self.assertEqual(self.cell("SELECT cloud_approval_request FROM asset WHERE asset_no = "
                                   "'%s'", one), no)
        self.done(ADMIN, row, "complete", "completed", on=day())

    def test_social_media_and_non_issued(self):
        one = self.asset("in_operation", 1, sysadmin=ADMIN, kind="social_media")
        _, no = self.approved(ISO, "social_media", BOSS, asset=one, payload={
            "operators": "広報", "spoofing": "認証済み"})
        self.assertEqual(self.cell("SELECT sns_permit_request FROM asset WHERE asset_no = '%s'",
                                   one), no)
        ism = self.cell("SELECT person FROM nearest_office('hoshi-its', 'ism', current_date) "
                        "LIMIT 1")
        yes = {n: True for n in ("os_supported", "updated", "malware_protection", "encrypted",
                                 "locked")}
        row = self.submitted(STAFF, "non_issued_terminal", asset=self.asset(
            "in_operation", 2, sysadmin=STAFF, kind="terminal"), valid_to=day(90), payload=yes | {
                "use": "観測", "erase_plan": "消去", "locked": False})
        self.no_step(ism, row, "approve", "not_met", comment="確認した")
        terminal = self.asset("in_operation", 2, sysadmin=STAFF, kind="terminal")
        row, no = self.approved(STAFF, "non_issued_terminal", ism, asset=terminal,
                                valid_to=day(90), given={"comment": "確認した"},
                                payload=yes | {"use": "観測", "erase_plan": "消去"})
        sql = "SELECT coalesce(non_issued_request, '-') FROM asset WHERE asset_no = '%s'"
        self.assertEqual(self.cell(sql, terminal), no)
        self.done(ism, row, "revoke", "revoked", comment="紛失")
        self.assertEqual(self.cell(sql, terminal), "-")

    def test_send_share(self):
        payload = {"information": "名簿", "confidentiality": 3, "recipient": "共同研究先",
                   "encryption": "AES", "misdelivery": "二人で確認"}
        bad = self.make(STAFF, "send_share", reason="x", payload=payload | {
            "means": "mail", "destination": "outside"})
        self.no_step(STAFF, bad, "submit", "forbidden_means")

    def test_recheck_and_audit(self):
        row = self.make(LEADER, "recheck", subject_person=OUTGOING,
                        payload={"wanted": "recheck"})
        self.no_step(LEADER, row, "submit", "REQ-09")
        row = self.submitted(LEADER, "recheck", subject_person=OUTGOING,
                             payload={"wanted": "recheck"})
        self.done(BOSS, row, "order_recheck", "reviewing")
        self.assertEqual(self.cell("SELECT count(*) FROM request WHERE request_type = "
                                   "'qualification' AND reason LIKE '%s%%'",
                                   row.json["request_no"]), "1")
        self.no_step(BOSS, row, "approve", "not_rechecked")
        self.done(BOSS, row, "reject", "rejected", comment="適と認めた")
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        # of several offices the one in which the asset is seen
        client = self.client(LEADER, "csirt_leader")
        row = self.make(LEADER, "csirt_audit", client, asset=one, reason="設定の確認",
                        payload={"scope": "設定"})
        self.done(LEADER, row, "submit", "submitted")
        self.done(ADMIN, row, "schedule", "reviewing", on=day(3))
        self.done(LEADER, row, "report", "completed", problem=True, comment="是正が必要")
        self.done(LEADER, row, "report_upward", "completed", comment="報告済み")
        mine = self.asset("in_operation", 2, sysadmin=LEADER)
        own = self.make(LEADER, "csirt_audit", client, asset=mine, reason="x",
                        payload={"scope": "設定"})
        self.no_step(LEADER, own, "submit", "auditor_audited")
