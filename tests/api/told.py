"""What the register has told whom, without a mail server: the notices themselves."""
from test_requests import Workflow


class Told(Workflow):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spread()  # begins here

    @classmethod
    def spread(cls):
        while cls.daemon.psql("SELECT notices_spread(200)", role="daicho_app") == [["t"]]:
            pass

    def told(self, no):
        """Of the newest event about an application or a row: purpose by person."""
        self.spread()
        return dict(self.daemon.psql(
            "SELECT person, purpose FROM notice WHERE event_id = (SELECT max(event_id) FROM notice "
            "WHERE '%s' IN (request, object)) ORDER BY 1" % no))

    def all_told(self, no, purpose=None):
        """Of every event: each person once for each."""
        self.spread()
        return [p for p, why in self.daemon.psql(
            "SELECT person, purpose FROM notice WHERE '%s' IN (request, object) ORDER BY 1" % no)
            if purpose in (None, why)]

    def holders(self, *offices):
        return {p for p, in self.daemon.psql(
            "SELECT DISTINCT person FROM role_assignment r WHERE office = ANY ('{%s}') AND "
            "institution = 'hoshi' AND office_in_force(r, current_date) AND notice_reaches(person)"
            % ",".join(offices))}

    def ism(self, unit="hoshi-its"):
        return {p for p, in self.daemon.psql(
            "SELECT person FROM nearest_office('%s', 'ism', current_date)" % unit)}

    def waiting(self, login, no):
        items = self.ok(self.by(login).get("/api/v1/requests", {
            "waiting_for": "me", "limit": "500"})).json["items"]
        return no in [r["request_no"] for r in items]
