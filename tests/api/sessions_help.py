"""Who logs in: browsers, codes of the second factor, a daemon whose clock is moved."""
import base64
import hashlib
import hmac
import struct
import time

from client import Client
from harness import Case, Daemon


def totp(secret, at):
    """RFC 6238, SHA-1, six digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


class Browser(Client):
    """A client with a cookie jar that says what browsers say."""

    def __init__(self, daemon):
        super().__init__(daemon.port)
        self.cookie = None
        self.csrf = None

    def request(self, method, path, body=None, headers=None, query=None, token=None):
        sent = {"Cookie": self.cookie and "daicho=" + self.cookie, "X-CSRF-Token": self.csrf,
                "Sec-Fetch-Site": "same-origin"} | (headers or {})
        a = super().request(method, path, body, sent, query, token)
        for value in a.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            assert name == "daicho", value
            self.cookie = rest.partition(";")[0] or None
        if self.cookie and a.status in (200, 201) and b'"csrf_token":"' in a.body:
            self.csrf = a.json["csrf_token"]
        return a

    def login(self, login, password, **more):
        return self.post("/api/v1/sessions", {"login": login, "password": password} | more)


class SessionCase(Case):
    """A daemon of its own, because its clock is moved."""

    @classmethod
    def setUpClass(cls):
        cls.offset = 0
        cls.daemon = Daemon(config='require_second_factor = "inst_ciso"\n', clock=0)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.load_logins()
        cls.people = cls.daemon.logins

    @classmethod
    def tearDownClass(cls):
        pass

    @classmethod
    def move(cls, seconds):
        """The time from now on, seen from the truth; always forward, so nothing hangs over."""
        cls.offset += seconds
        cls.daemon.move_clock(cls.offset)

    def now(self):
        return time.time() + self.offset

    def setUp(self):
        self.move(3700)  # delays of the test before are over

    def browser(self, login="suiseigawa.h", **more):
        b = Browser(self.daemon)
        self.addCleanup(b.close)
        self.ok(b.login(login, self.people[login]["password"], **more), 201)
        return b

    def anonymous(self):
        b = Browser(self.daemon)
        self.addCleanup(b.close)
        return b

    def notes(self, what):
        return int(self.daemon.value(
            "SELECT count(*) FROM audit_event WHERE after->>'what' = '%s'" % what))
