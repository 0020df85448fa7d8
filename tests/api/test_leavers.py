"""Who leaves: duties are handed over first, access ends within a second, the report."""
from harness import Case, wait


class Leavers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def person(self, office="sysadmin", institution="hoshi"):
        """A new person, in an office since long ago; made where the machine stands."""
        Leavers.number += 1
        login = "leaver%d" % Leavers.number
        unit = {"hoshi": "hoshi-its", "umi": "umi-its"}[institution]
        self.daemon.psql(
            "INSERT INTO person (login, institution, name_ja, email, unit, person_kind) VALUES "
            "('%s', '%s', '試験', 'x@example.jp', '%s', 'employee')" % (login, institution, unit))
        if office:
            self.office(login, office, institution)
        return login

    def office(self, login, office, institution):
        self.daemon.psql(
            "INSERT INTO role_assignment (person, office, institution, scope_note, term_from,"
            " appointed_by) VALUES ('%s', '%s', '%s', 'x', '2026-04-01', '%s')"
            % (login, office, institution,
               {"hoshi": "subaruno.k", "umi": "shiosai.k"}[institution]))

    def duty(self, login, state="in_operation", institution="hoshi"):
        unit = {"hoshi": "hoshi-its", "umi": "umi-its"}[institution]
        return self.daemon.value(
            "INSERT INTO asset (institution, unit, name, location_text, asset_type,"
            " confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
            " internal_media_encryption, users_text, state, sysadmin) VALUES ('%s', '%s', "
            "'退職試験', 'x', 'server', 2, 'c2_internal', false, false, 'full', 'x', '%s', '%s')"
            " RETURNING asset_no" % (institution, unit, state, login))

    def leave(self, login, query=None, **members):
        place = "/api/v1/persons/" + login
        etag = self.ok(self.keeper.get(place)).etag
        return self.keeper.patch(place, members or {"active": False, "left_on": "2026-11-20"},
                                 etag, query)

    def test_refused_with_what_hangs(self):
        login = self.person()
        assets = sorted([self.duty(login, s) for s in ("planned", "in_operation", "suspended")])
        for members in ({}, {"active": False}, {"left_on": "2030-03-31"}):
            a = self.leave(login, **members)
            self.refused(a, 422, "leaver_has_duties", ["leaver_has_duties"] * 3)
            for no in assets:
                self.assertTrue(any(no in f["message"] for f in a.json["errors"]), a)
        place = "/api/v1/persons/" + login
        now = self.ok(self.keeper.get(place))
        self.assertTrue(now.json["active"])
        self.refused(self.keeper.put(place, now.json | {"active": False}, now.etag), 422,
                     "leaver_has_duties")
        table = [{"login": login, "active": "false"}]
        a = self.keeper.table("persons", table, {"mode": "update", "key": "login"})
        self.refused(a, 422, "invalid", ["leaver_has_duties"] * 3)
        self.assertEqual(self.ok(self.keeper.get(place)).json, now.json)

    def test_no_duties(self):
        login = self.person()
        self.duty(login, "draft")
        self.duty(login, "retired")
        self.assertFalse(self.ok(self.leave(login)).json["active"])

    def test_other_changes(self):
        login = self.person()
        self.duty(login)
        self.ok(self.leave(login, name_kana="シケン"))

    def test_successor(self):
        login, successor = self.person(), self.person()
        no = self.duty(login)
        a = self.ok(self.leave(login, {"successor": successor}))
        self.assertFalse(a.json["active"])
        self.assertEqual(self.daemon.psql(
            "SELECT a.sysadmin, e.person, e.reason, e.operation FROM asset a JOIN audit_event e "
            "ON e.object = a.asset_no AND e.version = a.row_version WHERE a.asset_no = '%s'" % no),
            [[successor, "eisei.r", "successor of " + login, "changePerson"]])

    def test_wrong_successor(self):
        login = self.person()
        no = self.duty(login)
        for successor in (self.person(office=None), self.person(office="staff"),
                          self.person(institution="umi"), login, "nobody.x", "tasogare.b"):
            a = self.leave(login, {"successor": successor})
            self.refused(a, 422, "rules_violated", ["not_a_successor"])
        good = self.person()
        self.refused(self.leave(login, {"successor": good}, name_kana="シケン"), 400)
        self.refused(self.leave(login, {"successor": good}, active="x"), 422)
        a = self.keeper.patch("/api/v1/persons/" + login, {"active": False}, '"99"',
                              {"successor": good})
        self.refused(a, 412)
        self.ok(self.leave(login, {"successor": good, "dry_run": "true"}))
        self.assertEqual(self.daemon.value("SELECT sysadmin FROM asset WHERE asset_no = '%s'"
                                           % no), login)

    def test_rows_of_another_institution(self):
        login = self.person()
        self.office(login, "sysadmin", "umi")
        foreign = self.duty(login, institution="umi")
        a = self.leave(login)
        self.refused(a, 422, "leaver_has_duties")
        self.assertNotIn(foreign, a.text)
        self.refused(self.leave(login, {"successor": self.person()}), 422, "leaver_has_duties")

    def test_access_ends(self):
        login = self.person()
        token = self.daemon.cli("token", "issue", login).stdout.decode().split()[-1]
        self.ok(self.nobody.get("/api/v1/me", token=token))
        self.ok(self.leave(login))
        wait(lambda: self.nobody.get("/api/v1/me", token=token).status == 401,
             "the token ends", 2)

    def test_report(self):
        login = self.person("staff")
        self.daemon.psql("UPDATE asset SET operator = '%s' WHERE asset_no = '%s'"
                         % (login, self.duty("suiseigawa.h")))
        self.daemon.cli("token", "issue", login)
        self.ok(self.leave(login))
        a = self.ok(self.keeper.get("/api/v1/reports/leavers"))
        people = {p["login"]: p for p in a.json["items"]}
        self.assertEqual({(d["kind"], d["role"]) for d in people[login]["duties"]},
                         {("asset", "operator"), ("office", "staff"), ("token", None)})
        self.assertNotIn("suiseigawa.h", people)
        rows = self.ok(self.keeper.get("/api/v1/reports/leavers", {"format": "csv"})).rows
        self.assertEqual({(r["kind"], r["role"]) for r in rows if r["login"] == login},
                         {("asset", "operator"), ("office", "staff"), ("token", "")})
        lines = self.ok(self.keeper.get("/api/v1/reports/leavers", {"format": "ndjson"})).lines
        self.assertEqual({p["login"] for p in lines}, set(people))
        foreign = self.ok(self.client("namima.j").get("/api/v1/reports/leavers"))
        self.assertNotIn(login, [p["login"] for p in foreign.json["items"]])

    def test_report_refused(self):
        path = "/api/v1/reports/leavers"
        self.refused(self.keeper.get(path, {"days": "x"}), 400)
        self.refused(self.keeper.get(path, {"days": "-1"}), 400)
        self.refused(self.keeper.get(path, {"format": "xml"}), 400)
        self.refused(self.keeper.get(path, {"what": "1"}), 400)
        self.refused(self.staff.get(path), 403)
        self.refused(self.nobody.get(path), 401)
