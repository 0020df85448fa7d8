"""What an application is about must be what its kind is for."""
from test_requests import ADMIN, BOSS, ISO, STAFF, Workflow, day

WHY = {"difficulty": "代替機がない", "alternative": "隔離", "risk": "小"}


class Subjects(Workflow):
    def kind(self, login, kind, decider, payload, right, wrong, given=None, **members):
        """Of each asset that the kind is not for nothing may be applied; of the other it is."""
        for one in wrong:
            row = self.make(login, kind, asset=one, reason="x", payload=payload, **members)
            self.no_step(login, row, "submit", "wrong_subject")
        row = self.make(login, kind, asset=right, reason="x", payload=payload, **members)
        self.done(login, row, "submit", "submitted")
        self.done(decider, row, "approve", "approved", **(given or {}))

    def test_an_account(self):
        payload = {"operators": "広報", "spoofing": "認証済み"}
        self.kind(ISO, "social_media", BOSS, payload,
                  self.asset("in_operation", 1, kind="social_media"),
                  [self.asset("in_operation", 1), self.asset("in_operation", 1, kind="terminal")])
        # 4.3(1): nothing but 機密性1, when it is submitted and when it is decided
        row = self.make(ISO, "social_media", reason="x", payload=payload,
                        asset=self.asset("in_operation", 2, kind="social_media"))
        self.no_step(ISO, row, "submit", "SNS-01")
        one = self.asset("in_operation", 1, kind="social_media")
        row = self.make(ISO, "social_media", reason="x", payload=payload, asset=one)
        self.done(ISO, row, "submit", "submitted")
        self.behind(row, "asset SET confidentiality = 2, confidentiality_basis = 'c2_internal'",
                    one)
        self.no_step(BOSS, row, "approve", "SNS-01")

    def behind(self, row, change, one):
        """Changed without the triggers that would send the application back."""
        self.daemon.psql(
            "BEGIN; SET LOCAL session_replication_role = replica; UPDATE %s WHERE asset_no = '%s'; "
            "UPDATE request SET subject_sha256 = request_digest(request) WHERE request_no = '%s'; "
            "COMMIT" % (change, one, row.json["request_no"]))

    def test_mail(self):
        self.kind(ADMIN, "mail_auth_exemption", BOSS,
                  {"domain": "x.example", "lacking": ["DKIM"], "plan": "来年度"},
                  self.asset("in_operation", 2, functions="{web,mail}"),
                  [self.asset("in_operation", 2, functions="{web}"),
                   self.asset("in_operation", 2, kind="terminal")], valid_to=day(100))

    def test_a_terminal(self):
        ism = self.daemon.value("SELECT person FROM nearest_office('hoshi-its', 'ism', "
                                "current_date) LIMIT 1")
        yes = {n: True for n in ("os_supported", "updated", "malware_protection", "encrypted",
                                 "locked")}
        self.kind(STAFF, "non_issued_terminal", ism, yes | {"use": "観測", "erase_plan": "消去"},
                  self.asset("in_operation", 2, STAFF, kind="terminal"),
                  [self.asset("in_operation", 2, STAFF)], {"comment": "確認した"},
                  valid_to=day(90))

    def test_a_cloud_service(self):
        payload = {"max_confidentiality": 2, "ismap": "ismap", "ismap_checked_on": day()}
        one = self.asset("in_operation", 2, kind="cloud_service")
        self.kind(ADMIN, "cloud_use", BOSS, payload, one, [self.asset("in_operation", 2)])
        # whatever the way: what was submitted before is not decided, either
        row = self.make(ADMIN, "cloud_use", asset=one, reason="x", payload=payload)
        self.done(ADMIN, row, "submit", "submitted")
        self.behind(row, "asset SET asset_type = 'server'", one)
        self.no_step(BOSS, row, "approve", "wrong_subject")

    def test_the_kinds_say_what_they_are_about(self):
        kinds = {k["code"]: k["types"] for k in
                 self.ok(self.reader.get("/api/v1/workflow/kinds")).json["items"]}
        self.assertEqual((kinds["cloud_use"], kinds["mail_auth_exemption"], kinds["exception"]),
                         (["cloud_service"], ["mail"], []))

    def medium(self):
        return self.daemon.value(
            "INSERT INTO external_media (institution, unit, confidentiality, users_text, "
            "custodian, sysadmin, encryption, state) VALUES ('hoshi', 'hoshi-its', 3, '全員', '%s', "
            "'%s', 'none', 'stored') RETURNING media_no" % (STAFF, ADMIN))

    def test_an_exception_covers_something(self):
        one, medium = self.asset("in_operation", 2), self.medium()
        for rule, what, code in (
                ("MED-04", {"asset": one}, "wrong_rule"), ("VUL-01", {"medium": medium},
                                                           "wrong_rule"),
                ("ROLE-04", {"unit": "hoshi-its"}, "wrong_rule"),
                ("REG-01", {"asset": one}, "not_excepted"),
                ("CLD-02", {"asset": one}, "not_excepted"),
                ("ROLE-03", {"unit": "hoshi-its"}, "EXC-02"),
                ("REQ-08", {"unit": "hoshi-its"}, "EXC-02")):
            row = self.make(ADMIN, "exception", rule=rule, reason="x", valid_to=day(60),
                            payload=WHY, **what)
            self.no_step(ADMIN, row, "submit", code)
        for rule, what in (("MED-04", {"medium": medium}), ("VUL-01", {"asset": one}),
                           ("CON-04", {"asset": one}), ("VUL-01", {"unit": "hoshi-its"})):
            row = self.make(ADMIN, "exception", rule=rule, reason="x", valid_to=day(60),
                            payload=WHY, **what)
            self.done(ADMIN, row, "submit", "submitted")
            self.done(BOSS, row, "approve", "approved")
