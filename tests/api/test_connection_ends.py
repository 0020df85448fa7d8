"""What ends by itself: connections with their asset, and permits with the last of them."""
from ends_help import A, CONNECTED, Ends
from test_requests import ADMIN, ISO, MEMBER, R, STAFF, day


class Connections(Ends):
    def test_what_is_stopped_or_gone_is_not_connected(self):
        for action in ("suspension", "retirement", "loss"):
            one = self.asset("in_operation", 2, sysadmin=STAFF)
            row, no = self.connected(one, self.network())
            self.ok(self.act(STAFF, one, action))
            self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"], action)
            self.assertEqual(self.state(no), "completed", action)
            last = self.ok(self.by(STAFF).get("%s/%s/steps" % (R, no))).json["items"][-1]
            self.assertEqual((last["action"], last["acted_by"], last["comment"]),
                             ("disconnected", None, one))
            self.refused(self.step(STAFF, row, "complete"), 409, "wrong_state")

    def test_what_goes_on_stays_connected(self):
        one = self.asset("planned", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        self.daemon.psql("UPDATE asset SET vuln_state = 'ok' WHERE asset_no = '%s'" % one)
        self.ok(self.act(STAFF, one, "start"))
        self.daemon.psql("UPDATE asset SET note = 'x' WHERE asset_no = '%s'" % one)
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)), (["- 1"], "approved"))

    def test_many_at_once_by_a_statement(self):
        some = sorted(self.asset("in_operation", 2, sysadmin=STAFF) for _ in range(3))
        net = self.network()
        _, no = self.connected(some[0], net, some[1:])
        put = "UPDATE asset SET state = '%s' WHERE asset_no = ANY ('{%s}')"
        self.daemon.psql(put % ("suspended", some[0]))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2", "- 1", "- 1"])
        self.assertEqual(self.state(no), "approved", "two of its assets are connected still")
        self.daemon.psql(put % ("retired", ",".join(some)))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"] * 3)
        self.assertEqual(self.state(no), "completed")

    def test_what_is_transferred_or_erased(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        row = self.submitted(STAFF, "transfer", asset=one, payload={
            "to_institution": "umi", "to_unit": "umi-its", "to_sysadmin": "namima.j"})
        self.done(ISO, row, "consent", "reviewing")
        self.done("shinkai.t", row, "take_over", "completed")
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                         ([day() + " 2"], "completed"))
        for state in ("sanitised", "disposed"):
            one = self.asset("in_operation", 2, sysadmin=STAFF)
            _, no = self.connected(one, self.network())
            self.daemon.psql("BEGIN; ALTER TABLE asset DISABLE TRIGGER a_gate; UPDATE asset SET "
                             "state = '%s' WHERE asset_no = '%s'; ALTER TABLE asset ENABLE TRIGGER "
                             "a_gate; COMMIT" % (state, one))
            self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                             ([day() + " 2"], "completed"), state)

    def test_with_the_network_that_is_no_more(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.ok(self.act(ADMIN, net, "suspension"))
        self.assertEqual(self.state(no), "approved", "a network out of order lets nobody out")
        self.ok(self.act(ADMIN, net, "retirement"))
        self.assertEqual((self.cells(CONNECTED, no), self.state(no)),
                         ([day() + " 2"], "completed"))

    def test_what_owes_something_is_stopped_all_the_same(self):
        """No rule about the connection, nor about its permission, refuses an emergency stop."""
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.daemon.psql("UPDATE asset SET network_max_confidentiality = 1 WHERE asset_no = '%s'"
                         % net)
        # what its decider held is found to have been nothing
        self.daemon.psql("BEGIN; ALTER TABLE request DISABLE TRIGGER USER; UPDATE request SET "
                         "decided_office = 'ism' WHERE request_no = '%s'; ALTER TABLE request "
                         "ENABLE TRIGGER USER; COMMIT" % no)
        client = self.client(MEMBER, "csirt_member")
        self.ok(client.act(A + one + "/suspension", client.get(A + one).etag, {}))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"])

    def test_back_in_operation_it_takes_a_new_permit(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, net)
        self.ok(self.act(STAFF, one, "suspension"))
        row = self.submitted(STAFF, "network_connection", asset=one, payload={"network": net})
        self.no_step(ADMIN, row, "approve", "not_live")
        self.ok(self.act(STAFF, one, "resumption"))
        self.assertEqual(self.cells(CONNECTED, no), [day() + " 2"], "nothing comes back by itself")
        self.done(ADMIN, row, "approve", "approved")

    def test_a_permit_for_many_is_used_up_for_one(self):
        """What was stopped is not put back onto the network under the permit of the others."""
        net = self.network()
        one, other = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in "12")
        _, no = self.connected(one, net, [other])
        self.ok(self.act(STAFF, one, "suspension"))
        self.ok(self.act(STAFF, one, "resumption"))
        a = self.ok(self.by(ISO).post("/api/v1/connections", {
            "institution": "hoshi", "asset": one, "network": net, "request": no,
            "permitted_by": ADMIN, "permitted_on": day(-1)}), 201)
        found = "SELECT count(*) FROM finding WHERE object = '%s' AND rule = 'CON-04' AND " \
            "closed_at IS NULL"
        self.assertEqual(self.cell(found, a.json["connection_no"]), "1")
        still = self.cell("SELECT connection_no FROM network_connection WHERE asset = '%s'", other)
        self.assertEqual(self.cell(found, still), "0")

    def test_one_connection_at_a_time(self):
        net = self.network()
        one, other = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in "12")
        waits = self.submitted(STAFF, "network_connection", asset=one, payload={"network": net})
        row, _ = self.connected(one, net)
        twice = self.make(STAFF, "network_connection", asset=one, reason="x",
                          payload={"network": net})
        a = self.no_step(STAFF, twice, "submit", "connected_already")
        self.assertEqual((a.json["errors"][0]["clause"], a.json["errors"][0]["pointer"]),
                         ("4.1(2)②(c)", "#/asset"))
        among = self.make(STAFF, "network_connection", asset=other, reason="x",
                          payload={"network": net, "more_assets": [one]})
        a = self.no_step(STAFF, among, "submit", "connected_already")
        self.assertEqual(a.json["errors"][0]["pointer"], "#/payload/more_assets")
        self.no_step(ADMIN, waits, "approve", "connected_already")
        # elsewhere, and once it is off
        self.connected(one, self.network())
        self.done(STAFF, row, "complete", "completed")
        self.done(ADMIN, waits, "approve", "approved")
        self.no_step(STAFF, twice, "submit", "connected_already")

    def by_hand(self, one, net, **members):
        """By who keeps the register: what was decided before today."""
        return self.by(ISO).post("/api/v1/connections", {
            "institution": "hoshi", "asset": one, "network": net, "permitted_by": ADMIN,
            "permitted_on": day(-1)} | members)

    def test_nor_two_by_hand(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        first = self.ok(self.by_hand(one, net), 201).json["connection_no"]
        client, place = self.by(ISO), "/api/v1/connections/" + first
        for members in ({}, {"valid_to": day(3)}, {"permitted_on": day(-9)}):
            a = self.by_hand(one, net, **members)
            self.refused(a, 422, "rules_violated", ["connected_already"])
            self.assertEqual((a.json["errors"][0]["pointer"], a.json["errors"][0]["clause"]),
                             ("#/asset", "4.1(2)②(c)"))
            self.assertIn(first, a.json["errors"][0]["message"])
        with self.assertRaisesRegex(AssertionError, first):
            self.daemon.psql("INSERT INTO network_connection (institution, asset, network, "
                             "permitted_by, permitted_on) VALUES ('hoshi', '%s', '%s', '%s', "
                             "current_date)" % (one, net, ADMIN))
        # elsewhere, and what is over already; and the next one after its end
        self.ok(self.by_hand(one, self.network()), 201)
        self.ok(self.by_hand(one, net, permitted_on=day(-9), ended_on=day(-1)), 201)
        self.ok(client.patch(place, {"ended_on": day()}, client.get(place).etag))
        second = self.ok(self.by_hand(one, net), 201).json["connection_no"]
        # nor is one made the double of another by an edit
        other = self.ok(self.by_hand(one, self.network()), 201)
        a = client.patch("/api/v1/connections/" + other.json["connection_no"], {"network": net},
                         other.etag)
        self.refused(a, 422, "rules_violated", ["connected_already"])
        self.assertIn(second, a.json["errors"][0]["message"])

    def test_nor_beside_a_permitted_one(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        row, no = self.connected(one, net)
        there = self.cell("SELECT connection_no FROM network_connection WHERE request = '%s'", no)
        a = self.by_hand(one, net)
        self.refused(a, 422, "rules_violated", ["connected_already"])
        self.assertIn(there, a.json["errors"][0]["message"])
        self.done(STAFF, row, "complete", "completed")
        self.ok(self.by_hand(one, net), 201)

    def test_nor_by_an_import(self):
        net = self.network()
        one, other = (self.asset("in_operation", 2, sysadmin=STAFF) for _ in "12")
        first = self.ok(self.by_hand(one, net), 201).json["connection_no"]
        line = "hoshi,%s,%s,{0},{1}".format(ADMIN, day(-1))
        head = "institution,asset,network,permitted_by,permitted_on"

        def put(*assets):
            return self.by(ISO).table("connections", "\n".join(
                [head] + [line % (a, net) for a in assets]).encode())
        a = put(other, one)
        self.assertEqual([(e["code"], e["line"]) for e in a.json["errors"]],
                         [("connected_already", 3)], a)
        self.assertIn(first, a.json["errors"][0]["message"])
        a = put(other, other)
        self.assertEqual([(e["code"], e["line"]) for e in a.json["errors"]],
                         [("connected_twice", 3)], a)
        self.assertEqual(self.cells("SELECT count(*) FROM network_connection WHERE network = '%s'",
                                    net), ["1"])
        self.ok(put(other))

    def test_near_its_end_it_is_renewed(self):
        net = self.network()
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, long = self.connected(one, net, valid_to=day(30))
        again = self.make(STAFF, "network_connection", asset=one, reason="x",
                          payload={"network": net})
        self.no_step(STAFF, again, "submit", "connected_already")
        self.daemon.psql("BEGIN; ALTER TABLE network_connection DISABLE TRIGGER USER; UPDATE "
                         "network_connection SET valid_to = '%s' WHERE request = '%s'; ALTER TABLE "
                         "network_connection ENABLE TRIGGER USER; COMMIT" % (day(29), long))
        self.done(STAFF, again, "submit", "submitted")
        self.done(ADMIN, again, "approve", "approved")
        self.assertEqual((self.cells(CONNECTED, long), self.state(long)),
                         ([day() + " 2"], "completed"))
        self.assertEqual(self.cells(CONNECTED, again.json["request_no"]), ["- 1"])

    def test_a_day_that_was_entered(self):
        """Disconnected by hand on a day to come: on that day the permission ends, too."""
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network())
        key = self.cell("SELECT connection_no FROM network_connection WHERE request = '%s'", no)
        place = "/api/v1/connections/" + key
        client = self.by(ADMIN)
        self.ok(client.patch(place, {"ended_on": day(5)}, client.get(place).etag))
        self.assertEqual(self.state_later(4, no), "approved")
        self.assertEqual(self.state_later(5, no), "completed")

    def test_the_end_of_its_term(self):
        one = self.asset("in_operation", 2, sysadmin=STAFF)
        _, no = self.connected(one, self.network(), valid_to=day(3))
        self.assertEqual(self.state_later(3, no), "approved")
        self.assertEqual(self.state_later(4, no), "expired")
        self.assertEqual(self.later(4, CONNECTED, no), [day(4) + " 2"])
