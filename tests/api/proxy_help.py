"""A daemon behind a web server: what test_proxy.py and test_apache.py share."""
import json
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

from harness import BUILD, START_S, STOP_S, TOP, wait

IS_ROOT = os.geteuid() == 0
ENVIRONMENT = dict(os.environ, DAICHO_DEMO=str(TOP / "contrib" / "demo"))
EPPN = "suiseigawa@hoshi.example.ac.jp"


def unprivileged():
    """Whom a daemon that was started by root becomes."""
    if not IS_ROOT:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def run(*args):
    return subprocess.run([str(a) for a in args], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, cwd="/", env=ENVIRONMENT, check=False, text=True)


class Embedded:
    """daichod --embedded with any arguments."""

    def __init__(self, home, *args, directory="d"):
        self.dir = home / directory
        self.log_path = home / (directory + ".log")
        self.port = None
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [str(BUILD / "daichod"), "--embedded", str(self.dir), "--listen", "127.0.0.1:0",
                 *(str(a) for a in args)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd="/", env=ENVIRONMENT)

    def start(self):
        wait(lambda: self.events("listening") or self.process.poll() is not None,
             "daichod listens", START_S)
        if self.process.poll() is not None:
            raise RuntimeError("daichod did not start:\n" + self.log_path.read_text("utf-8"))
        found = re.search(r"127\.0\.0\.1:(\d+)", self.events("listening")[0]["message"])
        self.port = int(found.group(1)) if found else None

    def events(self, event):
        lines = self.log_path.read_text("utf-8", "replace").splitlines(True)
        found = [json.loads(x) for x in lines if x.startswith("{") and x.endswith("\n")]
        return [e for e in found if e["event"] == event]

    def cli(self, *args):
        done = run(BUILD / "daicho", "--embedded", self.dir, *args)
        if done.returncode != 0:
            raise AssertionError("daicho %s: %s" % (" ".join(args), done.stderr))
        return done.stdout.strip()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def front():
    """Whom nginx runs as: somebody else than the daemon, in the group of its socket."""
    if not IS_ROOT:
        return {}
    return {"user": pwd.getpwnam("nobody").pw_uid, "group": unprivileged()["group"],
            "extra_groups": []}


def front_name():
    return "nobody" if IS_ROOT else str(os.geteuid())


def connect_as(user, path):
    """The kernel tells the daemon who has connected, whoever writes afterwards."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    group = os.getegid()
    try:
        if user:
            os.setegid(user["group"])
            os.seteuid(user["user"])
        s.connect(str(path))
    finally:
        if user:
            os.seteuid(0)
            os.setegid(group)
    return s


def receive(s):
    data = b""
    while True:
        more = s.recv(65536)
        if not more:
            return data
        data += more


class Raw:
    """An answer to a request that was sent as these bytes."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        self.status = int(head.split()[1]) if head else 0
        self.text = self.body.decode("utf-8", "replace")

    def __repr__(self):
        return "%d %s" % (self.status, self.text[:500])


def free_port():
    """For a server that cannot say which port it was given: may be taken again meanwhile."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(process, port):
    """Waits until the server answers or ends; did it come up?"""
    def settled():
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return True
        except OSError:
            return process.poll() is not None
    wait(settled, "the web server listens")
    return process.poll() is None


def exchange(port, *lines):
    """These lines, as they are, to the web server; its answer."""
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        return Raw(receive(s))


class ProxyCase(unittest.TestCase):
    """The daemon with the demonstration on a Unix socket, where `front()` is the proxy."""
    longMessage = True

    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-proxy-"))
        cls.home.chmod(0o755)
        if IS_ROOT:
            os.chown(cls.home, unprivileged()["user"], unprivileged()["group"])
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.socket = cls.home / "daichod.sock"
        cls.conf = cls.configure("proxy.conf", front_name())
        cls.daemon = Embedded(cls.home, "-c", cls.conf, "--listen", "unix:%s" % cls.socket,
                              "--demo")
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.start()
        cls.daemon.cli("identity", "set", "suiseigawa.h", "eppn", EPPN)
        cls.token = cls.daemon.cli("token", "issue", "suiseigawa.h")

    @classmethod
    def configure(cls, name, uids, header="X-Remote-User"):
        path = cls.home / name
        path.write_text('proxy_header = "%s"\nproxy_uids = "%s"\n' % (header, uids), "utf-8")
        path.chmod(0o644)
        return path

    def raw(self, *lines, path=None, target="/whoami", method="GET", user=None):
        """As the proxy itself would send it."""
        text = "\r\n".join(("%s %s HTTP/1.1" % (method, target), "Host: x", "Connection: close",
                            *lines, "", ""))
        with connect_as(front() if user is None else user, path or self.socket) as s:
            s.sendall(text.encode("latin-1"))
            return Raw(receive(s))

    def is_me(self, answer):
        self.assertEqual(answer.status, 200, answer)
        self.assertIn("(suiseigawa.h, hoshi)", answer.text)

    def refused(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer)
        self.assertNotIn("suiseigawa", answer.text)
        if code is not None:
            self.assertIn('"code":"%s"' % code, answer.text)
