"""Applications as their readers see them: differences, possible steps, moments, faults."""
from test_requests import BOSS, ISO, MEMBER, R, STAFF, THREE, Workflow, day

ADMIN = "suiseigawa.h"  # 重要サーバ管理者


class Read(Workflow):
    def submitted(self):
        no = self.asset("in_operation", 3, sysadmin=ADMIN)
        row = self.make(ADMIN, "important_convert", asset=no, reason="機密性3のため")
        self.attach(ADMIN, row, *THREE)
        self.done(ADMIN, row, "submit", "submitted")
        return row

    def parts(self, login, row):
        """What the daemon's role is told for this person, whatever the daemon asks before."""
        rows = self.daemon.psql(
            "SELECT set_config('daicho.person', '%s', false), set_config('daicho.institutions', "
            "'{hoshi}', false); SELECT DISTINCT part FROM request_diff('%s', 'permitted')"
            % (login, row.json["request_no"]), role="daicho_app")
        return {r[0] for r in rows[1:]}

    def test_differences_are_for_who_sees(self):
        row = self.submitted()
        self.assertLessEqual({"reason", "documents"}, self.parts(ADMIN, row))
        self.assertEqual(self.parts(STAFF, row), set())
