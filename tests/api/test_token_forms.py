"""Who a token is: forms that are one and forms that are none, what is refused and how."""
import time

from client import Client
from harness import PEOPLE, Case, wait

ME = "/api/v1/me"
A = "/api/v1/assets"


class Tokens(Case):
    def issue(self, login, *options):
        token = self.daemon.cli("token", "issue", login, *options).stdout.decode().strip()
        return Client(self.daemon.port, token)

    def id_of(self, client):
        return client.token.split("_")[1]

    def test_forms_that_are_no_token(self):
        token = self.writer.token
        start, number, secret = token.split("_")
        turned = "0" if secret[-1] != "0" else "1"
        for header in ("Basic " + token, "Bearer", "Bearer ", "Bearer x", token, "Token " + token,
                       "Bearer " + token[:-1], "Bearer " + token + "0", "Bearer " + token.upper(),
                       "Bearer " + token[:-1] + turned, "Bearer %s_%s_%s" % (start, number,
                                                                             "0" * 48),
                       "Bearer %s_%s_%s" % (start, "0" * 12, secret), "Bearer daicho__",
                       "Bearer " + token + " x", "Bearer \"" + token + "\"", "Bearer " + "a" * 600,
                       "Bearer %s,%s" % (token, token), "bearer: " + token):
            a = self.nobody.get(ME, headers={"Authorization": header})
            self.refused(a, 401, "unauthenticated")
            self.assertEqual(a.headers["WWW-Authenticate"],
                             'Bearer realm="daichod", error="invalid_token"')
        a = self.nobody.get(ME)
        self.refused(a, 401, "unauthenticated")
        self.assertEqual(a.headers["WWW-Authenticate"], 'Bearer realm="daichod"')
        self.refused(self.nobody.get(ME, headers={"Cookie": "daicho=" + token}), 401)
        self.refused(self.nobody.get(ME + "?access_token=" + token), 401)
        self.refused(self.nobody.get(ME, headers={"X-Remote-User": "suiseigawa.h"}), 401)

    def test_forms_that_are(self):
        for word in ("Bearer ", "bearer ", "BEARER ", "Bearer   "):
            a = self.nobody.get(ME, headers={"Authorization": word + self.writer.token})
            self.assertEqual(self.ok(a).json["login"], PEOPLE["writer"])

    def test_refusals_say_nothing_of_the_row(self):
        there, missing = A + "/A00000001", A + "/A99999999"
        said = [self.nobody.get(p) for p in (there, missing)]
        self.assertEqual([a.status for a in said], [401, 401])
        self.assertEqual(len(said[0].body), len(said[1].body))

    def test_revoked(self):
        client = self.issue("suiseigawa.h")
        self.ok(client.get(ME))
        self.daemon.cli("token", "revoke", self.id_of(client))
        self.gone(client)
        ended = "SELECT revoked_at FROM token WHERE id = '%s'" % self.id_of(client)
        at = self.daemon.value(ended)
        self.daemon.cli("token", "revoke", self.id_of(client))  # as often as one likes
        self.assertEqual(self.daemon.value(ended), at)
        none = self.daemon.cli("token", "revoke", "0" * 12, check=False)
        self.assertNotEqual(none.returncode, 0)
        self.assertIn(self.id_of(client), self.daemon.cli("token", "list").stdout.decode())

    def gone(self, client):
        """Within a second, and it stays so."""
        start = time.monotonic()
        wait(lambda: client.get(ME).status == 401, "the token ends", 5)
        self.assertLess(time.monotonic() - start, 1.5)
        for _ in range(3):
            self.refused(client.get(A), 401, "unauthenticated")

    def test_expired(self):
        client = self.issue("suiseigawa.h", "--days", "1")
        self.daemon.psql("UPDATE token SET expires_at = now() - interval '1 second' WHERE id = '%s'"
                         % self.id_of(client))
        self.refused(client.get(ME), 401, "unauthenticated")
        client = self.issue("suiseigawa.h", "--days", "1")
        self.ok(client.get(ME))
        self.daemon.psql("UPDATE token SET expires_at = now() WHERE id = '%s'" % self.id_of(client))
        self.gone(client)

    def test_only_a_digest_is_kept(self):
        text = str(self.daemon.psql("SELECT * FROM token WHERE id = '%s'"
                                    % self.id_of(self.writer)))
        self.assertIn(self.id_of(self.writer), text)
        self.assertNotIn(self.writer.token.split("_")[2], text)
        self.assertNotIn(self.writer.token.split("_")[2], self.daemon.log())

    def test_narrowed_scopes(self):
        row, etag = self.create()
        place = A + "/" + row["asset_no"]
        asks = {"read": lambda c: c.get(place), "write": lambda c: c.patch(place, {}, '"99"'),
                "import": lambda c: c.table("assets", b"")}
        for scopes in ("read", "write", "import", "read,write", "read,import", "read,write,import"):
            client = self.issue("suiseigawa.h", "--scope", scopes)
            for scope, ask in asks.items():
                a = ask(client)
                if scope in scopes.split(","):
                    self.assertNotIn(a.status, (401, 403), (scopes, scope))
                else:
                    self.refused(a, 403, "forbidden")
            client.close()
        self.assertEqual(self.writer.get(place).etag, etag)

    def test_tokens_that_are_not_issued(self):
        for args in (("nobody.x",), ("tasogare.b",), ("suiseigawa.h", "--days", "0"),
                     ("suiseigawa.h", "--days", "4000"), ("suiseigawa.h", "--days", "x"),
                     ("suiseigawa.h", "--scope", "approve"), ("suiseigawa.h", "--scope", ""),
                     ("suiseigawa.h", "--scope", "read,,write"), ("suiseigawa.h", "--nosuch"), ()):
            done = self.daemon.cli("token", "issue", *args, check=False)
            self.assertNotEqual(done.returncode, 0, args)
            self.assertEqual(done.stdout, b"", args)
            self.assertTrue(done.stderr, args)
