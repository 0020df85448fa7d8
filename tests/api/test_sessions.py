"""The life of a session: its cookie, its limits, how it ends and who ends it."""
import subprocess
import time
import unittest

from client import Client
from harness import BUILD, wait
from sessions_help import SessionCase


class Sessions(SessionCase):
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


if __name__ == "__main__":
    unittest.main()
