"""May it be sent, shared, carried?  別表 against golden/transfer.txt, and what is refused."""
import itertools

from harness import Case, TOP

PATH = "/api/v1/transfer-check"
LEVELS = ("1", "2", "3", "4")
MEANS = ("mail", "cloud_share", "file_transfer", "media")
DESTINATIONS = ("internal", "other_institution", "outside")
FLAGS = {"core": {"core_service": "true"}, "trusted": {"trusted_service": "true"}, "other": {},
         "none": {}}


def golden():
    for line in (TOP / "tests/golden/transfer.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            words = line.split(None, 9)
            yield tuple(words[:5]), tuple(words[5:])


class Transfer(Case):
    def ask(self, level="3", means="file_transfer", destination="outside", lang=None, **more):
        return self.staff.get(PATH, {"confidentiality": level, "means": means,
                                     "destination": destination} | more,
                              headers={"Accept-Language": lang} if lang else None)

    def test_every_cell(self):
        wrong = []
        cells = dict(golden())
        for (level, means, service, approved, destination), wanted in cells.items():
            more = dict(FLAGS[service])
            if approved == "no":
                more["approved"] = "false"
            a = self.ok(self.ask(level, means, destination, **more)).json
            got = (a["verdict"], "encrypted" if a["encryption"] else "plain",
                   a["permission"]["office"] if a["permission"] else "-", a["workflow"] or "-",
                   a["clause"])
            if got != wanted or a["service"] != service or not a["text"]:
                wrong.append("%s %s %s %s %s: %s" % (level, means, service, approved,
                                                     destination, a))
        self.assertEqual(wrong, [])

    def test_no_question_is_missing(self):
        cells = {c[0] for c in golden()}
        services = {"cloud_share": ("core", "trusted", "other"),
                    "file_transfer": ("none", "trusted")}
        every = set()
        for level, means, to in itertools.product(LEVELS, MEANS, DESTINATIONS):
            for service in services.get(means, ("none",)):
                for approved in ("yes", "no") if means in services else ("yes",):
                    every.add((level, means, service, approved, to))
        self.assertEqual(cells, every)
        self.assertEqual(len(list(golden())), len(every), "a line stands twice")

    def test_a_core_service_that_can_be_trusted_is_a_core_service(self):
        a = self.ok(self.ask(means="cloud_share", core_service="true", trusted_service="true"))
        self.assertEqual((a.json["service"], a.json["verdict"]), ("core", "ALLOW"))

    def test_language(self):
        ja = self.ok(self.ask(lang="ja")).json
        self.assertEqual(ja["text"], "機関CISO許可により可（要暗号化）")
        self.assertEqual(ja["permission"], {"office": "inst_ciso", "label": "機関CISO"})
        en = self.ok(self.ask(lang="en")).json
        self.assertIn("permission", en["text"])
        self.assertEqual(len(ja["reminders"]), len(en["reminders"]))
        for one, other in zip(ja["reminders"], en["reminders"]):
            self.assertNotEqual(one["text"], other["text"])
            self.assertEqual(one["clause"], other["clause"])

    def test_reminders(self):
        def clauses(**question):
            return [r["clause"] for r in self.ok(self.ask(**question)).json["reminders"]]
        self.assertIn("3.1(2)④(b)イ", clauses(level="2", means="mail"))
        self.assertNotIn("3.1(2)④(b)イ", clauses(level="1", means="mail"))
        self.assertEqual(clauses(level="1", means="mail"), [])
        # A12: the text would allow what the table refuses, so both are named
        self.assertIn("別表, 3.1(2)④(b)ア", clauses(level="3", means="mail"))
        self.assertIn("3.1(2)②(c)", clauses(level="2", means="media"))
        self.assertNotIn("3.1(2)②(c)", clauses(level="1", means="media"))
        self.assertIn("3.1(2)④(b)ア, ウ", clauses(level="2", means="cloud_share"))
        self.assertNotIn("3.1(2)④(b)ア, ウ",
                         clauses(level="2", means="cloud_share", core_service="true"))

    def test_unknown_values(self):
        a = self.ask("5", "fax", "mars")
        self.refused(a, 400, "bad_query", ["unknown_choice"] * 3)
        said = {f["pointer"]: f["message"] for f in a.json["errors"]}
        self.assertEqual(said["?means"], "One of: mail, cloud_share, file_transfer, media.")
        self.assertEqual(said["?destination"], "One of: internal, other_institution, outside.")
        self.assertEqual(said["?confidentiality"], "One of: 1, 2, 3, 4.")
        self.refused(self.ask(level="03"), 400, "bad_query", ["unknown_choice"])
        self.refused(self.ask(level=""), 400, "bad_query", ["unknown_choice"])
        self.refused(self.staff.get(PATH), 400, "bad_query", ["required"] * 3)
        self.refused(self.ask(colour="red"), 400, "bad_query", ["unknown_argument"])
        self.refused(self.ask(approved="maybe"), 400, "bad_query")

    def test_what_does_not_fit_the_means(self):
        for name in ("core_service", "trusted_service", "approved"):
            for means in ("mail", "media"):
                a = self.ask(means=means, **{name: "true"})
                self.refused(a, 400, "bad_query", ["not_applicable"])
                self.assertEqual(a.json["errors"][0]["pointer"], "?" + name)
        self.refused(self.ask(core_service="true"), 400, "bad_query", ["not_applicable"])
        self.refused(self.ask(means="mail", service="A00000001"), 400, "bad_query",
                     ["not_applicable"])
        self.refused(self.ask(means="cloud_share", service="A00000001", approved="true"), 400,
                     "bad_query", ["not_applicable"])

    def service(self, **members):
        row, etag = self.create(asset_type="cloud_service", name="試験クラウド",
                                unit="hoshi-its", location_text="事業者 東京", confidentiality=3,
                                confidentiality_basis="c3_management", has_personal_info=False,
                                has_my_number=False, internal_media_encryption="provider",
                                users_text="全員", sysadmin="kitaboshi.y", **members)
        return row["asset_no"], etag

    def register(self, no, etag):
        self.ok(self.writer.act("/api/v1/assets/%s/registration" % no, etag))
        return no

    def permit(self, state):
        """利用承認, 4.1(2)②(g): the number of an application in this state."""
        return self.daemon.value("SET session_replication_role = replica; INSERT INTO request "
                                 "(request_type, institution, applicant, state) VALUES "
                                 "('cloud_use', 'hoshi', 'kitaboshi.y', '%s') RETURNING request_no"
                                 % state)

    def test_a_service_of_the_ledger(self):
        yes, no_longer = self.permit("approved"), self.permit("revoked")
        for members, wanted in (
                ({"cloud_core_service": True}, ("DENY", "core")),
                ({"cloud_core_service": True, "cloud_approval_request": yes}, ("ALLOW", "core")),
                ({"cloud_core_service": True, "cloud_approval_request": no_longer},
                 ("DENY", "core")),
                ({"cloud_core_service": True, "cloud_approval_request": "R1"}, ("DENY", "core")),
                ({"cloud_approval_request": yes}, ("PERMIT_ENC", "other")),
                ({"cloud_approval_request": yes, "cloud_trusted": True}, ("ALLOW", "trusted")),
                ({"cloud_core_service": True, "cloud_approval_request": yes,
                  "cloud_ended_on": "2020-01-01"}, ("DENY", "core"))):
            no = self.register(*self.service(**members))
            # staff need not see the row to use the service
            self.assertEqual(self.staff.get("/api/v1/assets/" + no).status, 404)
            a = self.ok(self.ask(means="cloud_share", service=no)).json
            self.assertEqual((a["verdict"], a["service"]), wanted, members)

    def test_a_service_that_is_none(self):
        draft, _ = self.service(cloud_approval_request="R1")
        server = self.writer.get("/api/v1/assets", {"asset_type": "server", "limit": "1",
                                                    "state": "in_operation"}).json["items"][0]
        for no in (draft, server["asset_no"], "none"):
            a = self.ask(means="cloud_share", service=no)
            self.refused(a, 400, "bad_query", ["unknown_reference"])
            self.assertEqual(a.json["errors"][0]["pointer"], "?service")
        # of another 機関 nothing is told
        mine = self.register(*self.service(cloud_approval_request="R1"))
        a = self.other.get(PATH, {"confidentiality": "2", "means": "cloud_share",
                                  "destination": "internal", "service": mine})
        self.refused(a, 400, "bad_query", ["unknown_reference"])

    def test_who(self):
        question = {"confidentiality": "1", "means": "mail", "destination": "outside"}
        self.ok(self.staff.get(PATH, question))
        self.refused(self.nobody.get(PATH, question), 401)
