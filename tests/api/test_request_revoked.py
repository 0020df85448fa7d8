"""取消し of an appointment: by who appointed, by the office above, by nobody else."""
from test_requests import BOSS, CHIEF, ISO, STAFF, R, Workflow, day


class Appointments(Workflow):
    def appointed(self, person=STAFF):
        row = self.make(ISO, "appoint_sysadmin", subject_person=person, reason="増員", payload={
            "scope_note": "端末", "term_from": day()})
        self.done(ISO, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        return row

    def revoked_on(self, row):
        return self.daemon.value("SELECT coalesce(revoked_on::text, '') FROM role_assignment WHERE "
                                 "appointment_request = '%s'" % row.json["request_no"])

    def test_the_office_above_takes_it_back(self):
        row = self.appointed()
        steps = self.ok(self.by(CHIEF).get("%s/%s/actions" % (R, row.json["request_no"]))).json
        offered = [s for s in steps["items"] if s["action"] == "revoke"]
        self.assertEqual([(s["mine"], s["refused"]) for s in offered], [(True, [])])
        self.done(CHIEF, row, "revoke", "revoked", comment="指名の要件を欠くため")
        self.assertEqual(self.revoked_on(row), day())

    def test_who_appointed_takes_it_back_and_nobody_below(self):
        row = self.appointed()
        self.no_step(ISO, row, "revoke", "REQ-03", comment="指名の要件を欠くため")
        self.no_step(STAFF, row, "revoke", "REQ-03", comment="指名の要件を欠くため")
        self.assertEqual(self.revoked_on(row), "")
        self.done(BOSS, row, "revoke", "revoked", comment="指名の要件を欠くため")
        self.assertEqual(self.revoked_on(row), day())

    def test_without_the_application_it_is_not_for_the_office_above(self):
        """What is refused names the appointment, not who made it."""
        row = self.appointed()
        no = self.daemon.value("SELECT office_no FROM role_assignment WHERE appointment_request = "
                               "'%s'" % row.json["request_no"])
        status, said = self.daemon.psql(
            "SET daicho.person = '%s'; SET daicho.office = 'ciso'; SET daicho.scope = '{hoshi}'; "
            "UPDATE role_assignment SET revoked_on = current_date, revoke_reason = '%s' WHERE "
            "office_no = '%s'" % (CHIEF, row.json["request_no"], no), role="daicho_app",
            check=False)
        self.assertNotEqual(status, 0)
        self.assertIn("revoked_on", said)
        self.assertIn(no, said)
        self.assertNotIn("appointed_by", said)
        self.assertEqual(self.revoked_on(row), "")
