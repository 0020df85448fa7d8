"""?as_of=DAY: lists, rows, exports and judgements of a day that is over, and who sees them.

A daemon of its own, because what happened is dated back in its log.
"""
import json
import re

from client import next_of
from harness import Case, Daemon, today

ROW = {"unit": "hoshi-its", "name": "過去の試験", "asset_type": "server", "location_text": "室",
       "confidentiality": 2, "confidentiality_basis": "c2_internal", "has_personal_info": False,
       "has_my_number": False, "internal_media_encryption": "full", "users_text": "全員",
       "sysadmin": "suiseigawa.h", "institution": "hoshi"}
BASIS = {2: "c2_internal", 3: "c3_management", 4: "c4_national_security"}


def day(n):
    """As as_of= takes it: n days from today."""
    return today(n).isoformat()


class Past(Case):
    DAEMON = []

    @classmethod
    def setUpClass(cls):
        if not Past.DAEMON:
            d = Daemon()
            d.load_logins()
            Past.DAEMON.append(d)
        cls.daemon = Past.DAEMON[0]
        for name, (login, office) in {
                "writer": ("kitaboshi.y", "iso"), "other": ("shinkai.t", "iso"),
                "boss": ("subaruno.k", None), "everywhere": ("kitaboshi.y", "general_iso"),
                "reader": ("seiunda.n", "ism"), "lab": ("kounen.y", "ism"),
                "auditor": ("uzushio.g", "auditor"), "admin": ("suiseigawa.h", "sysadmin"),
                "keeper": ("eisei.r", "registry_admin"), "staff": ("engai.s", None),
                "operator": ("kidou.w", None)}.items():
            setattr(cls, name, cls.client(login, office))
    @classmethod
    def tearDownClass(cls):
        pass  # the daemon serves all classes of this file

    def made(self, ledger="asset", **members):
        """A row made where the machine stands; its key."""
        row = dict(ROW, **members) if ledger == "asset" else members
        names = ", ".join(row)
        values = ", ".join("NULL" if v is None else "'{%s}'" % ",".join(v) if isinstance(v, list)
                           else "'%s'" % v for v in row.values())
        key = {"asset": "asset_no", "external_media": "media_no", "asset_user": "user_no",
               "asset_software": "software_no", "emergency_contact": "contact_no"}[ledger]
        return self.daemon.value("INSERT INTO %s (%s) VALUES (%s) RETURNING %s"
                                 % (ledger, names, values, key))

    def became(self, no, ledger="asset", key="asset_no", **members):
        sets = ", ".join("%s = '%s'" % item for item in members.items())
        self.daemon.psql("UPDATE %s SET %s, row_version = row_version + 1 WHERE %s = '%s'"
                         % (ledger, sets, key, no))

    def dated(self, no, *days):
        """Dates the events of a row back: the first that many days ago, and so on."""
        self.daemon.psql("SET session_replication_role = replica; " + "".join(
            "UPDATE audit_event SET at = at - interval '%d days' WHERE id = (SELECT id FROM "
            "audit_event WHERE object = '%s' AND action <> 'read' ORDER BY id OFFSET %d LIMIT 1); "
            % (back, no, i) for i, back in enumerate(days)))

    def row(self, client, no, n, ledger="assets"):
        return client.get("/api/v1/%s/%s" % (ledger, no), {"as_of": day(n)})

    def seen(self, client, no, n, ledger="assets", key="asset_no"):
        """By a list and by a row, which must agree."""
        one = self.row(client, no, n, ledger)
        items = self.ok(client.get("/api/v1/" + ledger, {"as_of": day(n), key: no})).json["items"]
        self.assertEqual(len(items) == 1, one.status == 200, one)
        if one.status != 200:
            self.refused(one, 404, "not_found")
        return one.status == 200


class Present(Past):
    """Today's past is the present."""

    def paths(self):
        paths = self.ok(self.writer.get("/api/v1/openapi.json")).json["paths"]
        taken = {"$ref": "#/components/parameters/as_of"}
        return [p.removeprefix("/api/v1/") for p in sorted(paths) if "{" not in p
                and taken in paths[p].get("get", {"parameters": []})["parameters"]]

    def test_every_ledger(self):
        paths = self.paths()
        self.assertGreaterEqual(len(paths), 18, paths)
        for path in paths:
            for client in (self.writer, self.everywhere, self.reader, self.auditor, self.admin,
                           self.keeper, self.other):
                with self.subTest(path, client=client.extra):
                    here = "/api/v1/" + path
                    now = client.walk(here, {"limit": 200})
                    self.assertEqual(client.walk(here, {"limit": 200, "as_of": day(0)}), now)
                    if client in (self.writer, self.other) and now:
                        self.one_by_one(client, here, now[-1])

    def one_by_one(self, client, path, row):
        key = next(iter(row.values()))
        now = self.ok(client.get("%s/%s" % (path, key)))
        then = self.ok(client.get("%s/%s" % (path, key), {"as_of": day(0)}))
        self.assertEqual(then.json, now.json)
        self.assertEqual(now.json, row)
        for query in ({"format": "csv"}, {"format": "csv", "excel": "true"}, {"format": "ndjson"}):
            now = self.ok(client.get(path, query))
            then = self.ok(client.get(path, query | {"as_of": day(0)}))
            self.assertEqual(then.text, now.text)
            self.assertEqual(then.headers["Daicho-As-Of"], day(0))

    def test_conditions(self):
        for query in ({"q": "サーバ"}, {"q": "サーバ 観測"}, {"q": "無い物"}, {"sort": "-name"},
                      {"asset_type": "server", "sort": "unit"}, {"confidentiality__gte": "3"},
                      {"hostname__empty": "true"}, {"name__contains": "観測"},
                      {"unit__in": "hoshi-its,hoshi-lab"}, {"fields": "asset_no,name"},
                      {"created_at__gte": day(-1)}, {"sort": "-asset_no"},
                      {"important_required": "true"}):
            now = self.writer.walk("/api/v1/assets", query | {"limit": 20})
            self.assertEqual(self.writer.walk("/api/v1/assets", query | {
                "limit": 20, "as_of": day(0)}), now, query)
        for path, q in (("persons", "彗星"), ("units", "基盤"), ("media", "USB"),
                        ("contracts", "保守")):
            now = self.writer.walk("/api/v1/" + path, {"q": q})
            self.assertEqual(self.writer.walk("/api/v1/" + path, {"q": q, "as_of": day(0)}), now)
        now = self.everywhere.walk("/api/v1/offices", {"in_force_on": day(0)})
        self.assertTrue(now)
        self.assertEqual(self.everywhere.walk("/api/v1/offices", {
            "in_force_on": day(0), "as_of": day(0)}), now)


class Life(Past):
    def test_a_row_from_day_to_day(self):
        no = self.made(name="最初の名", state="draft", serial_no="LIFE-1")
        self.became(no, name="二番目の名", state="planned")
        self.became(no, name="三番目の名", state="in_operation", location_text="別室",
                    vuln_state="ok")
        self.dated(no, 30, 20, 10)
        for n, name, state, version in ((-30, "最初の名", "draft", 1), (-21, "最初の名", "draft", 1),
                                        (-20, "二番目の名", "planned", 2),
                                        (-11, "二番目の名", "planned", 2),
                                        (-10, "三番目の名", "in_operation", 3),
                                        (0, "三番目の名", "in_operation", 3)):
            a = self.ok(self.row(self.writer, no, n))
            self.assertEqual((a.json["name"], a.json["state"], a.json["row_version"]),
                             (name, state, version), n)
            self.assertEqual(a.headers["Daicho-As-Of"], day(n))
            self.assertIsNone(a.etag)
            items = self.writer.walk("/api/v1/assets", {"as_of": day(n), "serial_no": "LIFE-1"})
            self.assertEqual(items, [a.json])
            for q, hit in ((name, True), ("番目", n >= -20), ("最初 LIFE-1", n < -20)):
                found = self.writer.walk("/api/v1/assets", {"as_of": day(n), "q": q})
                self.assertEqual([r["asset_no"] for r in found if r["asset_no"] == no],
                                 [no] * hit, (n, q))
            table = self.ok(self.writer.get("/api/v1/assets", {
                "as_of": day(n), "serial_no": "LIFE-1", "format": "csv",
                "fields": "name,location_text"}))
            self.assertEqual([r["name"] for r in table.rows], [name])
        gone = self.row(self.writer, no, -31)
        self.refused(gone, 404, "not_found")
        self.assertIn("no such row at the end of " + day(-31), gone.json["detail"])
        self.assertEqual(self.writer.walk("/api/v1/assets", {"as_of": day(-31)}), [])

    def test_a_row_that_is_gone(self):
        no = self.made(state="draft", name="消えた下書き")
        self.daemon.psql("DELETE FROM asset WHERE asset_no = '%s'" % no)
        self.dated(no, 8, 4)
        self.assertFalse(self.seen(self.writer, no, -9))
        self.assertTrue(self.seen(self.writer, no, -8))
        self.assertTrue(self.seen(self.boss, no, -5))
        self.assertFalse(self.seen(self.writer, no, -4))
        self.assertFalse(self.seen(self.writer, no, 0))
        for client in (self.reader, self.auditor, self.admin, self.other):
            self.assertFalse(self.seen(client, no, -5))

    def test_a_key_that_is_used_again(self):
        for name, role in (("前の人", "a"), ("後の人", "b")):
            self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, "
                             "person_kind) VALUES ('again.%s', 'hoshi', '%s', 'x@example.jp', "
                             "'hoshi-its', 'employee')" % ("x", name))
            if role == "a":
                self.daemon.psql("DELETE FROM person WHERE login = 'again.x'")
        self.dated("again.x", 9, 6, 3)
        for n, name in ((-10, None), (-9, "前の人"), (-7, "前の人"), (-6, None), (-4, None),
                        (-3, "後の人"), (0, "後の人")):
            found = self.writer.walk("/api/v1/persons", {"as_of": day(n), "login": "again.x"})
            self.assertEqual([r["name_ja"] for r in found], [name] if name else [], n)
            found = self.writer.walk("/api/v1/persons", {"as_of": day(n), "q": "後の人"})
            self.assertEqual(len(found), n >= -3, n)

    def test_pages(self):
        numbers = [self.made(name="頁の試験%d" % i, note="頁") for i in range(7)]
        for no in numbers:
            self.became(no, note="後")
            self.dated(no, 5)
        path, query = "/api/v1/assets", {"as_of": day(-1), "note": "頁", "limit": 3}
        for sort in ("asset_no", "-asset_no", "name", "-name", "-row_version"):
            rows = self.writer.walk(path, query | {"sort": sort})
            wanted = numbers[::-1] if sort in ("-asset_no", "-name") else numbers
            self.assertEqual([r["asset_no"] for r in rows], wanted, sort)
        first = self.ok(self.writer.get(path, query))
        self.assertIn("as_of=" + day(-1), next_of(first))
        self.assertEqual(self.writer.walk(path, {"note": "頁"}), [])
        self.assertEqual(self.writer.walk(path, query | {"as_of": day(-6)}), [])

    def test_what_an_old_image_lacks(self):
        """Images from before a column was there."""
        no = self.made(asset_type="server", external_public="true", name="古い写し")
        self.daemon.psql("SET session_replication_role = replica; UPDATE audit_event SET after = "
                         "after - 'important_required' - 'rating_status' - 'emergency_stop' "
                         "WHERE object = '%s'" % no)
        now = self.ok(self.writer.get("/api/v1/assets/" + no)).json
        self.assertTrue(now["important_required"])
        self.assertEqual(self.ok(self.row(self.writer, no, 0)).json, now)


class Refusals(Past):
    def test_days(self):
        for value, code in ((day(1), "in_the_future"), ("2199-01-01", "in_the_future"),
                            ("1999-12-31", "out_of_range"), ("", "unreadable_date"),
                            ("2026/11/01", "unreadable_date"), ("令和8年11月1日", "unreadable_date"),
                            ("2026-02-30", "no_such_day"), ("today", "unreadable_date"),
                            ("2026-11-01T00:00:00Z", "unreadable_date")):
            for path in ("/assets", "/assets/A00000001", "/assets/A00000001/judgement", "/offices",
                         "/offices/O00000001", "/persons/suiseigawa.h"):
                a = self.writer.get("/api/v1" + path, {"as_of": value})
                self.refused(a, 400, "bad_query", [code])
                self.fault(a, code, pointer="?as_of")
                self.assertIsNone(a.headers["Daicho-As-Of"])
        for value in (day(0), "2000-01-01"):
            self.ok(self.writer.get("/api/v1/assets", {"as_of": value}))

    def test_the_past_is_not_changed(self):
        no, etag = self.create(name="変えられない")
        path = "/api/v1/assets/" + no["asset_no"]
        a = self.writer.patch(path, {"name": "x"}, etag, {"as_of": day(0)})
        self.refused(a, 400, "bad_query", ["unknown_argument"])
        self.refused(self.writer.delete(path, etag, {"as_of": day(0)}), 400, "bad_query")
        a = self.writer.get(path, {"as_of": day(0)}, headers={"If-None-Match": etag})
        self.assertEqual(self.ok(a).json, no)
        self.refused(self.writer.get(path + "/history", {"as_of": day(0)}), 400, "bad_query",
                     ["unknown_argument"])

    def test_the_past_takes_an_office_that_reads_histories(self):
        for client in (self.staff, self.operator):
            for path in ("/assets", "/assets/A00000001", "/assets/A00000001/judgement"):
                a = client.get("/api/v1" + path, {"as_of": day(0)})
                named = {o["office"] for o in self.refused(a, 403, "forbidden")["offices"]}
                self.assertIn("sysadmin", named)
                self.assertFalse(named & {"staff", "operator", "advisor"}, named)
            self.ok(client.get("/api/v1/assets"))

    def test_who_holds_both_acts_in_the_one_that_may(self):
        """eisei.r is registry_admin and operator; without a choice the past takes the first."""
        self.ok(self.client("eisei.r").get("/api/v1/assets", {"as_of": day(0)}))
        a = self.client("eisei.r", "operator").get("/api/v1/assets", {"as_of": day(0)})
        self.refused(a, 403, "forbidden")


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
            before = self.count("SELECT count(*) FROM audit_event WHERE action = 'read'")
            self.ok(self.writer.get("/api/v1/assets", asked | {"asset_no": no, "format": "csv"}))
            self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE action = 'read'"),
                             before + told)
        self.assertEqual(self.daemon.psql(
            "SELECT after->>'as_of', after->>'count' FROM audit_event WHERE after->>'export' = "
            "'true' ORDER BY id DESC LIMIT 1"), [[day(-1), "1"]])

    def test_the_present_is_told_as_before(self):
        no = self.made(confidentiality=3, confidentiality_basis=BASIS[3])
        self.ok(self.writer.get("/api/v1/assets/" + no))
        self.ok(self.writer.get("/api/v1/assets", {"asset_no": no}))
        self.assertEqual(["as_of" in e for e in self.events(no)], [False, False])


class Judgement(Past):
    def judged(self, client, no, n=None, ledger="assets", **kw):
        a = self.ok(client.get("/api/v1/%s/%s/judgement" % (ledger, no),
                               {"as_of": day(n)} if n is not None else {}, **kw))
        self.assertEqual(a.headers["Daicho-As-Of"], None if n is None else day(n))
        self.assertEqual(a.json["as_of"], day(n or 0))
        self.assertIsNone(a.etag)
        return a.json

    def codes(self, *args):
        return [i["code"] for i in self.judged(*args)["items"]]

    def left(self, *args):
        """Those about officers who are not there."""
        return [c for c in self.codes(*args) if c in ("REG-14", "REG-15")]

    def test_the_row_of_that_day(self):
        no = self.made(state="draft", location_text="", confidentiality_basis=BASIS[3])
        self.became(no, location_text="室", confidentiality_basis=BASIS[2], state="in_operation")
        self.dated(no, 5)
        then, now = self.judged(self.writer, no, -1), self.judged(self.writer, no)
        self.assertEqual((then["row_version"], then["state"], then["as_of"]),
                         (1, "draft", day(-1)))
        self.assertEqual((now["row_version"], now["state"], now["as_of"]),
                         (2, "in_operation", day(0)))
        codes = {i["code"]: i for i in then["items"]}
        self.assertLessEqual({"REG-02", "CLS-04"}, set(codes))
        self.assertFalse({"REG-02", "CLS-04"} & {i["code"] for i in now["items"]})
        self.assertEqual({k: codes["REG-02"][k] for k in ("mode", "severity", "field", "clause")},
                         {"mode": "R", "severity": "error", "field": "location_text",
                          "clause": "2.1(2)④(g)"})
        self.assertIn("Enter the place", codes["REG-02"]["message"])
        japanese = self.judged(self.writer, no, -1, headers={"Accept-Language": "ja"})
        self.assertRegex(japanese["items"][0]["message"], "[ぁ-ん]")
        self.refused(self.writer.get("/api/v1/assets/%s/judgement" % no, {"as_of": day(-6)}), 404,
                     "not_found")
        self.refused(self.writer.get("/api/v1/assets/A99999999/judgement"), 404, "not_found")

    def test_the_clock_of_that_day(self):
        """A 情報システム管理者 who left three days ago was there four days ago."""
        self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, "
                         "person_kind, active, left_on) VALUES ('left.p', 'hoshi', '退', "
                         "'x@example.jp', 'hoshi-its', 'employee', true, '%s')" % day(-3))
        self.daemon.psql("INSERT INTO role_assignment (person, office, institution, scope_note, "
                         "term_from, appointed_by) VALUES ('left.p', 'sysadmin', 'hoshi', 'x', "
                         "'2026-04-01', 'subaruno.k')")
        no = self.made(operator="kidou.w", sysadmin="suiseigawa.h", state="in_operation")
        self.daemon.psql("SET session_replication_role = replica; UPDATE asset SET sysadmin = "
                         "'left.p' WHERE asset_no = '%s'; UPDATE audit_event SET after = after || "
                         "'{\"sysadmin\": \"left.p\"}' WHERE object = '%s'" % (no, no))
        self.dated(no, 9)
        for client in (self.writer, self.reader, self.auditor):
            self.assertEqual(self.left(client, no), ["REG-14", "REG-15"])
            for n, codes in ((0, ["REG-14", "REG-15"]), (-2, ["REG-14", "REG-15"]), (-3, []),
                             (-4, []), (-9, [])):
                self.assertEqual(self.left(client, no, n), codes, n)
        # the office of the asker is not judged by the clock of that day
        term = ("SET session_replication_role = replica; UPDATE role_assignment SET term_from = "
                "'%s' WHERE person = 'seiunda.n' AND office = 'ism'")
        self.addCleanup(self.daemon.psql, term % "2026-04-01")
        self.daemon.psql(term % day(-2))
        self.assertEqual(self.left(self.reader, no, -4), [])

    def test_the_clock_goes_on(self):
        """In one transaction: the day is put back."""
        self.assertEqual(self.daemon.psql(
            "BEGIN; SELECT set_config('daicho.clock_offset', '86400', true); SELECT "
            "asset_judgement(a, '2020-01-01') IS NOT NULL FROM asset a LIMIT 1; "
            "SELECT act_today(), current_setting('daicho.clock_offset'); ROLLBACK")[-1],
            [day(1), "86400"])

    def test_media(self):
        no = self.made("external_media", institution="hoshi", unit="hoshi-its", name="判定",
                       custodian="suiseigawa.h", state="draft")
        self.became(no, "external_media", "media_no", confidentiality=2, users_text="全員",
                    state="stored")
        self.dated(no, 5)
        then = self.judged(self.writer, no, -1, "media")
        self.assertEqual(then["media_no"], no)
        self.assertTrue(then["items"])
        self.assertEqual(self.judged(self.writer, no, 0, "media")["items"], [])

    def test_the_same_as_the_rules(self):
        """Every asset of the demonstration, today."""
        wanted = dict(self.daemon.psql(
            "SELECT asset_no, array_to_string(ARRAY(SELECT unnest(asset_violation_r(a) || "
            "asset_violation_f(a)) c ORDER BY 1), ',') FROM asset a WHERE institution = 'hoshi' "
            "ORDER BY asset_no LIMIT 60"))
        for no, codes in wanted.items():
            self.assertEqual(",".join(self.codes(self.writer, no)), codes, no)

    def test_who_reads_the_row_reads_its_judgement(self):
        no = self.made(operator="kidou.w", confidentiality=4, confidentiality_basis=BASIS[4])
        self.assertEqual(self.judged(self.operator, no)["asset_no"], no)
        for client in (self.auditor, self.other, self.staff):
            self.refused(client.get("/api/v1/assets/%s/judgement" % no), 404, "not_found")


class Plans(Past):
    """A page reads the events of its rows, not those of the ledger."""
    SETUP = """BEGIN; SET LOCAL session_replication_role = replica;
    INSERT INTO audit_event (at, institution, action, object_type, object, version, after)
    SELECT now() - make_interval(days => 40 - v * 10), i, CASE v WHEN 1 THEN 'insert' ELSE 'update'
        END, 'asset', 'Z' || lpad(n::text, 8, '0'), v, jsonb_build_object('asset_no', 'Z' ||
        lpad(n::text, 8, '0'), 'institution', i, 'unit', i || '-its', 'name', '計算機 ' || n,
        'row_version', v, 'state', 'in_operation', 'confidentiality', 2)
    FROM generate_series(1, 10000) n, generate_series(1, 3) v,
        LATERAL (SELECT CASE n % 10 WHEN 0 THEN 'umi' ELSE 'hoshi' END AS i) x;
    ANALYZE audit_event;
    SET LOCAL ROLE daicho_app;
    SELECT set_config('daicho.person', 'kitaboshi.y', true),
        set_config('daicho.office', 'iso', true), set_config('daicho.reach', 'iiii4', true),
        set_config('daicho.scope', '{hoshi,umi}', true);
    PREPARE page(text, date, text) AS SELECT * FROM asset_as_of($2::date) AS asset
        WHERE institution = $1 AND asset_no > $3 ORDER BY asset.asset_no LIMIT 51;
    PREPARE every(text[], date, text) AS SELECT * FROM asset_as_of($2::date) AS asset
        WHERE institution = ANY($1) AND asset_no < $3 ORDER BY asset.asset_no DESC LIMIT 51;
    PREPARE one(text[], date, text) AS SELECT * FROM asset_as_of($2::date) t
        WHERE asset_no = $3 AND institution = ANY($1);
    """

    def test_pages(self):
        sql, asked = self.SETUP, []
        for mode in ("force_custom_plan", "force_generic_plan"):
            for name, scope in (("page", "umi"), ("page", "hoshi"), ("every", "{hoshi,umi}"),
                                ("one", "{umi}")):
                asked.append((name, scope, mode))
                sql += ("SET LOCAL plan_cache_mode = %s; EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)"
                        " EXECUTE %s('%s', '%s', 'Z00005000');" % (mode, name, scope, day(-15)))
        text = "\n".join(line[0] for line in self.daemon.psql(sql + "ROLLBACK;"))
        plans = [json.loads("[\n" + part)[0] for part in re.split(r"^\[\n", text, flags=re.M)[1:]]
        self.assertEqual(len(plans), len(asked))
        for what, plan in zip(asked, plans):
            with self.subTest(what):
                self.assertEqual(plan["Plan"]["Actual Rows"], 1 if what[0] == "one" else 51)
                read = [n for n in nodes(plan["Plan"]) if n.get("Relation Name") == "audit_event"]
                self.assertEqual(len(read), 2, "merged into the query")
                for n in read:
                    self.assertIn(n["Node Type"], ("Index Scan", "Index Only Scan"), n)
                    rows = (n["Actual Rows"] + n.get("Rows Removed by Filter", 0)) \
                        * n["Actual Loops"]
                    self.assertLessEqual(rows, 1200, n)


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def tearDownModule():
    while Past.DAEMON:
        Past.DAEMON.pop().stop()
