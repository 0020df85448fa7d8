"""What is refused: bodies, values, targets, methods, types; and in which words."""
import http.client
import json
import re
import socket

from client import answered
from harness import LOGGED, Case, load

GOOD = load("good", "REG-01")["row"]
A = "/api/v1/assets"


class Bodies(Case):
    """Nothing of a refused body is stored."""

    def setUp(self):
        self.before = self.state()

    def tearDown(self):
        self.assertEqual(self.state(), self.before, "something was stored")

    def state(self):
        return self.daemon.psql("SELECT (SELECT count(*) FROM asset), (SELECT count(*) FROM "
                                "external_media), (SELECT max(id) FROM %s)" % LOGGED)

    def post(self, body, **kw):
        return self.writer.post(A, body, **kw)

    def test_malformed_json(self):
        for body in (b"", b" ", b"{", b"}", b"nonsense", b"{\"name\":}", b"{'name':'x'}", b"{]",
                     b'{"name":"x",}', b'{"name":"x"} {}', b'{"name":"x"}x', b'{"name":01}',
                     b'{"name":NaN}', b'{"name":"\\x"}', b'{"name":"\\ud800"}', b'{"name":"\n"}',
                     b'{"name":"x"', b'{"integrity":1e999}', b'{"integrity":99999999999999999999}',
                     b"[" * 5000, b'{"name":' * 3000, b"\xef\xbb\xbf\xef\xbb\xbf{}"):
            a = self.post(body, headers={"Content-Type": "application/json"})
            self.refused(a, 400, "bad_json")
            self.assertTrue(a.json["detail"])

    def test_bytes_that_are_no_text(self):
        for inner in (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00",
                      b"\x01", b"\x1f", "日本".encode("cp932"), "日本".encode("utf-16-le")):
            self.refused(self.post(b'{"institution":"hoshi","name":"' + inner + b'"}'), 400,
                         "bad_json")
        self.refused(self.post('{"institution":"hoshi"}'.encode("utf-16")), 400, "bad_json")
        self.refused(self.post(b'{"institution":"hoshi"}\x00'), 400, "bad_json")
        self.refused(self.post(b'{"name":"a\\u0000b"}'), 400, "bad_json")

    def test_duplicate_members(self):
        for body in ('{"name":"a","name":"b"}', '{"name":"a","n\\u0061me":"a"}'):
            self.refused(self.post(body), 400, "bad_json")

    def test_no_object(self):
        for body in ("[]", '[{"institution":"hoshi"}]'):
            a = self.post(body)
            self.refused(a, 422, "invalid", ["wrong_type"])
            self.fault(a, "wrong_type", pointer="#")
        for body in ("null", '"x"', "1", "true"):
            self.assertIn(self.refused(self.post(body), self.post(body).status)["code"],
                          ("bad_json", "invalid"))

    def test_unknown_members(self):
        names = ["nosuch", "Name", "name ", "", "search", "a/b", "c~d", "名称", "__proto__",
                 "x" * 500]
        a = self.post({"institution": "hoshi"} | {n: 1 for n in names})
        self.refused(a, 422, "invalid", ["unknown_member"] * len(names))
        pointers = [f["pointer"] for f in a.json["errors"]]
        self.assertIn("#/a~1b", pointers)
        self.assertIn("#/c~0d", pointers)
        self.assertIn("#/名称", pointers)

    def test_wrong_types(self):
        wrong = {"name": (1, True, 1.5, [], {}, ["x"]), "hostname": ("x", 1, {}, [1], [None],
                                                                     [["x"]]),
                 "asset_type": (1, True, [], "nosuch", "Server", " server", "サーバ装置"),
                 "functions": ("mail", [1], ["nosuch"]),
                 "confidentiality": ("3", 0, 5, -1, 3.0, True, [3], 2 ** 40),
                 "integrity": ("1", 0, 5, 1.5, False), "log_retention_days": (-1, 36501, "30"),
                 "has_my_number": ("true", 0, 1, "○", []),
                 "os_support_until": (20270101, "2027/01/01", "2027-02-29", "令和9年1月1日",
                                      "2027-1-1", "2027-01-01T00:00:00Z", True),
                 "sysadmin": (1, [], {}, "x" * 65, "a b\nc")}
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name, value=value):
                    a = self.post({"institution": "hoshi", name: value})
                    self.assertEqual(len(self.refused(a, 422, "invalid")["errors"]), 1)
                    self.assertEqual(a.json["errors"][0]["pointer"], "#/" + name)

    def test_all_faults_at_once(self):
        a = self.post({"institution": "hoshi", "name": 1, "nosuch": 2, "confidentiality": 9,
                       "has_my_number": "x", "state": "planned", "hostname": ["-bad-"]})
        self.refused(a, 422, "invalid")
        self.assertEqual(sorted(f["pointer"] for f in a.json["errors"]), [
            "#/confidentiality", "#/has_my_number", "#/hostname", "#/name", "#/nosuch", "#/state"])

    def test_formats(self):
        for name, values in (
                ("hostname", (["a b"], ["日本.jp"], ["-a"], [".a"], ["a;b"], ["a/b"])),
                ("ip_addrs", (["1.2.3"], ["256.1.1.1"], ["1.2.3.4/33"], ["::g"], ["1.2.3.4-"],
                              ["10.0.0.1-10.0.0"], ["2001:db8::/129"], ["1.2.3.4;5.6.7.8"])),
                ("mac_addrs", (["00:11:22:33:44"], ["00:11:22:33:44:gg"], ["00:11:22:33:44:55:66"],
                               ["001122"]))):
            for value in values:
                with self.subTest(name, value=value):
                    a = self.post({"institution": "hoshi", name: value})
                    self.refused(a, 422, "invalid")
                    self.assertIn(a.codes, (["bad_format"], ["bad_element"]))
        for name, value in (("email", "x"), ("email", "a@b@c.d"), ("login", "Upper"),
                            ("login", "x"), ("login", "1abc"), ("login", "a" * 33)):
            row = {"login": "fo.x", "institution": "hoshi", "name_ja": "x", "email": "a@b.c",
                   "unit": "hoshi-its", "person_kind": "employee"} | {name: value}
            self.refused(self.keeper.post("/api/v1/persons", row), 422, "invalid", ["bad_format"])

    def test_text_that_is_too_long(self):
        for name, most in (("name", 200), ("info_description", 2000), ("note", 4000),
                           ("users_text", 1000)):
            for letter in ("x", "字", "𠮷"):
                a = self.post({"institution": "hoshi", name: letter * (most + 1)})
                self.refused(a, 422, "invalid", ["too_long"])
                self.assertIn(str(most), a.json["errors"][0]["message"])
                self.assertLess(len(a.body), 2000, "the refused text is told back whole")
        self.refused(self.post({"institution": "hoshi", "hostname": ["h%d.x" % i for i in
                                                                     range(101)]}), 422,
                     codes=["too_many"])

    def test_characters_that_do_harm(self):
        for text, code in (("a\u202eb", "bidi_control"), ("a\u2066b", "bidi_control"),
                           ("a\u200fb", "bidi_control"), ("a\u200bb", "invisible_character"),
                           ("a\ufeffb", "invisible_character"), ("a\u00adb", "invisible_character"),
                           ("a\u2028b", "invisible_character"), ("a\nb", "control_character"),
                           ("a\tb", "control_character"), ("a\u007fb", "control_character"),
                           ("a\u0085b", "control_character"), ("a\u0001b", "control_character"),
                           ("a\ue000b", "private_character"), ("a\ufffeb", "private_character"),
                           ("a\U000e0041b", "invisible_character"),
                           ("a" + "\u0301" * 40, "too_many_marks")):
            for body in (json.dumps({"institution": "hoshi", "name": text}),
                         json.dumps({"institution": "hoshi", "name": text}, ensure_ascii=False)):
                a = self.post(body)
                if a.status == 400:
                    self.refused(a, 400, "bad_json")
                    continue
                self.refused(a, 422, "invalid", [code])
                self.fault(a, code, pointer="#/name")
        a = self.post({"institution": "hoshi", "name": "x\u202e", "maker": "\u200b",
                       "note": "a\u0007", "hostname": ["a\u202eb"]})
        self.assertEqual(len(self.refused(a, 422)["errors"]), 4)

    def test_what_looks_like_sql_or_markup_is_text(self):
        self.before = None
        for text in ("'; DROP TABLE asset; --", "\\'; SELECT 1", "$1", "{\"a\":1}", "%s%n",
                     "<script>",
                     "{unit}", "NULL", "null", "\\N", "undefined", "../../etc/passwd", "\\", "\""):
            row, _ = self.create(name=text)
            self.assertEqual(row["name"], text)
            self.assertEqual(self.writer.get(A + "/" + row["asset_no"]).json["name"], text)
        self.before = self.state()

    def test_too_large(self):
        limit = 1048576
        a = self.post(b'{"note":"' + b"x" * limit + b'"}')
        self.refused(a, 413, "body_too_large")
        self.assertIn(str(limit), a.json["detail"])
        body = iter([b'{"note":"'] + [b"x" * 65536] * 20 + [b'"}'])
        self.refused(self.chunked(body), 413, "body_too_large")
        fits = b'{"institution":"hoshi","nosuch":1' + b" " * (limit - 34) + b"}"
        self.assertEqual(len(fits), limit)
        self.refused(self.post(fits), 422, "invalid", ["unknown_member"])

    def chunked(self, pieces):
        with socket.create_connection(("127.0.0.1", self.daemon.port), timeout=30) as s:
            s.sendall(("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                       % (A, self.writer.token)).encode())
            for piece in pieces:
                s.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            s.sendall(b"0\r\n\r\n")
            r = http.client.HTTPResponse(s, method="POST")
            r.begin()
            return answered("POST", A, r)

    def test_wrong_media_type(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "text/csv",
                     "application/xml",
                     "multipart/form-data; boundary=x", "application/jsonx", "json", "",
                     "application/json; charset=shift_jis", "application/json; charset=utf-16"):
            a = self.post("{}", headers={"Content-Type": kind})
            self.refused(a, 415, "unsupported_media_type")
            self.assertIn("application/json", a.headers["Accept"])
        a = self.post("{}", headers={"Content-Encoding": "gzip"})
        self.refused(a, 415, "unsupported_media_type")
        for kind in ("application/json", "application/vnd.ms-excel", "text/csv; charset=shift_jis",
                     "application/x-ndjson"):
            a = self.writer.post(A + "/import", "名称\r\n", headers={"Content-Type": kind})
            self.refused(a, 415, "unsupported_media_type")

    def test_media_types_that_do(self):
        self.before = None
        for kind in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
                     'application/json; charset="UTF-8"', "application/merge-patch+json"):
            self.ok(self.post({"institution": "hoshi"}, headers={"Content-Type": kind}), 201)
        self.ok(self.post(b"\xef\xbb\xbf" + b'{"institution":"hoshi"}'), 201)
        self.before = self.state()

    def test_bodies_where_none_belong(self):
        for method in ("GET", "DELETE", "HEAD"):
            a = self.writer.request(method, A + "/A00000001", body="{}")
            self.assertEqual(a.status, 400)
        self.refused(self.writer.request("POST", A, headers={"Content-Type": "application/json"}),
                     400, "bad_json")


class Targets(Case):
    def test_unknown_paths(self):
        for path in ("/", "/api", "/api/v1", "/api/v2/assets", "/api/v1/nosuch", "/api/v1/assets/",
                     "//api/v1/assets", "/api/v1//assets", "/api/v1/assets/A1/nosuch",
                     "/api/v1/assets/A1/history/x", "/API/v1/assets", "/api/v1/assets/A1/",
                     "/api/v1/assets%2F", "/api/v1/../v1/assets", "/x" * 200, "/api/v1/%61ssets"):
            for client in (self.writer, self.nobody):
                a = client.get(path)
                self.refused(a, 404, "not_found")

    def test_unknown_rows(self):
        for key in ("A99999999", "a00000001", "A00000001 ", "%E6%97%A5", "A00000001'", "*", "..",
                    "%2e%2e", "A00000001%2Fhistory", "x" * 500, "0", "-1", "null"):
            a = self.writer.get("/api/v1/assets/" + key.replace(" ", "%20"))
            self.refused(a, 404, "not_found")

    def test_methods(self):
        for path, allow in ((A, "GET, HEAD, POST"),
                            (A + "/A00000001", "GET, HEAD, PUT, PATCH, DELETE"),
                            (A + "/A00000001/history", "GET, HEAD"),
                            (A + "/A00000001/registration", "POST"), (A + "/import", "POST"),
                            ("/api/v1/institutions/hoshi", "GET, HEAD, PUT, PATCH"),
                            ("/api/v1/offices", "GET, HEAD, POST"),
                            ("/api/v1/offices/O00000001", "GET, HEAD"),
                            ("/api/v1/offices/O00000001/revocation", "POST"),
                            ("/api/v1/sessions/current", "GET, HEAD, DELETE"),
                            ("/healthz", "GET, HEAD"),
                            ("/api/v1/rules", "GET, HEAD")):
            allowed = allow.split(", ")
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
                           "QUERY"):
                if method in allowed:
                    continue
                a = self.writer.request(method, path)
                self.assertEqual((a.status, sorted(a.headers.get("Allow", "").split(", "))),
                                 (405, sorted(allowed)), (method, path))
                if method != "HEAD":
                    self.refused(a, 405, "method_not_allowed")

    def test_percent_escapes(self):
        for target in (A + "?name=%", A + "?name=%4", A + "?name=%zz", A + "/%", A + "/%g1",
                       A + "?%=1", A + "?name=%00", A + "/%00", A + "?name=%ff", A + "/%ff",
                       A + "?%ff=1", A + "?name=%c0%af", A + "?name=%ed%a0%80", A + "/%0a",
                       A + "?=x", A + "?%0a=1"):
            a = self.writer.get(target)
            self.assertIn(self.refused(a, 400)["code"], ("bad_request", "bad_query"), target)
        self.ok(self.writer.get(A + "?name=%E6%97%A5%E6%9C%AC+x%2B"))
        self.ok(self.writer.get(A + "?&&name=x&"))

    def test_targets_that_are_too_long(self):
        self.refused(self.writer.get(A + "?name=" + "x" * 20000), 414, "uri_too_long")
        self.refused(self.writer.get(A + "?" + "&".join("a%d=1" % i for i in range(500))), 414,
                     "uri_too_long")

    def test_headers_that_smuggle(self):
        for head, why in ((b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "both lengths"),
                          (b"Content-Length: 2\r\nContent-Length: 3\r\n", "two lengths"),
                          (b"Content-Length: +2\r\n", "signed length"),
                          (b"Content-Length : 2\r\n", "blank before the colon"),
                          (b"Transfer-Encoding: gzip\r\n", "another coding"),
                          (b"X: a\r\n b\r\n", "a fold"), (b"X: a\x00b\r\n", "NUL"),
                          (b": x\r\n", "no name"), (b"Host: y\r\n", "two hosts"),
                          (b"Authorization: Bearer x\r\n", "two tokens")):
            with socket.create_connection(("127.0.0.1", self.daemon.port), timeout=30) as s:
                s.sendall(b"POST /api/v1/assets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                          + self.writer.token.encode() + b"\r\nContent-Type: application/json\r\n"
                          + head + b"\r\n{}")
                s.shutdown(socket.SHUT_WR)
                said = b""
                while (piece := s.recv(65536)):
                    said += piece
            self.assertTrue(said.startswith(b"HTTP/1.1 400 "), (why, said[:300]))
            # the library repeats its own refusal; nothing else may be answered
            self.assertEqual(set(re.findall(rb"HTTP/1.1 (\d+)", said)), {b"400"}, why)


class Words(Case):
    """Messages are Japanese; English on request; codes are the same."""

    def ask(self, language, **query):
        return self.writer.post(A, {"institution": "hoshi", "nosuch": 1, "confidentiality": 9},
                                query=query, headers={"Accept-Language": language})

    def test_language(self):
        for language, query, english in (
                (None, {}, False), ("ja", {}, False), ("en", {}, True),
                ("en-US,en;q=0.9", {}, True),
                ("ja,en;q=0.5", {}, False), ("en;q=0.2, ja;q=0.8", {}, False), ("fr", {}, False),
                ("de, *;q=0.1", {}, False), ("en;q=0", {}, False), ("", {}, False),
                ("en", {"lang": "ja"}, False), ("ja", {"lang": "en"}, True),
                (None, {"lang": "en"}, True)):
            a = self.ask(language, **query)
            self.refused(a, 422, "invalid", ["unknown_choice", "unknown_member"])
            self.assertEqual(a.headers["Content-Language"], "en" if english else "ja")
            for text in [a.json["title"]] + [f["message"] for f in a.json["errors"]]:
                self.assertEqual(text.isascii(), english, (language, query, text))

    def test_languages_that_are_none(self):
        for bad in ("fr", "", "EN", "ja,en"):
            self.refused(self.writer.get(A, {"lang": bad}), 400, "bad_query", ["not_a_choice"])

    def test_every_kind_of_refusal_has_both_languages(self):
        row, _ = self.create()
        place = A + "/" + row["asset_no"]
        for ask in (lambda h: self.writer.get("/nosuch", headers=h),
                    lambda h: self.nobody.get(A, headers=h),
                    lambda h: self.staff.get("/api/v1/rules", headers=h),
                    lambda h: self.writer.request("PUT", A, headers=h),
                    lambda h: self.writer.request("PATCH", place, "{}", headers=h),
                    lambda h: self.writer.request("PATCH", place, "{}", headers=h | {
                        "If-Match": '"9"'}),
                    lambda h: self.writer.request("POST", place + "/retirement", headers=h | {
                        "If-Match": '"1"'}),
                    lambda h: self.writer.request("POST", A, "x", headers=h),
                    lambda h: self.writer.get(A + "?limit=0", headers=h),
                    lambda h: self.writer.get(A, headers=h | {"Accept": "text/html"})):
            english, japanese = ask({"Accept-Language": "en"}), ask({"Accept-Language": "ja"})
            self.assertEqual(english.json["code"], japanese.json["code"])
            self.assertEqual(english.status, japanese.status)
            self.assertTrue(english.json["title"].isascii())
            self.assertFalse(japanese.json["title"].isascii())

    def test_request_id(self):
        mine = "test-0123456789.abc"
        a = self.writer.get("/nosuch", headers={"X-Request-Id": mine})
        self.assertEqual((a.headers["X-Request-Id"], a.json["request_id"]), (mine, mine))
        for bad in ("short", "x" * 65, "has space in it", "quote\"quote", "new\tline-tab"):
            a = self.writer.get("/nosuch", headers={"X-Request-Id": bad})
            self.assertNotEqual(a.headers["X-Request-Id"], bad)
            self.assertRegex(a.headers["X-Request-Id"], "^[0-9a-f]{32}$")
