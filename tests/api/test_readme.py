"""The session in both READMEs, pasted as it is printed; the example scripts; the sample files."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, TOP, Daemon

SHELLS = {"README.md": "bash", "README.ja.md": "sh"}
EXAMPLES = sorted((TOP / "api" / "examples").glob("[0-9]*.sh"))


def blocks(text, language):
    return re.findall(r"^```%s\n(.*?)^```$" % language, text, re.M | re.S)


def session(name):
    """[(commands, what they print)] between the marks of a README."""
    text = (TOP / name).read_text("utf-8")
    part = re.search(r"<!-- session: begin -->(.*?)<!-- session: end -->", text, re.S).group(1)
    found = re.findall(r"^```sh\n(.*?)^```$\s*^```text\n(.*?)^```$", part, re.M | re.S)
    if len(found) * 2 != part.count("```\n\n") or len(found) < 8:
        raise AssertionError("%s: a block of the session is without its answer" % name)
    return found


def pattern(printed):
    """`…` stands for anything, numbers of rows for any number, white space for any."""
    parts = []
    for token in re.findall(r"…|\s+|A\d{8}|[^…\s]", printed.strip()):
        if token == "…":
            parts.append(r".*?")
        elif token.isspace():
            parts.append(r"\s*")
        elif re.fullmatch(r"A\d{8}", token):
            parts.append(r"A\d{8}")
        else:
            parts.append(re.escape(token))
    return re.compile(r"\A" + "".join(parts) + r"\s*\Z", re.S)


class Paste(unittest.TestCase):
    """A directory that looks like the clone after `make run` in another terminal."""

    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.stop)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-readme-"))
        self.addCleanup(shutil.rmtree, self.home)
        (self.home / "build").mkdir()
        (self.home / "var").mkdir()
        (self.home / "build" / "daicho").symlink_to(BUILD / "daicho")
        (self.home / "var" / "demo").symlink_to(self.daemon.dir)
        (self.home / "api").symlink_to(TOP / "api")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.lower().endswith("_proxy")}
        self.environment["DAICHO_URL"] = "http://127.0.0.1:%d" % self.daemon.port

    def run_shell(self, *command, **more):
        return subprocess.run(command, cwd=self.home, env=self.environment | more,
                              capture_output=True, timeout=60, check=False)

    def paste(self, name):
        mark = "---- block %d ----"
        parts = session(name)
        script = "".join("%s\necho '%s'\n" % (commands, mark % i)
                         for i, (commands, _) in enumerate(parts))
        done = self.run_shell(SHELLS[name], "-c", script)
        rest = done.stdout.decode("utf-8")
        for i, (commands, printed) in enumerate(parts):
            said, _, rest = rest.partition(mark % i)
            self.assertRegex(said.strip(), pattern(printed), "%s:\n%s" % (name, commands))
        errors = [line for line in done.stderr.decode().splitlines()
                  if not re.match(r"Running as user |valid until [-0-9]{10} .*; it is not shown "
                                  r"again$", line)]
        self.assertEqual((done.returncode, errors), (0, []))

    def test_english(self):
        self.paste("README.md")

    def test_japanese_and_then_the_examples(self):
        self.paste("README.ja.md")
        token = self.daemon.cli("token", "issue", "kitaboshi.y", "--scope",
                                "*:*@hoshi").stdout.decode().strip()
        self.assertGreaterEqual(len(EXAMPLES), 5)
        for again in (False, True): # a script can be run a second time
            for path in EXAMPLES:
                with self.subTest(path.name, again=again):
                    done = self.run_shell(str(path), DAICHO_TOKEN=token)
                    self.assertEqual(done.returncode, 0,
                                     done.stdout.decode() + done.stderr.decode())
        with self.subTest("a wrong token is noticed"):
            for path in EXAMPLES:
                self.assertNotEqual(self.run_shell(str(path), DAICHO_TOKEN="daicho_x_y")
                                    .returncode, 0, path.name)
        with self.subTest("no variable, no run"):
            for path in EXAMPLES:
                self.assertNotEqual(self.run_shell(str(path), DAICHO_URL="").returncode, 0)


class Text(unittest.TestCase):
    def test_sessions_are_the_same_commands(self):
        """Languages of the answers differ, and nothing else."""
        english, japanese = ([re.sub(r" -H 'Accept-Language: en'( \\\n  )?", r"\1", commands)
                              for commands, _ in session(name)] for name in SHELLS)
        squeeze = re.compile(r"[\s\\]+")
        self.assertEqual([squeeze.sub(" ", c) for c in english],
                         [squeeze.sub(" ", c) for c in japanese])

    def test_both_open_with_the_two_commands(self):
        for name in SHELLS:
            first = blocks((TOP / name).read_text("utf-8"), "sh")[0]
            self.assertEqual(first.split("\n"), ["make run", "make check", ""], name)

    def test_links_lead_somewhere(self):
        for name in SHELLS:
            for target in re.findall(r"\]\(([^)#:]+)\)", (TOP / name).read_text("utf-8")):
                self.assertTrue((TOP / target).exists(), "%s: %s" % (name, target))

    def test_every_dependency_is_in_the_table(self):
        need = (TOP / "tools" / "need").read_text("utf-8")
        table = re.search(r"^table='\n(.*?)^'", need, re.M | re.S).group(1)
        for name in SHELLS:
            words = set(re.findall(r"[\w+-]+", (TOP / name).read_text("utf-8").lower()))
            for line in table.splitlines():
                package = line.split()[1].split("|")[0]
                base = re.sub(r"^libclang.*", "clang", package).removesuffix("-dev")
                if package in ("gcc", "libc6-dev", "make", "pkg-config"):
                    continue
                self.assertTrue({base, base.removeprefix("lib")} & words, (name, package))

    def test_sample_configuration_is_what_the_daemon_prints(self):
        printed = subprocess.run([BUILD / "daichod", "--print-config"], capture_output=True,
                                 timeout=20, check=True).stdout
        self.assertEqual((TOP / "etc" / "daichod.conf").read_bytes(), printed,
                         "run: build/daichod --print-config >etc/daichod.conf")

    def test_every_command_of_the_readme_exists(self):
        help_text = subprocess.run([BUILD / "daicho", "--help"], capture_output=True, timeout=20,
                                   check=True).stdout.decode()
        for name in SHELLS:
            text = (TOP / name).read_text("utf-8")
            for command in ("init", "migrate", "token issue", "token list", "token revoke",
                            "office grant", "import", "columns"):
                self.assertIn("\n  " + command, help_text)
                self.assertRegex(text, r"daicho[^\n]* " + command, name)


if __name__ == "__main__":
    unittest.main()
