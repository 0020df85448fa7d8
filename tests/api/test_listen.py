"""Where the daemon listens: addresses, Unix sockets, what is refused."""
import shutil
import signal
import socket
import stat
import time
import unittest

from daemon_help import DAICHOD, Program, listeners, new_home, run, unix_get, unprivileged


class Listen(unittest.TestCase):
    """Listeners; no database is needed to listen."""

    def setUp(self):
        self.home = new_home()
        self.addCleanup(shutil.rmtree, self.home)
        self.conf = self.home / "away.conf"
        self.conf.write_text('database = "host=%s dbname=x user=x"\n' % self.home)
        self.conf.chmod(0o644)

    def daemon(self, listen, name="log"):
        d = Program(self.home, "-c", self.conf, "--listen", listen, name=name, **unprivileged())
        self.addCleanup(lambda: d.process and d.stop())
        return d

    def test_without_a_database_it_serves_503(self):
        d = self.daemon("127.0.0.1:0").start()
        client = d.client("daicho_000000000000_" + "0" * 48)
        self.addCleanup(client.close)
        self.assertEqual(client.get("/healthz").status, 200)
        for path in ("/readyz", "/api/v1/assets"):
            began = time.monotonic()
            a = client.get(path)
            self.assertLess(time.monotonic() - began, 3)
            self.assertEqual((a.status, a.json["code"]), (503, "database_away"), a)
            self.assertIn("Retry-After", a.headers)
        self.assertEqual(d.stop(signal.SIGINT), 0)

    def test_unix_socket(self):
        path = self.home / "http.sock"
        d = self.daemon("unix:%s" % path).start()
        self.assertEqual(unix_get(path, "/healthz")[0], 200)
        mode = path.stat().st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o660)
        self.assertEqual(listeners(d.process.pid), set())
        with self.subTest("somebody listens there"):
            with self.assertRaisesRegex(RuntimeError, "somebody listens"):
                self.daemon("unix:%s" % path, "log2").start()
            self.assertEqual(unix_get(path, "/healthz")[0], 200)
        with self.subTest("left over from a daemon that was killed"):
            d.process.kill()
            d.process.wait()
            self.assertTrue(path.exists())
            d.start()
            self.assertEqual(unix_get(path, "/healthz")[0], 200)
        self.assertEqual(d.stop(), 0)
        self.assertFalse(path.exists())

    def test_a_file_in_the_way_stays(self):
        path = self.home / "file"
        path.write_text("precious")
        with self.assertRaisesRegex(RuntimeError, "is not a socket"):
            self.daemon("unix:%s" % path).start()
        self.assertEqual(path.read_text(), "precious")

    def test_addresses_that_are_refused(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        for listen, why in (("0.0.0.0:0", "not a loopback address and there is no TLS"),
                            ("192.0.2.1:80", "not a loopback address"),
                            ("[::]:0", "not a loopback address"),
                            ("127.0.0.1", "cannot read the address"),
                            ("127.0.0.1:65536", "cannot read the address"),
                            ("example.ac.jp:80", "cannot read the address"),
                            ("unix:", "1 to 107 bytes"),
                            ("unix:" + "x" * 108, "1 to 107 bytes"),
                            ("unix:/nonexistent/s", "cannot listen on unix:/nonexistent/s"),
                            ("127.0.0.1:%d" % taken.getsockname()[1], "cannot listen on")):
            with self.subTest(listen):
                done = run(DAICHOD, "-c", self.conf, "--listen", listen, timeout=20,
                           **unprivileged())
                self.assertEqual(done.returncode, 1)
                self.assertIn(why, done.stderr)


if __name__ == "__main__":
    unittest.main()
