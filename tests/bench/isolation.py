"""Reading one row while everything else goes on: what it costs, and what goes on."""
import os
import socket
import statistics
import threading
import time
from urllib.parse import quote

import inventory
from service import Failed

SECONDS = 5
ROUNDS = 3
SLOW = 200
PACE_S = 0.25  # between two bytes of a slow client


SLOW_WORD = "じっくり"
SLOW_S = 30

# Searching for one word keeps a core busy for half a minute; other words are searched as ever.
SLOW_SEARCH = f"""
    CREATE OR REPLACE FUNCTION search_like(term text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
        PARALLEL SAFE AS $$
    BEGIN
        WHILE term = '{SLOW_WORD}' AND
            clock_timestamp() < statement_timestamp() + interval '{SLOW_S} s' LOOP END LOOP;
        RETURN '%' || search_key(ARRAY[term]) || '%';
    END $$"""


class SlowClients(threading.Thread):
    """A third each: headers that never end, bodies that never end, readers that hardly read.
    Whoever is cut off comes back."""

    def __init__(self, service, token):
        super().__init__(daemon=True)
        self.service, self.token = service, token
        self.stopping = False
        self.came = self.cut = 0
        self.clients = {}  # socket: kind

    def open(self, kind):
        unix = self.service.address.startswith("unix:")
        s = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        if unix:
            s.connect(self.service.address[5:])
        else:
            host, port = self.service.address.split(":")
            s.connect((host, int(port)))
        head = f"Host: localhost\r\nAuthorization: Bearer {self.token}\r\n"
        if kind == "head":
            text = "GET /api/v1/assets HTTP/1.1\r\n" + head + "X-Slow: "
        elif kind == "body":
            text = ("POST /api/v1/assets HTTP/1.1\r\n" + head +
                    "Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n{")
        else:
            text = "GET /api/v1/assets?limit=500 HTTP/1.1\r\n" + head + "\r\n"
        s.sendall(text.encode())
        s.setblocking(False)
        self.clients[s] = kind
        self.came += 1

    def step(self, s, kind):
        """One byte; False when the server has had enough."""
        try:
            return len(s.recv(16)) > 0 if kind == "reader" else s.send(b" ") == 1
        except BlockingIOError:
            return True
        except OSError:
            return False

    def run(self):
        for i in range(SLOW):
            self.open(("head", "body", "reader")[i % 3])
        while not self.stopping:
            end = time.monotonic() + PACE_S
            for s, kind in list(self.clients.items()):
                if not self.step(s, kind):
                    s.close()
                    del self.clients[s]
                    self.cut += 1
                    self.open(kind)
            time.sleep(max(0, end - time.monotonic()))
        for s in self.clients:
            s.close()


class Repeated(threading.Thread):
    """Does something over and over until told to stop; failures are kept."""

    def __init__(self, what):
        super().__init__(daemon=True)
        self.what, self.stopping, self.done, self.failed = what, False, [], None

    def run(self):
        while not self.stopping:
            start = time.monotonic()
            try:
                self.what()
            except (Failed, OSError) as e:
                if not self.stopping:
                    self.failed = e
                return
            self.done.append(time.monotonic() - start)


def wait_until(bench, what, sql):
    end = time.monotonic() + 60
    while bench.service.sql(f"SELECT EXISTS ({sql})") != [["t"]]:
        if time.monotonic() > end:
            raise Failed(f"{what} does not begin")
        time.sleep(0.05)


def get_lines(bench):
    n = bench.last - bench.first + 1
    return [("GET", f"/api/v1/assets/{bench.first + i * 7919 % n}") for i in range(20000)]


def disturbed(bench, table):
    """p99 with all of it, and what it was."""
    service = bench.service

    def query():
        status, _, text = service.request(
            "GET", f"/api/v1/assets?format=csv&q={quote(SLOW_WORD)}", bench.me)
        if status != 200:
            raise Failed(f"slow query: {status} {text[:300]}")

    slow = SlowClients(service, bench.me)
    threads = [slow, Repeated(query), Repeated(lambda: service.import_table(table, bench.me))]
    for t in threads:
        t.start()
    active = "SELECT FROM pg_stat_activity WHERE state = 'active' AND query SIMILAR TO "
    try:
        wait_until(bench, "the slow query", active + "'SELECT asset_no, institution%' "
                   "AND clock_timestamp() > query_start + interval '0.1 s'")
        wait_until(bench, "the import", active + "'(COPY asset_staging|INSERT INTO asset )%'")
        out = bench.sides.http(bench.me, get_lines(bench), SECONDS)
        if slow.came - slow.cut < SLOW or threads[1].done:
            raise Failed("what was to disturb has ended early")
    finally:
        for t in threads:
            t.stopping = True
        service.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE state = 'active' "
                    "AND usename = 'daicho_app'")
        for t in threads:
            t.join(60)
    for t in threads[1:]:
        if t.failed is not None:
            raise t.failed
    return out


def isolation(bench):
    """Rounds that take turns: medians of the p99 quiet and disturbed (µs)."""
    service = bench.service
    table = os.path.join(service.top, "import.csv")
    if not os.path.exists(table):
        inventory.write_table(table, bench.org, bench.rows, 100000)
    bench.mark()
    service.sql(SLOW_SEARCH)
    quiet, busy = [], []
    for _ in range(ROUNDS):
        quiet.append(bench.sides.http(bench.me, get_lines(bench), SECONDS))
        busy.append(disturbed(bench, table))
        bench.clean()

    def median(rounds, key):
        return statistics.median(r[key] for r in rounds)
    told = (f"one {SLOW_S} s query, an import and {SLOW} slow clients "
            f"({median(busy, 'rate'):.0f}/s of {median(quiet, 'rate'):.0f}/s left)")
    return median(quiet, "p99_us"), median(busy, "p99_us"), told
