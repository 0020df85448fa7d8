"""What waits because the register drafted it, and what the digest tells, by the clock."""
import re

from harness import TOP
from test_movements import Moving, moment
from test_requests import ADMIN, BOSS, CHIEF, ISO, LEADER, MEMBER, STAFF, day
from told import Told

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi


class Digests(Told):
    def lines(self, no, days):
        """Persons and stages for an object, so many days from now."""
        rows = self.daemon.psql(
            "SET daicho.clock_offset = '%d'; SELECT person, stage FROM digest_lines() WHERE object "
            "= '%s'; SET daicho.clock_offset = '0'" % (days * 86400, no))
        return {(person, stage) for person, stage in rows}

    def digest(self, days):
        """Makes that of a day."""
        self.daemon.psql("SET daicho.clock_offset = '%d'; SELECT digest_make(0)" % (days * 86400),
                         role="daicho_app")

    def letters(self, no, days):
        """Whom that of a day tells of an object."""
        return [p for p, in self.daemon.psql(
            "SELECT n.person FROM notice n, jsonb_array_elements(n.lines) l WHERE n.digest_day = "
            "current_date + %d AND l->>'object' = '%s' ORDER BY 1" % (days, no))]


class Drafts(Digests):
    def drafted(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        client, place = self.by(STAFF), "/api/v1/assets/" + one
        self.ok(client.patch(place, {"confidentiality": 3, "confidentiality_basis":
                                     "c3_management"}, client.get(place).etag))
        return one, self.daemon.value("SELECT request_no FROM request WHERE asset = '%s'" % one)

    def test_a_draft_waits_and_is_told_at_once(self):
        one, no = self.drafted()
        self.assertEqual(self.told(no), {STAFF: "drafted"})
        self.assertTrue(self.waiting(STAFF, no))
        self.assertFalse(self.waiting(ADMIN, no) or self.waiting(BOSS, no))
        # needed no more
        ism = self.by("seiunda.n")
        place = "/api/v1/assets/" + one
        self.ok(ism.act(place + "/rating", ism.get(place).etag, {
            "confidentiality": 2, "confidentiality_basis": "c2_internal"}))
        self.assertFalse(self.waiting(STAFF, no))
        self.assertEqual(self.lines(no, 25), set())

    def test_a_draft_of_ones_own_does_not_wait(self):
        row = self.make(STAFF, "software_use", reason="x", payload={
            "software_name": "x", "source": "y", "signature_checked": True, "target": "terminal"})
        self.assertFalse(self.waiting(STAFF, row.json["request_no"]))
        self.assertEqual(self.told(row.json["request_no"]), {})

    def test_its_day_comes_near_and_passes(self):
        one, no = self.drafted()
        self.daemon.psql("UPDATE request SET due_on = current_date + 40 WHERE request_no = '%s'"
                         % no)
        for days, stage in ((9, None), (10, "due30"), (32, "due30"), (33, "due7"), (40, "due7"),
                            (41, "due_over")):
            self.assertEqual(self.lines(no, days), {(STAFF, stage)} if stage else set(), days)

        # who has the server now has the draft, and is told
        self.told(no)
        self.daemon.psql("UPDATE asset SET sysadmin = '%s' WHERE asset_no = '%s'" % (ADMIN, one))
        self.assertEqual(self.told(no), {ADMIN: "drafted"})
        self.assertEqual(self.lines(no, 33), {(ADMIN, "due7")})
        self.assertTrue(self.waiting(ADMIN, no))
        self.assertFalse(self.waiting(STAFF, no))

    def test_of_many_that_one_act_makes_the_first_is_told(self):
        made = self.daemon.psql(
            "BEGIN; ALTER TABLE asset DISABLE TRIGGER rating_insert;"
            "INSERT INTO asset (institution, unit, name, asset_type, location_text,"
            " confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
            " internal_media_encryption, users_text, sysadmin, state, rating_status, rating_by,"
            " rating_on) SELECT 'hoshi', 'hoshi-its', '一括', 'server', '室', 3, 'c3_management',"
            " false, false, 'full', '全員', '%s', 'planned', 'confirmed', 'seiunda.n',"
            " current_date FROM generate_series(1, 5);"
            "ALTER TABLE asset ENABLE TRIGGER rating_insert; COMMIT;"
            "SELECT request_no FROM request WHERE automatic ORDER BY 1 DESC LIMIT 5" % STAFF)
        told = [who for no, in made for who in self.all_told(no)]
        self.assertEqual(told, [STAFF])
        self.assertTrue(all(self.waiting(STAFF, no) for no, in made))

    def test_a_check_that_was_ordered_again(self):
        row = self.make(LEADER, "recheck", reason="離席が続く", subject_person=OUTGOING,
                        payload={"wanted": "recheck"})
        no = row.json["request_no"]
        self.done(LEADER, row, "submit", "submitted")
        self.assertEqual(self.lines(no, 13), set())
        self.assertEqual(self.lines(no, 15), {(BOSS, "recheck")})
        self.done(BOSS, row, "order_recheck", "reviewing")
        check = self.daemon.value("SELECT request_no FROM request WHERE payload->>'recheck' = '%s'"
                                  % no)
        self.assertEqual(self.told(check), {BOSS: "drafted"})
        self.assertTrue(self.waiting(BOSS, check))
        self.assertEqual(self.lines(check, 15), {(BOSS, "recheck")})
        made = self.ok(self.by(BOSS).get("/api/v1/requests/" + check))
        self.done(BOSS, made, "submit", "submitted")
        self.done(BOSS, made, "assign", "reviewing", person=MEMBER)
        # the checker, and who could name another one
        self.assertEqual(self.lines(check, 15), {(MEMBER, "recheck"), (BOSS, "recheck")})
        self.done(MEMBER, made, "qualify", "completed", result="pass", comment="十分")
        self.done(BOSS, row, "reject", "rejected", comment="適と認めた")
        self.assertEqual(self.lines(check, 15) | self.lines(no, 15), set())


class Offices(Digests):
    HOLDER = "kigen.k"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, "
                        "person_kind) VALUES ('%s', 'hoshi', '期限 来', 'k@example.jp', 'hoshi-its', "
                        "'employee')" % cls.HOLDER)

    def appointed(self, days):
        return self.daemon.value(
            "INSERT INTO role_assignment (person, office, institution, scope_note, term_from, "
            "term_to, appointed_by, basis_note) VALUES ('%s', 'sysadmin', 'hoshi', '試験', "
            "current_date, current_date + %d, '%s', '試験') RETURNING office_no"
            % (self.HOLDER, days, BOSS))

    def test_an_office_ends(self):
        no = self.appointed(40)
        for days, stage in ((9, None), (10, "office30"), (33, "office7"), (41, "office_over")):
            self.assertEqual(self.lines(no, days), {(p, stage) for p in (self.HOLDER, BOSS)}
                             if stage else set(), days)
        # it goes on in another row: no end
        again = self.appointed(400)
        self.assertEqual(self.lines(no, 33), set())
        self.daemon.psql("UPDATE role_assignment SET revoked_on = current_date, revoke_reason = "
                         "'試験' WHERE office_no = '%s'" % again)
        self.assertEqual(self.lines(no, 33), {(p, "office7") for p in (self.HOLDER, BOSS)})

    def test_it_is_told_once(self):
        """One that was applied for ends with its application; the office tells it, to its own."""
        row = self.make(ISO, "deputy_iso", subject_person=MEMBER, reason="試験", payload={
            "scope_note": "管理部", "range_units": ["hoshi-its"], "powers": ["area_designation"],
            "term_from": day(), "term_to": day(40)})
        self.done(ISO, row, "submit", "submitted")
        self.done(BOSS, row, "approve", "approved")
        no = self.daemon.value("SELECT office_no FROM role_assignment WHERE appointment_request = "
                               "'%s'" % row.json["request_no"])
        self.addCleanup(self.daemon.psql, "UPDATE role_assignment SET revoked_on = current_date, "
                        "revoke_reason = '試験' WHERE office_no = '%s'" % no)
        self.assertEqual(self.lines(row.json["request_no"], 33), set())
        self.assertEqual({s for _, s in self.lines(no, 33)}, {"office7"})


class Movements(Digests, Moving):
    def test_what_is_not_back_is_told_every_day(self):
        medium = self.medium()
        made = self.move(medium, person="bunkou.i", due_at=moment(3))
        who = {"bunkou.i", "suiseigawa.h"} | self.ism()
        self.assertEqual(self.lines(medium, 2), set())
        self.assertEqual(self.lines(medium, 4), {(p, "movement") for p in who})
        for days in (204, 205):
            self.digest(days)
            self.assertEqual(self.letters(medium, days), sorted(
                p for p in who if self.present(p, days)), days)
        a = self.writer.get("/api/v1/movements/" + made.json["movement_no"])
        self.ok(self.writer.act("/api/v1/movements/%s/return" % made.json["movement_no"], a.etag,
                                {"returned_at": moment(), "erased_on": day()}))
        self.assertEqual(self.lines(medium, 4), set())

    def present(self, login, days):
        return self.daemon.value("SET daicho.clock_offset = '%d'; SELECT notice_reaches('%s')"
                                 % (days * 86400, login)) == "t"

    def test_what_is_lost_is_another_matter(self):
        medium = self.medium()
        self.move(medium, due_at=moment(3))
        place = "/api/v1/media/" + medium
        self.ok(self.writer.act(place + "/loss", self.writer.get(place).etag, {}))
        self.assertEqual(self.lines(medium, 4), set())


class Ratings(Digests):
    def test_what_waits_for_its_rating(self):
        unit = "hoshi-its"
        self.daemon.psql(
            "INSERT INTO asset (institution, unit, name, location_text, asset_type,"
            " confidentiality, confidentiality_basis, has_personal_info, has_my_number,"
            " internal_media_encryption, users_text, state, sysadmin) VALUES ('hoshi', '%s', '仮',"
            " 'x', 'terminal', 2, 'c2_internal', false, false, 'full', 'x', 'in_operation', '%s')"
            % (unit, ADMIN))
        self.assertEqual(self.lines(unit, 0), {(p, "rating") for p in self.ism(unit)})
        self.assertNotIn(CHIEF, {p for p, _ in self.lines(unit, 0)})


class Stages(Digests):
    def test_every_stage_has_words_and_can_be_told(self):
        """A line of a stage that notice_told does not take would end the digest of everybody."""
        source = (TOP / "src/feed/letter.c").read_text("utf-8").partition("stages[] = {")[2]
        words = set(re.findall(r'\{ "(\w+)", "', source.partition("};")[0]))
        taken = {s for s, in self.daemon.psql(
            "SELECT (regexp_matches(pg_get_constraintdef(oid), '''([a-z0-9_]+)''::text', 'g'))[1] "
            "FROM pg_constraint WHERE conname = 'notice_told_stage_check'")}
        self.assertEqual(words, taken)
        self.assertLessEqual({s for s, in self.daemon.psql("SELECT stage FROM digest_lines()")},
                             taken)
