"""The way around a decision asks what the decision asks; what is decided has its day and its row."""
from test_requests import ADMIN, BOSS, CHIEF, ISO, R, STAFF, Workflow, day

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi
WHY = "CISOが海外出張中で、ログの保存容量が本日中に尽きるため。"


class Several(Workflow):
    """One person with several offices (2.1(2)⑫(a))."""

    def holds(self, person, office):
        """Until the end of the test."""
        self.offices("INSERT INTO role_assignment (person, office, institution, term_from, "
                     "appointed_by, appointed_on) VALUES ('%s', '%s', 'hoshi', current_date, '%s', "
                     "current_date)" % (person, office, BOSS))
        self.addCleanup(self.offices, "DELETE FROM role_assignment WHERE person = '%s' AND office "
                        "= '%s' AND institution = 'hoshi'" % (person, office))

    def offices(self, statement):
        self.daemon.psql("BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER USER; %s; ALTER TABLE "
                         "role_assignment ENABLE TRIGGER USER; COMMIT" % statement)

    def ism(self):
        return self.daemon.value("SELECT person FROM nearest_office('hoshi-its', 'ism', "
                                 "current_date) LIMIT 1")

    def submitted(self, login, kind, attach=(), state="submitted", **members):
        row = self.make(login, kind, **({"reason": "試験のため"} | members))
        self.attach(login, row, *attach)
        self.done(login, row, "submit", state)
        return row

    def around(self, login, row, code=None, case="urgent", **given):
        given = {"case": case, "reason": WHY} | given
        if code:
            return self.no_step(login, row, "unavoidable", code, **given)
        return self.done(login, row, "unavoidable", "awaiting_confirmation", **given)


class Around(Several):
    def test_the_second_leg_is_not_skipped(self):
        ism, one = self.ism(), self.asset("in_operation", 3, sysadmin=STAFF)
        payload = {"destination": "大学", "purpose": "会議", "measures": "暗号化"}
        for designated, code in ((False, "second_leg"), (True, None)):
            row = self.submitted(ism, "media_takeout", state="blocked", asset=one,
                                 valid_to=day(5), payload=payload | {"designated": designated})
            self.around(ism, row, code)
        self.done(ISO, row, "confirm", "approved")

    def test_the_guard_is_asked_and_asked_again(self):
        payload = {"software_name": "gnuplot", "source": "Debian", "signature_checked": True,
                   "target": "server"}
        important = self.asset("planned", 3, sysadmin=ADMIN)
        row = self.submitted(ADMIN, "software_use", state="blocked", asset=important,
                             payload=payload)
        self.around(ADMIN, row, "important")
        plain = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.submitted(ADMIN, "software_use", state="blocked", asset=plain, payload=payload)
        self.around(ADMIN, row)
        # it becomes one behind the back of the trigger that would send it back
        level = "BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET " \
            "important_manual = %s, important_manual_reason = 'x' WHERE asset_no = '%s'; UPDATE request SET subject_sha256 = " \
            "request_digest(request) WHERE request_no = '%s'; COMMIT"
        self.daemon.psql(level % ("true", plain, row.json["request_no"]))
        self.no_step(ISO, row, "confirm", "important")
        self.daemon.psql(level % ("false", plain, row.json["request_no"]))
        self.done(ISO, row, "confirm", "approved")

    def test_no_decision_to_go_around(self):
        """移管: the giving 機関 only agrees."""
        self.holds(BOSS, "iso")
        self.holds(BOSS, "sysadmin")
        there = self.daemon.psql("SELECT o.institution, u.code, o.person FROM role_assignment o "
                                 "JOIN org_unit u ON u.institution = o.institution WHERE o.office "
                                 "= 'sysadmin' AND o.institution <> 'hoshi' AND "
                                 "office_in_force(o, current_date) LIMIT 1")[0]
        row = self.submitted(BOSS, "transfer", asset=self.asset("in_operation", 2, sysadmin=BOSS),
                             payload=dict(zip(("to_institution", "to_unit", "to_sysadmin"), there)))
        self.around(BOSS, row, "no_decision")
        self.done(ISO, row, "consent", "reviewing")

    def handover(self, **payload):
        no = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.daemon.psql(
            "UPDATE asset SET important_state = 'permitted', important_admin = '%s' WHERE asset_no "
            "= '%s'; INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, "
            "status) VALUES ('%s-v1', 'hoshi', '%s', 1, 'submitted')" % (OUTGOING, no, no, no))
        row = self.submitted(BOSS, "handover", ("handover",), asset=no, payload={
            "receiver": ISO, "effective_on": day(), "accounts": "root",
            "open_items": "なし"} | payload)
        self.assertEqual(self.ok(self.step(ISO, row, "accept")).json["state"], "blocked")
        return row

    def test_who_receives_does_not_confirm(self):
        self.holds(BOSS, "iso")
        self.holds(ISO, "important_admin")
        row = self.handover(effective_on=day(3))
        self.around(BOSS, row, "too_early")
        row = self.handover()
        self.around(BOSS, row)
        self.no_step(ISO, row, "confirm", "REQ-02")
        self.no_step(ISO, row, "refuse", "REQ-02", comment="x")
        self.done(CHIEF, row, "confirm", "completed")
        self.assertIn("rules violated", str(self.daemon.psql(
            "UPDATE request SET same_person_confirmed_by = '%s' WHERE request_no = '%s'"
            % (ISO, row.json["request_no"]), check=False)))
