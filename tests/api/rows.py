"""Rows as data files: tests/bad/CODE.json breaks a rule, tests/good/CODE.json differs little.

  ledger     path of the ledger; "assets" where nothing is said
  row        its columns
  base       instead: the row of tests/good/base-NAME.json with `change` put over it
  codes      of a bad row: all that it breaks in the mode of the rule
  setup      rows made before it; after: rows made when it is there (see below)
  adopted    false: registered to be set up, not in operation; without meaning where no drafts are
  provisional  true: the rating stays a proposal
  becomes    mode G: columns as the act leaves them
  clock      days that pass before it is judged
  client     who writes it, if not the writer of harness.PEOPLE
  fixed      true: what breaks the rule stands in columns that no later change reaches

A step of setup or after is a row like these with a `name`; or {name, table, row}, put in by the
database's own administrator where no API is; or {set, of, ledger}: columns that nobody may type.
The value "@NAME" is the key of a row made before, "@row" of the row itself; "@today", "@today-30"
and "@today+30" are days; "@fresh" is a key that no row has, where the writer chooses it.
"""
import itertools
import json
import re

import harness
from harness import Case, load
from signed import signed

# path: table, key, and how a registered row counts
LEDGERS = {
    "institutions": ("institution", "code"), "units": ("org_unit", "code"),
    "areas": ("area", "code"), "offices": ("role_assignment", "office_no"),
    "assets": ("asset", "asset_no"), "media": ("external_media", "media_no"),
    "contracts": ("contract", "contract_no"), "documents": ("document", "document_no"),
    "emergency-contacts": ("emergency_contact", "contact_no"),
    "connections": ("network_connection", "connection_no"),
    "software-allowlist": ("software_allowlist", "allow_no"),
    "asset-software": ("asset_software", "software_no"), "requests": ("request", "request_no"),
    "exceptions": ("exception_grant", "exception_no"),
    "disposals": ("disposal_record", "disposal_no"),
    "movements": ("media_movement", "movement_no"),
    "catalogues": ("system_catalogue", "catalogue_no"),
}
DRAFTED = {"assets": "planned", "media": "stored"}

# The 情報セキュリティ管理者 of each unit of the demonstration: the nearest one rates.
RATERS = {"hoshi-adm": "tsukikage.m", "hoshi-its": "seiunda.n", "hoshi-gad": "nichirin.c",
          "hoshi-obs": "hakucho.g", "hoshi-tel": "hikoboshi.m", "hoshi-lab": "kounen.y",
          "umi-adm": "sangomori.a", "umi-its": "kaigara.m", "umi-fin": "hoshizuna.e",
          "umi-res": "kairyu.w", "umi-dep": "kujira.o", "umi-hlab": "mangetsu.f"}


def catalogue():
    """{code: mode} of every rule, read where the rules are written."""
    found = {}
    for path in sorted((harness.TOP / "sql" / "rules").glob("*.sql")):
        for code, mode in re.findall(r"rule\('([A-Z0-9]+-[A-Z0-9]+)', '\w+', '([RGF])'",
                                     path.read_text("utf-8")):
            found[code] = mode
    return found


MODES = catalogue()
FRESH = itertools.count(1)


def names(kind):
    """Files of this kind; those that name their mode are of media that move: test_movements.py."""
    every = {p.stem for p in (harness.TOP / "tests" / kind).glob("[A-Z]*-*.json")}
    return {n for n in every if "mode" not in load(kind, n) and
            load(kind, n)["ledger"] != "movements"}


def code_of(name):
    """REG-01 of REG-01 and of REG-01-blanks; None where it is about several."""
    found = re.match(r"[A-Z0-9]+-[A-Z0-9]+(?=-|$)", name)
    return found and found.group()


def mode_of(kind, name):
    return MODES[code_of(name) or load(kind, name)["codes"][0]]


def resolve(value, known):
    """The value with keys and days in place of @NAME."""
    if isinstance(value, list):
        return [resolve(v, known) for v in value]
    if isinstance(value, dict):
        return {name: resolve(v, known) for name, v in value.items()}
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    if value == "@fresh":
        return "hoshi-zz%06d" % next(FRESH)
    day = re.fullmatch(r"@today([+-]\d+)?", value)
    return harness.today(int(day.group(1) or 0)).isoformat() if day else known[value[1:]]


class RowCase(Case):
    """Makes the rows of such files, through the API or through an import, and judges them."""

    def who(self, case):
        return getattr(self, case.get("client", "writer"))

    def prepare(self, case):
        """Its setup; the keys by name."""
        known = {}
        for step in case.get("setup", ()):
            self.step(step, known)
        return known

    def step(self, step, known):
        if "set" in step:
            self.put(step.get("ledger", "assets"), resolve(step["of"], known),
                     resolve(step["set"], known))
        elif "table" in step:
            known[step["name"]] = self.insert(step["table"], resolve(step["row"], known))
        else:
            step = harness.complete(step)
            for before in step.get("setup", ()):
                self.step(before, known)
            key = self.made(step, known)
            if "name" in step:
                known[step["name"]] = key

    def insert(self, table, row):
        """As the owner of the database; the key is the first column."""
        columns = ", ".join(row)
        return self.daemon.value(
            "WITH made AS (INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, "
            "%s) RETURNING *) SELECT to_jsonb(made) ->> (SELECT attname FROM pg_attribute WHERE "
            "attrelid = '%s'::regclass AND attnum = 1) FROM made"
            % (table, columns, columns, table, literal(row), table))

    def put(self, ledger, key, values):
        table, column = LEDGERS[ledger]
        columns = ", ".join(values)
        self.daemon.psql("UPDATE %s a SET (%s) = (SELECT %s FROM jsonb_populate_record(a, %s)) "
                         "WHERE %s = '%s'" % (table, columns, columns, literal(values), column,
                                              key))

    def made(self, case, known):
        """Through the API: created, registered, rated; what comes after it."""
        ledger = case["ledger"]
        row, etag = self.create(ledger, self.who(case), **resolve(case["row"], known))
        key = row[LEDGERS[ledger][1]]
        if ledger in DRAFTED:
            place = "/api/v1/%s/%s" % (ledger, key)
            body = {"adopted": True} if ledger == "assets" and case.get("adopted", True) else None
            self.ok(self.who(case).act(place + "/registration", etag, body))
        return self.finish(case, known, key)

    def imported(self, case, known):
        """The same through a table."""
        ledger = case["ledger"]
        query = {}
        if ledger == "assets" and case.get("adopted", True):
            query["adopted"] = "true"
        a = self.ok(self.who(case).table(ledger, [{"institution": "hoshi"} |
                                                  resolve(case["row"], known)], query))
        self.assertEqual((a.json["created"], a.json["draft"], a.codes), (1, 0, []))
        return self.finish(case, known, self.last(case)[LEDGERS[ledger][1]])

    def last(self, case):
        key = LEDGERS[case["ledger"]][1]
        return self.ok(self.who(case).get("/api/v1/" + case["ledger"], {
            "sort": "-" + key, "limit": 1})).json["items"][0]

    def finish(self, case, known, key):
        if case["ledger"] in DRAFTED and not case.get("provisional"):
            self.rate(case, key)
        for step in case.get("after", ()):
            known["row"] = key
            self.step(step, known)
        return key

    def rate(self, case, key):
        """Confirmed as it was proposed."""
        place = "/api/v1/%s/%s" % (case["ledger"], key)
        a = self.ok(self.who(case).get(place))
        rater = signed(self.daemon, RATERS[a.json["unit"]], "ism")
        self.ok(rater.act(place + "/rating", a.etag, {}))

    def broken(self, case, key, mode):
        """Sorted codes that the row breaks, as the rules of this mode see it then."""
        table, column = LEDGERS[case["ledger"]]
        return self.daemon.violations(table, column, key, mode,
                                      resolve(case.get("becomes", {}), {}), case.get("clock", 0))


def literal(values):
    return "'%s'::jsonb" % json.dumps(values, ensure_ascii=False).replace("'", "''")
