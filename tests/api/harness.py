"""What the tests share: one daemon with its own PostgreSQL, clients with tokens, psql.

The daemon lives in a fresh directory below the system's temporary one, listens on a port of
loopback that the kernel chose, and is stopped (by its pid) when the tests end.
"""
import atexit
import datetime
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from client import Client
from places import BUILD, TOP

START_S = 120  # initdb on a loaded machine
STOP_S = 40    # daichod drains 20 s, PostgreSQL follows

TOKYO = datetime.timezone(datetime.timedelta(hours=9))


def today(days=0):
    """The register's day, which is Japan's, and days from it."""
    return datetime.datetime.now(TOKYO).date() + datetime.timedelta(days)


class Daemon:
    """build/daichod in a directory of its own."""

    def __init__(self, demo=True, config=None, clock=None):
        """clock: seconds by which the time differs from the truth, see move_clock()."""
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-api-"))
        # as root the daemon becomes another user, who must get in
        self.home.chmod(0o755)
        self.dir = self.home / "d"
        self.log_path = self.home / "log"
        self.args = [str(BUILD / "daichod"), "--embedded", str(self.dir),
                     "--listen", "127.0.0.1:0"]
        if config is not None:
            path = self.home / "daichod.conf"
            path.write_text(config, "utf-8")
            path.chmod(0o644)
            self.args += ["-c", str(path)]
        if demo:
            self.args.append("--demo")
        self.environment = dict(os.environ, DAICHO_DEMO=str(TOP / "contrib" / "demo"))
        if clock is not None:
            self.environment["DAICHO_CLOCK_FILE"] = str(self.home / "clock")
            self.move_clock(clock)
        self.process = None
        self.session = None
        self.logins = {}
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        before = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.args, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd="/", env=self.environment)
        end = time.monotonic() + START_S
        while True:
            self.port = self.find_port(before)
            if self.port is not None:
                break
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("daichod did not start:\n" + self.log(before))
            time.sleep(0.05)
        self.client = Client(self.port)
        wait(lambda: self.client.get("/readyz").status == 200, "daichod is ready")

    def move_clock(self, seconds):
        """The time from now on, seen from the truth, of a daemon that was started with a clock."""
        fresh = self.home / "clock.new"
        fresh.write_text("%d\n" % seconds, "ascii")
        fresh.chmod(0o644)
        fresh.replace(self.home / "clock")

    def find_port(self, before):
        for line in self.log(before).splitlines():
            if '"event":"listening"' in line:
                return int(line.rpartition("http://127.0.0.1:")[2].split('"')[0])
        return None

    def log(self, since=0):
        with open(self.log_path, "rb") as f:
            f.seek(since)
            return f.read().decode("utf-8", "replace")

    def log_size(self):
        return self.log_path.stat().st_size

    def cli(self, *args, check=True):
        """build/daicho on the same cluster."""
        done = subprocess.run([str(BUILD / "daicho"), "--embedded", str(self.dir), *args],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              cwd="/", check=False)
        if check and done.returncode != 0:
            raise AssertionError("daicho %s: %s" % (" ".join(args), done.stderr.decode()))
        return done

    def load_logins(self):
        people = json.loads(self.cli("demo", "logins", "--json").stdout)
        self.logins = {p["login"]: p for p in people}

    def psql(self, sql, role="daicho_super", check=True):
        """Rows of the statements, as lists of texts; status and what was said, if check is off."""
        if check and role == "daicho_super":
            if self.session is None:
                self.session = Session(self.psql_command(role))
            try:
                return [line.split("\x1f") for line in self.session.run(sql).splitlines()]
            except BaseException:
                self.end_session()
                raise
        done = subprocess.run([*self.psql_command(role), "-f", "-"], input=sql.encode(),
                              capture_output=True, timeout=60, check=False)
        if not check:
            return done.returncode, done.stderr.decode()
        if done.returncode != 0:
            raise AssertionError("psql: %s\n%s" % (done.stderr.decode(), sql))
        return [line.split("\x1f") for line in done.stdout.decode().splitlines()]

    def psql_command(self, role):
        return ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1",
                "-h", str(self.dir / "run"), "-p", "5432", "-U", role, "-d", "daicho"]

    def end_session(self):
        if self.session is not None:
            self.session.end()
            self.session = None

    def value(self, sql):
        rows = self.psql(sql)
        return rows[0][0] if rows else None

    def violations(self, table, column, key, mode, becomes=None, days=0):
        """Codes of the rules of mode R, G or F that this row breaks, seen `days` from now."""
        row = "jsonb_populate_record(a, '%s')" % json.dumps(becomes or {}).replace("'", "''")
        rows = self.psql("SET daicho.clock_offset = '%d'; SELECT unnest(%s_violation_%s(%s)) "
                         "FROM %s a WHERE %s = '%s'" % (days * 86400, prefix_of(table),
                                                        mode.lower(), row, table, column, key))
        return sorted(code for code, in rows)

    def memory(self):
        """Resident bytes of the daemon itself."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as f:
            for line in f:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def stop(self, remove=True):
        self.end_session()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if remove:
            shutil.rmtree(self.home, ignore_errors=True)


class Session:
    """A psql that stays: a new one reads the catalogue and plans all rules, each time."""

    MARK = b"\x1e\n"

    def __init__(self, command):
        self.said = tempfile.TemporaryFile()
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=self.said, bufsize=0)

    def run(self, sql, seconds=60):
        """What it prints; settings last no longer than the statements."""
        self.psql.stdin.write(sql.encode() + b"\n;\nRESET ALL;\n\\echo '\x1e'\n")
        end, out = time.monotonic() + seconds, b""
        while not out.endswith(self.MARK):
            left = max(0, end - time.monotonic())
            if not select.select([self.psql.stdout], [], [], left)[0]:
                raise AssertionError("psql: no answer in %d s\n%s" % (seconds, sql))
            part = os.read(self.psql.stdout.fileno(), 65536)
            if not part:
                self.psql.wait()
                self.said.seek(0)
                raise AssertionError("psql: %s\n%s" % (self.said.read().decode(), sql))
            out += part
        return out[:-len(self.MARK)].decode()

    def end(self):
        self.psql.kill()
        self.psql.wait()
        self.psql.stdin.close()
        self.psql.stdout.close()
        self.said.close()


def wait(condition, what, seconds=20):
    """Polls; a condition that never comes true is a failure, not a guess."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("in %d s never: %s" % (seconds, what))
        time.sleep(0.02)


def load(kind, name):
    """tests/good/NAME.json or tests/bad/NAME.json, see rows.py."""
    return complete(json.loads((TOP / "tests" / kind / (name + ".json")).read_text("utf-8")))


def complete(case):
    """The case with all that its base says; a `change` to null leaves the column out."""
    if "base" in case:
        base = load("good", "base-" + case["base"])
        row = base["row"] | case.get("change", {})
        steps = {s: base.get(s, []) + case.get(s, []) for s in ("setup", "after")}
        case = base | case | steps | {"row": row}
    case.setdefault("ledger", "assets")
    case["row"] = {name: value for name, value in case["row"].items() if value is not None}
    return case


def prefix_of(table):
    """What the functions that judge this table begin with."""
    text = (TOP / "sql" / "final" / "10-rules.sql").read_text("utf-8")
    return re.search(r"rules_build\('%s', '(\w+)'" % table, text).group(1)


# What was done, seen from a test: the register's own chores (terms that end, findings, mail) go on
# meanwhile, under the daemon's role and with their names as operations.
LOGGED = ("(SELECT * FROM audit_event WHERE person <> 'role:daicho_app' OR operation IS NULL)"
          " logged")

SHARED = []


def daemon():
    """The daemon with the demonstration that all tests share."""
    if not SHARED:
        d = Daemon()
        atexit.register(d.stop)
        SHARED.append(d)
        d.load_logins()
    return SHARED[0]


# Persons of the demonstration by what a test needs them for.
PEOPLE = {
    "writer": "kitaboshi.y",    # writes every row of hoshi, see OFFICES
    "other": "shinkai.t",       # writes every row of umi
    "boss": "subaruno.k",       # 機関CISO of hoshi
    "keeper": "eisei.r",        # registry_admin and operator of hoshi
    "reader": "seiunda.n",      # 情報セキュリティ管理者 … of hoshi
    "auditor": "uzushio.g",     # reads hoshi, writes nothing
    "everywhere": "kitaboshi.y",  # 統括情報セキュリティ責任者
    "staff": "engai.s",         # no office that opens the ledgers
}

# The one office in which these act; the others act in all that they hold.
OFFICES = {"writer": "iso", "other": "iso"}


# Tables that rules judge: what the functions are called, and the key.
JUDGED = {"asset": ("asset", "asset_no"), "external_media": ("media", "media_no"),
          "media_movement": ("movement", "movement_no")}


class Case(unittest.TestCase):
    """A test with clients: self.writer, self.other, self.keeper …"""
    longMessage = True
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.daemon = daemon()
        for name, login in PEOPLE.items():
            setattr(cls, name, cls.client(login, OFFICES.get(name)))
        cls.nobody = Client(cls.daemon.port)

    @classmethod
    def client(cls, login, office=None):
        return Client(cls.daemon.port, cls.daemon.logins[login]["token"],
                      {"Daicho-Office": office} if office else {})

    @classmethod
    def tearDownClass(cls):
        for name in (*PEOPLE, "nobody"):
            getattr(cls, name).close()

    def ok(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer

    def refused(self, answer, status, code=None, codes=None):
        """A problem document (RFC 9457) with this status, code and codes of faults."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json", answer)
        document = answer.json
        self.assertEqual(document["status"], status)
        self.assertEqual(document["request_id"], answer.headers["X-Request-Id"])
        self.assertEqual(document["type"], "urn:daichod:problem:" + document["code"])
        self.assertTrue(document["title"])
        if code is not None:
            self.assertEqual(document["code"], code, answer)
        if codes is not None:
            self.assertEqual(answer.codes, sorted(codes), answer)
        return document

    def fault(self, answer, code, **members):
        """The one fault with this code, whose members are these."""
        found = [f for f in answer.json["errors"] if f["code"] == code]
        self.assertEqual(len(found), 1, answer)
        for name, value in members.items():
            self.assertEqual(found[0].get(name), value, "%s of %r" % (name, answer))
        return found[0]

    def create(self, ledger="assets", client=None, **members):
        """A new row; returns the document and its ETag."""
        body = {"institution": "hoshi"} | members
        a = self.ok((client or self.writer).post("/api/v1/" + ledger, body), 201)
        return a.json, a.etag

    def violations(self, table, key, mode="F"):
        """Codes of the rules of this mode that a row violates now."""
        prefix, column = JUDGED[table]
        return sorted(row[0] for row in self.daemon.psql(
            "SELECT unnest(%s_violation_%s(a)) FROM %s a WHERE a.%s = '%s'"
            % (prefix, mode.lower(), table, column, key)))

    def count(self, sql):
        return int(self.daemon.value(sql))
