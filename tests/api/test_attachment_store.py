"""Documents at rest: enciphered, bound, rotated keys, quota, what is cleared away."""
import os
import pathlib
import re
import subprocess

import files
from client import Client
from files import upload
from harness import BUILD, Daemon, wait
from sessions_help import Browser
from test_attachments import R, Attachments, at_once
from test_requests import ADMIN

MAX, QUOTA, DAYS = 300000, 1000000, 30
MARK = "目印:MAGNETAR-7731"


class Store(Attachments):
    """A daemon of its own, whose files and keys may be broken."""

    @classmethod
    def setUpClass(cls):
        cls.browsers = {}
        cls.daemon = Daemon(config="attachment_max = %d\nattachment_quota = %d\n"
                            "attachment_clean_days = %d\n" % (MAX, QUOTA, DAYS), clock=0)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()
        cls.key_file = cls.daemon.dir / "attachment.key"

    @classmethod
    def tearDownClass(cls):
        pass

    def restart(self):
        self.daemon.stop(remove=False)
        type(self).browsers = {}
        self.daemon.start()

    def refuses_to_start(self, why):
        """The daemon with the files as they are, then stopped."""
        self.daemon.stop(remove=False)
        try:
            self.daemon.start()
        except RuntimeError as e:
            self.assertIn(why, str(e))
        else:
            self.fail("it started")
        finally:
            type(self).browsers = {}

    def one(self, data=None, **said):
        return self.ok(self.file(self.draft(), data or files.pdf(MARK), **said),
                       201).json["attachment_no"]

    def check(self, status):
        done = self.daemon.cli("attachments", "check", check=False)
        self.assertEqual(done.returncode, status, done)
        self.assertNotIn(b"daicho: ", done.stderr)
        return done.stdout.decode()


class AtRest(Store):
    def test_nothing_to_read_on_the_disk(self):
        data = files.pdf(MARK) + b"%" + MARK.encode() * 20000
        no = self.one(data[:MAX])
        self.daemon.psql("CHECKPOINT")
        found = [p for p in self.daemon.dir.rglob("*") if p.is_file()
                 and MARK.encode() in p.read_bytes()]
        self.assertEqual(found, [])
        self.assertEqual(self.content(no).body, data[:MAX])
        # the search does find what lies open
        self.daemon.psql("CREATE TABLE open_mark AS SELECT '%s'::text AS x; CHECKPOINT;" % MARK)
        self.assertTrue(any(MARK.encode() in p.read_bytes()
                            for p in self.daemon.dir.rglob("*") if p.is_file()))
        self.daemon.psql("DROP TABLE open_mark")
        # and the key is nowhere in the database
        key = self.key_file.read_text().split()[1]
        self.assertEqual(self.key_file.stat().st_mode & 0o777, 0o600)
        for form in (key.encode(), bytes.fromhex(key)):
            self.assertEqual([p for p in (self.daemon.dir / "data").rglob("*") if p.is_file()
                              and form in p.read_bytes()], [])

    def broken(self, no, why, sql, undo):
        """500 and not a byte; the check names it; whole again afterwards."""
        self.daemon.psql(sql)
        a = self.content(no)
        said = self.refused(a, 500, "attachment_damaged")
        self.assertIn(no, said["detail"])
        self.assertIn(why, said["detail"])
        self.assertNotIn(MARK.encode(), a.body)
        self.assertRegex(self.check(1), r"(?m)^%s\t" % no)
        self.daemon.psql(undo)
        self.ok(self.content(no))

    def test_damage(self):
        no = self.one(files.pdf(MARK) + b"x" * 270000)
        other = self.one(files.pdf("anderes"))
        self.assertEqual(len(self.check(0).splitlines()), 1)
        chunk = "attachment_chunk WHERE attachment_no = '%s' AND position = %d"
        self.daemon.psql("CREATE TEMP TABLE kept AS SELECT * FROM attachment_chunk; CREATE TEMP "
                         "TABLE kept_content AS SELECT * FROM attachment_content")
        back = ("DELETE FROM attachment_chunk; UPDATE attachment_content c SET wrapped_key = "
                "k.wrapped_key, chunks = k.chunks FROM kept_content k WHERE k.attachment_no = "
                "c.attachment_no; INSERT INTO attachment_chunk SELECT * FROM kept;")
        flip = "UPDATE attachment_chunk SET data = set_byte(data, %d, get_byte(data, %d) # 1) " \
            "WHERE attachment_no = '%s' AND position = %d"
        for place, at in ((0, 0), (0, 262159), (1, 5)):
            self.broken(no, "chunk %d" % place, flip % (at, at, no, place), back)
        self.broken(no, "bytes are missing", "DELETE FROM " + chunk % (no, 1), back)
        self.broken(no, "bytes are missing", "DELETE FROM attachment_chunk WHERE attachment_no = "
                    "'%s'" % no, back)
        # cut, and said to be whole
        self.broken(no, "chunk 0", "DELETE FROM %s; UPDATE attachment_content SET chunks = 1 WHERE "
                    "attachment_no = '%s'" % (chunk % (no, 1), no), back)
        # two chunks, then two documents, change places
        self.broken(no, "chunk 0", "UPDATE attachment_chunk c SET data = (SELECT data FROM kept k "
                    "WHERE k.attachment_no = '%s' AND k.position = 1 - c.position) WHERE "
                    "attachment_no = '%s'" % (no, no), back)
        self.broken(other, "its key does not open", "UPDATE attachment_content SET wrapped_key = "
                    "(SELECT wrapped_key FROM kept_content WHERE attachment_no = '%s') WHERE "
                    "attachment_no = '%s'" % (no, other), back)
        self.broken(other, "chunk 0", "UPDATE %s" % (chunk % (other, 0)).replace(
            " WHERE", " SET data = (SELECT data FROM kept WHERE attachment_no = '%s' AND position "
            "= 1) WHERE" % no), back)
        # what it is bound to
        for column, value in (("institution", "umi"), ("sha256", "0" * 64), ("size_bytes", "17")):
            was = self.daemon.value("SELECT %s FROM attachment WHERE attachment_no = '%s'"
                                    % (column, other))
            setting = ("ALTER TABLE attachment DISABLE TRIGGER ALL; UPDATE attachment SET %s = "
                       "'%s' WHERE attachment_no = '%s'; ALTER TABLE attachment ENABLE TRIGGER ALL")
            self.broken(other, "its key does not open", setting % (column, value, other),
                        setting % (column, was, other))
        self.daemon.psql("DROP TABLE kept, kept_content")

    def test_only_with_its_bytes(self):
        """Not even the owner makes a row without bytes; the daemon's role makes none at all."""
        row = self.draft().json["request_no"]
        insert = ("INSERT INTO attachment (institution, request, kind, file_name, sha256, "
                  "size_bytes, confidentiality) VALUES ('hoshi', '%s', 'other', 'a.pdf', "
                  "repeat('0', 64), 1, 2)" % row)
        self.assertIn("without its bytes", self.daemon.psql(insert, check=False)[1])
        many = insert.replace("VALUES (", "SELECT ").rstrip(")") + " FROM generate_series(1, %d)"
        add = ("SELECT attachment_add(jsonb_build_object('attachment_no', 'Zx', 'kind', 'other', "
               "'file_name', 'a.pdf', 'sha256', repeat('0', 64), 'size_bytes', 1, 'media_type', "
               "'x/y', 'confidentiality', 2), 'hoshi', '%s', NULL); " % row)
        self.assertIn("there are 200 documents already", self.daemon.psql(
            "BEGIN; %s; %s ROLLBACK" % (many % 200, add), check=False)[1])
        self.assertEqual(self.daemon.psql("BEGIN; %s; %s ROLLBACK" % (many % 199, add),
                                          check=False)[0], 0)
        no = self.one()
        for sql in (insert, "DELETE FROM attachment", "UPDATE attachment_chunk SET data = data",
                    "INSERT INTO attachment_chunk VALUES ('%s', 9, '\\x00')" % no,
                    "DELETE FROM attachment_content"):
            self.assertIn("permission denied", self.daemon.psql(sql, "daicho_app", check=False)[1])
        self.assertIn("a document that stands is not written", self.daemon.psql(
            "SELECT attachment_put('%s', 9, decode(repeat('00', 20), 'hex'))" % no, "daicho_app",
            check=False)[1])
        self.assertIn("only where the machine stands", self.daemon.psql(
            "SELECT attachment_rewrap('%s', 'a', 'b', '\\x00')" % no, "daicho_app", check=False)[1])
        # without an act nothing of it is seen
        self.assertEqual(self.daemon.psql("SELECT count(*) FROM attachment_chunk", "daicho_app"),
                         [["0"]])


class Keys(Store):
    def test_rotation(self):
        no = self.one()
        first = self.key_file.read_text()
        added = self.daemon.cli("attachments", "key", str(self.key_file)).stdout.decode().strip()
        self.assertEqual(self.key_file.read_text().splitlines()[0], first.strip())
        self.assertEqual(self.key_file.stat().st_mode & 0o777, 0o600)
        # the daemon that runs reads the file again for a key that it does not have
        self.assertEqual(self.daemon.cli("attachments", "rekey").stdout.decode().split()[-1], added)
        self.ok(self.content(no))
        between = self.one()
        self.restart()
        newer = self.one()
        names = dict(self.daemon.psql("SELECT attachment_no, key_name FROM attachment_content"))
        self.assertEqual((names[no], names[between], names[newer]),
                         (added, first.split()[0], added))
        self.assertEqual(self.daemon.cli("attachments", "rekey").stdout.decode(),
                         "1 wrapped with %s\n" % added)
        self.assertEqual(self.daemon.psql("SELECT DISTINCT key_name FROM attachment_content"),
                         [[added]])
        self.assertEqual(self.count("SELECT count(*) FROM audit_event WHERE object = '%s' AND "
                                    "after->>'what' = 'rekeyed'" % no), 1)
        self.assertTrue(self.daemon.cli("attachments", "rekey").stdout.startswith(b"0 "))
        # the old key may go
        kept = self.key_file.read_text()
        self.write(kept.splitlines()[1] + "\n")
        self.restart()
        for each in (no, between, newer):
            self.assertEqual(self.ok(self.content(each)).body, files.pdf(MARK))
        # without its key, or with another one of that name, nothing is given out
        self.write(first)
        self.restart()
        self.assertIn("does not have its key", self.refused(self.content(no), 500,
                                                            "attachment_damaged")["detail"])
        self.write("%s %s\n" % (added, "ab" * 32))
        self.restart()
        self.assertIn("does not open", self.refused(self.content(no), 500,
                                                    "attachment_damaged")["detail"])
        self.assertEqual(self.daemon.cli("attachments", "check", check=False).returncode, 1)
        # files that are none
        self.write(kept)
        self.key_file.chmod(0o644)
        self.refuses_to_start("others may read it")
        self.key_file.chmod(0o600)
        self.write("just text\n")
        self.refuses_to_start("NAME and 64 hexadecimal digits")
        self.write("a %s\na %s\n" % ("ab" * 32, "cd" * 32))
        self.refuses_to_start("names differ")
        self.write("# nothing\n")
        self.refuses_to_start("no key in it")
        self.write(kept)
        self.daemon.start()
        self.ok(self.content(no))

    def write(self, text):
        owner = self.key_file.stat()
        self.key_file.write_text(text)
        if os.geteuid() == 0:
            os.chown(self.key_file, owner.st_uid, owner.st_gid)

    def test_configuration(self):
        good = pathlib.Path(self.daemon.home) / "conf.key"
        self.daemon.cli("attachments", "key", str(good))
        for line, why in (('attachment_key_file = "%s"' % good, None),
                          ('attachment_types = "pdf,zip"', None),
                          ('attachment_key_file = "/nowhere"', b"cannot be opened"),
                          ('attachment_types = "pdf,exe"', b"attachment_types: of pdf"),
                          ('attachment_max = 10', b"attachment_max must be a number"),
                          ('attachment_quota = -1', b"attachment_quota must be")):
            path = pathlib.Path(self.daemon.home) / "try.conf"
            path.write_text(line + "\n")
            done = subprocess.run([str(BUILD / "daichod"), "-n", "-c", str(path)], check=False,
                                  capture_output=True)
            self.assertEqual(done.returncode, 0 if why is None else 1, (line, done))
            self.assertIn(why or b"", done.stderr, line)

    def test_new_file(self):
        path = pathlib.Path(self.daemon.home) / "fresh.key"
        for n in (1, 2):
            self.daemon.cli("attachments", "key", str(path))
            lines = path.read_text().splitlines()
            self.assertEqual(len(lines), n)
            self.assertTrue(all(re.fullmatch(r"\d{8}-[0-9a-f]{8} [0-9a-f]{64}", x) for x in lines))
        path.chmod(0o640)
        self.assertIn(b"others may read it",
                      self.daemon.cli("attachments", "key", str(path), check=False).stderr)


class Limits(Store):
    def test_size_quota_and_cleaning(self):
        row = self.draft()
        before = self.stored()
        self.refused(self.file(row, files.pdf() + b"%" * MAX), 413, "body_too_large")
        self.assertEqual(self.stored(), before)
        big = files.pdf() + b"%" * (MAX - 1000)
        used = self.count("SELECT coalesce(sum(size_bytes), 0) FROM attachment")
        fit = (QUOTA - used) // len(big)
        assets = "/api/v1/assets/" + self.asset("in_operation", level=2)
        token = self.daemon.logins[ADMIN]["token"]
        answers = at_once(lambda i: upload(Client(self.daemon.port, token), assets, big), 8)
        self.assertEqual(sorted(a.status for a in answers), [201] * fit + [507] * (8 - fit))
        full = next(a for a in answers if a.status == 507)
        self.assertIn("of %d" % QUOTA, self.refused(full, 507, "quota_exceeded")["detail"])
        self.assertEqual(self.count("SELECT count(*) FROM attachment t WHERE NOT "
                                    "attachment_whole(t)"), 0)
        self.assertLessEqual(self.count("SELECT sum(size_bytes) FROM attachment"), QUOTA)
        # another 機関 has its own
        login = "shinkai.t"
        b = Browser(self.daemon)
        self.addCleanup(b.close)
        self.ok(b.login(login, self.daemon.logins[login]["password"]), 201)
        row = self.ok(b.post("/api/v1/requests", {"request_type": "log_period", "reason": "容量"}),
                      201)
        self.ok(upload(b, R + row.json["request_no"], big, row.etag), 201)
        self.cleaning()

    def cleaning(self):
        """Drafts that were withdrawn; not those that anybody has seen, nor those still made."""
        small = files.pdf("klein")
        nos = {}
        for what in ("open", "withdrawn", "seen"):
            row = self.draft()
            nos[what] = self.ok(self.file(row, small), 201).json["attachment_no"]
            if what != "open":
                self.done(ADMIN, row, "withdraw", "withdrawn")
            if what == "seen":
                self.daemon.psql("UPDATE request SET submitted_at = now() WHERE request_no = '%s'"
                                 % row.json["request_no"])
        there = "SELECT count(*) FROM attachment WHERE attachment_no = '%s'"
        self.daemon.move_clock((DAYS - 1) * 86400)
        self.daemon.client.get("/healthz")
        self.assertEqual(self.count(there % nos["withdrawn"]), 1)
        self.daemon.move_clock((DAYS + 1) * 86400)
        wait(lambda: self.count(there % nos["withdrawn"]) == 0, "the document is cleared away")
        self.assertEqual([self.count(there % nos[x]) for x in ("open", "seen")], [1, 1])
        self.assertEqual(self.daemon.value("SELECT action FROM audit_event WHERE object = '%s' "
                                           "ORDER BY id DESC LIMIT 1" % nos["withdrawn"]), "delete")
