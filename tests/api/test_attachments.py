"""Documents: filed with their bytes, given out as downloads, taken back; what is refused."""
import base64
import hashlib
import http.client
import threading
import urllib.parse

import files
from client import Client
from files import upload
from test_requests import ADMIN, BOSS, ISO, MEMBER, STAFF, Workflow, day

A, R = "/api/v1/attachments/", "/api/v1/requests/"
SPREAD = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOOD = {
    "図面.pdf": (files.pdf("構成図"), "application/pdf"),
    "a.png": (files.png(), "image/png"),
    "a.JPG": (files.jpeg(), "image/jpeg"),
    "a.xlsx": (files.office("xlsx"), SPREAD),
    "a.docx": (files.office("docx"),
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.pptx": (files.office("pptx"),
               "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "a.odt": (files.office("odt"), "application/vnd.oasis.opendocument.text"),
    "a.ods": (files.office("ods"), "application/vnd.oasis.opendocument.spreadsheet"),
    "a.odp": (files.office("odp"), "application/vnd.oasis.opendocument.presentation"),
    "v1.2.txt": ("必要性の説明\n".encode(), "text/plain"),
    "s.txt": ("必要性の説明①\r\n".encode("cp932"), "text/plain"),
    "u.csv": ("\ufeffサーバ,用途\nweb,公開\n".encode(), "text/csv"),
    "s.csv": ("サーバ,用途\nweb,公開\n".encode("cp932"), "text/csv"),
    "sbom.json": (b'{"bomFormat": "CycloneDX"}', "application/json"),
    "long.log": ("漢字とかな。\n".encode() * 60000, "text/plain"),
}
BAD = [
    ("a.exe", b"MZ\x90\0" + bytes(200), "type_not_allowed"),
    ("a.pdf", b"MZ\x90\0" + bytes(200), "type_not_allowed"),
    ("a.txt", b"\x7fELF\x02\x01\x01" + bytes(60), "type_not_allowed"),
    ("a.html", b"<html><script>alert(1)</script></html>", "type_not_allowed"),
    ("a.txt", b"  <html><script>alert(1)</script></html>", "type_not_allowed"),
    ("a.txt", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>", "type_not_allowed"),
    ("a.txt", b"#!/bin/sh\nid\n", "type_not_allowed"),
    ("a.txt", b"@echo off\r\ndir\r\n", "type_not_allowed"),
    ("a.txt", b"a\x81\n", "type_not_allowed"),
    ("a.txt", b"\x1b$B4A\x1b(B\n", "type_not_allowed"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "type_not_allowed"),
    ("a.zip", files.zipped(["x.exe"]), "type_not_allowed"),
    ("a.docx", files.zipped(["x.exe"]), "extension_mismatch"),
    ("a.docx", files.office("docx", "word/vbaProject.bin"), "macros"),
    ("a.xlsx", files.office("docx"), "extension_mismatch"),
    ("a.txt", files.pdf(), "extension_mismatch"),
    ("a.pdf", "ただの文\n".encode(), "extension_mismatch"),
    ("a.json", b"not json\n", "extension_mismatch"),
    ("a.pdf", b"", "empty_file"),
]
BAD_NAMES = [("../a.pdf", "bad_file_name"), ("c:\\a.pdf", "bad_file_name"),
             (".pdf", "bad_file_name"),
             ("a", "bad_file_name"), ("a.", "bad_file_name"), ("NUL.pdf", "bad_file_name"),
             ("com1.pdf", "bad_file_name"), ("a.exe.pdf", "double_extension"),
             ("a.JS.pdf", "double_extension"), ("a\u202efdp.pdf", "bidi_control"),
             ("a\tb.pdf", "control_character"), ("a" * 252 + ".pdf", "too_long")]


def digest_of(data):
    return "sha-256=:%s:" % base64.b64encode(hashlib.sha256(data).digest()).decode()


class Attachments(Workflow):
    def draft(self, login=ADMIN, asset=None, kind="important_new"):
        asset = asset or self.asset()
        return self.make(login, kind, asset=asset, reason="試験のため")

    def file(self, row, data, login=ADMIN, **said):
        client, no = self.by(login), row.json["request_no"]
        return upload(client, R + no, data, client.get(R + no).etag, **said)

    def of_level(self, row, level):
        """The number of a new one of this 機密性."""
        a = self.file(row, files.pdf(str(level)), confidentiality=level)
        return self.ok(a, 201).json["attachment_no"]

    def stored(self):
        return self.daemon.psql("SELECT (SELECT count(*) FROM attachment), (SELECT count(*) FROM "
                                "attachment_content), (SELECT count(*) FROM attachment_chunk)")[0]

    def content(self, no, client=None, **kw):
        return (client or self.by(ADMIN)).get(A + no + "/content", **kw)

    def says_why(self, a, code, clause):
        """No bare 403: what it takes, and where the standard says so."""
        self.refused(a, 403, "forbidden", [code])
        self.assertEqual(a.json["errors"][0]["clause"], clause)
        self.assertTrue(a.json["errors"][0]["message"])


class Filing(Attachments):
    def test_there_and_back(self):
        row = self.draft()
        for name, (data, media) in GOOD.items():
            a = self.ok(self.file(row, data, file_name=name, confidentiality=3, note="備考",
                                  keep_until="2040-01-01"), 201)
            no = a.json["attachment_no"]
            self.assertEqual(a.headers["Location"], A + no)
            said = {"file_name": name, "media_type": media, "size_bytes": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(), "confidentiality": 3,
                    "request": row.json["request_no"], "asset": None, "note": "備考",
                    "keep_until": "2040-01-01", "created_by": ADMIN, "institution": "hoshi"}
            self.assertEqual(a.json | said, a.json, name)
            b = self.ok(self.by(ADMIN).get(A + no))
            self.assertEqual((b.json, b.etag, b.headers["Daicho-Confidentiality"]),
                             (a.json, '"1"', "3"))
            c = self.ok(self.content(no))
            self.assertEqual(c.body, data, name)
            self.assertEqual(c.headers["Content-Type"], media)
            self.assertEqual(c.headers["Content-Disposition"], "attachment; filename*=UTF-8''"
                             + urllib.parse.quote(name, safe="~"))
            self.assertEqual(c.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(c.headers["Content-Security-Policy"], "sandbox; default-src 'none'")
            self.assertEqual(c.headers["Daicho-Confidentiality"], "3")
            self.assertEqual(c.headers["Repr-Digest"], digest_of(data))
            self.assertEqual(c.headers["Cache-Control"], "no-store")
        self.assertEqual(self.content(no, headers={"If-None-Match": c.etag}).status, 304)
        head = self.by(ADMIN).request("HEAD", A + no + "/content")
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]),
                         (200, b"", str(len(data))))
        kept = self.ok(self.by(ADMIN).get(R + row.json["request_no"] + "/attachments"))
        items = kept.json["items"]
        self.assertEqual([i["file_name"] for i in items], list(GOOD))

    def test_any_content_type_and_no_length(self):
        row = self.draft()
        for sent in ("application/pdf", "text/html", "application/x-www-form-urlencoded", None):
            a = self.file(row, files.pdf(), headers={"Content-Type": sent})
            self.ok(a, 201)
        client, no = self.by(ADMIN), row.json["request_no"]
        a = upload(client, R + no, Chunks(files.pdf("a")), client.get(R + no).etag)
        self.ok(a, 201)
        self.assertEqual(self.content(a.json["attachment_no"]).body, files.pdf("a"))

    def test_refused(self):
        row = self.draft()
        before, version = self.stored(), self.by(ADMIN).get(R + row.json["request_no"]).etag
        for name, data, code in BAD:
            a = self.file(row, data, file_name=name)
            self.refused(a, 415, "file_type", [code])
            self.fault(a, code, pointer="?file_name")
        for name, code in BAD_NAMES:
            a = self.file(row, files.pdf(), file_name=name)
            self.refused(a, 422, "invalid", [code])
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.by(ADMIN).get(R + row.json["request_no"]).etag, version)

    def test_what_is_said(self):
        row, pdf = self.draft(), files.pdf()
        self.refused(self.file(row, pdf, kind=None, file_name=None, confidentiality=None), 422,
                     "invalid", ["required"] * 3)
        self.refused(self.file(row, pdf, kind="letter", confidentiality=5, keep_until="never",
                               sha256="abc"), 422, "invalid")
        self.refused(self.file(row, pdf, colour="red"), 400, "bad_query")
        a = self.file(row, pdf, headers={"Accept-Language": "ja"}, file_name="a.exe.pdf")
        self.assertIn("二重の拡張子", self.fault(a, "double_extension")["message"])
        a = self.file(row, pdf, headers={"Content-Type": "multipart/form-data; boundary=x"})
        self.refused(a, 415, "unsupported_media_type")
        self.refused(self.file(row, pdf, headers={"Content-Encoding": "gzip"}), 415)
        self.refused(upload(self.by(ADMIN), R + row.json["request_no"], pdf), 428)

    def test_not_from_another_site(self):
        row = self.draft()
        for wrong in ({"X-CSRF-Token": None}, {"Sec-Fetch-Site": "cross-site"}):
            self.refused(self.file(row, files.pdf(), headers=wrong), 403, "cross_site")
        self.ok(self.file(row, files.pdf()), 201)

    def test_memory_stays_flat(self):
        row, data = self.draft(), ("名簿\n".encode() * 4300000)[:30000001]
        self.ok(self.file(row, b"warm\n", file_name="a.txt"), 201)
        before = self.daemon.memory()
        no = self.ok(self.file(row, data, file_name="a.txt"), 201).json["attachment_no"]
        self.assertEqual(self.ok(self.content(no)).body, data)
        self.assertLess(self.daemon.memory() - before, 12 * 1024 * 1024)

    def test_digests(self):
        row, pdf = self.draft(), files.pdf()
        right, wrong = hashlib.sha256(pdf).hexdigest(), "0" * 64
        self.ok(self.file(row, pdf, sha256=right), 201)
        self.refused(self.file(row, pdf, sha256=wrong), 422, "invalid", ["digest_mismatch"])
        for header in ("Content-Digest", "Repr-Digest"):
            self.ok(self.file(row, pdf, headers={header: digest_of(pdf)}), 201)
            self.refused(self.file(row, pdf, headers={header: digest_of(b"x")}), 422, "invalid",
                         ["digest_mismatch"])
            self.refused(self.file(row, pdf, headers={header: "md5=:AAAA:"}), 400, "bad_request")

    def test_versions_and_states(self):
        row = self.draft()
        client, no = self.by(ADMIN), row.json["request_no"]
        stale = client.get(R + no).etag
        a = self.ok(upload(client, R + no, files.pdf(), stale), 201)
        self.assertEqual(a.etag, client.get(R + no).etag)
        b = self.refused(upload(client, R + no, files.pdf(), stale), 412, "precondition_failed")
        self.assertEqual(b["current"]["request_no"], no)
        self.refused(upload(client, R + "R99999999", files.pdf(), stale), 404)
        # 機関CISO sees it, and may not add to it
        other = self.by(BOSS).get(R + no)
        self.says_why(upload(self.by(BOSS), R + no, files.pdf(), other.etag), "applicant_only",
                      "2.1(2)⑫(a)")
        for kind in ("necessity", "catalogue", "emergency_contacts"):
            self.ok(self.file(row, files.pdf(kind), kind=kind), 201)
        self.daemon.psql("UPDATE request SET state = 'withdrawn' WHERE request_no = '%s'" % no)
        self.refused(self.file(row, files.pdf()), 409, "wrong_state")
        self.refused(client.delete(A + a.json["attachment_no"], '"1"'), 409, "wrong_state")

    def test_dry_run_and_once(self):
        row, pdf = self.draft(), files.pdf()
        before = self.stored()
        a = self.ok(self.file(row, pdf, query={"dry_run": "true"}), 201)
        self.assertEqual(a.headers["Daicho-Dry-Run"], "true")
        self.refused(self.file(row, b"MZ", query={"dry_run": "true"}), 415, "file_type")
        self.assertEqual(self.stored(), before)
        client, no = self.by(ADMIN), row.json["request_no"]
        etag, key = client.get(R + no).etag, {"Idempotency-Key": "attach-" + no}
        first = self.ok(upload(client, R + no, pdf, etag, headers=key), 201)
        again = self.ok(upload(client, R + no, pdf, etag, headers=key), 201)
        self.assertEqual(first.json, again.json)
        self.refused(upload(client, R + no, files.pdf("y"), etag, headers=key), 422,
                     "idempotency_key_reused")
        self.assertEqual(self.count("SELECT count(*) FROM attachment WHERE request = '%s'" % no), 1)

    def test_taken_back(self):
        row = self.draft()
        client, no = self.by(ADMIN), row.json["request_no"]
        for kind in ("necessity", "catalogue", "emergency_contacts"):
            last = self.ok(self.file(row, files.pdf(kind), kind=kind), 201).json["attachment_no"]
        self.refused(client.delete(A + last), 428)
        self.assertEqual(self.refused(client.delete(A + last, '"7"'), 412)["current"]
                         ["attachment_no"], last)
        self.refused(self.by(STAFF).delete(A + last, '"1"'), 404)
        version = client.get(R + no).etag
        self.assertEqual(client.delete(A + last, '"1"').status, 204)
        self.assertNotEqual(client.get(R + no).etag, version)
        self.refused(client.get(A + last), 404)
        self.refused(self.content(last), 404)
        self.assertEqual(self.count("SELECT count(*) FROM attachment_chunk WHERE attachment_no = "
                                    "'%s'" % last), 0)
        self.assertEqual(self.daemon.psql(
            "SELECT action, person FROM audit_event WHERE object_type = 'attachment' AND object = "
            "'%s' ORDER BY id" % last), [["insert", ADMIN], ["delete", ADMIN]])
        # the three are not there any more
        self.assertEqual(self.daemon.value("SELECT request_documents('%s')" % no), "2")


class Seeing(Attachments):
    def test_who_sees_it(self):
        row = self.draft()
        two, three, four = (self.of_level(row, level) for level in (2, 3, 4))
        for no in (two, three, four):
            self.ok(self.content(no))
            for client in (self.by(STAFF), self.other):
                self.refused(client.get(A + no), 404, "not_found")
                self.refused(self.content(no, client), 404, "not_found")
            self.refused(self.nobody.get(A + no + "/content"), 401)
        # 機関CSIRT sees what is of its 機関
        member = self.by(MEMBER)
        self.assertEqual(self.ok(self.content(three, member)).body, files.pdf("3"))
        events = self.daemon.psql(
            "SELECT object, person, after->>'content' FROM audit_event WHERE action = 'read' AND "
            "object_type = 'attachment' AND object IN ('%s', '%s', '%s') ORDER BY id"
            % (two, three, four))
        self.assertEqual(events, [[three, ADMIN, "true"], [four, ADMIN, "true"],
                                  [three, MEMBER, "true"]])

    def test_four_only_for_who_may(self):
        """機関CSIRT, without ④, sees the application and its other documents."""
        row = self.draft()
        four, three = (self.of_level(row, level) for level in (4, 3))
        for login, seen in ((BOSS, [four, three]), (MEMBER, [three])):
            client = self.by(login)
            items = self.ok(client.get(R + row.json["request_no"] + "/attachments")).json["items"]
            self.assertEqual([i["attachment_no"] for i in items], seen)
            for no in (four, three):
                for path in (A + no, A + no + "/content"):
                    self.assertEqual(client.get(path).status, 200 if no in seen else 404, login)

    def test_who_decides_sees_what_was_filed(self):
        row = self.make(ISO, "log_period", reason="保存容量のため",
                        payload={"days": 60, "device_class": "複合機"})
        no = self.ok(self.file(row, files.pdf("根拠"), ISO, confidentiality=4), 201).json[
            "attachment_no"]
        self.done(ISO, row, "submit", "submitted")
        self.assertEqual(self.ok(self.content(no, self.by(BOSS))).body, files.pdf("根拠"))
        self.refused(self.content(no, self.by(ADMIN)), 404)
        # bound: nobody takes it out of what is being decided
        for login in (ISO, BOSS):
            self.assertIn(self.by(login).delete(A + no, '"1"').status, (403, 409))
        self.refused(self.file(row, files.pdf("mehr"), ISO), 409, "wrong_state")
        self.done(BOSS, row, "approve", "approved")
        self.ok(self.content(no, self.by(ISO)))

    def test_token_scopes(self):
        row = self.draft()
        no = self.ok(self.file(row, files.pdf()), 201).json["attachment_no"]
        for scope, status in (("attachments:read", 200), ("requests:read", 403),
                              ("attachments:write", 403), ("*:read", 200)):
            a = self.daemon.cli("token", "issue", ADMIN, "--scope", scope)
            token = a.stdout.decode().split()[-1]
            client = Client(self.daemon.port, token)
            self.assertEqual(client.get(A + no + "/content").status, status, scope)
            client.close()


class OfAssets(Attachments):
    def test_certificate(self):
        row, _ = self.create(name="消去済みNAS", asset_type="nas")
        path, data = "/api/v1/assets/" + row["asset_no"], files.pdf("破壊証明書")
        a = self.ok(upload(self.writer, path, data, kind="destruction_certificate",
                           file_name="証明書.pdf", keep_until="2030-03-31"), 201)
        no = a.json["attachment_no"]
        self.assertEqual((a.json["asset"], a.json["request"]), (row["asset_no"], None))
        self.assertEqual(self.ok(self.content(no, self.writer)).body, data)
        items = self.ok(self.writer.get(path + "/attachments")).json["items"]
        self.assertEqual([i["attachment_no"] for i in items], [no])
        self.refused(upload(self.other, path, data), 404)
        self.refused(self.other.get(path + "/attachments"), 404)
        self.refused(self.content(no, self.other), 404)
        self.says_why(upload(self.auditor, path, data), "office_needed", "2.1(2)⑧(a)(c)")
        self.refused(upload(self.writer, "/api/v1/assets/A99999999", data), 404)
        self.refused(upload(self.writer, path, b"MZ" + bytes(90)), 415, "file_type")
        self.assertEqual(self.writer.delete(A + no, '"1"').status, 204)

    def test_of_a_disposal(self):
        """What is filed is what the record of disposal names, unless it names another."""
        no = self.asset("in_operation", level=2)
        record = {"asset": no, "method": "destroy", "sanitised_on": day(-1), "sanitised_by": "業者",
                  "confirmed_by": ADMIN}
        bare, _ = self.create("disposals", **record)
        self.assertIsNone(bare["certificate_name"])
        data = files.pdf("証明")
        for name, kind in (("古い.pdf", "erasure_log"), ("証明書.pdf", "destruction_certificate"),
                           ("図.pdf", "diagram")):
            self.ok(upload(self.writer, "/api/v1/assets/" + no, data + name.encode(), kind=kind,
                           file_name=name, keep_until="2041-03-31"), 201)
        row, _ = self.create("disposals", **record)
        digest = hashlib.sha256(data + "証明書.pdf".encode()).hexdigest()
        self.assertEqual((row["certificate_name"], row["certificate_sha256"],
                          row["certificate_keep_until"]), ("証明書.pdf", digest, "2041-03-31"))
        own, _ = self.create("disposals", **record, certificate_name="紙の証明書")
        self.assertEqual((own["certificate_name"], own["certificate_sha256"]), ("紙の証明書", None))

    def test_kept_on_record(self):
        no = self.asset("in_operation", level=2)
        path = "/api/v1/assets/" + no
        a = self.ok(upload(self.writer, path, files.pdf()), 201)
        self.refused(self.writer.delete(A + a.json["attachment_no"], '"1"'), 409, "wrong_state")
        # who only reads it, adds nothing
        self.ok(self.by(MEMBER).get(path + "/attachments"))
        self.says_why(upload(self.by(MEMBER), path, files.pdf()), "office_needed",
                      "2.1(2)⑧(a)(c)")
        refused = self.daemon.psql(ACT % (ADMIN, "sysadmin", "ionnn") + "SELECT asset_attach("
                                   "'%s', '{}')" % self.asset(sysadmin="suiseigawa.h"),
                                   "daicho_app", check=False)
        self.assertIn("only who may change the asset", refused[1])

    def test_at_once(self):
        no = self.asset("in_operation", level=2)
        data = [files.pdf(str(i)) + b"%" * 400000 for i in range(8)]
        answers = at_once(lambda i: upload(self.client(ADMIN), "/api/v1/assets/" + no, data[i],
                                           file_name="%d.pdf" % i), 8)
        self.assertEqual([a.status for a in answers], [201] * 8, answers)
        for a, wanted in zip(answers, data):
            self.assertEqual(self.content(a.json["attachment_no"]).body, wanted)
        # one application, one version: one wins
        row = self.draft()
        etag = self.by(ADMIN).get(R + row.json["request_no"]).etag
        answers = at_once(lambda i: upload(self.client(ADMIN), R + row.json["request_no"], data[i],
                                           etag, file_name="%d.pdf" % i), 6)
        self.assertEqual(sorted(a.status for a in answers), [201] + [412] * 5, answers)


ACT = ("SELECT set_config('daicho.person', '%s', false), set_config('daicho.office', '%s', false), "
       "set_config('daicho.scope', '{hoshi}', false), "
       "set_config('daicho.write_scope', '{hoshi}', false), "
       "set_config('daicho.reach', '%s', false); ")


class Chunks:
    """A body without a length."""

    def __init__(self, data):
        self.parts = [data[i:i + 7] for i in range(0, len(data), 7)]

    def read(self, _=-1):
        return self.parts.pop(0) if self.parts else b""


def at_once(run, n):
    answers = [None] * n

    def one(i):
        try:
            answers[i] = run(i)
        except (OSError, http.client.HTTPException) as e:
            answers[i] = e

    threads = [threading.Thread(target=one, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers
