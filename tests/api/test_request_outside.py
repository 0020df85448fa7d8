"""What leaves: 別表 and the register judge it, not the word of who applies."""
from test_requests import ADMIN, BOSS, ISO, R, STAFF, Workflow, day

GIVEN = {"information": "名簿", "confidentiality": 2, "recipient": "大学", "cautions": "複製しない",
         "means": "file_transfer"}
SENT = {"information": "名簿", "confidentiality": 3, "recipient": "大学", "means": "file_transfer",
        "destination": "outside", "encryption": "AES", "misdelivery": "二人で確認"}


class Leaving(Workflow):
    def ism(self, unit="hoshi-its"):
        return self.daemon.value("SELECT person FROM nearest_office('%s', 'ism', current_date) "
                                 "LIMIT 1" % unit)

    def own_ism(self):
        """Of an application that is about no row: the one of its applicant's unit."""
        return self.ism(self.daemon.value("SELECT unit FROM person WHERE login = '%s'" % STAFF))

    def applied(self, kind, payload, **members):
        return self.make(STAFF, kind, reason="試験のため", payload=payload, **members)

    def submitted(self, kind, payload, **members):
        row = self.applied(kind, payload, **members)
        self.done(STAFF, row, "submit", "submitted")
        return row

    def service(self, level=4, **columns):
        """A cloud service whose use is approved, up to a level; NULL: it is not."""
        no = self.asset("in_operation", 1, kind="cloud_service")
        columns = {"cloud_" + c: v for c, v in columns.items()}
        if level:
            columns["cloud_approval_request"] = "'%s'" % self.daemon.value(
                "SET session_replication_role = replica; INSERT INTO request (request_type, "
                "institution, applicant, state, asset, payload) VALUES ('cloud_use', 'hoshi', "
                "'%s', 'approved', '%s', '{\"max_confidentiality\": %d}') RETURNING request_no"
                % (ADMIN, no, level))
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET %s "
                         "WHERE asset_no = '%s'; COMMIT" % (", ".join(
                             "%s = %s" % c for c in columns.items()) or "note = 'x'", no))
        return no


class Giving(Leaving):
    """WF-18."""

    def refused_for(self, code, payload, **members):
        row = self.applied("provide_outside", GIVEN | payload, valid_to=day(30), **members)
        return self.no_step(STAFF, row, "submit", code)

    def given(self, payload, ism=None, **members):
        row = self.submitted("provide_outside", GIVEN | payload, valid_to=day(30), **members)
        self.done(ism or self.own_ism(), row, "approve", "approved")

    def test_by_mail_nothing_of_level_three_leaves(self):
        a = self.refused_for("forbidden_means", {"confidentiality": 3, "means": "mail"})
        self.assertIn("core service", a.json["errors"][0]["message"])  # what may be done instead
        self.given({"means": "mail"})

    def test_the_level_of_the_row_counts(self):
        secret = self.asset("in_operation", 3, STAFF)
        self.refused_for("forbidden_means", {"confidentiality": 1, "means": "mail"}, asset=secret)
        # and that which is said, where it is the higher one
        plain = self.asset("in_operation", 2, STAFF)
        self.refused_for("forbidden_means", {"confidentiality": 3, "means": "mail"}, asset=plain)
        self.given({"means": "mail"}, self.ism(), asset=plain)

    def test_what_the_table_permits_only_is_permitted_first(self):
        secret = self.asset("in_operation", 3, STAFF)
        self.refused_for("permit_first", {}, asset=secret)
        self.refused_for("permit_first", {"permit": "R99999999"}, asset=secret)
        sent = self.submitted("send_share", SENT, asset=secret)
        no = sent.json["request_no"]
        self.refused_for("permit_first", {"permit": no}, asset=secret)  # not permitted yet
        self.done(BOSS, sent, "approve", "approved")
        other = self.asset("in_operation", 3, STAFF)
        for payload, asset in (({"recipient": "企業"}, secret), ({}, other),
                               ({"destination": "other_institution"}, secret),
                               ({"confidentiality": 4}, secret)):
            self.refused_for("permit_first", {"permit": no} | payload, asset=asset)
        self.given({"permit": no}, self.ism(), asset=secret)
        late = self.submitted("provide_outside", GIVEN | {"permit": no}, valid_to=day(30),
                              asset=secret)
        self.done(STAFF, sent, "complete", "completed")  # it is sent: that permission is used up
        self.no_step(self.ism(), late, "approve", "permit_first")

    def test_without_a_row_the_information_is_the_same(self):
        sent = self.submitted("send_share", SENT)
        self.done(BOSS, sent, "approve", "approved")
        payload = {"confidentiality": 3, "permit": sent.json["request_no"]}
        self.refused_for("permit_first", payload | {"information": "台帳"})
        self.given(payload)

    def test_of_level_four_nothing_leaves_unasked(self):
        for means in ("mail", "file_transfer", "paper", "other", "media"):
            self.refused_for("permit_first", {"confidentiality": 4, "means": means})
        for means in ("paper", "other"):
            self.given({"confidentiality": 3, "means": means})
        self.given({"confidentiality": 3, "means": "media"})

    def test_shared_in_an_approved_service(self):
        share = {"confidentiality": 3, "means": "cloud_share"}
        self.refused_for("required", share)
        self.refused_for("forbidden_means", share | {"cloud_service": self.service(0)})
        self.refused_for("permit_first", share | {"cloud_service": self.service()})
        self.given(share | {"cloud_service": self.service(core_service="true")})
        row = self.submitted("provide_outside", GIVEN | share | {
            "cloud_service": self.service(trusted="true")}, valid_to=day(30))
        # the approval ends before it is decided
        self.daemon.psql("UPDATE request SET state = 'revoked' WHERE request_no = (SELECT "
                         "cloud_approval_request FROM asset WHERE asset_no = '%s')"
                         % row.json["payload"]["cloud_service"])
        self.no_step(self.own_ism(), row, "approve", "forbidden_means")

    def test_a_service_is_one_of_the_register(self):
        self.refused_for("not_applicable", {"means": "mail", "cloud_service": self.service()})
        for no in (self.asset("in_operation", 2), "A99999999"):
            a = self.by(STAFF).post(R, {"request_type": "provide_outside", "payload": {
                "cloud_service": no}})
            self.fault(a, "wrong_value", pointer="#/payload/cloud_service")


class Sending(Leaving):
    """WF-19."""

    def refused_for(self, code, payload, **members):
        self.no_step(STAFF, self.applied("send_share", SENT | payload, **members), "submit", code)

    def test_the_level_of_the_row_counts(self):
        row = self.submitted("send_share", SENT, asset=self.asset("in_operation", 4, STAFF))
        self.done(BOSS, row, "approve", "approved")  # 原則禁止, permitted
        self.refused_for("no_permit_needed", {"confidentiality": 1},
                         asset=self.asset("in_operation", 1, STAFF))
        self.refused_for("forbidden_means", {"confidentiality": 1, "means": "mail"},
                         asset=self.asset("in_operation", 3, STAFF))

    def test_only_through_an_approved_service(self):
        share = {"means": "cloud_share"}
        self.refused_for("required", share)
        one = self.service(0)
        self.refused_for("forbidden_means", share | {"cloud_service": one})
        self.refused_for("forbidden_means", {"cloud_service": one})  # a file transfer, too
        row = self.submitted("send_share", SENT | share | {"cloud_service": self.service()})
        self.done(BOSS, row, "approve", "approved")
        # ※ needs no permission at all, as the register says, whoever says otherwise
        self.refused_for("no_permit_needed",
                         share | {"cloud_service": self.service(core_service="true")})

    def test_another_permission(self):
        self.refused_for("other_permit", {"confidentiality": 4, "means": "media"})
        self.refused_for("unknown_choice", {"means": "paper"})

    def test_the_table_has_these_words(self):
        for member, bad in (("means", "pigeon"), ("destination", "mars")):
            a = self.by(STAFF).post(R, {"request_type": "send_share", "payload": {member: bad}})
            self.fault(a, "wrong_value", pointer="#/payload/" + member)


class Carrying(Leaving):
    """WF-10 and WF-11."""
    AWAY = {"destination": "観測所", "purpose": "会議", "measures": "封緘・手渡し"}

    def medium(self, level=4, encryption="hardware"):
        return self.daemon.value(
            "INSERT INTO external_media (institution, unit, confidentiality, users_text, "
            "custodian, sysadmin, encryption, state) VALUES ('hoshi', 'hoshi-its', %d, '全員', "
            "'%s', '%s', '%s', 'stored') RETURNING media_no" % (level, STAFF, STAFF, encryption))

    def area(self, controlled):
        return self.daemon.value("SELECT code FROM area WHERE institution = 'hoshi' AND "
                                 "is_controlled = %s AND revoked_on IS NULL LIMIT 1" % controlled)

    def refused_for(self, code, payload=AWAY, kind="media_takeout", **members):
        row = self.applied(kind, payload, valid_to=day(10), **members)
        self.no_step(STAFF, row, "submit", code)

    def taken(self, payload=AWAY, kind="media_takeout", **members):
        return self.submitted(kind, payload, valid_to=day(10), **members)

    def test_encrypted_and_of_level_four(self):
        self.refused_for("not_encrypted", medium=self.medium(encryption="none"))
        self.refused_for("level_too_low", medium=self.medium(3))
        self.refused_for("level_too_low", medium=self.medium(1, "none"))
        self.refused_for("level_too_low", kind="c4_offsite_work",
                         payload={"place": "自宅", "measures": "施錠"},
                         asset=self.asset("in_operation", 3, STAFF))
        plain = self.asset("in_operation", 4, STAFF, kind="terminal")
        self.daemon.psql("UPDATE asset SET internal_media_encryption = 'partial' WHERE asset_no = "
                         "'%s'" % plain)
        self.refused_for("not_encrypted", asset=plain)
        # and asked again by who decides
        medium = self.medium()
        row = self.taken(medium=medium)
        self.daemon.psql(
            "BEGIN; SET LOCAL session_replication_role = replica; UPDATE external_media SET "
            "encryption = 'none' WHERE media_no = '%s'; UPDATE request SET subject_sha256 = "
            "request_digest(request) WHERE request_no = '%s'; COMMIT"
            % (medium, row.json["request_no"]))
        for action in ("approve", "endorse"):
            self.no_step(self.ism(), row, action, "not_encrypted")

    def test_the_second_leg_is_what_the_register_says(self):
        a = self.by(STAFF).post(R, {"request_type": "media_takeout",
                                    "payload": {"designated": True}})
        self.fault(a, "unknown_member", pointer="#/payload/designated")
        for place in ({}, {"area": self.area("false")}):
            row = self.taken(self.AWAY | place, medium=self.medium())
            self.no_step(self.ism(), row, "approve", "second_leg")
            self.done(self.ism(), row, "endorse", "reviewing")
            self.no_step(self.ism(), row, "approve", "REQ-03")
            self.done(BOSS, row, "approve", "approved")
        row = self.taken(self.AWAY | {"area": self.area("true")}, medium=self.medium())
        self.done(self.ism(), row, "approve", "approved")

    def test_what_is_given_on_a_medium_may_leave_first(self):
        medium = self.medium()
        given = GIVEN | {"means": "media", "confidentiality": 3}
        row = self.applied("provide_outside", given, valid_to=day(10), medium=medium)
        self.no_step(STAFF, row, "submit", "permit_first")
        taken = self.taken(self.AWAY | {"area": self.area("true")}, medium=medium)
        self.done(self.ism(), taken, "approve", "approved")
        for one, code in ((self.medium(), "permit_first"), (medium, None)):
            row = self.applied("provide_outside", given | {"permit": taken.json["request_no"]},
                               valid_to=day(10), medium=one)
            if code:
                self.no_step(STAFF, row, "submit", code)
                continue
            self.done(STAFF, row, "submit", "submitted")
            self.done(self.ism(), row, "approve", "approved")

    def test_the_place_that_the_row_names(self):
        payload = {"place": "山頂観測室", "measures": "施錠"}
        for keeper, here, fine in ((ADMIN, "山頂観測室", True), (ADMIN, "本館", False),
                                   (STAFF, "山頂観測室", False)):
            one = self.asset("in_operation", 4, keeper)
            self.daemon.psql(
                "UPDATE asset SET designated_place = '%s', operator = %s WHERE asset_no = '%s'; "
                "INSERT INTO asset_user (institution, asset, person) VALUES ('hoshi', '%s', '%s')"
                % (here, "NULL" if keeper == STAFF else "operator", one, one, STAFF))
            row = self.taken(payload, "c4_offsite_work", asset=one)
            if fine:
                self.done(self.ism(), row, "approve", "approved")
            else:
                self.no_step(self.ism(), row, "approve", "second_leg")


class Using(Leaving):
    """WF-15 and WF-16."""
    SOFT = {"software_name": "gnuplot", "source": "Debian", "signature_checked": True,
            "target": "both"}
    CLOUD = {"max_confidentiality": 2, "ismap": "ismap", "ismap_checked_on": day()}

    def listed(self, path, login=STAFF):
        return self.ok(self.by(login).get("/api/v1/" + path)).json["items"]

    def test_software_is_signed_and_reviewed(self):
        row = self.make(STAFF, "software_use", reason="x",
                        payload=self.SOFT | {"signature_checked": False})
        self.no_step(STAFF, row, "submit", "not_met")
        row = self.make(STAFF, "software_use", reason="x", payload=self.SOFT)
        self.done(STAFF, row, "submit", "submitted")
        self.done(ADMIN, row, "approve", "approved")
        no = row.json["request_no"]
        for before in ("approved", "completed"):  # again and again
            self.daemon.psql("UPDATE software_allowlist SET reviewed_on = current_date - 400 WHERE "
                             "request = '%s'" % no)
            self.assertEqual(self.due(no), "1", before)
            self.no_step(STAFF, row, "review", "REQ-01")
            self.no_step(BOSS, row, "review", "REQ-03")
            self.done(ADMIN, row, "review", "completed", comment="引き続き使う")
            self.assertEqual(self.daemon.value("SELECT reviewed_on FROM software_allowlist WHERE "
                                               "request = '%s'" % no), day())
            self.assertEqual(self.due(no), "0", before)
        self.assertIn("gnuplot", [i["software_name"] for i in self.listed("approved-software")])
        self.done(ADMIN, row, "revoke", "revoked", comment="サポート終了")
        self.assertNotIn("gnuplot", [i["software_name"] for i in self.listed("approved-software")])

    def due(self, no):
        return self.daemon.value(
            "SELECT count(*) FROM finding f JOIN software_allowlist l ON l.allow_no = f.object "
            "WHERE l.request = '%s' AND f.rule = 'TRM-06' AND f.closed_at IS NULL" % no)

    def test_what_is_for_one_asset_is_not_for_everybody(self):
        one = self.asset("in_operation", 2)
        row = self.make(ADMIN, "software_use", reason="x", asset=one,
                        payload=self.SOFT | {"software_name": "only-here"})
        self.ok(self.step(ADMIN, row, "submit"))
        self.done(ADMIN, row, "escalate", "submitted")
        self.done(ISO, row, "approve", "approved")
        self.assertNotIn("only-here", [i["software_name"] for i in
                                       self.listed("approved-software")])

    def applied_for(self, one, **payload):
        return self.make(ADMIN, "cloud_use", asset=one, reason="x", payload=self.CLOUD | payload)

    def test_a_cloud_service_up_to_its_level(self):
        one = self.asset("in_operation", 3, kind="cloud_service")
        for payload, code in (({}, "above_limit"), ({"max_confidentiality": 1}, "above_limit"),
                              ({"ismap_checked_on": "2001-01-01"}, "not_current"),
                              ({"ismap_checked_on": day(-366)}, "not_current"),
                              ({"ismap_checked_on": day(1)}, "not_current")):
            self.no_step(ADMIN, self.applied_for(one, **payload), "submit", code)
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET "
                         "confidentiality = 2, confidentiality_basis = 'c2_internal', "
                         "cloud_core_service = true, name = '共有サービス' WHERE asset_no = '%s'; "
                         "COMMIT" % one)
        row = self.applied_for(one, ismap_checked_on=day(-365))
        self.done(ADMIN, row, "submit", "submitted")
        self.assertNotIn(one, [i["asset_no"] for i in self.listed("approved-services")])
        self.done(BOSS, row, "approve", "approved", conditions="共有先を限る")
        mine = [i for i in self.listed("approved-services") if i["asset_no"] == one]
        self.assertEqual([(i["name"], i["service"], i["max_confidentiality"], i["conditions"])
                          for i in mine], [("共有サービス", "core", 2, "共有先を限る")])
        self.assertEqual([i for i in self.listed("approved-services", "shiosai.k")
                          if i["institution"] != "umi"], [])
        # the level holds for what is shared there, and for the row itself
        for level, verdict in ((2, "ALLOW"), (3, "DENY")):
            a = self.ok(self.by(STAFF).get("/api/v1/transfer-check", {
                "confidentiality": str(level), "means": "cloud_share", "destination": "outside",
                "service": one}))
            self.assertEqual(a.json["verdict"], verdict)
        found = "SELECT count(*) FROM finding WHERE object = '%s' AND rule = 'CLD-08' AND " \
            "closed_at IS NULL" % one
        self.assertEqual(self.daemon.value(found), "0")
        self.daemon.psql("UPDATE asset SET confidentiality = 3, confidentiality_basis = "
                         "'c3_management' WHERE asset_no = '%s'" % one)
        self.assertEqual(self.daemon.value(found), "1")
        self.done(BOSS, row, "revoke", "revoked", comment="提供終了")
        self.assertNotIn(one, [i["asset_no"] for i in self.listed("approved-services")])

    def test_a_service_that_is_listed_no_more(self):
        one = self.asset("in_operation", 2, kind="cloud_service")
        row = self.applied_for(one)
        self.done(ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        self.no_step(BOSS, row, "delisted", "REQ-03", comment="掲載取消し")
        self.done(ISO, row, "delisted", "approved", comment="掲載取消し")
        self.no_step(ISO, row, "delisted", "not_listed", comment="掲載取消し")
        # used on, until the application for what is not listed is decided
        self.assertIn(one, [i["asset_no"] for i in self.listed("approved-services")])
        no = self.daemon.value("SELECT request_no FROM request WHERE asset = '%s' AND state = "
                               "'draft' AND automatic AND applicant = '%s'" % (one, ADMIN))
        again = self.ok(self.by(ADMIN).get(R + "/" + no))
        self.no_step(ADMIN, again, "submit", "required")
        self.ok(self.by(ADMIN).patch(R + "/" + no, {"payload": {
            "risk_and_measures": "国内保存"}}, again.etag))
        self.done(ADMIN, again, "submit", "submitted")
        self.done(BOSS, again, "approve", "approved")
        self.assertEqual(self.daemon.psql("SELECT cloud_approval_request, cloud_ismap FROM asset "
                                          "WHERE asset_no = '%s'" % one), [[no, "not_listed"]])

    def test_of_level_four_nobody_reads_in_the_list(self):
        one = self.service()
        self.assertIn(one, [i["asset_no"] for i in self.listed("approved-services")])
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET "
                         "confidentiality = 4 WHERE asset_no = '%s'; COMMIT" % one)
        self.assertNotIn(one, [i["asset_no"] for i in self.listed("approved-services")])
