"""From a catalogue that was handed in to the stop: a vulnerable package, whose it is, cut off."""
import os
import pathlib

from test_catalogues import OWNER, SECTIONS, SOFTWARE, Catalogue

PLAIN = {"Content-Type": "text/plain"}
DPKG = ("libssl3\t3.0.15-1~deb12u1\tamd64\topenssl\t3.0.15-1~deb12u1\tii \n"
        "openssl\t3.0.15-1~deb12u1\tamd64\topenssl\t3.0.15-1~deb12u1\tii \n")
RPM = "openssl-libs\t1:3.0.7-27.el9\tx86_64\topenssl-3.0.7-27.el9.src.rpm\n"
MENDED = "3.0.17-1~deb12u2"
SECONDS = {"name": "openssl", "type": "deb", "lt": MENDED}


class Incident(Catalogue):
    def submitted(self, text, **query):
        """A server whose catalogue has this software."""
        row = self.draft(self.server(), **SECTIONS)
        self.ok(self.put(row, text, headers=PLAIN, query=query))
        self.ok(self.put(self.again(row), {"software": SOFTWARE}, "POST"))
        self.ok(self.submit(self.again(row)))
        return row.json["asset"], row.json["catalogue_no"]

    @property
    def csirt(self):
        if not hasattr(self, "kept"):
            self.kept = self.client("bunkou.i", "csirt_member")
            self.addCleanup(self.kept.close)
        return self.kept

    def found(self, **query):
        items = self.csirt.walk("/api/v1/software", query)
        return {row["asset_no"]: row for row in items}

    def test_from_the_package_to_the_stop(self):
        asset, catalogue = self.submitted(DPKG, distro="debian-12")
        row = self.found(**SECONDS)[asset]
        self.assertEqual([(s["name"], s["version"], s["source_name"], s["recorded_in"])
                          for s in row["software"]],
                         [(name, "3.0.15-1~deb12u1", "openssl", "catalogue")
                          for name in ("libssl3", "openssl")])
        self.assertEqual((row["catalogue"], row["persons"][0]["login"]), (catalogue, OWNER))
        stop = row["stop"]
        self.assertTrue(stop["possible"] and stop["may"])
        done = self.ok(self.csirt.request(stop["method"], stop["path"], {"reason": "脆弱な版"},
                                          {"If-Match": stop["if_match"]}))
        self.assertEqual(done.json["state"], "suspended")
        self.assertEqual(self.found(**SECONDS)[asset]["state"], "suspended")

    def test_the_next_version_of_the_catalogue_mends_it(self):
        asset, _ = self.submitted(DPKG, distro="debian-12")
        row = self.draft(asset)
        self.ok(self.put(row, DPKG.replace("3.0.15-1~deb12u1", MENDED), headers=PLAIN,
                         query={"distro": "debian-12"}))
        self.assertIn(asset, self.found(**SECONDS), "a draft mends nothing")
        self.ok(self.submit(self.again(row)))
        self.assertNotIn(asset, self.found(**SECONDS))
        self.assertIn(asset, self.found(name="openssl", type="deb", gte=MENDED))

    def test_interfaces_that_only_the_catalogue_has(self):
        asset, _ = self.submitted(DPKG, distro="debian-12")
        entry = SECTIONS["network"][0]
        for q, how in ((entry["ip"], "ip"), (entry["mac"], "mac"), (entry["host"], "host"),
                       (entry["mac"].replace(":", "-"), "mac"), (entry["host"].upper(), "host")):
            rows = self.ok(self.csirt.get("/api/v1/lookup", {"q": q, "limit": 500})).json["items"]
            mine, = [row for row in rows if row["asset_no"] == asset]
            self.assertEqual((mine["found_by"], mine["exact"]), (how, True), q)
        for q in ("192.0.2.11", "52:54:00:12:34:57", "ww.hoshi.example.jp"):
            rows = self.ok(self.csirt.get("/api/v1/lookup", {"q": q, "limit": 500})).json["items"]
            self.assertNotIn(asset, [row["asset_no"] for row in rows], q)
        draft = self.draft(self.server(), **SECTIONS).json["asset"]
        rows = self.ok(self.csirt.get("/api/v1/lookup", {"q": entry["ip"], "limit": 500}))
        self.assertNotIn(draft, [row["asset_no"] for row in rows.json["items"]])

    def test_rpm(self):
        asset, _ = self.submitted(RPM)
        self.assertIn(asset, self.found(name="openssl", type="rpm", lt="1:3.0.7-28.el9"))
        self.assertNotIn(asset, self.found(name="openssl", type="rpm", lt="1:3.0.7-9.el9"))
        self.assertNotIn(asset, self.found(name="openssl", type="deb"))

    def test_a_real_machine(self):
        data = os.environ.get("DAICHO_DATA")
        if not data:
            self.skipTest("no real files beside the tree")
        text = (pathlib.Path(data) / "inventory" / "dpkg-query-bookworm.tsv").read_bytes()
        lines = [line.split("\t") for line in text.decode().splitlines()]
        name, version = next((x[0], x[1]) for x in lines if x[3] == "glibc")
        asset, _ = self.submitted(text, distro="debian-12")
        row = self.found(name="glibc", type="deb", eq=version)[asset]
        self.assertIn(name, [s["name"] for s in row["software"]])
        self.assertEqual({s["source_name"] for s in row["software"]}, {"glibc"})
        self.assertNotIn(asset, self.found(name="glibc", type="deb", lt=version))
        self.assertIn(asset, self.found(name="glibc", type="deb", lt=version + "+b1"))

    def test_the_bundle_has_sections_and_software(self):
        asset, catalogue = self.submitted(DPKG, distro="debian-12")
        self.daemon.psql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE asset SET "
                         "important_state = 'pending' WHERE asset_no = '%s'; COMMIT" % asset)
        path = "/api/v1/reports/csirt-bundle"
        rows = self.ok(self.csirt.get(path, {"part": "software"})).rows
        mine = [r for r in rows if r["asset"] == asset]
        self.assertEqual({r["catalogue"] for r in mine}, {catalogue})
        self.assertIn(("libssl3", "3.0.15-1~deb12u1"),
                      [(r["software_name"], r["version"]) for r in mine])
        page = self.ok(self.csirt.get(path)).text
        for word in ("機器・部品: 本体", "ポート番号: 443", "業者: 保守社、電話: 03-0000-0000",
                     "libssl3 3.0.15-1~deb12u1"):
            self.assertIn(word, page)
