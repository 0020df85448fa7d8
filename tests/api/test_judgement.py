"""What the rules say of a row as of a day."""
from as_of_help import BASIS, Past, day


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
