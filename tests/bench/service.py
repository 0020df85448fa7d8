"""A daemon with its own PostgreSQL in a directory of its own, and ways to talk to both."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Failed(Exception):
    pass


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Service:
    def __init__(self, build):
        self.build = build
        self.top = tempfile.mkdtemp(prefix="daicho-bench-")
        os.chmod(self.top, 0o755)
        self.dir = os.path.join(self.top, "d")
        self.log = os.path.join(self.top, "log")
        self.daemon = None

    def __enter__(self):
        # started as root, the daemon gives root up: it must still be able to make its socket
        sockets = os.path.join(self.top, "s")
        os.mkdir(sockets)
        os.chmod(sockets, 0o777)
        self.address = "unix:" + os.path.join(sockets, "http")
        if os.environ.get("BENCH_LISTEN") == "tcp":
            with socket.socket() as s:
                s.bind(("127.0.0.1", 0))
                self.address = "127.0.0.1:%d" % s.getsockname()[1]
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        with open(self.log, "wb") as log:
            self.daemon = subprocess.Popen(
                [f"{self.build}/daichod", "--embedded", self.dir, "--listen", self.address,
                 "--demo"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        end = time.monotonic() + 120
        while True:
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    break
            except OSError:
                pass
            if self.daemon.poll() is not None or time.monotonic() > end:
                with open(self.log, encoding="utf-8", errors="replace") as f:
                    raise Failed("the daemon does not start:\n" + f.read()[-2000:])
            time.sleep(0.1)
        # where the unprivileged user cannot enter, the data are elsewhere, and the log says so
        with open(self.find_postmaster() + "/postmaster.pid", encoding="ascii") as f:
            lines = f.read().split("\n")
        self.postmaster = int(lines[0])
        self.port, self.socket_dir = lines[3], lines[4]
        self.bin = os.path.dirname(os.readlink(f"/proc/{self.postmaster}/exe"))

    def find_postmaster(self):
        if os.path.exists(self.dir + "/data/postmaster.pid"):
            return self.dir + "/data"
        with open(self.log, encoding="utf-8", errors="replace") as f:
            for word in f.read().replace('"', " ").split():
                if os.path.exists(word.rstrip(".,;") + "/data/postmaster.pid"):
                    return word.rstrip(".,;") + "/data"
        raise Failed("no PostgreSQL found")

    def __exit__(self, *_):
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            try:
                self.daemon.wait(60)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()
        shutil.rmtree(self.top, ignore_errors=True)

    # ---- HTTP

    def connect(self, timeout=600):
        if self.address.startswith("unix:"):
            return UnixConnection(self.address[5:], timeout)
        return http.client.HTTPConnection(self.address, timeout=timeout)

    def request(self, method, path, token=None, body=None, kind="application/json", version=None):
        """(status, headers, text of the body)"""
        headers = {}
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        if body is not None:
            headers["Content-Type"] = kind
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        c = self.connect()
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            return r.status, r.headers, r.read().decode()
        finally:
            c.close()

    def import_table(self, path, token, query="mode=create&adopted=true"):
        """Imports a CSV file; seconds it took."""
        size = os.path.getsize(path)
        with open(path, "rb") as f:
            start = time.monotonic()
            c = self.connect()
            try:
                c.putrequest("POST", "/api/v1/assets/import?" + query)
                for name, value in (("Authorization", "Bearer " + token),
                                    ("Content-Type", "text/csv"), ("Content-Length", str(size))):
                    c.putheader(name, value)
                c.endheaders()
                c.sock.sendfile(f)
                r = c.getresponse()
                text = r.read().decode()
            finally:
                c.close()
            took = time.monotonic() - start
        if r.status != 200:
            raise Failed(f"import: {r.status} {text[:1000]}")
        return took, json.loads(text)

    def logins(self):
        out = subprocess.run([f"{self.build}/daicho", "--embedded", self.dir, "demo", "logins",
                              "--json"], check=True, capture_output=True, text=True).stdout
        return json.loads(out)

    # ---- PostgreSQL

    def client(self, program, user):
        return [os.path.join(self.bin, program), "-h", self.socket_dir, "-p", self.port, "-U", user]

    def sql(self, text, user="daicho_super"):
        """Runs a script (of psql); rows as lists of texts."""
        p = subprocess.run(self.client("psql", user) + ["-d", "daicho", "-XqAt", "-F", "\x1f",
                                                        "-v", "ON_ERROR_STOP=1"],
                           input=text, capture_output=True, text=True, check=False)
        if p.returncode != 0:
            raise Failed(f"psql: {p.stderr}")
        return [line.split("\x1f") for line in p.stdout.splitlines()]
