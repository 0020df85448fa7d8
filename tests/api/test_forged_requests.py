"""Requests that another site makes a browser send."""
import subprocess
import unittest

from harness import BUILD, LOGGED
from sessions_help import SessionCase

CHANGES = ("SELECT count(*) FROM %s WHERE action IN ('insert', 'update', 'delete')" % LOGGED)


class ForgedRequests(SessionCase):
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
        before = self.count("SELECT count(*) FROM %s WHERE action <> 'note'" % LOGGED)
        refusals = self.notes("refused")
        n = 0
        for method, path, _ in changing:
            path = path.replace("{key}", "none").replace("{no}", "1")
            for forged in self.forgeries(b):
                a = b.request(method, path, headers=forged)
                self.refused(a, 403, "cross_site")
                n += 1
        self.assertEqual(self.count("SELECT count(*) FROM %s WHERE action <> 'note'" % LOGGED),
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
        before = self.count(CHANGES)
        for line in routes:
            method, path = line.split()[:2]
            if method == "GET" and path != "/api/v1/openapi.json":
                path = path.replace("{key}", "none").replace("{no}", "1")
                for m in ("GET", "HEAD"):
                    a = b.request(m, path, headers={"Sec-Fetch-Site": "cross-site"})
                    self.assertNotEqual(a.status, 500, path)
        self.assertEqual(self.count(CHANGES), before)
        self.ok(b.get("/api/v1/me"))


if __name__ == "__main__":
    unittest.main()
