"""The directory of the 機関: basic columns for the incident desk and for administrators."""
import json

from client import next_of
from harness import Case

PATH = "/api/v1/directory"
BOTH = ["asset_no", "institution", "unit", "name", "asset_type", "sysadmin", "sysadmin_name",
        "sysadmin_email", "sysadmin_phone"]
# in the order of the columns
DESK = BOTH[:5] + ["hostname", "ip_addrs"] + BOTH[5:] + ["incident_desk", "incident_desk_contact"]
GONE = "('draft', 'disposed', 'transferred')"


class Directory(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.client("yuuzuki.e", "incident_desk")
        cls.admin = cls.client("ryuseino.j", "sysadmin")
        cls.foreign = cls.client("nagisa.y", "incident_desk")
        cls.four = cls.value("SELECT min(asset_no) FROM asset WHERE institution = 'hoshi' AND "
                             "confidentiality = 4 AND state NOT IN " + GONE)
        cls.three = cls.value("SELECT min(asset_no) FROM asset WHERE institution = 'hoshi' AND "
                              "confidentiality = 3 AND cardinality(ip_addrs) > 0 AND sysadmin <> "
                              "'ryuseino.j' AND state NOT IN " + GONE)
        cls.two = cls.value("SELECT min(asset_no) FROM asset WHERE institution = 'hoshi' AND "
                            "confidentiality = 2 AND cardinality(hostname) > 0 AND "
                            "cardinality(mac_addrs) > 0 AND state NOT IN " + GONE)

    @classmethod
    def tearDownClass(cls):
        for client in (cls.desk, cls.admin, cls.foreign):
            client.close()
        super().tearDownClass()

    @classmethod
    def value(cls, sql):
        return cls.daemon.value(sql)

    def keys(self, answer):
        return [row["asset_no"] for row in self.ok(answer).json["items"]]

    def column(self, key, column):
        return self.value("SELECT %s FROM asset WHERE asset_no = '%s'" % (column, key))

    def expected(self, institution, person):
        return [row[0] for row in self.daemon.psql(
            "SELECT asset_no FROM asset WHERE institution = '%s' AND state NOT IN %s AND "
            "(confidentiality < 4 OR '%s' IN (sysadmin, operator, important_admin, "
            "key_custodian)) ORDER BY 1" % (institution, GONE, person))]

    def test_all_rows_of_the_institution_and_no_others(self):
        for client, institution, person in ((self.desk, "hoshi", "yuuzuki.e"),
                                            (self.admin, "hoshi", "ryuseino.j"),
                                            (self.foreign, "umi", "nagisa.y")):
            wanted = self.expected(institution, person)
            self.assertGreater(len(wanted), 20)
            items = client.walk(PATH, {"limit": 37})
            self.assertEqual([row["asset_no"] for row in items], wanted)
            self.assertEqual({row["institution"] for row in items}, {institution})

    def test_columns_are_those_of_the_office(self):
        for client, columns in ((self.desk, DESK), (self.admin, BOTH)):
            row = self.ok(client.get(PATH, {"asset_no": self.two})).json["items"][0]
            self.assertEqual(list(row), columns)
            table = self.ok(client.get(PATH, {"asset_no": self.two, "format": "csv"}))
            self.assertEqual(table.text.split("\r\n")[0].split(","), columns)
            lines = self.ok(client.get(PATH, {"asset_no": self.two, "format": "ndjson"})).lines
            self.assertEqual(lines, [row])

    def test_the_contacts_are_those_of_the_day(self):
        row = self.ok(self.desk.get(PATH, {"asset_no": self.two})).json["items"][0]
        name, mail, desk, contact = self.daemon.psql(
            "SELECT p.name_ja, p.email, i.incident_desk_name, replace(i.incident_desk_contact, "
            "E'\\n', '|') FROM asset a JOIN person p ON p.login = a.sysadmin JOIN institution i ON "
            "i.code = a.institution WHERE asset_no = '%s'" % self.two)[0]
        self.assertEqual((row["sysadmin_name"], row["sysadmin_email"], row["incident_desk"]),
                         (name, mail, desk))
        self.assertEqual(row["incident_desk_contact"].replace("\n", "|"), contact)

    def test_a_table_with_labels(self):
        a = self.ok(self.desk.get(PATH, {"format": "csv", "labels": "true", "limit": 3,
                                         "fields": "asset_no,sysadmin_email,asset_type"}))
        self.assertEqual(a.text.split("\r\n")[0],
                         "管理番号,種別,情報システム管理者のメールアドレス")
        self.assertIn('filename="directory.csv"', a.headers["Content-Disposition"])

    def test_the_desk_looks_by_address(self):
        host = self.column(self.two, "hostname[1]")
        address = self.column(self.three, "ip_addrs[1]")
        mac = self.column(self.two, "mac_addrs[1]")
        self.assertEqual(self.keys(self.desk.get(PATH, {"hostname": host})), [self.two])
        self.assertEqual(self.keys(self.desk.get(PATH, {"hostname": host.upper()})), [self.two])
        self.assertIn(self.three, self.keys(self.desk.get(PATH, {"ip_addrs": address})))
        self.assertEqual(self.keys(self.desk.get(PATH, {"mac_addrs": mac})), [self.two])
        self.assertEqual(self.keys(self.desk.get(PATH, {"mac_addrs": mac.replace(":", "-")})),
                         [self.two])
        self.assertIn(self.two, self.keys(self.desk.get(PATH, {"q": host})))
        for query in ({"hostname": host}, {"ip_addrs": address}, {"mac_addrs": mac}, {"q": host}):
            self.assertEqual(self.keys(self.foreign.get(PATH, query)), [], query)
            self.assertEqual(self.keys(self.desk.get(PATH, {**query, "institution": "umi"})), [])

    def test_by_administrator_unit_and_kind(self):
        for column in ("sysadmin", "unit", "asset_type"):
            value = self.column(self.two, column)
            items = self.desk.walk(PATH, {column: value, "limit": 200})
            self.assertIn(self.two, [row["asset_no"] for row in items])
            self.assertEqual({row[column] for row in items}, {value})
        items = self.admin.walk(PATH, {"functions": "mail"})
        wanted = self.value("SELECT count(*) FROM asset WHERE 'mail' = ANY (functions) AND "
                            "institution = 'hoshi' AND confidentiality < 4 "
                            "AND state NOT IN " + GONE)
        self.assertEqual(str(len(items)), wanted)
        self.assertGreater(len(items), 0)

    def test_pages_go_on(self):
        first = self.ok(self.desk.get(PATH, {"limit": 2, "sort": "-name"}))
        second = self.ok(self.desk.get(next_of(first)))
        names = [row["name"] for row in first.json["items"] + second.json["items"]]
        self.assertEqual(len(names), 4)
        self.assertNotEqual(self.keys(first), self.keys(second))

    def test_what_is_not_shown_is_not_looked_for(self):
        host = self.column(self.two, "hostname[1]")
        for query in ({"hostname": host}, {"ip_addrs": "10.1.4.11"}, {"hostname__empty": "true"},
                      {"mac_addrs": "00:00:5e:00:53:01"}, {"incident_desk": "x"}):
            self.refused(self.admin.get(PATH, query), 400, "bad_query", ["unknown_argument"])
        for query in ({"functions": "mail"}, {"confidentiality": 3}, {"told": 3}, {"note": "x"},
                      {"told__gte": 3}, {"serial_no": "SN"}, {"state": "retired"}):
            self.refused(self.desk.get(PATH, query), 400, "bad_query", ["unknown_argument"])
        for query in ({"mac_addrs__empty": "true"}, {"mac_addrs__in": "00:00:5e:00:53:01"},
                      {"mac_addrs__contains": "00:00:5e:00:53:01"}):
            self.refused(self.desk.get(PATH, query), 400, "bad_query", ["unknown_operator"])
        for name in ("mac_addrs", "told", "confidentiality", "hostname"):
            client = self.admin if name == "hostname" else self.desk
            self.refused(client.get(PATH, {"fields": "asset_no," + name}), 400, "bad_query",
                         ["unknown_field"])
            self.refused(client.get(PATH, {"sort": name}), 400, "bad_query", ["unknown_field"])
        # words of 使用者等 and 取り扱う情報, by which the ledger itself is found
        word = self.column(self.two, "users_text")
        self.assertIn(self.two, self.keys(self.writer.get("/api/v1/assets",
                                                          {"q": word, "limit": 500})))
        for client in (self.desk, self.admin):
            self.assertNotIn(self.two, self.keys(client.get(PATH, {"q": word, "limit": 500})))
        self.assertNotIn(self.two, self.keys(self.admin.get(PATH, {"q": host})))

    def test_level_four_is_for_whom_the_row_names(self):
        self.assertEqual(self.keys(self.desk.get(PATH, {"asset_no": self.four})), [])
        named = self.column(self.four, "sysadmin")
        mine = self.client(named, "sysadmin")
        self.assertEqual(self.keys(mine.get(PATH, {"asset_no": self.four})), [self.four])
        mine.close()
        other = next(p for p in ("ryuseino.j", "suiseigawa.h", "orihime.t") if p != named and
                     self.value("SELECT '%s' = ANY (ARRAY[operator, important_admin, "
                                "key_custodian]) FROM asset WHERE asset_no = '%s'"
                                % (p, self.four)) != "t")
        theirs = self.client(other, "sysadmin")
        self.assertEqual(self.keys(theirs.get(PATH, {"asset_no": self.four})), [])
        theirs.close()

    def events(self, answer):
        return self.daemon.psql("SELECT object_type, institution, person, office, action, after "
                                "FROM audit_event WHERE request_id = '%s'"
                                % answer.headers["X-Request-Id"])

    def test_reading_of_level_three_is_an_event(self):
        both = {"asset_no__in": "%s,%s" % (self.three, self.two)}
        events = self.events(self.desk.get(PATH, both))
        self.assertEqual(len(events), 1)
        self.assertEqual(events[0][:5],
                         ["directory", "hoshi", "yuuzuki.e", "incident_desk", "read"])
        self.assertEqual(json.loads(events[0][5])["keys"], [self.three])
        self.assertEqual(self.events(self.desk.get(PATH, {"asset_no": self.two})), [])
        events = self.events(self.desk.get(PATH, {"format": "csv"}))
        self.assertEqual(len(events), 1)
        after = json.loads(events[0][5])
        self.assertTrue(after["export"])
        self.assertEqual(str(after["count"]), self.value(
            "SELECT count(*) FROM asset WHERE institution = 'hoshi' AND confidentiality = 3 AND "
            "state NOT IN " + GONE))

    def test_offices_that_do_not_look(self):
        for client in (self.writer, self.auditor, self.reader, self.staff):
            self.refused(client.get(PATH), 403, "forbidden")
        self.refused(self.nobody.get(PATH), 401, "unauthenticated")
        # the desk reaches the directory, and the ledger does not open by it
        self.refused(self.desk.get("/api/v1/assets"), 403, "forbidden")
        self.refused(self.desk.get("/api/v1/assets/" + self.two), 403, "forbidden")
        # an office that is not held
        self.refused(self.writer.get(PATH, headers={"Daicho-Office": "sysadmin"}), 403, "forbidden")

    def test_a_token_is_narrowed(self):
        """By 機関 and by ledger, like every list of the ledger."""
        token = self.daemon.cli("token", "issue", "ryuseino.j", "--scope", "assets:read@hoshi",
                                "--days", "1").stdout.decode().split()[0]
        self.assertGreater(len(self.keys(self.nobody.get(PATH, token=token))), 0)
        for scope in ("media:*", "*:*@umi", "assets:write"):
            token = self.daemon.cli("token", "issue", "ryuseino.j", "--scope", scope, "--days",
                                    "1").stdout.decode().split()[0]
            self.refused(self.nobody.get(PATH, token=token), 403, "forbidden")

    def test_nothing_is_written(self):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            body = None if method == "DELETE" else {}
            self.refused(self.desk.request(method, PATH, body=body), 405)
        self.refused(self.desk.get(PATH + "/" + self.two), 404)
