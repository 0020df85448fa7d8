"""A daemon on a PostgreSQL that somebody else runs: from nothing to a row, away and back."""
import shutil
import subprocess
import time
import unittest

from daemon_help import DAICHO, Cluster, Program, draft, new_home, run, unprivileged, wait
from harness import TOP, today as register_day


class OwnPostgres(unittest.TestCase):
    """-c FILE with a PostgreSQL that is not ours to start or stop."""

    @classmethod
    def setUpClass(cls):
        cls.home = new_home()
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.pg = Cluster(cls.home)
        cls.pg.start()
        cls.addClassCleanup(cls.stop_cluster)
        cls.conf = cls.configure("daichod.conf")

    @classmethod
    def stop_cluster(cls):
        if (cls.home / "data" / "postmaster.pid").exists():
            cls.pg.stop("immediate")

    @classmethod
    def configure(cls, name, user="daicho_app", owner="boss"):
        path = cls.home / name
        path.write_text('database = "%s"\ndatabase_owner = "%s"\npool_wait_ms = 1000\n'
                        % (cls.pg.conninfo(user), cls.pg.conninfo(owner)))
        path.chmod(0o644)
        return path

    def cli(self, *args, status=0):
        done = run(DAICHO, "-c", self.conf, *args, **unprivileged())
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.strip() + done.stderr.strip()

    def printed(self, *args):
        done = run(DAICHO, "-c", self.conf, *args, **unprivileged())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def appoint(self, d, login, office):
        """From here on as everybody does: by who may, after a log-in."""
        password = self.printed("password", "set", login, "--generate")
        client = d.client()
        self.addCleanup(client.close)
        a = client.post("/api/v1/sessions", {"login": login, "password": password})
        self.assertEqual(a.status, 201, a)
        headers = {"Cookie": a.headers["Set-Cookie"].partition(";")[0],
                   "X-CSRF-Token": a.json["csrf_token"], "Sec-Fetch-Site": "same-origin"}
        a = client.post("/api/v1/offices", office, headers=headers)
        self.assertEqual(a.status, 201, a)

    def init(self):
        """Roles, database, schema; harmless when they are there."""
        self.assertRegex(self.cli("init"), r"^\d+ migrations applied$")

    def daemon(self, conf=None, name="log"):
        d = Program(self.home, "-c", conf or self.conf, "--listen", "127.0.0.1:0", name=name,
                    **unprivileged())
        self.addCleanup(lambda: d.process and d.stop())
        return d

    def refused(self, conf=None):
        with self.assertRaises(RuntimeError) as caught:
            self.daemon(conf, "log-refused").start(30)
        return str(caught.exception)

    def test_1_unknown_schema(self):
        """Before anything was made: a database without our tables."""
        self.pg.sql("CREATE ROLE daicho_app LOGIN", "postgres")
        self.pg.sql("CREATE DATABASE daicho TEMPLATE template0", "postgres")
        try:
            self.assertIn("run `daicho migrate`", self.refused())
        finally:
            self.pg.sql("DROP DATABASE daicho", "postgres")
            self.pg.sql("DROP ROLE daicho_app", "postgres")

    def test_2_from_nothing_to_a_row(self):
        self.init()
        self.assertEqual(self.cli("init"), "0 migrations applied")
        demo = TOP / "contrib" / "demo"
        for ledger in ("institutions", "units", "persons"):
            with open(demo / (ledger + ".csv"), "rb") as table:
                # the tree may lie where this user cannot read
                done = run_with(table, DAICHO, "-c", self.conf, "import", ledger, "-")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.cli("office", "grant", "subaruno.k", "inst_ciso", "--bootstrap", "--appointed-by",
                 "gingahara.s", "--institution", "hoshi")
        d = self.daemon().start()
        today = register_day()
        self.appoint(d, "subaruno.k", {"person": "kitaboshi.y", "office": "iso",
                                       "institution": "hoshi", "term_from": str(today)})
        token = self.printed("token", "issue", "kitaboshi.y", "--days", "1")
        client = d.client(token)
        self.addCleanup(client.close)
        self.assertEqual([o["office"] for o in client.get("/api/v1/me").json["offices"]], ["iso"])
        made = client.post("/api/v1/assets", draft("最初の一台"))
        self.assertEqual(made.status, 201, made)
        self.assertEqual(self.cli("token", "revoke", token.split("_")[1]),
                         "revoked; it ends within a second")
        wait(lambda: client.get("/api/v1/me").status == 401, "the token has ended", 5)
        with self.subTest("the demonstration stays out of a real register"):
            self.assertIn("only with --embedded", self.cli("demo", "load", status=1))

    def test_3_roles_that_may_too_much(self):
        self.init()
        self.assertIn("connect as daicho_app", self.refused(self.configure("boss.conf", "boss")))
        self.pg.sql("CREATE ROLE deputy LOGIN IN ROLE daicho_owner, daicho_app")
        self.assertIn("connect as daicho_app",
                      self.refused(self.configure("deputy.conf", "deputy")))

    def test_4_schema_of_another_version(self):
        self.init()
        d = self.daemon().start()
        self.pg.sql("UPDATE schema_state SET fingerprint = 'of the future'")
        client = d.client()
        self.addCleanup(client.close)
        self.assertEqual(client.get("/readyz").status, 503)
        self.assertIn("run `daicho migrate`", self.refused())
        self.cli("migrate")
        self.assertEqual(client.get("/readyz").status, 200)

    def test_5_database_away_and_back(self):
        self.init()
        d = self.daemon().start()
        client = d.client("daicho_000000000000_" + "0" * 48)
        self.addCleanup(client.close)
        self.assertEqual(client.get("/api/v1/assets").status, 401)
        self.pg.stop()
        for path in ("/api/v1/assets", "/readyz", "/api/v1/assets/A00000001", "/api/v1/me"):
            began = time.monotonic()
            a = client.get(path)
            self.assertLess(time.monotonic() - began, 3, path)
            self.assertEqual((a.status, a.json["code"]), (503, "database_away"), a)
            self.assertTrue(a.headers["Retry-After"].isdigit())
        self.assertEqual(client.get("/healthz").status, 200)
        late = self.daemon(name="log-late").start() # starts without it, and waits for it
        other = late.client()
        self.addCleanup(other.close)
        self.assertEqual(other.get("/readyz").status, 503)
        self.pg.start()
        for c in (client, other):
            wait(lambda c=c: c.get("/readyz").status == 200, "back by itself", 10)
        self.assertEqual(client.get("/api/v1/assets").status, 401)

    def test_6_connections_cut_from_outside(self):
        """A failover kills every connection; the next request does not see it."""
        self.init()
        client = self.daemon().start().client()
        self.addCleanup(client.close)
        self.assertEqual(client.get("/readyz").status, 200)
        self.pg.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'daicho_app'")
        wait(lambda: client.get("/readyz").status == 200, "connected again", 10)


def run_with(stdin, *args):
    return subprocess.run([str(a) for a in args], stdin=stdin, capture_output=True, timeout=60,
                          cwd="/", check=False, text=True, **unprivileged())


if __name__ == "__main__":
    unittest.main()
