"""Findings: opened and closed by changes, by time, by offices; exceptions, orders, counts.

A daemon of its own, because its clock is moved: DAICHO_CLOCK_FILE holds the seconds to add.
"""
import datetime
import os
import subprocess

from client import Client
from harness import TOKYO, Case, Daemon, wait
from sessions_help import Browser

FINDINGS = "/api/v1/findings"
ROW = {"institution": "hoshi", "unit": "hoshi-tel", "name": "検出試験", "location_text": "x",
       "asset_type": "server", "confidentiality": 2, "confidentiality_basis": "c2_internal",
       "has_personal_info": False, "has_my_number": False, "internal_media_encryption": "full",
       "users_text": "x"}
GOOD, WRONG = "suiseigawa.h", "engai.s"  # 情報システム管理者 of hoshi, and somebody who is none
UMI = {"institution": "umi", "unit": "umi-its", "sysadmin": "umibe.h"}


class Register(Daemon):
    """psql tells the time as the daemon does."""

    def psql(self, sql, role="daicho_super", check=True):
        return super().psql("SET daicho.clock_offset = '%d'; %s" % (Findings.offset, sql), role, check)


def setUpModule():
    os.environ["DAICHO_CLOCK_FILE"] = "/tmp/daicho-findings-%d" % os.getpid()
    Findings.clock_path = os.environ["DAICHO_CLOCK_FILE"]
    Findings.move(0)
    try:
        Findings.mine = Register()
    finally:
        del os.environ["DAICHO_CLOCK_FILE"]
    Findings.mine.load_logins()


def tearDownModule():
    Findings.mine.stop()
    os.unlink(Findings.clock_path)


class Findings(Case):
    offset = 0
    mine = clock_path = None

    @classmethod
    def setUpClass(cls):
        cls.daemon = Findings.mine
        for name, login, office in (
                ("iso", "kitaboshi.y", "iso"), ("general", "kitaboshi.y", "general_iso"),
                ("umi", "shinkai.t", "iso"), ("keeper", "eisei.r", "registry_admin"),
                ("owner", GOOD, "sysadmin"), ("staff", WRONG, None), ("reader", "hikoboshi.m", None),
                ("csirt", "bunkou.i", "csirt_member"), ("desk", "yuuzuki.e", "incident_desk")):
            setattr(cls, name, cls.client(login, office))
        cls.nobody = Client(cls.daemon.port)

    @classmethod
    def tearDownClass(cls):
        pass

    @classmethod
    def move(cls, seconds):
        """The time from now on, seen from the truth."""
        Findings.offset += seconds
        with open(cls.clock_path + ".new", "w", encoding="ascii") as f:
            f.write("%d\n" % Findings.offset)
        os.chmod(cls.clock_path + ".new", 0o644)
        os.replace(cls.clock_path + ".new", cls.clock_path)

    @staticmethod
    def day(days=0):
        now = datetime.datetime.now(TOKYO) + datetime.timedelta(seconds=Findings.offset)
        return str(now.date() + datetime.timedelta(days))

    def asset(self, state="in_operation", **members):
        """A row made where the machine stands."""
        row = ROW | {"sysadmin": WRONG, "state": state} | members
        return self.daemon.value("INSERT INTO asset (%s) VALUES (%s) RETURNING asset_no" % (
            ", ".join(row), ", ".join("'%s'" % v for v in row.values())))

    def office(self, login, office, to):
        return self.daemon.value(
            "INSERT INTO role_assignment (person, office, institution, scope_note, term_from,"
            " term_to, appointed_by) VALUES ('%s', '%s', 'hoshi', 'x', '2026-04-01', '%s',"
            " 'subaruno.k') RETURNING office_no" % (login, office, to))

    def open(self, key, client=None, **query):
        """Rules with open findings about this row."""
        items = (client or self.iso).walk(FINDINGS, {"object": key} | query)
        return sorted(f["rule"] for f in items)

    def one(self, key, rule="REG-14", **query):
        items = self.iso.walk(FINDINGS, {"object": key, "rule": rule} | query)
        self.assertEqual(len(items), 1, items)
        return items[0]

    def versions(self):
        """Every finding as it stands, by the transaction that wrote it."""
        return dict(self.daemon.psql("SELECT finding_no, xmin FROM finding"))

    def calm(self):
        """Until the daemon's own pass, which a move of the clock calls for, has ended."""
        wait(lambda: self.daemon.value("SELECT EXISTS (SELECT FROM finding_pass WHERE act_now() - "
                                       "ended_at BETWEEN '0' AND interval '1 hour')") == "t",
             "the daemon has passed", 60)

    def refresh(self):
        self.calm()
        return {f["family"]: f for f in self.ok(self.general.post(FINDINGS + "/refresh")).json["items"]}

    def grant(self, rule, state="approved", office="inst_ciso", days=(-1, 30), **what):
        """An exception where the machine stands, out of an application."""
        no = self.daemon.value(
            "INSERT INTO request (request_type, institution, applicant, state, decided_office)"
            " VALUES ('exception', 'hoshi', '%s', '%s', '%s') RETURNING request_no"
            % (GOOD, state, office))
        (column, value), = what.items()
        return no, self.daemon.value(
            "BEGIN; ALTER TABLE exception_grant DISABLE TRIGGER USER;"
            "INSERT INTO exception_grant (institution, request, rule, %s, alternative, valid_from,"
            " valid_to) VALUES ('hoshi', '%s', '%s', '%s', '代替', '%s', '%s') RETURNING exception_no;"
            "ALTER TABLE exception_grant ENABLE TRIGGER USER; COMMIT" % (
                column, no, rule, value, self.day(days[0]), self.day(days[1])))


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
        login = "gone%d" % self.offset
        self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, person_kind,"
                         " left_on) VALUES ('%s', 'hoshi', 'x', 'x@example.jp', 'hoshi-its',"
                         " 'employee', '2026-01-31')" % login)
        self.assertNotIn("REG-15", self.open(key))
        self.daemon.psql("ALTER TABLE asset_user DISABLE TRIGGER references_insert;"
                         "INSERT INTO asset_user (institution, asset, person) VALUES ('hoshi', '%s', '%s');"
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
        rows = [ROW | {"sysadmin": WRONG, "name": "取込%d-%d" % (self.offset, i)} for i in range(301)]
        report = self.ok(self.iso.table("assets", rows, {"mode": "create"})).json
        self.assertEqual(report["created"], 301)
        wait(lambda: self.daemon.value(
            "SELECT count(*) FROM finding f JOIN asset a ON a.asset_no = f.object WHERE a.name "
            "LIKE '取込%d-%%' AND f.rule = 'REG-14' AND f.closed_at IS NULL" % self.offset) == "301",
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
                " ('external_media', 'media'), ('institution', 'institution'), ('org_unit', 'unit'),"
                " ('role_assignment', 'office'), ('contract', 'contract'), ('document', 'document'),"
                " ('emergency_contact', 'contact'), ('network_connection', 'connection'),"
                " ('asset_software', 'software'), ('exception_grant', 'exception'),"
                " ('disposal_record', 'disposal'), ('media_movement', 'movement'), ('area', 'area'),"
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
        other.stdin.write(b"SELECT 'held', pg_advisory_lock(findings_lock('%s'));\n" % lock.encode())
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
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding_queue WHERE '%s' = ANY (keys)"
                                           % key), "1")
        other.stdin.close()
        other.wait()
        wait(lambda: self.daemon.value("SELECT count(*) FROM finding_queue") == "0", "it is judged")
        self.assertIn("REG-14", self.open(key))


class Exceptions(Findings):
    def test_covers_and_counts(self):
        key, other = self.asset(), self.asset()
        for what in ({"asset": key}, {"unit": "hoshi-obs"}):
            no, exception = self.grant("REG-14", **what)
            self.refresh()
            f = self.one(key)
            self.assertEqual(f["exception"], exception)
            self.assertIsNone(f["closed_at"])
            self.assertEqual(self.one(other)["exception"], exception if "unit" in what else None)
            counts = {c["rule"]: c for c in self.ok(self.iso.get(
                FINDINGS + "/counts", {"object__in": key + "," + other})).json["items"]}
            self.assertEqual((counts["REG-14"]["findings"], counts["REG-14"]["excepted"]),
                             (2, 2 if "unit" in what else 1))
            # withdrawn: at once
            self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)
            self.assertIsNone(self.one(key)["exception"])

    def test_a_new_finding_is_covered_at_once(self):
        no, exception = self.grant("REG-14", unit="hoshi-tel")
        key = self.asset()
        self.assertEqual(self.one(key)["exception"], exception)
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"unit": "hoshi-its"}, self.iso.get(place).etag))
        self.assertIsNone(self.one(key)["exception"])
        self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)

    def test_what_does_not_cover(self):
        key = self.asset()
        for more in ({"rule": "REG-15"}, {"state": "submitted"}, {"office": "iso"},
                     {"days": (1, 9)}, {"days": (-9, -1)}, {"unit": "hoshi-its"},
                     {"asset": self.asset()}):
            what = {k: more.pop(k) for k in ("unit", "asset") if k in more} or {"asset": key}
            no, _ = self.grant(more.pop("rule", "REG-14"), **more, **what)
            self.refresh()
            self.assertIsNone(self.one(key)["exception"], (more, what))
            self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)

    def test_it_ends(self):
        key = self.asset()
        no, exception = self.grant("REG-14", asset=key, days=(-1, 2))
        self.refresh()
        self.assertEqual(self.one(key)["exception"], exception)
        self.move(3 * 86400)
        self.refresh()
        self.assertIsNone(self.one(key)["exception"])
        self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = '%s'" % no)


class Orders(Findings):
    def browser(self, login, office=None):
        b = Browser(self.daemon)
        if office:
            b.extra["Daicho-Office"] = office
        self.addCleanup(b.close)
        self.ok(b.login(login, self.daemon.logins[login]["password"]), 201)
        return b

    def order(self, client, finding, etag='"1"', **members):
        body = {"comment": "後任を登録してください。", "due_on": self.day(14)} | members
        return client.act("%s/%s/instruction" % (FINDINGS, finding["finding_no"]), etag,
                          {k: v for k, v in body.items() if v is not None})

    def test_order(self):
        f = self.one(self.asset())
        a = self.ok(self.order(self.browser("kitaboshi.y", "iso"), f))
        self.assertEqual((a.json["instruction"], a.json["instruction_due_on"],
                          a.json["instructed_by"], a.json["instructed_office"],
                          a.json["instructed_on"], a.etag),
                         ("後任を登録してください。", self.day(14), "kitaboshi.y", "iso",
                          self.day(), '"2"'))
        self.assertEqual(self.iso.walk(FINDINGS, {"instruction_due_on": self.day(14), "object":
                                                  f["object"]})[0]["finding_no"], f["finding_no"])
        place = "%s/%s" % (FINDINGS, f["finding_no"])
        history = self.ok(self.iso.get(place + "/history")).json["items"]
        self.assertEqual([(e["person"], e["office"], e["operation"]) for e in history],
                         [("kitaboshi.y", "iso", "instructFinding")])
        # a later one takes its place; both are on record
        self.ok(self.order(self.browser("kitaboshi.y", "iso"), f, a.etag, comment="至急"))
        self.assertEqual(len(self.ok(self.iso.get(place + "/history")).json["items"]), 2)

    def test_no_history_without_an_order(self):
        f = self.one(self.asset())
        a = self.ok(self.iso.get("%s/%s/history" % (FINDINGS, f["finding_no"])))
        self.assertEqual(a.json["items"], [])
        self.refused(self.umi.get("%s/%s/history" % (FINDINGS, f["finding_no"])), 404)

    def test_who_may(self):
        tel, its = self.one(self.asset()), self.one(self.asset(unit="hoshi-its"))
        umi = self.one_of_umi()
        self.ok(self.order(self.browser("kitaboshi.y", "general_iso"), umi))
        self.ok(self.order(self.browser("tsukikage.m", "deputy_iso"), tel))
        # outside the range of the deputy: not seen
        self.refused(self.order(self.browser("tsukikage.m", "deputy_iso"), its), 404)
        self.refused(self.order(self.browser("kitaboshi.y", "iso"), umi), 404)
        for login in ("subaruno.k", GOOD, "hikoboshi.m", "bunkou.i", "eisei.r", WRONG):
            self.refused(self.order(self.browser(login), its), 403, "forbidden")
        # an order is an act of an office: a token is not enough
        self.refused(self.order(self.iso, its), 403, "session_needed")
        self.refused(self.order(self.nobody, its), 401)

    def one_of_umi(self):
        key = self.asset(**UMI)
        return [f for f in self.umi.walk(FINDINGS, {"object": key}) if f["rule"] == "REG-14"][0]

    def test_a_deputy_without_this_power(self):
        f = self.one(self.asset())
        self.daemon.psql("ALTER TABLE role_assignment DISABLE TRIGGER USER; UPDATE role_assignment SET"
                         " delegable_powers = '{instruct}' WHERE office = 'deputy_iso' AND person ="
                         " 'tsukikage.m'; ALTER TABLE role_assignment ENABLE TRIGGER USER")
        try:
            a = self.order(self.browser("tsukikage.m", "deputy_iso"), f)
        finally:
            self.daemon.psql("ALTER TABLE role_assignment DISABLE TRIGGER USER; UPDATE role_assignment"
                             " SET delegable_powers = '{area_designation,emergency_contacts,"
                             "order_on_findings}' WHERE office = 'deputy_iso' AND person ="
                             " 'tsukikage.m'; ALTER TABLE role_assignment ENABLE TRIGGER USER")
        self.refused(a, 403, "forbidden")

    def test_form(self):
        f, b = self.one(self.asset()), self.browser("kitaboshi.y", "iso")
        self.refused(self.order(b, f, None), 428)
        self.refused(self.order(b, f, '"9"'), 412)
        self.refused(self.order(b, f, comment=None, due_on=None), 422, "invalid", ["required"] * 2)
        self.refused(self.order(b, f, comment="x" * 2001), 422, "invalid", ["too_long"])
        self.refused(self.order(b, f, due_on="soon"), 422, "invalid")
        self.refused(self.order(b, f, rule="x"), 422, "invalid", ["unknown_member"])
        self.refused(self.order(b, f, due_on=self.day(-1)), 422, "rules_violated", ["in_the_past"])
        self.refused(self.order(b, {"finding_no": "F99999999"}), 404)
        self.daemon.psql("UPDATE asset SET sysadmin = '%s' WHERE asset_no = '%s'" % (GOOD, f["object"]))
        self.refused(self.order(b, f, '"2"'), 409)
        self.assertEqual(self.daemon.value("SELECT count(*) FROM finding WHERE finding_no = '%s' AND "
                                           "instruction IS NOT NULL" % f["finding_no"]), "0")


class Reading(Findings):
    def test_counts(self):
        keys = [self.asset(), self.asset(unit="hoshi-its")]
        only = {"object__in": ",".join(keys), "rule": "REG-14"}
        path = FINDINGS + "/counts"
        a = self.ok(self.iso.get(path, only | {"by": "unit,severity"})).json["items"]
        self.assertEqual([(c["unit"], c["severity"], c["findings"], c["overdue"]) for c in a],
                         [("hoshi-its", "warning", 1, 0), ("hoshi-tel", "warning", 1, 0)])
        self.daemon.psql("UPDATE finding SET due_on = '%s' WHERE object IN ('%s', '%s')"
                         % (self.day(-1), *keys))
        a = self.ok(self.iso.get(path, only | {"by": "institution"})).json["items"]
        self.assertEqual(a, [{"institution": "hoshi", "findings": 2, "excepted": 0, "overdue": 2}])
        rows = self.ok(self.iso.get(path, only | {"by": "rule", "format": "csv"})).rows
        self.assertEqual(rows, [{"rule": "REG-14", "findings": "2", "excepted": "0", "overdue": "2"}])
        self.assertEqual(self.ok(self.umi.get(path, only)).json["items"], [])
        for wrong in ({"by": "colour"}, {"by": "rule,rule"}, {"by": ""}, {"limit": "5"},
                      {"sort": "rule"}, {"nothing": "1"}, {"open": "maybe"}):
            self.refused(self.iso.get(path, wrong), 400)
        self.refused(self.staff.get(path), 403)

    def test_filters(self):
        key = self.asset()
        self.assertTrue(all(f["closed_at"] is None for f in self.iso.walk(FINDINGS)))
        for query in ({"rule__in": "REG-14,REG-15"}, {"ledger": "asset"}, {"unit": "hoshi-tel"},
                      {"severity": "warning"}, {"due_on__gte": self.day()}, {"asset": key},
                      {"instruction__empty": "true"}, {"exception__empty": "true"}):
            self.assertIn("REG-14", self.open(key, **query), query)
        for query in ({"rule": "REG-15"}, {"ledger": "area"}, {"severity": "error"},
                      {"due_on__lt": self.day()}, {"open": "false"}, {"closed_at__empty": "false"}):
            self.assertNotIn("REG-14", self.open(key, **query), query)
        self.refused(self.iso.get(FINDINGS, {"open": "yes"}), 400)
        rows = self.ok(self.iso.get(FINDINGS, {"object": key, "format": "csv"})).rows
        self.assertIn("REG-14", [r["rule"] for r in rows])
        by_due = self.iso.walk(FINDINGS, {"sort": "-due_on", "limit": "7"})
        self.assertEqual([f["due_on"] for f in by_due],
                         sorted((f["due_on"] for f in by_due), reverse=True))

    def test_not_written(self):
        f = self.one(self.asset())
        for client in (self.iso, self.general):
            self.refused(client.post(FINDINGS, f), 405)
            self.refused(client.patch(FINDINGS + "/" + f["finding_no"], {}, '"1"'), 405)
            self.refused(client.delete(FINDINGS + "/" + f["finding_no"], '"1"'), 405)
        for sql in ("INSERT INTO finding (rule, ledger, object, severity, opened_at, due_on) VALUES"
                    " ('X', 'asset', 'A', 'error', now(), now())", "DELETE FROM finding",
                    "UPDATE finding SET closed_at = now()", "SELECT * FROM finding_queue",
                    "DELETE FROM finding_pass", "SELECT asset_findings('{}')"):
            code, error = self.daemon.psql(sql, "daicho_app", check=False)
            self.assertNotEqual(code, 0, sql)
            self.assertIn("permission denied", error)

    def test_who_sees(self):
        key = self.asset()
        mine = self.asset(sysadmin=GOOD, operator=WRONG)
        self.daemon.psql("UPDATE asset SET operator = 'tasogare.b' WHERE asset_no = '%s'" % mine)
        secret = self.asset(confidentiality=4, confidentiality_basis="c4_national_security")
        for client, sees in ((self.iso, True), (self.general, True), (self.csirt, True),
                             (self.umi, False), (self.owner, False)):
            f = self.one(key)["finding_no"]
            self.assertEqual(client.get(FINDINGS + "/" + f).status, 200 if sees else 404)
            self.assertEqual("REG-14" in self.open(key, client), sees)
        self.assertIn("REG-15", self.open(mine, self.owner))
        # 機密性4: only offices that see it
        self.assertIn("REG-14", self.open(secret))
        self.assertEqual(self.open(secret, self.csirt), [])
        self.refused(self.csirt.get(FINDINGS + "/" + self.one(secret)["finding_no"]), 404)
        self.refused(self.csirt.get("/api/v1/assets/%s/findings" % secret), 404)
        for client in (self.staff, self.desk):
            self.refused(client.get(FINDINGS), 403)

    def test_of_one_row(self):
        key = self.asset(os_name="Debian")
        path = "/api/v1/assets/%s/findings" % key
        a = self.ok(self.iso.get(path)).json
        found = {f["rule"]: f for f in a["items"]}
        self.assertEqual(found["REG-14"]["field"], "sysadmin")
        japanese = {f["rule"]: f for f in self.ok(self.iso.get(path, {"lang": "ja"})).json["items"]}
        self.assertIn("情報システム管理者", japanese["REG-14"]["message"])
        self.assertIn("holds no such office", found["REG-14"]["message"])
        missing = {m["column"]: m for m in a["missing"]}
        self.assertEqual(missing["vuln_checked_on"]["code"], "COL-vuln_checked_on")
        self.assertTrue(missing["vuln_checked_on"]["label"])
        self.assertTrue(0 < a["completeness"] < 100)
        self.assertNotIn("name", missing)
        self.assertFalse([m for m in missing if m.startswith(("nas_", "mfp_", "cloud_"))])
        # more is filled in
        place = "/api/v1/assets/" + key
        self.ok(self.iso.patch(place, {"vuln_checked_on": self.day(), "vuln_state": "ok"},
                               self.iso.get(place).etag))
        b = self.ok(self.iso.get(path)).json
        self.assertNotIn("vuln_checked_on", [m["column"] for m in b["missing"]])
        self.assertGreater(b["completeness"], a["completeness"])
        self.refused(self.umi.get(path), 404)
        self.refused(self.iso.get("/api/v1/assets/A99999999/findings"), 404)
        self.refused(self.iso.get(path, {"open": "all"}), 400)

    def test_of_a_medium(self):
        medium = self.iso.get("/api/v1/media", {"limit": "1", "state": "stored"}).json["items"][0]
        a = self.ok(self.iso.get("/api/v1/media/%s/findings" % medium["media_no"])).json
        self.assertEqual(set(a), {"items", "missing", "completeness"})
        self.refused(self.umi.get("/api/v1/media/%s/findings" % medium["media_no"]), 404)


class CommandLine(Case):
    """With the daemon that tests share: the command line knows no clock but the true one."""

    def test_refresh(self):
        key = self.daemon.value(
            "INSERT INTO asset (%s, sysadmin, state) VALUES (%s, 'engai.s', 'in_operation') RETURNING "
            "asset_no" % (", ".join(ROW), ", ".join("'%s'" % v for v in ROW.values())))
        self.daemon.psql("UPDATE finding SET closed_at = now() WHERE object = '%s'" % key)
        out = self.daemon.cli("findings", "refresh").stdout.decode()
        self.assertEqual(self.count("SELECT count(*) FROM finding WHERE object = '%s' AND rule = "
                                    "'REG-14' AND closed_at IS NULL" % key), 1)
        lines = {w[0]: w[1:] for w in (line.split() for line in out.splitlines()) if w}
        self.assertEqual(lines["family"], ["opened", "closed", "open"])
        self.assertGreaterEqual(int(lines["REG"][0]), 1)
        self.assertEqual(int(lines["REG"][2]), self.count(
            "SELECT count(*) FROM finding WHERE rule LIKE 'REG-%' AND closed_at IS NULL"))
        self.assertNotEqual(self.daemon.cli("findings", "refresh", "all", check=False).returncode, 0)
        self.daemon.psql("DELETE FROM asset WHERE asset_no = '%s'" % key)
