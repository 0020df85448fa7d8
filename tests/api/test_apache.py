"""Identity from a web server in front: a real Apache with the sample configuration.

In the place of the identity provider Basic authentication sets REMOTE_USER; the rest is the sample.
"""
import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from harness import TOP
from proxy_help import EPPN, IS_ROOT, ProxyCase, exchange, free_port, front, listens

APACHE = shutil.which("apache2", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
MODULES = pathlib.Path("/usr/lib/apache2/modules")
LOADED = ("mpm_event", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user",
          "auth_basic", "headers", "proxy", "proxy_http", "reqtimeout")
STRANGER = "stranger@example.ac.jp"
SIGN_IN = """AuthType Basic
		AuthName x
		AuthBasicProvider file
		AuthUserFile %s
		Require valid-user"""
CONF = """ServerRoot {home}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {home}/pid
DefaultRuntimeDir {home}
Mutex file:{home}
ErrorLog {home}/error.log
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
ServerLimit 1
{modules}
{sample}
"""


def basic(user, password="secret"):
    return ("Authorization", "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode())
            .decode())


class Front:
    """apache2 with contrib/apache/daichod.conf, on loopback, without TLS."""

    def __init__(self, home, socket_path):
        self.home = home / "apache"
        self.home.mkdir()
        users = self.home / "users"
        digest = base64.b64encode(hashlib.sha1(b"secret").digest()).decode()
        users.write_text("".join("%s:{SHA}%s\n" % (u, digest) for u in (EPPN, STRANGER)), "utf-8")
        if IS_ROOT:
            os.chown(self.home, front()["user"], front()["group"])
        sample = (TOP / "contrib" / "apache" / "daichod.conf").read_text("utf-8")
        sample = self.change(sample, r"(?m)^\s*SSL\w+ .*\n", "", 3)
        sample = self.change(sample, r"/run/daicho/daichod\.sock", str(socket_path), 2)
        sample = self.change(sample, r"AuthType shibboleth\n\s*ShibRequestSetting .*\n"
                             r"\s*Require shib-session", SIGN_IN % users, 1)
        for _ in range(5):
            self.port = free_port()
            if self.start(self.change(sample, r"\*:443", "127.0.0.1:%d" % self.port, 1)):
                return
        raise AssertionError(self.log())

    @staticmethod
    def change(text, pattern, by, times):
        text, n = re.subn(pattern, lambda _: by, text)
        assert n == times, (pattern, n)
        return text

    def start(self, sample):
        conf = self.home / "apache.conf"
        loads = "\n".join("LoadModule %s_module %s/mod_%s.so" % (m, MODULES, m) for m in LOADED)
        conf.write_text(CONF.format(home=self.home, port=self.port, modules=loads, sample=sample),
                        "utf-8")
        conf.chmod(0o644)
        with open(self.home / "out.log", "wb") as out:
            self.process = subprocess.Popen(
                [APACHE, "-DFOREGROUND", "-f", str(conf)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, cwd="/", **front())
        return listens(self.process, self.port)

    def log(self):
        return "".join(p.read_text("utf-8", "replace") for p in self.home.glob("*.log"))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


class Apache(ProxyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.front = Front(cls.home, cls.socket)
        cls.addClassCleanup(cls.front.stop)

    def through(self, target="/whoami", headers=(basic(EPPN),), method="GET", body=None):
        """A browser in front of Apache; headers as pairs, so that one may stand twice."""
        lines = ["%s %s HTTP/1.1" % (method, target), "Host: x"]
        if not any(name == "Connection" for name, _ in headers):
            lines.append("Connection: close")
        lines += ["%s: %s" % pair for pair in headers]
        if body is not None:
            lines += ["Content-Length: %d" % len(body), "", body]
        return exchange(self.front.port, *lines)

    def test_the_proxy_names_the_person(self):
        self.is_me(self.through())
        self.is_me(self.through("/whoami?lang=en"))

    def test_nobody_is_nobody(self):
        for headers in ((), (basic(EPPN, "wrong"),), (basic("other@example.ac.jp"),)):
            self.refused(self.through(headers=headers), 401)

    def test_a_stranger_is_refused(self):
        self.refused(self.through(headers=(basic(STRANGER),)), 401, "unauthenticated")
        told = [e["message"] for e in self.daemon.events("proxy_identity")]
        self.assertIn('"%s" from unix is unauthenticated' % STRANGER, told)

    def test_copies_from_outside_are_replaced(self):
        for name in ("X-Remote-User", "x-remote-user", "X-REMOTE-USER", "X_Remote_User",
                     "X-Forwarded-User", "Remote-User", "REMOTE_USER"):
            with self.subTest(name):
                self.is_me(self.through(headers=(basic(EPPN), (name, STRANGER))))
                self.is_me(self.through(headers=(basic(EPPN), (name, STRANGER), (name, EPPN))))
                # whoever has signed in as somebody else, or not at all, is not made me by it
                self.refused(self.through(headers=(basic(STRANGER), (name, EPPN))), 401,
                             "unauthenticated")
                self.refused(self.through(headers=((name, EPPN),)), 401)

    def test_a_header_named_hop_by_hop(self):
        """The proxy takes off what Connection names: nobody, but never somebody else."""
        for headers in ((basic(STRANGER), ("X-Remote-User", EPPN)), (basic(EPPN),)):
            a = self.through(headers=(*headers, ("Connection", "close, X-Remote-User")))
            if headers[0] == basic(EPPN) and a.status == 200:
                self.is_me(a)
            else:
                self.refused(a, 401)

    def test_not_below_api(self):
        for headers in ((), (basic(EPPN),), (("X-Remote-User", EPPN),),
                        (basic(EPPN), ("X-Remote-User", EPPN))):
            for target in ("/api/v1/me", "/api/v1/assets", "/api/v1/tokens"):
                self.refused(self.through(target, headers), 401, "unauthenticated")
        bearer = ("Authorization", "Bearer " + self.token)
        a = self.through("/api/v1/me", (bearer, ("X-Remote-User", STRANGER)))
        self.assertEqual(a.status, 200, a)
        self.assertIn('"login":"suiseigawa.h"', a.text)
        # a page is for whom the provider knows, whatever token comes along
        self.refused(self.through("/whoami", (bearer,)), 401)

    def test_detours_to_api(self):
        """One of the two may see a page where the other sees the API: nobody gains by it."""
        for target in ("//api/v1/me", "/./api/v1/me", "/x/../api/v1/me", "/whoami/../api/v1/me",
                       "/%61pi/v1/me", "/API/v1/me", "/api%2Fv1/me", "/whoami/..%2fapi/v1/me",
                       "/%2e%2e/api/v1/me", "/api;/v1/me", "/.%2e/api/v1/me", "/api//v1/me",
                       "/whoami/%2e%2e/api/v1/me", "http://x/api/v1/me"):
            for headers in ((basic(EPPN),), (basic(EPPN), ("X-Remote-User", EPPN))):
                with self.subTest(target):
                    a = self.through(target, headers)
                    self.assertIn(a.status, (400, 401, 403, 404), a)
                    self.assertNotIn("suiseigawa", a.text)

    def test_what_programs_send(self):
        """Keys with an encoded slash, changes, tables and refusals pass as they are."""
        bearer = ("Authorization", "Bearer " + self.token)
        key = ("Content-Type", "application/json")
        draft = '{"institution":"hoshi","name":"x"}'
        a = self.through("/api/v1/assets?dry_run=true", (bearer, key), "POST", draft)
        self.assertEqual(a.status, 201, a)
        self.refused(self.through("/api/v1/assets/a%2Fb", (bearer,)), 404, "not_found")
        a = self.through("/api/v1/assets/import?dry_run=true",
                         (bearer, ("Content-Type", "text/csv")), "POST", "name\r\n")
        self.assertEqual(a.status, 200, a)
        self.assertEqual(self.through("/healthz", ()).status, 200)

    def test_bodies_have_the_limits_of_the_daemon(self):
        """A table may be larger than a document."""
        bearer = ("Authorization", "Bearer " + self.token)
        big = "name,note\r\n" + "x," + "y" * 1500000 + "\r\n"
        a = self.through("/api/v1/assets", (bearer, ("Content-Type", "application/json")), "POST",
                         '{"name":"%s"}' % ("y" * 1500000))
        self.refused(a, 413)
        a = self.through("/api/v1/assets/import?dry_run=true",
                         (bearer, ("Content-Type", "text/csv")), "POST", big)
        self.assertEqual(a.status, 422, a)
        self.assertIn('"csv_record_too_long"', a.text)

    def test_figures_are_for_the_machine_itself(self):
        for target in ("/metrics", "/readyz"):
            self.assertEqual(self.through(target, ()).status, 200)

    def test_it_comes_back_with_the_daemon(self):
        """What the daemon does not answer is not kept against it."""
        self.daemon.stop()
        self.assertEqual(self.through("/healthz", ()).status, 503)
        again = type(self.daemon)(self.home, "-c", self.conf, "--listen", "unix:%s" % self.socket)
        type(self).daemon = again
        self.addClassCleanup(again.stop)
        again.start()
        self.is_me(self.through())
