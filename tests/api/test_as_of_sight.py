"""Who sees a row as of a day, and what of that reading is on record."""
import json

from as_of_help import BASIS, Past, day
from harness import LOGGED

READ = "SELECT count(*) FROM %s WHERE action = 'read'" % LOGGED


class Sight(Past):
    """Both the row of today and the row of that day must be seen."""

    def level(self, then, now, **members):
        no = self.made(confidentiality=then, confidentiality_basis=BASIS[then], **members)
        self.became(no, confidentiality=now, confidentiality_basis=BASIS[now])
        self.dated(no, 5)
        return no

    def test_levels(self):
        for then, now, seen in ((4, 2, False), (2, 4, False), (4, 4, False), (3, 2, True),
                                (2, 3, True)):
            no = self.level(then, now)
            for client in (self.writer, self.boss, self.reader):
                self.assertTrue(self.seen(client, no, -1), (then, now))
            self.assertEqual(self.seen(self.auditor, no, -1), seen, (then, now))
            self.assertFalse(self.seen(self.other, no, -1))
            self.assertFalse(self.seen(self.lab, no, -1))
            found = self.auditor.walk("/api/v1/assets", {"as_of": day(-1), "q": no})
            self.assertEqual(len(found), seen)
            table = self.auditor.get("/api/v1/assets", {"as_of": day(-1), "format": "ndjson"})
            self.assertEqual(no in table.text, seen)

    def test_who_is_named_then_and_now(self):
        no = self.level(4, 2, operator="uzushio.g")
        self.assertTrue(self.seen(self.auditor, no, -1))
        no = self.level(4, 2)
        self.daemon.psql("UPDATE asset SET operator = 'uzushio.g', row_version = 3 "
                         "WHERE asset_no = '%s'" % no)
        self.assertTrue(self.seen(self.auditor, no, 0))
        self.assertFalse(self.seen(self.auditor, no, -1))

    def test_units(self):
        no = self.made(unit="hoshi-lab")
        self.became(no, unit="hoshi-its")
        self.dated(no, 5)
        self.assertTrue(self.seen(self.writer, no, -1))
        self.assertTrue(self.seen(self.reader, no, 0))
        self.assertFalse(self.seen(self.reader, no, -1), "was another unit's")
        self.assertFalse(self.seen(self.lab, no, -1), "is another unit's")
        stays = self.made(unit="hoshi-lab")
        self.dated(stays, 5)
        self.assertTrue(self.seen(self.lab, stays, -1))

    def test_own_rows(self):
        mine, was, becomes = (self.made(sysadmin=s) for s in
                              ("suiseigawa.h", "suiseigawa.h", "ryuseino.j"))
        self.became(mine, name="私の")
        self.became(was, sysadmin="ryuseino.j")
        self.became(becomes, sysadmin="suiseigawa.h")
        for no in (mine, was, becomes):
            self.dated(no, 5)
        self.assertTrue(self.seen(self.admin, mine, -1))
        self.assertFalse(self.seen(self.admin, was, -1))
        self.assertFalse(self.seen(self.admin, becomes, -1))
        self.assertTrue(self.seen(self.admin, becomes, 0))

    def test_media(self):
        common = {"institution": "hoshi", "unit": "hoshi-its", "name": "過去の媒体",
                  "users_text": "x", "custodian": "suiseigawa.h", "state": "stored"}
        for then, now, seen in ((4, 2, False), (2, 2, True)):
            no = self.made("external_media", confidentiality=then, **common)
            self.became(no, "external_media", "media_no", confidentiality=now)
            self.dated(no, 5)
            self.assertTrue(self.seen(self.writer, no, -1, "media", "media_no"))
            self.assertEqual(self.seen(self.auditor, no, -1, "media", "media_no"), seen)

    def test_what_follows_an_asset(self):
        for then, now, seen in ((4, 2, False), (2, 2, True), (2, 4, False)):
            no = self.level(then, now)
            user = self.made("asset_user", institution="hoshi", asset=no, group_name="解析班")
            soft = self.made("asset_software", institution="hoshi", asset=no,
                             software_name="解析器")
            for key, path, name in ((user, "asset-users", "user_no"),
                                    (soft, "asset-software", "software_no")):
                self.dated(key, 4)
                self.assertTrue(self.seen(self.writer, key, -1, path, name))
                self.assertFalse(self.seen(self.writer, key, -5, path, name))
                self.assertEqual(self.seen(self.auditor, key, -1, path, name), seen)
                self.assertFalse(self.seen(self.other, key, -1, path, name))
                history = self.auditor.get("/api/v1/%s/%s/history" % (path, key))
                self.assertEqual(history.status, 404 if now == 4 else 200, history)

    def test_what_is_of_the_whole_organisation(self):
        no = self.made("emergency_contact", list_kind="corporate", contact_order="1",
                       outside_name="統括窓口", phone="000", means="電話")
        self.dated(no, 4)
        for client in (self.writer, self.auditor, self.other):
            self.assertTrue(self.seen(client, no, -1, "emergency-contacts", "contact_no"))
            self.ok(client.get("/api/v1/emergency-contacts/" + no))

    def test_another_institution(self):
        no = self.made(institution="umi", unit="umi-its", sysadmin="kaigara.m")
        self.dated(no, 5)
        self.assertTrue(self.seen(self.other, no, -1))
        self.assertTrue(self.seen(self.everywhere, no, -1))
        for client in (self.writer, self.reader, self.auditor, self.admin):
            self.assertFalse(self.seen(client, no, -1))
            self.refused(client.get("/api/v1/assets/%s/judgement" % no), 404, "not_found")


class Reading(Past):
    """Reading 機密性3 and more of the past is on record, by the level of the image."""

    def events(self, no):
        return [json.loads(r[0]) for r in self.daemon.psql(
            "SELECT coalesce(after, '{}') FROM audit_event WHERE action = 'read' AND (object = "
            "'%s' OR after->'keys' ? '%s') ORDER BY id" % (no, no))]

    def test_rows_lists_exports_and_judgements(self):
        for then, now, told in ((3, 2, True), (2, 3, False)):
            no = self.made(confidentiality=then, confidentiality_basis=BASIS[then],
                           name="読取%d%d" % (then, now))
            self.became(no, confidentiality=now, confidentiality_basis=BASIS[now])
            self.dated(no, 5)
            asked = {"as_of": day(-1)}
            self.ok(self.writer.get("/api/v1/assets/" + no, asked))
            self.ok(self.writer.get("/api/v1/assets/%s/judgement" % no, asked))
            self.ok(self.writer.get("/api/v1/assets", asked | {"asset_no": no}))
            found = self.events(no)
            self.assertEqual([e["as_of"] for e in found], [day(-1)] * 3 * told)
            before = self.count(READ)
            self.ok(self.writer.get("/api/v1/assets", asked | {"asset_no": no, "format": "csv"}))
            self.assertEqual(self.count(READ), before + told)
        self.assertEqual(self.daemon.psql(
            "SELECT after->>'as_of', after->>'count' FROM audit_event WHERE after->>'export' = "
            "'true' ORDER BY id DESC LIMIT 1"), [[day(-1), "1"]])

    def test_the_present_is_told_as_before(self):
        no = self.made(confidentiality=3, confidentiality_basis=BASIS[3])
        self.ok(self.writer.get("/api/v1/assets/" + no))
        self.ok(self.writer.get("/api/v1/assets", {"asset_no": no}))
        self.assertEqual(["as_of" in e for e in self.events(no)], [False, False])
