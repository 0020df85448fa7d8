"""What the database holds whatever the path: columns that only a decision writes.

Each statement that must fail stands beside one that passes, as the daemon's own role, which is
what anything above it could send.
"""
from test_requests import ADMIN, BOSS, ISO, STAFF, THREE, Workflow, day

# As the daemon would act: for this person, in this office, with this reach.
ACT = ("BEGIN; SELECT set_config('daicho.' || k, v, true) FROM (VALUES ('person', '%s'), "
       "('office', '%s'), ('scope', '{hoshi}'), ('write_scope', '{hoshi}'), ('reach', 'iiii4')) "
       "x (k, v); %s; COMMIT")


class Kept(Workflow):
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
