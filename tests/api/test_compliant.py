"""An organisation that follows every rule: the rules find nothing in it.

tests/compliant: its tables, which come as the README says, and its rows, made as rows.py says: at
least one of every type, function, kind and level.  Appointments, and what only an application
leads to, are put in beside.  Break one fact, and that one finding appears.
"""
import csv
import json
import re

import harness
from harness import Daemon
from rows import RowCase, resolve

HOME = harness.TOP / "tests" / "compliant"
TABLES = ("areas", "documents", "emergency-contacts", "contracts")  # after the offices
ACTING = ("kitaboshi.y", "subaruno.k", "tsukikage.m", "seiunda.n", "hakucho.g")
DAY = re.compile(r"@today([+-]\d+)?")

# Which row, what is said of it, and the one finding that follows.
BROKEN = (
    ("secret-server", {"internal_media_encryption": "none", "db_data_encrypted": True}, "CRY-01"),
    ("secret-terminal", {"internal_media_encryption": "none"}, "CRY-01"),
    ("public-web-server", {"web_https_all": False}, "WEB-01"),
    ("mail-server", {"mail_relay_blocked": False}, "MAIL-01"),
    ("nas", {"nas_anonymous_access": True}, "NAS-03"),
    ("wireless-lan", {"wlan_encryption": "wep"}, "WLN-01"),
    ("file-server", {"vuln_state": "open"}, "VUL-02"),
    ("file-server", {"monitoring": None}, "SRV-06"),
    ("edge-router", {"log_retention_days": 365}, "LOG-01"),
    ("social-media", {"sns_operating_unit_shown": False}, "SNS-04"),
    ("cloud", {"cloud_approval_request": None}, "CLD-01"),
    ("paper", {"access_restricted": False}, "CRY-10"),
    ("critical-system", {"security_requirements": None}, "REG-16"),
)


class Compliant(RowCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(demo=False)
        cls.addClassCleanup(cls.daemon.stop)
        self = cls()
        for name in ("institutions", "units", "persons"):
            self.table(name)
        for row in csv.DictReader(self.text("offices").splitlines()):
            self.insert("role_assignment", {
                name: cell.split(";") if name in ("delegable_powers", "range_units") else cell
                for name, cell in row.items() if cell})
        for name in TABLES:
            self.table(name)
        for login in ACTING:
            token = cls.daemon.cli("token", "issue", login).stdout.decode().split()[-1]
            made = cls.daemon.cli("password", "set", login, "--generate").stdout.decode()
            cls.daemon.logins[login] = {"token": token, "password": made.strip()}
        cls.writer, cls.boss = cls.client("kitaboshi.y", "iso"), cls.client("subaruno.k")
        cls.addClassCleanup(cls.writer.close)
        cls.addClassCleanup(cls.boss.close)
        cls.known = {}
        for step in json.loads((HOME / "rows.json").read_text("utf-8")):
            self.step(step, cls.known)
        place = "/api/v1/assets/" + cls.known["retired-server"]
        self.ok(self.writer.act(place + "/retirement", self.writer.get(place).etag))
        self.put("assets", cls.known["retired-server"], {"retired_on": resolve("@today-1", {})})

    @classmethod
    def tearDownClass(cls):
        pass

    @staticmethod
    def text(name):
        return DAY.sub(lambda day: resolve(day.group(), {}),
                       (HOME / (name + ".csv")).read_text("utf-8"))

    def table(self, name):
        path = self.daemon.home / (name + ".csv")
        path.write_text(self.text(name), "utf-8")
        path.chmod(0o644)
        done = self.daemon.cli("import", name, str(path)).stdout.decode()
        self.assertTrue(done.endswith(" 0 draft, 0 rejected, 0 faults\n"), done)

    def found(self):
        """Open findings after everything was judged: (rule, name or key)."""
        self.daemon.cli("findings", "refresh")
        named = {key: name for name, key in self.known.items()}
        return sorted((rule, named.get(key, key)) for rule, key in self.daemon.psql(
            "SELECT rule, object FROM finding WHERE closed_at IS NULL"))

    def test_everything_is_there(self):
        """Every type, function, kind and level that the columns offer."""
        a = self.daemon.cli
        for ledger, column in (("assets", "asset_type"), ("assets", "functions"),
                               ("assets", "confidentiality"), ("media", "media_kind"),
                               ("media", "confidentiality"), ("offices", "office")):
            with self.subTest("%s of %s" % (column, ledger)):
                text = a("columns", ledger).stdout.decode()
                part = re.search(r"^%s .*\n((?:\t.*\n)*)" % column, text, re.M).group(1)
                offered = {line.split()[0] for line in part.splitlines()
                           if "needed:" not in line}
                rows = self.daemon.psql("SELECT DISTINCT unnest(ARRAY[]::text[] || %s) FROM %s" % (
                    column if column == "functions" else column + "::text",
                    {"assets": "asset", "media": "external_media",
                     "offices": "role_assignment"}[ledger]))
                self.assertEqual({value for value, in rows}, offered)
        self.assertGreater(self.count("SELECT count(*) FROM asset WHERE important_required"), 2)

    def test_nothing_is_found(self):
        self.assertEqual(self.found(), [])

    def test_one_broken_fact_is_one_finding(self):
        for name, change, code in BROKEN:
            with self.subTest("%s of %s" % (code, name)):
                place = "/api/v1/assets/" + self.known[name]
                before = self.ok(self.writer.get(place))
                a = self.ok(self.writer.patch(place, change, before.etag))
                self.assertEqual(self.found(), [(code, name)])
                back = {column: before.json.get(column) for column in change}
                self.ok(self.writer.patch(place, back, a.etag))
                self.assertEqual(self.found(), [])

    def test_who_leaves_is_found_everywhere(self):
        self.daemon.psql("UPDATE person SET active = false WHERE login = 'bunkou.i'")
        self.assertEqual([rule for rule, _ in self.found()], ["EC-01", "ROLE-06"])
        self.daemon.psql("UPDATE person SET active = true WHERE login = 'bunkou.i'")
        self.assertEqual(self.found(), [])
