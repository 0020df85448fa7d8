"""REQ: the rules of applications that the other tests do not break, each beside what keeps it."""
from test_requests import (ADMIN, BOSS, CHECKER, CHIEF, ISO, LEADER, MEMBER, STAFF, Workflow,
                           day)

INCOMING = "orihime.t"  # 重要サーバ管理者 of hoshi, as suiseigawa.h
OUTGOING = "suiseigawa.h"
WHY = "機関CISOが不在で、ログの保存容量が本日中に尽きるため。"


class Rules(Workflow):
    def open(self, login=ISO, **members):
        row = self.make(login, "log_period", reason="保存容量のため",
                        payload={"days": 60, "device_class": "複合機"}, **members)
        self.done(login, row, "submit", "submitted")
        return row

    def found(self, row, rule):
        return self.daemon.value("SELECT count(*) FROM finding WHERE ledger = 'request' AND object "
                                 "= '%s' AND rule = '%s' AND closed_at IS NULL"
                                 % (row.json["request_no"], rule))

    def refuses(self, code, sql, row):
        self.assertIn(code, str(self.daemon.psql(sql % row.json["request_no"], check=False)))

    def test_req_04_another_office_than_the_one_that_decides(self):
        row = self.open()
        self.done(BOSS, row, "approve", "approved")
        self.refuses("REQ-04", "UPDATE request SET approver_office = 'iso' WHERE request_no = "
                     "'%s'", row)
        self.daemon.psql("UPDATE request SET conditions = 'x' WHERE request_no = '%s'"
                         % row.json["request_no"])

    def test_req_06_nobody_checks_themselves(self):
        row = self.make(BOSS, "qualification", subject_person=CHECKER, reason="確認のため",
                        payload={"skills": "研修受講済み"})
        self.done(BOSS, row, "submit", "submitted")
        self.no_step(BOSS, row, "assign", "REQ-06", person=CHECKER)
        self.done(BOSS, row, "assign", "reviewing", person="bunkou.i")
        self.no_step(CHECKER, row, "qualify", "REQ-03", result="pass", comment="適")
        self.refuses("stays on record", "UPDATE request_step SET acted_by = 'wakusei.a' WHERE "
                     "request = '%s'", row)

    def test_req_08_soon_over(self):
        payload = {"information": "目録", "confidentiality": 2, "recipient": "大学", "means": "mail",
                   "cautions": "複製しない"}
        for days, count in ((10, "1"), (90, "0")):
            row = self.make(STAFF, "provide_outside", reason="x", payload=payload,
                            valid_to=day(days))
            self.ok(self.step(STAFF, row, "submit"))
            ism = self.daemon.value("SELECT person FROM nearest_office((SELECT unit FROM person "
                                    "WHERE login = '%s'), 'ism', current_date) LIMIT 1" % STAFF)
            self.done(ism, row, "approve", "approved")
            self.assertEqual(self.found(row, "REQ-08"), count)

    def test_req_10_problems_are_reported(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        client = self.client(LEADER, "csirt_leader")
        for problem, count in ((True, "1"), (False, "0")):
            row = self.make(LEADER, "csirt_audit", client, asset=one, reason="確認",
                            payload={"scope": "設定"})
            self.done(LEADER, row, "submit", "submitted")
            self.done(ADMIN, row, "schedule", "reviewing", on=day(3))
            self.done(LEADER, row, "report", "completed", problem=problem, comment="結果")
            self.assertEqual(self.found(row, "REQ-10"), count)
            self.done(LEADER, row, "report_upward", "completed", comment="報告済み")
            self.assertEqual(self.found(row, "REQ-10"), "0")

    def test_req_11_the_receiver_holds_the_office(self):
        no = self.asset("in_operation", 3, sysadmin=OUTGOING)
        self.daemon.psql("UPDATE asset SET important_state = 'permitted', important_admin = '%s' "
                         "WHERE asset_no = '%s'" % (OUTGOING, no))
        given = {"effective_on": day(), "accounts": "root", "open_items": "なし"}
        row = self.make(OUTGOING, "handover", asset=no, reason="異動",
                        payload=given | {"receiver": MEMBER})
        self.attach(OUTGOING, row, "handover")
        # ⑧(e)(g): what is handed over is written down
        self.no_step(OUTGOING, row, "submit", "catalogue_missing")
        self.daemon.psql("INSERT INTO system_catalogue (catalogue_no, institution, asset, "
                         "version_no, status, submitted_at) VALUES ('%s-v1', 'hoshi', '%s', 1, "
                         "'submitted', now())"
                         % (no, no))
        self.done(OUTGOING, row, "submit", "submitted")
        self.no_step(MEMBER, row, "accept", "REQ-11")
        self.done(OUTGOING, row, "withdraw", "withdrawn")
        row = self.make(OUTGOING, "handover", asset=no, reason="異動",
                        payload=given | {"receiver": INCOMING, "effective_on": day(3)})
        self.attach(OUTGOING, row, "handover")
        self.done(OUTGOING, row, "submit", "submitted")
        self.done(INCOMING, row, "accept", "reviewing")
        self.no_step(BOSS, row, "confirm_handover", "too_early")

    def test_req_21_who_is_no_party_decides_as_usual(self):
        row = self.open()
        self.no_step(BOSS, row, "unavoidable", "REQ-21", case="urgent", reason=WHY)
        self.no_step(BOSS, row, "escalate", "REQ-21")
        self.done(BOSS, row, "approve", "approved")

    def offices(self, *statements):
        self.daemon.psql("BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER USER; %s; ALTER TABLE "
                         "role_assignment ENABLE TRIGGER USER; COMMIT" % "; ".join(statements))

    def test_req_24_nobody_above(self):
        chief = "UPDATE role_assignment SET term_to = %s WHERE person = '%s' AND office = 'ciso'"
        back = chief % (self.daemon.value("SELECT quote_literal(term_to) FROM role_assignment "
                                          "WHERE person = '%s' AND office = 'ciso'" % CHIEF), CHIEF)
        self.offices("INSERT INTO role_assignment (person, office, institution, term_from, "
                     "appointed_by, appointed_on) VALUES ('%s', 'iso', 'hoshi', current_date, '%s',"
                     " current_date)" % (BOSS, BOSS), chief % ("current_date - 1", CHIEF))
        self.addCleanup(self.offices, back, "DELETE FROM role_assignment WHERE person = '%s' AND "
                        "office = 'iso'" % BOSS)
        row = self.make(BOSS, "log_period", reason="x",
                        payload={"days": 70, "device_class": "複合機"})
        self.assertEqual(self.ok(self.step(BOSS, row, "submit")).json["state"], "blocked")
        self.no_step(BOSS, row, "escalate", "REQ-24")
        self.offices(back)
        self.done(BOSS, row, "escalate", "submitted")

    def test_imp_12_and_13_who_is_appointed(self):
        self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, "
                         "person_kind) VALUES ('rules.a', 'hoshi', '試験', 'x@example.jp', "
                         "'hoshi-its', 'employee')")
        row = self.make(ISO, "appoint_important_admin", subject_person="rules.a", reason="x",
                        payload={"qualification": "R99999999", "scope_note": "全所",
                                 "term_from": day()})
        self.no_step(ISO, row, "submit", "IMP-13")
        row = self.make(ISO, "appoint_important_admin", subject_person=ADMIN, reason="x", payload={
            "qualification": "R99999999", "scope_note": "全所", "term_from": day()})
        self.assertNotIn("IMP-13", self.no_step(ISO, row, "submit", "IMP-11").codes)
        # against the result: only with a reason, which then is no finding
        check = self.make(BOSS, "qualification", subject_person=ADMIN, reason="x",
                          payload={"skills": "なし"})
        self.done(BOSS, check, "submit", "submitted")
        self.done(BOSS, check, "assign", "reviewing", person=CHECKER)
        self.done(CHECKER, check, "qualify", "completed", result="fail", comment="経験不足")
        row = self.make(ISO, "appoint_important_admin", subject_person=ADMIN, reason="x", payload={
            "qualification": check.json["request_no"], "scope_note": "全所", "term_from": day()})
        self.done(ISO, row, "submit", "submitted")
        self.no_step(BOSS, row, "approve", "IMP-12")
        self.done(BOSS, row, "approve", "approved", comment="副担当が補う")
        self.assertEqual(self.found(row, "IMP-12"), "0")
        self.daemon.psql("UPDATE request SET decision_reason = NULL WHERE request_no = '%s'"
                         % row.json["request_no"])
        self.assertEqual(self.found(row, "IMP-12"), "1")
        self.done(BOSS, row, "revoke", "revoked", comment="試験")
