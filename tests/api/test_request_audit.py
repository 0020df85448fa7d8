"""WF-27: what a leader's audit found is put right by who runs the server, and looked at again."""
from test_requests import ADMIN, BOSS, LEADER, R, day
from told import Told


class Audit(Told):
    def audited(self, problem=True):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.make(LEADER, "csirt_audit", self.client(LEADER, "csirt_leader"), asset=one,
                        reason="設定の確認", payload={"scope": "設定"})
        no = row.json["request_no"]
        self.done(LEADER, row, "submit", "submitted")
        self.assertEqual(self.told(no), {ADMIN: "act"})
        self.assertTrue(self.waiting(ADMIN, no))
        self.done(ADMIN, row, "schedule", "reviewing", on=day(3))
        self.assertEqual(self.told(no), {LEADER: "act"})
        self.assertTrue(self.waiting(LEADER, no))
        self.done(LEADER, row, "report", "completed", problem=problem, comment="結果")
        return row, no

    def mine(self, login, row):
        steps = self.ok(self.by(login).get("%s/%s/actions" % (R, row.json["request_no"]))).json
        return {s["action"] for s in steps["items"] if s["mine"]}

    def test_a_problem_is_put_right(self):
        row, no = self.audited()
        self.assertEqual(self.told(no), {ADMIN: "act"})
        self.assertTrue(self.waiting(ADMIN, no))
        self.assertEqual(self.mine(ADMIN, row), {"correct"})
        # REQ-10: the leader's own duty, until it is done
        self.assertTrue(self.waiting(LEADER, no))
        self.done(LEADER, row, "report_upward", "completed", comment="報告した")
        self.assertEqual(self.told(no), {BOSS: "told"})
        self.assertFalse(self.waiting(LEADER, no))
        self.done(ADMIN, row, "correct", "completed", on=day(), comment="設定を直した")
        self.assertEqual(self.told(no), {LEADER: "act"})
        self.assertFalse(self.waiting(ADMIN, no))
        self.assertTrue(self.waiting(LEADER, no))
        # not yet: once more
        self.done(LEADER, row, "check_correction", "completed", problem=True, comment="残る")
        self.assertEqual(self.told(no), {ADMIN: "act"})
        self.assertTrue(self.waiting(ADMIN, no))
        self.done(ADMIN, row, "correct", "completed", on=day(), comment="残りも直した")
        self.done(LEADER, row, "check_correction", "completed", problem=False, comment="よい")
        self.assertEqual(self.told(no), {ADMIN: "told"})
        self.assertFalse(self.waiting(ADMIN, no) or self.waiting(LEADER, no))
        self.assertEqual(self.mine(ADMIN, row), set())
        self.no_step(ADMIN, row, "correct", "nothing_open", on=day(), comment="もう一度")

    def test_nothing_was_found(self):
        row, no = self.audited(problem=False)
        self.assertEqual(self.told(no), {ADMIN: "decided"})
        self.assertFalse(self.waiting(ADMIN, no) or self.waiting(LEADER, no))
        self.no_step(ADMIN, row, "correct", "nothing_open", on=day(), comment="なし")
        self.no_step(LEADER, row, "check_correction", "not_corrected", problem=False, comment="-")

    def test_by_whom_and_when(self):
        row, _ = self.audited()
        self.no_step(LEADER, row, "check_correction", "not_corrected", problem=False, comment="-")
        self.no_step(ADMIN, row, "correct", "not_yet", on=day(1), comment="予定")
        self.no_step(ADMIN, row, "correct", "required", on=day())
        self.done(ADMIN, row, "correct", "completed", on=day(), comment="直した")
        self.no_step(BOSS, row, "check_correction", "REQ-03", problem=False, comment="他人")
        self.no_step(ADMIN, row, "check_correction", "REQ-03", problem=False, comment="本人")
        self.no_step(BOSS, row, "correct", "REQ-03", on=day(), comment="他人")

    def test_who_runs_it_meanwhile_does_not_look(self):
        """⑫(b): the leader has become its administrator."""
        row, no = self.audited()
        self.done(ADMIN, row, "correct", "completed", on=day(), comment="直した")
        self.daemon.psql("UPDATE asset SET operator = '%s' WHERE asset_no = '%s'"
                         % (LEADER, row.json["asset"]))
        self.no_step(LEADER, row, "check_correction", "auditor_audited", problem=False, comment="-")
        self.done(LEADER, row, "report_upward", "completed", comment="報告した")
        self.assertFalse(self.waiting(LEADER, no))
