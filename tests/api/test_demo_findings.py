"""What the rules find in the demonstration, against golden/demo-findings.txt.

On a day that stays the same, as the register sees it.  DAICHO_GOLDEN=write writes the file anew.
"""
import collections
import datetime
import difflib
import json
import os
import time
import unittest

import harness
from harness import Daemon, wait
from rows import LEDGERS

DAY = datetime.date(2026, 11, 1)  # after all that the demonstration tells of
GOLDEN = harness.TOP / "tests" / "golden" / "demo-findings.txt"
HEAD = """\
# What the rules find in the demonstration organisation (contrib/demo) on %s: first how often,
# then in which row.  Compared by tests/api/test_demo_findings.py; DAICHO_GOLDEN=write renews it.
""" % DAY


def name_of(row):
    """How a reader calls the row of any ledger."""
    if "office" in row:
        return "%s %s" % (row["person"], row["office"])
    return row.get("name") or row.get("name_ja") or row.get("title") or row.get("asset") or "-"


class Demonstration(unittest.TestCase):
    maxDiff = None

    def test_findings_are_the_golden_list(self):
        noon = datetime.datetime.combine(DAY, datetime.time(12), harness.TOKYO)
        daemon = Daemon(clock=int(noon.timestamp() - time.time()))
        self.addCleanup(daemon.stop)
        wait(lambda: daemon.value("SELECT ended_at::date FROM finding_pass") == DAY.isoformat(),
             "everything is judged on that day", 60)
        found = []
        for table, key in LEDGERS.values():
            for line in daemon.psql("SELECT f.rule, f.severity, f.object, to_jsonb(x) "
                                    "FROM finding f "
                                    "JOIN %s x ON x.%s = f.object WHERE f.ledger = '%s' AND "
                                    "f.closed_at IS NULL" % (table, key, table)):
                rule, severity, object_, row = line
                found.append((rule, severity, table, object_, name_of(json.loads(row))))
        self.assertEqual(len(found), int(daemon.value(
            "SELECT count(*) FROM finding WHERE closed_at IS NULL")), "of no known ledger")
        self.compare(HEAD + self.text(found))

    @staticmethod
    def text(found):
        counts = collections.Counter((rule, severity) for rule, severity, *_ in found)
        lines = ["%-8s %-8s %4d" % (*rule, n) for rule, n in sorted(counts.items())]
        lines += ["%-8s %-8s %4d" % ("all", "", len(found)), ""]
        lines += ["%-8s %-16s %-10s %s" % (rule, table, object_, name)
                  for rule, _, table, object_, name in sorted(found)]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def compare(self, text):
        if os.environ.get("DAICHO_GOLDEN") == "write":
            GOLDEN.write_text(text, "utf-8")
        golden = GOLDEN.read_text("utf-8")
        if text != golden:
            self.fail("\n" + "".join(difflib.unified_diff(
                golden.splitlines(True), text.splitlines(True), "golden", "found", n=0)))
