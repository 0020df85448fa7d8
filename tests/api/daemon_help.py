"""daichod started in any way, and a PostgreSQL of our own: for tests of the daemon itself."""
import atexit
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from client import Client, answered
from harness import BUILD, START_S, STOP_S, TOP, wait

IS_ROOT = os.geteuid() == 0
ENVIRONMENT = dict(os.environ, DAICHO_DEMO=str(TOP / "contrib" / "demo"))


def programs():
    """Where another user can run them: the tree may lie below root's own directory."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="daicho-bin-"))
    place.chmod(0o755)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name in ("daichod", "daicho"):
        shutil.copy(BUILD / name, place / name)
        yield str(place / name)


DAICHOD, DAICHO = programs()


def unprivileged():
    """Whom to run PostgreSQL, and a daemon without --embedded, as: arguments of Popen."""
    if not IS_ROOT:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def new_home():
    """A directory for daemons, that an unprivileged user can enter and write into."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="daicho-life-"))
    home.chmod(0o755)
    if IS_ROOT:
        os.chown(home, unprivileged()["user"], unprivileged()["group"])
    return home


def run(*args, timeout=60, **more):
    return subprocess.run([str(a) for a in args], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, cwd="/", env=ENVIRONMENT, check=False, text=True,
                          **more)


class Program:
    """One daichod with these arguments; its log is kept from start to start."""

    def __init__(self, home, *args, name="log", **popen):
        self.args = [DAICHOD, *(str(a) for a in args)]
        self.log_path = home / name
        self.log_path.touch()
        self.popen = popen
        self.process = None
        self.port = None
        self.since = 0

    def start(self, seconds=START_S):
        """Until it listens; RuntimeError when it ends instead."""
        self.since = self.log_path.stat().st_size
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.args, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd="/", env=ENVIRONMENT, **self.popen)
        end = time.monotonic() + seconds
        while not self.events("listening"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("daichod did not start:\n" + self.log())
            time.sleep(0.02)
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.events("listening")[0]["message"])
        self.port = int(found.group(1)) if found else None
        return self

    def log(self):
        """What was said since the last start."""
        with open(self.log_path, "rb") as f:
            f.seek(self.since)
            return f.read().decode("utf-8", "replace")

    def events(self, event=None):
        """The log as objects; a last line that is not whole yet is left out."""
        found = [json.loads(line) for line in self.log().splitlines(True)
                 if line.startswith("{") and line.endswith("\n")]
        return [e for e in found if event in (None, e["event"])]

    def client(self, token=None):
        return Client(self.port, token)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, sig=signal.SIGTERM):
        """Sends the signal and returns the exit status."""
        if self.running():
            self.process.send_signal(sig)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("daichod did not end:\n" + self.log()) from None
        return self.process.returncode


class Embedded(Program):
    """daichod --embedded; the postmaster is not its only child, but the one it names."""

    def __init__(self, home, *args, directory="d", **more):
        self.dir = home / directory
        super().__init__(home, "--embedded", self.dir, "--listen", "127.0.0.1:0", *args, **more)

    def postmaster(self):
        try:
            pid = int((self.dir / "data" / "postmaster.pid").read_text().split()[0])
            return pid if is_alive(pid) else None
        except (OSError, ValueError, IndexError):
            return None

    def cli(self, *args):
        done = run(DAICHO, "--embedded", self.dir, *args)
        if done.returncode != 0:
            raise AssertionError("daicho %s: %s" % (" ".join(args), done.stderr))
        return done.stdout.strip()


def is_alive(pid):
    """Runs, and is not a zombie that waits for its parent."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Cluster:
    """A PostgreSQL that belongs to nobody but this test, on a socket only."""

    def __init__(self, home):
        bins = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"),
                      key=lambda p: float(p.parent.name))
        self.bin = bins[-1] if bins else pathlib.Path(shutil.which("pg_ctl")).parent
        self.home = home
        self.data = home / "data"
        self.user = unprivileged()
        self.tool("initdb", "-D", self.data, "-U", "boss", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")
        with open(self.data / "postgresql.conf", "a", encoding="ascii") as conf:
            conf.write("listen_addresses = ''\nfsync = off\nshared_buffers = 32MB\n"
                       "unix_socket_directories = '%s'\n" % home)

    def tool(self, name, *args):
        # output to a file: the server keeps what it inherits
        with tempfile.TemporaryFile() as out:
            done = subprocess.run([str(self.bin / name), *(str(a) for a in args)],
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/",
                                  timeout=60, check=False, **self.user)
            out.seek(0)
            if done.returncode != 0:
                raise AssertionError("%s: %s" % (name, out.read().decode()))

    def start(self):
        self.tool("pg_ctl", "-D", self.data, "-w", "-t", "50", "-l", self.home / "pg.log",
                  "start")

    def stop(self, how="fast"):
        self.tool("pg_ctl", "-D", self.data, "-w", "-t", "50", "-m", how, "stop")

    def conninfo(self, user, dbname="daicho"):
        return "host=%s dbname=%s user=%s" % (self.home, dbname, user)

    def sql(self, text, dbname="daicho"):
        self.tool("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-U", "boss",
                  "-d", dbname, "-c", text)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def unix_get(path, target):
    connection = UnixConnection(path)
    try:
        connection.request("GET", target)
        answer = answered("GET", target, connection.getresponse())
        return answer.status, answer.body
    finally:
        connection.close()


def family(pid):
    """The process and all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, encoding="utf-8", errors="replace") as f:
                    parent = int(f.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def listeners(pid):
    """{(pid, port)} of TCP sockets on which a process of this family listens."""
    ports = {}
    for table in ("tcp", "tcp6"):
        try:
            with open("/proc/net/" + table, encoding="ascii") as f:
                for line in f.readlines()[1:]:
                    part = line.split()
                    if part[3] == "0A":
                        address, _, port = part[1].partition(":")
                        ports["socket:[%s]" % part[9]] = (address, int(port, 16))
        except FileNotFoundError:
            pass
    found = set()
    for one in family(pid):
        try:
            for fd in os.listdir("/proc/%d/fd" % one):
                name = os.readlink("/proc/%d/fd/%s" % (one, fd))
                if name in ports:
                    found.add((one, *ports[name]))
        except OSError:
            continue
    return found


def draft(name):
    """A row that may be posted as it is."""
    return {"institution": "hoshi", "name": name}


def metric(client, name):
    """A figure of /metrics, e.g. daicho_http_requests_total{class="2xx"}."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(name + " "):
            return float(line.rpartition(" ")[2])
    raise AssertionError("no metric " + name)


__all__ = ["Cluster", "DAICHO", "DAICHOD", "Embedded", "IS_ROOT", "Program", "draft", "family",
           "is_alive", "listeners", "metric", "new_home", "run", "unix_get", "unprivileged", "wait"]
