"""The feed of events: every committed one once, in one order, as far as one sees."""
import base64
import http.client
import random
import subprocess
import threading
import time

from client import Client
from harness import Case, Daemon, wait

E = "/api/v1/events"
WRITERS = 10
EACH = 14


def now(client):
    a = client.get(E, {"after": "now"})
    assert a.status == 200, a
    return a.json["next"]


class Feed(Case):
    def page(self, client, after, **query):
        return self.ok(client.get(E, {"after": after} | query)).json

    def since(self, client, after, **query):
        """All up to now."""
        found, more = [], True
        while more:
            page = self.page(client, after, **query)
            found, after, more = found + page["items"], page["next"], page["more"]
        return found

    def test_a_change_is_told_with_the_columns_but_no_values(self):
        at = now(self.writer)
        row, etag = self.create(name="出来事", unit="hoshi-its")
        path = "/api/v1/assets/" + row["asset_no"]
        self.ok(self.writer.patch(path, {"note": "秘密の覚え", "name": "出来事2"}, etag))
        self.ok(self.writer.patch(path, {"note": "試し"}, '"2"', {"dry_run": "true"}))
        made, changed = [e for e in self.since(self.writer, at) if e["key"] == row["asset_no"]]
        self.assertEqual((made["type"], made["version"], made["changed"]),
                         ("asset.created", 1, []))
        self.assertEqual({k: changed[k] for k in ("type", "actor", "office", "institution",
                                                  "ledger", "version", "link")},
                         {"type": "asset.updated", "actor": "kitaboshi.y", "office": "iso",
                          "institution": "hoshi", "ledger": "assets", "version": 2,
                          "link": path})
        self.assertEqual(sorted(changed["changed"]), ["name", "note"])
        a = self.writer.get(E, {"after": made["id"], "limit": 500})
        self.assertNotIn("秘密の覚え", a.text)
        self.assertEqual([e for e in a.json["items"] if e["key"] == row["asset_no"]], [changed])

    def test_a_step_of_an_application_is_one_event(self):
        at = now(self.writer)
        row = self.ok(self.writer.post("/api/v1/requests", {
            "request_type": "log_period", "reason": "秘密の理由",
            "payload": {"days": 60, "device_class": "複合機"}}), 201)
        path = "/api/v1/requests/" + row.json["request_no"]
        row = self.ok(self.writer.patch(path, {"reason": "別の理由"}, row.etag))
        for action in ("submit", "withdraw"):
            row = self.ok(self.writer.act(path + "/steps", row.etag, {"action": action}))
        mine = [e for e in self.since(self.writer, at) if e["key"] == row.json["request_no"]]
        self.assertEqual([(e["type"], e.get("action"), e.get("state")) for e in mine],
                         [("request.created", None, None), ("request.updated", None, None),
                          ("request.submitted", "submit", "submitted"),
                          ("request.withdrawn", "withdraw", "withdrawn")])
        self.assertEqual({(e["kind"], e["ledger"], e["link"]) for e in mine},
                         {("log_period", "requests", path)})
        self.assertEqual(mine[1]["changed"], ["reason"])
        self.assertNotIn("理由", str(mine))

    def test_readings_are_no_events(self):
        at = now(self.writer)
        row = self.ok(self.writer.get("/api/v1/assets", {"confidentiality": 3, "limit": 1})).json
        self.ok(self.writer.get("/api/v1/assets/" + row["items"][0]["asset_no"]))
        self.assertEqual(self.since(self.writer, at), [])

    def test_nothing_of_what_one_does_not_see(self):
        at = now(self.writer)
        mine, _ = self.create(name="星の行", unit="hoshi-its")
        theirs = self.ok(self.other.post("/api/v1/assets", {
            "institution": "umi", "unit": "umi-its", "name": "海の行"}), 201).json
        for client, seen, hidden in ((self.writer, mine, theirs), (self.other, theirs, mine)):
            keys = [e["key"] for e in self.since(client, at)]
            self.assertIn(seen["asset_no"], keys)
            self.assertNotIn(hidden["asset_no"], keys)
        # a 情報システム管理者 follows own rows only
        admin = self.client("ryuseino.j", "sysadmin")
        own, _ = self.create(name="流星の行", unit="hoshi-its", sysadmin="ryuseino.j")
        keys = [e["key"] for e in self.since(admin, at)]
        self.assertEqual((own["asset_no"] in keys, mine["asset_no"] in keys), (True, False))
        self.refused(self.staff.get(E), 403, "forbidden")
        self.refused(self.nobody.get(E), 401)
        admin.close()

    def test_types(self):
        at = now(self.writer)
        self.create(name="種類", unit="hoshi-its")
        self.create("media", name="種類", unit="hoshi-its")
        self.assertEqual({e["type"] for e in self.since(self.writer, at, types="medium.created")},
                         {"medium.created"})
        self.assertEqual({e["type"] for e in self.since(self.writer, at, types="asset.*,unit.*")},
                         {"asset.created"})
        self.assertEqual(self.since(self.writer, at, types="request.approved"), [])
        for wrong in ("asset", "asset.gone", "asset.approved", "*", "no.created", "a.*,"):
            self.refused(self.writer.get(E, {"types": wrong}), 400, "bad_query")

    def test_every_state_of_an_application_is_a_type(self):
        states = {row[0] for row in self.daemon.psql(
            "SELECT unnest(regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g')) FROM "
            "pg_constraint WHERE conname = 'request_state_check'")}
        self.assertIn("approved", states)
        for state in states - {"draft"}:
            self.ok(self.writer.get(E, {"after": "now", "types": "request." + state}))
        entered = {row[0] for row in self.daemon.psql("SELECT to_state FROM workflow_step")}
        self.assertLessEqual(entered - {"*", "="}, states - {"draft"})

    def test_places_that_are_none(self):
        good = now(self.writer)
        raw = base64.urlsafe_b64decode(good + "=" * (-len(good) % 4)).decode().split(".")

        def made(*parts):
            return base64.urlsafe_b64encode(".".join(parts).encode()).decode().rstrip("=")
        self.assertEqual(made(*raw), good)
        for bad in ("", "x", "nonsense", good + "A", good + "=",
                    made(raw[0], raw[1], raw[2], "0" + raw[3], raw[4]), made("2", *raw[1:]),
                    made(*raw[:4], raw[4] + "."), made(*raw[:4], "-1"), made(*raw[:4], "9" * 25)):
            self.refused(self.writer.get(E, {"after": bad}), 400, "bad_cursor")
        # another cluster, another seat, a row that the log does not hold
        for gone in (made(raw[0], "7000000000000000001", *raw[2:]),
                     made(*raw[:2], "77", *raw[3:]), made(*raw[:4], str(int(raw[4]) + 999999)),
                     made(*raw[:3], str(int(raw[3]) + 1), raw[4])):
            a = self.refused(self.writer.get(E, {"after": gone}), 410, "cursor_gone")
            self.assertIn("after=now", a["title"])
        for query in ({"limit": 0}, {"limit": 501}, {"wait": 26}, {"wait": "x"}, {"cursor": good}):
            self.refused(self.writer.get(E, query), 400, "bad_query")

    def test_a_reader_waits_and_is_woken(self):
        at, woken = now(self.writer), []
        client = self.client("kitaboshi.y", "iso")

        def read():
            woken.append(client.get(E, {"after": at, "wait": 20, "types": "asset.created"}))
        thread = threading.Thread(target=read)
        thread.start()
        wait(lambda: self.waiting() > 0, "somebody waits")
        # what is not for the reader does not end the wait
        self.ok(self.other.post("/api/v1/assets", {"institution": "umi", "unit": "umi-its",
                                                   "name": "他機関"}), 201)
        time.sleep(0.6)
        self.assertEqual(woken, [])
        row, _ = self.create(name="目覚まし", unit="hoshi-its")
        thread.join(15)
        self.assertEqual([e["key"] for e in self.ok(woken[0]).json["items"]], [row["asset_no"]])
        client.close()

    def waiting(self):
        for line in self.nobody.get("/metrics").text.splitlines():
            if line.startswith("daicho_event_waiters "):
                return int(line.split()[1])
        raise AssertionError("no metric")

    def test_waiting_ends(self):
        a = self.page(self.writer, now(self.writer), wait=1)
        self.assertEqual((a["items"], a["more"]), ([], False))

    def test_who_waits_holds_no_connection(self):
        """More wait than there are connections, and the others go on."""
        at, done = now(self.writer), []
        clients = [self.client("kitaboshi.y", "iso") for _ in range(20)]
        threads = [threading.Thread(target=lambda c=c: done.append(
            c.get(E, {"after": at, "wait": 15, "types": "area.created"}))) for c in clients]
        for t in threads:
            t.start()
        wait(lambda: self.waiting() == 20, "all wait")
        self.create(name="その間に", unit="hoshi-its")
        self.assertEqual(done, [])
        self.ok(self.writer.post("/api/v1/areas", {
            "institution": "hoshi", "code": "hoshi-ev%d" % time.time_ns(), "name_ja": "区域",
            "building": "本館", "room": "101", "is_controlled": False}), 201)
        for t in threads:
            t.join(15)
        self.assertEqual([len(a.json["items"]) for a in done], [1] * 20)
        for c in clients:
            c.close()

    def test_a_right_that_ends_while_one_waits(self):
        token = self.daemon.cli("token", "issue", "kitaboshi.y").stdout.decode().strip()
        client, done = Client(self.daemon.port, token, {"Daicho-Office": "iso"}), []
        at = now(client)
        thread = threading.Thread(target=lambda: done.append(
            client.get(E, {"after": at, "wait": 20})))
        thread.start()
        wait(lambda: self.waiting() > 0, "it waits")
        self.daemon.cli("token", "revoke", token.split("_")[1])
        self.create(name="失効後", unit="hoshi-its")
        thread.join(15)
        self.refused(done[0], 401, "unauthenticated")
        client.close()

    def test_a_cluster_that_was_restored_elsewhere(self):
        """Numbers of another cluster: the seat is a new one, and old places are refused."""
        at = now(self.writer)
        self.create(name="移す前", unit="hoshi-its")
        self.daemon.psql("UPDATE event_seat SET sysid = '1' WHERE sysid = (SELECT "
                         "system_identifier::text FROM pg_control_system())")
        self.refused(self.writer.get(E, {"after": at}), 410, "cursor_gone")
        self.assertEqual(self.since(self.writer, "start"), [])
        row, _ = self.create(name="移した後", unit="hoshi-its")
        self.assertEqual([e["key"] for e in self.since(self.writer, "start")
                          if e["type"].startswith("asset")], [row["asset_no"]])


class Bounded(Case):
    def test_past_the_bound_nobody_waits(self):
        d = Daemon(config="event_waiters = 1\n")
        self.addCleanup(d.stop)
        d.load_logins()
        token, office = d.logins["kitaboshi.y"]["token"], {"Daicho-Office": "iso"}
        one, two = Client(d.port, token, office), Client(d.port, token, office)
        at, done = now(two), []
        thread = threading.Thread(target=lambda: done.append(
            one.get(E, {"after": at, "wait": 4, "types": "area.deleted"})))
        thread.start()
        wait(lambda: "daicho_event_waiters 1" in two.get("/metrics").text, "one waits")
        a = two.get(E, {"after": at, "wait": 4, "types": "area.deleted"})
        self.refused(a, 503, "overloaded")
        self.assertEqual(a.headers["Retry-After"], "1")
        self.ok(two.get(E, {"after": at}))  # without waiting
        thread.join(15)
        self.ok(done[0])
        one.close()
        two.close()


class Writer(threading.Thread):
    """Makes units, in transactions that often do not commit; notes which did."""

    def __init__(self, daemon, number):
        super().__init__()
        self.daemon, self.number, self.random = daemon, number, random.Random(number)
        self.committed, self.aborted, self.unknown = set(), set(), set()

    def code(self, n):
        return "hoshi-ev%d-%d" % (self.number, n)

    def run(self):
        for n in range(EACH):
            (self.by_sql if self.number % 2 else self.by_api)(n)

    def by_sql(self, n):
        code, commit = self.code(n), self.random.random() < 0.6
        sql = ("BEGIN; INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from) "
               "VALUES ('%s', 'hoshi', '組', 'department', current_date); SELECT pg_sleep(%.2f);"
               % (code, self.random.random() / 4))
        if self.random.random() < 0.5:
            sql += "SAVEPOINT s; UPDATE org_unit SET name_ja = '二' WHERE code = '%s'; %s" % (
                code, self.random.choice(("ROLLBACK TO s;", "RELEASE s;")))
        sql += "COMMIT;" if commit else "ROLLBACK;"
        done = subprocess.run([*self.daemon.psql_command("daicho_super"), "-c", sql],
                              capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            (self.committed if commit else self.aborted).add(code)
        else:
            self.unknown.add(code)  # PostgreSQL stopped under it
            time.sleep(0.3)

    def by_api(self, n):
        code, keep = self.code(n), self.random.random() < 0.6
        client = Client(self.daemon.port, self.daemon.logins["kitaboshi.y"]["token"],
                        {"Daicho-Office": "iso"})
        try:
            a = client.post("/api/v1/units", {"institution": "hoshi", "code": code,
                                              "name_ja": "組", "unit_kind": "department",
                                              "valid_from": "2026-04-01"},
                            {} if keep else {"dry_run": "true"})
            if a.status == 201:
                (self.committed if keep else self.aborted).add(code)
            else:
                self.unknown.add(code)
                time.sleep(0.3)
        except (OSError, http.client.HTTPException):
            self.unknown.add(code)
            time.sleep(0.3)
        finally:
            client.close()


class Gapless(Case):
    def test_ten_writers_with_aborts_across_restarts(self):
        d = Daemon()
        self.addCleanup(d.stop)
        d.load_logins()
        client = Client(d.port, d.logins["kitaboshi.y"]["token"], {"Daicho-Office": "iso"})
        cursor = now(client)
        writers = [Writer(d, n) for n in range(WRITERS)]
        for w in writers:
            w.start()
        chance, found, restarts = random.Random(5), [], 0
        last = None
        while last is None or time.monotonic() < last:
            a = client.get(E, {"after": cursor, "limit": chance.choice((1, 3, 50)),
                               "types": "unit.created", "wait": chance.choice((0, 1))})
            self.ok(a)
            found += [e["key"] for e in a.json["items"] if e["key"].startswith("hoshi-ev")]
            cursor = a.json["next"]
            if restarts < 2 and len(found) > 8 + 25 * restarts:
                restarts += 1
                client.close()
                d.stop(remove=False)
                d.start()
                client = Client(d.port, client.token, client.extra)
            if last is None and not any(w.is_alive() for w in writers):
                last = time.monotonic() + 2
        self.assertEqual(restarts, 2)
        committed = set().union(*(w.committed for w in writers))
        aborted = set().union(*(w.aborted for w in writers))
        unknown = set().union(*(w.unknown for w in writers))
        self.assertGreater(len(committed), 30)
        self.assertGreater(len(aborted), 10)
        self.assertEqual(len(found), len(set(found)), "an event came twice")
        self.assertEqual(committed - set(found), set(), "an event was lost")
        self.assertEqual(set(found) & aborted, set(), "an event that never was")
        there = {r[0] for r in d.psql("SELECT code FROM org_unit WHERE code LIKE 'hoshi-ev%'")}
        self.assertEqual(set(found), there)
        self.assertTrue(there <= committed | unknown)
        order = [r[0] for r in d.psql(
            "SELECT object FROM audit_event WHERE object_type = 'org_unit' AND action = 'insert' "
            "AND object LIKE 'hoshi-ev%' ORDER BY xid, id")]
        self.assertEqual(found, order)
        client.close()

    def test_an_open_transaction_holds_back_what_is_behind_it(self):
        """What began earlier and commits later is not passed by."""
        d, client = self.daemon, self.writer
        at, codes = now(client), ["hoshi-hold%d" % time.time_ns(), "hoshi-late%d" % time.time_ns()]
        insert = ("INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from) VALUES "
                  "('%s', 'hoshi', '組', 'department', current_date);")
        first = subprocess.Popen(d.psql_command("daicho_super"), stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        first.stdin.write(("BEGIN; %s SELECT 'held';\n" % (insert % codes[0])).encode())
        first.stdin.flush()
        self.assertEqual(first.stdout.readline(), b"held\n")
        d.psql(insert % codes[1])
        a = client.get(E, {"after": at, "types": "unit.created", "wait": 1})
        self.assertEqual(a.json["items"], [])
        first.communicate(b"COMMIT;\n", timeout=20)
        a = client.get(E, {"after": a.json["next"], "types": "unit.created", "wait": 10})
        keys = [e["key"] for e in a.json["items"]]
        while a.json["more"] or len(keys) < 2 and a.json["items"]:
            a = client.get(E, {"after": a.json["next"], "types": "unit.created", "wait": 2})
            keys += [e["key"] for e in a.json["items"]]
        self.assertEqual(keys, codes)
