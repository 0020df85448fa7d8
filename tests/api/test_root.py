"""Nothing is served as root: a daemon without an embedded database, too, becomes somebody."""
import os
import pwd
import shutil
import unittest

from daemon_help import DAICHOD, IS_ROOT, Program, family, new_home, run, unix_get, unprivileged


class Root(unittest.TestCase):
    """No database is needed to become somebody."""

    def setUp(self):
        self.home = new_home()
        self.addCleanup(shutil.rmtree, self.home)

    def configured(self, user=None, *more):
        path = self.home / "root.conf"
        path.write_text('database = "host=%s dbname=x user=x"\n' % self.home
                        + ('user = "%s"\n' % user if user else "")
                        + "".join(line + "\n" for line in more))
        path.chmod(0o600)
        return path

    def ids(self, pid):
        """Real, effective, saved and file system ids, of user and group, and other groups."""
        with open("/proc/%d/status" % pid, encoding="ascii") as f:
            lines = dict(line.rstrip("\n").split(":\t", 1) for line in f)
        return {name: {int(x) for x in lines[name].split()} for name in ("Uid", "Gid", "Groups")}

    def becomes(self, name, *args):
        user = pwd.getpwnam(name)
        listen = "unix:%s/s-%s" % (self.home, name)
        os.chown(self.home, user.pw_uid, user.pw_gid)
        d = Program(self.home, *args, "--listen", listen, name="log-" + name)
        self.addCleanup(lambda: d.process and d.stop())
        d.start()
        self.assertEqual(unix_get(listen.removeprefix("unix:"), "/healthz")[0], 200)
        for pid in family(d.process.pid):
            ids = self.ids(pid)
            self.assertEqual(ids["Uid"], {user.pw_uid})
            self.assertEqual(ids["Gid"], {user.pw_gid})
            self.assertNotIn(0, ids["Groups"])
        self.assertEqual(os.stat(listen.removeprefix("unix:")).st_uid, user.pw_uid)
        self.assertEqual(d.stop(), 0)

    @unittest.skipUnless(IS_ROOT, "only root can be refused")
    def test_root_is_refused(self):
        done = run(DAICHOD, "-c", self.configured(), "--listen", "127.0.0.1:0", timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn("started by root: say with `user` whom to become", done.stderr)
        self.assertNotIn("listening", done.stderr)

    @unittest.skipUnless(IS_ROOT, "only root can become somebody else")
    def test_root_becomes_the_user(self):
        """What only root may read is read before."""
        key = self.home / "key"
        key.write_text("0" * 64)
        key.chmod(0o600)
        self.becomes("nobody", "-c", self.configured("nobody", 'secret_key_file = "%s"' % key))

    @unittest.skipUnless(IS_ROOT, "only root can become somebody else")
    def test_the_command_line_wins(self):
        name = pwd.getpwuid(unprivileged()["user"]).pw_name
        self.becomes(name, "-c", self.configured("nobody"), "--user", name)

    def test_whom_nobody_becomes(self):
        for name, why in (("no-such-user", "there is no such user"), ("root", "root is whom")):
            for more in ((), ("-n",)):
                done = run(DAICHOD, "-c", self.configured(name), *more, timeout=20)
                self.assertEqual(done.returncode, 1, done)
                self.assertIn(why, done.stderr)
        self.assertEqual(run(DAICHOD, "-n", "-c", self.configured()).returncode, 0)
        self.assertEqual(run(DAICHOD, "-n", "-c", self.configured("nobody")).returncode, 0)

    def test_others_stay_who_they_are(self):
        me = pwd.getpwuid(unprivileged().get("user", os.geteuid())).pw_name
        conf = self.configured("nobody" if me != "nobody" else "daemon")
        conf.chmod(0o644)
        done = run(DAICHOD, "-c", conf, timeout=20, **unprivileged())
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("only root can become another user", done.stderr)
        conf = self.configured(me)
        conf.chmod(0o644)
        d = Program(self.home, "-c", conf, "--listen", "127.0.0.1:0", **unprivileged())
        self.addCleanup(lambda: d.process and d.stop())
        d.start()
        self.assertEqual(d.stop(), 0)
