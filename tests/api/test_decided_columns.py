"""What the database holds whatever the path: columns that only a decision writes.

Each statement that must fail stands beside one that passes, as the daemon's own role, which is
what anything above it could send.
"""
import files
from test_requests import ADMIN, BOSS, ISO, R, STAFF, THREE, Workflow, day

# As the daemon would act: for this person, in this office, with this reach.
ACT = ("BEGIN; SELECT set_config('daicho.' || k, v, true) FROM (VALUES ('person', '%s'), "
       "('office', '%s'), ('scope', '{hoshi}'), ('write_scope', '{hoshi}'), ('reach', 'iiii4')) "
       "x (k, v); %s; COMMIT")


class Statements(Workflow):
    """Statements as the role of the daemon."""

    def app(self, sql, person=ISO, office="iso"):
        """Status and what was said."""
        return self.daemon.psql(ACT % (person, office, sql), role="daicho_app", check=False)

    def passes(self, sql, **who):
        code, said = self.app(sql, **who)
        self.assertEqual(code, 0, said)

    def fails(self, sql, said, **who):
        code, text = self.app(sql, **who)
        self.assertNotEqual(code, 0, sql)
        self.assertIn(said, str(text), sql)

    def connected(self, **given):
        net = self.daemon.value("SELECT asset_no FROM asset WHERE institution = 'hoshi' AND "
                                "asset_type = 'network' AND state = 'in_operation' LIMIT 1")
        self.daemon.psql("UPDATE asset SET sysadmin = '%s', network_max_confidentiality = 3 "
                         "WHERE asset_no = '%s'" % (ADMIN, net))
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        row = self.make(STAFF, "network_connection", asset=one, reason="観測", valid_to=day(30),
                        payload={"network": net} | given)
        self.done(STAFF, row, "submit", "submitted")
        return row, one, net


class Kept(Statements):
    def test_an_important_server_is_none_by_a_statement(self):
        no = self.asset("in_operation", 3)
        own = "UPDATE asset SET %s WHERE asset_no = '" + no + "'"
        before = self.daemon.psql(own.replace("UPDATE asset SET %s", "SELECT * FROM asset"))
        for change in ("important_state = 'permitted'", "important_state = 'revoked'",
                       "important_state = 'not_applicable'",
                       "important_permit_request = 'R00000001'",
                       "important_admin = '%s'" % ADMIN, "rating_by = '%s'" % BOSS,
                       "rating_on = '2020-01-01'", "rating_by = NULL"):
            self.fails(own % change, "follow from a decision")
        for change in ("adopted = true", "adopted = true, state = 'suspended'"):
            self.fails(own % change, "adopted at its registration")
        self.assertEqual(self.daemon.psql(own.replace("UPDATE asset SET %s",
                                                      "SELECT * FROM asset")), before)
        self.passes(own % "note = '直接'")

    def test_a_new_row_is_not_permitted(self):
        sql = "INSERT INTO asset (institution, unit, name, asset_type, state, %s) VALUES " \
            "('hoshi', 'hoshi-its', '直接', 'server', 'draft', %s)"
        self.fails(sql % ("important_state, important_admin", "'permitted', '%s'" % ADMIN),
                   "follow from a decision")
        self.fails(sql % ("rating_by", "'%s'" % BOSS), "follow from a decision")
        self.fails(sql % ("adopted", "true"), "adopted at its registration")
        self.passes(sql % ("important_manual", "false"))

    def test_a_draft_is_adopted_when_it_is_registered(self):
        no = self.asset("draft", 2)
        self.fails("UPDATE asset SET adopted = true WHERE asset_no = '%s'" % no,
                   "adopted at its registration")
        self.fails("UPDATE asset SET adopted = true, state = 'planned' WHERE asset_no = '%s'" % no,
                   "adopted at its registration")
        self.assertEqual(self.daemon.value("SELECT adopted FROM asset WHERE asset_no = '%s'" % no),
                         "f")

    def test_the_decision_itself_writes_them(self):
        no = self.asset()
        p = self.make(ADMIN, "important_new", asset=no, reason="配信")
        self.attach(ADMIN, p, *THREE)
        self.daemon.psql(
            "INSERT INTO role_assignment (person, office, institution, term_from, appointed_by) "
            "SELECT '%s', 'important_admin', 'hoshi', '%s', '%s' WHERE NOT has_office('%s', "
            "'important_admin', 'hoshi', act_today())" % (ADMIN, day(), BOSS, ADMIN))
        self.done(ADMIN, p, "submit", "submitted")
        self.done("bunkou.i", p, "opinion", "reviewing", comment="問題なし")
        self.done(BOSS, p, "approve", "approved", conditions="点検")
        self.assertEqual(self.important_asset(no)[:2], ["permitted", ADMIN])

    # ---- exceptions and connections stay as they were decided -----------------------------

    def granted(self):
        """An exception of an asset, by its decision; its number and that of the application."""
        no = self.asset("in_operation", 2)
        row = self.make(ADMIN, "exception", asset=no, rule="VUL-01", reason="移行中",
                        valid_from=day(-3), valid_to=day(30), payload={
                            "difficulty": "代替機がない", "alternative": "隔離", "risk": "小"})
        self.done(ADMIN, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        request = row.json["request_no"]
        return self.daemon.value("SELECT exception_no FROM exception_grant WHERE request = '%s'"
                                 % request), request, no

    def test_an_exception_stays_as_it_was_granted(self):
        key, request, _ = self.granted()
        self.assertEqual(self.daemon.psql(
            "SELECT valid_from, valid_to, alternative FROM exception_grant WHERE exception_no = "
            "'%s'" % key), [[day(), day(30), "隔離"]])
        place = "/api/v1/exceptions/" + key
        a = self.ok(self.by(BOSS).get(place))
        for name, value in (("valid_from", day(-30)), ("valid_to", day(40)),
                            ("valid_to", day(10)), ("alternative", "なし")):
            self.refused(self.by(BOSS).patch(place, {name: value}, a.etag), 422)
            self.fails("UPDATE exception_grant SET %s = '%s' WHERE exception_no = '%s'"
                       % (name, value, key), "follow from a decision", person=BOSS,
                       office="inst_ciso")
        self.ok(self.by(BOSS).patch(place, {"reported_to_ciso_on": day()}, a.etag))
        # nor is another made of the same permission for something else
        body = {"institution": "hoshi", "request": request, "rule": "VUL-01",
                "alternative": "隔離", "valid_from": day(), "valid_to": day(30)}
        self.refused(self.by(BOSS).post("/api/v1/exceptions", body | {"unit": "hoshi-its"}), 422,
                     "rules_violated", ["EXC-02"])

    def test_a_connection_ends_with_its_permission(self):
        row, _, _ = self.connected()
        self.done(ADMIN, row, "approve", "approved")
        key = self.daemon.value("SELECT connection_no FROM network_connection WHERE request = "
                                "'%s'" % row.json["request_no"])
        place = "/api/v1/connections/" + key
        a = self.ok(self.writer.get(place))
        other = self.asset("in_operation", 2)
        for change in ({"valid_to": day(400)}, {"valid_to": None}, {"request": None},
                       {"asset": other}, {"permitted_by": "suiseigawa.h"}):
            self.refused(self.writer.patch(place, change, a.etag), 422, "rules_violated",
                         ["decided_elsewhere"])
        self.done(ADMIN, row, "revoke", "revoked", comment="不要")
        a = self.ok(self.writer.get(place))
        self.assertEqual(a.json["ended_on"], day())
        for later in (None, day(20)):
            self.refused(self.writer.patch(place, {"ended_on": later}, a.etag), 422,
                         "rules_violated", ["decided_elsewhere"])
        self.ok(self.writer.patch(place, {"ended_on": day(-1)}, a.etag))


class Named(Statements):
    """What an application names is bound, and told of no more than what it is about."""

    def state(self, row):
        return self.daemon.psql(
            "SELECT r.state, (SELECT s.comment FROM request_step s WHERE s.request = r.request_no "
            "ORDER BY s.position DESC LIMIT 1) FROM request r WHERE request_no = '%s'"
            % row.json["request_no"])[0]

    def test_a_change_of_the_network_sends_it_back(self):
        row, _, net = self.connected()
        self.daemon.psql("UPDATE asset SET row_version = row_version + 1 WHERE asset_no = '%s'"
                         % net)
        self.assertEqual(self.state(row)[0], "submitted")
        self.daemon.psql("UPDATE asset SET network_max_confidentiality = 4 WHERE asset_no = '%s'"
                         % net)
        self.assertEqual(self.state(row), ["returned", "network, more_assets"])

    def test_a_change_of_more_assets_sends_it_back(self):
        other, beside = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in range(2))
        row, _, _ = self.connected(more_assets=[other])
        change = "UPDATE asset SET users_text = '外部の人' WHERE asset_no = '%s'"
        self.daemon.psql(change % beside)
        self.assertEqual(self.state(row)[0], "submitted")
        self.daemon.psql(change % other)
        self.assertEqual(self.state(row), ["returned", "network, more_assets"])

    def test_a_change_of_the_area_sends_it_back(self):
        area = self.daemon.value("SELECT code FROM area WHERE institution = 'hoshi' AND NOT "
                                 "is_controlled ORDER BY code DESC LIMIT 1")
        row = self.make(ADMIN, "area_designation", reason="試験", payload={
            "area": area, "extent": "全体", "entry_control": "card", "leased": False})
        self.done(ADMIN, row, "submit", "submitted")
        self.daemon.psql("UPDATE area SET name_ja = name_ja WHERE code = '%s'" % area)
        self.assertEqual(self.state(row)[0], "submitted")
        self.daemon.psql("UPDATE area SET name_ja = '別室' WHERE code = '%s'" % area)
        self.assertEqual(self.state(row), ["returned", "area " + area])
        items = self.ok(self.by(ADMIN).get("%s/%s/diff" % (R, row.json["request_no"]), {
            "against": "submission"})).json["items"]
        self.assertIn(("area", "name_ja"), [(i["part"], i["field"]) for i in items])

    def test_nothing_is_told_of_what_is_not_seen(self):
        secret = self.asset("in_operation", 4, sysadmin=ADMIN, unit="hoshi-gad")
        seen = self.asset("in_operation", 2, sysadmin=STAFF)
        row, _, net = self.connected(more_assets=[seen])
        for other in (secret, "A99999999"):
            a = self.by(STAFF).post(R, {"request_type": "network_connection", "asset": seen,
                                        "reason": "x", "payload": {"network": net,
                                                                   "more_assets": [other]}})
            self.refused(a, 422, "rules_violated", ["wrong_value"])
        q = self.make(BOSS, "qualification", subject_person=ADMIN, reason="新サーバ",
                      payload={"skills": "研修"})
        self.done(BOSS, q, "submit", "submitted")
        for person in ("kaigara.m", "nobody.x"):
            self.no_step(BOSS, q, "assign", "wrong_value", person=person)
        self.done(BOSS, q, "assign", "reviewing", person="wakusei.a")


class Sight(Statements):
    """Who reads what of an application, its documents, catalogues and their history."""

    def seen(self, sql, person="engai.s", office="ism", reach="iiiin", scope="{hoshi}"):
        """The words of the answer, as the daemon would ask for this person."""
        act = (ACT % (person, office, sql)).replace("iiii4", reach)
        if not scope:
            act = act.replace("{hoshi}", "{}")
        rows = self.daemon.psql(act, role="daicho_app")
        return " ".join(" ".join(row) for row in rows).split()

    def documented(self):
        one = self.asset("in_operation", 2)
        row = self.make(ADMIN, "exception", asset=one, rule="VUL-01", reason="移行中",
                        valid_to=day(30), payload={"difficulty": "なし", "alternative": "隔離",
                                                   "risk": "小"})
        no = row.json["request_no"]
        for level in (2, 3, 4):
            etag = self.by(ADMIN).get(R + "/" + no).etag
            self.ok(files.upload(self.by(ADMIN), R + "/" + no, files.pdf(no + str(level)), etag,
                                 file_name="level%d.pdf" % level, confidentiality=level), 201)
        self.done(ADMIN, row, "submit", "submitted")
        return no

    def test_documents_of_level_four_in_what_differs(self):
        no = self.documented()
        sql = "SELECT after FROM request_diff('%s', 'permitted') WHERE part = 'documents'" % no
        said = " ".join(self.seen(sql))
        self.assertIn("level3.pdf", said)
        self.assertNotIn("level4.pdf", said)
        self.assertIn("level4.pdf", " ".join(self.seen(sql, reach="iiii4")))
        self.assertIn("level4.pdf", " ".join(self.seen(sql, person=ADMIN)))

    def test_a_step_in_the_past_shows_no_documents(self):
        no = self.documented()
        for n, who in enumerate(("engai.s", "bunkou.i")):
            self.daemon.psql(
                "INSERT INTO request_step (step_no, institution, request, position, action, "
                "from_state, to_state, acted_by, acted_at) VALUES ('%s-9%d', 'hoshi', '%s', 9%d, "
                "'opinion', 'submitted', 'submitted', '%s', now())" % (no, n, no, n, who))
        sql = "SELECT string_agg(file_name, ' ' ORDER BY file_name) FROM attachment WHERE " \
            "request = '%s'" % no
        none = {"reach": "nnnnn", "scope": ""}
        asked = "SELECT 'seen:' || count(*) FROM request WHERE request_no = '%s'" % no
        self.assertIn("seen:1", self.seen(asked, **none))
        self.assertNotIn("level3.pdf", self.seen(sql, **none))
        self.assertIn("level2.pdf", self.seen(sql, **none))
        self.assertIn("level3.pdf", self.seen(sql, person="bunkou.i", office="csirt_member",
                                              **none))

    def test_applications_about_level_four(self):
        nos = [self.daemon.value(
            "INSERT INTO request (institution, request_type, applicant, asset, state, payload) "
            "VALUES ('hoshi', 'provide_outside', '%s', '%s', 'approved', "
            "'{\"confidentiality\": %d}') RETURNING request_no"
            % (ADMIN, self.asset("in_operation", 2), level)) for level in (3, 4)]
        sql = "SELECT request_no FROM request WHERE request_no = ANY ('{%s,%s}')" % tuple(nos)
        said = self.seen(sql)
        self.assertEqual([no in said for no in nos], [True, False])
        for who in ({"reach": "iiii4"}, {"person": ADMIN}):
            said = self.seen(sql, **who)
            self.assertEqual([no in said for no in nos], [True, True], who)

    def test_a_catalogue_among_the_documents(self):
        one = self.asset("in_operation", 2)
        self.daemon.psql("INSERT INTO asset_user (institution, asset, person) VALUES ('hoshi', "
                         "'%s', 'engai.s')" % one)
        for kind in ("catalogue", "other"):
            self.ok(files.upload(self.by(ADMIN), "/api/v1/assets/" + one, files.pdf(one + kind),
                                 kind=kind, file_name=kind + ".pdf"), 201)
        sql = "SELECT file_name FROM attachment WHERE asset = '%s'" % one
        said = self.seen(sql, office="staff", reach="onon-")
        self.assertIn("other.pdf", said)
        self.assertNotIn("catalogue.pdf", said)
        self.assertIn("catalogue.pdf", self.seen(sql))

    def test_the_history_of_a_draft_catalogue(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        made = self.ok(self.by(ADMIN).post("/api/v1/catalogues", {"asset": one}), 201)
        no = made.json["catalogue_no"]
        sql = "SELECT 'events:' || count(*) FROM audit_event WHERE object = '%s'" % no
        reader = {"person": "uzushio.g", "office": "auditor", "reach": "inin4"}
        self.assertIn("events:0", self.seen(sql, **reader))
        self.assertIn("events:1", self.seen(sql, person=ADMIN, office="sysadmin"))
        self.daemon.psql("UPDATE system_catalogue SET status = 'submitted' WHERE catalogue_no = "
                         "'%s'" % no)
        self.assertIn("events:2", self.seen(sql, **reader))

    def test_who_only_reads_writes_no_readings(self):
        sql = "SELECT audit_read('asset', 'A00000001', 'hoshi', 1)"
        code, said = self.daemon.psql(sql, role="daicho_auditor", check=False)
        self.assertNotEqual(code, 0)
        self.assertIn("permission denied", str(said))
        self.passes(sql)
