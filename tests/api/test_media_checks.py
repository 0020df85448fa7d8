"""現物確認: numbers of media as people scan and type them."""
from harness import Case, today


class MediaChecks(Case):
    number = 0

    def media(self, count, area="hoshi-a101", state="stored", institution="hoshi", level=2):
        unit = {"hoshi": "hoshi-its", "umi": "umi-its"}[institution]
        custodian = {"hoshi": "suiseigawa.h", "umi": "shinkai.t"}[institution]
        return [r[0] for r in self.daemon.psql(
            "INSERT INTO external_media (institution, unit, name, confidentiality, users_text, "
            "custodian, storage_area, state) SELECT '%s', '%s', '現物試験', %d, '全員', '%s', %s, "
            "'%s' FROM generate_series(1, %d) RETURNING media_no"
            % (institution, unit, level, custodian, "'%s'" % area if area else "NULL", state,
               count))]

    def area(self):
        MediaChecks.number += 1
        code = "hoshi-check%d" % MediaChecks.number
        self.daemon.psql("INSERT INTO area (code, institution, name_ja, building, is_controlled) "
                         "VALUES ('%s', 'hoshi', '試験室', '本館', false)" % code)
        return code

    def check(self, body, client=None, kind=None, **query):
        return (client or self.writer).post("/api/v1/media/checks", body, query,
                                            headers={"Content-Type": kind or "application/json"})

    def seen(self, *numbers):
        return {r[0]: r[1] for r in self.daemon.psql(
            "SELECT media_no, coalesce(last_checked_on::text, '') FROM external_media WHERE "
            "media_no IN (%s)" % ", ".join("'%s'" % n for n in numbers))}

    def test_found(self):
        one, two, three = self.media(3)
        a = self.ok(self.check({"numbers": [one, two, one, " %s " % two]}))
        self.assertEqual((a.json["checked_on"], a.json["numbers"]), (str(today()), 2))
        self.assertEqual([m["media_no"] for m in a.json["found"]], [one, two])
        self.assertEqual((a.json["unknown"], a.json["not_allowed"], a.json["unexpected"]),
                         ([], [], []))
        self.assertNotIn("missing", a.json)
        self.assertEqual(self.seen(one, two, three),
                         {one: str(today()), two: str(today()), three: ""})
        self.assertEqual(self.daemon.psql(
            "SELECT object, operation, person FROM audit_event WHERE request_id = '%s' ORDER BY 1"
            % a.headers["X-Request-Id"]),
            [[one, "checkMedia", "kitaboshi.y"], [two, "checkMedia", "kitaboshi.y"]])
        # seen again on the same day: nothing new to record
        b = self.ok(self.check({"numbers": [one]}))
        self.assertEqual(b.json["found"][0]["checked_before"], str(today()))
        self.assertEqual(self.count("SELECT row_version FROM external_media WHERE media_no = '%s'"
                                    % one), 2)

    def test_dry_run(self):
        one, = self.media(1)
        a = self.ok(self.check({"numbers": [one]}, dry_run="true"))
        self.assertEqual([m["media_no"] for m in a.json["found"]], [one])
        self.assertEqual(self.seen(one), {one: ""})

    def test_as_scanned(self):
        one, two, three, four = self.media(4)
        wide = two.translate({c: c + 0xfee0 for c in range(0x21, 0x7f)})
        text = "%s\r\n\r\n%s\n %s　\t%s %s\n" % (one, wide, three.lower(), four[:4], four[4:])
        a = self.ok(self.check(text, kind="text/plain"))
        self.assertEqual([m["media_no"] for m in a.json["found"]], [one, two, three, four])
        self.assertEqual(a.json["unknown"], [])

    def test_csv(self):
        one, two = self.media(2)
        for table in ("%s\r\n%s\r\n" % (one, two), "\ufeff%s\n%s" % (one, two),
                      "名称,媒体管理番号\r\n机の上,%s\r\n\"引出し, 2段目\",%s\r\n" % (one, two),
                      "media_no\n%s\n%s\n" % (one, two)):
            a = self.ok(self.check(table, kind="text/csv", dry_run="true"))
            self.assertEqual([m["media_no"] for m in a.json["found"]], [one, two], table)
            self.assertEqual(a.json["unknown"], [])
        a = self.refused(self.check('%s\n"%s' % (one, two), kind="text/csv"), 422, "invalid")
        self.assertEqual(a["errors"][0]["line"], 2)
        self.assertEqual(self.seen(one, two), {one: "", two: ""})

    def test_what_is_told_of_others(self):
        foreign, = self.media(1, "umi-b101", institution="umi")
        retired, = self.media(1, state="retired")
        out, = self.media(1, state="taken_out")
        a = self.ok(self.check({"numbers": ["M99999999", foreign, retired, out]}))
        self.assertEqual(a.json["unknown"], ["M99999999", foreign])
        self.assertEqual(a.json["unexpected"], [{"media_no": retired, "state": "retired"},
                                                {"media_no": out, "state": "taken_out"}])
        self.assertEqual(self.seen(foreign, retired, out),
                         {foreign: "", retired: str(today()), out: str(today())})
        # the state is for those who change it to say
        self.assertEqual(self.daemon.value("SELECT state FROM external_media WHERE media_no = '%s'"
                                           % out), "taken_out")

    def test_not_allowed(self):
        """統括情報セキュリティ責任者 reads everywhere and writes at home."""
        foreign, = self.media(1, "umi-b101", institution="umi")
        corporate = self.client("kitaboshi.y", "general_iso")
        a = self.ok(self.check({"numbers": [foreign]}, corporate))
        self.assertEqual((a.json["not_allowed"], a.json["found"], a.json["unknown"]),
                         ([foreign], [], []))
        self.assertEqual(self.seen(foreign), {foreign: ""})
        corporate.close()
        self.refused(self.check({"numbers": [foreign]}, self.auditor), 403, "forbidden")
        self.refused(self.check({"numbers": [foreign]}, self.nobody), 401)

    def test_area(self):
        area = self.area()
        one, two = self.media(2, area)
        self.media(1, area, "taken_out")
        secret, = self.media(1, area, level=3)
        elsewhere, = self.media(1)
        a = self.ok(self.check({"numbers": [one, elsewhere], "area": area}))
        self.assertEqual(a.json["area"], area)
        self.assertEqual([m["media_no"] for m in a.json["missing"]], [two, secret])
        self.assertEqual([m["storage_area"] for m in a.json["found"]], [area, "hoshi-a101"])
        # what is told of 機密性3以上 is an event
        self.assertEqual(self.daemon.psql(
            "SELECT after->>'keys' FROM audit_event WHERE request_id = '%s' AND action = 'read'"
            % a.headers["X-Request-Id"]), [['["%s"]' % secret]])
        b = self.ok(self.check("%s\n%s\n%s" % (one, two, secret), kind="text/plain", area=area))
        self.assertEqual(b.json["missing"], [])
        for wrong in ("nowhere", "umi-b101"):
            self.refused(self.check({"numbers": [one], "area": wrong}), 422, "invalid",
                         ["unknown_reference"])

    def test_many(self):
        numbers = self.media(5000, None)
        a = self.ok(self.check("\n".join(numbers), kind="text/plain"))
        self.assertEqual(len(a.json["found"]), 5000)
        self.assertEqual(self.count(
            "SELECT count(*) FROM audit_event WHERE request_id = '%s'"
            % a.headers["X-Request-Id"]), 5000)
        self.daemon.psql("ALTER TABLE external_media DISABLE TRIGGER USER; DELETE FROM "
                         "external_media WHERE media_no >= '%s' AND media_no <= '%s'; ALTER TABLE "
                         "external_media ENABLE TRIGGER USER" % (numbers[0], numbers[-1]))
        b = self.check("\n".join([*numbers, "M1"]), kind="text/plain")
        self.refused(b, 422, "invalid", ["too_many"])
        self.fault(b, "too_many", line=5001)

    def test_wrong_bodies(self):
        for body, kind, status, codes in (
                ({}, None, 422, ["required"]), ({"numbers": []}, None, 422, ["required"]),
                ([], None, 422, ["wrong_type"]), ({"numbers": "M1"}, None, 422, None),
                ({"numbers": [1]}, None, 422, None), ("{", None, 400, None),
                ({"numbers": ["M1"], "room": "x"}, None, 422, ["unknown_member"]),
                ("", "text/plain", 422, ["required"]), (b"\xff\xfe", "text/plain", 422, None),
                ("a\0b", "text/csv", 422, None), ("x" * 65, "text/plain", 422, None),
                ("M1", "text/html", 415, None), ("M1", "text/csv; charset=shift_jis", 415, None)):
            a = self.refused(self.check(body, kind=kind), status)
            if codes is not None:
                self.assertEqual([f["code"] for f in a["errors"]], codes, body)
        self.refused(self.writer.post("/api/v1/media/checks?colour=red", {"numbers": ["M1"]}), 400)
