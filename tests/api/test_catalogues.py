"""System catalogues over HTTP: versions, who writes and who reads them, what is refused."""
from test_requests import ADMIN, BOSS, ISO, MEMBER, R, Workflow, day

C = "/api/v1/catalogues"
OWNER = "suiseigawa.h"  # 重要サーバ管理者 and 情報システム管理者 of hoshi

SECTIONS = {
    "hardware": [{"item": "本体", "maker": "星工業", "model": "HX-2", "serial_no": "12AB"}],
    "services": [{"service": "HTTPS", "protocol": "tcp", "port": 443, "exposure": "internet",
                  "encrypted": True},
                 {"service": "SSH", "protocol": "tcp", "port": 22, "exposure": "segment"}],
    "network": [{"host": "www.hoshi.example.jp", "interface": "eth0", "ip": "192.0.2.10",
                 "mac": "52:54:00:12:34:56"}],
    "accounts": [{"account": "root", "holder": "水星川", "privilege": "すべて",
                  "authentication": "key", "note": "パスワードは封筒に入れ金庫に保管"}],
    "data_held": [{"data": "観測データ", "confidentiality": 3, "integrity": 2, "availability": 2}],
    "maintenance_vendor": [{"vendor": "保守社", "phone": "03-0000-0000",
                            "email": "support@example.jp"}],
}
SOFTWARE = [{"software_name": "nginx", "version": "1.22.1-9", "type": "deb", "arch": "amd64",
             "source_name": "nginx", "purpose": "公開サーバ", "vendor": "Debian"},
            {"software_name": "観測配信", "version": "2.0", "purpose": "配信",
             "support_until": "2030-03-31"}]


class Catalogue(Workflow):
    def draft(self, asset, login=OWNER, **members):
        return self.ok(self.by(login).post(C, {"asset": asset} | members), 201)

    def put(self, row, body, method="PUT", login=OWNER, **more):
        headers = {"If-Match": row.etag} | more.pop("headers", {})
        return self.by(login).request(method, C + "/%s/software" % row.json["catalogue_no"], body,
                                      headers, **more)

    def again(self, row, login=OWNER):
        return self.ok(self.by(login).get(C + "/" + row.json["catalogue_no"]))

    def whole(self, asset, **members):
        """A draft with all sections and software."""
        row = self.draft(asset, **SECTIONS | members)
        self.ok(self.put(row, {"software": SOFTWARE}))
        return self.again(row)

    def submit(self, row, login=OWNER):
        return self.by(login).act(C + "/%s/submission" % row.json["catalogue_no"], row.etag)

    def server(self, **more):
        return self.asset("in_operation", 2, sysadmin=OWNER, **more)

    def apply(self, one, kind="important_convert", attach=("necessity", "emergency_contacts"),
              **members):
        row = self.make(OWNER, kind, asset=one, reason="試験", **members)
        self.attach(OWNER, row, *attach)
        return row

    def permitted(self):
        """An important server, permitted with its first catalogue: both."""
        one = self.asset("in_operation", 3, sysadmin=OWNER)
        first = self.whole(one)
        p = self.apply(one)
        self.done(OWNER, p, "submit", "submitted")
        self.done(BOSS, p, "approve", "approved")
        return one, self.again(first)


class Versions(Catalogue):
    def test_from_draft_to_next_version(self):
        one = self.server()
        row = self.draft(one, **SECTIONS)
        self.assertEqual((row.json["status"], row.json["version_no"], row.json["csirt_visible_at"]),
                         ("draft", 1, None))
        for name, entries in SECTIONS.items():
            self.assertEqual(row.json[name], entries)
        self.assertEqual(row.headers["Location"], C + "/" + row.json["catalogue_no"])
        a = self.submit(row)
        self.refused(a, 422, "rules_violated", ["required"])
        self.assertEqual(a.json["errors"][0]["pointer"], "#/software")
        told = self.ok(self.put(row, {"software": SOFTWARE})).json
        self.assertEqual((told["added"], told["total"], told["needs_permission"]), (2, 2, []))
        row = self.again(row)
        self.assertEqual((row.json["software_count"], row.json["missing"]), (2, []))
        first = self.ok(self.submit(row))
        self.assertEqual((first.json["status"], first.json["submitted_by"]), ("submitted", OWNER))
        self.assertTrue(first.json["csirt_visible_at"])
        # what was submitted stays: for its author, and for the owner of the tables
        self.refused(self.by(OWNER).patch(C + "/" + row.json["catalogue_no"], {"note": "x"},
                                          first.etag), 409, "wrong_state")
        self.refused(self.put(first, {"software": SOFTWARE}), 409, "wrong_state")
        self.refused(self.submit(first), 409, "wrong_state")
        self.refused(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"], first.etag), 409)
        for sql in ("UPDATE system_catalogue SET note = 'x' WHERE catalogue_no = '%s'",
                    "DELETE FROM catalogue_software WHERE catalogue = '%s'",
                    "INSERT INTO catalogue_software (catalogue, software_name, version) VALUES "
                    "('%s', 'x', '1')"):
            with self.assertRaisesRegex(AssertionError, "stays as it was"):
                self.daemon.psql(sql % row.json["catalogue_no"])
        # the next version begins as a copy, software and all
        second = self.draft(one)
        self.assertEqual((second.json["version_no"], second.json["based_on"]),
                         (2, first.json["catalogue_no"]))
        self.assertEqual(self.again(second).json["software_count"], 2)
        self.refused(self.by(OWNER).post(C, {"asset": one}), 409, "wrong_state")
        edited = self.ok(self.by(OWNER).patch(C + "/" + second.json["catalogue_no"], {
            "services": SECTIONS["services"][:1], "note": "SSHを閉鎖"}, second.etag))
        self.refused(self.by(OWNER).patch(C + "/" + second.json["catalogue_no"], {"note": "x"},
                                          second.etag), 412)
        self.ok(self.submit(edited))
        self.assertEqual(self.again(first).json["status"], "superseded")
        listed = self.ok(self.by(BOSS).get(C, {"asset": one, "sort": "-version_no"})).json["items"]
        self.assertEqual([(r["version_no"], r["status"]) for r in listed],
                         [(2, "submitted"), (1, "superseded")])
        self.assertEqual(len(self.ok(self.by(BOSS).get(C, {
            "asset": one, "status": "submitted"})).json["items"]), 1)

    def test_diff(self):
        one, first = self.permitted()
        second = self.draft(one)
        second = self.ok(self.by(OWNER).patch(C + "/" + second.json["catalogue_no"], {
            "services": [SECTIONS["services"][0] | {"exposure": "corporate"}], "hardware":
            SECTIONS["hardware"] + [{"item": "増設メモリ"}]}, second.etag))
        told = self.ok(self.put(second, {"software": [
            {"software_name": "nginx", "version": "1.22.1-9+deb12u1", "type": "deb",
             "arch": "amd64", "source_name": "nginx"},
            {"software_name": "libnginx-mod", "version": "1.22.1-9", "type": "deb",
             "arch": "amd64", "source_name": "nginx"},
            {"software_name": "redis", "version": "7.0", "purpose": "一時保存"}]})).json
        # A5: an update, another package of the same source, and a new product
        self.assertEqual(told["needs_permission"], ["redis 7.0"])
        self.assertEqual((told["added"], told["removed"]), (3, 2))
        diff = self.ok(self.by(OWNER).get(C + "/%s/diff" % second.json["catalogue_no"])).json
        self.assertEqual(diff["against"], first.json["catalogue_no"])
        services = diff["sections"]["services"]
        self.assertEqual([e["port"] for e in services["removed"]], [22])
        self.assertEqual(services["changed"][0]["to"]["exposure"], "corporate")
        self.assertEqual(diff["sections"]["hardware"]["added"], [{"item": "増設メモリ"}])
        self.assertEqual(diff["sections"]["accounts"], {"added": [], "removed": [], "changed": []})
        software = diff["software"]
        self.assertEqual([(s["software_name"], s["from"], s["to"]) for s in software["changed"]],
                         [("nginx", ["1.22.1-9"], ["1.22.1-9+deb12u1"])])
        self.assertEqual([(s["software_name"], s.get("new_product")) for s in software["added"]],
                         [("libnginx-mod", None), ("redis", True)])
        self.assertEqual([s["software_name"] for s in software["removed"]], ["観測配信"])
        # what was said of nginx before is true of its new version
        lines = self.ok(self.by(OWNER).get(C + "/%s/software" % second.json["catalogue_no"])).json
        self.assertEqual([s["purpose"] for s in lines["items"]], ["公開サーバ", None, "一時保存"])
        back = self.ok(self.by(OWNER).get(C + "/%s/diff" % second.json["catalogue_no"], {
            "against": first.json["catalogue_no"]})).json
        self.assertEqual(back, diff)
        other = self.draft(self.server())
        self.refused(self.by(OWNER).get(C + "/%s/diff" % second.json["catalogue_no"], {
            "against": other.json["catalogue_no"]}), 400)
        # IMP-15 is found when it is submitted; IMP-04 is gone
        self.assertNotIn("IMP-15", self.violations("asset", one))
        self.assertNotIn("IMP-04", self.violations("asset", one))
        self.ok(self.submit(self.again(second)))
        self.assertIn("IMP-15", self.violations("asset", one))

    def test_discard(self):
        row = self.draft(self.server(), **SECTIONS)
        self.refused(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"]), 428)
        self.refused(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"], '"99"'), 412)
        self.ok(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"], row.etag), 204)
        self.refused(self.by(OWNER).get(C + "/" + row.json["catalogue_no"]), 404)

    def test_empty_and_older_copies(self):
        one = self.server()
        first = self.ok(self.submit(self.whole(one)))
        second = self.draft(one, based_on=None)
        self.assertEqual((second.json["hardware"], second.json["based_on"]), ([], None))
        self.ok(self.by(OWNER).delete(C + "/" + second.json["catalogue_no"], second.etag), 204)
        again = self.draft(one, based_on=first.json["catalogue_no"])
        self.assertEqual(again.json["hardware"], SECTIONS["hardware"])
        a = self.by(OWNER).post(C, {"asset": self.server(), "based_on":
                                    first.json["catalogue_no"]})
        self.refused(a, 422, codes=["unknown_reference"])

    def test_history_and_dry_run(self):
        one = self.server()
        a = self.by(OWNER).post(C, {"asset": one}, query={"dry_run": "true"})
        self.ok(a, 201)
        self.assertEqual(self.ok(self.by(OWNER).get(C, {"asset": one})).json["items"], [])
        row = self.whole(one)
        told = self.ok(self.put(row, {"software": []} | {"software": SOFTWARE[:1]},
                                query={"dry_run": "true"})).json
        self.assertEqual((told["removed"], told["total"]), (1, 1))
        self.assertEqual(self.again(row).json["software_count"], 2)
        today = {"as_of": day()}
        self.assertEqual(self.ok(self.by(OWNER).get(C + "/" + row.json["catalogue_no"], today))
                         .json["hardware"], SECTIONS["hardware"])
        self.assertEqual(len(self.ok(self.by(OWNER).get(C, {"asset": one} | today))
                             .json["items"]), 1)
        history = self.ok(self.by(OWNER).get(C + "/%s/history" % row.json["catalogue_no"])).json
        self.assertEqual([(h["person"], h["action"]) for h in history["items"]][0],
                         (OWNER, "insert"))
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE object_type = "
                                    "'catalogue_software' AND after->>'catalogue' = '%s'"
                                    % row.json["catalogue_no"]), 2)


class Offices(Catalogue):
    def test_drafts_are_for_those_who_write(self):
        row = self.draft(self.server(), **SECTIONS)
        place = C + "/" + row.json["catalogue_no"]
        for reader in (BOSS, MEMBER, "uzushio.g", "seiunda.n"):
            self.refused(self.by(reader).get(place), 404)
            self.refused(self.by(reader).get(place + "/software"), 404)
            self.refused(self.by(reader).get(place + "/diff"), 404)
            self.assertEqual(self.ok(self.by(reader).get(C, {
                "catalogue_no": row.json["catalogue_no"]})).json["items"], [])
        self.refused(self.by("shinkai.t").get(place), 404)  # of another 機関

    def test_submitted_is_for_the_csirt(self):
        row = self.ok(self.submit(self.whole(self.server())))
        place = C + "/" + row.json["catalogue_no"]
        for reader in (BOSS, MEMBER, ISO, "seiunda.n"):
            self.assertEqual(self.ok(self.by(reader).get(place)).json["status"], "submitted")
            self.assertEqual(len(self.ok(self.by(reader).get(place + "/software")).json["items"]),
                             2)
        self.refused(self.by("shinkai.t").get(place), 404)
        self.assertEqual(self.staff.get(place).status, 403)
        self.assertEqual(self.nobody.get(place).status, 401)

    def test_the_csirt_reads_whatever_the_level(self):
        one = self.asset("in_operation", 4, sysadmin=OWNER)
        row = self.ok(self.submit(self.whole(one)))
        place = C + "/" + row.json["catalogue_no"]
        member = self.client(MEMBER, "csirt_member")
        self.addCleanup(member.close)
        self.refused(member.get("/api/v1/assets/" + one), 404)
        self.ok(member.get(place))
        self.assertEqual(len(self.ok(member.get(place + "/software")).json["items"]), 2)
        self.ok(member.get(place + "/diff"))
        # 6.6(2)②: read, and on record; a list tells of versions, not what stands in them
        self.assertEqual(self.daemon.psql(
            "SELECT operation FROM audit_event WHERE action = 'read' AND object = '%s' AND person "
            "= '%s' ORDER BY id" % (row.json["catalogue_no"], MEMBER)),
            [["getCatalogue"], ["listCatalogueSoftware"], ["diffCatalogue"]])
        listed = self.ok(member.get(C, {"asset": one})).json["items"][0]
        self.assertEqual((listed["status"], "accounts" in listed), ("submitted", False))
        self.refused(member.get(C, {"fields": "catalogue_no,accounts"}), 400)
        self.assertEqual(self.ok(member.get(C, {"asset": one, "fields": "version_no"}))
                         .json["items"], [{"version_no": 1}])
        self.assertNotIn(b"accounts", self.ok(member.get(C, {"format": "csv"})).body)

    def test_only_the_administrators_write(self):
        one = self.server()
        row = self.draft(one, **SECTIONS)
        place = C + "/" + row.json["catalogue_no"]
        for other in (BOSS, MEMBER):
            for a in (self.by(other).post(C, {"asset": one}),
                      self.by(other).patch(place, {"note": "x"}, row.etag),
                      self.by(other).act(place + "/submission", row.etag, {}),
                      self.by(other).delete(place, row.etag)):
                self.refused(a, 403, "forbidden", ["office_needed"])
                self.assertEqual(a.json["errors"][0]["clause"], "2.1(2)⑧(e)")
                self.assertIn("important_admin", [o["office"] for o in a.json["offices"]])
        # another administrator of the 機関 does not even see the row
        a = self.by(ADMIN).post(C, {"asset": one})
        self.refused(a, 422, codes=["unknown_reference"])
        self.refused(self.by(ADMIN).patch(place, {"note": "x"}, row.etag), 404)
        # the operator of the server sees the submitted version, and writes none
        self.ok(self.submit(self.whole(self.server())))
        self.daemon.psql("UPDATE asset SET operator = '%s' WHERE asset_no = '%s'" % (ADMIN, one))
        a = self.by(ADMIN).post(C, {"asset": one})
        self.refused(a, 403, "forbidden", ["office_needed"])
        self.assertEqual((a.json["errors"][0]["pointer"], a.json["errors"][0]["clause"]),
                         ("#/asset", "2.1(2)⑧(e)"))
        # nobody writes the tables but through the functions
        with self.assertRaisesRegex(AssertionError, "permission denied"):
            self.daemon.psql("SET ROLE daicho_app; UPDATE system_catalogue SET note = 'x'")

    def test_conditional_requests(self):
        row = self.draft(self.server())
        place = C + "/" + row.json["catalogue_no"]
        self.refused(self.by(OWNER).patch(place, {"note": "x"}), 428)
        self.refused(self.by(OWNER).act(place + "/submission", None), 428)
        self.refused(self.put(row, {"software": SOFTWARE}, headers={"If-Match": '"7"'}), 412)
        self.refused(self.by(OWNER).get(C + "/A0-v9"), 404)


class Refusals(Catalogue):
    def test_all_faults_of_sections_at_once(self):
        a = self.by(OWNER).post(C, {"asset": self.server(), "nonsense": 1, "hardware": {},
            "services": [{"service": "x", "protocol": "ipx", "port": 0, "exposure": "internet"},
                         {"port": 80, "color": "red"}, 7],
            "network": [{"host": "not a host", "ip": "300.1.1.1", "mac": "zz"}],
            "data_held": [{"data": "x", "confidentiality": 5}]})
        self.refused(a, 422)
        at = {e["pointer"]: e["code"] for e in a.json["errors"]}
        self.assertEqual(at["#/nonsense"], "unknown_member")
        self.assertEqual(at["#/hardware"], "wrong_type")
        self.assertEqual(at["#/services/0/protocol"], "unknown_choice")
        self.assertIn("#/services/0/port", at)
        self.assertEqual(at["#/services/1/color"], "unknown_member")
        self.assertEqual(at["#/services/1/service"], "required")
        self.assertEqual(at["#/services/2"], "wrong_type")
        for place in ("#/network/0/host", "#/network/0/ip", "#/network/0/mac",
                      "#/data_held/0/confidentiality"):
            self.assertIn(place, at)

    def test_secrets_are_refused(self):
        one = self.server()
        for text in ("password=hunter2", "パスワード：ひらけごま", "Passwd: x1", "pass = abc",
                     "-----BEGIN OPENSSH PRIVATE KEY-----", "$6$salt$abcdefghijklmnop",
                     "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=1$aaaaaaaa",
                     "5f4dcc3b5aa765d61d8327deb882cf99", "ftp://root:toor@192.0.2.1/",
                     "ghp_abcdefghijklmnopqrstuvwxyz", "AKIAABCDEFGHIJKLMNOP",
                     "パスワードはhimitsu", "{SSHA}abcdefghijklmnop"):
            for at in ({"accounts": [{"account": "root", "holder": "x", "privilege": text}]},
                       {"note": text}):
                a = self.by(OWNER).post(C, {"asset": one} | at)
                self.refused(a, 422, codes=["secret"])
        self.assertEqual(self.count("SELECT count(*) FROM system_catalogue WHERE asset = '%s'"
                                    % one), 0)
        for text in ("パスワードは封筒に入れ金庫に保管", "password authentication is off",
                     "トークンを使用", "password: なし"):
            row = self.draft(one, accounts=[{"account": "root", "holder": "x",
                                             "privilege": text}])
            self.ok(self.by(OWNER).delete(C + "/" + row.json["catalogue_no"], row.etag), 204)

    def test_unknown_asset(self):
        self.refused(self.by(OWNER).post(C, {"asset": "A99999999"}), 422,
                     codes=["unknown_reference"])
        self.refused(self.by(OWNER).post(C, {}), 422, codes=["required"])
        self.refused(self.by(OWNER).post(C, [1]), 422)


class Bound(Catalogue):
    def test_the_catalogue_stands_for_the_document(self):
        one = self.asset("in_operation", 3, sysadmin=OWNER)
        p = self.apply(one)
        self.no_step(OWNER, p, "submit", "REQ-05")
        row = self.draft(one, **SECTIONS)
        self.no_step(OWNER, p, "submit", "REQ-05")
        self.ok(self.put(row, {"software": SOFTWARE}))
        place = C + "/" + row.json["catalogue_no"]
        self.refused(self.by(BOSS).get(place), 404)
        self.done(OWNER, p, "submit", "submitted")
        # from its submission who decides and the CSIRT see what it is about
        self.assertEqual(self.ok(self.by(BOSS).get(place)).json["status"], "draft")
        self.assertTrue(self.ok(self.by(MEMBER).get(place)).json["csirt_visible_at"])
        # an edit voids what is pending, and is a draft again
        seen = self.again(row)
        self.ok(self.by(OWNER).patch(place, {"note": "変更"}, seen.etag))
        a = self.ok(self.by(OWNER).get(R + "/" + p.json["request_no"]))
        self.assertEqual(a.json["state"], "returned")
        steps = self.ok(self.by(OWNER).get("%s/%s/steps" % (R, p.json["request_no"]))).json
        self.assertEqual((steps["items"][-1]["action"], steps["items"][-1]["comment"]),
                         ("changed", "catalogue"))
        self.refused(self.by(MEMBER).get(place), 404)
        self.done(OWNER, p, "resubmit", "submitted")
        # so does a change of its software
        self.ok(self.put(self.again(row), {"software": SOFTWARE[:1]}))
        self.assertEqual(self.ok(self.by(OWNER).get(R + "/" + p.json["request_no"]))
                         .json["state"], "returned")
        self.done(OWNER, p, "resubmit", "submitted")
        self.done(BOSS, p, "approve", "approved")
        done = self.again(row)
        self.assertEqual((done.json["status"], done.json["version_no"], done.json["submitted_by"]),
                         ("submitted", 1, OWNER))
        self.assertEqual([v for v in self.violations("asset", one) if v in
                          ("IMP-04", "IMP-05", "IMP-07", "IMP-15")], [])

    def test_an_installation(self):
        one = self.asset("in_operation", 3, sysadmin=OWNER)
        self.whole(one)
        p = self.apply(one)
        self.done(OWNER, p, "submit", "submitted")
        self.done(BOSS, p, "approve", "approved")
        # ahead of the permission it is strange software
        self.daemon.psql("INSERT INTO asset_software (institution, asset, software_name, version) "
                         "VALUES ('hoshi', '%s', 'redis', '7.0')" % one)
        self.assertIn("IMP-07", self.violations("asset", one))
        second = self.draft(one)
        self.ok(self.put(second, {"software": [{"software_name": "redis", "version": "7.0"}]},
                         "POST"))
        q = self.apply(one, "important_software", performed_by_contractor=False, payload={
            "software": ["redis 7.0"], "source": "Debian"})
        self.done(OWNER, q, "submit", "submitted")
        self.ok(self.by(MEMBER).get(C + "/" + second.json["catalogue_no"]))
        # who decides sees what the catalogue was when it was permitted before
        parts = self.ok(self.by(BOSS).get(R + "/%s/diff" % q.json["request_no"])).json["items"]
        software = [p for p in parts if (p["part"], p["field"]) == ("catalogue", "software")][0]
        self.assertEqual((software["before"], [e[0] for e in software["after"]]), ([], ["redis"]))
        self.done(BOSS, q, "approve", "approved")
        self.assertNotIn("IMP-07", self.violations("asset", one))  # permitted since
        self.done(OWNER, q, "complete", "completed", on=day())
        second = self.again(second)
        self.assertEqual((second.json["status"], second.json["software_count"],
                          second.json["needs_permission"]), ("submitted", 3, []))
        lines = self.ok(self.by(OWNER).get(C + "/%s/software" % second.json["catalogue_no"])).json
        self.assertEqual({s["software_name"]: s["permitted_request"] for s in lines["items"]},
                         {"nginx": None, "観測配信": None, "redis": q.json["request_no"]})
        self.assertEqual([v for v in self.violations("asset", one) if v in
                          ("IMP-04", "IMP-05", "IMP-07", "IMP-15")], [])
        # 2.1(2)⑧(g): it is handed over with a catalogue, and the receiver has the next draft
        self.assertEqual(self.count("SELECT count(*) FROM system_catalogue WHERE asset = '%s'"
                                    % one), 2)
