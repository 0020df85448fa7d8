"""The look-up in an incident: whose is it, who has this software, stop it; by the index."""
import json
import re

from client import next_of
from harness import LOGGED, Case

LOOKUP, SOFTWARE = "/api/v1/lookup", "/api/v1/software"
# one of each way to write an address, and neighbours that are near but another
ADDRESSES = {"single": ["203.0.113.7"], "near": ["203.0.113.70"], "net": ["203.0.113.0/28"],
             "range": ["203.0.113.5-203.0.113.9"], "other": ["203.0.113.32/28"],
             "six": ["2001:db8:7::1"], "sixnet": ["2001:db8:7::/48"], "sixlong":
             ["2001:0DB8:0007:0000:0000:0000:0000:0001"]}
PACKAGES = [("akurage3", "3.0.15-1~deb12u1", "deb", "kuragessl", None),
            ("kuragessl", "3.0.17-1~deb12u2", "deb", "kuragessl", None),
            ("libkuragecc", "12.2.0-14", "deb", "kuragecc-12", "12.2.0-13"),
            ("kuragessl-libs", "1:3.0.7-27.el9", "rpm", "kuragessl", None),
            ("kurage-pad", "1.3.0-rc.1", "npm", None, None)]


class Lookups(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.csirt = cls.client("bunkou.i", "csirt_member")
        cls.admin = cls.client("orihime.t", "sysadmin")
        cls.other = cls.client("hitode.c", "csirt_member")  # of another 機関

    @classmethod
    def tearDownClass(cls):
        for client in (cls.csirt, cls.admin, cls.other):
            client.close()
        super().tearDownClass()

    def found(self, q, client=None, **query):
        a = self.ok((client or self.csirt).get(LOOKUP, {"q": q, "limit": 500} | query))
        self.assertFalse(a.json["more"])
        return {row["asset_no"]: row for row in a.json["items"]}


class Whose(Lookups):
    """Rows that have what the others have not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {}
        for name, addresses in ADDRESSES.items():
            cls.rows[name] = cls.row("incident " + name, ip_addrs=addresses)
        cls.rows["cidr"] = cls.row("incident cidr", network_cidrs=["203.0.113.0/29"],
                                   asset_type="network")
        cls.rows["web"] = cls.row("incident web", hostname=["Kuragebune.example.jp"],
                                  web_fqdn=["www.kuragebune.example.jp"], functions=["web"],
                                  mac_addrs=["00:00:5e:00:53:a7"], os_name="Medaka Linux",
                                  location_area="hoshi-a301", serial_no="SN-INC-1")

    @classmethod
    def row(cls, name, **columns):
        """As an import would leave it; the rules are not the matter here."""
        values = {"institution": "hoshi", "unit": "hoshi-its", "name": name, "asset_type": "server",
                  "sysadmin": "suiseigawa.h", "confidentiality": 2, "state": "in_operation",
                  "location_text": "incident室", "info_description": "x"} | columns
        text = json.dumps(values).replace("'", "''")
        names = ", ".join(values)
        return cls.daemon.psql(
            "BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO asset (%s) SELECT %s "
            "FROM jsonb_populate_record(NULL::asset, '%s') RETURNING asset_no; COMMIT"
            % (names, names, text))[0][0]

    @classmethod
    def tearDownClass(cls):
        cls.daemon.psql("SET session_replication_role = replica; DELETE FROM asset WHERE name LIKE "
                        "'incident %'")
        super().tearDownClass()

    def finds(self, q, how, *names, **query):
        found = self.found(q, **query)
        mine = {no: name for name, no in self.rows.items()}
        self.assertEqual(sorted(mine[no] for no in found if no in mine), sorted(names), q)
        if how is not None:
            self.assertEqual({found[self.rows[name]]["found_by"] for name in names}, {how}, q)
        return found

    def test_an_address_and_what_is_around_it(self):
        found = self.finds("203.0.113.7", None, "single", "net", "range", "cidr")
        self.assertEqual(len(found), 4, "and nobody else")
        self.assertEqual({n: (found[self.rows[n]]["found_by"], found[self.rows[n]]["exact"])
                          for n in ("single", "net", "range", "cidr")},
                         {"single": ("ip", True), "net": ("network", False),
                          "range": ("network", False), "cidr": ("network", False)})
        a = self.ok(self.csirt.get(LOOKUP, {"q": "203.0.113.7"}))
        self.assertEqual(a.json["items"][0]["asset_no"], self.rows["single"], "exact comes first")
        self.finds("203.0.113.10", "network", "net")
        self.finds("203.0.113.70", "ip", "near")
        self.finds(" 203.0.113.40 ", "network", "other")
        self.finds("203.0.113.99", None)

    def test_a_network(self):
        self.finds("203.0.113.0/24", None, "single", "near", "net", "range", "cidr", "other")
        self.finds("203.0.113.64/26", "ip", "near")
        self.finds("203.0.113.32/30", "network", "other")
        self.finds("203.0.0.0/10", None, "single", "near", "net", "range", "cidr", "other")
        self.finds("203.0.112.0/24", None)

    def test_addresses_of_version_6_however_written(self):
        for q in ("2001:db8:7::1", "2001:DB8:7:0::1"):
            self.finds(q, None, "six", "sixlong", "sixnet")
        self.finds("2001:db8:7::/64", None, "six", "sixlong", "sixnet")
        self.finds("2001:db8::/32", None, "six", "sixlong", "sixnet")
        self.finds("2001:db8:7::2", "network", "sixnet")
        self.finds("2001:db8:8::1", None)

    def test_hosts_and_macs(self):
        self.finds("kuragebune.example.jp", "host", "web")
        self.finds("kuragebune", "host", "web")
        self.finds("WWW.kuragebune.example.jp", "host", "web")
        for q in ("00:00:5e:00:53:a7", "00-00-5E-00-53-A7", "0000.5e00.53a7", "00005e0053a7"):
            found = self.finds(q, "mac", "web")
            self.assertTrue(found[self.rows["web"]]["exact"])
        self.finds("00:00:5e:00:53:a8", None)
        self.finds("kuragebune", None, by="os")
        self.finds("kuragebune", None, by="person")
        self.finds("kuragebune", "host", "web", by="host")

    def test_places_systems_and_names(self):
        self.finds("incident室", "place", *self.rows)
        self.finds("hoshi-a301", "place", "web", by="place")
        self.finds("medaka", "os", "web")
        self.finds("Medaka Linux", "os", "web", by="os")
        self.finds("sn-inc-1", "name", "web")
        self.finds("incident web", "name", "web")
        self.finds("incident web", None, by="host")

    def test_a_person(self):
        for q in ("suiseigawa.h", "彗星"):
            found = self.finds(q, "person", *self.rows)
            named = {row[0] for row in self.daemon.psql(
                "SELECT asset_no FROM asset WHERE institution = 'hoshi' AND confidentiality < 4 "
                "AND 'suiseigawa.h' IN (sysadmin, operator, important_admin, key_custodian)")}
            self.assertGreater(len(named), 20)
            self.assertLessEqual(named, set(found))
        found = self.found("suiseigawa.h", by="person")
        row = found[self.rows["web"]]
        person = row["persons"][0]
        self.assertEqual((person["role"], person["login"]), ("sysadmin", "suiseigawa.h"))
        name, phone, mail = self.daemon.psql("SELECT name_ja, phone, email FROM person WHERE "
                                             "login = 'suiseigawa.h'")[0]
        self.assertEqual((person["name"], person["phone"], person["email"]), (name, phone, mail))

    def test_contacts_come_with_it(self):
        no = self.daemon.value("SELECT min(asset) FROM emergency_contact WHERE list_kind = "
                               "'critical_system' AND institution = 'hoshi'")
        row = self.found(no)[no]
        told = [(c["list_kind"], c["name"], c["phone"]) for c in row["contacts"]]
        wanted = self.daemon.psql(
            "SELECT c.list_kind, coalesce(p.name_ja, c.outside_name), c.phone "
            "FROM emergency_contact c LEFT JOIN person p ON p.login = c.person "
            "WHERE c.asset = '%s' ORDER BY contact_order" % no)
        self.assertTrue(wanted)
        self.assertEqual(told[:len(wanted)], [tuple(w) for w in wanted], "its own lists come first")
        self.assertTrue(row["incident_desk"])

    def test_limits(self):
        a = self.ok(self.csirt.get(LOOKUP, {"q": "incident室", "limit": 3}))
        self.assertEqual((len(a.json["items"]), a.json["more"]), (3, True))

    def test_tables(self):
        a = self.ok(self.csirt.get(LOOKUP, {"q": "203.0.113.7", "format": "csv"}))
        self.assertEqual([r["found_by"] for r in a.rows], ["ip"] + ["network"] * 3)
        self.assertEqual(a.rows[0]["ip_addrs"], "203.0.113.7")
        self.assertEqual(a.rows[0]["sysadmin"], "suiseigawa.h")
        self.assertIn('filename="lookup.csv"', a.headers["Content-Disposition"])
        a = self.ok(self.csirt.get(LOOKUP, {"q": "203.0.113.70", "format": "ndjson"}))
        self.assertEqual([r["ip_addrs"] for r in a.lines], ["203.0.113.70"])

    def test_nobody_sees_more_than_the_ledger_shows(self):
        for q in ("203.0.113.7", "kuragebune", "00:00:5e:00:53:a7", "suiseigawa.h", "medaka",
                  "hoshi-a301"):
            self.assertEqual(self.found(q, self.other), {}, q)
            self.assertEqual(self.found(q, self.admin).keys() & set(self.rows.values()), set(), q)
        mine = self.found("orihime.t", self.admin)
        self.assertTrue(mine)
        for row in mine.values():
            self.assertIn("orihime.t", [p["login"] for p in row["persons"]])

    def test_level_4(self):
        """機関CSIRT has no ④: such rows are not found, by whatever."""
        no, mac = self.daemon.psql("SELECT asset_no, hostname[1] FROM asset WHERE institution = "
                                   "'hoshi' AND confidentiality = 4 AND cardinality(hostname) > 0 "
                                   "AND state = 'in_operation' ORDER BY 1 LIMIT 1")[0]
        self.assertEqual(self.found(no), {})
        self.assertEqual(self.found(mac), {})
        ciso = self.client("subaruno.k", "inst_ciso")
        self.addCleanup(ciso.close)
        self.assertIn(no, self.found(no, ciso))

    def test_reading_is_told(self):
        no = self.row("incident three", confidentiality=3, ip_addrs=["198.51.100.77"])
        self.rows["three"] = no
        self.addCleanup(self.rows.pop, "three")
        self.found("198.51.100.77")
        event = self.daemon.psql("SELECT person, office, operation, action, institution, after "
                                 "FROM audit_event WHERE object_type = 'asset' "
                                 "ORDER BY id DESC LIMIT 1")[0]
        self.assertEqual(event[:5], ["bunkou.i", "csirt_member", "lookUp", "read", "hoshi"])
        self.assertEqual(json.loads(event[5]), {"keys": [no], "query": "lookup 198.51.100.77"})
        before = self.count("SELECT count(*) FROM " + LOGGED)
        self.found("203.0.113.70")  # 機密性2
        self.assertEqual(self.count("SELECT count(*) FROM " + LOGGED), before)

    def test_questions_that_are_none(self):
        for query, code, pointer in (({}, "required", "?q"), ({"q": ""}, "empty", "?q"),
                                     ({"q": " "}, "empty", "?q"),
                                     ({"q": "0.0.0.0/7"}, "too_wide", "?q"),
                                     ({"q": "2001::/16"}, "too_wide", "?q"),
                                     ({"q": "x", "by": "ip"}, "bad_format", "?q"),
                                     ({"q": "x", "by": "colour"}, "unknown_choice", "?by"),
                                     ({"q": "x" * 201}, "too_long", "?q"),
                                     ({"q": "x", "limit": 501}, "not_a_number", "?limit"),
                                     ({"q": "x", "name": "y"}, "unknown_argument", "?name"),
                                     ({"q": "x", "format": "pdf"}, "unknown_choice", "?format")):
            a = self.csirt.get(LOOKUP, query)
            self.refused(a, 400, "bad_query", [code])
            self.fault(a, code, pointer=pointer)


class Stop(Lookups):
    def test_from_the_question_to_the_stop(self):
        no, host, mark = self.daemon.psql(
            "SELECT asset_no, hostname[1], emergency_stop FROM asset WHERE institution = 'hoshi' "
            "AND state = 'in_operation' AND asset_type = 'server' AND confidentiality < 4 AND "
            "cardinality(hostname) > 0 ORDER BY asset_no DESC LIMIT 1")[0]
        stop = self.found(host)[no]["stop"]
        self.assertEqual((stop["possible"], stop["may"], stop["emergency_stop"] or ""),
                         (True, True, mark))
        refused = self.other.request(stop["method"], stop["path"], body={"reason": "不正な通信"},
                                     headers={"If-Match": stop["if_match"]})
        self.refused(refused, 404, "not_found")
        done = self.ok(self.csirt.request(stop["method"], stop["path"], body={"reason": "不正な通信"},
                                          headers={"If-Match": stop["if_match"]}))
        self.assertEqual(done.json["state"], "suspended")
        again = self.found(host)[no]
        self.assertEqual((again["state"], again["stop"]["possible"], again["stop"]["may"]),
                         ("suspended", False, False))
        self.ok(self.csirt.act("/api/v1/assets/%s/resumption" % no, done.etag))

    def test_who_only_looks_may_not(self):
        ciso = self.client("subaruno.k", "inst_ciso")
        self.addCleanup(ciso.close)
        no = self.daemon.value("SELECT min(asset_no) FROM asset WHERE institution = 'hoshi' AND "
                               "state = 'in_operation'")
        stop = self.found(no, ciso)[no]["stop"]
        self.assertEqual((stop["possible"], stop["may"]), (True, False))
        self.refused(ciso.request(stop["method"], stop["path"], headers={
            "If-Match": stop["if_match"]}), 403, "forbidden")


class Software(Lookups):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.servers = [row[0] for row in cls.daemon.psql(
            "SELECT asset_no FROM asset WHERE institution = 'hoshi' AND asset_type = 'server' AND "
            "state = 'in_operation' AND confidentiality < 4 AND sysadmin = 'orihime.t' "
            "ORDER BY 1 LIMIT 3")]
        cls.listed, cls.typed, cls.vague = cls.servers
        first, third = ([("akurage3", version, "deb", "kuragessl", None)]
                        for version in ("1.0.0-1", "3.0.1-1"))
        cls.daemon.psql(cls.catalogue("KLOOK1", 1, first)
                        + "UPDATE system_catalogue SET status = 'superseded' WHERE catalogue_no = "
                        "'KLOOK1';" + cls.catalogue("KLOOK2", 2, PACKAGES)
                        + "INSERT INTO system_catalogue (catalogue_no, institution, asset, "
                        "version_no) VALUES ('KLOOK3', 'hoshi', '%s', 1);" % cls.typed
                        + cls.packages("KLOOK3", third)
                        + "INSERT INTO asset_software (software_no, institution, asset, "
                        "software_name, version) VALUES ('SLOOK1', 'hoshi', '%s', 'KurageSSL', "
                        "'3.0.11'), ('SLOOK2', 'hoshi', '%s', 'kuragessl', NULL), ('SLOOK3', "
                        "'hoshi', '%s', 'kuragessl', '3.0.17-1~deb12u2');"
                        % (cls.typed, cls.vague, cls.listed))

    @classmethod
    def catalogue(cls, no, version, packages):
        return ("INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no) "
                "VALUES ('%s', 'hoshi', '%s', %d); %s UPDATE system_catalogue SET status = "
                "'submitted', submitted_at = now(), csirt_visible_at = now(), submitted_by = "
                "'orihime.t' WHERE "
                "catalogue_no = '%s';" % (no, cls.listed, version, cls.packages(no, packages), no))

    @staticmethod
    def packages(no, packages):
        return "".join(
            "INSERT INTO catalogue_software (catalogue, institution, software_name, version, type, "
            "source_name, source_version) VALUES ('%s', 'hoshi', %s);"
            % (no, ", ".join("NULL" if v is None else "'%s'" % v for v in p)) for p in packages)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.psql("SET session_replication_role = replica; DELETE FROM catalogue_software "
                        "WHERE catalogue LIKE 'KLOOK%'; DELETE FROM system_catalogue WHERE "
                        "catalogue_no LIKE 'KLOOK%'; DELETE FROM asset_software WHERE "
                        "software_no LIKE 'SLOOK%'")
        super().tearDownClass()

    def holders(self, client=None, **query):
        a = self.ok((client or self.csirt).get(SOFTWARE, query))
        return [(row["asset_no"], s["name"], s["version"]) for row in a.json["items"]
                for s in row["software"]]

    def test_by_name_of_the_package_or_its_source(self):
        ssl = [(self.listed, "akurage3", "3.0.15-1~deb12u1"),
               (self.listed, "kuragessl", "3.0.17-1~deb12u2"),
               (self.listed, "kuragessl-libs", "1:3.0.7-27.el9"),
               (self.typed, "KurageSSL", "3.0.11"), (self.vague, "kuragessl", None)]
        self.assertEqual(self.holders(name="kuragessl"), ssl)
        self.assertEqual(self.holders(name="KURAGESSL"), ssl)
        self.assertEqual(self.holders(name="akurage3"), ssl[:1])
        self.assertEqual(self.holders(source="kuragessl"), ssl)
        self.assertEqual(self.holders(source="akurage3"), [])
        self.assertEqual(self.holders(name="kurage"), [], "names are whole")
        self.assertEqual(self.holders(name="kuragessl", type="rpm"), ssl[2:],
                         "and what has no type")

    def test_the_latest_catalogue_and_no_draft(self):
        self.assertNotIn((self.listed, "akurage3", "1.0.0-1"), self.holders(name="akurage3"))
        self.assertNotIn((self.typed, "akurage3", "3.0.1-1"), self.holders(name="akurage3"))

    def test_versions_in_their_own_order(self):
        def versions(**query):
            return [v for no, name, v in self.holders(**query) if v is not None]
        deb = {"name": "kuragessl", "type": "deb"}
        self.assertEqual(versions(**deb, lt="3.0.17-1~deb12u2"), ["3.0.15-1~deb12u1", "3.0.11"])
        self.assertEqual(versions(**deb, lte="3.0.17-1~deb12u2"),
                         ["3.0.15-1~deb12u1", "3.0.17-1~deb12u2", "3.0.11"])
        self.assertEqual(versions(**deb, gt="3.0.15-1~deb12u1"), ["3.0.17-1~deb12u2"])
        self.assertEqual(versions(**deb, gte="3.0.15-1~deb12u1", lt="3.0.15-1"),
                         ["3.0.15-1~deb12u1"])
        self.assertEqual(versions(**deb, eq="0:3.0.15-1~deb12u1"), ["3.0.15-1~deb12u1"])
        rpm = {"name": "kuragessl", "type": "rpm"}
        self.assertEqual(versions(**rpm, lt="1:3.0.7-100.el9"), ["1:3.0.7-27.el9", "3.0.11"])
        self.assertEqual(versions(**rpm, lt="3.0.7-100.el9"), [], "the epoch counts")
        self.assertEqual(versions(name="kurage-pad", type="npm", lt="1.3.0"), ["1.3.0-rc.1"])
        self.assertEqual(versions(name="kurage-pad", type="npm", gte="1.3.0"), [])

    def test_a_source_has_a_version_of_its_own(self):
        one = [(self.listed, "libkuragecc", "12.2.0-14")]
        self.assertEqual(self.holders(name="kuragecc-12", type="deb", lt="12.2.0-14"), one)
        self.assertEqual(self.holders(source="kuragecc-12", type="deb", lt="12.2.0-14"), one)
        self.assertEqual(self.holders(name="libkuragecc", type="deb", lt="12.2.0-14"), [])

    def test_what_nobody_knows_is_told(self):
        a = self.ok(self.csirt.get(SOFTWARE, {"name": "kuragessl", "lt": "0.1"}))
        self.assertEqual([(row["asset_no"], s["version_known"]) for row in a.json["items"]
                          for s in row["software"]], [(self.vague, False)])

    def test_whose_and_how_to_stop(self):
        row = self.ok(self.csirt.get(SOFTWARE, {"name": "akurage3"})).json["items"][0]
        self.assertEqual([p["login"] for p in row["persons"] if p["role"] == "sysadmin"],
                         ["orihime.t"])
        self.assertEqual(row["stop"]["path"], "/api/v1/assets/%s/suspension" % self.listed)
        self.assertEqual((row["catalogue"], row["software"][0]["recorded_in"]),
                         ("KLOOK2", "catalogue"))
        self.assertIn("important", row)

    def test_a_server_of_level_4_by_its_catalogue(self):
        """2.1(2)⑧(e): 機関CSIRT reads the catalogue whatever the level, and nothing else of it."""
        no = self.daemon.value("SELECT min(asset_no) FROM asset WHERE institution = 'hoshi' AND "
                               "confidentiality = 4 AND state = 'in_operation'")
        listed, type(self).listed = self.listed, no
        try:
            self.daemon.psql(self.catalogue("KLOOK4", 9, [("medusalib", "1.0", "deb", None, None)]))
        finally:
            type(self).listed = listed
        row, = self.ok(self.csirt.get(SOFTWARE, {"name": "medusalib", "lt": "2"})).json["items"]
        self.assertEqual((row["asset_no"], row["name"], row["state"], row["stop"],
                          row["catalogue"]), (no, None, None, None, "KLOOK4"))
        self.assertEqual([(p["login"], p["phone"] is not None) for p in row["persons"]],
                         [("orihime.t", True)])
        event = json.loads(self.daemon.value("SELECT after FROM audit_event WHERE action = 'read' "
                                             "AND object_type = 'asset' ORDER BY id DESC LIMIT 1"))
        self.assertEqual(event, {"keys": [no], "query": "software medusalib"})
        for client in (self.other, self.client("ryuseino.j", "sysadmin")):
            self.assertEqual(self.holders(client, name="medusalib"), [])
        self.assertEqual(self.found(no), {})

    def test_pages(self):
        every = self.csirt.walk(SOFTWARE, {"name": "kuragessl", "limit": 1})
        self.assertEqual([row["asset_no"] for row in every], self.servers)
        self.assertEqual(len(every[0]["software"]), 3)
        a = self.ok(self.csirt.get(SOFTWARE, {"name": "kuragessl", "limit": 3}))
        self.assertIsNone(next_of(a))

    def test_tables(self):
        a = self.ok(self.csirt.get(SOFTWARE, {"name": "kuragessl", "type": "deb", "format": "csv"}))
        self.assertEqual([(r["asset_no"], r["software"], r["version"], r["version_known"])
                          for r in a.rows],
                         [(self.listed, "akurage3", "3.0.15-1~deb12u1", "true"),
                          (self.listed, "kuragessl", "3.0.17-1~deb12u2", "true"),
                          (self.typed, "KurageSSL", "3.0.11", "true"),
                          (self.vague, "kuragessl", "", "false")])
        self.assertEqual({r["sysadmin"] for r in a.rows}, {"orihime.t"})
        a = self.ok(self.csirt.get(SOFTWARE, {"name": "akurage3", "format": "ndjson"}))
        self.assertEqual([r["asset_no"] for r in a.lines], [self.listed])
        a = self.ok(self.csirt.get(SOFTWARE, {"name": "nothing", "format": "csv"}))
        self.assertEqual((a.rows, a.text[:13]), ([], "software,type"))

    def test_as_far_as_the_office_reaches(self):
        self.assertEqual(len(self.holders(self.admin, name="kuragessl")), 5)
        stranger = self.client("ryuseino.j", "sysadmin")
        self.addCleanup(stranger.close)
        self.assertEqual(self.holders(stranger, name="kuragessl"), [])
        self.assertEqual(self.holders(self.other, name="kuragessl"), [])

    def test_questions_that_are_none(self):
        for query, code, pointer in (({}, "required", "?name"),
                                     ({"name": "x", "source": "y"}, "required", "?name"),
                                     ({"name": "x", "lt": ""}, "empty", "?lt"),
                                     ({"name": "x", "type": "Deb"}, "unknown_choice", "?type"),
                                     ({"name": "x", "ltt": "1"}, "unknown_argument", "?ltt"),
                                     ({"name": "x", "version": "1"}, "unknown_argument",
                                      "?version")):
            a = self.csirt.get(SOFTWARE, query)
            self.refused(a, 400, "bad_query", [code])
            self.fault(a, code, pointer=pointer)


class Index(Case):
    """Plans on 100,000 assets, in a transaction that is rolled back."""
    SETUP = """BEGIN; SET LOCAL session_replication_role = replica;
    INSERT INTO person (login, institution, name_ja, email, unit, person_kind)
    SELECT 'sakuin' || i, 'hoshi', '索引 ' || i, 'x@example.ac.jp', 'hoshi-its', 'employee'
    FROM generate_series(1, 2000) i;
    INSERT INTO area (code, institution, name_ja, building, is_controlled)
    SELECT 'hoshi-z' || i, 'hoshi', '索引室 ' || i, '館', false FROM generate_series(1, 500) i;
    INSERT INTO asset (institution, name, hostname, ip_addrs, mac_addrs, os_name, sysadmin,
        location_area, network_cidrs)
    SELECT 'hoshi', '索引 ' || i, ARRAY['idx' || i || '.example.jp'],
        ARRAY['172.' || 16 + i / 62500 || '.' || mod(i / 250, 250) || '.' || mod(i, 250)],
        ARRAY[regexp_replace(left(md5(i::text), 12), '(..)(?=.)', '\\1:', 'g')],
        'OS' || mod(i, 5000),
        'sakuin' || 1 + mod(i, 2000), 'hoshi-z' || 1 + mod(i, 500),
        CASE WHEN mod(i, 500) = 0 THEN ARRAY['172.' || 16 + i / 62500 || '.' || mod(i / 250, 250)
            || '.0/24'] END
    FROM generate_series(1, 100000) i;
    INSERT INTO asset_software (institution, asset, software_name, version)
    SELECT 'hoshi', asset_no, 'paket' || mod(n, 5000), '1.' || n FROM (SELECT asset_no,
        row_number() OVER () AS n FROM asset WHERE name LIKE '索引 %') x;
    DO $$ BEGIN PERFORM gin_clean_pending_list('asset_search');
        PERFORM gin_clean_pending_list('asset_addresses'); END $$;
    ANALYZE asset; ANALYZE person; ANALYZE area; ANALYZE asset_software;
    SET LOCAL daicho.scope = '{hoshi}'; SET LOCAL daicho.reach = 'iiii-';
    """
    ALL = "{mac,host,name,person,place,os,text}"
    ASKED = {"address": (None, "172.16.7.77", "{ip,network}"),
             "network": (None, "172.16.7.64/28", "{ip,network}"),
             "mac": ("{22:a4:d9:b0:4f:e9}", None, "{mac}"),
             "host": ("{idx77777}", None, ALL), "host only": ("{idx77777.example.jp}", None,
                                                               "{host}"),
             "person": ("{sakuin777}", None, ALL), "place": ("{索引室,77}", None, ALL),
             "os": ("{OS4777}", None, ALL)}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sql, quoted = cls.SETUP, lambda v: "NULL" if v is None else "'%s'" % v
        for n, (words, address, ways) in enumerate(cls.ASKED.values()):
            text = cls.daemon.value("SELECT replace(lookup_statement(%s, %s, %s), E'\\n', ' ')"
                                    % (quoted(words), quoted(address), quoted(ways)))
            sql += ("PREPARE p%d (text[], text, text[], integer) AS %s; SET LOCAL plan_cache_mode "
                    "= force_custom_plan; EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE p%d "
                    "(%s, %s, %s, 51);"
                    % (n, text, n, quoted(words), quoted(address), quoted(ways)))
        text = cls.daemon.value("SELECT replace(software_statement(), E'\\n', ' ')")
        sql += ("PREPARE s (text, text, text) AS %s; EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) "
                "EXECUTE s ('Paket777', NULL, 'deb'); SET LOCAL ROLE daicho_app; EXPLAIN (ANALYZE, "
                "FORMAT JSON, TIMING OFF) SELECT * FROM asset_whose WHERE asset_no = ANY "
                "('{A00000016,A00000017,A00000018}');" % text)
        said = cls.daemon.psql(sql + "ROLLBACK; DEALLOCATE ALL")
        text = "\n".join(line[0] for line in said)
        plans = [json.loads("[\n" + part)[0] for part in re.split(r"^\[\n", text, flags=re.M)[1:]]
        cls.plans = {name: list(nodes(p["Plan"])) for name, p in
                     zip([*cls.ASKED, "software", "rows by number"], plans, strict=True)}

    def test_every_way_uses_an_index(self):
        for name, plan in self.plans.items():
            with self.subTest(name):
                slow = [n for n in plan if n["Node Type"] == "Seq Scan"
                        and n.get("Relation Name") == "asset"]
                self.assertFalse(slow, "all assets are read")
                self.assertGreater(plan[0]["Actual Rows"], 0, "nothing is found")
                for n in plan:
                    if n.get("Relation Name") == "asset" or "Index Name" in n:
                        self.assertLess(n["Actual Rows"] * n["Actual Loops"], 3000, n)


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
