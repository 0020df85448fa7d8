"""Applications over HTTP: the whole way to an important server, and that nobody decides alone."""
import files
from harness import Case, today
from sessions_help import Browser

R = "/api/v1/requests"
BOSS, CHIEF, ISO, ADMIN = "subaruno.k", "gingahara.s", "kitaboshi.y", "ryuseino.j"
CHECKER, LEADER, MEMBER, STAFF = "wakusei.a", "wakusei.a", "bunkou.i", "orihime.t"
THREE = ("necessity", "catalogue", "emergency_contacts")


def day(n=0):
    return today(n).isoformat()


class Workflow(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browsers = {}

    def by(self, login):
        """A browser of this person, logged in once."""
        if login not in self.browsers:
            b = Browser(self.daemon)
            type(self).addClassCleanup(b.close)
            a = b.login(login, self.daemon.logins[login]["password"])
            self.ok(a, 201)
            self.browsers[login] = b
        return self.browsers[login]

    def make(self, login, kind, client=None, **members):
        return self.ok((client or self.by(login)).post(R, {"request_type": kind} | members), 201)

    def step(self, login, row, action, client=None, **given):
        no = row.json["request_no"]
        client = client or self.by(login)
        seen = client.get(R + "/" + no)
        self.ok(seen)
        return client.act("%s/%s/steps" % (R, no), seen.etag, {"action": action} | given)

    def done(self, login, row, action, state, **given):
        a = self.ok(self.step(login, row, action, **given))
        self.assertEqual(a.json["state"], state)
        return a

    def no_step(self, login, row, action, code, **given):
        a = self.step(login, row, action, **given)
        self.refused(a, 422, "rules_violated")
        self.assertIn(code, a.codes, a)
        return a

    def cell(self, sql, *args):
        return self.daemon.value(sql % args)

    def submitted(self, login, kind, attach=(), state="submitted", **members):
        """As filed, and where it has landed."""
        row = self.make(login, kind, **({"reason": "試験のため"} | members))
        self.attach(login, row, *attach)
        self.done(login, row, "submit", state)
        return row

    def approved(self, login, kind, decider, attach=(), given=None, **members):
        """As filed, and its number."""
        row = self.submitted(login, kind, attach, **members)
        self.done(decider, row, "approve", "approved", **(given or {}))
        return row, row.json["request_no"]

    def attach(self, login, row, *kinds):
        client, no = self.by(login), row.json["request_no"]
        for kind in kinds:
            etag = client.get(R + "/" + no).etag
            self.ok(files.upload(client, "%s/%s" % (R, no), files.pdf(no + kind), etag, kind=kind,
                                 file_name=kind + ".pdf"), 201)

    def asset(self, state="planned", level=3, sysadmin=ADMIN, unit="hoshi-its", kind="server",
              functions="{}"):
        basis = {1: "c1_published", 2: "c2_internal", 3: "c3_management",
                 4: "c4_national_security"}[level]
        return self.daemon.value(
            "BEGIN; ALTER TABLE asset DISABLE TRIGGER rating_insert;"
            "INSERT INTO asset (institution, unit, name, asset_type, functions, location_text,"
            " confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
            " internal_media_encryption, users_text, sysadmin, state, rating_status, rating_by,"
            " rating_on) VALUES ('hoshi', '%s', '申請試験', '%s', nullif('%s', '{}')::text[], '室', %d,"
            " '%s', false, false, 'full', '全員', '%s', '%s', 'confirmed', 'seiunda.n', current_date)"
            " RETURNING asset_no; ALTER TABLE asset ENABLE TRIGGER rating_insert; COMMIT"
            % (unit, kind, functions, level, basis, sysadmin, state))

    def catalogue(self, asset):
        """The draft of a catalogue with all its sections and software."""
        self.daemon.psql(
            "DO $$ DECLARE d text := catalogue_draft_of('%s'); BEGIN UPDATE system_catalogue SET "
            "hardware = '[{\"item\": \"本体\"}]', services = '[{\"service\": \"HTTPS\"}]', network = "
            "'[{\"host\": \"www\"}]', accounts = '[{\"account\": \"root\"}]', data_held = "
            "'[{\"data\": \"観測\"}]' WHERE catalogue_no = d; INSERT INTO catalogue_software "
            "(catalogue, software_name, version, purpose) VALUES (d, 'openssh', '9.2', '保守'); "
            "END $$" % asset)

    def important_asset(self, no):
        return self.daemon.psql("SELECT important_state, coalesce(important_admin, ''), state,"
                                " permit_ok(important_permit_request, 'important_new')"
                                " FROM asset WHERE asset_no = '%s'" % no)[0]


class Chain(Workflow):
    def test_from_qualification_to_operation(self):
        # 資質確認: ordered by the 機関CISO, by a checker, never by the person checked
        q = self.make(BOSS, "qualification", subject_person=ADMIN, reason="新サーバのため",
                      payload={"skills": "研修受講済み"})
        self.done(BOSS, q, "submit", "submitted")
        self.no_step(BOSS, q, "assign", "REQ-07", person=STAFF)
        self.done(BOSS, q, "assign", "reviewing", person=CHECKER)
        self.no_step(ADMIN, q, "qualify", "REQ-03", result="pass", comment="適")
        self.no_step(BOSS, q, "qualify", "REQ-03", result="pass", comment="適")
        self.no_step(CHECKER, q, "qualify", "required", result="pass")
        self.done(CHECKER, q, "qualify", "completed", result="pass", comment="知識・経験とも十分")
        # 指名: on the ground of that check, by the 機関CISO alone
        n = self.make(ADMIN, "appoint_important_admin", subject_person=ADMIN, reason="新サーバ",
                      payload={"qualification": "R99999999", "scope_note": "全所の基幹",
                               "term_from": day()})
        self.no_step(ADMIN, n, "submit", "IMP-11")
        etag = self.by(ADMIN).get(R + "/" + n.json["request_no"]).etag
        self.ok(self.by(ADMIN).patch(R + "/" + n.json["request_no"], {
            "payload": {"qualification": q.json["request_no"]}}, etag))
        self.done(ADMIN, n, "submit", "submitted")
        self.no_step(ADMIN, n, "approve", "REQ-01")
        self.no_step(ISO, n, "approve", "REQ-03")
        self.assertIn(n.json["request_no"], self.waiting(BOSS))
        self.assertNotIn(n.json["request_no"], self.waiting(ADMIN))
        self.done(BOSS, n, "approve", "approved")
        self.assertEqual(self.daemon.psql(
            "SELECT office, person, appointed_by FROM role_assignment WHERE appointment_request ="
            " '%s'" % n.json["request_no"]), [["important_admin", ADMIN, BOSS]])
        # 新規設置許可: with three documents
        no = self.asset()
        self.assertEqual(self.important_asset(no)[3], "f")
        p = self.make(ADMIN, "important_new", asset=no, reason="観測データの配信")
        self.no_step(ADMIN, p, "submit", "REQ-05")
        self.attach(ADMIN, p, "necessity", "catalogue")
        self.no_step(ADMIN, p, "submit", "REQ-05")
        self.catalogue(no)
        self.attach(ADMIN, p, "emergency_contacts")
        self.done(ADMIN, p, "submit", "submitted")
        self.done(MEMBER, p, "opinion", "reviewing", comment="構成に問題なし")
        self.no_step(ADMIN, p, "approve", "REQ-01")
        self.refused(self.step(ADMIN, p, "complete"), 409, "wrong_state")
        self.done(BOSS, p, "approve", "approved", conditions="四半期ごとに点検")
        self.assertEqual(self.important_asset(no), ["permitted", ADMIN, "planned", "t"])
        self.no_step(ADMIN, p, "complete", "VUL-04")
        place = "/api/v1/assets/" + no
        a = self.by(ADMIN).get(place)
        self.ok(self.by(ADMIN).patch(place, {"vuln_state": "ok", "vuln_checked_on": day()}, a.etag))
        self.done(ADMIN, p, "complete", "completed")
        self.assertEqual(self.important_asset(no), ["permitted", ADMIN, "in_operation", "t"])
        self.assertEqual(self.daemon.value("SELECT count(*) FROM system_catalogue WHERE asset = "
                                           "'%s' AND csirt_visible_at IS NOT NULL" % no), "1")
        steps = self.ok(self.by(ADMIN).get("%s/%s/steps" % (R, p.json["request_no"]))).json
        self.assertEqual([(s["action"], s["acted_by"], s["acted_office"])
                          for s in steps["items"]],
                         [("submit", ADMIN, steps["items"][0]["acted_office"]),
                          ("opinion", MEMBER, "csirt_member"), ("approve", BOSS, "inst_ciso"),
                          ("complete", ADMIN, steps["items"][3]["acted_office"])])
        # taken back: the server stops
        self.no_step(ADMIN, p, "revoke", "REQ-03", comment="自分では取り消せない")
        self.done(BOSS, p, "revoke", "revoked", comment="要件を満たさなくなった")
        self.assertEqual(self.important_asset(no)[::2], ["revoked", "suspended"])

    def waiting(self, login):
        a = self.ok(self.by(login).get(R, {"waiting_for": "me", "limit": "500"}))
        return [r["request_no"] for r in a.json["items"]]


class Rules(Workflow):
    def log_period(self, login=ISO, **members):
        return self.make(login, "log_period", reason="保存容量のため",
                         payload={"days": 60, "device_class": "複合機"}, **members)

    def test_effect_once(self):
        row = self.log_period()
        self.done(ISO, row, "submit", "submitted")
        client, no = self.by(BOSS), row.json["request_no"]
        etag = client.get(R + "/" + no).etag
        self.ok(client.act("%s/%s/steps" % (R, no), etag, {"action": "approve"}))
        again = client.act("%s/%s/steps" % (R, no), etag, {"action": "approve"})
        self.refused(again, 409, "wrong_state")
        self.assertEqual(self.daemon.value("SELECT min_log_days_other FROM institution WHERE "
                                           "code = 'hoshi'"), "60")

    def test_tokens_never_decide(self):
        token = self.client(ISO)
        row = self.make(ISO, "log_period", client=token, reason="x",
                        payload={"days": 61, "device_class": "複合機"})
        a = self.step(ISO, row, "submit", client=token)
        self.assertEqual(self.ok(a).json["state"], "submitted")
        self.refused(self.step(BOSS, row, "approve", client=self.client(BOSS)), 403,
                     "session_needed")
        self.done(BOSS, row, "reject", "rejected", comment="根拠が足りない")

    def test_who_may_apply(self):
        row = self.log_period(login=STAFF)
        self.no_step(STAFF, row, "submit", "REQ-20")
        self.done(STAFF, row, "withdraw", "withdrawn")

    def test_form(self):
        b = self.by(ISO)
        for body, code in (({"request_type": "nothing"}, "unknown_choice"),
                           ({"request_type": "log_period", "x": 1}, "unknown_member"),
                           ({"request_type": "log_period", "state": "approved"}, "unknown_member"),
                           ({"request_type": "log_period", "applicant": BOSS}, "unknown_member"),
                           ({"request_type": "log_period", "payload": {"days": "9"}},
                            "wrong_value"),
                           ({"request_type": "log_period", "payload": {"z": "9"}},
                            "unknown_member"),
                           ({"request_type": "log_period", "valid_to": "2026-02-30"},
                            "wrong_value"),
                           ({"request_type": "important_new", "asset": "A99999999"},
                            "unknown_reference")):
            form = code in ("unknown_choice", "unknown_member")
            self.refused(b.post(R, body), 422, "invalid" if form else "rules_violated", [code])
        # all of it at once
        self.refused(b.post(R, {"request_type": "nothing", "x": 1}), 422, "invalid",
                     ["unknown_choice", "unknown_member"])
        row = self.log_period()
        self.refused(self.step(ISO, row, "submit", result="pass"), 422, "invalid",
                     ["unknown_member"])
        for action in ("fly", "block"):
            self.refused(self.step(ISO, row, action), 422, "invalid", ["unknown_choice"])
        self.refused(self.step(ISO, row, "approve"), 409, "wrong_state")
        self.refused(b.act("%s/%s/steps" % (R, row.json["request_no"]), row.etag, {}), 422,
                     "invalid", ["required"])
        self.refused(b.post("%s/%s/steps" % (R, row.json["request_no"]), {"action": "submit"}),
                     428)
        self.refused(b.get(R + "/R99999999"), 404)
        # what is of another 機関 is not there
        self.refused(self.by("shiosai.k").get(R + "/" + row.json["request_no"]), 404)

    def test_incomplete(self):
        row = self.make(ISO, "log_period", payload={"days": 3})
        a = self.step(ISO, row, "submit")
        self.refused(a, 422, "rules_violated")
        self.assertEqual({e["pointer"] for e in a.json["errors"]},
                         {"#/payload/device_class", "#/reason"})

    def test_edit(self):
        row = self.log_period()
        no = R + "/" + row.json["request_no"]
        b = self.by(ISO)
        a = self.ok(b.patch(no, {"payload": {"days": 62}, "reason": "改めて"}, row.etag))
        self.assertEqual(a.json["payload"], {"days": 62, "device_class": "複合機"})
        self.refused(b.patch(no, {"payload": {"days": 63}}, row.etag), 412)
        self.refused(self.by(BOSS).patch(no, {"reason": "x"}, a.etag), 403)
        self.done(ISO, row, "submit", "submitted")
        self.refused(b.patch(no, {"reason": "x"}, b.get(no).etag), 409, "wrong_state")
        self.done(BOSS, row, "return", "returned", comment="日数の根拠を")
        self.ok(b.patch(no, {"reason": "根拠を追記"}, b.get(no).etag))
        self.done(ISO, row, "resubmit", "submitted")
        self.done(ISO, row, "withdraw", "withdrawn")

    def test_bound_to_what_was_seen(self):
        no = self.asset(state="in_operation", level=2, functions="{mail}")
        row = self.make(ADMIN, "mail_auth_exemption", asset=no, reason="移行中",
                        valid_to=day(100), payload={"domain": "x.example", "lacking": ["DKIM"],
                                                    "plan": "来年度に対応"})
        self.done(ADMIN, row, "submit", "submitted")
        self.assertRegex(self.by(ADMIN).get(R + "/" + row.json["request_no"])
                         .json["subject_sha256"], "^[0-9a-f]{64}$")
        self.daemon.psql("UPDATE asset SET hostname = '{a.example}', last_inventory_on = "
                         "current_date WHERE asset_no = '%s'" % no)
        a = self.ok(self.by(ADMIN).get(R + "/" + row.json["request_no"]))
        self.assertEqual(a.json["state"], "returned")
        last = self.by(ADMIN).get("%s/%s/steps" % (R, row.json["request_no"])).json["items"][-1]
        self.assertEqual((last["action"], last["acted_by"]), ("changed", None))
        self.assertIn("hostname", last["comment"])
        # behind the trigger's back: the digest tells
        self.done(ADMIN, row, "resubmit", "submitted")
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET "
                         "note = 'x' WHERE asset_no = '%s'; COMMIT" % no)
        self.no_step(BOSS, row, "approve", "REQ-23")
        self.done(BOSS, row, "return", "returned", comment="対象が変わった")
        self.done(ADMIN, row, "resubmit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.daemon.value("SELECT mail_auth_exemption_request FROM asset WHERE "
                                           "asset_no = '%s'" % no), row.json["request_no"])

    def test_exception(self):
        no = self.asset(state="in_operation", level=2)
        members = {"asset": no, "rule": "REG-14", "reason": "困難", "valid_to": day(60),
                   "payload": {"difficulty": "代替機がない", "alternative": "隔離", "risk": "小"}}
        row = self.make(ADMIN, "exception", **members)
        self.done(ADMIN, row, "submit", "submitted")
        self.no_step(ADMIN, row, "approve", "REQ-01")
        self.refused(self.step(ADMIN, row, "unavoidable", case="urgent",
                               reason="一二三四五六七八九十一二三四五六七八九十"), 422, "invalid")
        self.done(BOSS, row, "approve", "approved")
        self.assertEqual(self.daemon.psql("SELECT rule, asset, alternative FROM exception_grant "
                                          "WHERE request = '%s'" % row.json["request_no"]),
                         [["REG-14", no, "隔離"]])
        self.done(BOSS, row, "report_upward", "approved", comment="CISOへ報告")
        self.assertEqual(self.daemon.value("SELECT reported_to_ciso_on = current_date FROM "
                                           "exception_grant WHERE request = '%s'"
                                           % row.json["request_no"]), "t")
        bad = self.make(ADMIN, "exception", **(members | {"rule": "REQ-03"}))
        self.no_step(ADMIN, bad, "submit", "EXC-02")
        long = self.make(ADMIN, "exception", **(members | {"valid_to": day(900)}))
        self.no_step(ADMIN, long, "submit", "term_too_long")

    def test_kinds(self):
        kinds = {k["code"]: k for k in
                 self.ok(self.reader.get("/api/v1/workflow/kinds")).json["items"]}
        self.assertEqual(len(kinds), 30)
        self.assertIs(kinds["exception"]["unavoidable"], False)
        self.assertEqual(kinds["log_period"]["members"][0]["name"], "days")

    def test_actions(self):
        row = self.log_period()
        self.done(ISO, row, "submit", "submitted")
        path = "%s/%s/actions" % (R, row.json["request_no"])
        mine = {a["action"]: a for a in self.ok(self.by(BOSS).get(path)).json["items"]}
        self.assertIs(mine["approve"]["mine"], True)
        self.assertEqual(mine["approve"]["offices"], ["inst_ciso"])
        theirs = {a["action"]: a for a in self.ok(self.by(ISO).get(path)).json["items"]}
        self.assertIs(theirs["approve"]["mine"], False)
        self.assertIs(theirs["withdraw"]["mine"], True)
        self.done(ISO, row, "withdraw", "withdrawn")


class Alike(Workflow):
    def test_what_is_alike_waits_alike(self):
        """One application stands for all that are alike; nobody gets more or less by that."""
        row = self.make(ISO, "log_period", reason="x",
                        payload={"days": 60, "device_class": "複合機"})
        self.done(ISO, row, "submit", "submitted")
        found = 0
        for login, in self.daemon.psql("SELECT DISTINCT person FROM role_assignment"):
            alike, each = self.daemon.psql(
                "BEGIN; SET LOCAL daicho.person = '%s'; CREATE TEMP TABLE open ON COMMIT DROP AS "
                "SELECT * FROM request WHERE state NOT IN ('draft', 'returned'); SELECT (SELECT "
                "coalesce(string_agg(x, ',' ORDER BY x), '') FROM requests_awaited((SELECT"
                " array_agg(request_no) FROM open)) x), (SELECT coalesce(string_agg(r.request_no, "
                "',' ORDER BY 1), '') FROM request r JOIN open USING (request_no) WHERE "
                "request_awaits(r, '%s')); COMMIT" % (login, login))[-1]
            self.assertEqual(sorted(alike.split(",")), sorted(each.split(",")), login)
            found += bool(each)
        self.assertGreater(found, 0)


class SamePerson(Workflow):
    """2.1(2)⑫(a): the 機関CISO is the 情報セキュリティ責任者, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.psql(
            "INSERT INTO role_assignment (person, office, institution, term_from, appointed_by)"
            " VALUES ('%s', 'iso', 'hoshi', current_date, '%s')" % (BOSS, BOSS))
        cls.addClassCleanup(cls.daemon.psql, "BEGIN; ALTER TABLE role_assignment DISABLE TRIGGER "
                            "USER; DELETE FROM role_assignment WHERE person = '%s' AND office = "
                            "'iso'; ALTER TABLE role_assignment ENABLE TRIGGER USER; UPDATE "
                            "institution SET min_log_days_other = 30 WHERE code = 'hoshi'; COMMIT"
                            % BOSS)

    def begin(self):
        row = self.make(BOSS, "log_period", reason="保存容量のため",
                        payload={"days": 70, "device_class": "複合機"})
        a = self.step(BOSS, row, "submit")
        # nobody else is 機関CISO of this 機関
        self.assertEqual(self.ok(a).json["state"], "blocked")
        return row

    def test_escalation(self):
        row = self.begin()
        self.refused(self.step(BOSS, row, "approve"), 409, "wrong_state")
        a = self.done(BOSS, row, "escalate", "submitted")
        self.assertEqual((a.json["approver_office"], a.json["escalated"]), ("ciso", True))
        self.no_step(BOSS, row, "approve", "REQ-01")
        self.done(CHIEF, row, "approve", "approved")

    def test_unavoidable(self):
        row = self.begin()
        why = "CISOが海外出張中で、ログの保存容量が本日中に尽きるため。"
        self.no_step(BOSS, row, "unavoidable", "wrong_value", case="urgent", reason="急ぐ")
        self.no_step(BOSS, row, "unavoidable", "REQ-22", case="no_other", reason=why)
        self.no_step(CHIEF, row, "unavoidable", "REQ-03", case="urgent", reason=why)
        a = self.done(BOSS, row, "unavoidable", "awaiting_confirmation", case="urgent", reason=why)
        self.assertEqual((a.json["same_person_exception"], a.json["decided_by"]), (True, BOSS))
        self.no_step(BOSS, row, "confirm", "REQ-02")
        self.done(ISO, row, "confirm", "approved")
        kept = self.daemon.psql("SELECT same_person_case, same_person_confirmed_by FROM request "
                                "WHERE request_no = '%s'" % row.json["request_no"])
        self.assertEqual(kept, [["urgent", ISO]])
        other = self.begin()
        self.no_step(BOSS, other, "unavoidable", "REQ-22", case="absent", reason=why)
        self.done(BOSS, other, "unavoidable", "awaiting_confirmation", case="urgent", reason=why)
        self.done(CHIEF, other, "refuse", "rejected", comment="緊急ではない")

    def test_no_way_around(self):
        """SQL as the daemon's role, SQL as the superuser, an import, the command line."""
        row = self.begin()
        no = row.json["request_no"]
        for sql in ("UPDATE request SET state = 'approved' WHERE request_no = '%s'",
                    "INSERT INTO request_step (step_no, institution, request, position, action, "
                    "from_state, to_state, acted_at) VALUES ('x', 'hoshi', '%s', 9, 'approve', "
                    "'submitted', 'approved', now())", "DELETE FROM request WHERE "
                    "request_no = '%s'"):
            done = self.daemon.psql("SELECT set_config('daicho.scope', '{*}', false); "
                                    + sql % no, role="daicho_app", check=False)
            self.assertIn("permission denied", str(done))
        act = "BEGIN; SELECT set_config('daicho.person', '%s', true); SELECT state FROM " \
            "request_act('%s', '%s', '{}', (SELECT row_version::text FROM request WHERE " \
            "request_no = '%s')); COMMIT"
        token = self.daemon.value("SELECT id FROM token WHERE person = '%s' LIMIT 1" % CHIEF)
        self.done(BOSS, row, "escalate", "submitted")
        for role in ("daicho_app", "daicho_super"):
            self.assertIn("rules violated", str(self.daemon.psql(
                act % (BOSS, no, "approve", no) if role == "daicho_super" else
                (act % (BOSS, no, "approve", no)).replace("BEGIN;", "BEGIN; SELECT "
                "set_config('daicho.scope', '{*}', true);"), role=role, check=False)))
            self.assertIn("never decides", str(self.daemon.psql(
                (act % (CHIEF, no, "approve", no)).replace("BEGIN;", "BEGIN; SELECT set_config("
                "'daicho.scope', '{*}', true); SELECT set_config('daicho.account', '%s', true);"
                % token), role=role, check=False)))
            self.assertIn("act of a person", str(self.daemon.psql(
                (act % ("", no, "approve", no)).replace("BEGIN;", "BEGIN; SELECT set_config("
                "'daicho.scope', '{*}', true);"), role=role, check=False)))
        for sql, said in (
                ("UPDATE request SET state = 'approved', decided_by = '%s', decided_office = "
                 "'inst_ciso', decided_at = now() WHERE request_no = '%s'" % (BOSS, no), "no step"),
                ("INSERT INTO request (institution, request_type, applicant, state, decided_by) "
                 "VALUES ('hoshi', 'log_period', '%s', 'approved', '%s')" % (BOSS, BOSS),
                 "REQ-01"),
                ("UPDATE request_step SET comment = 'x' WHERE request = '%s'" % no,
                 "stays on record"),
                ("DELETE FROM request_step WHERE request = '%s'" % no, "stays on record"),
                ("TRUNCATE request_step", "stays on record")):
            self.assertIn(said, str(self.daemon.psql(sql, check=False)), sql)
        self.done(CHIEF, row, "approve", "approved")
        for sql, said in (
                ("UPDATE request SET decided_by = applicant WHERE request_no = '%s'" % no,
                 "REQ-01"),
                ("UPDATE request SET decided_by = 'orihime.t' WHERE request_no = '%s'" % no,
                 "rules violated"),
                ("UPDATE request SET decided_office = 'inst_ciso', decided_by = '%s' WHERE "
                 "request_no = '%s'" % (STAFF, no), "rules violated"),
                ("UPDATE request SET same_person_exception = true, decided_by = applicant, "
                 "same_person_reason = repeat('x', 30) WHERE request_no = '%s'" % no, "REQ-02")):
            self.assertIn(said, str(self.daemon.psql(sql, check=False)), sql)
        # no import of applications, no form that decides, no command that decides
        self.refused(self.by(BOSS).post(R + "/import", {}), 405)
        other = self.begin()
        self.done(BOSS, other, "escalate", "submitted")
        place = "%s/%s" % (R, other.json["request_no"])
        form = self.by(BOSS).request("POST", place + "/steps", b"action=approve", {
            "Content-Type": "application/x-www-form-urlencoded",
            "If-Match": self.by(BOSS).get(place).etag})
        self.refused(form, 415)
        self.assertEqual(self.by(BOSS).get(place).json["state"], "submitted")
        done = self.daemon.cli("import", "requests", "/dev/null", check=False)
        self.assertNotEqual(done.returncode, 0)
