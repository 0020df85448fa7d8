"""Who may do what: tokens, scopes, persons, offices in force, 機関, on every route."""
import subprocess
import time

import files
from client import Client
from harness import BUILD, OFFICES, PEOPLE, Case, load, today, wait
from sessions_help import Browser

GOOD = load("good", "REG-01")["row"]
ME = "/api/v1/me"
A = "/api/v1/assets"
KEYS = {"assets": "asset_no", "media": "media_no", "asset-users": "user_no", "units": "code",
        "areas": "code", "persons": "login", "institutions": "code", "offices": "office_no",
        "imports": "import_no", "contracts": "contract_no", "documents": "document_no",
        "emergency-contacts": "contact_no", "connections": "connection_no",
        "software-allowlist": "allow_no", "asset-software": "software_no",
        "requests": "request_no", "exceptions": "exception_no", "disposals": "disposal_no",
        "movements": "movement_no", "policies": "policy_no", "rating-levels": "level_no",
        "inventories": "inventory_no", "findings": "finding_no", "catalogues": "catalogue_no",
        "webhooks": "webhook_no"}
# Lists without a filter for the key.
UNFILTERED = ("imports", "webhooks")
# Lists that also hold rows of the whole 機構, which everybody sees.
COMMON = ("offices", "emergency-contacts", "policies", "rating-levels")

# One row of everything that follows the ledgers, for the 機関 %(i)s with its person %(p)s.
REGISTER = """
CREATE TEMP VIEW one AS SELECT institution AS i, min(asset_no) AS a, max(asset_no) AS b,
    (SELECT min(media_no) FROM external_media m WHERE m.institution = a.institution AND
     m.state <> 'draft') AS m
    FROM asset a WHERE institution = '%(i)s' AND state <> 'draft' GROUP BY 1;
INSERT INTO contract (institution, title, contractor, kind, confidentiality, starts_on, ends_on)
    SELECT i, '保守', '業者', 'maintenance', 1, '2020-01-01', '2099-01-01' FROM one;
INSERT INTO document (institution, kind, title, url, owner, reviewed_on)
    SELECT i, 'procedure', '手順', 'https://x.example', '%(p)s', '2020-01-01' FROM one;
INSERT INTO emergency_contact (institution, list_kind, contact_order, person, phone, means)
    SELECT i, 'institution', 1, '%(p)s', '0', '電話' FROM one;
INSERT INTO network_connection (institution, asset, network, permitted_by, permitted_on)
    SELECT i, a, b, '%(p)s', '2020-01-01' FROM one;
INSERT INTO software_allowlist (institution, target, software_name, approved_by, reviewed_on)
    SELECT i, 'both', 'x', '%(p)s', '2020-01-01' FROM one;
INSERT INTO asset_software (institution, asset, software_name) SELECT i, a, 'x' FROM one;
INSERT INTO request (request_type, institution, applicant, asset)
    SELECT 'exception', i, '%(p)s', a FROM one;
INSERT INTO exception_grant (institution, request, rule, asset, alternative, valid_from, valid_to)
    SELECT i, (SELECT max(request_no) FROM request r WHERE r.institution = i), 'REG-10', a, '代替',
    '2020-01-01', '2099-01-01' FROM one;
INSERT INTO disposal_record (institution, medium, method, sanitised_on, sanitised_by, confirmed_by)
    SELECT i, m, 'destroy', '2020-01-01', '業者', '%(p)s' FROM one;
INSERT INTO media_movement (institution, medium, kind, person, destination, purpose,
    confidentiality, encrypted, out_at, due_at) SELECT i, m, 'lend', '%(p)s', '他所', '観測', 1, true,
    '2020-01-01', '2020-01-02' FROM one;
INSERT INTO inventory (institution, fiscal_year, ledgers, title, opens_on, closes_on)
    SELECT i, 2019, '{assets,media}', '棚卸し', '2020-01-01', '2020-12-31' FROM one;
INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, status, submitted_by,
    submitted_at, csirt_visible_at)
    SELECT a || '-v9', i, a, 9, 'submitted', '%(p)s', now(), now() FROM one;
INSERT INTO attachment (institution, asset, kind, file_name, sha256, size_bytes, confidentiality)
    SELECT i, a, 'other', 'x.txt', repeat('0', 64), 1, 1 FROM one;
INSERT INTO webhook (institution, url, owner, office)
    SELECT i, 'https://127.0.0.1:9/', '%(p)s', 'iso' FROM one;
DROP VIEW one;
"""

# What takes a session (of a browser): a token is refused, whatever the office.
SESSION = {("POST", "/api/v1/offices"), ("POST", "/api/v1/offices/{key}/revocation"),
           ("POST", "/api/v1/access-reviews"), ("POST", "/api/v1/tokens"),
           ("POST", "/api/v1/findings/{key}/instruction"),
           ("POST", "/api/v1/assets/{key}/rating"), ("POST", "/api/v1/assets/ratings"),
           ("POST", "/api/v1/media/{key}/rating"), ("POST", "/api/v1/media/ratings"),
           ("POST", "/api/v1/webhooks"), ("PATCH", "/api/v1/webhooks/{key}"),
           ("DELETE", "/api/v1/webhooks/{key}"), ("POST", "/api/v1/webhooks/{key}/secret"),
           ("GET", "/api/v1/sessions/current"), ("DELETE", "/api/v1/sessions/current"),
           ("DELETE", "/api/v1/sessions/{key}"), ("POST", "/api/v1/sessions/reauthentication"),
           ("DELETE", "/api/v1/persons/{key}/sessions"), ("PUT", "/api/v1/me/password"),
           ("POST", "/api/v1/me/totp"), ("POST", "/api/v1/me/totp/confirmation"),
           ("DELETE", "/api/v1/me/totp"), ("POST", "/api/v1/me/recovery-codes")}
# What a token may do to tokens: end any of its owner, renew itself.
ITSELF = ("POST", "/api/v1/tokens/{id}/rotation")
OWN = {("DELETE", "/api/v1/tokens/{id}"), ITSELF}
LOGIN = ("POST", "/api/v1/sessions")
# What these acts are asked with, so that nothing but the row is wrong.
BODIES = {
    "software": '{"software": [{"software_name": "x", "version": "1"}]}',
    "attachments": "x",
    "steps": '{"action": "submit"}',
    "answers": '{"ledger": "assets", "answer": "confirmed", "mine": true}',
    "prolongation": '{"due_at": "2099-01-01", "reason": "試験"}',
    "movements": '{"kind": "lend", "person": "suiseigawa.h", "destination": "他所", "purpose": "試験", '
                 '"confidentiality": 1, "encrypted": true, "out_at": "2026-01-01", '
                 '"due_at": "2026-01-02"}'}


def routes():
    """[(method, path, offices, scope)] as the daemon prints them."""
    text = subprocess.run([str(BUILD / "daichod"), "--print-routes"], capture_output=True,
                          text=True,
                          check=True).stdout
    rows = [line.split() for line in text.splitlines()]
    return [(method, path, set(offices.split(",")), scope)
            for method, path, offices, scope, _ in rows]


class People(Case):
    """A person made for the test, so that nobody else is disturbed."""
    number = 0

    def person(self, *offices):
        People.number += 1
        login = "shokumu.%d" % People.number
        self.ok(self.keeper.post("/api/v1/persons", {
            "login": login, "institution": "hoshi", "name_ja": "職務 試験", "unit": "hoshi-its",
            "email": login + "@hoshi.example.ac.jp", "person_kind": "employee"}), 201)
        for office, *options in offices:
            boss = self.BOSSES[options[options.index("--institution") + 1]]
            self.daemon.cli("office", "grant", login, office, "--bootstrap", "--appointed-by",
                            boss, "--scope", "試験", *options)
        token = self.daemon.cli("token", "issue", login).stdout.decode().strip()
        return login, Client(self.daemon.port, token)

    HERE = ("--institution", "hoshi")
    THERE = ("--institution", "umi")
    BOSSES = {"hoshi": "subaruno.k", "umi": "shiosai.k"}  # 機関CISO

    @staticmethod
    def day(days):
        return today(days).isoformat()

    def test_without_an_office(self):
        _, client = self.person()
        self.assertEqual(self.ok(client.get(ME)).json["offices"], [])
        self.refused(client.get(A), 403, "forbidden")
        self.refused(client.post(A, GOOD), 403, "forbidden")

    def test_offices_in_force(self):
        for options in ((), ("--from", self.day(0)), ("--to", self.day(0)),
                        ("--from", self.day(-9), "--to", self.day(9))):
            if "--to" in options and "--from" not in options:
                options += ("--from", self.day(-1))
            _, client = self.person(("sysadmin", *self.HERE, *options))
            self.ok(client.get(A))
            self.ok(client.post(A, GOOD), 201)

    def test_offices_not_in_force(self):
        for options in (("--from", self.day(1)), ("--from", self.day(-9), "--to", self.day(-1))):
            _, client = self.person(("sysadmin", *self.HERE, *options))
            self.assertEqual(self.ok(client.get(ME)).json["offices"], [])
            self.refused(client.get(A), 403, "forbidden")
            self.refused(client.post(A, GOOD), 403, "forbidden")

    def test_a_revoked_office_ends_within_a_second(self):
        login, client = self.person(("sysadmin", *self.HERE))
        self.ok(client.get(A))
        self.daemon.psql("UPDATE role_assignment SET revoked_on = current_date, revoke_reason = "
                         "'試験' WHERE person = '%s'" % login)
        start = time.monotonic()
        wait(lambda: client.get(A).status == 403, "the office ends", 5)
        self.assertLess(time.monotonic() - start, 1.5)

    def test_a_disabled_person_is_out_within_a_second(self):
        for change in ({"active": False}, {"left_on": self.day(-1)}):
            login, client = self.person(("sysadmin", *self.HERE))
            self.ok(client.get(A))
            place = "/api/v1/persons/" + login
            a = self.ok(self.keeper.patch(place, change, self.keeper.get(place).etag))
            start = time.monotonic()
            wait(lambda: client.get(A).status == 401, "the person is out", 5)
            self.assertLess(time.monotonic() - start, 1.5)
            self.refused(client.get(ME), 401, "unauthenticated")
            self.assertNotEqual(self.daemon.cli("token", "issue", login, check=False).returncode, 0)
            back = {"active": True, "left_on": None}
            self.ok(self.keeper.patch(place, back, a.etag))
            wait(lambda: client.get(ME).status == 200, "the person is back", 5)

    def test_the_last_day_counts(self):
        login, client = self.person(("sysadmin", *self.HERE))
        place = "/api/v1/persons/" + login
        self.ok(self.keeper.patch(place, {"left_on": self.day(0)}, self.keeper.get(place).etag))
        time.sleep(1.1)  # longer than any answer is remembered
        self.ok(client.get(A))

    def test_an_office_of_another_institution(self):
        """The office decides where, not the home of the person."""
        _, client = self.person(("registry_admin", *self.THERE))
        items = self.ok(client.get(A)).json["items"]
        self.assertEqual({r["institution"] for r in items}, {"umi"})
        a = client.post(A, {"institution": "hoshi"})
        self.refused(a, 422, "invalid", ["unknown_reference"])
        self.ok(client.post(A, {"institution": "umi"}, query={"dry_run": "true"}), 201)

    def test_own_rows_only(self):
        """情報システム管理者: rows that name the person, and drafts of their own."""
        login, client = self.person(("sysadmin", *self.HERE))
        self.assertEqual(self.ok(client.get(A)).json["items"], [])
        row, etag = self.create()
        self.refused(client.get(A + "/" + row["asset_no"]), 404, "not_found")
        self.refused(client.patch(A + "/" + row["asset_no"], {"name": "x"}, etag), 404)
        named, _ = self.create(sysadmin=login)
        mine = self.ok(client.post(A, GOOD), 201).json
        self.assertEqual({r["asset_no"] for r in client.walk(A)},
                         {named["asset_no"], mine["asset_no"]})

    def walked(self, client, office):
        client.extra["Daicho-Office"] = office
        return {r["institution"] for r in client.walk(A, {"limit": 500})}

    def test_two_offices_in_two_institutions(self):
        """One office acts: the widest, or the one that is asked for."""
        _, client = self.person(("auditor", *self.THERE), ("registry_admin", *self.HERE))
        self.assertEqual(self.walked(client, "registry_admin"), {"hoshi"})
        self.assertEqual(self.walked(client, "auditor"), {"umi"})
        self.refused(client.post(A, {"institution": "umi"}), 403, "forbidden")
        client.extra["Daicho-Office"] = "iso"
        self.refused(client.get(A), 403, "forbidden")
        self.assertEqual(self.walked(client, None), {"umi"})
        self.ok(client.post(A, {"institution": "hoshi"}, query={"dry_run": "true"}), 201)
        self.refused(client.post(A, {"institution": "umi"}), 422, codes=["unknown_reference"])
        theirs = self.other.get(A + "?limit=1").json["items"][0]["asset_no"]
        seen = self.ok(client.get(A + "/" + theirs))
        self.refused(client.patch(A + "/" + theirs, {"name": "x"}, seen.etag), 404, "not_found")

    def test_one_office_in_two_institutions(self):
        _, client = self.person(("registry_admin", *self.THERE), ("registry_admin", *self.HERE))
        self.assertEqual(self.walked(client, None), {"hoshi", "umi"})
        for institution in ("hoshi", "umi"):
            self.ok(client.post(A, {"institution": institution}, query={"dry_run": "true"}), 201)

    def test_everywhere_is_for_reading(self):
        theirs = self.other.get(A + "?limit=1").json["items"][0]["asset_no"]
        seen = self.ok(self.everywhere.get(A + "/" + theirs))
        self.refused(self.everywhere.patch(A + "/" + theirs, {"name": "x"}, seen.etag), 404)
        self.refused(self.everywhere.post(A, {"institution": "umi"}), 422)

    def test_offices_that_are_not_granted(self):
        login, client = self.person()
        client.close()
        base = ["office", "grant", login, "sysadmin"]
        whole = ["--bootstrap", "--appointed-by", "subaruno.k", "--scope", "試験",
                 "--institution", "hoshi"]
        for args in (base, base + whole[1:], base + whole[:1] + whole[3:],
                     base + whole[:3] + whole[5:], base + whole[:2] + ["kitaboshi.y"] + whole[3:],
                     base + whole[:2] + ["shiosai.k"] + whole[3:],
                     ["office", "grant", "nobody.x", "sysadmin"] + whole,
                     ["office", "grant", login, "nosuch"] + whole,
                     base + whole[:-1] + ["sora"], base + whole + ["--from", "2026-02-30"],
                     base + whole + ["--to", "x"], base + whole + ["--unit", "umi-its"]):
            before = self.count("SELECT count(*) FROM role_assignment")
            self.assertNotEqual(self.daemon.cli(*args, check=False).returncode, 0, args)
            self.assertEqual(self.count("SELECT count(*) FROM role_assignment"), before, args)
        self.daemon.cli(*base, *whole)


class Routes(Case):
    """Every route of --print-routes, by everybody of the demonstration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = routes()
        for institution, person in (("hoshi", "suiseigawa.h"), ("umi", "shinkai.t")):
            cls.daemon.psql("SET session_replication_role = replica;" +
                            REGISTER % {"i": institution, "p": person})
        for client, home in ((cls.writer, "hoshi"), (cls.other, "umi")):
            for name, row in (("policies", {"name": "permit_warn", "days": 20}),
                              ("rating-levels", {"axis": "availability", "level": 3,
                                                 "label_ja": "試験"})):
                a = client.post("/api/v1/" + name, row | {"institution": home})
                place = a.headers["Location"]
                cls.addClassCleanup(client.delete, place, a.etag)
        cls.ours, cls.theirs = cls.samples(cls.keeper, "hoshi"), cls.samples(cls.other, "umi")
        for keys, client in ((cls.ours, cls.writer), (cls.theirs, cls.other)):
            keys["attachments"] = files.upload(client, A + "/" + keys["assets"],
                                               files.pdf()).json["attachment_no"]
        iso = Browser(cls.daemon)
        cls.addClassCleanup(iso.close)
        iso.login("kitaboshi.y", cls.daemon.logins["kitaboshi.y"]["password"])
        for keys, institution in ((cls.ours, "hoshi"), (cls.theirs, "umi")):
            keys["attachments"] = cls.daemon.value("SELECT max(attachment_no) FROM attachment "
                                                   "WHERE institution = '%s' AND asset IS NOT NULL"
                                                   % institution)
        signed = iso.post("/api/v1/access-reviews", {"institution": "hoshi"})
        cls.ours["access-reviews"] = signed.json["review_no"]
        cls.offices = {login: {o["office"] for o in p["offices"]}
                       for login, p in cls.daemon.logins.items()}

    @classmethod
    def samples(cls, client, institution):
        """A key of each list that this client sees, of this 機関."""
        if not client.get("/api/v1/asset-users").json["items"]:
            asset = client.get(A + "?limit=1").json["items"][0]
            client.post("/api/v1/asset-users", {"institution": asset["institution"],
                                                "asset": asset["asset_no"], "group_name": "x"})
        client.table("assets", "名称\r\n")
        keys = {}
        for name, key in KEYS.items():
            query = {"institution": institution} if name in COMMON else None
            keys[name] = client.get("/api/v1/" + name, query).json["items"][0][key]
        return keys

    def place(self, path, keys):
        path = path.replace("{id}", "0" * 12)
        return path.replace("{key}", keys.get(path.split("/")[3], "none")) if "{" in path else path

    def call(self, client, method, path, keys):
        """A request that changes nothing even where it is allowed."""
        headers = {"Content-Type": "application/xml"} if method != "GET" else {}
        if method in ("DELETE",) or path.endswith(("registration", "retirement", "rotation")):
            headers = {}
        return client.request(method, self.place(path, keys), headers=headers)

    def test_the_table_is_whole(self):
        self.assertGreater(len(self.table), 80)
        self.assertEqual(SESSION - {row[:2] for row in self.table}, set())
        for method, path, offices, scope in self.table:
            self.assertTrue(offices and scope != "nobody", path)
            if (method, path) == LOGIN:
                self.assertEqual((scope, offices), ("public", {"anyone"}))
                continue
            if scope == "public":
                self.assertEqual((method, offices), ("GET", {"anyone"}))
            if method != "GET":
                self.assertIn(scope, ("write", "import"))
                self.assertFalse(offices & {"anyone", "auditor", "audit_chief"})
                # who is named on a row answers for it in a 棚卸し
                self.assertTrue("staff" not in offices or path.endswith("/answers"), path)
                # parties to an application need no office: the row says who may
                if (method, path) not in SESSION | OWN and "/requests" not in path and \
                        "v1/attachments/" not in path:
                    self.assertNotIn("known", offices)

    def test_nobody(self):
        for method, path, offices, scope in self.table:
            a = self.call(self.nobody, method, path, self.ours)
            if (method, path) == LOGIN:
                self.refused(a, 415, "unsupported_media_type")
            elif scope == "public":
                self.assertEqual(a.status, 200, path)
            else:
                self.refused(a, 401, "unauthenticated")

    def test_every_person_on_every_route(self):
        """403 exactly where none of the offices in force stands in the row of the table."""
        allowed = 0
        for login, offices in self.offices.items():
            client = self.client(login)
            for method, path, wanted, scope in self.table:
                if scope == "public":
                    continue
                a = self.call(client, method, path, self.ours)
                if not (offices & wanted or "known" in wanted):
                    self.refused(a, 403, "forbidden")
                elif (method, path) in SESSION or (method, path) == ITSELF:
                    self.refused(a, 403, "session_needed")
                else:
                    self.assertNotIn(a.status, (401, 403), (login, method, path, a))
                    allowed += 1
            client.close()
        self.assertGreater(allowed, 500)

    def test_another_institution_is_not_there(self):
        """404, never 403, and the same words as for what does not exist."""
        asked = set()
        admin = self.client("suiseigawa.h", "sysadmin")
        askers = [(getattr(self, name), {OFFICES[name]} if name in OFFICES
                   else self.offices[PEOPLE[name]], keys)
                  for name, keys in (("keeper", self.theirs), ("writer", self.theirs),
                                     ("other", self.ours), ("reader", self.theirs),
                                     ("boss", self.theirs))]
        askers.append((admin, {"sysadmin"}, self.theirs))
        self.addCleanup(admin.close)
        for method, path, wanted, scope in self.table:
            if "{key}" not in path or (method, path) in SESSION:
                continue
            body = {"PUT": "{}", "PATCH": "{}"}.get(method)
            body = BODIES.get(path.rpartition("/")[2], body) if method in ("POST", "PUT") else body
            for client, acts, keys in askers:
                if not (wanted & acts or "known" in wanted) or path.split("/")[3] not in keys:
                    continue
                asked.add((method, path))
                headers = {"If-Match": '"1"'} if method != "GET" else {}
                a = client.request(method, self.place(path, keys), body=body, headers=headers)
                self.refused(a, 404, "not_found")
                none = client.request(method, path.replace("{key}", "A0"), body=body,
                                      headers=headers)
                self.assertEqual(none.json["title"], a.json["title"])
        self.assertEqual(asked, {row[:2] for row in self.table if "{key}" in row[1]} - SESSION)
        for name, key in ((n, k) for n, k in self.theirs.items() if n in KEYS):
            listed = [r[KEYS[name]] for r in self.keeper.walk("/api/v1/" + name)]
            self.assertNotIn(key, listed)
            self.assertIn(self.ours[name], listed)
            if name not in UNFILTERED:
                a = self.keeper.get("/api/v1/" + name, {KEYS[name]: key})
                self.assertEqual(self.ok(a).json["items"], [])

    def test_references_do_not_tell_of_other_institutions(self):
        """A unit there and a unit nowhere are refused in the same words."""
        for name, there, nowhere in (("unit", "umi-its", "umi-none"),
                                     ("parent_asset", self.theirs["assets"], "A99999999"),
                                     ("location_area", self.theirs["areas"], "umi-none")):
            said = [self.writer.post(A, {"institution": "hoshi", name: value}) for value in
                    (there, nowhere)]
            self.assertEqual([a.status for a in said], [422, 422])
            self.assertEqual(said[0].json["errors"], said[1].json["errors"])
