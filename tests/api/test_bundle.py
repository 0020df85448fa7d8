"""The bundle of 機関CSIRT for days without a network: whole in itself, and only for whom it is."""
import base64
import hashlib
import html.parser
import json
import shutil
import stat
import tempfile
import pathlib

from harness import LOGGED, Case

PATH = "/api/v1/reports/csirt-bundle"
FILES = {"html": "index.html", "contacts": "contacts.csv", "servers": "servers.csv",
         "software": "software.csv"}
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(html.parser.HTMLParser):
    """Elements as they nest, ids, links, the text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.links = [], [], [], []
        self.names, self.attributes, self.words, self.styles = set(), set(), [], []
        self.policy = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
        if tag == "meta" and dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        (self.styles if self.open and self.open[-1] == "style" else self.words).append(data)

    @property
    def text(self):
        return "".join(self.words)


class Bundle(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.csirt = cls.client("bunkou.i", "csirt_member")
        cls.important = [row[0] for row in cls.daemon.psql(
            "SELECT asset_no FROM asset WHERE institution = 'hoshi' AND important_state <> "
            "'not_applicable' AND state NOT IN ('draft', 'disposed', 'transferred') AND "
            "confidentiality < 4 ORDER BY 1")]
        cls.one = cls.important[0]
        cls.daemon.psql(
            "INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, hardware, "
            "services) VALUES ('KBUNDLE', 'hoshi', '%s', 1, "
            "'[{\"item\": \"<b>筐体</b> & \\\"x\\\"\"}]', "
            "'[{\"service\": \"https\", \"port\": 443, \"protocol\": \"tcp\", "
            "\"encrypted\": true}]'); INSERT INTO catalogue_software "
            "(catalogue, institution, software_name, version, type) VALUES ('KBUNDLE', 'hoshi', "
            "'kuragelib', '1.2-3~deb12u1', 'deb'), ('KBUNDLE', 'hoshi', '<script>x', '1', 'deb'); "
            "UPDATE system_catalogue SET status = 'submitted', submitted_at = now(), "
            "csirt_visible_at = now() WHERE catalogue_no = 'KBUNDLE'" % cls.one)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.psql("SET session_replication_role = replica; DELETE FROM catalogue_software "
                        "WHERE catalogue = 'KBUNDLE'; DELETE FROM system_catalogue WHERE "
                        "catalogue_no = 'KBUNDLE'")
        cls.csirt.close()
        super().tearDownClass()

    def part(self, part, client=None, **query):
        return self.ok((client or self.csirt).get(PATH, {"part": part} | query))

    def page(self, client=None, **query):
        return Page(self.part("html", client, **query).text)

    def test_nothing_comes_from_elsewhere(self):
        a = self.ok(self.csirt.get(PATH))
        page = Page(a.text)
        self.assertEqual((page.faults, page.open), ([], []), "elements are closed as they nest")
        self.assertFalse(page.names & {"script", "link", "img", "iframe", "object", "embed", "form",
                                       "base", "svg", "video", "audio", "source"}, page.names)
        self.assertFalse(page.attributes & {"src", "srcset", "style", "background", "action",
                                            "onclick", "onload"}, page.attributes)
        self.assertTrue(page.links)
        self.assertEqual({link[0] for link in page.links}, {"#"}, "links lead into the page")
        self.assertEqual({link[1:] for link in page.links} - set(page.ids), set())
        self.assertEqual(len(page.ids), len(set(page.ids)))
        style, = page.styles
        for word in ("url(", "@import", "expression"):
            self.assertNotIn(word, style)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertEqual(page.policy, "default-src 'none'; style-src 'sha256-%s'" % digest)
        self.assertTrue(a.text.startswith("<!DOCTYPE html>\n<html lang=\"ja\">"))
        self.assertIn("size:A4", style)
        self.assertEqual(a.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertRegex(a.headers["Content-Disposition"],
                         r'^attachment; filename="csirt-hoshi-\d{4}-\d\d-\d\d-bundle\.html"$')

    def test_what_is_in_it(self):
        text = self.page().text
        self.assertIn("機密性3", text)
        self.assertIn("架空天文研究所（hoshi）", text)
        self.assertRegex(text, r"作成 \d{4}-\d\d-\d\d \d\d:\d\d")
        for no, name in self.daemon.psql("SELECT asset_no, name FROM asset WHERE asset_no IN ('%s')"
                                         % "', '".join(self.important)):
            self.assertIn("%s（%s）" % (name, no), text)
        for phone, in self.daemon.psql("SELECT phone FROM emergency_contact WHERE institution = "
                                       "'hoshi' AND asset IS NULL OR institution IS NULL"):
            self.assertIn(phone, text)
        for word in ("kuragelib 1.2-3~deb12u1", "<script>x 1", "<b>筐体</b> & \"x\"",
                     "サービス: https、プロトコル: TCP、ポート番号: 443、通信の暗号化: はい",
                     "KBUNDLE 第1版", "緊急停止の可否", "suspension"):
            self.assertIn(word, text)

    def test_tables(self):
        rows = self.part("servers").rows
        self.assertEqual([r["asset_no"] for r in rows], self.important)
        self.assertTrue(all(r["sysadmin_phone"] for r in rows if r["sysadmin"]))
        rows = self.part("software").rows
        self.assertEqual([(r["software_name"], r["version"]) for r in rows
                          if r["asset"] == self.one],
                         [("<script>x", "1"), ("kuragelib", "1.2-3~deb12u1")])
        a = self.part("contacts")
        wanted = self.daemon.value("SELECT count(*) FROM emergency_contact c LEFT JOIN asset a ON "
                                   "a.asset_no = c.asset WHERE (c.institution = 'hoshi' OR "
                                   "c.institution IS NULL) AND coalesce(a.confidentiality, 0) < 4")
        self.assertEqual(len(a.rows), int(wanted))
        self.assertEqual(a.headers["Content-Type"], "text/csv; charset=utf-8; header=present")

    def test_level_4_is_not_told(self):
        """Not even to the 機関CISO, who sees it: the copy is 機密性3."""
        four = self.daemon.value(
            "BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO asset (institution, "
            "unit, name, asset_type, state, confidentiality, important_state, sysadmin) VALUES "
            "('hoshi', 'hoshi-its', '極秘の計算機', 'server', 'in_operation', 4, 'pending', "
            "'orihime.t') RETURNING asset_no; COMMIT")
        self.addCleanup(self.daemon.psql, "SET session_replication_role = replica; DELETE FROM "
                        "asset WHERE asset_no = '%s'" % four)
        ciso = self.client("subaruno.k", "inst_ciso")
        self.addCleanup(ciso.close)
        page = self.page(ciso)
        self.assertNotIn("極秘の計算機", page.text)
        self.assertIn("作成した役割から見えるものは 1 件", page.text)
        self.assertNotIn(four, [r["asset_no"] for r in self.part("servers", ciso).rows])
        self.assertIn("作成した役割から見えるものは 0 件", self.page().text)

    def test_for_whom(self):
        for login, office in (("orihime.t", "sysadmin"), ("hikoboshi.m", "ism"),
                              ("eisei.r", "registry_admin"), ("asayake.f", "audit_chief")):
            client = self.client(login, office)
            self.addCleanup(client.close)
            self.refused(client.get(PATH), 403, "forbidden")
        for login, office in (("kitaboshi.y", "iso"), ("gingahara.s", "ciso")):
            client = self.client(login, office)
            self.addCleanup(client.close)
            self.assertIn(self.one, [r["asset_no"] for r in
                                     self.part("servers", client, institution="hoshi").rows])

    def test_of_another_institution(self):
        self.refused(self.csirt.get(PATH, {"institution": "umi"}), 404, "not_found")
        self.refused(self.csirt.get(PATH, {"institution": "none"}), 404, "not_found")
        other = self.client("hitode.c", "csirt_member")
        self.addCleanup(other.close)
        page = self.page(other)
        self.assertIn("（umi）", page.text)
        self.assertNotIn(self.one, page.ids)
        self.assertNotIn("kuragelib", page.text)

    def test_reading_it_is_told(self):
        for part in FILES:
            self.part(part)
            event = self.daemon.psql("SELECT person, office, operation, action, institution, after "
                                     "FROM audit_event WHERE object_type = 'csirt_bundle' ORDER BY "
                                     "id DESC LIMIT 1")[0]
            self.assertEqual(event[:5], ["bunkou.i", "csirt_member", "reportCsirtBundle", "read",
                                         "hoshi"])
            self.assertEqual(json.loads(event[5]), {"part": part, "omitted": 0,
                                                    "servers": len(self.important)})
        before = self.count("SELECT max(id) FROM " + LOGGED)
        self.refused(self.csirt.get(PATH, {"institution": "umi"}), 404, "not_found")
        self.assertEqual(self.count("SELECT max(id) FROM " + LOGGED), before)

    def test_questions_that_are_none(self):
        for query, code, pointer in (({"part": "pdf"}, "unknown_choice", "?part"),
                                     ({"format": "csv"}, "unknown_argument", "?format")):
            a = self.csirt.get(PATH, query)
            self.refused(a, 400, "bad_query", [code])
            self.fault(a, code, pointer=pointer)


class Command(Case):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-bundle-"))
        self.addCleanup(shutil.rmtree, self.home)

    def bundle(self, *args, check=True):
        return self.daemon.cli("bundle", *args, check=check)

    def test_files_for_whoever_runs_it_alone(self):
        out = self.home / "csirt"
        done = self.bundle("--institution", "hoshi", "--out", str(out))
        self.assertIn("important servers", done.stdout.decode())
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o700)
        self.assertEqual(sorted(p.name for p in out.iterdir()), sorted(FILES.values()))
        for path in out.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        page = Page((out / "index.html").read_text("utf-8"))
        self.assertEqual((page.faults, page.open), ([], []))
        event = self.daemon.psql("SELECT operation, institution, after ->> 'part' FROM audit_event "
                                 "WHERE object_type = 'csirt_bundle' ORDER BY id DESC LIMIT 1")[0]
        self.assertEqual(event, ["daicho", "hoshi", "all"])
        csirt = self.client("bunkou.i", "csirt_member")
        self.addCleanup(csirt.close)
        self.assertEqual((out / "servers.csv").read_bytes(),
                         csirt.get(PATH, {"part": "servers"}).body)

    def test_again_into_the_same_directory(self):
        out = self.home / "csirt"
        self.bundle("--institution", "hoshi", "--out", str(out))
        long = (out / "servers.csv").stat().st_size
        self.bundle("--institution", "umi", "--out", str(out))
        self.assertLess((out / "servers.csv").stat().st_size, long)
        self.assertNotIn("（hoshi）", (out / "index.html").read_text("utf-8"))

    def test_what_cannot_be_done(self):
        done = self.bundle("--institution", "hoshi", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--out", done.stderr.decode())
        out = self.home / "none"
        done = self.bundle("--institution", "nowhere", "--out", str(out), check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no such institution", done.stderr.decode())
        self.assertFalse([p for p in out.iterdir() if p.stat().st_size > 0])
        done = self.bundle("--institution", "hoshi", "--out", str(self.home / "a" / "b"),
                           check=False)
        self.assertNotEqual(done.returncode, 0)
        (self.home / "link").mkdir()
        (self.home / "link" / "index.html").symlink_to("/etc/hostname")
        done = self.bundle("--institution", "hoshi", "--out", str(self.home / "link"), check=False)
        self.assertNotEqual(done.returncode, 0, "a link is not followed")
