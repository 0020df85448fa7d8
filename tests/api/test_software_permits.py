"""2.1(2)⑧(f): which software of an important server takes a permission, and what it covers."""
from test_catalogues import C, OWNER, SOFTWARE, Catalogue
from test_requests import BOSS, ISO, day

I = "/api/v1/institutions/hoshi"


class Permits(Catalogue):
    def tearDown(self):
        self.daemon.psql("BEGIN; SELECT set_config('daicho.scope', '*', true); UPDATE institution "
                         "SET software_permits = 'major' WHERE code = 'hoshi'; COMMIT")
        super().tearDown()

    def with_software(self, one, *lines):
        """The next version with these lines (name, version) beside what the first one has."""
        row = self.draft(one)
        a = self.put(row, {"software": SOFTWARE[1:] + [
            {"software_name": n, "version": v} | more for n, v, more in lines]})
        return self.again(row), self.ok(a).json["needs_permission"]

    def install(self, one, *lines, end="approved"):
        p = self.apply(one, "important_software", performed_by_contractor=False, payload={
            "software": list(lines), "source": "Debian"})
        self.done(OWNER, p, "submit", "submitted")
        self.done(BOSS, p, "approve" if end == "approved" else "reject", end, comment="確認")
        return p

    def needs(self, row):
        return self.again(row).json["needs_permission"]

    def found(self, one):
        return "IMP-15" in self.violations("asset", one)

    def test_a_major_version_is_another_product(self):
        one, _ = self.permitted()
        deb = {"type": "deb", "arch": "amd64", "source_name": "nginx"}
        row, needed = self.with_software(one, ("nginx", "1.26.0-1", deb), ("redis", "7.0", {}))
        self.assertEqual(needed, ["redis 7.0"])  # an update is none
        self.ok(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"], row.etag), 204)
        row, needed = self.with_software(one, ("nginx", "2.0.1-1", deb),
                                         ("libnginx-mod", "2.0.1-1", deb))
        self.assertEqual(needed, ["libnginx-mod 2.0.1-1", "nginx 2.0.1-1"])
        diff = self.ok(self.by(OWNER).get(C + "/%s/diff" % row.json["catalogue_no"])).json
        self.assertEqual([(s["software_name"], s.get("new_major"))
                          for s in diff["software"]["changed"]], [("nginx", True)])
        self.assertFalse(self.found(one))
        self.ok(self.submit(row))
        self.assertTrue(self.found(one))

    def test_it_is_found_until_it_is_permitted(self):
        one, _ = self.permitted()
        row, _ = self.with_software(one, ("nginx", "2.0.1", {}))
        self.ok(self.submit(row))
        # handed in once more it is no less new, nor by a refused application
        row = self.draft(one)
        self.install(one, "nginx 2.0", end="rejected")
        row = self.ok(self.submit(self.again(row)))
        self.assertEqual((self.needs(row), self.found(one)), (["nginx 2.0.1"], True))
        # nor by the permission of something else
        self.install(one, "nginx 3.1", "postgresql")
        row = self.ok(self.submit(self.draft(one)))
        self.assertEqual((self.needs(row), self.found(one)), (["nginx 2.0.1"], True))
        # the words of the answer are those of the application
        self.install(one, *self.needs(row))
        row = self.ok(self.submit(self.draft(one)))
        self.assertEqual((self.needs(row), self.found(one)), ([], False))
        # later versions of it are updates of what is permitted
        row, needed = self.with_software(one, ("nginx", "2.4", {}))
        self.assertEqual(needed, [])

    def test_a_permission_names_the_source_or_any_version(self):
        one, _ = self.permitted()
        redis = {"type": "deb", "source_name": "redis"}
        self.install(one, "redis 7", "postgresql")
        row, needed = self.with_software(
            one, ("redis-server", "5:7.0.15-1", redis), ("redis-tools", "5:8.0-1", redis),
            ("postgresql", "15.6", {}))
        self.assertEqual(len(needed), 3)  # permitted when it is handed in
        self.ok(self.submit(row))
        self.assertEqual((self.needs(row), self.found(one)), (["redis-tools 5:8.0-1"], True))

    def test_strict(self):
        one, _ = self.permitted()
        a = self.ok(self.by(ISO).get(I))
        self.refused(self.by(OWNER).patch(I, {"software_permits": "every"}, a.etag), 403)
        self.refused(self.by(ISO).patch(I, {"software_permits": "none"}, a.etag), 422)
        self.ok(self.by(ISO).patch(I, {"software_permits": "every"}, a.etag))
        row, needed = self.with_software(one, ("nginx", "1.22.1-9+deb12u1", {}))
        self.assertEqual(needed, ["nginx 1.22.1-9+deb12u1"])
        self.install(one, "nginx 1.22.1-9+deb12u2")
        self.ok(self.submit(row))
        self.assertTrue(self.found(one))
        row = self.draft(one)
        self.install(one, *needed)
        self.ok(self.submit(self.again(row)))
        self.assertFalse(self.found(one))

    def test_a_server_that_is_not_permitted_asks_for_none(self):
        one = self.server()
        self.ok(self.submit(self.whole(one)))
        row, needed = self.with_software(one, ("nginx", "2.0", {}), ("redis", "7.0", {}))
        self.assertEqual(needed, [])
        # it is decided over with the server itself, and is part of what is permitted then
        self.ok(self.submit(row))
        one, two = self.asset("in_operation", 3, sysadmin=OWNER), self.server()
        self.ok(self.submit(self.whole(one)))
        row, _ = self.with_software(one, ("redis", "7.0", {}))
        p = self.apply(one)
        self.done(OWNER, p, "submit", "submitted")
        self.done(BOSS, p, "approve", "approved")
        row, needed = self.with_software(one, ("redis", "7.2", {}), ("nginx", "1.0", {}))
        self.assertEqual((needed, self.found(one)), ([], False))
        self.assertEqual(self.needs(self.draft(two)), [])

    def test_what_is_installed_takes_the_place_of_what_was(self):
        one, _ = self.permitted()
        p = self.install(one, "nginx 2.0")
        self.done(OWNER, p, "complete", "completed", on=day())
        self.assertEqual(self.daemon.psql(
            "SELECT s.version, s.permitted_request FROM catalogue_software s JOIN system_catalogue"
            " c ON c.catalogue_no = s.catalogue WHERE c.asset = '%s' AND c.status = 'submitted' "
            "AND s.software_name = 'nginx' ORDER BY 1" % one),
            [["2.0", p.json["request_no"]]])
        self.assertFalse(self.found(one))

    def test_versions(self):
        for version, major in (("1:9.18.24-1", "9"), ("15.6", "15"), ("v2.1", "2"),
                               ("0.9.2", "0.9"), ("0.10", "0.10"), ("007", "7"), ("0", "0"),
                               ("20230311", "dated"), ("2024a-0+deb12u1", "dated"),
                               ("rolling", "rolling"), ("-", "-"), ("R3", "3")):
            self.assertEqual(self.daemon.value("SELECT software_major('%s')" % version), major,
                             version)

    def test_who_is_told_of_a_revision(self):
        one, _ = self.permitted()
        lines = "SELECT person, stage, day FROM digest_lines() WHERE object LIKE '" + one + "-v%'"
        self.assertEqual(self.daemon.psql(lines), [])
        row, _ = self.with_software(one, ("nginx", "1.26", {}))
        self.ok(self.submit(row))
        self.daemon.psql("UPDATE person SET email = login || '@example.jp' WHERE login = '%s'"
                         % BOSS)
        told = self.daemon.psql(lines)
        self.assertIn([BOSS, "catalogue", day()], told)
        self.assertNotIn(OWNER, [t[0] for t in told])
