"""Log-in: one answer for all that is wrong, delays, many at once."""
import threading
import time
import unittest

from client import Client
from harness import wait
from sessions_help import Browser, SessionCase


class Login(SessionCase):
    def metric(self, name):
        for line in self.anonymous().get("/metrics").text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise AssertionError(name)

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


if __name__ == "__main__":
    unittest.main()
