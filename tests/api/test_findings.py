"""Findings: opened and closed by changes, by time, by a pass over everything."""
import subprocess

from findings_help import FINDINGS, GOOD, ROW, WRONG, Findings
from harness import Case, wait


class ByChange(Findings):
    def test_opened_and_closed(self):
        a = self.ok(self.iso.post("/api/v1/assets", ROW | {"sysadmin": WRONG}), 201)
        key, place = a.json["asset_no"], a.headers["Location"]
        self.assertEqual(self.open(key), [])  # a draft has none
        a = self.ok(self.iso.act(place + "/registration", a.etag))
        self.assertIn("REG-14", self.open(key))
        f = self.one(key)
        self.assertEqual((f["institution"], f["unit"], f["ledger"], f["asset"], f["severity"]),
                         ("hoshi", "hoshi-tel", "asset", key, "warning"))
        self.assertEqual(f["due_on"], self.day(90))
        a = self.ok(self.iso.patch(place, {"unit": "hoshi-its"}, self.iso.get(place).etag))
        self.assertEqual(self.one(key)["unit"], "hoshi-its")
        self.ok(self.iso.patch(place, {"sysadmin": GOOD}, a.etag))
        self.assertNotIn("REG-14", self.open(key))
        closed = self.one(key, open="false")
        self.assertEqual(closed["finding_no"], f["finding_no"])
        self.assertIsNotNone(closed["closed_at"])
        self.ok(self.iso.patch(place, {"sysadmin": WRONG}, self.iso.get(place).etag))
        self.assertNotEqual(self.one(key)["finding_no"], f["finding_no"])
        self.assertEqual(len(self.iso.walk(FINDINGS, {"object": key, "rule": "REG-14",
                                                      "open": "all"})), 2)

    def test_nothing_else_is_touched(self):
        key, other = self.asset(), self.asset()
        before = self.versions()
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"note": "x"}, self.iso.get(place).etag))
        self.assertEqual(self.versions(), before)
        self.ok(self.iso.patch(place, {"sysadmin": GOOD}, self.iso.get(place).etag))
        after = self.versions()
        changed = {no for no in after if before.get(no) != after[no]}
        self.assertEqual(changed, {no for no, o in self.daemon.psql(
            "SELECT finding_no, object FROM finding WHERE rule = 'REG-14'") if o == key})
        self.assertIn("REG-14", self.open(other))

    def test_a_change_that_is_undone(self):
        key = self.asset()
        place = "/api/v1/assets/" + key
        before = self.versions()
        self.ok(self.iso.patch(place, {"sysadmin": GOOD}, self.iso.get(place).etag,
                               {"dry_run": "true"}))
        self.assertEqual(self.versions(), before)

    def test_rows_that_name_the_asset(self):
        key = self.asset(sysadmin=GOOD)
        login = "gone%d" % self.daemon.offset
        self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit,"
                         " person_kind, left_on) VALUES ('%s', 'hoshi', 'x', 'x@example.jp',"
                         " 'hoshi-its', 'employee', '2026-01-31')" % login)
        self.assertNotIn("REG-15", self.open(key))
        self.daemon.psql("ALTER TABLE asset_user DISABLE TRIGGER references_insert;"
                         "INSERT INTO asset_user (institution, asset, person) VALUES"
                         " ('hoshi', '%s', '%s');"
                         "ALTER TABLE asset_user ENABLE TRIGGER references_insert" % (key, login))
        self.assertIn("REG-15", self.open(key))
        self.daemon.psql("DELETE FROM asset_user WHERE person = '%s'" % login)
        self.assertNotIn("REG-15", self.open(key))
        self.daemon.psql("DELETE FROM person WHERE login = '%s'" % login)

    def test_a_row_that_is_gone(self):
        key = self.asset()
        self.daemon.psql("DELETE FROM asset WHERE asset_no = '%s'" % key)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding WHERE object = '%s' AND "
                                           "closed_at IS NULL" % key), "0")

    def test_an_import_is_judged_after_it(self):
        name = "取込%d-" % self.daemon.offset
        rows = [ROW | {"sysadmin": WRONG, "name": name + str(i)} for i in range(301)]
        report = self.ok(self.iso.table("assets", rows, {"mode": "create"})).json
        self.assertEqual(report["created"], 301)
        wait(lambda: self.daemon.value(
            "SELECT count(*) FROM finding f JOIN asset a ON a.asset_no = f.object WHERE a.name "
            "LIKE '%s%%' AND f.rule = 'REG-14' AND f.closed_at IS NULL" % name) == "301",
            "what waits is judged")
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding_queue"), "0")


class ByTime(Findings):
    def test_an_office_ends(self):
        self.office("amazorano.t", "sysadmin", self.day(5))
        key = self.asset(sysadmin="amazorano.t")
        self.assertNotIn("REG-14", self.open(key))
        self.refresh()
        self.assertNotIn("REG-14", self.open(key))
        before = self.day()
        self.move(6 * 86400)
        # by itself, within seconds, because an hour has passed by the register's clock
        wait(lambda: "REG-14" in self.open(key), "the pass finds it", 60)
        self.assertEqual(self.one(key)["due_on"], self.day(90))
        self.assertNotIn("REG-14", self.open(key, as_of=before))
        self.assertIn("REG-14", self.open(key, as_of=self.day()))

    def test_as_of_a_day(self):
        key = self.asset()
        first = self.day()
        self.move(3 * 86400)
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"sysadmin": GOOD}, self.iso.get(place).etag))
        self.assertNotIn("REG-14", self.open(key))
        self.assertIn("REG-14", self.open(key, as_of=first))
        self.assertNotIn("REG-14", self.open(key, as_of=self.day()))
        self.assertEqual(self.open(key, as_of="2020-01-01"), [])
        self.refused(self.iso.get(FINDINGS, {"as_of": "31.1.2027"}), 400)

    def test_findings_are_what_the_rules_say(self):
        """Of every row of the demonstration, after a pass."""
        self.refresh()
        for ledger, prefix, key in self.daemon.psql(
                "SELECT ledger, prefix, ledger_key(ledger) FROM (VALUES ('asset', 'asset'),"
                " ('external_media', 'media'), ('institution', 'institution'),"
                " ('org_unit', 'unit'), ('role_assignment', 'office'), ('contract', 'contract'),"
                " ('document', 'document'),"
                " ('emergency_contact', 'contact'), ('network_connection', 'connection'),"
                " ('asset_software', 'software'), ('exception_grant', 'exception'),"
                " ('disposal_record', 'disposal'), ('media_movement', 'movement'),"
                " ('area', 'area'),"
                " ('software_allowlist', 'allowlist'), ('request', 'request')) v (ledger, prefix)"):
            drafts = "WHERE a.state <> 'draft'" if self.daemon.value(
                "SELECT ledger_has('%s', 'state')" % ledger) == "t" else ""
            refused = "" if ledger == "role_assignment" else " || %s_violation_r(a)" % prefix
            want = self.daemon.psql(
                "SELECT a.%s, x FROM %s a, unnest(%s_violation_f(a)%s) x %s ORDER BY 1, 2"
                % (key, ledger, prefix, refused, drafts))
            have = self.daemon.psql("SELECT object, rule FROM finding WHERE ledger = '%s' AND "
                                    "closed_at IS NULL ORDER BY 1, 2" % ledger)
            self.assertEqual(have, want, ledger)

    def test_a_pass_that_finds_nothing_writes_nothing(self):
        self.refresh()
        before = self.versions()
        again = self.refresh()
        self.assertEqual({(f["opened"], f["closed"]) for f in again.values()}, {(0, 0)})
        self.assertEqual(self.versions(), before)

    def test_who_may_refresh(self):
        path = FINDINGS + "/refresh"
        self.calm()
        for client in (self.iso, self.general, self.keeper):
            self.ok(client.post(path))
        for client in (self.owner, self.reader, self.csirt, self.staff):
            self.refused(client.post(path), 403)
        self.refused(self.nobody.post(path), 401)
        self.refused(self.iso.post(path, query={"all": "1"}), 400)

    def holding(self, lock):
        """Another session that holds a lock until it is killed."""
        other = subprocess.Popen(
            ["psql", "-XqAt", "-h", str(self.daemon.dir / "run"), "-p", "5432", "-U",
             "daicho_super", "-d", "daicho"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(other.wait)
        self.addCleanup(other.stdout.close)
        self.addCleanup(other.stdin.close)
        other.stdin.write(b"SELECT 'held', pg_advisory_lock(findings_lock('%s'));\n"
                          % lock.encode())
        other.stdin.flush()
        self.assertIn(b"held", other.stdout.readline())
        return other

    def test_one_pass_at_a_time(self):
        self.calm()
        other = self.holding("pass")
        a = self.refused(self.general.post(FINDINGS + "/refresh"), 409)
        self.assertIn("under way", a["detail"])
        done = self.daemon.cli("findings", "refresh", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"under way", done.stderr)
        other.stdin.close()
        wait(lambda: self.general.post(FINDINGS + "/refresh").status == 200, "the lock is free")

    def test_a_change_during_a_pass_is_judged_again(self):
        self.calm()
        other = self.holding("change")
        key = self.asset()
        self.assertIn("REG-14", self.open(key))
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding_queue WHERE "
                                           "'%s' = ANY (keys)" % key), "1")
        other.stdin.close()
        other.wait()
        wait(lambda: self.daemon.value("SELECT count(*) FROM finding_queue") == "0", "it is judged")
        self.assertIn("REG-14", self.open(key))


class CommandLine(Case):
    """With the daemon that tests share: the command line knows no clock but the true one."""

    def test_refresh(self):
        key = self.daemon.value(
            "INSERT INTO asset (%s, sysadmin, state) VALUES (%s, 'engai.s', 'in_operation') "
            "RETURNING asset_no" % (", ".join(ROW), ", ".join("'%s'" % v for v in ROW.values())))
        self.daemon.psql("UPDATE finding SET closed_at = now() WHERE object = '%s'" % key)
        out = self.daemon.cli("findings", "refresh").stdout.decode()
        self.assertEqual(self.count("SELECT count(*) FROM finding WHERE object = '%s' AND rule = "
                                    "'REG-14' AND closed_at IS NULL" % key), 1)
        lines = {w[0]: w[1:] for w in (line.split() for line in out.splitlines()) if w}
        self.assertEqual(lines["family"], ["opened", "closed", "open"])
        self.assertGreaterEqual(int(lines["REG"][0]), 1)
        self.assertEqual(int(lines["REG"][2]), self.count(
            "SELECT count(*) FROM finding WHERE rule LIKE 'REG-%' AND closed_at IS NULL"))
        done = self.daemon.cli("findings", "refresh", "all", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.daemon.psql("DELETE FROM asset WHERE asset_no = '%s'" % key)
