"""Software of a catalogue over HTTP: as people and tools write it; all of a list or nothing."""
import json
import os
import pathlib

from test_catalogues import C, OWNER, SOFTWARE, Catalogue

DPKG = ("libc6\t2.36-9+deb12u4\tamd64\tglibc\t2.36-9+deb12u4\tii \n"
        "nginx\t1.22.1-9\tamd64\tnginx\t1.22.1-9\tii \n"
        "old\t1.0\tall\told\t1.0\trc \n")
RPM = "bind-libs\t32:9.16.23-18.el9\tx86_64\tbind-9.16.23-18.el9.src.rpm\n"
PLAIN = {"Content-Type": "text/plain"}
CYCLONEDX = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
    {"type": "library", "name": "django", "version": "4.2", "purl": "pkg:pypi/Django@4.2"}]}
SPDX = {"spdxVersion": "SPDX-2.3", "packages": [
    {"SPDXID": "SPDXRef-1", "name": "left-pad", "versionInfo": "1.3.0", "externalRefs": [
        {"referenceType": "purl", "referenceLocator": "pkg:npm/left-pad@1.3.0"}]}]}


class Software(Catalogue):
    def setUp(self):
        self.row = self.draft(self.server())

    def lines(self, **query):
        return self.ok(self.by(OWNER).get(self.place, query)).json["items"]

    @property
    def place(self):
        return C + "/%s/software" % self.row.json["catalogue_no"]

    def sent(self, body, method="PUT", headers=None, **query):
        self.row = self.again(self.row)
        return self.put(self.row, body, method, headers=headers or {}, query=query)

    def test_output_of_package_managers(self):
        told = self.ok(self.sent(DPKG, headers=PLAIN, distro="debian-12"))
        self.assertEqual([told.json[n] for n in ("format", "read", "skipped", "added")],
                         ["dpkg-query", 2, 1, 2])
        self.assertEqual(told.etag, self.again(self.row).etag)
        self.assertEqual([(s["software_name"], s["purl"], s["source_name"], s["origin"])
                          for s in self.lines()],
                         [("libc6", "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&"
                           "distro=debian-12", "glibc", "dpkg"),
                          ("nginx", "pkg:deb/debian/nginx@1.22.1-9?arch=amd64&distro=debian-12",
                           "nginx", "dpkg")])
        told = self.ok(self.sent(RPM, "POST", PLAIN)).json
        self.assertEqual((told["format"], told["added"], told["total"]), ("rpm", 1, 3))
        self.assertEqual(self.lines()[-1]["version"], "32:9.16.23-18.el9")
        # the same once more changes nothing
        told = self.ok(self.sent(RPM, "POST", PLAIN)).json
        self.assertEqual((told["added"], told["changed"], told["total"]), (0, 0, 3))
        told = self.ok(self.sent("bash-5.1.8-9.el9.x86_64\n", headers=PLAIN)).json
        self.assertEqual((told["format"], told["removed"], told["total"]), ("rpm-qa", 3, 1))
        told = self.ok(self.sent("ii  curl  7.88.1-10  amd64  tool\n", headers=PLAIN)).json
        self.assertEqual(told["format"], "dpkg-l")

    def test_bills_of_material(self):
        told = self.ok(self.sent(CYCLONEDX)).json
        self.assertEqual((told["format"], told["added"]), ("cyclonedx", 1))
        told = self.ok(self.sent(json.dumps(SPDX), "POST",
                                 {"Content-Type": "application/spdx+json"})).json
        self.assertEqual((told["format"], told["total"]), ("spdx", 2))
        self.assertEqual([s["purl"] for s in self.lines()],
                         ["pkg:pypi/django@4.2", "pkg:npm/left-pad@1.3.0"])
        self.refused(self.sent(json.dumps(SPDX), headers={
            "Content-Type": "application/vnd.cyclonedx+json"}), 422, codes=["unknown_format"])
        self.refused(self.sent(CYCLONEDX | {"specVersion": "2.0"}), 422,
                     codes=["unknown_version"])
        self.refused(self.sent("<bom/>", headers={"Content-Type": "application/xml"}), 415)

    def test_table_out_and_in_again(self):
        self.ok(self.sent({"software": SOFTWARE}))
        before = self.lines()
        a = self.ok(self.by(OWNER).get(self.place, {"format": "csv"}))
        self.assertTrue(a.headers["Content-Type"].startswith("text/csv"))
        self.assertIn("software_name,version,type,purl", a.body.decode().splitlines()[0])
        told = self.ok(self.sent(a.body, headers={"Content-Type": "text/csv"})).json
        self.assertEqual([told[n] for n in ("format", "added", "changed", "removed", "total")],
                         ["csv", 0, 0, 0, 2])
        told = self.ok(self.sent({"software": before})).json
        self.assertEqual([told[n] for n in ("added", "changed", "removed")], [0, 0, 0])
        japanese = "ソフトウェア名,バージョン,必要性\r\n観測配信,2.0,画像の配信\r\n"
        told = self.ok(self.sent(japanese.encode("cp932"), "POST",
                                 {"Content-Type": "text/csv; charset=Shift_JIS"})).json
        self.assertEqual((told["added"], told["changed"]), (0, 1))
        self.assertEqual(self.lines()[1]["purpose"], "画像の配信")

    def test_faults_with_lines_and_nothing_half_done(self):
        self.ok(self.sent({"software": SOFTWARE}))
        before = self.lines()
        a = self.sent("fine\t1.0\tall\nbroken\nbad name\t1\n\nx\ty z\n", headers=PLAIN,
                      format="dpkg-query")
        self.refused(a, 422, "invalid")
        self.assertEqual([(e["line"], e["code"]) for e in a.json["errors"]],
                         [(2, "column_count"), (3, "bad_package_name"), (5, "bad_version")])
        a = self.sent("name,version,purl\nx,,\ny,1,nonsense\n", "POST",
                      {"Content-Type": "text/csv"})
        self.assertEqual([(e["line"], e["code"]) for e in a.json["errors"]],
                         [(2, "required"), (3, "bad_purl")])
        a = self.sent({"software": [{"software_name": "x"}, {"version": "1", "color": "red"}]})
        self.assertEqual([e["pointer"] for e in a.json["errors"]],
                         ["#/software/0/version", "#/software/1/color"])
        a = self.sent({"software": [
            {"purl": "pkg:npm/x@1?vcs_url=https://me:hunter2%40git.example.jp/x"},
            {"software_name": "y", "version": "1", "purpose": "password: hunter2"}]})
        self.refused(a, 422, codes=["secret", "secret"])
        self.refused(self.sent("name,version\nx,1\n", headers={
            "Content-Type": "text/csv; charset=utf-16"}), 415)
        self.refused(self.sent({"software": []}), 422, codes=["required"])
        self.refused(self.sent("{", headers={"Content-Type": "application/json"}), 400, "bad_json")
        self.refused(self.sent("[" * 65), 422, codes=["too_deep"])
        self.refused(self.sent(DPKG, headers=PLAIN, format="tar"), 400)
        self.refused(self.sent(DPKG, headers=PLAIN, distro="Debian 12"), 400)
        self.refused(self.sent(DPKG, headers=PLAIN, colour="x"), 400)
        self.refused(self.sent(b" " * (8 * 1024 * 1024 + 1), headers=PLAIN), 413)
        self.assertEqual(self.lines(), before)

    def test_pages(self):
        self.ok(self.sent("".join("p%03d\t1\n" % i for i in range(12)), headers=PLAIN,
                          format="dpkg-query"))
        items = self.by(OWNER).walk(self.place, {"limit": 5})
        self.assertEqual([s["software_name"] for s in items], ["p%03d" % i for i in range(12)])
        self.assertEqual(self.by(OWNER).get(self.place, {"cursor": "x"}).status, 400)
        self.assertEqual(self.by(OWNER).get(self.place, {"limit": 0}).status, 400)

    def test_a_catalogue_has_room_for_so_many(self):
        lines = "".join("p%d\t1\n" % i for i in range(20000))
        told = self.ok(self.sent(lines, headers=PLAIN, format="dpkg-query")).json
        self.assertEqual(told["total"], 20000)
        self.refused(self.sent("q\t1\n", "POST", PLAIN, format="dpkg-query"), 422,
                     codes=["too_many"])
        self.assertEqual(self.again(self.row).json["software_count"], 20000)

    def test_a_real_machine(self):
        data = os.environ.get("DAICHO_DATA")
        if not data:
            self.skipTest("no real files beside the tree")
        text = (pathlib.Path(data) / "inventory" / "dpkg-query-bookworm.tsv").read_bytes()
        told = self.ok(self.sent(text, headers=PLAIN, distro="debian-12")).json
        self.assertEqual((told["format"], told["read"]), ("dpkg-query", told["total"]))
        self.assertGreater(told["total"], 1000)
        # a package that was updated is an update: no new product
        self.ok(self.by(OWNER).patch(C + "/" + self.row.json["catalogue_no"],
                                     {"note": "実機"}, self.again(self.row).etag))
        self.daemon.psql("UPDATE system_catalogue SET status = 'submitted' WHERE catalogue_no = "
                         "'%s'" % self.row.json["catalogue_no"])
        self.row = self.draft(self.row.json["asset"])
        told = self.ok(self.sent(text.replace(b"adduser\t3.134\tall\tadduser\t3.134",
                                              b"adduser\t3.137\tall\tadduser\t3.137"),
                                 headers=PLAIN, distro="debian-12")).json
        self.assertEqual((told["added"], told["removed"], told["needs_permission"]), (1, 1, []))
        diff = self.ok(self.by(OWNER).get(C + "/%s/diff" % self.row.json["catalogue_no"])).json
        self.assertEqual([(s["software_name"], s["from"], s["to"])
                          for s in diff["software"]["changed"]],
                         [("adduser", ["3.134"], ["3.137"])])
