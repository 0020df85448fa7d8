"""The life of a daemon with a PostgreSQL of its own: starts, ends, kills, signals, what it says."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import tempfile
import threading
import time
import unittest

from client import to_csv
from daemon_help import (DAICHO, DAICHOD, IS_ROOT, Embedded, Program, draft, is_alive, listeners,
                         metric, new_home, run, unprivileged, wait)

WRITER = "suiseigawa.h"
MANY = 15000 # rows of an import that takes a second or so


def names(client, prefix):
    return sorted(row["name"] for row in client.walk(
        "/api/v1/assets", {"name__contains": prefix, "fields": "name", "limit": 200}))


class Life(unittest.TestCase):
    """One directory with the demonstration; every test finds the daemon running."""

    @classmethod
    def setUpClass(cls):
        cls.home = new_home()
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.conf = cls.home / "daichod.conf"
        cls.configure("")
        cls.d = Embedded(cls.home, "-c", cls.conf, "--demo")
        cls.addClassCleanup(lambda: cls.d.process and cls.d.stop())
        cls.d.start()
        cls.token = cls.d.cli("token", "issue", WRITER)

    @classmethod
    def configure(cls, text):
        cls.conf.write_text(text, "utf-8")
        cls.conf.chmod(0o644)

    def setUp(self):
        if not self.d.running():
            self.d.start()
        self.client = self.d.client(self.token)
        self.addCleanup(self.client.close)
        wait(lambda: self.client.get("/readyz").status == 200, "the daemon is ready", 30)

    def again(self):
        """Started again: a new port, so a new client."""
        self.client.close()
        self.d.start()
        self.client = self.d.client(self.token)
        self.addCleanup(self.client.close)
        wait(lambda: self.client.get("/readyz").status == 200, "the daemon is ready", 30)

    def make(self, name):
        a = self.client.post("/api/v1/assets", draft(name))
        self.assertEqual(a.status, 201, a)
        return a.headers["Location"]

    # ---- starts and ends

    def test_second_start_keeps_the_data(self):
        place = self.make("二度目の起動")
        postmaster = self.d.postmaster()
        self.assertTrue(is_alive(postmaster))
        self.assertEqual(self.d.stop(), 0)
        self.assertFalse(is_alive(postmaster), "PostgreSQL goes with the daemon")
        self.again()
        self.assertNotIn("Making a PostgreSQL cluster", self.d.log())
        self.assertEqual(self.client.get(place).json["name"], "二度目の起動")

    def test_killed_daemon(self):
        place = self.make("殺されたデーモン")
        postmaster = self.d.postmaster()
        self.d.process.kill()
        self.d.process.wait()
        self.again()
        self.assertEqual(self.client.get(place).json["name"], "殺されたデーモン")
        now = self.d.postmaster()
        self.assertTrue(is_alive(now))
        self.assertTrue(now == postmaster or not is_alive(postmaster), "two servers on one DIR")

    def test_killed_daemon_and_postmaster(self):
        place = self.make("両方とも")
        postmaster = self.d.postmaster()
        self.d.process.kill()
        os.kill(postmaster, signal.SIGKILL)
        self.d.process.wait()
        self.again() # over a stale postmaster.pid, and perhaps children of the dead one
        self.assertEqual(self.client.get(place).json["name"], "両方とも")

    def test_killed_postmaster_while_serving(self):
        """503 within 3 s, back by itself, and what was acknowledged is there exactly once."""
        prefix = "kill-%d-" % time.monotonic_ns()
        acked, faults = set(), []
        enough = threading.Event()
        refused = [0]

        def write(number):
            client = self.d.client(self.token)
            try:
                for i in range(100000):
                    if enough.is_set():
                        return
                    write_one(client, "%s%d-%05d" % (prefix, number, i))
            except Exception as e: # pylint: disable=broad-except
                faults.append(repr(e))
            finally:
                client.close()

        def write_one(client, name):
            end = time.monotonic() + 60
            while time.monotonic() < end:
                began = time.monotonic()
                a = client.post("/api/v1/assets", draft(name), headers={"Idempotency-Key": name})
                took = time.monotonic() - began
                if a.status == 201:
                    acked.add(name)
                    return
                if took > 3.5 or "Retry-After" not in a.headers or a.status not in (503, 409):
                    faults.append("%.1f s: %r" % (took, a))
                    return
                refused[0] += a.status == 503
                time.sleep(0.02)
            faults.append("%s never came through" % name)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
        for t in threads:
            t.start()
        try:
            wait(lambda: len(acked) > 30 or faults, "writers write", 30)
            postmaster = self.d.postmaster()
            os.kill(postmaster, signal.SIGKILL)
            wait(lambda: self.d.postmaster() not in (None, postmaster) or faults,
                 "another postmaster", 60)
            mark = len(acked)
            wait(lambda: len(acked) > mark + 30 or faults, "writers go on", 60)
        finally:
            enough.set()
            for t in threads:
                t.join(70)
        self.assertEqual(faults, [])
        self.assertGreater(refused[0], 0, "nobody noticed")
        self.assertEqual(names(self.client, prefix), sorted(acked))

    def test_reads_while_the_postmaster_is_dead(self):
        postmaster = self.d.postmaster()
        os.kill(postmaster, signal.SIGKILL)
        seen = set()

        def served():
            began = time.monotonic()
            a = self.client.get("/api/v1/assets?limit=1")
            self.assertLess(time.monotonic() - began, 3.5)
            seen.add(a.status)
            if a.status == 503:
                self.assertEqual(a.json["code"], "database_away")
                self.assertTrue(a.headers["Retry-After"].isdigit())
                self.assertEqual(self.client.get("/healthz").status, 200)
            return a.status == 200 and self.d.postmaster() not in (None, postmaster)
        wait(served, "it reads again", 60)
        self.assertLessEqual(seen, {200, 503})

    def test_second_daemon_on_one_directory(self):
        place = self.make("一人だけ")
        other = Embedded(self.home, name="log2")
        with self.assertRaisesRegex(RuntimeError, r"in use by another daichod \(pid %d\)"
                                    % self.d.process.pid):
            other.start()
        self.assertEqual(other.process.returncode, 1)
        self.assertEqual(self.client.get(place).status, 200)
        self.assertTrue(is_alive(self.d.postmaster()))

    def test_only_the_daemon_listens_on_tcp(self):
        ours, server = self.d.process.pid, self.d.postmaster()
        self.assertNotIn(server, (None, ours))
        self.assertEqual(listeners(ours) | listeners(server),
                         {(ours, "0100007F", self.d.port)})

    @unittest.skipUnless(IS_ROOT, "only root changes its user")
    def test_root_is_given_up(self):
        for pid in (self.d.process.pid, self.d.postmaster()):
            status = pathlib.Path("/proc/%d/status" % pid).read_text("ascii")
            ids = re.search(r"^Uid:\s+(.*)$", status, re.M).group(1).split()
            self.assertNotIn("0", ids)

    def test_foreign_directory_is_left_alone(self):
        foreign = self.home / "foreign"
        foreign.mkdir()
        (foreign / "thesis.txt").write_text("x")
        done = run(DAICHOD, "--embedded", foreign, "--listen", "127.0.0.1:0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds something else", done.stderr)
        self.assertEqual([p.name for p in foreign.iterdir()], ["thesis.txt"])

    # ---- signals

    def start_import(self, prefix, answer):
        """Sends a table whose import runs when this returns; the answer will be appended."""
        table = to_csv([draft("%s%05d" % (prefix, i)) for i in range(MANY)])
        busy = 'daicho_db_connections{lane="long",state="busy"}'

        def send():
            client = self.d.client(self.token)
            try:
                answer.append(client.table("assets", table, {"state": "draft"},
                                           {"Idempotency-Key": prefix}))
            except OSError as e:
                answer.append(e)
            finally:
                client.close()

        sender = threading.Thread(target=send)
        sender.start()
        wait(lambda: metric(self.client, busy) > 0 or answer, "the import runs", 30)
        return sender

    def count(self, prefix):
        return self.d.cli("export", "assets").count(prefix)

    def test_terminate_lets_a_running_import_end(self):
        prefix, answer = "drain-%d-" % time.monotonic_ns(), []
        sender = self.start_import(prefix, answer)
        self.assertEqual(self.d.stop(), 0, self.d.log()[-2000:])
        sender.join(30)
        self.assertTrue(answer, "the sender waits for ever")
        self.again()
        if isinstance(answer[0], OSError) or answer[0].status == 503:
            self.assertEqual(self.count(prefix), 0, answer)
        else:
            self.assertEqual((answer[0].status, answer[0].json["created"], self.count(prefix)),
                             (200, MANY, MANY))

    def test_import_into_a_killed_postmaster(self):
        """All or nothing; the same request again brings it to all, once."""
        prefix, answer = "torn-%d-" % time.monotonic_ns(), []
        sender = self.start_import(prefix, answer)
        os.kill(self.d.postmaster(), signal.SIGKILL)
        sender.join(60)
        wait(lambda: self.client.get("/readyz").status == 200, "the database is back", 60)
        self.assertIn(self.count(prefix), (0, MANY))
        if answer[0].status != 200: # it may have been quicker than the kill
            self.assertEqual((answer[0].status, "Retry-After" in answer[0].headers), (503, True))
            again = []
            self.start_import(prefix, again).join(60)
            self.assertEqual(again[0].status, 200, again)
        self.assertEqual(self.count(prefix), MANY)

    def test_import_into_a_killed_daemon(self):
        prefix, answer = "dead-%d-" % time.monotonic_ns(), []
        sender = self.start_import(prefix, answer)
        self.d.process.kill()
        self.d.process.wait()
        sender.join(60)
        self.again()
        self.assertIn(self.count(prefix), (0, MANY))
        again = []
        self.start_import(prefix, again).join(60)
        self.assertEqual((again[0].status, self.count(prefix)), (200, MANY), again)

    def test_idle_connections_do_not_hold_up_the_end(self):
        self.assertEqual(self.client.get("/healthz").status, 200) # kept alive from here on
        slow = socket.create_connection(("127.0.0.1", self.d.port), 10)
        self.addCleanup(slow.close)
        slow.sendall(b"GET /healthz HT")
        began = time.monotonic()
        self.assertEqual(self.d.stop(), 0)
        self.assertLess(time.monotonic() - began, 15)
        self.assertEqual([e["message"] for e in self.d.events("stopping")], ["signal 15"])

    def test_hangup_with_a_bad_file_changes_nothing(self):
        self.addCleanup(self.configure, "")
        self.configure("# a comment\n\npool_short = 4711\n")
        self.d.process.send_signal(signal.SIGHUP)
        wait(lambda: len(self.d.events("reload")) > 0, "the file was read")
        told = self.d.events("reload")[-1]
        self.assertEqual(told["level"], "error")
        self.assertIn("kept the old configuration: %s:3: pool_short" % self.conf, told["message"])
        self.assertEqual(self.client.get("/api/v1/assets?limit=1").status, 200)
        before = len(self.d.events("reload"))
        self.configure('log_level = "info"\n')
        self.d.process.send_signal(signal.SIGHUP)
        wait(lambda: len(self.d.events("reload")) > before, "the file was read again")
        self.assertEqual(self.d.events("reload")[-1]["message"], "configuration read again")

    # ---- what it says

    def test_log_lines_and_request_ids(self):
        sent = "test.%d" % time.monotonic_ns()
        a = self.client.get("/api/v1/assets?limit=1&q=%E6%98%9F", headers={"X-Request-Id": sent})
        b = self.client.get("/api/v1/assets/nothing")
        for wanted, answer in ((200, a), (404, b)):
            self.assertEqual(answer.status, wanted)
            got = answer.headers["X-Request-Id"]
            wait(lambda got=got: [e for e in self.d.events("access") if e["request_id"] == got],
                 "the access is logged")
            line, = [e for e in self.d.events("access") if e["request_id"] == got]
            self.assertEqual((line["status"], line["method"], line["person"]),
                             (wanted, "GET", WRITER))
            self.assertNotIn("?", line["path"])
        # every line that is not the announcement for the newcomer is one object
        for line in self.d.log().splitlines():
            if '"event"' in line or line.startswith("{"):
                self.assertLessEqual({"time", "level", "event"}, set(json.loads(line)))
        self.assertNotIn(self.token.rpartition("_")[2], self.d.log())

    def test_request_id_stands_in_the_history(self):
        a = self.client.post("/api/v1/assets", draft("履歴"))
        history = self.client.get(a.headers["Location"] + "/history").json["items"]
        self.assertEqual(history[0]["request_id"], a.headers["X-Request-Id"])

    def test_health_and_metrics(self):
        nobody = self.d.client()
        self.addCleanup(nobody.close)
        self.assertEqual(nobody.get("/healthz").json, {"status": "ok"})
        self.assertEqual(nobody.get("/readyz").json, {"status": "ready"})
        good = 'daicho_http_requests_total{class="2xx"}'
        bad = 'daicho_http_requests_total{class="4xx"}'
        before = metric(nobody, good), metric(nobody, bad)
        self.assertEqual(nobody.get("/healthz").status, 200)
        self.assertEqual(nobody.get("/nothing").status, 404)
        self.assertGreaterEqual(metric(nobody, good), before[0] + 2)
        self.assertGreaterEqual(metric(nobody, bad), before[1] + 1)
        text = nobody.get("/metrics")
        self.assertTrue(text.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        for line in text.text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) daicho_\w+ .+|daicho_\w+(\{[^{}]+\})? '
                             r'[0-9.e+]+)$')

    # ---- too many

    def test_too_many_connections(self):
        """In a daemon of its own, over the same database: ten, and then a clean refusal."""
        conf = self.home / "few.conf"
        conf.write_text("connections = 10\ndatabase = \"host=%s dbname=daicho user=daicho_app\"\n"
                        % (self.d.dir / "run"))
        conf.chmod(0o644)
        few = Program(self.home, "-c", conf, name="log3", **unprivileged())
        few.args += ["--listen", "127.0.0.1:0"]
        self.addCleanup(few.stop)
        few.start()
        crowd = [socket.create_connection(("127.0.0.1", few.port), 10) for _ in range(10)]
        try:
            for s in crowd: # all ten are let in for sure
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            for s in crowd:
                self.assertTrue(s.recv(20).startswith(b"HTTP/1.1 200 "))
            for _ in range(5):
                with socket.create_connection(("127.0.0.1", few.port), 10) as late:
                    answer = b""
                    while chunk := late.recv(4096):
                        answer += chunk
                self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer)
                head, _, body = answer.partition(b"\r\n\r\n")
                self.assertRegex(head, rb"Retry-After: \d+")
                self.assertEqual(json.loads(body)["code"], "overloaded")
        finally:
            for s in crowd:
                s.close()
        client = few.client()
        self.addCleanup(client.close)

        def lets_in():
            try:
                return client.get("/healthz").status == 200
            except OSError:
                return False
        wait(lets_in, "there is room again")


@unittest.skipUnless(IS_ROOT, "only root can close a directory to the user of PostgreSQL")
class ClosedDirectory(unittest.TestCase):
    def test_below_a_directory_that_only_root_enters(self):
        home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-root-"))
        self.addCleanup(shutil.rmtree, home)
        self.assertEqual(stat.S_IMODE(home.stat().st_mode), 0o700)
        log = pathlib.Path(tempfile.mkdtemp(prefix="daicho-log-"))
        self.addCleanup(shutil.rmtree, log)
        d = Program(log, "--embedded", home / "clone" / "var" / "demo", "--listen", "127.0.0.1:0")
        self.addCleanup(lambda: d.process and d.stop())
        d.start()
        said = " ".join(e["message"] for e in d.events("postgresql"))
        place = re.search(r"the data are in (/var/lib/daicho/demo-[0-9a-f]+) instead", said)
        self.assertTrue(place, said)
        self.addCleanup(shutil.rmtree, place.group(1), ignore_errors=True)
        self.assertFalse((home / "clone").exists())
        client = d.client()
        self.addCleanup(client.close)
        self.assertEqual(client.get("/readyz").status, 200)
        # the command line finds the same data by the same name
        done = run(DAICHO, "--embedded", home / "clone" / "var" / "demo", "token", "list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(d.stop(), 0)


if __name__ == "__main__":
    unittest.main()
