"""Policy values and rating scales: defaults of the 機構, overrides of a 機関."""
from harness import Case

POLICIES = "/api/v1/policies"
LEVELS = "/api/v1/rating-levels"
NAMES = {"inventory": 365, "media_check": 180, "software_review": 365, "config_check": 180,
         "vuln_check": 90, "access_review": 365, "webapp_vuln": 180, "zone_check": 365,
         "mfp_check": 365, "net_review": 365, "nas_backup": 31, "restore_test": 365,
         "firmware": 180, "ismap_check": 365, "contract_check": 365, "contact_check": 365,
         "cert_warn": 30, "permit_warn": 30, "sanitise": 90, "exception_max": 365,
         "ciso_report": 7, "convert_deadline": 30, "takeout_max": 31, "cert_keep": 1825,
         "install_max": 90, "start_max": 180,
         "finding_due": 90}


class Values(Case):
    def tearDown(self):
        for path, key in ((POLICIES, "policy_no"), (LEVELS, "level_no")):
            for row in self.writer.walk(path, {"institution": "hoshi"}):
                place = "%s/%s" % (path, row[key])
                self.ok(self.writer.delete(place, self.writer.get(place).etag), 204)

    def override(self, path=POLICIES, **members):
        return self.writer.post(path, {"institution": "hoshi"} | members)

    def days(self, name, institution):
        return self.count("SELECT policy_days('%s', %s)" % (name, institution))


class Policies(Values):
    def test_defaults(self):
        rows = self.staff.walk(POLICIES)
        self.assertEqual({r["name"]: r["days"] for r in rows if r["institution"] is None}, NAMES)
        self.assertEqual({r["policy_no"] for r in rows}, set(NAMES))
        for name, days in NAMES.items():
            self.assertEqual(self.days(name, "'hoshi'"), days)
            self.assertEqual(self.days(name, "NULL"), days)
        self.assertEqual(self.days("inventory", "'nowhere'"), 365)
        self.assertEqual(self.daemon.value("SELECT policy_days('none', 'hoshi') IS NULL"), "t")

    def test_a_row_of_the_institution_overrides_it_there(self):
        a = self.ok(self.override(name="inventory", days=200, basis_note="機関CISO決定"), 201)
        self.assertEqual(a.json["policy_no"], "hoshi:inventory")
        self.assertEqual(a.headers["Location"], POLICIES + "/hoshi:inventory")
        self.assertEqual((self.days("inventory", "'hoshi'"), self.days("inventory", "'umi'")),
                         (200, 365))
        self.assertEqual(self.days("inventory", "NULL"), 365)
        place = POLICIES + "/hoshi:inventory"
        a = self.ok(self.writer.patch(place, {"days": 36500}, a.etag))
        self.assertEqual(self.days("inventory", "'hoshi'"), 36500)
        a = self.ok(self.writer.put(place, a.json | {"days": 1}, a.etag))
        history = self.ok(self.writer.get(place + "/history")).json["items"]
        self.assertEqual([e["action"] for e in history], ["insert", "update", "update"])
        self.ok(self.writer.delete(place, a.etag), 204)
        self.assertEqual(self.days("inventory", "'hoshi'"), 365)
        self.refused(self.writer.get(place), 404)

    def test_others_do_not_see_it(self):
        self.ok(self.override(name="inventory", days=200), 201)
        self.refused(self.other.get(POLICIES + "/hoshi:inventory"), 404)
        self.assertNotIn("hoshi:inventory", [r["policy_no"] for r in self.other.walk(POLICIES)])
        csv = self.ok(self.writer.get(POLICIES, {"format": "csv", "institution": "hoshi"}))
        self.assertEqual([r["policy_no"] for r in csv.rows], ["hoshi:inventory"])

    def test_defaults_are_read_only(self):
        place = POLICIES + "/inventory"
        row = self.ok(self.writer.get(place))
        for a in (self.writer.patch(place, {"days": 1}, row.etag),
                  self.writer.put(place, row.json | {"days": 1}, row.etag),
                  self.writer.delete(place, row.etag)):
            self.refused(a, 403, "forbidden")
            self.assertIn("override", a.json["detail"])
        self.refused(self.writer.post(POLICIES, {"name": "inventory", "days": 1}), 422, "invalid",
                     ["required"])
        self.refused(self.writer.post(POLICIES, {"institution": None, "name": "inventory",
                                                 "days": 1}), 422)
        self.assertEqual(self.days("inventory", "'hoshi'"), 365)
        history = self.ok(self.writer.get(place + "/history")).json["items"]
        self.assertEqual([e["action"] for e in history], ["insert"])
        local = "SELECT set_config('daicho.scope', '{*}', false); "
        code, said = self.daemon.psql(local + "INSERT INTO policy (name, days) VALUES "
                                      "('inventory', 1)", "daicho_app", False)
        self.assertIn("row-level security", said)

    def test_refused(self):
        for members, code in (({"days": 0}, "out_of_range"), ({"days": 36501}, "out_of_range"),
                              ({"days": 1.5}, None), ({"days": None}, "required"),
                              ({"name": "none"}, "unknown_choice"),
                              ({"policy_no": "hoshi:x"}, "read_only"),
                              ({"institution": "umi"}, "unknown_reference"),
                              ({"institution": "none"}, None)):
            a = self.override(**{"name": "inventory", "days": 10} | members)
            self.assertIn(a.status, (400, 422), a)
            if code is not None:
                self.assertEqual(a.codes, [code], members)
        self.ok(self.override(name="inventory", days=10), 201)
        self.refused(self.override(name="inventory", days=20), 409, "conflict", ["exists"])
        place = POLICIES + "/hoshi:inventory"
        row = self.writer.get(place)
        self.refused(self.writer.patch(place, {"name": "firmware"}, row.etag), 422)
        self.refused(self.writer.patch(place, {"days": 5}, '"77"'), 412)
        for sql in ("UPDATE policy SET days = 0", "UPDATE policy SET days = 36501"):
            code, said = self.daemon.psql(sql, check=False)
            self.assertIn("policy_days_range", said)

    def test_who(self):
        body = {"institution": "hoshi", "name": "firmware", "days": 10}
        for client in (self.staff, self.keeper, self.auditor, self.other):
            self.assertIn(client.post(POLICIES, body).status, (403, 422))
        self.refused(self.staff.post(POLICIES, body), 403)
        self.refused(self.staff.get(POLICIES + "/inventory/history"), 403)
        self.ok(self.staff.get(POLICIES + "/inventory"))
        self.refused(self.nobody.get(POLICIES), 401)

    def test_kept_for_a_transaction(self):
        """What policy_cache() has put aside is what the tables say, also after a change."""
        self.ok(self.override(name="inventory", days=200), 201)
        got = self.daemon.psql(
            "BEGIN; SELECT policy_cache(); SELECT count(*) FROM policy p, institution i "
            "WHERE p.institution IS NULL AND (policy_days(p.name, i.code) <> "
            "policy_days_now(p.name, i.code) OR current_setting('daicho.policy_' || p.name || '_' "
            "|| i.code) IS NULL); "
            "UPDATE policy SET days = 77 WHERE policy_no = 'hoshi:inventory'; "
            "SELECT policy_days('inventory', 'hoshi'); "
            "DELETE FROM policy WHERE policy_no = 'hoshi:inventory'; "
            "SELECT policy_days('inventory', 'hoshi'); ROLLBACK; "
            "SELECT policy_days('inventory', 'hoshi')")
        self.assertEqual([r[0] for r in got][1:], ["0", "77", "365", "200"])

    def test_inlined(self):
        plan = self.daemon.psql("EXPLAIN (VERBOSE, COSTS off) SELECT asset_no FROM asset a WHERE "
                                "a.last_inventory_on < act_today() - policy_days('inventory', "
                                "a.institution) OR a.handling_restrictions <@ "
                                "rating_restrictions(a.confidentiality, a.institution)")
        text = "\n".join(r[0] for r in plan)
        self.assertIn("current_setting(('daicho.policy_inventory_'", text)
        self.assertNotIn("policy_days(", text)
        self.assertNotIn("rating_restrictions(", text)


class Scales(Values):
    # 2.2(2)②表: each level adds to the one below
    ADDED = {1: set(), 2: {"limited_storage", "encrypt_transfer", "irrecoverable_disposal",
                           "trusted_network"},
             3: {"org_terminal_only", "minimal_copy", "locked_storage"},
             4: {"no_copy", "designated_place", "isolated_only"}}

    def restrictions(self, level, institution="hoshi"):
        text = self.daemon.value("SELECT rating_restrictions(%d, '%s')" % (level, institution))
        return {x for x in text.strip("{}").split(",") if x}

    def test_defaults(self):
        rows = {r["level_no"]: r for r in self.staff.walk(LEVELS)}
        self.assertEqual(set(rows), {"%s-%d" % (axis, n) for axis, most in (
            ("confidentiality", 4), ("integrity", 3), ("availability", 3))
            for n in range(1, most + 1)})
        wanted = set()
        for n in range(1, 5):
            wanted |= self.ADDED[n]
            self.assertEqual(set(rows["confidentiality-%d" % n]["restrictions"] or []), wanted)
            self.assertEqual(self.restrictions(n), wanted)
        for r in rows.values():
            self.assertTrue(r["label_ja"])
            self.assertIsNone(r["criteria_ja"])
        self.assertEqual(self.daemon.value("SELECT rating_restrictions(5, 'hoshi') IS NULL"), "t")

    def test_overrides(self):
        a = self.ok(self.override(LEVELS, axis="confidentiality", level=2, label_ja="内部",
                                  criteria_ja="機関の中だけ", restrictions=["locked_storage"]), 201)
        self.assertEqual(a.json["level_no"], "hoshi:confidentiality-2")
        self.assertEqual(self.restrictions(2), {"locked_storage"})
        self.assertEqual(self.restrictions(2, "umi"), self.ADDED[2])
        a = self.ok(self.writer.patch(LEVELS + "/hoshi:confidentiality-2", {"restrictions": []},
                                      a.etag))
        self.assertEqual(self.restrictions(2), set())
        self.ok(self.writer.delete(LEVELS + "/hoshi:confidentiality-2", a.etag), 204)
        self.assertEqual(self.restrictions(2), self.ADDED[2])
        self.ok(self.override(LEVELS, axis="availability", level=3, label_ja="止められない",
                              criteria_ja="1時間以内に復旧"), 201)

    def test_refused(self):
        good = {"axis": "integrity", "level": 2, "label_ja": "x"}
        for members, status in (({"level": 4}, 422), ({"level": 0}, 422), ({"level": 5}, 422),
                                ({"axis": "beauty"}, 422), ({"label_ja": ""}, 422),
                                ({"restrictions": ["no_copy"]}, 422),
                                ({"axis": "confidentiality", "restrictions": ["x"]}, 422)):
            self.refused(self.override(LEVELS, **good | members), status)
        self.ok(self.override(LEVELS, **good), 201)
        self.refused(self.override(LEVELS, **good), 409)
        place = LEVELS + "/integrity-2"
        row = self.writer.get(place)
        self.refused(self.writer.patch(place, {"label_ja": "y"}, row.etag), 403)
        self.refused(self.writer.delete(place, row.etag), 403)
        self.refused(self.staff.post(LEVELS, {"institution": "hoshi"} | good), 403)
