"""What the database holds whatever the path: columns that only a decision writes.

Each statement that must fail stands beside one that passes, as the daemon's own role, which is
what anything above it could send.
"""
from test_requests import ADMIN, BOSS, ISO, THREE, Workflow, day

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
