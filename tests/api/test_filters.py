"""Filters of every type with every operator, against the same question asked in Python."""
from harness import Case

# One column of assets for each type: (column, type)
TYPES = {
    "text": "name", "texts": "hostname", "enum": "asset_type", "enums": "functions",
    "level": "confidentiality", "int": "integrity", "bool": "has_my_number",
    "date": "os_support_until", "stamp": "created_at", "ref": "sysadmin", "key": "asset_no",
}
ORDERED = {"level", "int", "date", "stamp", "key"}
WORDS = {"text", "texts", "ref", "key"}
COMPARE = {"lt": lambda a, b: a < b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b,
           "gte": lambda a, b: a >= b}
# what no column of the type can hold
WRONG = {
    "enum": ("nosuch", "サーバ?"), "enums": ("nosuch",), "level": ("0", "5", "x", "-1", "3.0"),
    "int": ("0", "5", "x", "1e0", "9" * 30), "bool": ("maybe", "2", "はいはい"),
    "date": ("2026-02-30", "x", "26/1/1", "令和", "2026-13-01", "平成31年5月1日"),
    "stamp": ("x", "2026-01-01T25:00:00Z", "2026-01-01 24:00", "2026-02-30T00:00:00Z",
              "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00Z.Z"),
    "text": ("a\u202eb", "a\u0000b", "x" * 201), "texts": ("a\u200bb",), "ref": ("a\nb",),
    "key": ("x" * 65,),
}


def text_of(value):
    return {True: "true", False: "false"}.get(value, str(value)) \
        if isinstance(value, bool) else str(value)


class Filters(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.other.walk("/api/v1/assets", {"limit": 500})  # 機関 umi: nobody writes it

    def ask(self, **query):
        return [r["asset_no"] for r in self.other.walk("/api/v1/assets", {"limit": 500} | query)]

    def want(self, condition):
        return [r["asset_no"] for r in self.rows if condition(r)]

    def samples(self, column):
        seen = []
        for row in self.rows:
            for value in row[column] if isinstance(row[column], list) else [row[column]]:
                if value is not None and value not in seen:
                    seen.append(value)
        self.assertGreater(len(seen), 1 if column == "has_my_number" else 0, column)
        return seen[:3]

    @staticmethod
    def holds(row, column, values):
        have = row[column] if isinstance(row[column], list) else [row[column]]
        return any(v in values for v in have if v is not None)

    def test_equal(self):
        for kind, column in TYPES.items():
            for value in self.samples(column):
                with self.subTest(column, value=value):
                    self.assertEqual(self.ask(**{column: text_of(value)}),
                                     self.want(lambda r: self.holds(r, column, [value])))

    def test_one_of(self):
        for kind, column in TYPES.items():
            values = self.samples(column)[:2]
            with self.subTest(column):
                self.assertEqual(self.ask(**{column + "__in": ",".join(map(text_of, values))}),
                                 self.want(lambda r: self.holds(r, column, values)))

    def test_empty(self):
        for column in TYPES.values():
            self.assertEqual(self.ask(**{column + "__empty": "true"}),
                             self.want(lambda r: r[column] is None), column)
            self.assertEqual(self.ask(**{column + "__empty": "false"}),
                             self.want(lambda r: r[column] is not None), column)
            for bad in ("", "1", "yes", "TRUE"):
                self.bad({column + "__empty": bad}, "not_boolean")

    def test_order(self):
        for kind, column in TYPES.items():
            value = sorted(self.samples(column))[len(self.samples(column)) // 2]
            for name, holds in COMPARE.items():
                query = {"%s__%s" % (column, name): text_of(value)}
                if kind in ORDERED:
                    self.assertEqual(self.ask(**query), self.want(
                        lambda r: r[column] is not None and holds(r[column], value)), query)
                else:
                    self.bad(query, "unknown_operator")

    def test_contains(self):
        for kind, column in TYPES.items():
            value = self.samples(column)[0]
            query = {column + "__contains": text_of(value)}
            if kind not in WORDS:
                self.bad(query, "unknown_operator")
                continue
            part = value if kind == "texts" else value[1:3]
            self.assertEqual(self.ask(**{column + "__contains": part}), self.want(
                lambda r: r[column] is not None and
                (part in r[column] if kind == "texts" else part.lower() in r[column].lower())))
            self.bad({column + "__contains": ""}, "empty")

    def test_signs_of_like_are_letters(self):
        for name in ("100% 稼働_試験", "100x 稼働y試験", "back\\slash", "back slash"):
            self.create(name=name, note="符号試験")
        def ask(part):
            return sorted(r["name"] for r in self.writer.walk(
                "/api/v1/assets", {"note": "符号試験", "name__contains": part}))
        self.assertEqual(ask("%"), ["100% 稼働_試験"])
        self.assertEqual(ask("働_試"), ["100% 稼働_試験"])
        self.assertEqual(ask("\\"), ["back\\slash"])
        self.assertEqual(len(ask("100")), 2)
        self.assertEqual(ask("BACK"), ["back slash", "back\\slash"])

    def bad(self, query, code):
        a = self.other.get("/api/v1/assets", query)
        self.refused(a, 400, "bad_query", [code])
        self.fault(a, code, pointer="?" + next(iter(query)))

    def test_values_that_are_none(self):
        for kind, column in TYPES.items():
            for value in WRONG[kind]:
                for operator in ("", "__in") + (("__lt", "__gte") if kind in ORDERED else ()):
                    with self.subTest(column + operator, value=value):
                        a = self.other.get("/api/v1/assets", {column + operator: value})
                        if "\u0000" in value:
                            self.refused(a, 400, "bad_request")
                            continue
                        self.refused(a, 400, "bad_query")
                        self.assertEqual(len(a.json["errors"]), 1)
                        self.assertEqual(a.json["errors"][0]["pointer"], "?" + column + operator)

    def test_an_empty_value_is_a_question_for_empty(self):
        for column in TYPES.values():
            a = self.other.get("/api/v1/assets", {column: ""})
            self.refused(a, 400, "bad_query")
            a = self.other.get("/api/v1/assets", {column + "__in": "A00000001,,A00000002"})
            self.refused(a, 400, "bad_query")

    def test_operators_that_are_none(self):
        for name in ("name__", "name__nosuch", "name__in__in", "name__LT", "name__not", "__in",
                     "nosuch", "nosuch__in", "search", "search__contains", "name_", "Name",
                     "name;drop", "name'", "row_version::text"):
            a = self.other.get("/api/v1/assets", {name: "x"})
            self.refused(a, 400, "bad_query")
            self.assertIn(a.codes, (["unknown_operator"], ["unknown_argument"]), name)

    def test_at_most_99_values(self):
        self.ok(self.other.get("/api/v1/assets", {"name__in": ",".join("x" * 99)}))
        self.refused(self.other.get("/api/v1/assets", {"name__in": ",".join("x" * 100)}), 400,
                     "bad_query", ["too_many"])

    def test_many_filters_are_all_meant(self):
        self.assertEqual(
            self.ask(asset_type="server", confidentiality__gte="2", sysadmin__empty="false",
                     name__contains="0"),
            self.want(lambda r: r["asset_type"] == "server" and (r["confidentiality"] or 0) >= 2
                      and r["sysadmin"] and "0" in (r["name"] or "")))
        query = "&".join("name__contains=%d" % i for i in range(2))
        self.refused(self.other.get("/api/v1/assets?" + query), 400, "bad_query",
                     ["duplicate_argument"])

    def test_more_filters_than_a_statement_takes(self):
        """Every column at once, each with several operators: an answer or a refusal, no crash."""
        columns = list(self.rows[0])
        query = [(c + o, "true" if o == "__empty" else "1") for c in columns
                 for o in ("__empty", "__contains", "__in", "")][:120]
        a = self.other.get("/api/v1/assets", query)
        self.assertIn(a.status, (200, 400, 414), a)
        plain = [(c + "__contains", "x") for c in
                 ("name", "maker", "model", "serial_no", "os_name", "os_version", "note",
                  "info_description", "users_text", "location_text", "encryption_method",
                  "designated_place", "contract", "vuln_plan", "monitoring", "dos_measure",
                  "backup_method", "backup_location", "leak_prevention", "physical_protection",
                  "admin_priv_measure", "important_manual_reason", "security_requirements",
                  "allowed_peripherals", "log_failure_procedure", "asset_no", "sysadmin",
                  "operator", "unit", "parent_asset", "location_area", "key_custodian",
                  "rating_by", "important_admin", "created_by", "updated_by",
                  "non_issued_request", "important_permit_request", "nas_key_storage",
                  "cloud_provider", "cloud_approval_request", "cloud_risk_and_measures")]
        plain += [(n.replace("__contains", "__in"), "x") for n, _ in plain]
        a = self.other.get("/api/v1/assets", plain)
        self.assertIn(a.status, (200, 400, 414), a)
        self.assertEqual(self.daemon.client.get("/healthz").status, 200)

    def test_what_people_write(self):
        for query, same in (({"confidentiality": "機密性３"}, {"confidentiality": "3"}),
                            ({"has_my_number": "該当"}, {"has_my_number": "true"}),
                            ({"asset_type": "サーバ装置"}, {"asset_type": "server"}),
                            ({"os_support_until__lt": "令和9年1月1日"},
                             {"os_support_until__lt": "2027-01-01"}),
                            ({"created_at__gte": "2000-01-01"}, {})):
            self.assertEqual(self.ask(**query), self.ask(**same))

    def test_filters_of_other_lists(self):
        persons = self.other.walk("/api/v1/persons", {"limit": 500})
        for query, holds in (
                ({"active": "false"}, lambda p: not p["active"]),
                ({"left_on__empty": "false"}, lambda p: p["left_on"] is not None),
                ({"person_kind__in": "student,officer"},
                 lambda p: p["person_kind"] in ("student", "officer")),
                ({"unit": "umi-its"}, lambda p: p["unit"] == "umi-its")):
            self.assertEqual(self.other.walk("/api/v1/persons", query),
                             [p for p in persons if holds(p)])
        self.refused(self.other.get("/api/v1/persons?asset_type=server"), 400, "bad_query",
                     ["unknown_argument"])
        offices = self.other.walk("/api/v1/offices", {"office": "sysadmin"})
        self.assertTrue(offices and all(o["institution"] == "umi" for o in offices))
        self.refused(self.other.get("/api/v1/offices?term_from__gte=x"), 400, "bad_query",
                     ["unreadable_date"])
