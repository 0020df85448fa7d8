"""Writes that happen once (Idempotency-Key) and writes that do not happen (dry_run)."""
import http.client
import subprocess
import threading
import uuid

from client import Client, answered
from harness import LOGGED, Case, load

GOOD = load("good", "REG-01")["row"]
TABLES = ("asset", "external_media", "asset_user", "org_unit", "person", "area", LOGGED,
          "idempotency_key", "import", "asset_staging")


class Once(Case):
    def send(self, key, body, path="/api/v1/assets", client=None, query=None, headers=None):
        return (client or self.writer).post(path, body, query=query,
                                            headers={"Idempotency-Key": key} | (headers or {}))

    def assets(self):
        return self.count("SELECT count(*) FROM asset")

    def test_a_repetition_gets_the_first_answer(self):
        key, before = str(uuid.uuid4()), self.assets()
        first = self.ok(self.send(key, GOOD), 201)
        self.assertIsNone(first.headers["Idempotency-Replayed"])
        for _ in range(3):
            again = self.ok(self.send(key, GOOD), 201)
            self.assertEqual(again.body, first.body)
            self.assertEqual(again.headers["Idempotency-Replayed"], "true")
            for name in ("Location", "ETag", "Content-Type"):
                self.assertEqual(again.headers[name], first.headers[name])
        self.assertEqual(self.assets(), before + 1)
        # the row has moved on; the answer of then stays
        self.ok(self.writer.patch(first.headers["Location"], {"name": "あと"}, first.etag))
        self.assertEqual(self.send(key, GOOD).body, first.body)

    def test_another_request_under_the_key(self):
        key = str(uuid.uuid4())
        self.ok(self.send(key, GOOD), 201)
        before = self.assets()
        for a in (self.send(key, GOOD | {"name": "別"}), self.send(key, {}),
                  self.send(key, GOOD, path="/api/v1/media"),
                  self.send(key, GOOD, query={"lang": "ja"}),
                  self.send(key, "{", headers={"Content-Type": "application/json"})):
            self.refused(a, 422, "idempotency_key_reused")
        self.assertEqual(self.assets(), before)

    def test_a_refusal_is_not_kept(self):
        key = str(uuid.uuid4())
        self.refused(self.send(key, {"institution": "hoshi", "unit": "none"}), 422, "invalid")
        self.refused(self.send(key, "nonsense"), 400, "bad_json")
        self.ok(self.send(key, GOOD), 201)

    def test_the_key_belongs_to_one_person(self):
        key = str(uuid.uuid4())
        mine = self.ok(self.send(key, GOOD), 201)
        theirs = self.ok(self.send(key, GOOD, client=self.keeper), 201)
        self.assertNotEqual(mine.json["asset_no"], theirs.json["asset_no"])

    def test_form_of_the_key(self):
        before = self.assets()
        for key in ("", "x" * 129, "a b", "a\tb", "caf\u00e9"):
            self.refused(self.send(key, GOOD), 400, "bad_request")
        self.refused(self.raw_twice(), 400, "bad_request")
        self.assertEqual(self.assets(), before)
        self.ok(self.send("x" * 64 + str(uuid.uuid4()) + "!" * 28, GOOD), 201)

    def raw_twice(self):
        client = self.client("suiseigawa.h")
        c = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=20)
        c.putrequest("POST", "/api/v1/assets")
        for name, value in (("Authorization", "Bearer " + client.token),
                            ("Idempotency-Key", "one"), ("Idempotency-Key", "two"),
                            ("Content-Type", "application/json"), ("Content-Length", "2")):
            c.putheader(name, value)
        c.endheaders(b"{}")
        r = c.getresponse()
        answer = answered("POST", "/api/v1/assets", r)
        c.close()
        return answer

    def test_a_running_twin(self):
        """Another transaction holds the key: 409 at once, and the first may still fail."""
        key, before = str(uuid.uuid4()), self.assets()
        hold = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-h", str(self.daemon.dir / "run"),
             "-U", "daicho_app", "-d", "daicho", "-v", "ON_ERROR_STOP=1", "-v", "key=" + key,
             "-f", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            hold.stdin.write("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended("
                             "'kitaboshi.y ' || :'key', 8620)); SELECT 'held';\n")
            hold.stdin.flush()
            while hold.stdout.readline().strip() != "held":
                self.assertIsNone(hold.poll())
            a = self.send(key, GOOD)
            self.refused(a, 409, "idempotency_key_running")
            self.assertTrue(int(a.headers["Retry-After"]) >= 1)
        finally:
            hold.stdin.close()
            hold.wait(20)
            hold.stdout.close()
        self.assertEqual(self.assets(), before)
        self.ok(self.send(key, GOOD), 201)

    def test_many_twins_make_one_row(self):
        key, before, answers = str(uuid.uuid4()), self.assets(), []
        gate = threading.Barrier(8)

        def work():
            client = Client(self.daemon.port, self.writer.token)
            gate.wait()
            answers.append(self.send(key, GOOD, client=client))
            client.close()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(self.assets(), before + 1)
        made = [a for a in answers if a.status == 201]
        self.assertEqual(len({a.body for a in made}), 1)
        for a in answers:
            if a.status != 201:
                self.refused(a, 409, "idempotency_key_running")

    def test_registration_and_import_once(self):
        row, etag = self.create(**GOOD)
        key = str(uuid.uuid4())
        place = "/api/v1/assets/%s/registration" % row["asset_no"]
        first = self.ok(self.send(key, None, path=place, headers={"If-Match": etag}))
        again = self.ok(self.send(key, None, path=place, headers={"If-Match": etag}))
        self.assertEqual(first.body, again.body)
        key, before = str(uuid.uuid4()), self.assets()
        table = {"Idempotency-Key": key}
        one = self.ok(self.writer.table("assets", [GOOD, GOOD], headers=table))
        two = self.ok(self.writer.table("assets", [GOOD, GOOD], headers=table))
        self.assertEqual((one.json["created"], one.body), (2, two.body))
        self.assertEqual(self.assets(), before + 2)
        self.refused(self.writer.table("assets", [GOOD], headers=table), 422,
                     "idempotency_key_reused")
        self.assertEqual(self.assets(), before + 2)


class Dry(Case):
    """?dry_run=true: the same answer, nothing kept."""

    def state(self):
        # sorted: over large tables PostgreSQL works on the parts at the same time
        return sorted(self.daemon.psql(" UNION ALL ".join(
            "SELECT '%s', count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '')"
            " FROM (SELECT * FROM %s) t" % (t.split()[-1], t) for t in TABLES)))

    def dry(self, method, path, status, body=None, etag=None):
        before = self.state()
        a = self.writer.request(method, path, body=body, query={"dry_run": "true"},
                                headers={"If-Match": etag})
        self.assertEqual(a.status, status, a)
        self.assertEqual(a.headers["Daicho-Dry-Run"], "true")
        self.assertEqual(self.state(), before, "something was kept")
        return a

    def test_every_write(self):
        a = self.dry("POST", "/api/v1/assets", 201, GOOD)
        self.refused(self.writer.get("/api/v1/assets/" + a.json["asset_no"]), 404)
        row, etag = self.create(**GOOD)
        place = "/api/v1/assets/" + row["asset_no"]
        a = self.dry("PATCH", place, 200, {"name": "試し"}, etag)
        self.assertEqual((a.json["name"], a.json["row_version"], a.etag), ("試し", 2, '"2"'))
        self.dry("PUT", place, 200, GOOD, etag)
        self.dry("DELETE", place, 204, None, etag)
        self.assertEqual(self.dry("POST", place + "/registration", 200, None, etag).json["state"],
                         "planned")
        counts = self.ok(self.writer.act(place + "/registration", etag))
        self.dry("POST", place + "/retirement", 200, None, counts.etag)
        self.assertEqual(self.writer.get(place).json, counts.json)

    def test_every_refusal(self):
        row, etag = self.create(**load("bad", "REG-02")["row"])
        place = "/api/v1/assets/" + row["asset_no"]
        self.dry("POST", "/api/v1/assets", 422, {"institution": "hoshi", "unit": "none"})
        self.dry("PATCH", place, 412, {"name": "x"}, '"9"')
        self.dry("PATCH", place, 428, {"name": "x"})
        self.dry("PATCH", place, 422, {"sysadmin": "none.x"}, etag)
        self.dry("POST", place + "/registration", 422, None, etag)
        self.dry("POST", place + "/retirement", 409, None, etag)
        self.dry("DELETE", "/api/v1/assets/A99999999", 404, None, '"1"')

    def test_an_import(self):
        before = self.state()
        a = self.ok(self.writer.table("assets", [GOOD] * 5, {"dry_run": "true"}))
        self.assertEqual((a.json["created"], a.json["state"]), (5, "done"))
        self.assertIsNone(a.headers["Location"])
        self.refused(self.writer.table("assets", [load("bad", "REG-01")["row"]],
                                       {"dry_run": "true"}), 422, "invalid", ["REG-01"])
        self.assertEqual(self.state(), before)

    def test_a_dry_run_uses_up_no_key(self):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        self.ok(self.writer.post("/api/v1/assets", GOOD, query={"dry_run": "true"}, headers=key),
                201)
        self.ok(self.writer.post("/api/v1/assets", GOOD | {"name": "本番"}, headers=key), 201)

    def test_only_true_and_false(self):
        for value in ("yes", "1", "", "TRUE", "true,true"):
            a = self.writer.post("/api/v1/assets", GOOD, query={"dry_run": value})
            self.refused(a, 400, "bad_query", ["not_a_boolean"])
        self.ok(self.writer.post("/api/v1/assets", GOOD, query={"dry_run": "false"}), 201)
        self.refused(self.writer.get("/api/v1/assets?dry_run=true"), 400, "bad_query")
