"""Rows with a past: made, changed and dated back, and asked about as of a day."""
import unittest

from harness import Case, Daemon, today

ROW = {"unit": "hoshi-its", "name": "過去の試験", "asset_type": "server", "location_text": "室",
       "confidentiality": 2, "confidentiality_basis": "c2_internal", "has_personal_info": False,
       "has_my_number": False, "internal_media_encryption": "full", "users_text": "全員",
       "sysadmin": "suiseigawa.h", "institution": "hoshi"}
BASIS = {2: "c2_internal", 3: "c3_management", 4: "c4_national_security"}


def day(n):
    """As as_of= takes it: n days from today."""
    return today(n).isoformat()


class Past(Case):
    """A daemon of its own, because what happened is dated back in its log."""
    mine = None

    @classmethod
    def setUpClass(cls):
        if Past.mine is None:
            Past.mine = Daemon()
            unittest.addModuleCleanup(Past.end)
            Past.mine.load_logins()
        cls.daemon = Past.mine
        for name, (login, office) in {
                "writer": ("kitaboshi.y", "iso"), "other": ("shinkai.t", "iso"),
                "boss": ("subaruno.k", None), "everywhere": ("kitaboshi.y", "general_iso"),
                "reader": ("seiunda.n", "ism"), "lab": ("kounen.y", "ism"),
                "auditor": ("uzushio.g", "auditor"), "admin": ("suiseigawa.h", "sysadmin"),
                "keeper": ("eisei.r", "registry_admin"), "staff": ("engai.s", None),
                "operator": ("kidou.w", None)}.items():
            setattr(cls, name, cls.client(login, office))

    @classmethod
    def tearDownClass(cls):
        pass  # the daemon serves all classes of a module

    @staticmethod
    def end():
        Past.mine.stop()
        Past.mine = None

    def made(self, ledger="asset", **members):
        """A row made where the machine stands; its key."""
        row = dict(ROW, **members) if ledger == "asset" else members
        names = ", ".join(row)
        values = ", ".join("NULL" if v is None else "'{%s}'" % ",".join(v) if isinstance(v, list)
                           else "'%s'" % v for v in row.values())
        key = {"asset": "asset_no", "external_media": "media_no", "asset_user": "user_no",
               "asset_software": "software_no", "emergency_contact": "contact_no"}[ledger]
        return self.daemon.value("INSERT INTO %s (%s) VALUES (%s) RETURNING %s"
                                 % (ledger, names, values, key))

    def became(self, no, ledger="asset", key="asset_no", **members):
        sets = ", ".join("%s = '%s'" % item for item in members.items())
        self.daemon.psql("UPDATE %s SET %s, row_version = row_version + 1 WHERE %s = '%s'"
                         % (ledger, sets, key, no))

    def dated(self, no, *days):
        """Dates the events of a row back: the first that many days ago, and so on."""
        self.daemon.psql("SET session_replication_role = replica; " + "".join(
            "UPDATE audit_event SET at = at - interval '%d days' WHERE id = (SELECT id FROM "
            "audit_event WHERE object = '%s' AND action <> 'read' ORDER BY id OFFSET %d LIMIT 1); "
            % (back, no, i) for i, back in enumerate(days)))

    def row(self, client, no, n, ledger="assets"):
        return client.get("/api/v1/%s/%s" % (ledger, no), {"as_of": day(n)})

    def seen(self, client, no, n, ledger="assets", key="asset_no"):
        """By a list and by a row, which must agree."""
        one = self.row(client, no, n, ledger)
        items = self.ok(client.get("/api/v1/" + ledger, {"as_of": day(n), key: no})).json["items"]
        self.assertEqual(len(items) == 1, one.status == 200, one)
        if one.status != 200:
            self.refused(one, 404, "not_found")
        return one.status == 200
