"""Identity from a web server in front: a real nginx with the sample file, and forgeries."""
import http.server
import os
import re
import shutil
import subprocess
import threading

from client import Client
from harness import BUILD, TOP
from proxy_help import (EPPN, IS_ROOT, Embedded, ProxyCase, exchange, free_port, front,
                        listens, run, unprivileged)

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Gate(http.server.BaseHTTPRequestHandler):
    """The authorizer: it knows one cookie.  What it was sent is kept."""
    seen = []

    def do_GET(self):
        Gate.seen.append(self.headers)
        who = {"who=me": EPPN, "who=stranger": "stranger@example.ac.jp"}.get(
            self.headers.get("Cookie"))
        self.send_response(401 if who is None else 204)
        if who is not None:
            self.send_header("X-Eppn", who)
        self.end_headers()

    def log_message(self, *args):
        pass


class Front:
    """nginx with contrib/nginx/daichod-proxy.conf, on loopback, without TLS."""

    def __init__(self, home, socket_path, gate_port):
        self.prefix = home / "nginx"
        self.prefix.mkdir()
        if IS_ROOT:
            os.chown(self.prefix, front()["user"], front()["group"])
        sample = (TOP / "contrib" / "nginx" / "daichod-proxy.conf").read_text("utf-8")
        sample = re.sub(r"(?m)^\s*ssl_.*\n", "", sample)
        sample, n = re.subn("/run/daicho/daichod.sock", str(socket_path), sample)
        sample = sample.replace("127.0.0.1:9090", "127.0.0.1:%d" % gate_port)
        assert n == 2, n  # one in a comment
        for _ in range(5):
            self.port = free_port()
            if self.start(sample.replace("listen 443 ssl http2;",
                                         "listen 127.0.0.1:%d;" % self.port)):
                return
        raise AssertionError((self.prefix / "error.log").read_text("utf-8", "replace"))

    def start(self, server):
        conf = self.prefix / "nginx.conf"
        paths = "".join("%s_temp_path %s/%s;\n" % (what, self.prefix, what) for what in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf.write_text("daemon off;\nworker_processes 1;\npid %s/pid;\nerror_log %s/error.log;\n"
                        "events { worker_connections 64; }\nhttp {\naccess_log off;\n%s%s}\n"
                        % (self.prefix, self.prefix, paths, server), "utf-8")
        conf.chmod(0o644)
        self.process = subprocess.Popen(
            [NGINX, "-p", str(self.prefix), "-e", str(self.prefix / "error.log"), "-c", str(conf)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", **front())
        return listens(self.process, self.port)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


class Proxy(ProxyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate)
        cls.addClassCleanup(cls.gate.server_close)
        threading.Thread(target=cls.gate.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.gate.shutdown)
        cls.front = Front(cls.home, cls.socket, cls.gate.server_port)
        cls.addClassCleanup(cls.front.stop)

    def through(self, target="/whoami", cookie="who=me", headers=()):
        """A browser in front of nginx; headers as pairs, so that one may stand twice."""
        lines = ["GET %s HTTP/1.1" % target, "Host: x", "Connection: close"]
        lines += ["Cookie: " + cookie] if cookie else []
        lines += ["%s: %s" % pair for pair in headers]
        return exchange(self.front.port, *lines)

    # ---- through nginx ------------------------------------------------------------------

    def test_the_proxy_names_the_person(self):
        self.is_me(self.through())

    def test_nobody_is_nobody(self):
        for cookie in (None, "who=nobody", "who=me2"):
            self.assertEqual(self.through(cookie=cookie).status, 401)

    def test_copies_from_outside_are_replaced(self):
        spoofs = [[("X-Remote-User", "stranger@example.ac.jp")],
                  [("x-remote-user", "stranger@example.ac.jp")],
                  [("X-REMOTE-USER", "a"), ("X-Remote-User", "b")],
                  [("X_Remote_User", "stranger@example.ac.jp")],
                  [("X-Eppn", "stranger@example.ac.jp")],
                  [("Authorization", "Bearer nonsense")]]
        for headers in spoofs:
            with self.subTest(headers=headers):
                self.is_me(self.through(headers=headers))
                # without the authorizer's word they are nothing
                mine = [(name, EPPN) for name, _ in headers]
                self.assertEqual(self.through(cookie=None, headers=mine).status, 401)
        self.assertNotIn(None, Gate.seen)
        for headers in Gate.seen:
            self.assertIsNone(headers["X-Remote-User"])
            self.assertIsNone(headers["X-Eppn"])

    def test_a_stranger_is_refused(self):
        self.refused(self.through(cookie="who=stranger"), 401, "unauthenticated")
        told = [e["message"] for e in self.daemon.events("proxy_identity")]
        self.assertIn('"stranger@example.ac.jp" from unix is unauthenticated', told)

    def test_not_below_api(self):
        for headers in ([], [("X-Remote-User", EPPN)]):
            for target in ("/api/v1/me", "/api/v1/assets", "/api/v1/tokens"):
                self.refused(self.through(target, headers=headers), 401, "unauthenticated")
        bearer = [("Authorization", "Bearer " + self.token)]
        a = self.through("/api/v1/me", headers=bearer + [("X-Remote-User", "x@example.ac.jp")])
        self.assertEqual(a.status, 200, a)
        self.assertIn('"login":"suiseigawa.h"', a.text)

    # ---- on the socket itself -----------------------------------------------------------

    def test_the_proxy_itself(self):
        self.is_me(self.raw("X-Remote-User: " + EPPN))
        self.is_me(self.raw("x-remote-user:   %s  " % EPPN))
        self.is_me(self.raw("X-Remote-User: " + EPPN, target="/whoami?lang=en"))

    def test_sent_twice(self):
        for second in (EPPN, "", "stranger@example.ac.jp"):
            self.refused(self.raw("X-Remote-User: " + EPPN, "x-remote-user: " + second), 400,
                         "bad_request")

    def test_beside_a_token(self):
        self.refused(self.raw("X-Remote-User: " + EPPN, "Authorization: Bearer " + self.token),
                     400, "bad_request")
        self.is_me(self.raw("Authorization: Bearer " + self.token))

    def test_values_that_name_nobody(self):
        for value in ("", "(null)", "suiseigawa.h", EPPN.upper(), EPPN + ",x", EPPN + ";" + EPPN,
                      EPPN + " x", "'; DROP TABLE person --", "x" * 4000, "\xe3\x81\x82@x",
                      EPPN + "\t", EPPN[:-1], "%73uiseigawa@hoshi.example.ac.jp", "*", "@"):
            if value.strip() == EPPN:
                continue
            with self.subTest(value=value):
                self.refused(self.raw("X-Remote-User: " + value), 401, "unauthenticated")

    def test_other_names_of_the_header(self):
        for name in ("X_Remote_User", "Remote-User", "X-Forwarded-User", "REMOTE_USER",
                     "X-Remote-User2"):
            self.refused(self.raw("%s: %s" % (name, EPPN)), 401, "unauthenticated")

    def test_other_paths_and_methods(self):
        header = "X-Remote-User: " + EPPN
        self.refused(self.raw(header, target="/api/v1/me"), 401)
        self.refused(self.raw(header, target="/api/v1/assets"), 401)
        self.refused(self.raw(header, header, target="/api/v1/me"), 401)
        self.refused(self.raw(header, target="/whoami/../api/v1/me"), 404)
        self.refused(self.raw(header, target="/api/../whoami"), 404)
        self.refused(self.raw(header, target="//whoami"), 404)
        self.refused(self.raw(header, target="/%77hoami"), 404)
        self.refused(self.raw(header, target="/%61pi/v1/me"), 404)
        self.refused(self.raw(header, "Content-Length: 0", method="POST"), 405)
        self.refused(self.raw(header, "Content-Length: 0", method="DELETE",
                              target="/api/v1/tokens/000000000000"), 401)

    def test_another_uid_is_not_the_proxy(self):
        if IS_ROOT:
            self.refused(self.raw("X-Remote-User: " + EPPN, user={}), 401, "unauthenticated")
            self.refused(self.raw("X-Remote-User: " + EPPN, "X-Remote-User: x", user={}), 401)
            self.refused(self.raw("X-Remote-User: " + EPPN, user=unprivileged()), 401)
        # its own token still works there
        a = self.raw("Authorization: Bearer " + self.token, "X-Remote-User: x@example.ac.jp",
                     user={}, target="/api/v1/me")
        self.assertEqual(a.status, 200, a)

    def test_whoever_has_left_is_nobody(self):
        self.daemon.cli("identity", "set", "namima.j", "eppn", "namima@umi.example.ac.jp")
        header = "X-Remote-User: namima@umi.example.ac.jp"
        self.assertEqual(self.raw(header).status, 200)
        self.daemon.cli("identity", "remove", "namima.j", "eppn")
        self.refused(self.raw(header), 401, "unauthenticated")

    # ---- other daemons ------------------------------------------------------------------

    def other(self, *args):
        """A second daemon on a directory of its own; nothing is known there but its tokens."""
        daemon = Embedded(self.home, *args, directory="other")
        self.addCleanup(shutil.rmtree, daemon.dir, ignore_errors=True)
        self.addCleanup(daemon.stop)
        daemon.start()
        return daemon

    def test_a_list_without_the_peer(self):
        path = self.home / "other.sock"
        daemon = self.other("-c", self.configure("other.conf", "65533, 65532"), "--listen",
                            "unix:%s" % path, "--demo")
        daemon.cli("identity", "set", "suiseigawa.h", "eppn", EPPN)
        self.refused(self.raw("X-Remote-User: " + EPPN, path=path), 401, "unauthenticated")

    def test_on_tcp_there_is_no_proxy(self):
        daemon = self.other("--demo")
        daemon.cli("identity", "set", "suiseigawa.h", "eppn", EPPN)
        token = daemon.cli("token", "issue", "suiseigawa.h")
        client = Client(daemon.port)
        for headers in ({"X-Remote-User": EPPN}, {"Remote-User": EPPN}):
            self.refused(client.get("/whoami", headers=headers), 401)
            self.refused(client.get("/api/v1/me", headers=headers), 401)
        self.is_me(client.get("/whoami", token=token))
        client.close()

    # ---- configuration ------------------------------------------------------------------

    def check(self, header, uids, listen="unix:/tmp/none.sock"):
        path = self.configure("check.conf", uids, header)
        with open(path, "a", encoding="utf-8") as f:
            f.write('listen = "%s"\n' % listen)
        return run(BUILD / "daichod", "-c", path, "-n")

    def test_what_starts(self):
        for header, uids, listen in (("X-Remote-User", "root", "unix:/tmp/x"),
                                     ("X-Remote-User", "0", "unix:/tmp/x"),
                                     ("X-Remote-User", "root, 33,7", "unix:/tmp/x"),
                                     ("", "", "127.0.0.1:0"), ("", "root", "127.0.0.1:0")):
            done = self.check(header, uids, listen)
            self.assertEqual(done.returncode, 0, (header, uids, listen, done))

    def test_what_does_not_start(self):
        for header, uids, listen in (
                ("X-Remote-User", "", "unix:/tmp/x"), ("X-Remote-User", " ,", "unix:/tmp/x"),
                ("X-Remote-User", "root", "127.0.0.1:0"), ("X-Remote-User", "root", "[::1]:0"),
                ("X-Remote-User", "no-such-user", "unix:/tmp/x"),
                ("X-Remote-User", "-1", "unix:/tmp/x"),
                ("X-Remote-User", "4294967295", "unix:/tmp/x"),
                ("X-Remote-User", "root no-such-user", "unix:/tmp/x"),
                ("X_Remote_User", "root", "unix:/tmp/x"), ("X Remote", "root", "unix:/tmp/x"),
                ("Authorization", "root", "unix:/tmp/x"), ("Cookie", "root", "unix:/tmp/x"),
                ("host", "root", "unix:/tmp/x"), ("X" * 65, "root", "unix:/tmp/x")):
            done = self.check(header, uids, listen)
            self.assertEqual(done.returncode, 1, (header, uids, listen, done))
            self.assertIn("proxy_", done.stderr)
        path = self.configure("check.conf", "root")
        done = run(BUILD / "daichod", "-c", path, "--listen", "127.0.0.1:0", "-n")
        self.assertEqual(done.returncode, 1)
        done = run(BUILD / "daichod", "--embedded", self.home / "never", "-c", path)
        self.assertEqual(done.returncode, 1)

    def test_identities_on_the_command_line(self):
        def cli(*args):
            return run(BUILD / "daicho", "--embedded", self.daemon.dir, "identity", *args)
        for args in (("set", "nobody.x", "eppn", "x@example.ac.jp"),
                     ("set", "engai.s", "mail", "x@example.ac.jp"),
                     ("set", "engai.s", "eppn", "(null)"), ("set", "engai.s", "eppn", "engai"),
                     ("set", "engai.s", "eppn", ""), ("set", "engai.s", "eppn", "a b@x"),
                     ("set", "engai.s", "eppn", EPPN), ("remove", "engai.s", "eppn")):
            done = cli(*args)
            self.assertEqual(done.returncode, 1, (args, done))
        self.assertEqual(cli("set", "engai.s", "eppn", "one@example.ac.jp").returncode, 0)
        self.assertEqual(cli("set", "engai.s", "eppn", "two@example.ac.jp").returncode, 0)
        shown = cli("list").stdout
        self.assertIn("two@example.ac.jp", shown)
        self.assertNotIn("one@example.ac.jp", shown)
        self.assertEqual(cli("remove", "engai.s", "eppn").returncode, 0)
