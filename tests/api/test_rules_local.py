"""Rules about rows that are made where the machine stands, or that hold whatever the path.

A 機関 of its own lives in one transaction that is undone, so nobody else meets it.
"""
from harness import Case

INSTITUTION = """
BEGIN;
SET LOCAL daicho.clock_offset = '0';
INSERT INTO institution (code, name_ja, incident_desk_name, incident_desk_contact,
    external_desk_name, external_desk_contact) VALUES ('zz', '試験機関', 'x', 'x', 'x', 'x');
INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from)
    VALUES ('zz-u', 'zz', '課', 'section', '2020-01-01');
INSERT INTO person (login, institution, name_ja, email, unit, person_kind)
    SELECT l || '.zz', 'zz', l, 'a@example.ac.jp', 'zz-u', 'employee' FROM unnest(
    '{ciso,iso,leader,member,ism,sys,sys2,op}'::text[]) l;
INSERT INTO role_assignment (person, office, institution, unit, scope_note, term_from, term_to,
    appointed_by) SELECT p || '.zz', o, 'zz', CASE WHEN o = 'ism' THEN 'zz-u' END, '全て',
    f, t, CASE WHEN o IN ('ism', 'operator') THEN 'iso.zz' WHEN o = 'inst_ciso'
    THEN 'gingahara.s' ELSE 'ciso.zz' END
    FROM (VALUES (1, 'ciso', 'inst_ciso', act_today() - 100, NULL::date),
    (2, 'iso', 'iso', act_today() - 100, NULL),
    (3, 'leader', 'csirt_leader', act_today() - 100, NULL),
    (4, 'member', 'csirt_member', act_today() - 100, NULL),
    (5, 'ism', 'ism', act_today() - 100, NULL), (6, 'sys', 'sysadmin', act_today() - 100, NULL),
    (7, 'sys2', 'sysadmin', act_today() - 50, act_today() - 1),
    (8, 'op', 'operator', act_today() - 100, NULL)) v (n, p, o, f, t) ORDER BY n;
"""
LISTED = ("ciso", "iso", "leader", "member", "ism", "sys")


def contact(*persons):
    return "".join(
        "INSERT INTO emergency_contact (institution, list_kind, contact_order, person, phone, "
        "means) VALUES ('zz', 'institution', 1, '%s.zz', '0', '電話');\n" % p for p in persons)


def document(*kinds, at="zz"):
    return "".join(
        "INSERT INTO document (institution, kind, title, url, owner, reviewed_on) VALUES "
        "('%s', '%s', 'x', 'https://x', 'kitaboshi.y', act_today());\n" % (at, k) for k in kinds)


MANUALS = ("media_manual", "incident_report", "telework", "cloud_manual")


class Local(Case):
    def inside(self, sql):
        """What the statements answer in the 機関."""
        return [row[0] for row in self.daemon.psql(INSTITUTION + sql + "ROLLBACK;")]

    def refusal(self, sql, code):
        status, told = self.daemon.psql(INSTITUTION + sql + "ROLLBACK;", check=False)
        self.assertNotEqual(status, 0, sql)
        self.assertIn('"code": "%s"' % code, told)


class Ready(Local):
    """EC-02 and DOC-01: what a 機関 keeps ready."""

    def broken(self, sql):
        rows = self.inside(sql + "SELECT unnest(institution_violation_f(a)) FROM institution a "
                           "WHERE code = 'zz';")
        return set(rows) & {"EC-02", "DOC-01"}

    def test_everybody_who_holds_an_office_stands_in_the_list(self):
        self.assertIn("EC-02", self.broken(""))
        self.assertNotIn("EC-02", self.broken(contact(*LISTED)))
        for left_out in LISTED:
            with self.subTest(left_out):
                self.assertIn("EC-02", self.broken(
                    contact(*(p for p in LISTED if p != left_out), "op")))

    def test_whoever_comes_to_an_office_is_missing(self):
        self.assertIn("EC-02", self.broken(contact(*LISTED) + """
            INSERT INTO role_assignment (person, office, institution, scope_note, term_from,
            appointed_by) VALUES ('op.zz', 'sysadmin', 'zz', '全て', act_today(), 'ciso.zz');"""))

    def test_another_list_does_not_count(self):
        self.assertIn("EC-02", self.broken(contact(*LISTED[1:]) + """
            INSERT INTO asset (asset_no, institution, name) VALUES ('zz-1', 'zz', 'x');
            INSERT INTO emergency_contact (institution, list_kind, asset, contact_order, person,
            phone, means) VALUES ('zz', 'critical_system', 'zz-1', 1, 'ciso.zz', '0', '電話');"""))

    def test_a_list_there_must_be(self):
        """Even where nobody holds an office yet."""
        empty = "UPDATE role_assignment SET revoked_on = act_today(), revoke_reason = 'x' " \
            "WHERE institution = 'zz';"
        self.assertIn("EC-02", self.broken(empty))
        self.assertNotIn("EC-02", self.broken(empty + contact("op")))

    def test_what_is_no_longer_active_owes_nothing(self):
        self.assertEqual(self.broken("UPDATE institution SET active = false WHERE code = 'zz';"),
                         set())

    def test_the_four_manuals(self):
        self.assertNotIn("DOC-01", self.broken(document(*MANUALS)))
        for left_out in MANUALS:
            with self.subTest(left_out):
                self.assertIn("DOC-01", self.broken(document(
                    *(k for k in MANUALS if k != left_out), "procedure")))
        self.assertIn("DOC-01", self.broken(document(*MANUALS, at="hoshi")))

    def test_the_demonstration(self):
        """Its lists and manuals are faulty on purpose, each in one 機関."""
        for code, wanted in (("hoshi", "EC-02"), ("umi", "DOC-01")):
            found = self.daemon.violations("institution", "code", code, "F")
            self.assertIn(wanted, found, code)  # other tests appoint people, who are in no list


AREA = "INSERT INTO area (code, institution, name_ja, building, is_controlled) VALUES " \
    "('zz-a', 'zz', 'x', 'x', true) RETURNING code;\n"


class Areas(Local):
    """AREA-01 before there is anybody to designate an area."""

    def test_offices_there_must_be_used(self):
        self.refusal(AREA, "AREA-01")

    def test_without_offices_the_operator_enters_areas(self):
        nobody = "ALTER TABLE role_assignment DISABLE TRIGGER USER; " \
            "DELETE FROM role_assignment WHERE institution = 'zz';"
        self.assertEqual(self.inside(nobody + AREA), ["zz-a"])


REQUEST = """
INSERT INTO request (request_no, request_type, institution, applicant, rule, unit, state,
    decided_by, decided_office, decided_at) VALUES ('zz-r', 'exception', 'zz', 'sys.zz', 'ROLE-05',
    'zz-u', 'approved', 'ciso.zz', 'inst_ciso', act_now());
"""
GRANT = """
INSERT INTO exception_grant (exception_no, institution, request, rule, unit, alternative,
    valid_from, valid_to) VALUES ('zz-x', 'zz', 'zz-r', 'ROLE-05', 'zz-u', 'x', act_today(),
    act_today() + 100) RETURNING exception_no;
"""


class Exceptions(Local):
    """EXC-02, even for who owns the database."""

    def test_permitted_for_a_unit(self):
        self.assertEqual(self.inside(REQUEST + GRANT), ["zz-x"])

    def test_not_by_hand_without_permission(self):
        for change, code in (("state = 'submitted'", "EXC-02"), ("rule = 'ROLE-06'", "EXC-02"),
                             ("decided_by = 'iso.zz', decided_office = 'iso'", "EXC-02"),
                             ("request_type = 'disposal'", "EXC-02"),
                             ("decided_by = 'iso.zz'", "REQ-03"),
                             ("decided_office = 'iso'", "REQ-03")):
            with self.subTest(change):
                self.refusal(REQUEST + "UPDATE request SET %s WHERE request_no = 'zz-r';"
                             % change + GRANT, code)
        self.refusal(REQUEST.replace("act_now()", "act_now() - interval '200 days'") + GRANT,
                     "EXC-02")

    def test_the_permission_of_an_asset_is_not_that_of_a_unit(self):
        self.refusal("INSERT INTO asset (asset_no, institution, name) VALUES ('zz-1', 'zz', 'x');"
                     + REQUEST + "UPDATE request SET unit = NULL, asset = 'zz-1' "
                     "WHERE request_no = 'zz-r';" + GRANT, "EXC-02")

    def test_what_has_no_exception(self):
        for code in ("AUD-01", "REQ-03", "ROLE-03"):
            self.refusal((REQUEST + GRANT).replace("ROLE-05", code), "EXC-02")

    def test_with_the_permission_ends_the_exception(self):
        """The row can still be completed, but not live on."""
        revoked = REQUEST + GRANT + "UPDATE request SET state = 'revoked' " \
            "WHERE request_no = 'zz-r';"
        report = "UPDATE exception_grant SET reported_to_ciso_on = act_today()%s " \
            "WHERE exception_no = 'zz-x' RETURNING valid_to = act_today();"
        self.refusal(revoked + report % "", "EXC-02")
        self.assertEqual(self.inside(revoked + report % ", valid_to = act_today()"),
                         ["zz-x", "t"])
