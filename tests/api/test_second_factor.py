"""The second factor, who must have one, and what is behind https only."""
import base64
import os
import subprocess
import tempfile
import time
import unittest

from client import Client
from harness import BUILD, Case, Daemon
from sessions_help import SessionCase, totp


class SecondFactor(SessionCase):
    def test_second_factor(self):
        login = "suiseigawa.h"
        password = self.people[login]["password"]
        b = self.browser(login)
        self.refused(b.delete("/api/v1/me/totp"), 403, "second_factor_missing")
        self.refused(b.post("/api/v1/me/recovery-codes"), 403, "second_factor_missing")
        self.refused(b.post("/api/v1/me/totp/confirmation", {"otp": "123456"}), 409)
        self.ok(b.post("/api/v1/me/totp"), 201)
        a = self.ok(b.post("/api/v1/me/totp"), 201)  # not confirmed yet: anew
        secret = a.json["secret"]
        self.assertIn("secret=" + secret, a.json["uri"])
        self.refused(b.post("/api/v1/me/totp/confirmation", {"otp": "000000"}), 422, "invalid",
                     ["wrong_code"])
        # it does not count before it is confirmed
        self.ok(self.anonymous().login(login, password), 201)
        code = totp(secret, self.now())
        a = self.ok(b.post("/api/v1/me/totp/confirmation", {"otp": code}))
        self.assertIs(a.json["second_factor"], True)
        self.refused(b.post("/api/v1/me/totp"), 409, "wrong_state")

        self.refused(self.anonymous().login(login, password), 401, "second_factor_required")
        self.refused(self.anonymous().login(login, password, otp=code), 401,
                     "invalid_credentials")  # used
        self.move(400)
        self.refused(self.anonymous().login(login, "wrong", otp=totp(secret, self.now())), 401)
        self.move(400)
        code = totp(secret, self.now())
        a = self.ok(self.anonymous().login(login, password, otp=code), 201)
        self.assertIs(a.json["second_factor"], True)
        self.refused(self.anonymous().login(login, password, otp=code), 401,
                     "invalid_credentials")

        self.move(100)
        # the session has given its second factor: now the password is enough
        a = self.ok(b.post("/api/v1/sessions/reauthentication", {"password": password}))
        self.assertIs(a.json["second_factor"], True)
        codes = self.ok(b.post("/api/v1/me/recovery-codes"), 201).json["codes"]
        self.assertEqual(len(set(codes)), 10)
        self.ok(self.anonymous().login(login, password, recovery_code=codes[0]), 201)
        self.refused(self.anonymous().login(login, password, recovery_code=codes[0]), 401,
                     "invalid_credentials")  # once
        self.move(400)
        self.ok(self.anonymous().login(
            login, password, recovery_code=codes[1].replace("-", " ").upper()), 201)
        self.refused(self.anonymous().login(login, password, recovery_code="aaaa-" * 10), 401)
        self.move(400)
        b = self.browser(login, recovery_code=codes[2])
        self.ok(b.post("/api/v1/me/recovery-codes"), 201)
        self.refused(self.anonymous().login(login, password, recovery_code=codes[3]), 401)
        self.assertEqual(self.daemon.psql("SELECT FROM totp", role="daicho_auditor",
                                          check=False)[0] != 0, True)
        self.ok(b.delete("/api/v1/me/totp"), 204)
        self.move(400)
        self.browser(login)

    def test_office_that_demands_a_second_factor(self):
        """inst_ciso by configuration: revoking needs it, and enrolling does not."""
        login = next(p["login"] for p in self.people.values()
                     if any(o["office"] == "inst_ciso" for o in p["offices"]))
        b = self.browser(login)
        body = {"reason": "x"}
        a = b.post("/api/v1/offices/O99999999/revocation", body)
        self.refused(a, 403, "second_factor_missing")
        secret = self.ok(b.post("/api/v1/me/totp"), 201).json["secret"]
        self.ok(b.post("/api/v1/me/totp/confirmation", {"otp": totp(secret, self.now())}))
        a = b.post("/api/v1/offices/O99999999/revocation", body)
        self.assertIn(a.status, (404, 422, 428), a)
        self.ok(b.delete("/api/v1/me/totp"), 204)


class Secure(Case):
    """Behind https, with a key that seals what must be read back."""

    @classmethod
    def setUpClass(cls):
        fd, cls.key = tempfile.mkstemp(prefix="daicho-key-")
        os.write(fd, b"5a" * 32 + b"\n")
        os.close(fd)  # only root reads it: the daemon does so before it gives root up
        cls.addClassCleanup(os.unlink, cls.key)
        cls.daemon = Daemon(config='origin = "https://register.example.ac.jp"\n'
                            'secret_key_file = "%s"\n' % cls.key)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()

    @classmethod
    def tearDownClass(cls):
        pass

    def test_cookie_and_seal(self):
        who = self.daemon.logins["suiseigawa.h"]
        c = Client(self.daemon.port)
        self.addCleanup(c.close)
        a = self.ok(c.post("/api/v1/sessions", {"login": who["login"],
                                                "password": who["password"]}), 201)
        cookie = a.headers["Set-Cookie"]
        self.assertTrue(cookie.startswith("__Host-daicho="), cookie)
        for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            self.assertIn(part, cookie)
        self.assertNotIn("Domain", cookie)
        value = cookie.partition(";")[0]
        self.refused(c.get("/api/v1/me", headers={
            "Cookie": value.removeprefix("__Host-")}), 401)
        headers = {"Cookie": value, "X-CSRF-Token": a.json["csrf_token"]}
        for origin in ("http://127.0.0.1:%d" % self.daemon.port,
                       "http://register.example.ac.jp", "https://example.ac.jp"):
            self.refused(c.post("/api/v1/me/totp", headers=headers | {"Origin": origin}), 403,
                         "cross_site")
        a = self.ok(c.post("/api/v1/me/totp", headers=headers | {
            "Origin": "https://register.example.ac.jp"}), 201)
        plain = base64.b32decode(a.json["secret"]).hex()
        self.assertEqual(self.daemon.psql("SELECT sealed, encode(secret, 'hex') LIKE '%%%s%%' "
                                          "FROM totp" % plain), [["t", "f"]])
        a = self.ok(c.post("/api/v1/me/totp/confirmation", {"otp": totp(
            a.json["secret"], time.time())}, headers=headers | {
                "Origin": "https://register.example.ac.jp"}))
        self.assertIs(a.json["second_factor"], True)

    def test_bad_settings(self):
        for line in ('origin = "http://register.example.ac.jp"',
                     'require_second_factor = "ciso,king"', 'secret_key_file = "/nowhere"',
                     'session_idle_s = 1'):
            with tempfile.NamedTemporaryFile("w", suffix=".conf") as f:
                f.write(line + "\n")
                f.flush()
                done = subprocess.run([BUILD / "daichod", "-n", "-c", f.name],
                                      capture_output=True, timeout=30, check=False)
            self.assertNotEqual(done.returncode, 0, line)


if __name__ == "__main__":
    unittest.main()
