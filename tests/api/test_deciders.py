"""Nobody is put on record as the one who decided by somebody else (2.1(2)⑫(a)).

Each that must fail stands beside one that passes: over the API, in a table, and in plain SQL as the
daemon's own role.
"""
import itertools
import re

import harness
from signed import signed
from test_decided_columns import Statements
from test_requests import ADMIN, BOSS, ISO, STAFF, day

NET_ADMIN = ADMIN          # 情報システム管理者, who administers the network
OTHER = "suiseigawa.h"     # another 情報システム管理者
KEEPER = "eisei.r"         # registry_admin
FRESH = itertools.count(1)


class Deciders(Statements):
    def acts(self, login, office):
        return signed(self.daemon, login, office)

    def fails_by(self, client, ledger, row, code="decided_by_another", column=None):
        """Through the API and in a table, in both languages, at the column of the decider."""
        column = column or TABLES[ledger][1]
        row = {"institution": "hoshi"} | row
        before = self.daemon.psql("SELECT count(*) FROM " + TABLES[ledger][0])
        for query in ({}, {"dry_run": "true"}):
            a = client.post("/api/v1/" + ledger, row, query=query)
            self.refused(a, 422, "rules_violated", [code])
        fault = self.fault(a, code, pointer="#/" + column)
        self.assertTrue(fault["clause"].endswith("2.1(2)⑫(a)"), fault)
        ja = client.post("/api/v1/" + ledger, row, headers={"Accept-Language": "ja"})
        self.assertFalse(ja.json["errors"][0]["message"].isascii())
        a = client.table(ledger, [row])
        self.refused(a, 422, "invalid", [code])
        self.fault(a, code, line=2, column=column)
        a = self.ok(client.table(ledger, [row], {"on_error": "skip"}))
        self.assertEqual((a.json["created"], a.json["rejected"]), (0, 1))
        self.assertEqual(self.daemon.psql("SELECT count(*) FROM " + TABLES[ledger][0]), before)

    def passes_by(self, client, ledger, row):
        row = {"institution": "hoshi"} | row
        table, _, key = TABLES[ledger]
        a = self.ok(client.table(ledger, [row], {"dry_run": "true"}))
        self.assertEqual((a.json["created"], a.codes), (1, []))
        a = self.ok(client.post("/api/v1/" + ledger, row), 201)
        return "/api/v1/%s/%s" % (ledger, a.json[key]), a

    # ---- areas, 3.2(2) ------------------------------------------------------------------

    def area(self, **more):
        return {"code": "hoshi-dc%05d" % next(FRESH), "name_ja": "試験室", "building": "本館",
                "is_controlled": True, "identified_by": ADMIN, "designated_by": ISO,
                "designated_on": day(), "entry_control": "card"} | more

    def test_an_area_is_designated_by_oneself(self):
        self.fails_by(self.acts(ADMIN, "sysadmin"), "areas", self.area())
        self.fails_by(self.acts(ADMIN, "sysadmin"), "areas", self.area(designated_on=day(-30)))
        self.fails_by(self.acts(KEEPER, "registry_admin"), "areas", self.area())
        self.passes_by(self.acts(ISO, "iso"), "areas", self.area())
        # a token never decides
        self.fails_by(self.writer, "areas", self.area())
        self.fails_by(self.acts(ISO, "iso"), "areas", self.area(designated_on=day(1)), "not_yet",
                      "designated_on")

    def test_an_area_of_before(self):
        self.passes_by(self.acts(KEEPER, "registry_admin"), "areas",
                       self.area(designated_on=day(-1)))
        self.passes_by(self.writer, "areas", self.area(designated_on=day(-1)))

    def test_who_identified_does_not_designate(self):
        """Nor records, once an office keeps the register, that another did."""
        self.two_offices(ISO, "sysadmin")
        self.fails_by(self.acts(ISO, "iso"), "areas", self.area(identified_by=ISO),
                      "decider_is_party")
        self.two_offices(KEEPER, "sysadmin")
        self.fails_by(self.acts(KEEPER, "registry_admin"), "areas",
                      self.area(identified_by=KEEPER, designated_on=day()))

    def two_offices(self, login, office):
        no = self.daemon.value(
            "INSERT INTO role_assignment (person, office, institution, scope_note, term_from, "
            "term_to, appointed_by) VALUES ('%s', '%s', 'hoshi', '試験', '%s', '%s', '%s') "
            "RETURNING office_no" % (login, office, day(-10), day(), BOSS))
        self.addCleanup(self.daemon.psql, "DELETE FROM role_assignment WHERE office_no = '%s'"
                        % no)

    def test_a_designation_is_not_rewritten(self):
        place, a = self.passes_by(self.acts(ISO, "iso"), "areas", self.area())
        admin, keeper, iso = (self.acts(*who) for who in (
            (ADMIN, "sysadmin"), (KEEPER, "registry_admin"), (ISO, "iso")))
        for change in ({"designated_on": day(-2)}, {"identified_by": OTHER},
                       {"is_controlled": False},
                       {"is_controlled": False, "designated_by": None, "designated_on": None},
                       {"revoked_on": day()}):
            for client in (admin, keeper):
                self.refused(client.patch(place, change, a.etag), 422, "rules_violated",
                             ["decided_by_another"])
        a = self.ok(admin.patch(place, {"entry_control": "key", "room": "101"}, a.etag))
        a = self.ok(iso.patch(place, {"designated_on": day(-1)}, a.etag))
        a = self.ok(iso.patch(place, {"revoked_on": day()}, a.etag))
        self.refused(keeper.patch(place, {"revoked_on": None}, a.etag), 422, "rules_violated",
                     ["decided_by_another"])
        self.ok(iso.patch(place, {"revoked_on": None}, a.etag))

    def test_a_table_changes_no_designation(self):
        place, a = self.passes_by(self.acts(ISO, "iso"), "areas", self.area())
        row = {"code": a.json["code"], "name_ja": "改称", "designated_on": day(-9)}
        for client in (self.acts(ADMIN, "sysadmin"), self.keeper):
            b = client.table("areas", [row], {"key": "code", "mode": "update"})
            self.refused(b, 422, "invalid", ["decided_by_another"])
            self.fault(b, "decided_by_another", line=2, column="designated_by")
        del row["designated_on"]
        b = self.ok(self.keeper.table("areas", [row], {"key": "code", "mode": "update"}))
        self.assertEqual((b.json["updated"], b.codes), (1, []))
        self.assertEqual(self.ok(self.keeper.get(place)).json["name_ja"], "改称")

    def test_in_plain_sql(self):
        sql = "INSERT INTO area (code, institution, name_ja, building, is_controlled, " \
            "identified_by, designated_by, designated_on) VALUES ('hoshi-dc%05d', 'hoshi', " \
            "'試験室', '本館', true, '%s', '%s', '%s')"
        admin = {"person": ADMIN, "office": "sysadmin"}
        self.fails(sql % (next(FRESH), ADMIN, ISO, day()), "decided_by_another", **admin)
        self.fails(sql % (next(FRESH), ADMIN, ISO, day(-9)), "decided_by_another", **admin)
        # an office that is claimed is not held
        for office in ("iso", "registry_admin"):
            self.fails(sql % (next(FRESH), OTHER, ISO, day(-9)), "decided_by_another",
                       person=ADMIN, office=office)
        self.passes(sql % (next(FRESH), ADMIN, ISO, day()))
        self.passes(sql % (next(FRESH), ADMIN, ISO, day(-9)), person=KEEPER,
                    office="registry_admin")
        at = next(FRESH)
        self.passes(sql % (at, ADMIN, ISO, day()))
        self.fails("UPDATE area SET revoked_on = '%s' WHERE code = 'hoshi-dc%05d'" % (day(), at),
                   "decided_by_another", **admin)
        self.passes("UPDATE area SET room = '7' WHERE code = 'hoshi-dc%05d'" % at, **admin)

    def test_a_refused_applicant_goes_no_other_way(self):
        """Who applied for it is on a side of it for good."""
        code = self.area()["code"]
        self.passes_by(self.acts(ISO, "iso"), "areas", {
            "code": code, "name_ja": "試験室", "building": "本館", "is_controlled": False})
        row = self.make(ADMIN, "area_designation", reason="試験", payload={
            "area": code, "extent": "全体", "entry_control": "card", "leased": False})
        self.done(ADMIN, row, "submit", "submitted")
        self.done(ISO, row, "reject", "rejected", comment="狭い")
        self.two_offices(ADMIN, "iso")
        iso, place = self.acts(ADMIN, "iso"), "/api/v1/areas/" + code
        body = {"is_controlled": True, "identified_by": OTHER, "designated_by": ADMIN,
                "designated_on": day()}
        self.refused(iso.patch(place, body, iso.get(place).etag), 422, "rules_violated",
                     ["decider_is_party"])
        self.ok(self.acts(ISO, "iso").patch(place, body | {"designated_by": ISO},
                                            iso.get(place).etag))

    # ---- connections, 4.1(2)②(c) --------------------------------------------------------

    def ends(self, owner=STAFF):
        """A network of NET_ADMIN and something to connect to it."""
        net = self.daemon.value("SELECT asset_no FROM asset WHERE institution = 'hoshi' AND "
                                "asset_type = 'network' AND state = 'in_operation' LIMIT 1")
        self.daemon.psql("UPDATE asset SET sysadmin = '%s', network_max_confidentiality = 3 "
                         "WHERE asset_no = '%s'" % (NET_ADMIN, net))
        return {"network": net, "asset": self.asset("in_operation", 2, sysadmin=owner),
                "permitted_by": NET_ADMIN, "permitted_on": day()}

    def sql_connection(self, row):
        return "INSERT INTO network_connection (institution, %s) VALUES ('hoshi', '%s')" % (
            ", ".join(row), "', '".join(row.values()))

    def test_a_connection_is_permitted_by_who_administers_the_network(self):
        row = self.ends()
        net, own = {"person": NET_ADMIN, "office": "sysadmin"}, self.ends(NET_ADMIN)
        # as who administers the thing; by somebody else; of what is one's own
        for who, what, back in ((STAFF, row, 0), (STAFF, row, -5), (STAFF, {
                **row, "permitted_by": STAFF}, 0), (KEEPER, row, 0), (NET_ADMIN, own, 0)):
            office = "registry_admin" if who == KEEPER else "sysadmin"
            what = what | {"permitted_on": day(back)}
            if who != KEEPER or back:
                self.fails(self.sql_connection(what), "decided_by_another", person=who,
                           office=office)
        self.fails_by(self.keeper, "connections", row)
        self.fails_by(self.acts(STAFF, "sysadmin"), "connections",
                      self.ends(STAFF) | {"network": self.ends(STAFF)["asset"],
                                          "permitted_by": OTHER})
        self.assertEqual(self.app(self.see_everything(self.sql_connection(row)), **net)[0], 0)

    @staticmethod
    def see_everything(sql):
        """Row policies aside: who may write the row is another question."""
        return "SELECT set_config('daicho.reach', 'iiii4', true); " + sql

    def test_a_connection_of_before(self):
        row = self.ends() | {"permitted_on": day(-1)}
        place, a = self.passes_by(self.keeper, "connections", row)
        for change in ({"valid_to": day(400)}, {"permitted_on": day(-9)},
                       {"asset": self.ends()["asset"]}):
            self.refused(self.keeper.patch(place, change, a.etag), 422, "rules_violated",
                         ["decided_by_another"])
        # what ends it needs nobody's permission
        self.ok(self.keeper.patch(place, {"ended_on": day()}, a.etag))

    # ---- software, 4.1(2)②(d) -----------------------------------------------------------

    def software(self, **more):
        return {"target": "both", "software_name": "試験ソフト%d" % next(FRESH),
                "approved_by": ADMIN, "reviewed_on": day()} | more

    def test_software_is_allowed_by_oneself(self):
        self.fails_by(self.acts(ADMIN, "sysadmin"), "software-allowlist",
                      self.software(approved_by=OTHER))
        self.fails_by(self.acts(ADMIN, "sysadmin"), "software-allowlist",
                      self.software(approved_by=OTHER, reviewed_on=day(-30)))
        self.fails_by(self.acts(ISO, "iso"), "software-allowlist",
                      self.software(approved_by=ISO))
        self.fails_by(self.keeper, "software-allowlist", self.software())
        self.fails_by(self.writer, "software-allowlist",
                      self.software(approved_by=BOSS, reviewed_on=day(-1)), "not_in_office")
        self.passes_by(self.keeper, "software-allowlist", self.software(reviewed_on=day(-1)))
        place, a = self.passes_by(self.acts(ADMIN, "sysadmin"), "software-allowlist",
                                  self.software())
        other, mine = self.acts(OTHER, "sysadmin"), self.acts(ADMIN, "sysadmin")
        for change in ({"software_name": "別物"}, {"version_policy": "全て"}, {"target": "server"}):
            self.refused(other.patch(place, change, a.etag), 422, "rules_violated",
                         ["decided_by_another"])
            a = self.ok(mine.patch(place, change, a.etag))

    def test_software_of_an_application_stays(self):
        one = self.asset("in_operation", 2, sysadmin=ADMIN)
        row = self.make(ISO, "software_use", asset=one, reason="解析", payload={
            "software_name": "試験ソフト%d" % next(FRESH), "source": "架空", "target": "server",
            "signature_checked": True})
        self.done(ISO, row, "submit", "submitted")
        self.done(ADMIN, row, "approve", "approved")
        place = "/api/v1/software-allowlist/" + self.daemon.value(
            "SELECT allow_no FROM software_allowlist WHERE request = '%s'"
            % row.json["request_no"])
        mine = self.acts(ADMIN, "sysadmin")
        a = self.ok(mine.get(place))
        for change in ({"software_name": "別物"}, {"approved_by": STAFF}, {"request": None}):
            self.refused(mine.patch(place, change, a.etag), 422, "rules_violated",
                         ["decided_elsewhere"])

    # ---- disposal, 6.2(2)③ --------------------------------------------------------------

    def disposal(self, **more):
        return {"asset": self.asset("in_operation", 2, sysadmin=ADMIN), "method": "destroy",
                "sanitised_on": day(), "sanitised_by": "業者", "confirmed_by": ADMIN} | more

    def test_a_disposal_is_confirmed_by_oneself(self):
        name = self.daemon.value("SELECT name_ja FROM person WHERE login = '%s'" % ADMIN)
        mine = self.acts(ADMIN, "sysadmin")
        for back in (0, -1):
            self.fails_by(mine, "disposals", self.disposal(confirmed_by=ISO,
                                                           sanitised_on=day(back)))
            for performer in (ADMIN, name, name.replace(" ", "　")):
                self.fails_by(mine, "disposals", self.disposal(
                    sanitised_by=performer, sanitised_on=day(back)), "decider_is_party")
        self.fails_by(self.keeper, "disposals", self.disposal())
        self.fails_by(self.keeper, "disposals", self.disposal(
            sanitised_by=ADMIN, sanitised_on=day(-1)), "decider_is_party")
        self.passes_by(self.keeper, "disposals", self.disposal(sanitised_on=day(-1)))
        self.passes_by(self.acts(ISO, "iso"), "disposals", self.disposal(confirmed_by=ISO))
        place, a = self.passes_by(mine, "disposals", self.disposal())
        iso = self.acts(ISO, "iso")
        for change in ({"method": "overwrite"}, {"sanitised_by": ADMIN}, {"witness": "立会人"}):
            self.refused(iso.patch(place, change, a.etag), 422, "rules_violated")
        a = self.ok(mine.patch(place, {"witness": "立会人"}, a.etag))
        self.ok(iso.patch(place, {"disposed_on": day(), "reuse": "返却"}, a.etag))

    def test_who_performed_does_not_confirm_afterwards(self):
        """Not by taking the name of the performer out, either."""
        name = "UPDATE disposal_record SET sanitised_by = '業者', confirmed_by = '%s' WHERE " \
            "asset = '%s'"
        row = self.disposal(confirmed_by=ISO, sanitised_by=ADMIN)
        self.passes_by(self.acts(ISO, "iso"), "disposals", row)
        self.fails(name % (ADMIN, row["asset"]), "decided_by_another", person=ADMIN,
                   office="sysadmin")
        self.passes(name % (ISO, row["asset"]))


TABLES = {"areas": ("area", "designated_by", "code"),
          "connections": ("network_connection", "permitted_by", "connection_no"),
          "software-allowlist": ("software_allowlist", "approved_by", "allow_no"),
          "disposals": ("disposal_record", "confirmed_by", "disposal_no")}


class Tables(harness.Case):
    def test_the_offices_that_keep_the_registers(self):
        text = (harness.TOP / "src" / "api" / "route_rows.h").read_text("utf-8")
        names = re.findall(r"O\((\w+)\)", re.search(r"#define KEEPERS (.*)", text).group(1))
        self.assertEqual(self.daemon.value("SELECT array_to_string(register_keepers(), ' ')"),
                         " ".join(names).lower())

    def test_every_decision_names_columns_that_are_there(self):
        """And an application that decides the same."""
        self.assertEqual(self.daemon.psql(
            "SELECT d.ledger, c FROM decisions() d, unnest(d.cols || d.on_day || d.decider) c "
            "WHERE NOT EXISTS (SELECT FROM information_schema.columns x WHERE x.table_name = "
            "d.ledger AND x.column_name = c)"), [])
        self.assertEqual(self.daemon.psql(
            "SELECT d.kind FROM decisions() d WHERE NOT EXISTS (SELECT FROM workflow_kind k WHERE "
            "k.code = d.kind AND k.approver = ANY (d.offices))"), [])
