"""The authorisation matrix: every route × office × situation × 機密性, against golden/matrix.txt.

DAICHO_MATRIX=FILE writes every expectation, one per line, for who wants to read them spelled out.
"""
import hashlib
import os
import secrets
import subprocess

from client import Client
from harness import BUILD, Case, TOP, today

LEVELS = (2, 3, 4)
KINDS = ("named", "unit", "far")
LIVE = ("own", "other")
DEAD = ("expired", "future", "disabled", "revoked")


class Table:
    """tests/golden/matrix.txt"""

    def __init__(self, path):
        self.reach, self.groups, self.rules = {}, {}, {}
        for line in path.read_text("utf-8").splitlines():
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if words[0] == "reach":
                names = ("assets.r", "assets.w", "media.r", "media.w", "history", "rates", "four")
                self.reach[words[1]] = dict(zip(names, words[2:], strict=True))
            elif words[0] == "group":
                self.groups[words[1]] = set(words[2:])
            else:
                if tuple(words[:2]) in self.rules:
                    raise AssertionError("twice: " + line)
                self.rules[tuple(words[:2])] = words[2:]
        for ledger in ("assets", "media"):
            self.groups[ledger + ".history"] = {
                o for o, r in self.reach.items()
                if r["history"] == "yes" and r[ledger + ".r"] != "-"}
            for act in "rw":
                name = "%s.%s" % (ledger, act)
                self.groups[name] = {o for o, r in self.reach.items() if r[name] != "-"}
        self.groups["rate"] = {o for o, r in self.reach.items() if r["rates"] == "yes"}

    def covers(self, office, act, kind, level):
        """Does the office reach this row of its 機関?  act: assets.r …"""
        reach = self.reach[office][act]
        if reach == "-" or kind == "named":
            return reach != "-"
        if level == 4 and self.reach[office]["four"] != "4":
            return False
        return reach in ("inst", "all") or (reach == "unit" and kind == "unit")


def route_list():
    done = subprocess.run([str(BUILD / "daichod"), "--print-routes"], check=True,
                          capture_output=True)
    return [line.split() for line in done.stdout.decode().splitlines()]


class Person:
    """One holder of one office in one situation, with rows that name them."""

    def __init__(self, number, office, situation):
        self.number, self.office, self.situation = number, office, situation
        self.institution = "umi" if situation == "other" else "hoshi"
        self.login = "m%03d" % number
        self.token = None

    def row(self, ledger, kind, level):
        letter = "X" if ledger == "assets" else "Y"
        if kind == "named":
            return "%s%03d-%d" % (letter, self.number, level)
        return "%s%s-%d" % (letter, kind, level)


TOKEN_SQL = ("INSERT INTO token (id, person, secret_sha256, scopes, expires_at) VALUES ('%s', "
             "'%s', decode('%s', 'hex'), '{%s}', now() + interval '1 day');")
CORPORATE = ("ciso", "general_iso", "general_csirt_leader", "committee_member", "corporate_desk")


def make_token(sql, login, scopes="*:*"):
    ident, secret = secrets.token_hex(6), secrets.token_hex(24)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    sql.append(TOKEN_SQL % (ident, login, digest, scopes))
    return "daicho_%s_%s" % (ident, secret)


def person_sql(p):
    unit = p.institution + "-its"
    first, last, revoked = "2020-01-01", "NULL", "NULL, NULL"
    if p.situation == "expired":
        last = "'2021-01-01'"
    elif p.situation == "future":
        first = "2099-01-01"
    elif p.situation == "revoked":
        revoked = "'2021-01-01', 'x'"
    everywhere = p.office in CORPORATE
    sql = ["INSERT INTO person (login, institution, name_ja, email, unit, person_kind, active) "
           "VALUES ('%s', '%s', '試験', 'm@example.ac.jp', '%s', 'employee', %s);"
           % (p.login, p.institution, unit, p.situation != "disabled")]
    if p.office is not None:
        sql.append("INSERT INTO role_assignment (person, office, institution, unit, term_from, "
                   "term_to, appointed_by, appointed_on, revoked_on, revoke_reason, "
                   "delegable_powers) VALUES ('%s', '%s', %s, %s, '%s', %s, '%s', '%s', %s, %s);"
                   % (p.login, p.office, "NULL" if everywhere else "'%s'" % p.institution,
                      "NULL" if everywhere else "'%s'" % unit, first, last, p.login, "2020-01-01",
                      revoked, "'{keep_ledgers,inspect_admins}'" if p.office == "deputy_iso"
                      else "NULL"))
    p.token = make_token(sql, p.login)
    return sql


def row_sql(key, unit, level, person):
    """The values of an asset and of a medium."""
    basis = {2: "c2_internal", 3: "c3_management", 4: "c4_national_security"}[level]
    return ("('X%s', 'hoshi', '%s', '行列', 'server', '室', %d, '%s', false, false, 'full', '全員', "
            "'suiseigawa.h', %s, 'in_operation')" % (key, unit, level, basis, person),
            "('Y%s', 'hoshi', '%s', '行列', %d, '全員', %s, 'stored')"
            % (key, unit, level, person if person != "NULL" else "'suiseigawa.h'"))


def rows_sql(rows):
    """All of them in two statements: each is judged as a whole."""
    columns = ("asset (asset_no, institution, unit, name, asset_type, location_text, "
               "confidentiality, confidentiality_basis, has_personal_info, has_my_number, "
               "internal_media_encryption, users_text, sysadmin, operator, state)",
               "external_media (media_no, institution, unit, name, confidentiality, users_text, "
               "custodian, state)")
    return ["INSERT INTO %s VALUES %s;" % (table, ", ".join(values))
            for table, values in zip(columns, zip(*rows))]


class Matrix(Case):
    """Prepared once; each test walks one face of the matrix."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = Table(TOP / "tests" / "golden" / "matrix.txt")
        cls.routes = route_list()
        cls.acts = {"rating"} | {path.rpartition("/")[2] for (_, path), rule in
                                 cls.table.rules.items() if rule[0].endswith(".act")}
        cls.people = []
        for office in cls.table.reach:
            for situation in LIVE + DEAD:
                cls.people.append(Person(len(cls.people), office, situation))
        cls.people.append(Person(len(cls.people), None, "own"))  # without any office
        # nobody is to find these rows, nor what is wrong with them
        off = ["ALTER TABLE role_assignment DISABLE TRIGGER USER;"]
        off += ["ALTER TABLE %s DISABLE TRIGGER %s_insert;" % (table, name)
                for table in ("asset", "external_media") for name in ("references", "findings")]
        sql = list(off)
        for p in cls.people:
            sql += person_sql(p)
        cls.narrow = {name: make_token(sql, cls.holder("iso").login, scopes) for name, scopes in
                      (("read", "*:read"), ("media", "media:*"), ("umi", "*:*@umi"))}
        cls.scoped = {}
        for route in cls.token_routes():
            for scope in route[2] + route[3]:
                if (route[1], scope) not in cls.scoped:
                    cls.scoped[route[1], scope] = make_token(sql, route[1].login, scope)
        rows = []
        for level in LEVELS:
            for kind, unit in (("unit", "hoshi-its"), ("far", "hoshi-lab")):
                rows.append(row_sql("%s-%d" % (kind, level), unit, level, "NULL"))
            for p in cls.people:
                rows.append(row_sql("%03d-%d" % (p.number, level), "hoshi-lab", level,
                                    "'%s'" % p.login))
        sql += rows_sql(rows) + [s.replace("DISABLE", "ENABLE") for s in off]
        cls.daemon.psql("BEGIN; %s COMMIT;" % "\n".join(sql))
        cls.http = Client(cls.daemon.port)
        cls.spelled, cls.wrong = [], []

    @classmethod
    def tearDownClass(cls):
        cls.http.close()
        # no other test is to find them
        cls.daemon.psql("UPDATE person SET active = false WHERE login ~ '^m[0-9]{3}$'; "
                        "DELETE FROM request WHERE asset LIKE 'X%'; "
                        "ALTER TABLE asset DISABLE TRIGGER USER; "
                        "ALTER TABLE external_media DISABLE TRIGGER USER; "
                        "DELETE FROM asset WHERE asset_no LIKE 'X%'; "
                        "DELETE FROM external_media WHERE media_no LIKE 'Y%'; "
                        "ALTER TABLE asset ENABLE TRIGGER USER; "
                        "ALTER TABLE external_media ENABLE TRIGGER USER;")
        path = os.environ.get("DAICHO_MATRIX")
        if path:
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n".join(cls.spelled) + "\n")
        super().tearDownClass()

    @classmethod
    def holder(cls, office, situation="own"):
        return next(p for p in cls.people if p.office == office and p.situation == situation)

    @classmethod
    def token_routes(cls):
        """(route, a holder who may, scopes of tokens that let in, of tokens that do not)."""
        for route in cls.routes:
            rule = cls.table.rules.get((route[0], route[1]), ["public"])
            if rule[0] == "public" or "session" in rule:
                continue
            offices = cls.offices_of(rule)
            office = "iso" if offices is None or "iso" in offices else sorted(offices)[0]
            word, act = cls.word_of(route[1]), route[3]
            others = ",".join("%s:%s" % (word, a) for a in ("read", "write", "import") if a != act)
            fits = ["%s:%s" % (word, act), "*:" + act]
            fails = [others]
            if word != "*":
                fails.append("%s:*" % ("media" if word != "media" else "units"))
            if offices is not None:
                fails.append("%s:%s@umi" % (word, act))
                fits.append("%s:%s@hoshi" % (word, act))
            yield route, cls.holder(office), fits, fails

    @staticmethod
    def word_of(path):
        """The ledger of a token's scope: the word after /api/v1/, where it is one."""
        first = (path.split("/") + ["", "", ""])[3]
        words = {"directory": "assets", "access-reviews": "reports", "clauses": "rules",
                 "transfer-check": "rules", "workflow": "requests", "me": "*", "": "*"}
        return words.get(first, first)

    def test_every_route_with_and_without_the_scope(self):
        for route, person, fits, fails in self.token_routes():
            method, path = route[:2]
            target = path.replace("{key}", "none").replace("{id}", "none")
            for scope in fits:
                self.expect("%s %s %s %s" % (method, path, person.office, scope),
                            self.ask(method, target, route[-1], self.scoped[person, scope]),
                            "!forbidden", "!unauthenticated", "!internal")
            for scope in fails:
                self.expect("%s %s %s %s" % (method, path, person.office, scope),
                            self.ask(method, target, route[-1], self.scoped[person, scope]),
                            403, "forbidden")

    def setUp(self):
        self.wrong = []

    def tearDown(self):
        if self.wrong:
            self.fail("%d cells are wrong:\n%s" % (len(self.wrong), "\n".join(self.wrong[:40])))

    def ask(self, method, path, limit, token, body=None):
        headers = {}
        if method in ("PUT", "PATCH", "DELETE") or path.rpartition("/")[2] in self.acts:
            headers["If-Match"] = '"0"'
        if path.endswith("/import"):
            headers["Content-Type"] = "text/csv"
            body = "name\r\n"
        elif body is None and int(limit) > 0:
            body = {}
        return self.http.request(method, path, body=body, headers=headers, token=token)

    def expect(self, what, answer, *wanted):
        """wanted: a status, a code, or "!code" for anything but it."""
        code = None
        if answer.status >= 400:
            code = answer.json["code"]
        self.spelled.append("%s: %s" % (what, " ".join(str(w) for w in wanted)))
        for w in wanted:
            good = answer.status == w if isinstance(w, int) else \
                code != w[1:] if w.startswith("!") else code == w
            if not good:
                self.wrong.append("%s: %s, not %s" % (what, answer.status if code is None else
                                                      "%d %s" % (answer.status, code), w))
                return

    def test_every_route_stands_in_the_table(self):
        self.assertEqual(sorted((r[0], r[1]) for r in self.routes), sorted(self.table.rules))

    def test_every_office_stands_in_the_table(self):
        known = {row[0] for row in self.daemon.psql(
            "SELECT unnest(regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g')) FROM "
            "pg_constraint WHERE conname = 'role_assignment_office_check'")}
        self.assertEqual(known, set(self.table.reach))

    @classmethod
    def offices_of(cls, rule):
        """Which offices a rule lets in; None: everybody."""
        if rule[0] in ("public", "known"):
            return None
        if rule[0] == "only":
            return cls.table.groups[rule[1]]
        group, act = rule[0].split(".")
        if group in ("assets", "media"):
            if act == "rate":
                return cls.table.groups["rate"]
            if act == "act":
                return cls.table.groups[rule[1]]
            name = {"list": "r", "get": "r", "history": "history"}.get(act, "w")
            return cls.table.groups["%s.%s" % (group, name)]
        return cls.table.groups[group]

    def doors(self):
        """Every route: what is asked, its rule, whom it lets in."""
        for method, path, *rest in self.routes:
            rule = self.table.rules.get((method, path))
            if rule is not None:
                target = path.replace("{key}", "none").replace("{id}", "none") \
                    .replace("{clause}", "9.9")
                yield (method, target, rest[-1]), "%s %s" % (method, path), rule, \
                    self.offices_of(rule)

    @staticmethod
    def at_the_door(p, rule, offices):
        """What is expected; None where a test of its own says it."""
        live = p.situation in LIVE and p.office is not None
        if p.situation == "disabled":
            return [401]
        if offices is not None and (not live or p.office not in offices):
            return [403, "forbidden"]
        if "session" in rule:
            return [403, "session_needed"]
        if rule[0] in ("only", "known") or rule[0].endswith((".change", ".rate", ".get", ".act",
                                                             ".history")):
            return ["!forbidden", "!unauthenticated", "!internal"]
        return None  # lists, creations and imports

    def test_routes_by_office(self):
        """Who gets past the door at all, in every situation."""
        doors = list(self.doors())
        for ask, what, rule, _ in doors:
            self.expect(what + " nobody", self.ask(*ask, None),
                        *(["!unauthenticated"] if rule[0] == "public" else [401]))
        # one person at all doors: the daemon knows for a second who that is
        for p in self.people:
            for ask, what, rule, offices in doors:
                wanted = None if rule[0] == "public" else self.at_the_door(p, rule, offices)
                if wanted is not None:
                    self.expect("%s %s/%s" % (what, p.office, p.situation),
                                self.ask(*ask, p.token), *wanted)

    def rows(self):
        for p in self.people:
            if p.office is not None and p.situation in LIVE:
                for kind in KINDS:
                    for level in LEVELS:
                        yield p, kind, level

    def seen(self, p, ledger, kind, level):
        # nobody is named in another 機関, and whoever reads everywhere is
        if p.situation == "other" and self.table.reach[p.office][ledger + ".r"] != "all":
            return False
        return self.table.covers(p.office, ledger + ".r", kind, level)

    def changed(self, p, ledger, kind, level):
        if p.situation == "other":
            return False
        return self.table.covers(p.office, ledger + ".w", kind, level)

    def test_rows_of_the_ledgers(self):
        for method, path, *rest in self.routes:
            rule = self.table.rules.get((method, path), ["-"])
            ledger, _, act = rule[0].partition(".")
            if ledger not in ("assets", "media") or "session" in rule or act not in (
                    "get", "history", "change", "act"):
                continue
            for p, kind, level in self.rows():
                if p.office not in self.offices_of(rule):
                    continue
                wanted = 404
                if self.seen(p, ledger, kind, level):
                    wanted = 412
                    if act in ("get", "history"):
                        wanted = 200
                    elif act == "change" and not self.changed(p, ledger, kind, level):
                        wanted = 403
                    elif act == "act" and self.table.reach[p.office][ledger + ".w"] != "-" and \
                            not self.changed(p, ledger, kind, level):
                        wanted = 403
                target = path.replace("{key}", p.row(ledger, kind, level))
                body = {"institution": "hoshi"} if method == "PUT" else None
                what = "%s %s %s/%s %s %d" % (method, path, p.office, p.situation, kind, level)
                self.expect(what, self.ask(method, target, rest[-1], p.token, body), wanted)

    def test_lists_hold_what_is_seen(self):
        for ledger, key in (("assets", "asset_no"), ("media", "media_no")):
            for p in self.people:
                if p.office is None or p.situation not in LIVE or \
                        p.office not in self.table.groups[ledger + ".r"]:
                    continue
                keys = {p.row(ledger, k, n): self.seen(p, ledger, k, n)
                        for k in KINDS for n in LEVELS}
                for query in ({}, {"q": "行列"}, {"format": "ndjson"}):
                    a = self.http.get("/api/v1/" + ledger, token=p.token, query={
                        key + "__in": ",".join(keys), "fields": key, **query})
                    items = a.lines if "format" in query else a.json["items"]
                    found = {r[key] for r in items}
                    if found != {k for k, there in keys.items() if there}:
                        self.wrong.append("GET %s %s %s/%s: %s" % (ledger, query, p.office,
                                                                   p.situation, sorted(found)))

    def test_the_past_takes_who_reads_histories(self):
        """As of today they see what they see; nobody else asks for a day."""
        for ledger, key in (("assets", "asset_no"), ("media", "media_no")):
            for p in self.people:
                if p.office is None or p.situation not in LIVE or \
                        p.office not in self.table.groups[ledger + ".r"]:
                    continue
                keys = {p.row(ledger, k, n): self.seen(p, ledger, k, n)
                        for k in KINDS for n in LEVELS}
                a = self.http.get("/api/v1/" + ledger, token=p.token, query={
                    key + "__in": ",".join(keys), "fields": key, "as_of": today().isoformat()})
                what = "GET %s?as_of= %s/%s" % (ledger, p.office, p.situation)
                if p.office not in self.table.groups[ledger + ".history"]:
                    self.expect(what, a, "forbidden")
                    continue
                self.expect(what, a, 200)
                if {r[key] for r in a.json["items"]} != {k for k, there in keys.items() if there}:
                    self.wrong.append(what)

    def test_creations(self):
        for ledger in ("assets", "media"):
            for p in self.people:
                live = p.situation in LIVE and p.office is not None
                may = live and p.office in self.table.groups[ledger + ".w"]
                for path, home in (("", 201), ("/import", 200)):
                    wanted = 401 if p.situation == "disabled" else 403
                    if may:
                        # what an import of no rows may do, it may do everywhere
                        wanted = home if p.situation == "own" or path else 422
                    a = self.ask("POST", "/api/v1/%s%s" % (ledger, path) + "?dry_run=true", 1,
                                 p.token, {"institution": "hoshi", "name": "x"}) if not path else \
                        self.http.request("POST", "/api/v1/%s/import?dry_run=true" % ledger,
                                          body="name\r\n", token=p.token,
                                          headers={"Content-Type": "text/csv"})
                    self.expect("POST %s%s %s/%s" % (ledger, path, p.office, p.situation), a,
                                wanted)

    def test_organisation_by_institution(self):
        keys = {"institutions": "hoshi", "units": "hoshi-its", "areas": "hoshi-a101",
                "persons": "suiseigawa.h"}
        for ledger, key in keys.items():
            for p in self.people:
                if p.situation not in LIVE or p.office not in self.table.groups["readers"]:
                    continue
                everywhere = self.table.reach[p.office]["assets.r"] == "all"
                self.expect("GET %s %s/%s" % (ledger, p.office, p.situation),
                            self.http.get("/api/v1/%s/%s" % (ledger, key), token=p.token),
                            200 if everywhere or p.situation == "own" else 404)

    def test_tokens_narrow(self):
        """The same iso, with tokens for reading only, for media only, for another 機関."""
        def row(token, path, wanted, method="GET", body=None):
            self.expect("%s %s %s" % (token, method, path),
                        self.ask(method, "/api/v1/" + path, 0, self.narrow[token], body), wanted)
        row("read", "assets/Xunit-3", 200)
        row("read", "assets/Xunit-3", 403, "PATCH", {})
        row("media", "media/Yunit-3", 200)
        row("media", "media/Yunit-3", 412, "PATCH", {})
        row("media", "assets/Xunit-3", 403)
        row("umi", "assets/Xunit-3", 403)

    def test_refusals_name_who_may(self):
        a = self.refused(self.ask("PATCH", "/api/v1/assets/Xunit-3", 1,
                                  self.holder("auditor").token, {}), 403, "forbidden")
        self.assertIn({"office": "iso", "label": "情報セキュリティ責任者"}, a["offices"])
        self.assertNotIn("ism", [o["office"] for o in a["offices"]])
