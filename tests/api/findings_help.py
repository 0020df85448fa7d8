"""Rows with findings, in a register whose clock is moved."""
import datetime
import unittest

from client import Client
from harness import TOKYO, Case, Daemon, wait

FINDINGS = "/api/v1/findings"
ROW = {"institution": "hoshi", "unit": "hoshi-tel", "name": "検出試験", "location_text": "x",
       "asset_type": "server", "confidentiality": 2, "confidentiality_basis": "c2_internal",
       "has_personal_info": False, "has_my_number": False, "internal_media_encryption": "full",
       "users_text": "x"}
GOOD, WRONG = "suiseigawa.h", "engai.s"  # 情報システム管理者 of hoshi, and somebody who is none
UMI = {"institution": "umi", "unit": "umi-its", "sysadmin": "umibe.h"}


class Register(Daemon):
    """Its clock is moved, and psql tells the time as it does."""

    def __init__(self):
        self.offset = 0
        super().__init__(clock=0)

    def move(self, seconds):
        """The time from now on, seen from the truth."""
        self.offset += seconds
        self.move_clock(self.offset)

    def psql(self, sql, role="daicho_super", check=True):
        return super().psql("SET daicho.clock_offset = '%d'; %s" % (self.offset, sql), role, check)


class Findings(Case):
    mine = None

    @classmethod
    def setUpClass(cls):
        if Findings.mine is None:
            Findings.mine = Register()
            unittest.addModuleCleanup(Findings.end)
            Findings.mine.load_logins()
        cls.daemon = Findings.mine
        for name, login, office in (
                ("iso", "kitaboshi.y", "iso"), ("general", "kitaboshi.y", "general_iso"),
                ("umi", "shinkai.t", "iso"), ("keeper", "eisei.r", "registry_admin"),
                ("owner", GOOD, "sysadmin"), ("staff", WRONG, None),
                ("reader", "hikoboshi.m", None),
                ("csirt", "bunkou.i", "csirt_member"), ("desk", "yuuzuki.e", "incident_desk")):
            setattr(cls, name, cls.client(login, office))
        cls.nobody = Client(cls.daemon.port)

    @classmethod
    def tearDownClass(cls):
        pass  # the daemon serves all classes of a module

    @staticmethod
    def end():
        Findings.mine.stop()
        Findings.mine = None

    def move(self, seconds):
        self.daemon.move(seconds)

    def day(self, days=0):
        now = datetime.datetime.now(TOKYO) + datetime.timedelta(seconds=self.daemon.offset)
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
        items = self.ok(self.general.post(FINDINGS + "/refresh")).json["items"]
        return {f["family"]: f for f in items}

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
            " valid_to) VALUES ('hoshi', '%s', '%s', '%s', '代替', '%s', '%s') RETURNING"
            " exception_no;"
            "ALTER TABLE exception_grant ENABLE TRIGGER USER; COMMIT" % (
                column, no, rule, value, self.day(days[0]), self.day(days[1])))
