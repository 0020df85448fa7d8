"""Broken tables are refused whole, with line and reason; memory stays flat whatever comes."""
import socket
import threading
import time

from harness import Case

MIB = 1024 * 1024
HEAD = "名称,備考\r\n一,x\r\n二,y\r\n"

# what is wrong, what is sent, code, line
BROKEN = [
    ("quote inside a field", HEAD + "三\"x,z\r\n", "csv_bare_quote", 4),
    ("text after a quote", HEAD + "\"三\"x,z\r\n", "csv_text_after_quote", 4),
    ("quote never closed", HEAD + "三,\"z\r\n四,w\r\n", "csv_unclosed_quote", 4),
    ("quote closed far below", HEAD + "\"三,z\r\n四,\"w\r\n", "csv_text_after_quote", 5),
    ("one cell too few", HEAD + "三\r\n四,w\r\n", "column_count", 4),
    ("one cell too many", HEAD + "三,z,w\r\n", "column_count", 4),
    ("NUL in a cell", (HEAD + "三\0,z\r\n").encode(), "csv_nul", 4),
    ("NUL in a quoted cell", (HEAD + "\"三\r\n\0\",z\r\n").encode(), "csv_nul", 5),
    ("NUL in the header", "名称\0\r\nx\r\n".encode(), "csv_nul", 1),
    ("UTF-16", HEAD.encode("utf-16"), None, 1),
    ("no bytes", b"", "empty", 1),
    ("only a BOM", b"\xef\xbb\xbf", "empty", 1),
    ("only blank lines", b"\r\n\n\r\n", "empty", 1),
    ("a thousand and one columns", ",".join("c%d" % i for i in range(1001)) + "\r\n",
     "csv_too_many_fields", 1),
    ("another thousand in a row", HEAD + "," * 1500 + "\r\n", "csv_too_many_fields", 4),
    ("a record of more than a MiB", HEAD + "三,\"" + "x" * MIB + "\"\r\n", "csv_record_too_long", 4),
    ("a header of more than a MiB", "名称," + "x" * MIB + "\r\n", "csv_record_too_long", 1),
    ("two MiB without a line end", "x" * 2 * MIB, "csv_record_too_long", 1),
    ("an image", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, None, None),
    ("an archive", b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(2000), "csv_nul", 1),
]
# refused cell by cell: the table is whole, the text is none
NO_TEXT = [
    ("CP932 in a cell", HEAD.encode() + "三".encode("cp932") + b",z\r\n", "invalid_utf8", 4, "name"),
    ("half a character", HEAD.encode() + "三".encode()[:2] + b",z\r\n", "invalid_utf8", 4, "name"),
    ("a surrogate", HEAD.encode() + b"\xed\xa0\x80,z\r\n", "invalid_utf8", 4, "name"),
    ("an overlong slash", HEAD.encode() + b"a,\xc0\xaf\r\n", "invalid_utf8", 4, "note"),
    ("a control", HEAD.encode() + b"a\x07,z\r\n", "control_character", 4, "name"),
    ("CP932 in the header", "名称".encode("cp932") + b",note\r\na,z\r\n", "bad_header", 1, "A"),
]


def generated(size, line, head=HEAD.encode(), step=1 << 16):
    """Blocks of a table that is never in memory as a whole."""
    yield head
    block = line * max(1, step // len(line))
    sent = len(head)
    while sent < size:
        yield block
        sent += len(block)


class Sizes(Case):
    """Bodies that are made on the way and sent in chunks, and what they cost the daemon."""

    def send(self, blocks, query=None):
        return self.writer.request(
            "POST", "/api/v1/assets/import", body=Blocks(blocks), query=query,
            headers={"Content-Type": "text/csv"})

    def watched(self, blocks, query=None):
        """The answer, and how far the daemon's memory rose meanwhile."""
        start, peak, done = self.daemon.memory(), 0, threading.Event()

        def watch():
            nonlocal peak
            while not done.is_set():
                peak = max(peak, self.daemon.memory())
                time.sleep(0.01)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            answer = self.send(blocks, query)
        finally:
            done.set()
            watcher.join()
        return answer, peak - start

    def assets(self):
        return self.count("SELECT count(*) FROM asset")

    def kept_nothing(self, before):
        self.assertEqual(self.assets(), before)
        self.assertEqual(self.count("SELECT count(*) FROM asset_staging"), 0)


class Blocks:
    """Has read(), so that http.client streams it."""

    def __init__(self, blocks):
        self.blocks = iter(blocks)

    def read(self, _size=-1):
        return next(self.blocks, b"")


class Broken(Sizes):
    def test_broken_tables(self):
        before = self.assets()
        for what, table, code, line in BROKEN:
            for query in ({}, {"on_error": "skip"}, {"on_error": "draft"}):
                with self.subTest(what, **query):
                    a = self.writer.table("assets", table, {"state": "draft"} | query)
                    self.refused(a, 422, "invalid")
                    fault = a.json["errors"][0]
                    self.assertEqual(len(a.json["errors"]), 1, a)
                    if code is not None:
                        self.assertEqual(fault["code"], code)
                    if line is not None:
                        self.assertEqual(fault["line"], line)
                    self.assertTrue(fault["message"])
                    self.kept_nothing(before)

    def test_cells_that_are_no_text(self):
        before = self.assets()
        for what, table, code, line, column in NO_TEXT:
            with self.subTest(what):
                a = self.writer.table("assets", table, {"state": "draft"})
                self.refused(a, 422, "invalid", [code])
                self.fault(a, code, line=line, column=column)
                self.kept_nothing(before)
        a = self.ok(self.writer.table("assets", NO_TEXT[0][1], {"state": "draft", "on_error":
                                                                "skip"}))
        self.assertEqual((a.json["created"], a.json["rejected"]), (2, 1))

    def test_the_report_of_a_broken_table_as_csv(self):
        for _, table, code, _ in BROKEN[:6]:
            a = self.writer.table("assets", table, {"state": "draft", "format": "csv"})
            self.assertEqual((a.status, a.headers["Content-Type"]),
                             (422, "text/csv; charset=utf-8; header=present"))
            self.assertIn("[%s]" % code, a.text)

    def test_the_report_of_a_refused_header_as_csv(self):
        a = self.writer.table("assets", "名称,なぞ,\r\na,b,c\r\n", {"format": "csv"})
        self.assertEqual((a.status, [r["line"] for r in a.rows]), (422, ["1"]))
        self.assertIn("なぞ: [unknown_header]", a.rows[0]["errors"])
        self.assertIn("C: [blank_header]", a.rows[0]["errors"])

    def test_whole_tables_go_in(self):
        """What looks broken and is not."""
        for table, rows in (("名称,備考\r\n", 0), ("名称,備考\r\n\"a\"\"b\",\"c,d\"\r\n", 1),
                            ("名称,備考\r\n\"\",\"\"\r\n", 1), ("名称,備考\r\n,\r\n", 1),
                            ("名称,備考\na,b", 1), ("名称,備考\r\na,b\r\n\r\n\r\n", 1),
                            ("名称\r\n\"" + "字" * 200 + "\"\r\n", 1),
                            ("\"名称\",\"備考\"\r\n\"a\",\"1\r\n2\"\r\n", 1)):
            a = self.ok(self.writer.table("assets", table, {"state": "draft"}))
            self.assertEqual((a.json["lines"], a.json["created"]), (rows, rows))

    def test_a_line_of_100_megabytes(self):
        before = self.assets()
        a, rise = self.watched(generated(100 * MIB, b"x" * 65536))
        self.refused(a, 422, "invalid", ["csv_record_too_long"])
        self.fault(a, "csv_record_too_long", line=4)
        self.assertLess(rise, 24 * MIB)
        self.kept_nothing(before)

    def test_a_client_that_goes_away(self):
        """Half a table, then the connection is gone: nothing of it is kept."""
        before = self.assets()
        with socket.create_connection(("127.0.0.1", self.daemon.port), timeout=20) as s:
            s.sendall(("POST /api/v1/assets/import?state=draft HTTP/1.1\r\nHost: x\r\n"
                       "Authorization: Bearer %s\r\nContent-Type: text/csv\r\n"
                       "Content-Length: 1000000\r\n\r\n" % self.writer.token).encode()
                      + HEAD.encode() * 100)
        self.ok(self.writer.get("/api/v1/me"))
        self.kept_nothing(before)


class Memory(Sizes):
    BOUND = 32 * MIB

    def test_60_megabytes_of_rows(self):
        line = ("大きな表の一行,%s\r\n" % ("z" * 3900)).encode()
        head = "名称,セキュリティ要件に係る事項\r\n".encode()
        a, rise = self.watched(generated(60 * MIB, line, head), {"state": "draft",
                                                                 "dry_run": "true"})
        self.ok(a)
        self.assertGreater(a.json["created"], 15000)
        self.assertLess(rise, self.BOUND)

    def test_more_faults_than_can_be_told(self):
        """Every line is wrong: some are told, all are counted, nothing grows."""
        line = "x,ばつ\r\n".encode()
        head = "名称,特定個人情報保存の該非\r\n".encode()
        a, rise = self.watched(generated(2 * MIB, line, head))
        self.refused(a, 422, "invalid")
        self.assertGreater(a.json["errors_total"], 100000)
        self.assertLess(len(a.json["errors"]), 20000)
        self.assertLess(rise, self.BOUND)

    def test_a_large_export(self):
        """The whole ledger as CSV, many times over, leaves nothing behind."""
        start = self.daemon.memory()
        for _ in range(20):
            self.ok(self.writer.get("/api/v1/assets?format=csv"))
        self.assertLess(self.daemon.memory() - start, self.BOUND)
