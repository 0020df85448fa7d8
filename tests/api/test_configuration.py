"""daichod's arguments and its configuration file: what is read, what is refused, what is told."""
import json
import pathlib
import re
import shutil
import tempfile
import unittest

from daemon_help import DAICHO, DAICHOD, run
from harness import TOP


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-conf-"))
        self.addCleanup(shutil.rmtree, self.home)

    def check(self, text):
        path = self.home / "x.conf"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        done = run(DAICHOD, "-n", "-c", path)
        return done.returncode, done.stdout + done.stderr

    def test_good_configurations(self):
        sample = (TOP / "etc" / "daichod.conf").read_text("utf-8")
        for text in ("", sample, re.sub(r"^#(?=\S)", "", sample, flags=re.M),
                     "pool_short = 200 # most\n", 'listen = "unix:/x#y" // why\n',
                     'map a { columns = "x:name" }\nmap b { columns = "-" }\n'):
            with self.subTest(text[:40]):
                self.assertEqual(self.check(text), (0, "configuration is fine\n"))

    def test_bad_configurations_name_file_line_and_key(self):
        for text, line, words in (
                ("pool_shrot = 3\n", 1, "pool_shrot is not a key"),
                ("# one\n# two\n\npool_short = 201\n", 4, "pool_short must be a number, 1..200"),
                ("pool_long = 0\n", 1, "pool_long must be a number, 1..100"),
                ('pool_long = "two"\n', 1, "pool_long must be a number"),
                ("pool_long = 99999999999999999999\n", 1, "pool_long"),
                ('\nlog_level = "loud"\n', 2, "log_level"),
                ("prepared_statements = perhaps\n", 1, "prepared_statements must be true"),
                ("listen\n", 2, "not understood"),
                ('database = "host=x password=secret\nlisten = "y"\n', 2, "listen"),
                ('map a { colmuns = "x" }\n', 1, "map"),
                ("= 3\n", 1, "not understood")):
            with self.subTest(text):
                status, said = self.check(text)
                self.assertEqual(status, 1, said)
                self.assertIn("daichod: %s:%d: %s" % (self.home / "x.conf", line, words), said)
                self.assertNotIn("secret", said)
                self.assertEqual(said.count("\n"), 1)

    def test_files_that_are_no_configuration(self):
        for text in (b"\0", b"listen = \0", bytes(range(256)), b"x" * (1 << 20)):
            with self.subTest(text[:10]):
                status, said = self.check(text)
                self.assertEqual(status, 1, said)
                self.assertIn(str(self.home / "x.conf"), said)
        for path in (self.home / "none.conf", self.home):
            done = run(DAICHOD, "-n", "-c", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("%s: cannot be read" % path, done.stderr)

    def test_wrong_command_lines(self):
        for args in ((), ("-n",), ("--demo",), ("-c", "x", "--demo"), ("--frobnicate",),
                     ("-c",), ("--embedded", "x", "extra")):
            with self.subTest(args):
                done = run(DAICHOD, *args)
                self.assertEqual(done.returncode, 2)
                self.assertIn("usage: daichod", done.stderr)

    def test_every_route_is_printed(self):
        lines = run(DAICHOD, "--print-routes").stdout.splitlines()
        printed = []
        for line in lines:
            found = re.fullmatch(r"(\w+) +(/\S*) ([\w,]+) (\w+) (\d+)", line)
            self.assertTrue(found, line)
            self.assertNotIn("nobody", line)
            printed.append((found.group(1).lower(), found.group(2)))
        paths = json.loads(run(DAICHO, "openapi").stdout)["paths"]
        described = [(method, path) for path, item in paths.items() for method in item
                     if method in ("get", "post", "put", "patch", "delete")]
        self.assertEqual(sorted(printed), sorted(described))
        self.assertEqual(len(printed), len(set(printed)))


if __name__ == "__main__":
    unittest.main()
