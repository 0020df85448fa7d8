"""Webhooks: signed, tried again, never into the network behind the daemon, never in the way."""
import os
import socket
import time

from client import Client
from consumer_help import Receiver, key_file, verified
from harness import Case, Daemon, wait
from sessions_help import Browser

W = "/api/v1/webhooks"
DAY = 86400


class Hooks(Case):
    CONFIG = 'webhook_allow = "127.0.0.1/32"\n'

    @classmethod
    def setUpClass(cls):
        cls.key = key_file(cls)
        cls.daemon = Daemon(config=cls.CONFIG + 'secret_key_file = "%s"\n' % cls.key, clock=0)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.stop)
        cls.iso = cls.browser("kitaboshi.y", "iso")
        cls.writer = cls.client("kitaboshi.y", "iso")
        cls.moved = 0

    @classmethod
    def tearDownClass(cls):
        cls.iso.close()
        cls.writer.close()

    @classmethod
    def browser(cls, login, office=None):
        b = Browser(cls.daemon)
        a = b.login(login, cls.daemon.logins[login]["password"])
        assert a.status == 201, a
        if office:
            b.extra["Daicho-Office"] = office
        return b

    def setUp(self):
        self.receiver.release.clear()

    def tearDown(self):
        self.receiver.release.set()
        for hook in self.iso.get(W).json["items"]:
            a = self.iso.delete(W + "/" + hook["webhook_no"], '"%d"' % hook["row_version"])
            self.assertIn(a.status, (204, 412), a)

    def hook(self, path, types=("asset.created",), **more):
        a = self.ok(self.iso.post(W, {"url": self.receiver.url + path, "types": list(types)}
                                  | more), 201)
        return a.json["webhook_no"], a.json["secret"], a

    def deliveries(self, no, **query):
        return self.ok(self.writer.get("%s/%s/deliveries" % (W, no), query)).json["items"]

    def later(self, seconds):
        type(self).moved += seconds
        self.daemon.move_clock(self.moved)
        self.iso.get("/api/v1/me")  # sessions live by the clock, too
        if self.iso.get(W).status == 401:
            type(self).iso = self.browser("kitaboshi.y", "iso")

    def until(self, no, state, n=1):
        wait(lambda: len(self.deliveries(no, state=state)) >= n,
             "%d %s: %r" % (n, state, self.deliveries(no)))
        return self.deliveries(no, state=state)

    def asset(self, **more):
        return self.create(name="通知", unit="hoshi-its", **more)[0]["asset_no"]


class Sending(Hooks):
    def test_an_event_comes_signed(self):
        no, secret, made = self.hook("/signed", ["asset.created", "asset.updated"], note="試し")
        self.assertEqual({k: made.json[k] for k in ("institution", "owner", "office", "active",
                                                    "types", "note")},
                         {"institution": "hoshi", "owner": "kitaboshi.y", "office": "iso",
                          "active": True, "types": ["asset.created", "asset.updated"],
                          "note": "試し"})
        key = self.asset()
        self.ok(self.writer.patch("/api/v1/assets/" + key, {"note": "二"}, '"1"'))
        self.create("media", name="別", unit="hoshi-its")
        self.until(no, "delivered", 2)
        got = self.receiver.at("/signed")
        for _, headers, body in got:
            self.assertTrue(verified(secret, headers, body))
            self.assertFalse(verified(secret, headers, body + b" "))
            self.assertEqual(headers["Content-Type"], "application/json")
            self.assertLess(abs(int(headers["webhook-timestamp"]) - time.time() - self.moved), 60)
        self.assertEqual([(e["type"], e["data"]["key"], e["data"]["version"])
                          for e in self.receiver.events("/signed")],
                         [("asset.created", key, 1), ("asset.updated", key, 2)])
        self.assertEqual(len({h["webhook-id"] for _, h, _ in got}), 2)
        # the secret is nowhere to be read, and sealed where it lies
        for a in (self.iso.get(W + "/" + no), self.iso.get(W)):
            self.assertNotIn("secret\":", a.text)
        self.assertEqual(self.daemon.psql("SELECT sealed, octet_length(secret) > 24 FROM "
                                          "webhook_secret WHERE webhook = '%s'" % no),
                         [["t", "t"]])
        self.assertEqual(self.daemon.value("SELECT count(*) FROM audit_event WHERE object_type = "
                                           "'webhook' AND after::text LIKE '%whsec%'"), "0")

    def test_an_error_is_tried_again_with_the_same_id_until_it_is_dead(self):
        self.receiver.answers["/bad"] = 500
        no, secret, _ = self.hook("/bad")
        self.asset()
        waits = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
        for n, pause in enumerate(waits, 1):
            wait(lambda n=n: len(self.receiver.at("/bad")) >= n, "attempt %d" % n)
            wait(lambda n=n: self.deliveries(no)[0]["next_at"] is not None and
                 self.deliveries(no)[0]["last_status"] == 500, "it is settled")
            time.sleep(0.2)
            self.assertEqual(len(self.receiver.at("/bad")), n)  # not before its time
            self.later(pause * 6 // 5 + 1)
        dead = self.until(no, "dead")[0]
        self.assertEqual((dead["attempts"], dead["last_status"], dead["last_error"]),
                         (10, 500, "answered 500"))
        got = self.receiver.at("/bad")
        self.assertEqual(len({h["webhook-id"] for _, h, _ in got}), 1)
        self.assertTrue(all(verified(secret, h, b) for _, h, b in got))
        self.assertIn("%d  %s  " % (dead["delivery_no"], no),
                      self.daemon.cli("webhooks", "--dead").stdout.decode())
        # a dead letter goes again when somebody says so
        self.receiver.answers["/bad"] = 200
        path = "%s/%s/deliveries/%d/retry" % (W, no, dead["delivery_no"])
        moment = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"
        self.assertRegex(self.ok(self.writer.post(path), 202).json["created_at"], moment)
        self.until(no, "delivered")
        self.assertRegex(self.deliveries(no)[0]["ended_at"], moment)
        self.refused(self.writer.post(path), 409, "wrong_state")
        self.refused(self.writer.post("%s/%s/deliveries/999999/retry" % (W, no)), 404)
        self.refused(self.writer.post("%s/%s/deliveries/x/retry" % (W, no)), 404)

    def test_gone_switches_the_hook_off(self):
        self.receiver.answers["/gone"] = 410
        no, _, _ = self.hook("/gone")
        self.asset()
        self.until(no, "dead")
        a = self.iso.get(W + "/" + no)
        self.assertEqual((a.json["active"], a.json["disabled_reason"]), (False, "gone"))
        self.assertRegex(a.json["secret_set_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.refused(self.writer.post("%s/%s/deliveries/%d/retry" % (
            W, no, self.deliveries(no)[0]["delivery_no"])), 409, "wrong_state")
        self.asset()
        time.sleep(1.5)
        self.assertEqual(len(self.receiver.at("/gone")), 1)
        # on again: it goes on where it had stopped
        self.receiver.answers["/gone"] = 200
        a = self.ok(self.iso.patch(W + "/" + no, {"active": True}, a.etag))
        self.assertEqual((a.json["active"], a.json["disabled_reason"]), (True, None))
        self.until(no, "delivered")

    def test_a_redirection_is_not_followed(self):
        self.receiver.answers["/away"] = 307
        no, _, _ = self.hook("/away")
        self.asset()
        wait(lambda: self.deliveries(no) and self.deliveries(no)[0]["last_status"] == 307,
             "answered")
        self.assertEqual(self.receiver.at("/elsewhere"), [])

    def test_a_name_with_an_address_that_is_allowed(self):
        """localhost may also mean ::1, which is not allowed here: then the other is taken."""
        no, _, _ = self.hook("/name", url="http://localhost:%d/name"
                             % self.receiver.server.server_port)
        key = self.asset()
        self.until(no, "delivered")
        self.assertEqual([e["data"]["key"] for e in self.receiver.events("/name")], [key])

    def test_a_slow_consumer_delays_nobody(self):
        self.receiver.answers["/slow"] = "hang"
        slow, _, _ = self.hook("/slow", ["unit.*", "asset.*", "request.*"])
        quick, _, _ = self.hook("/quick")
        self.asset()
        wait(lambda: self.receiver.at("/slow"), "it hangs")
        # decisions and other hooks go on while it hangs
        boss = self.browser("subaruno.k")
        r = self.ok(boss.post("/api/v1/requests", {
            "request_type": "qualification", "subject_person": "ryuseino.j", "reason": "試し",
            "payload": {"skills": "あり"}}), 201)
        for action, more in (("submit", {}), ("assign", {"person": "wakusei.a"})):
            r = self.ok(boss.act("/api/v1/requests/%s/steps" % r.json["request_no"], r.etag,
                                 {"action": action} | more))
        self.assertEqual(r.json["state"], "reviewing")
        boss.close()
        key = self.asset()
        wait(lambda: key in [e["data"]["key"] for e in self.receiver.events("/quick")],
             "the other hook has it")
        self.assertEqual(len(self.receiver.at("/slow")), 1)  # it hangs still, one of a hook
        self.assertEqual(self.deliveries(slow, state="delivered"), [])
        self.until(quick, "delivered", 2)

    def test_it_survives_a_restart_and_loses_nothing(self):
        port = self.receiver.server.server_port
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            free = s.getsockname()[1]
        no, _, a = self.hook("/later")
        self.ok(self.iso.patch(W + "/" + no, {"url": "http://127.0.0.1:%d/later" % free}, a.etag))
        key = self.asset()
        wait(lambda: self.deliveries(no) and self.deliveries(no)[0]["last_error"], "refused")
        self.assertIsNone(self.deliveries(no)[0]["last_status"])
        self.daemon.stop(remove=False)
        self.daemon.start()
        cls = type(self)
        cls.iso.close()
        cls.writer.close()
        cls.iso, cls.writer = self.browser("kitaboshi.y", "iso"), self.client("kitaboshi.y", "iso")
        a = self.iso.get(W + "/" + no)
        self.ok(self.iso.patch(W + "/" + no, {"url": "http://127.0.0.1:%d/later" % port}, a.etag))
        self.later(10)
        self.until(no, "delivered")
        self.assertEqual([e["data"]["key"] for e in self.receiver.events("/later")], [key])

    def test_two_daemons_send_once(self):
        no, _, _ = self.hook("/once")
        second = Second(self.daemon, self.CONFIG + 'secret_key_file = "%s"\n' % self.key)
        self.addCleanup(second.stop)
        keys = [self.asset() for _ in range(12)]
        self.until(no, "delivered", 12)
        time.sleep(1)
        self.assertEqual(sorted(e["data"]["key"] for e in self.receiver.events("/once")),
                         sorted(keys))
        self.assertEqual({d["attempts"] for d in self.deliveries(no)}, {1})


class Second(Daemon):
    """Another daemon on the database of the first."""

    def __init__(self, first, config):  # pylint: disable=super-init-not-called
        self.home = first.home
        self.log_path = first.home / "log2"
        path = first.home / "second.conf"
        run = first.dir / "run"
        path.write_text(config + 'listen = "127.0.0.1:0"\nuser = "%s"\ndatabase = "host=%s '
                        'dbname=daicho user=daicho_app"\n'
                        % (run.owner() if os.getuid() == 0 else "", run), "utf-8")
        path.chmod(0o644)
        self.args = [first.args[0], "-c", str(path)]
        self.environment, self.session = first.environment, None
        self.process = None
        self.dir = first.dir
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def stop(self, remove=False):
        super().stop(remove=False)


class Rights(Hooks):
    def test_only_what_the_owner_sees(self):
        """A 情報システム管理者 has none; the hook of one 機関 gets nothing of another."""
        other = self.client("shinkai.t", "iso")
        no, _, _ = self.hook("/mine")
        theirs = self.ok(other.post("/api/v1/assets", {
            "institution": "umi", "unit": "umi-its", "name": "他"}), 201).json["asset_no"]
        mine = self.asset()
        self.until(no, "delivered")
        time.sleep(0.6)
        self.assertEqual([e["data"]["key"] for e in self.receiver.events("/mine")], [mine])
        self.assertNotIn(theirs, str(self.receiver.got))
        self.refused(other.get(W + "/" + no), 404)
        self.assertEqual(self.ok(other.get(W)).json["items"], [])
        admin = self.client("ryuseino.j")
        self.refused(admin.get(W), 403, "forbidden")
        self.refused(self.writer.post(W, {"url": "https://example.org/"}), 403, "session_needed")
        for c in (other, admin):
            c.close()

    def test_the_database_hides_them_from_another_institution(self):
        """Beneath every query, whatever the daemon asks: row-level security."""
        no, _, _ = self.hook("/rls")
        self.asset()
        self.until(no, "delivered")
        act = ("SET daicho.person = 'shinkai.t'; SET daicho.office = 'iso'; SET daicho.scope = "
               "'{%s}'; SET daicho.write_scope = '{%s}'; ")
        for scope, seen in (("umi", "0"), ("hoshi", "1")):
            rows = self.daemon.psql(act % (scope, scope) + "SELECT least(count(*), 1) FROM webhook "
                                    "UNION ALL SELECT least(count(*), 1) FROM webhook_delivery",
                                    role="daicho_app")
            self.assertEqual(rows, [[seen], [seen]], scope)
        for sql in ("INSERT INTO webhook (institution, url, owner, office) VALUES ('hoshi', "
                    "'https://x.example/', 'shinkai.t', 'iso')",
                    "INSERT INTO webhook_delivery (institution, webhook, message_id, type, body, "
                    "next_at) VALUES ('hoshi', '%s', 'm', 't', '{}', now())" % no,
                    "INSERT INTO event_seat (sysid, first_id) VALUES ('1', 0)",
                    "INSERT INTO notice (institution, person, purpose, next_at) VALUES ('umi', "
                    "'shinkai.t', 'act', now())", "DELETE FROM webhook", "DELETE FROM event_seat"):
            status, said = self.daemon.psql(act % ("umi", "umi") + sql, role="daicho_app",
                                            check=False)
            self.assertNotEqual(status, 0, sql)
            self.assertRegex(said, "row-level security|permission denied", sql)
        status, said = self.daemon.psql("SELECT * FROM webhook_secret", role="daicho_auditor",
                                        check=False)
        self.assertIn("permission denied", said)

    def test_an_owner_who_leaves_the_office(self):
        no, _, _ = self.hook("/left")
        self.daemon.psql("UPDATE webhook SET owner = 'ryuseino.j' WHERE webhook_no = '%s'" % no)
        self.asset()
        wait(lambda: self.iso.get(W + "/" + no).json["disabled_reason"] == "owner", "it is off")
        self.assertEqual(self.receiver.at("/left"), [])

    def test_what_can_be_no_hook(self):
        for url, code in (("https://10.0.0.1/x", "private_address"),
                          ("https://127.0.0.2/", "private_address"),
                          ("https://[::1]/", "private_address"),
                          ("https://[::ffff:10.1.2.3]/", "private_address"),
                          ("https://[fd00::1]/", "private_address"),
                          ("https://169.254.169.254/latest", "private_address"),
                          ("https://100.64.1.1/", "private_address"),
                          ("https://0x7f000002/", "private_address"),
                          ("http://example.org/", "https_needed"),
                          ("http://203.0.113.9/", "https_needed"),
                          ("ftp://example.org/", "https_needed"),
                          ("file:///etc/passwd", "bad_url"), ("nonsense", "bad_url"),
                          ("https://", "bad_url"), ("https://a b/", "bad_url"),
                          ("https://u:p@example.org/", "url_with_user"),
                          ("https://example.org/#x", "url_with_user")):
            a = self.iso.post(W, {"url": url})
            self.refused(a, 422, "invalid")
            self.assertEqual(a.codes, [code], url)
        for body, codes in (({}, ["required"]), ({"url": "https://example.org/", "x": 1},
                                                 ["unknown_member"]),
                            ({"url": "https://example.org/", "types": ["asset"]},
                             ["unknown_choice"]),
                            ({"url": "https://example.org/", "institution": "umi"},
                             ["unknown_reference"]),
                            ({"url": 5, "types": "x", "note": 1},
                             ["bad_url", "not_a_list", "not_a_text"])):
            self.refused(self.iso.post(W, body), 422, "invalid", codes)

    def test_changes_take_the_version_and_are_on_record(self):
        no, old, made = self.hook("/v")
        path = W + "/" + no
        self.refused(self.iso.patch(path, {"note": "x"}), 428)
        a = self.ok(self.iso.patch(path, {"note": "x", "types": []}, made.etag))
        self.assertEqual((a.json["note"], a.json["types"]), ("x", []))
        self.refused(self.iso.patch(path, {"note": "y"}, made.etag), 412)
        new = self.ok(self.iso.act(path + "/secret", a.etag), 201)
        self.assertNotEqual(new.json["secret"], old)
        self.ok(self.writer.post(path + "/test"), 202)
        self.until(no, "delivered")
        _, headers, body = self.receiver.at("/v")[-1]
        self.assertEqual((verified(new.json["secret"], headers, body),
                          verified(old, headers, body)), (True, False))
        self.assertIn(b"webhook.test", body)
        self.ok(self.iso.delete(path, new.etag), 204)
        self.refused(self.iso.get(path), 404)
        self.assertEqual([r[0] for r in self.daemon.psql(
            "SELECT action || ':' || person FROM audit_event WHERE object_type = 'webhook' AND "
            "object = '%s' ORDER BY id" % no)],
            ["insert:kitaboshi.y"] + ["update:kitaboshi.y"] * 3)


class Closed(Case):
    def test_loopback_is_private_unless_it_is_allowed(self):
        b = Browser(self.daemon)
        self.ok(b.login("kitaboshi.y", self.daemon.logins["kitaboshi.y"]["password"]), 201)
        b.extra["Daicho-Office"] = "iso"
        for url in ("http://127.0.0.1:8620/", "http://localhost/", "https://localhost/"):
            a = self.refused(b.post(W, {"url": url}), 422, "invalid")
            self.assertEqual(a["errors"][0]["code"], "private_address")
        b.close()
        self.refused(Client(self.daemon.port).get(W), 401)

    def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(self):
        """What the URL was when the hook was made counts for nothing: a name may be turned."""
        b, listener = Browser(self.daemon), socket.create_server(("127.0.0.1", 0))
        self.ok(b.login("kitaboshi.y", self.daemon.logins["kitaboshi.y"]["password"]), 201)
        b.extra["Daicho-Office"] = "iso"
        a = self.ok(b.post(W, {"url": "https://register.example/", "types": ["area.deleted"]}),
                    201)
        no, port = a.json["webhook_no"], listener.getsockname()[1]
        for url in ("https://localhost:%d/", "https://127.0.0.1:%d/", "http://localhost:%d/",
                    "https://[::ffff:127.0.0.1]:%d/", "https://0x7f.1:%d/"):
            self.daemon.psql("UPDATE webhook SET url = '%s' WHERE webhook_no = '%s'"
                             % (url % port, no))
            d = self.ok(b.post("%s/%s/test" % (W, no)), 202).json["delivery_no"]

            def last(d=d):
                return [x for x in b.get("%s/%s/deliveries" % (W, no)).json["items"]
                        if x["delivery_no"] == d][0]["last_error"]
            wait(last, "it was tried")
            self.assertIn("private_address", last(), url)
        listener.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            listener.accept()
        self.ok(b.delete(W + "/" + no, a.etag), 204)
        listener.close()
        b.close()
