"""Log-in, sessions, cookies, forged requests, second factor.

A daemon of its own, because its clock is moved.
"""
import base64
import hashlib
import hmac
import os
import struct
import subprocess
import tempfile
import threading
import time
import unittest

from client import Client
from harness import BUILD, Case, Daemon, wait


def totp(secret, at):
    """RFC 6238, SHA-1, six digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


class Browser(Client):
    """A client with a cookie jar that says what browsers say."""

    def __init__(self, daemon):
        super().__init__(daemon.port)
        self.cookie = None
        self.csrf = None

    def request(self, method, path, body=None, headers=None, query=None, token=None):
        sent = {"Cookie": self.cookie and "daicho=" + self.cookie, "X-CSRF-Token": self.csrf,
                "Sec-Fetch-Site": "same-origin"} | (headers or {})
        a = super().request(method, path, body, sent, query, token)
        for value in a.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            assert name == "daicho", value
            self.cookie = rest.partition(";")[0] or None
        if self.cookie and a.status in (200, 201) and b'"csrf_token":"' in a.body:
            self.csrf = a.json["csrf_token"]
        return a

    def login(self, login, password, **more):
        return self.post("/api/v1/sessions", {"login": login, "password": password} | more)


class Sessions(Case):
    @classmethod
    def setUpClass(cls):
        cls.offset = 0
        cls.daemon = Daemon(config='require_second_factor = "inst_ciso"\n', clock=0)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()
        cls.people = cls.daemon.logins

    @classmethod
    def tearDownClass(cls):
        pass

    @classmethod
    def move(cls, seconds):
        """The time from now on, seen from the truth; always forward, so nothing hangs over."""
        cls.offset += seconds
        cls.daemon.move_clock(cls.offset)

    def now(self):
        return time.time() + self.offset

    def setUp(self):
        self.move(3700)  # delays of the test before are over

    def browser(self, login="suiseigawa.h", **more):
        b = Browser(self.daemon)
        self.addCleanup(b.close)
        self.ok(b.login(login, self.people[login]["password"], **more), 201)
        return b

    def anonymous(self):
        b = Browser(self.daemon)
        self.addCleanup(b.close)
        return b

    def metric(self, name):
        for line in self.anonymous().get("/metrics").text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise AssertionError(name)

    def notes(self, what):
        return int(self.daemon.value(
            "SELECT count(*) FROM audit_event WHERE after->>'what' = '%s'" % what))

    # ---- log-in

    def test_login(self):
        before = self.notes("login")
        b = self.anonymous()
        a = self.ok(b.login("suiseigawa.h", self.people["suiseigawa.h"]["password"]), 201)
        cookie = a.headers["Set-Cookie"]
        self.assertIn("; HttpOnly", cookie)
        self.assertIn("; SameSite=Lax", cookie)
        self.assertIn("; Path=/", cookie)
        self.assertNotIn("Secure", cookie)  # plain http on loopback
        self.assertEqual(len(b.cookie), 43)
        self.assertEqual(a.json["person"], "suiseigawa.h")
        self.assertIs(a.json["second_factor"], False)
        self.assertEqual(self.notes("login"), before + 1)
        self.assertEqual(self.ok(b.get("/api/v1/me")).json["login"], "suiseigawa.h")
        now = self.ok(b.get("/api/v1/sessions/current")).json
        self.assertEqual((now["csrf_token"], now["id"]), (a.json["csrf_token"],
                                                          a.json["session"]))
        self.assertEqual(self.daemon.value("SELECT count(*) FROM session WHERE encode("
                                           "secret_sha256, 'escape') LIKE '%%%s%%'"
                                           % b.cookie[:8]), "0")

    def test_one_answer_for_all_that_is_wrong(self):
        self.daemon.psql("UPDATE person SET active = false WHERE login = 'bunkou.i'")
        password = self.people["engai.s"]["password"]
        answers = []
        before = self.metric("daicho_password_hashes_total")
        tries = [("engai.s", "wrong password"), ("nobody.x", password), ("bunkou.i", password),
                 ("", password), ("engai.s", ""), ("x" * 2000, password), ("engai.s'--", "a b"),
                 ("Engai.s", password), ("engai.s", password + "\u200b")]
        for login, typed in tries:
            a = self.anonymous().login(login, typed)
            d = self.refused(a, 401, "invalid_credentials")
            self.assertNotIn("Set-Cookie", a.headers)
            d.pop("request_id")
            answers.append(d)
            self.move(400)
        self.assertTrue(all(d == answers[0] for d in answers), answers)
        # the same work for each: one computation
        self.assertEqual(self.metric("daicho_password_hashes_total") - before, len(tries))
        known = self.daemon.psql("SELECT DISTINCT object FROM audit_event WHERE "
                                 "after->>'what' = 'login failed' ORDER BY 1")
        self.assertIn(["engai.s"], known)
        self.assertNotIn(["nobody.x"], known)
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE after::text LIKE "
                                    "'%%%s%%'" % password), 0)

    def test_malformed(self):
        b = self.anonymous()
        for body, status, codes in (
                ({}, 422, ["required", "required"]),
                ({"login": "a", "password": 7}, 422, ["wrong_type"]),
                ({"login": "a", "password": "b", "more": "c"}, 422, ["unknown_member"]),
                ([], 422, ["wrong_type"])):
            self.refused(b.post("/api/v1/sessions", body), status, "invalid", codes)
        self.refused(b.post("/api/v1/sessions", b"login=a&password=b", headers={
            "Content-Type": "application/x-www-form-urlencoded"}), 415)
        self.refused(b.post("/api/v1/sessions", b"{"), 400, "bad_json")
        good = {"login": "engai.s", "password": "wrong"}
        # neither a dry run nor a repetition is a way around the count of failures
        self.refused(b.post("/api/v1/sessions", good, query={"dry_run": "true"}), 400)
        self.refused(b.post("/api/v1/sessions", good, headers={"Idempotency-Key": "k"}), 400)
        self.refused(b.post("/api/v1/sessions", b'{"login":"a","password":"%s"}' % (b"x" * 5000)),
                     413)

    def test_delays(self):
        b = self.anonymous()
        right = self.people["hakucho.g"]["password"]
        for _ in range(3):
            self.refused(b.login("hakucho.g", "wrong"), 401)
        a = b.login("hakucho.g", right)
        self.refused(a, 429, "too_many_requests")
        self.assertGreaterEqual(int(a.headers["Retry-After"]), 1)
        self.move(2)
        for wait_s in (2, 4, 8):
            self.refused(b.login("hakucho.g", "wrong"), 401)
            a = b.login("hakucho.g", right)
            self.refused(a, 429)
            self.assertAlmostEqual(int(a.headers["Retry-After"]), wait_s, delta=1)
            self.move(wait_s + 1)
        # refused attempts do not make it longer, and somebody else is not held up
        self.browser("orihime.t")
        self.ok(b.login("hakucho.g", right), 201)
        self.refused(b.login("hakucho.g", "wrong"), 401)  # counted anew
        self.ok(b.login("hakucho.g", right), 201)

    def test_strangers_lock_nobody_out(self):
        """What others do from their addresses stretches a wait by seconds at most."""
        sql = "SELECT login_attempt('orihime.t', '192.0.2.%d')"
        for i in range(1, 40):
            self.daemon.psql(sql % i, role="daicho_app")
        self.browser("orihime.t")

    def test_many_at_once(self):
        start = self.daemon.memory()
        answers, slowest = [], [0.0]
        done = threading.Event()

        def guess(i):
            c = Browser(self.daemon)
            try:
                answers.append(c.login("kounen.y" if i % 2 else "nobody%d" % i, "wrong %d" % i))
            finally:
                c.close()

        def ping():
            c = Client(self.daemon.port, self.people["suiseigawa.h"]["token"])
            while not done.is_set():
                before = time.monotonic()
                answers_ping.append(c.get("/api/v1/me").status)
                slowest[0] = max(slowest[0], time.monotonic() - before)
            c.close()

        answers_ping = []
        pinger = threading.Thread(target=ping)
        pinger.start()
        threads = [threading.Thread(target=guess, args=(i,)) for i in range(200)]
        peak = start
        for t in threads:
            t.start()
        while any(t.is_alive() for t in threads):
            peak = max(peak, self.daemon.memory())
            time.sleep(0.02)
        done.set()
        pinger.join()
        self.assertEqual(len(answers), 200)
        self.assertLessEqual({a.status for a in answers}, {401, 429})
        full = [a for a in answers if a.status == 429]
        self.assertTrue(full)
        for a in full:
            self.assertGreaterEqual(int(a.headers["Retry-After"]), 1)
        # two hashes of 64 MiB, and threads; not two hundred of them
        self.assertLess(peak - start, 450 * 1024 * 1024)
        self.assertEqual(set(answers_ping), {200})
        self.assertGreater(len(answers_ping), 3)
        wait(lambda: self.metric('daicho_password_queue{state="waiting"}') == 0, "an empty queue")

    # ---- life of a session

    def test_fixation_and_rotation(self):
        b = self.anonymous()
        b.cookie = "A" * 43  # laid out by somebody else
        self.ok(b.login("suiseigawa.h", self.people["suiseigawa.h"]["password"]), 201)
        self.assertNotEqual(b.cookie, "A" * 43)
        first, first_csrf = b.cookie, b.csrf
        # logging in again ends the session before
        self.ok(b.login("suiseigawa.h", self.people["suiseigawa.h"]["password"]), 201)
        self.assertNotEqual(b.cookie, first)
        self.assertNotEqual(b.csrf, first_csrf)
        old = self.anonymous()
        old.cookie = first
        self.refused(old.get("/api/v1/me"), 401, "unauthenticated")
        # so does a new proof: other bytes, same session
        second, id_before = b.cookie, b.get("/api/v1/sessions/current").json["id"]
        a = self.ok(b.post("/api/v1/sessions/reauthentication",
                           {"password": self.people["suiseigawa.h"]["password"]}))
        self.assertEqual(a.json["session"], id_before)
        self.assertNotEqual(b.cookie, second)
        old.cookie = second
        self.refused(old.get("/api/v1/me"), 401, "unauthenticated")
        self.ok(b.get("/api/v1/me"))
        self.refused(b.post("/api/v1/sessions/reauthentication", {"password": "wrong"}), 401,
                     "invalid_credentials")
        self.ok(b.get("/api/v1/me"))

    def test_broken_cookies(self):
        b = self.anonymous()
        for cookie in ("", "x", "A" * 42, "A" * 44, "!" * 43, "A" * 43, "あ"):
            a = b.get("/api/v1/me", headers={"Cookie": ("daicho=" + cookie).encode("utf-8")})
            self.refused(a, 401, "unauthenticated")
        good = self.browser()
        self.refused(b.get("/api/v1/me", headers={
            "Cookie": "daicho=%s; daicho=%s" % (good.cookie, good.cookie)}), 400, "bad_request")
        self.refused(b.get("/api/v1/me", headers={"Cookie": "__Host-daicho=" + good.cookie}), 401)
        # a token goes before a cookie, right or wrong
        self.refused(good.get("/api/v1/me", token="nonsense"), 401)
        self.assertEqual(self.ok(good.get("/api/v1/me", token=self.people["engai.s"]["token"]))
                         .json["login"], "engai.s")

    def test_idle_and_absolute_limit(self):
        b = self.browser()
        self.move(1700)
        self.ok(b.get("/api/v1/me"))
        self.move(1700)  # idle counts from the last request
        self.ok(b.get("/api/v1/me"))
        self.move(1801)
        self.refused(b.get("/api/v1/me"), 401, "unauthenticated")
        b = self.browser()
        for _ in range(29):  # 12 hours, never idle
            self.move(1450)
            self.ok(b.get("/api/v1/me"))
        self.move(1450)
        self.refused(b.get("/api/v1/me"), 401, "unauthenticated")

    def test_list_and_end(self):
        b, other, third = self.browser(), self.browser(), self.browser()
        items = self.ok(b.get("/api/v1/sessions")).json["items"]
        mine = [s for s in items if s["current"]]
        self.assertEqual(len(mine), 1)
        self.assertGreaterEqual(len(items), 3)
        theirs = other.get("/api/v1/sessions/current").json["id"]
        self.assertEqual(self.ok(b.delete("/api/v1/sessions/" + theirs), 204).body, b"")
        self.refused(other.get("/api/v1/me"), 401)
        self.refused(b.delete("/api/v1/sessions/" + theirs), 404)
        self.ok(third.get("/api/v1/me"))
        stranger = self.browser("namima.j")
        self.refused(stranger.delete("/api/v1/sessions/" + mine[0]["id"]), 404)
        self.ok(b.get("/api/v1/me"))
        # tokens end no sessions
        self.refused(Client(self.daemon.port, self.people["suiseigawa.h"]["token"]).delete(
            "/api/v1/sessions/" + mine[0]["id"]), 403, "session_needed")

    def test_logout(self):
        b = self.browser()
        cookie = b.cookie
        a = self.ok(b.delete("/api/v1/sessions/current"), 204)
        self.assertIn("cookies", a.headers["Clear-Site-Data"])
        self.assertIn("Max-Age=0", a.headers["Set-Cookie"])
        self.assertIsNone(b.cookie)
        b.cookie = cookie
        self.refused(b.get("/api/v1/me"), 401)

    def test_disabled_person(self):
        for change, undo in (("active = false", "active = true"),
                             ("left_on = current_date - 1", "left_on = NULL")):
            b = self.browser("kyoutou.d") if "kyoutou.d" in self.people else self.browser()
            login = b.get("/api/v1/me").json["login"]
            self.daemon.psql("UPDATE person SET %s WHERE login = '%s'" % (change, login))
            wait(lambda b=b: b.get("/api/v1/me").status == 401, "the session ends", 2)
            self.refused(self.anonymous().login(login, self.people[login]["password"]), 401)
            self.daemon.psql("UPDATE person SET %s WHERE login = '%s'" % (undo, login))

    def test_the_last_day_ends_by_itself(self):
        """退職日 was entered beforehand; nobody does anything on the day."""
        login = "hensei.k"
        self.daemon.psql("UPDATE person SET left_on = '%s' WHERE login = '%s'" % (
            time.strftime("%Y-%m-%d", time.gmtime(self.now() + 86400)), login))
        token = self.people[login]["token"]
        self.ok(self.anonymous().get("/api/v1/me", token=token))
        self.browser(login)
        self.move(2 * 86400)
        wait(lambda: self.anonymous().get("/api/v1/me", token=token).status == 401,
             "the token ends with the day", 2)
        self.refused(self.anonymous().login(login, self.people[login]["password"]), 401)
        self.daemon.psql("UPDATE person SET left_on = NULL WHERE login = '%s'" % login)
        wait(lambda: self.anonymous().get("/api/v1/me", token=token).status == 200,
             "the token was ended by the day alone", 2)

    def test_password_change(self):
        login = "asayake.f" if "asayake.f" in self.people else "eisei.r"
        old = self.people[login]["password"]
        b, other = self.browser(login), self.browser(login)
        bad = {"current": old, "new": "short"}
        self.refused(b.put("/api/v1/me/password", bad), 422, "invalid", ["too_short"])
        self.refused(b.put("/api/v1/me/password", {"current": old, "new": login + "-is-me-123"}),
                     422, "invalid", ["holds_login"])
        new = "a new and longer phrase"
        self.refused(b.put("/api/v1/me/password", {"current": "wrong", "new": new}), 401,
                     "invalid_credentials")
        cookie = b.cookie
        self.ok(b.put("/api/v1/me/password", {"current": old, "new": new}))
        self.assertNotEqual(b.cookie, cookie)
        self.ok(b.get("/api/v1/me"))
        self.refused(other.get("/api/v1/me"), 401)
        self.move(400)
        self.refused(self.anonymous().login(login, old), 401)
        self.ok(self.anonymous().login(login, new), 201)
        self.people[login]["password"] = new

    # ---- forged requests

    def forgeries(self, b):
        own = "http://127.0.0.1:%d" % self.daemon.port
        yield {"Sec-Fetch-Site": "cross-site"}
        yield {"Sec-Fetch-Site": "same-site"}
        yield {"Sec-Fetch-Site": "none"}
        yield {"Sec-Fetch-Site": None, "Origin": "https://evil.example"}
        yield {"Sec-Fetch-Site": None, "Origin": "null"}
        yield {"Sec-Fetch-Site": None, "Origin": own + "1"}
        yield {"Sec-Fetch-Site": None}
        yield {"X-CSRF-Token": None}
        yield {"X-CSRF-Token": ""}
        yield {"X-CSRF-Token": "0" * 64}
        yield {"X-CSRF-Token": b.csrf.upper()}
        yield {"X-CSRF-Token": self.other.csrf}

    def test_every_state_changing_route(self):
        routes = subprocess.run([BUILD / "daichod", "--print-routes"], capture_output=True,
                                check=True).stdout.decode().splitlines()
        changing = [line.split()[:3] for line in routes
                    if not line.startswith("GET") and " anyone " not in line]
        self.assertGreater(len(changing), 40)
        b, self.other = self.browser("kitaboshi.y"), self.browser()
        before = self.count("SELECT count(*) FROM audit_event WHERE action <> 'note'")
        refusals = self.notes("refused")
        n = 0
        for method, path, _ in changing:
            path = path.replace("{key}", "none").replace("{no}", "1")
            for forged in self.forgeries(b):
                a = b.request(method, path, headers=forged)
                self.refused(a, 403, "cross_site")
                n += 1
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE action <> 'note'"),
                         before)
        self.assertEqual(self.notes("refused") - refusals, n)
        own = {"Sec-Fetch-Site": None, "Origin": "http://127.0.0.1:%d" % self.daemon.port}
        self.refused(b.request("DELETE", "/api/v1/sessions/none", headers=own), 404)

    def test_login_from_elsewhere(self):
        password = self.people["suiseigawa.h"]["password"]
        body = {"login": "suiseigawa.h", "password": password}
        for forged in ({"Sec-Fetch-Site": "cross-site"},
                       {"Sec-Fetch-Site": None, "Origin": "https://evil.example"}):
            self.refused(self.anonymous().post("/api/v1/sessions", body, headers=forged), 403,
                         "cross_site")
        # a script says nothing of the kind, and has no session yet
        self.ok(self.anonymous().post("/api/v1/sessions", body,
                                      headers={"Sec-Fetch-Site": None}), 201)

    def test_get_changes_nothing(self):
        routes = subprocess.run([BUILD / "daichod", "--print-routes"], capture_output=True,
                                check=True).stdout.decode().splitlines()
        b = self.browser("kitaboshi.y")
        before = self.count("SELECT count(*) FROM audit_event WHERE action IN ('insert', "
                            "'update', 'delete')")
        for line in routes:
            method, path = line.split()[:2]
            if method == "GET" and path != "/api/v1/openapi.json":
                path = path.replace("{key}", "none").replace("{no}", "1")
                for m in ("GET", "HEAD"):
                    a = b.request(m, path, headers={"Sec-Fetch-Site": "cross-site"})
                    self.assertNotEqual(a.status, 500, path)
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE action IN ('insert', "
                                    "'update', 'delete')"), before)
        self.ok(b.get("/api/v1/me"))

    # ---- decisions and second factor

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

    def test_fresh_proof(self):
        b = self.browser("eisei.r")
        self.move(901)
        self.refused(b.post("/api/v1/me/totp"), 403, "reauthentication_required")
        self.refused(b.delete("/api/v1/persons/engai.s/sessions"), 403,
                     "reauthentication_required")
        self.ok(b.post("/api/v1/sessions/reauthentication",
                       {"password": self.people["eisei.r"]["password"]}))
        self.ok(b.post("/api/v1/me/totp"), 201)
        token = Client(self.daemon.port, self.people["eisei.r"]["token"])
        self.refused(token.delete("/api/v1/persons/engai.s/sessions"), 403, "session_needed")
        token.close()

    def test_ending_sessions_of_others(self):
        keeper, victim = self.browser("eisei.r"), self.browser("suiseigawa.h")
        far = self.browser("namima.j")
        self.ok(keeper.delete("/api/v1/persons/suiseigawa.h/sessions"), 204)
        self.refused(victim.get("/api/v1/me"), 401)
        self.refused(keeper.delete("/api/v1/persons/namima.j/sessions"), 404)
        self.refused(keeper.delete("/api/v1/persons/nobody/sessions"), 404)
        self.ok(far.get("/api/v1/me"))
        self.refused(far.delete("/api/v1/persons/suiseigawa.h/sessions"), 403)

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

    # ---- where the machine stands

    def test_command_line(self):
        d = self.daemon
        b = self.browser("renseigi.o") if "renseigi.o" in self.people else self.browser("engai.s")
        login = b.get("/api/v1/me").json["login"]
        sid = b.get("/api/v1/sessions/current").json["id"]
        self.assertIn("there is no such", d.cli("session", "revoke", "s0", check=False)
                      .stderr.decode())
        d.cli("session", "revoke", sid)
        wait(lambda: b.get("/api/v1/me").status == 401, "the session ends", 2)
        made = d.cli("password", "set", login, "--generate").stdout.decode().strip()
        self.ok(self.anonymous().login(login, made), 201)
        self.people[login]["password"] = made
        self.assertNotEqual(d.cli("password", "set", "nobody.x", "--generate", check=False)
                            .returncode, 0)
        short = subprocess.run([str(BUILD / "daicho"), "--embedded", str(d.dir), "password",
                                "set", login], input=b"short\n", capture_output=True,
                               timeout=60, cwd="/", check=False)
        self.assertNotEqual(short.returncode, 0)
        self.assertIn(b"too_short", short.stderr)
        self.assertNotIn(b"short\n", short.stdout)


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
