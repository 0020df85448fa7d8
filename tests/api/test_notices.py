"""Notices by e-mail: to who must act, to whom it was decided about, once a day what ends soon."""
import datetime
import subprocess
import tempfile
import threading
import time

from client import Client
from consumer_help import MailSink
from harness import BUILD, Daemon, TOKYO, wait
from test_requests import ADMIN, BOSS, R, Workflow, day

AT = "@hoshi.example.ac.jp"
TO_BOSS, TO_ADMIN = BOSS + AT, ADMIN + AT


class Letters(Workflow):
    @classmethod
    def setUpClass(cls):
        cls.sink = MailSink()
        cls.addClassCleanup(cls.sink.stop)
        cls.daemon = Daemon(clock=0, config=(
            'smtp_url = "smtp://127.0.0.1:%d"\nsmtp_from = "daicho@hoshi.example.ac.jp"\n'
            % cls.sink.port))
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()
        cls.browsers = {}

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        self.sink.letters.clear()
        self.sink.raw.clear()
        self.sink.refuse.clear()

    def exemption(self, term=40):
        no = self.asset(state="in_operation", level=2, functions="{mail}")
        return self.make(ADMIN, "mail_auth_exemption", asset=no, reason="移行中の秘密の理由",
                         valid_to=day(term), payload={"domain": "secret.example",
                                                      "lacking": ["DKIM"], "plan": "来年度"})

    def letters(self, address, n):
        wait(lambda: len(self.sink.to(address)) >= n, "%d letters to %s: %r" % (
            n, address, [(to, str(x["Subject"])) for _, to, x in self.sink.letters]))
        return self.sink.to(address)

    def queue(self, no):
        return self.daemon.psql("SELECT person, purpose, state, attempts, coalesce(last_error, "
                                "'') FROM notice WHERE request = '%s' ORDER BY 1, 2" % no)


class Steps(Letters):
    def test_who_must_act_and_what_became_of_it(self):
        row = self.exemption()
        no = row.json["request_no"]
        self.done(ADMIN, row, "submit", "submitted")
        letter = self.letters(TO_BOSS, 1)[0]
        self.assertEqual(str(letter["From"]), "daicho@hoshi.example.ac.jp")
        self.assertEqual(str(letter["To"]), TO_BOSS)
        self.assertIn(no, str(letter["Subject"]))
        self.assertIn("お待ちしています", str(letter["Subject"]))
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        text = letter.get_content()
        self.assertIn("http://127.0.0.1:%d/api/v1/requests/%s" % (self.daemon.port, no), text)
        self.assertIn("審査", text)
        # nothing confidential, and nothing that is not plain on the wire
        for word in ("秘密", "secret.example", "来年度"):
            self.assertNotIn(word, text + str(letter["Subject"]))
        self.assertTrue(self.sink.raw[0].isascii())
        self.assertTrue(all(len(line) <= 78 for line in self.sink.raw[0].split(b"\r\n")))
        self.assertEqual(self.sink.to(TO_ADMIN), [])  # who acted knows
        self.done(BOSS, row, "return", "returned", comment="根拠を")
        self.assertIn("差し戻されました", str(self.letters(TO_ADMIN, 1)[0]["Subject"]))
        self.done(ADMIN, row, "resubmit", "submitted")
        self.letters(TO_BOSS, 2)
        self.done(BOSS, row, "approve", "approved")
        self.assertIn("許可・承認", self.letters(TO_ADMIN, 2)[1].get_content())
        wait(lambda: {r[2] for r in self.queue(no)} == {"sent"}, "all are settled")
        self.assertEqual(len(self.sink.to(TO_BOSS)), 2)

    def test_the_person_who_is_checked(self):
        row = self.make(BOSS, "qualification", subject_person=ADMIN, reason="新サーバ",
                        payload={"skills": "あり"})
        self.done(BOSS, row, "submit", "submitted")
        self.assertIn("あなたに関する申請", str(self.letters(TO_ADMIN, 1)[0]["Subject"]))
        self.done(BOSS, row, "assign", "reviewing", person="wakusei.a")
        self.assertIn("お待ちしています", str(self.letters("wakusei.a" + AT, 1)[0]["Subject"]))

    def test_a_mail_server_that_refuses_for_now_or_for_good(self):
        self.sink.refuse[TO_BOSS] = "451 later"
        row = self.exemption()
        no = row.json["request_no"]
        self.done(ADMIN, row, "submit", "submitted")
        wait(lambda: any(r[0] == BOSS and r[4] for r in self.queue(no)), "it was refused")
        mine = [r for r in self.queue(no) if r[0] == BOSS][0]
        self.assertEqual(mine[2:4], ["waiting", "1"])
        self.sink.refuse[TO_BOSS] = "550 no such user"
        self.daemon.psql("UPDATE notice SET next_at = now() WHERE request = '%s'" % no)
        wait(lambda: [r[2] for r in self.queue(no) if r[0] == BOSS] == ["dead"], "it is dead")
        listed = self.daemon.cli("notices", "--dead").stdout.decode()
        self.assertIn(no, listed)
        self.assertIn("550", listed)
        self.sink.refuse.clear()
        number = self.daemon.value("SELECT notice_no FROM notice WHERE request = '%s' AND state = "
                                   "'dead'" % no)
        iso, auditor = self.client("kitaboshi.y", "iso"), self.client("uzushio.g")
        dead = self.ok(iso.get("/api/v1/notices", {"state": "dead"})).json["items"]
        self.assertEqual([str(n["notice_no"]) for n in dead if n["request"] == no], [number])
        self.refused(auditor.get("/api/v1/notices"), 403, "forbidden")
        other = self.client("shinkai.t", "iso")
        path = "/api/v1/notices/%s/retry" % number
        self.refused(other.post(path), 404)
        self.assertNotIn(no, self.ok(other.get("/api/v1/notices")).text)
        self.ok(iso.post(path), 202)
        self.letters(TO_BOSS, 1)
        wait(lambda: [r[2] for r in self.queue(no) if r[0] == BOSS] == ["sent"], "it is sent")
        self.refused(iso.post(path), 409, "wrong_state")
        for c in (iso, auditor, other):
            c.close()
        self.daemon.psql("UPDATE notice SET state = 'dead' WHERE notice_no = " + number)
        self.daemon.cli("notices", "--retry", number)
        self.letters(TO_BOSS, 2)
        self.assertNotIn(no, self.daemon.cli("notices", "--dead").stdout.decode())

    def test_an_address_that_would_be_a_header(self):
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE person SET "
                         "email = E'x@y.jp\\r\\nBcc: z@y.jp' WHERE login = '%s'; COMMIT" % BOSS)
        row = self.exemption()
        self.done(ADMIN, row, "submit", "submitted")
        no = row.json["request_no"]
        wait(lambda: [r[2] for r in self.queue(no) if r[0] == BOSS] == ["dead"], "it is dead")
        self.assertEqual([to for _, to, _ in self.sink.letters if "z@y.jp" in to], [])
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE person SET "
                         "email = '%s' WHERE login = '%s'; COMMIT" % (TO_BOSS, BOSS))

    def test_who_has_left_gets_nothing(self):
        self.sink.refuse[TO_BOSS] = "451 later"
        row = self.exemption()
        no = row.json["request_no"]
        self.done(ADMIN, row, "submit", "submitted")
        wait(lambda: any(r[0] == BOSS and r[4] for r in self.queue(no)), "it was refused")
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE person SET "
                         "active = false WHERE login = '%s'; UPDATE notice SET next_at = now() "
                         "WHERE request = '%s'; COMMIT" % (BOSS, no))
        wait(lambda: [r[2] for r in self.queue(no) if r[0] == BOSS] == ["cancelled"], "cancelled")
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE person SET "
                         "active = true WHERE login = '%s'; COMMIT" % BOSS)


class Rows(Letters):
    def test_a_stop_and_a_draft(self):
        """What is no application, and an application that the register itself began."""
        no = self.asset(state="in_operation", level=2)
        place, member, admin = "/api/v1/assets/" + no, self.by("bunkou.i"), self.by(ADMIN)
        self.ok(member.act(place + "/suspension", member.get(place).etag, {}))
        letter = self.letters(TO_ADMIN, 1)[0]
        self.assertEqual(str(letter["Subject"]), "[情報資産台帳] %s（情報資産）: お知らせ" % no)
        text = letter.get_content()
        self.assertIn("http://127.0.0.1:%d%s\n" % (self.daemon.port, place), text)
        self.assertIn("状態: 停止・遮断中", text)
        self.assertNotIn("申請試験", text)
        self.ok(admin.patch(place, {"confidentiality": 3, "confidentiality_basis":
                                    "c3_management"}, admin.get(place).etag))
        draft = self.letters(TO_ADMIN, 2)[1]
        self.assertIn("申請が必要です", str(draft["Subject"]))
        self.assertIn("申請種別: 既設サーバの重要サーバ化許可\n状態: 作成中", draft.get_content())
        self.assertEqual(len(self.sink.letters), 2)
        listed = self.ok(self.client("kitaboshi.y", "iso").get("/api/v1/notices")).json["items"]
        self.assertIn((no, None, "told"), [(n["object"], n["request"], n["purpose"])
                                           for n in listed])


class Days(Letters):
    def at(self, days, hour=8):
        """That hour in Japan, so many days from today."""
        moment = datetime.datetime.combine(datetime.datetime.now(TOKYO).date()
                                           + datetime.timedelta(days), datetime.time(hour), TOKYO)
        self.daemon.move_clock(int(moment.timestamp() - time.time()))

    def digests(self):
        return [x for x in self.sink.to(TO_ADMIN) if "期限" in str(x["Subject"])]

    def made(self, days):
        wait(lambda: self.daemon.value("SELECT count(*) FROM notice_digest WHERE day = "
                                       "(now() AT TIME ZONE 'Asia/Tokyo')::date + %d" % days)
             == "1", "the digest of day %d" % days)
        time.sleep(1.2)


class Digest(Days):
    def test_terms_that_end(self):
        row = self.exemption()
        no = row.json["request_no"]
        self.done(ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        self.letters(TO_ADMIN, 1)
        self.at(5)
        self.made(5)
        self.assertEqual(self.digests(), [])  # 35 days are left
        self.at(12, 6)
        time.sleep(1.2)
        self.assertEqual(self.digests(), [])  # before the hour
        self.at(12)
        self.made(12)
        text = self.digests()[0].get_content()
        self.assertIn("%s（DMARC等不採用の認め）: 30日以内に許可の期間が終わります（%s）"
                      % (no, day(40)), text)
        # not again: the same day, another daemon or a restart, the next day
        self.daemon.stop(remove=False)
        self.daemon.start()
        self.at(13)
        self.made(13)
        self.assertEqual(len(self.digests()), 1)
        self.at(33)
        self.made(33)
        self.assertIn("7日以内", self.digests()[1].get_content())
        self.at(41)
        self.made(41)
        self.assertIn("許可の期間が終わりました", self.digests()[2].get_content())
        self.at(42)
        self.made(42)
        self.assertEqual(len(self.digests()), 3)



    def test_one_digest_of_a_day_whoever_makes_it(self):
        """Eight at once, by the clock of another day."""
        row = self.exemption(term=60)
        self.done(ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        made = []

        def make():
            made.append(int(self.daemon.psql("SET daicho.clock_offset = '%d'; SELECT "
                                             "digest_make(0)" % (50 * 86400), role="daicho_app")
                            [0][0]))
        threads = [threading.Thread(target=make) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(30)
        self.assertEqual(len(made), 8)
        self.assertEqual(sorted(made)[:7], [0] * 7)
        self.assertGreater(max(made), 0)
        self.assertEqual(self.daemon.value(
            "SELECT count(*) FROM notice WHERE purpose = 'digest' AND person = '%s' AND "
            "lines::text LIKE '%%%s%%'" % (ADMIN, row.json["request_no"])), "1")


class Campaign(Days):
    def test_rows_without_an_answer(self):
        """棚卸し: those who have rows to answer for, before it closes and after."""
        iso = self.client("kitaboshi.y", "iso")
        no = self.ok(iso.post("/api/v1/inventories", {
            "institution": "hoshi", "fiscal_year": 2031, "title": "秘密の題", "ledgers": ["media"],
            "opens_on": day(), "closes_on": day(50)}), 201).json["inventory_no"]
        who, n = self.daemon.psql(
            "SELECT person, count(*) FROM inventory_expected('%s') WHERE NOT answered AND "
            "person LIKE '%%.%%' GROUP BY 1 ORDER BY 2 DESC LIMIT 1" % no)[0]

        def lines():
            return [x.get_content() for x in self.sink.to(who + AT) if no in x.get_content()]
        self.at(44)
        wait(lambda: len(lines()) == 1, "told before it closes")
        self.assertIn("%s（棚卸し・未回答 %s 件）: 7日以内に締め切られます" % (no, n), lines()[0])
        self.assertIn("/api/v1/inventories/" + no, lines()[0])
        self.assertNotIn("秘密の題", lines()[0])
        self.at(45)
        self.made(45)
        self.assertEqual(len(lines()), 1)
        self.at(51)
        wait(lambda: len(lines()) == 2, "told when it has closed")
        self.assertIn("締切を過ぎています", lines()[1])
        iso.close()


class Settings(Workflow):
    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def check(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as f:
            f.write(text)
            f.flush()
            done = subprocess.run([str(BUILD / "daichod"), "-n", "-c", f.name], check=False,
                                  capture_output=True, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr.decode()

    def test_settings_are_checked_at_the_start(self):
        good = 'smtp_url = "smtps://mail.example.ac.jp"\nsmtp_from = "d@example.ac.jp"\n' \
            'user = "nobody"\nlisten = "127.0.0.1:0"\n'
        self.assertEqual(self.check(good + 'webhook_allow = "10.0.0.0/8, fd00::/8"\n')[0], 0)
        for bad, key in (('smtp_url = "mail.example.ac.jp:x"\n', "smtp_url"),
                         ('smtp_url = "http://mail.example.ac.jp"\n', "smtp_url"),
                         ('smtp_from = "nobody"\n', "smtp_from"),
                         ('smtp_from = "a@b.jp>\\r\\nX: y"\n', "smtp_from"),
                         ('smtp_user = "u"\nsmtp_password_file = "/nonexistent"\n',
                          "smtp_password_file"),
                         ('webhook_allow = "10.0.0.1/8"\n', "webhook_allow"),
                         ('webhook_allow = "intranet"\n', "webhook_allow"),
                         ("digest_hour = 24\n", "digest_hour")):
            status, said = self.check(good + bad)
            self.assertEqual(status, 1, bad)
            self.assertIn(key, said, bad)


class Encrypted(Letters):
    def test_no_letter_without_tls_where_it_is_asked_for(self):
        """smtps: to a server that has none: nothing goes out in the clear."""
        d = Daemon(config=('smtp_url = "smtps://127.0.0.1:%d"\nsmtp_from = "d@b.jp"\n'
                           % self.sink.port))
        self.addCleanup(d.stop)
        d.load_logins()
        client = Client(d.port, d.logins[ADMIN]["token"], {"Daicho-Office": "sysadmin"})
        a = self.ok(client.post(R, {
            "request_type": "software_use", "reason": "x", "payload": {
                "software_name": "x", "source": "y", "signature_checked": True,
                "target": "terminal"}}), 201)
        self.ok(client.act("%s/%s/steps" % (R, a.json["request_no"]), a.etag,
                           {"action": "submit"}))
        wait(lambda: d.value("SELECT count(*) FROM notice WHERE last_error <> ''") != "0", "tried")
        self.assertEqual(self.sink.letters, [])
        client.close()
