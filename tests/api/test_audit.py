"""The log: one row per change with the whole after-image; and nobody who can write around it."""
import json

from harness import LOGGED, Case, load

GOOD = load("good", "REG-01")["row"]
BAD = load("bad", "REG-02")["row"]
MEDIUM = load("good", "MED-01")["row"]
STAMPS = ("created_at", "updated_at")


class Audit(Case):
    def setUp(self):
        self.at = self.count("SELECT coalesce(max(id), 0) FROM audit_event")

    def events(self):
        rows = self.daemon.psql("SELECT row_to_json(e) FROM audit_event e WHERE id > %d "
                                "ORDER BY id" % self.at)
        return [json.loads(row[0]) for row in rows]

    def one(self, answer, action, table, operation, row, person="kitaboshi.y", office="iso",
            reason=None):
        """Exactly one new event, and it says everything."""
        event, = self.events()
        self.at = event["id"]
        self.assertEqual(
            {n: event[n] for n in ("person", "office", "client", "request_id", "operation",
                                   "action", "object_type", "institution", "reason")},
            {"person": person, "office": office, "client": "127.0.0.1",
             "request_id": answer.headers["X-Request-Id"], "operation": operation,
             "action": action, "object_type": table, "institution": "hoshi", "reason": reason})
        self.assertRegex(event["account"], "^[0-9a-f]{12}$")
        if action == "delete":
            self.assertIsNone(event["after"])
            return event
        image = {n: v for n, v in row.items() if v is not None and n not in STAMPS}
        self.assertEqual({n: v for n, v in event["after"].items() if n not in STAMPS}, image)
        self.assertEqual(event["version"], row["row_version"])
        self.assertNotIn("search", event["after"])
        return event

    def test_every_change_of_a_ledger(self):
        for ledger, table, name, body in (("assets", "asset", "Asset", GOOD),
                                          ("media", "external_media", "Medium", MEDIUM)):
            path = "/api/v1/" + ledger
            a = self.ok(self.writer.post(path, body), 201)
            self.one(a, "insert", table, "create" + name, a.json)
            place = a.headers["Location"]
            a = self.ok(self.writer.patch(place, {"name": "変更"}, a.etag))
            self.one(a, "update", table, "change" + name, a.json)
            a = self.ok(self.writer.put(place, body, a.etag))
            self.one(a, "update", table, "replace" + name, a.json)
            a = self.ok(self.writer.act(place + "/registration", a.etag, {"reason": "新規"}))
            self.one(a, "update", table, "register" + name, a.json, reason="新規")
            a = self.ok(self.writer.act(place + "/retirement", a.etag, {"reason": "更新"}))
            event = self.one(a, "update", table, "retire" + name, a.json, reason="更新")
            self.assertEqual(event["object"], place.rpartition("/")[2])
            draft = self.ok(self.writer.post(path, {"institution": "hoshi"}), 201)
            self.one(draft, "insert", table, "create" + name, draft.json)
            a = self.ok(self.writer.delete(draft.headers["Location"], draft.etag), 204)
            event = self.one(a, "delete", table, "delete" + name, None)
            self.assertEqual(event["version"], 1)

    def test_every_change_of_the_organisation(self):
        for ledger, table, name, body in (
                ("units", "org_unit", "Unit", {
                    "code": "hoshi-au", "institution": "hoshi", "name_ja": "監査試験",
                    "unit_kind": "section", "valid_from": "2026-04-01"}),
                ("areas", "area", "Area", {"code": "hoshi-aa", "institution": "hoshi",
                                           "name_ja": "監査試験", "building": "x",
                                           "is_controlled": False}),
                ("persons", "person", "Person", {
                    "login": "kansa.s", "institution": "hoshi", "name_ja": "監査 試験",
                    "email": "k@hoshi.example.ac.jp", "unit": "hoshi-its",
                    "person_kind": "employee"})):
            who = {"person": "eisei.r", "office": "registry_admin"}
            a = self.ok(self.keeper.post("/api/v1/" + ledger, body), 201)
            self.one(a, "insert", table, "create" + name, a.json, **who)
            place = a.headers["Location"]
            a = self.ok(self.keeper.patch(place, {"name_ja": "変更"}, a.etag))
            self.one(a, "update", table, "change" + name, a.json, **who)
            a = self.ok(self.keeper.delete(place, a.etag), 204)
            self.one(a, "delete", table, "delete" + name, None, **who)
        now = self.keeper.get("/api/v1/institutions/hoshi")
        a = self.ok(self.keeper.patch("/api/v1/institutions/hoshi", {"support_desk": "変更"},
                                      now.etag))
        self.one(a, "update", "institution", "changeInstitution", a.json, **who)

    def test_the_office_is_the_one_that_allows(self):
        """Of several the widest for the act, or the one that is asked for."""
        for asked, office in ((None, "iso"), ("iso", "iso"), ("general_iso", "general_iso")):
            made = self.ok(self.everywhere.post("/api/v1/assets", GOOD, headers={
                "Daicho-Office": asked}), 201)
            self.one(made, "insert", "asset", "createAsset", made.json, office=office)

    def test_the_request_id_of_the_client(self):
        a = self.ok(self.writer.post("/api/v1/assets", GOOD, headers={
            "X-Request-Id": "audit-test-0001"}), 201)
        event = self.one(a, "insert", "asset", "createAsset", a.json)
        self.assertEqual(event["request_id"], "audit-test-0001")
        history = self.writer.get(a.headers["Location"] + "/history").json["items"]
        self.assertEqual(history[0]["request_id"], "audit-test-0001")

    def test_what_does_not_happen_is_not_logged(self):
        row, etag = self.create(**BAD)
        place = "/api/v1/assets/" + row["asset_no"]
        foreign = self.other.get("/api/v1/assets?limit=1").json["items"][0]["asset_no"]
        self.setUp()
        self.refused(self.writer.act(place + "/registration", etag), 422)
        self.refused(self.writer.patch(place, {"name": "x"}, '"9"'), 412)
        self.refused(self.writer.patch(place, {"name": 1}, etag), 422)
        self.refused(self.writer.patch(place, {"unit": "none"}, etag), 422)
        self.refused(self.writer.delete(place, '"9"'), 412)
        self.refused(self.writer.post("/api/v1/assets", {"institution": "umi"}), 422)
        self.refused(self.writer.patch("/api/v1/assets/" + foreign, {"name": "x"}, '"1"'), 404)
        self.refused(self.nobody.post("/api/v1/assets", GOOD), 401)
        self.ok(self.writer.get(place))
        for query in ({"dry_run": "true"},):
            self.ok(self.writer.post("/api/v1/assets", GOOD, query=query), 201)
            self.ok(self.writer.patch(place, {"name": "x"}, etag, query=query))
            self.ok(self.writer.delete(place, etag, query=query), 204)
            self.ok(self.writer.table("assets", [GOOD] * 3, query))
        self.refused(self.writer.table("assets", [GOOD, BAD]), 422)
        self.assertEqual(self.events(), [])

    def test_what_is_not_allowed_is_noted(self):
        """One note that says who tried what; nothing of the row."""
        a = self.auditor.post("/api/v1/assets", GOOD)
        self.refused(a, 403, "forbidden")
        note, = self.events()
        self.assertEqual(
            {n: note[n] for n in ("person", "office", "request_id", "operation", "action",
                                  "object_type", "object", "version", "after")},
            {"person": "uzushio.g", "office": None, "request_id": a.headers["X-Request-Id"],
             "operation": "createAsset", "action": "note", "object_type": "route",
             "object": "createAsset", "version": 0,
             "after": {"code": "forbidden", "method": "POST", "path": "/api/v1/assets",
                       "what": "refused"}})

    def test_an_import_writes_a_row_each(self):
        rows = [GOOD | {"serial_no": "AUD-%d" % i, "name": "監査 %d" % i} for i in range(50)]
        a = self.ok(self.writer.table("assets", rows))
        events = self.events()
        self.assertEqual(len(events), 50)
        self.assertEqual({e["after"]["serial_no"] for e in events}, {r["serial_no"] for r in rows})
        for e in events:
            self.assertEqual((e["action"], e["operation"], e["person"], e["office"],
                              e["request_id"]),
                             ("insert", "importAsset", "kitaboshi.y", "iso",
                              a.headers["X-Request-Id"]))
            self.assertEqual({n: e["after"][n] for n in GOOD if n != "name"},
                             {n: v for n, v in GOOD.items() if n != "name"})
        self.setUp()
        query = {"mode": "upsert", "key": "serial_no"}
        rows[7]["note"] = "新しい"
        rows.append(GOOD | {"serial_no": "AUD-99"})
        self.ok(self.writer.table("assets", rows, query))
        self.assertEqual(sorted((e["action"], e["version"]) for e in self.events()),
                         [("insert", 1), ("update", 2)])
        self.setUp()
        self.ok(self.writer.table("assets", rows, query))
        self.ok(self.writer.table("assets", [BAD] * 3, {"on_error": "skip"}))
        self.assertEqual(self.events(), [])

    def test_replay_is_logged_once(self):
        key = {"Idempotency-Key": "audit-replay-1"}
        self.ok(self.writer.post("/api/v1/assets", GOOD, headers=key), 201)
        self.ok(self.writer.post("/api/v1/assets", GOOD, headers=key), 201)
        self.assertEqual(len(self.events()), 1)

    def test_the_demonstration_is_logged(self):
        self.assertEqual(self.count(
            "SELECT count(*) FROM asset a WHERE NOT EXISTS (SELECT FROM audit_event e WHERE "
            "e.object_type = 'asset' AND e.object = a.asset_no AND e.version = a.row_version "
            "AND e.after = jsonb_strip_nulls(to_jsonb(a) - 'search'))"), 0)

    def test_the_command_line_is_logged(self):
        self.daemon.cli("office", "grant", "engai.s", "advisor", "--bootstrap", "--appointed-by",
                        "kitaboshi.y", "--institution", "hoshi", "--to", "2026-01-01",
                        "--from", "2025-01-01")
        event, = self.events()
        self.assertEqual((event["object_type"], event["operation"], event["client"]),
                         ("role_assignment", "bootstrap", "local"))


# What the daemon tells the database of an operator; whoever has its role can say the same.
EVERYWHERE = "SET daicho.scope = '{*}';\n"


class Roles(Case):
    """Direct SQL as the roles that may log in."""

    def setUp(self):
        self.at = self.count("SELECT max(id) FROM audit_event")
        self.before = self.state()

    def tearDown(self):
        if self.before is not None:
            self.assertEqual(self.state(), self.before, "a denied statement has changed something")

    def denied(self, role, sql, why="permission denied"):
        code, said = self.daemon.psql(sql, role=role, check=False)
        self.assertNotEqual(code, 0, sql)
        self.assertIn(why, said, sql)

    def state(self):
        return self.daemon.psql("SELECT (SELECT md5(string_agg(e::text, '' ORDER BY id)) FROM "
                                "audit_event e WHERE id BETWEEN %d - 50 AND %d), (SELECT "
                                "count(*) FROM %s), (SELECT count(*) FROM rule), (SELECT "
                                "count(*) FROM asset)" % (self.at, self.at, LOGGED))

    def test_nobody_writes_the_log(self):
        for role in ("daicho_app", "daicho_auditor", "daicho_sealer"):
            for sql in ("INSERT INTO audit_event (action, object_type, object, version) VALUES "
                        "('insert', 'asset', 'A1', 1)",
                        "UPDATE audit_event SET person = 'x' WHERE id = 1",
                        "UPDATE audit_event SET reason = reason",
                        "DELETE FROM audit_event WHERE id = 1", "TRUNCATE audit_event",
                        "TRUNCATE asset CASCADE", "COPY audit_event FROM STDIN;\n\\.\n"):
                self.denied(role, sql)

    def test_the_machinery_is_not_theirs(self):
        for role in ("daicho_app", "daicho_auditor"):
            for sql, why in (
                    ("ALTER TABLE asset DISABLE TRIGGER ALL", "must be owner"),
                    ("ALTER TABLE audit_event ADD x int", "must be owner"),
                    ("DROP TRIGGER audit_update ON asset", "must be owner"),
                    ("DROP TABLE audit_event", "must be owner"),
                    ("ALTER FUNCTION audit_rows() RENAME TO x", "must be owner"),
                    ("CREATE OR REPLACE FUNCTION act_context(OUT person text, OUT office text, OUT "
                     "account text, OUT client text, OUT request_id text, OUT operation text) "
                     "LANGUAGE sql AS 'SELECT 1::text,2::text,3::text,4::text,5::text,6::text'",
                     "denied"),
                    ("CREATE TABLE x (a int)", "permission denied"),
                    ("CREATE TEMP TABLE asset_violation (a int)", "permission denied"),
                    ("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                     "denied"),
                    ("CREATE SCHEMA x", "permission denied"),
                    ("SET session_replication_role = replica", "permission denied"),
                    ("SET ROLE daicho_owner", "permission denied"),
                    ("SET SESSION AUTHORIZATION daicho_super", "permission denied"),
                    ("ALTER ROLE daicho_app SUPERUSER", "must be superuser"),
                    ("DELETE FROM rule", "permission denied"),
                    ("UPDATE rule SET predicate = 'false'", "permission denied"),
                    ("SELECT rules_build('asset', 'asset')", "permission denied"),
                    ("COPY asset TO PROGRAM 'cat'", "must be"),
                    ("SELECT pg_read_file('/etc/passwd')", "permission denied")):
                self.denied(role, sql, why)

    def test_the_auditor_only_reads(self):
        for sql in ("INSERT INTO asset (institution) VALUES ('hoshi')",
                    "UPDATE asset SET note = ''",
                    "DELETE FROM asset", "SELECT * FROM token", "SELECT * FROM idempotency_key",
                    "UPDATE person SET active = false", "SELECT nextval('asset_no')"):
            self.denied("daicho_auditor", sql)
        code, said = self.daemon.psql("SELECT count(*) FROM audit_event", role="daicho_auditor",
                                      check=False)
        self.assertEqual(code, 0, said)

    def test_rules_hold_for_direct_sql(self):
        """The database refuses what the API would, whatever the path."""
        draft, _ = self.create(**BAD)
        good, etag = self.create(**GOOD)
        self.ok(self.writer.act("/api/v1/assets/%s/registration" % good["asset_no"], etag))
        self.setUp()
        for sql in ("UPDATE asset SET state = 'planned' WHERE asset_no = '%s'" % draft["asset_no"],
                    "UPDATE asset SET state = 'planned' WHERE state = 'draft'",
                    "UPDATE asset SET users_text = NULL WHERE asset_no = '%s'" % good["asset_no"],
                    "UPDATE asset SET confidentiality = 1, has_personal_info = true WHERE asset_no"
                    " = '%s'" % good["asset_no"],
                    "INSERT INTO asset (institution, state) VALUES ('hoshi', 'planned')",
                    "INSERT INTO asset (institution, name, state) SELECT 'hoshi', 'x', 'draft' "
                    "UNION ALL SELECT 'hoshi', 'y', 'planned'",
                    "UPDATE external_media SET custodian = NULL WHERE state <> 'draft'",
                    "INSERT INTO external_media (institution, state) VALUES ('hoshi', 'stored')"):
            self.denied("daicho_app", EVERYWHERE + sql, "rules violated")
        copy = "COPY asset (institution, name, state) FROM STDIN;\nhoshi\tx\tplanned\n\\.\n"
        self.denied("daicho_app", EVERYWHERE + copy, "not supported with row-level security")
        self.denied("daicho_super", copy, "rules violated")

    def test_shapes_hold_for_direct_sql(self):
        for sql, why in (
                ("INSERT INTO asset (institution, state) VALUES ('hoshi', 'nosuch')", "check"),
                ("INSERT INTO asset (institution, confidentiality) VALUES ('hoshi', 5)", "check"),
                ("INSERT INTO asset (institution, unit) VALUES ('hoshi', 'umi-its')",
                 "foreign key"),
                ("INSERT INTO asset (institution, sysadmin) VALUES ('hoshi', 'x')", "foreign key"),
                ("INSERT INTO asset (name) VALUES ('x')", "null value"),
                ("UPDATE asset SET institution = 'umi' WHERE institution = 'hoshi'", "foreign key"),
                ("INSERT INTO asset_user (institution, asset) SELECT 'umi', asset_no FROM asset "
                 "WHERE institution = 'hoshi' LIMIT 1", "foreign key"),
                ("DELETE FROM institution WHERE code = 'hoshi'", "foreign key")):
            self.denied("daicho_app", EVERYWHERE + sql, why)

    def test_who_says_nothing_sees_and_changes_nothing(self):
        """Without a scope the row policies let no row through."""
        for table in ("asset", "external_media", "asset_user", "person", "audit_event", "import"):
            seen = self.daemon.psql("SELECT count(*) FROM %s" % table, role="daicho_app")
            self.assertEqual(seen, [["0"]], table)
        for sql in ("UPDATE asset SET note = 'x'", "DELETE FROM asset", "DELETE FROM person",
                    "UPDATE external_media SET name = 'x'"):
            code, said = self.daemon.psql(sql, role="daicho_app", check=False)
            self.assertEqual(code, 0, said)
        for sql in ("INSERT INTO asset (institution) VALUES ('hoshi')",
                    "INSERT INTO external_media (institution) VALUES ('hoshi')",
                    "INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from) "
                    "VALUES ('hoshi-x', 'hoshi', 'x', 'section', '2026-04-01')"):
            self.denied("daicho_app", sql, "row-level security")

    def test_direct_sql_is_logged_as_such(self):
        """Even the daemon's role cannot change a row unseen."""
        self.before = None
        row, _ = self.create()
        self.daemon.psql(EVERYWHERE + "UPDATE asset SET note = '直接' WHERE asset_no = '%s'"
                         % row["asset_no"], role="daicho_app")
        event = self.daemon.psql("SELECT person, action, after->>'note' FROM audit_event ORDER BY "
                                 "id DESC LIMIT 1")
        self.assertEqual(event, [["role:daicho_app", "update", "直接"]])

    def test_no_role_is_more_than_it_should_be(self):
        rows = self.daemon.psql(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'daicho\\_%' AND rolname <> "
            "'daicho_super' AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR "
            "rolreplication OR (rolcanlogin AND rolname = 'daicho_owner'))")
        self.assertEqual(rows, [])
        owners = self.daemon.psql(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = "
            "'public'::regnamespace")
        self.assertEqual(owners, [["daicho_owner"]])
