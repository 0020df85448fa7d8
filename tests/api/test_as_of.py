"""?as_of=DAY: lists, rows and exports of a day that is over."""
import json
import re

from as_of_help import Past, day
from client import next_of


class Present(Past):
    """Today's past is the present."""

    def paths(self):
        paths = self.ok(self.writer.get("/api/v1/openapi.json")).json["paths"]
        taken = {"$ref": "#/components/parameters/as_of"}
        return [p.removeprefix("/api/v1/") for p in sorted(paths) if "{" not in p
                and taken in paths[p].get("get", {"parameters": []})["parameters"]]

    def test_every_ledger(self):
        paths = self.paths()
        self.assertGreaterEqual(len(paths), 18, paths)
        for path in paths:
            for client in (self.writer, self.everywhere, self.reader, self.auditor, self.admin,
                           self.keeper, self.other):
                with self.subTest(path, client=client.extra):
                    here = "/api/v1/" + path
                    now = client.walk(here, {"limit": 200})
                    self.assertEqual(client.walk(here, {"limit": 200, "as_of": day(0)}), now)
                    if client in (self.writer, self.other) and now:
                        self.one_by_one(client, here, now[-1])

    def one_by_one(self, client, path, row):
        key = next(iter(row.values()))
        now = self.ok(client.get("%s/%s" % (path, key)))
        then = self.ok(client.get("%s/%s" % (path, key), {"as_of": day(0)}))
        self.assertEqual(then.json, now.json)
        self.assertEqual(now.json, row)
        for query in ({"format": "csv"}, {"format": "csv", "excel": "true"}, {"format": "ndjson"}):
            now = self.ok(client.get(path, query))
            then = self.ok(client.get(path, query | {"as_of": day(0)}))
            self.assertEqual(then.text, now.text)
            self.assertEqual(then.headers["Daicho-As-Of"], day(0))

    def test_conditions(self):
        for query in ({"q": "サーバ"}, {"q": "サーバ 観測"}, {"q": "無い物"}, {"sort": "-name"},
                      {"asset_type": "server", "sort": "unit"}, {"confidentiality__gte": "3"},
                      {"hostname__empty": "true"}, {"name__contains": "観測"},
                      {"unit__in": "hoshi-its,hoshi-lab"}, {"fields": "asset_no,name"},
                      {"created_at__gte": day(-1)}, {"sort": "-asset_no"},
                      {"important_required": "true"}):
            now = self.writer.walk("/api/v1/assets", query | {"limit": 20})
            self.assertEqual(self.writer.walk("/api/v1/assets", query | {
                "limit": 20, "as_of": day(0)}), now, query)
        for path, q in (("persons", "彗星"), ("units", "基盤"), ("media", "USB"),
                        ("contracts", "保守")):
            now = self.writer.walk("/api/v1/" + path, {"q": q})
            self.assertEqual(self.writer.walk("/api/v1/" + path, {"q": q, "as_of": day(0)}), now)
        now = self.everywhere.walk("/api/v1/offices", {"in_force_on": day(0)})
        self.assertTrue(now)
        self.assertEqual(self.everywhere.walk("/api/v1/offices", {
            "in_force_on": day(0), "as_of": day(0)}), now)


class Life(Past):
    def test_a_row_from_day_to_day(self):
        no = self.made(name="最初の名", state="draft", serial_no="LIFE-1")
        self.became(no, name="二番目の名", state="planned")
        self.became(no, name="三番目の名", state="in_operation", location_text="別室",
                    vuln_state="ok")
        self.dated(no, 30, 20, 10)
        for n, name, state, version in ((-30, "最初の名", "draft", 1), (-21, "最初の名", "draft", 1),
                                        (-20, "二番目の名", "planned", 2),
                                        (-11, "二番目の名", "planned", 2),
                                        (-10, "三番目の名", "in_operation", 3),
                                        (0, "三番目の名", "in_operation", 3)):
            a = self.ok(self.row(self.writer, no, n))
            self.assertEqual((a.json["name"], a.json["state"], a.json["row_version"]),
                             (name, state, version), n)
            self.assertEqual(a.headers["Daicho-As-Of"], day(n))
            self.assertIsNone(a.etag)
            items = self.writer.walk("/api/v1/assets", {"as_of": day(n), "serial_no": "LIFE-1"})
            self.assertEqual(items, [a.json])
            for q, hit in ((name, True), ("番目", n >= -20), ("最初 LIFE-1", n < -20)):
                found = self.writer.walk("/api/v1/assets", {"as_of": day(n), "q": q})
                self.assertEqual([r["asset_no"] for r in found if r["asset_no"] == no],
                                 [no] * hit, (n, q))
            table = self.ok(self.writer.get("/api/v1/assets", {
                "as_of": day(n), "serial_no": "LIFE-1", "format": "csv",
                "fields": "name,location_text"}))
            self.assertEqual([r["name"] for r in table.rows], [name])
        gone = self.row(self.writer, no, -31)
        self.refused(gone, 404, "not_found")
        self.assertIn("no such row at the end of " + day(-31), gone.json["detail"])
        self.assertEqual(self.writer.walk("/api/v1/assets", {"as_of": day(-31)}), [])

    def test_a_row_that_is_gone(self):
        no = self.made(state="draft", name="消えた下書き")
        self.daemon.psql("DELETE FROM asset WHERE asset_no = '%s'" % no)
        self.dated(no, 8, 4)
        self.assertFalse(self.seen(self.writer, no, -9))
        self.assertTrue(self.seen(self.writer, no, -8))
        self.assertTrue(self.seen(self.boss, no, -5))
        self.assertFalse(self.seen(self.writer, no, -4))
        self.assertFalse(self.seen(self.writer, no, 0))
        for client in (self.reader, self.auditor, self.admin, self.other):
            self.assertFalse(self.seen(client, no, -5))

    def test_a_key_that_is_used_again(self):
        for name, role in (("前の人", "a"), ("後の人", "b")):
            self.daemon.psql("INSERT INTO person (login, institution, name_ja, email, unit, "
                             "person_kind) VALUES ('again.%s', 'hoshi', '%s', 'x@example.jp', "
                             "'hoshi-its', 'employee')" % ("x", name))
            if role == "a":
                self.daemon.psql("DELETE FROM person WHERE login = 'again.x'")
        self.dated("again.x", 9, 6, 3)
        for n, name in ((-10, None), (-9, "前の人"), (-7, "前の人"), (-6, None), (-4, None),
                        (-3, "後の人"), (0, "後の人")):
            found = self.writer.walk("/api/v1/persons", {"as_of": day(n), "login": "again.x"})
            self.assertEqual([r["name_ja"] for r in found], [name] if name else [], n)
            found = self.writer.walk("/api/v1/persons", {"as_of": day(n), "q": "後の人"})
            self.assertEqual(len(found), n >= -3, n)

    def test_pages(self):
        numbers = [self.made(name="頁の試験%d" % i, note="頁") for i in range(7)]
        for no in numbers:
            self.became(no, note="後")
            self.dated(no, 5)
        path, query = "/api/v1/assets", {"as_of": day(-1), "note": "頁", "limit": 3}
        for sort in ("asset_no", "-asset_no", "name", "-name", "-row_version"):
            rows = self.writer.walk(path, query | {"sort": sort})
            wanted = numbers[::-1] if sort in ("-asset_no", "-name") else numbers
            self.assertEqual([r["asset_no"] for r in rows], wanted, sort)
        first = self.ok(self.writer.get(path, query))
        self.assertIn("as_of=" + day(-1), next_of(first))
        self.assertEqual(self.writer.walk(path, {"note": "頁"}), [])
        self.assertEqual(self.writer.walk(path, query | {"as_of": day(-6)}), [])

    def test_what_an_old_image_lacks(self):
        """Images from before a column was there."""
        no = self.made(asset_type="server", external_public="true", name="古い写し")
        self.daemon.psql("SET session_replication_role = replica; UPDATE audit_event SET after = "
                         "after - 'important_required' - 'rating_status' - 'emergency_stop' "
                         "WHERE object = '%s'" % no)
        now = self.ok(self.writer.get("/api/v1/assets/" + no)).json
        self.assertTrue(now["important_required"])
        self.assertEqual(self.ok(self.row(self.writer, no, 0)).json, now)


class Refusals(Past):
    def test_days(self):
        for value, code in ((day(1), "in_the_future"), ("2199-01-01", "in_the_future"),
                            ("1999-12-31", "out_of_range"), ("", "unreadable_date"),
                            ("2026/11/01", "unreadable_date"), ("令和8年11月1日", "unreadable_date"),
                            ("2026-02-30", "no_such_day"), ("today", "unreadable_date"),
                            ("2026-11-01T00:00:00Z", "unreadable_date")):
            for path in ("/assets", "/assets/A00000001", "/assets/A00000001/judgement", "/offices",
                         "/offices/O00000001", "/persons/suiseigawa.h"):
                a = self.writer.get("/api/v1" + path, {"as_of": value})
                self.refused(a, 400, "bad_query", [code])
                self.fault(a, code, pointer="?as_of")
                self.assertIsNone(a.headers["Daicho-As-Of"])
        for value in (day(0), "2000-01-01"):
            self.ok(self.writer.get("/api/v1/assets", {"as_of": value}))

    def test_the_past_is_not_changed(self):
        no, etag = self.create(name="変えられない")
        path = "/api/v1/assets/" + no["asset_no"]
        a = self.writer.patch(path, {"name": "x"}, etag, {"as_of": day(0)})
        self.refused(a, 400, "bad_query", ["unknown_argument"])
        self.refused(self.writer.delete(path, etag, {"as_of": day(0)}), 400, "bad_query")
        a = self.writer.get(path, {"as_of": day(0)}, headers={"If-None-Match": etag})
        self.assertEqual(self.ok(a).json, no)
        self.refused(self.writer.get(path + "/history", {"as_of": day(0)}), 400, "bad_query",
                     ["unknown_argument"])

    def test_the_past_takes_an_office_that_reads_histories(self):
        for client in (self.staff, self.operator):
            for path in ("/assets", "/assets/A00000001", "/assets/A00000001/judgement"):
                a = client.get("/api/v1" + path, {"as_of": day(0)})
                named = {o["office"] for o in self.refused(a, 403, "forbidden")["offices"]}
                self.assertIn("sysadmin", named)
                self.assertFalse(named & {"staff", "operator", "advisor"}, named)
            self.ok(client.get("/api/v1/assets"))

    def test_who_holds_both_acts_in_the_one_that_may(self):
        """eisei.r is registry_admin and operator; without a choice the past takes the first."""
        self.ok(self.client("eisei.r").get("/api/v1/assets", {"as_of": day(0)}))
        a = self.client("eisei.r", "operator").get("/api/v1/assets", {"as_of": day(0)})
        self.refused(a, 403, "forbidden")


class Plans(Past):
    """A page reads the events of its rows, not those of the ledger."""
    SETUP = """BEGIN; SET LOCAL session_replication_role = replica;
    INSERT INTO audit_event (at, institution, action, object_type, object, version, after)
    SELECT now() - make_interval(days => 40 - v * 10), i, CASE v WHEN 1 THEN 'insert' ELSE 'update'
        END, 'asset', 'Z' || lpad(n::text, 8, '0'), v, jsonb_build_object('asset_no', 'Z' ||
        lpad(n::text, 8, '0'), 'institution', i, 'unit', i || '-its', 'name', '計算機 ' || n,
        'row_version', v, 'state', 'in_operation', 'confidentiality', 2)
    FROM generate_series(1, 10000) n, generate_series(1, 3) v,
        LATERAL (SELECT CASE n % 10 WHEN 0 THEN 'umi' ELSE 'hoshi' END AS i) x;
    ANALYZE audit_event;
    SET LOCAL ROLE daicho_app;
    SELECT set_config('daicho.person', 'kitaboshi.y', true),
        set_config('daicho.office', 'iso', true), set_config('daicho.reach', 'iiii4', true),
        set_config('daicho.scope', '{hoshi,umi}', true);
    PREPARE page(text, date, text) AS SELECT * FROM asset_as_of($2::date) AS asset
        WHERE institution = $1 AND asset_no > $3 ORDER BY asset.asset_no LIMIT 51;
    PREPARE every(text[], date, text) AS SELECT * FROM asset_as_of($2::date) AS asset
        WHERE institution = ANY($1) AND asset_no < $3 ORDER BY asset.asset_no DESC LIMIT 51;
    PREPARE one(text[], date, text) AS SELECT * FROM asset_as_of($2::date) t
        WHERE asset_no = $3 AND institution = ANY($1);
    """

    def test_pages(self):
        sql, asked = self.SETUP, []
        for mode in ("force_custom_plan", "force_generic_plan"):
            for name, scope in (("page", "umi"), ("page", "hoshi"), ("every", "{hoshi,umi}"),
                                ("one", "{umi}")):
                asked.append((name, scope, mode))
                sql += ("SET LOCAL plan_cache_mode = %s; EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)"
                        " EXECUTE %s('%s', '%s', 'Z00005000');" % (mode, name, scope, day(-15)))
        text = "\n".join(line[0] for line in self.daemon.psql(sql + "ROLLBACK;"))
        plans = [json.loads("[\n" + part)[0] for part in re.split(r"^\[\n", text, flags=re.M)[1:]]
        self.assertEqual(len(plans), len(asked))
        for what, plan in zip(asked, plans):
            with self.subTest(what):
                self.assertEqual(plan["Plan"]["Actual Rows"], 1 if what[0] == "one" else 51)
                read = [n for n in nodes(plan["Plan"]) if n.get("Relation Name") == "audit_event"]
                self.assertEqual(len(read), 2, "merged into the query")
                for n in read:
                    self.assertIn(n["Node Type"], ("Index Scan", "Index Only Scan"), n)
                    rows = (n["Actual Rows"] + n.get("Rows Removed by Filter", 0)) \
                        * n["Actual Loops"]
                    self.assertLessEqual(rows, 1200, n)


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
