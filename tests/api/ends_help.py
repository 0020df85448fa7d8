"""For tests of what ends: an application and what came of it, now and later."""
from test_requests import ADMIN, STAFF, Workflow, day

OUTGOING = "suiseigawa.h"  # 重要サーバ管理者 of hoshi
NEW = "ends.a"
CHECKLIST = {n: True for n in ("os_supported", "updated", "malware_protection", "encrypted",
                               "locked")} | {"use": "観測", "erase_plan": "消去"}
A = "/api/v1/assets/"
CONNECTED = "SELECT coalesce(ended_on::text, '-') || ' ' || row_version FROM network_connection " \
    "WHERE request = '%s' ORDER BY asset"


class Ends(Workflow):
    def cells(self, sql, *args):
        return [r[0] for r in self.daemon.psql(sql % args)]

    def state(self, no):
        return self.cell("SELECT state FROM request WHERE request_no = '%s'", no)

    def later(self, days, sql, *args):
        """What will be so on that day, once the clock has ended what it ends."""
        return self.daemon.psql(
            "BEGIN; SET LOCAL daicho.clock_offset = '%d'; DO $$ BEGIN PERFORM requests_expire(); "
            "END $$; %s; ROLLBACK" % (days * 86400, sql % args))[0]

    def state_later(self, days, no):
        return self.later(days, "SELECT state FROM request WHERE request_no = '%s'", no)[0]

    def act(self, login, asset, action, **body):
        client = self.by(login)
        return client.act("%s%s/%s" % (A, asset, action), client.get(A + asset).etag, body)

    def network(self, level=4, sysadmin=ADMIN):
        net = self.asset("in_operation", 2, sysadmin=sysadmin)
        self.daemon.psql("UPDATE asset SET asset_type = 'network', network_max_confidentiality = "
                         "%d WHERE asset_no = '%s'" % (level, net))
        return net

    def connected(self, one, net, more=(), **members):
        payload = {"network": net} | ({"more_assets": list(more)} if more else {})
        return self.approved(STAFF, "network_connection", ADMIN, asset=one, payload=payload,
                             **members)
