"""Answers are as they are described, and one that is not is noticed (described.py).

That all answers are, all other tests prove: each answer that they get is checked on its way.
"""
import copy
import json

from client import Answer, answered
from described import Description, Undescribed, description_of
from harness import BUILD, Case

PLACE = "/api/v1/%s"


class Response:
    """What http.client would have, of bytes that we make up."""

    def __init__(self, status, media, body):
        self.status = status
        self.headers = {"Content-Type": media}
        self.body = body

    def read(self):
        return self.body


def changed(document, path, value):
    """A copy with another value at this place; a value of KeyError takes the member out."""
    found = at = copy.deepcopy(document)
    for name in path[:-1]:
        at = at[name]
    if value is KeyError:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return found


class Answers(Case):
    def noticed(self, target, document, path, value, *words, method="GET", status=200):
        """The document is fine, and wrong with this value."""
        def get(body):
            return answered(method, target, Response(status, "application/json",
                                                     json.dumps(body).encode()))
        self.assertIsInstance(get(document), Answer)
        with self.assertRaises(Undescribed) as wrong:
            get(changed(document, path, value))
        for word in (target, *words):
            self.assertIn(word, str(wrong.exception))

    def test_the_document_is_the_daemons(self):
        a = self.ok(self.nobody.get(PLACE % "openapi.json"))
        self.assertEqual(a.body, self.daemon.cli("openapi").stdout)

    def test_what_is_noticed_of_a_row(self):
        target = PLACE % "assets?limit=1"
        rows = self.ok(self.writer.get(target)).json
        for path, value, word in (
                (("items", 0, "colour"), "red", "'colour' was unexpected"),
                (("total",), 1, "'total' was unexpected"),
                (("next",), KeyError, "'next' is a required property"),
                (("next",), 7, "$.next: 7 is not of type"),
                (("items",), {}, "$.items: {} is not of type 'array'"),
                (("items", 0, "state"), "sold", "$.items[0].state: 'sold' is not one of"),
                (("items", 0, "state"), None, "$.items[0].state: None is not"),
                (("items", 0, "confidentiality"), "3", "$.items[0].confidentiality"),
                (("items", 0, "row_version"), "1", "$.items[0].row_version"),
                (("items", 0, "created_at"), "2026-04-01", "is not a 'date-time'"),
                (("items", 0, "last_inventory_on"), "2026-02-30", "is not a 'date'"),
                (("items", 0, "users_text"), "x" * 100000, "is too long")):
            with self.subTest(path=path, value=str(value)[:20]):
                self.noticed(target, rows, path, value, word)

    def test_what_is_noticed_deep_inside(self):
        target = PLACE % "workflow/kinds?code=important_software"
        kinds = self.ok(self.writer.get(target)).json
        inside = ("items", 0, "steps", 0)
        for path, value, word in (
                ((*inside, "guard"), "x", "'guard' was unexpected"),
                ((*inside, "who"), ["passer-by"], "$.items[0].steps[0].who[0]: 'passer-by'"),
                ((*inside, "offices"), "*", "$.items[0].steps[0].offices: '*' is not"),
                ((*inside, "ja"), KeyError, "'ja' is a required property"),
                (("items", 0, "members", 0, "type"), "poem", "'poem' is not one of")):
            with self.subTest(path=path):
                self.noticed(target, kinds, path, value, word)

    def test_what_is_noticed_of_one_of_several(self):
        """Where it may be this or that, it is neither."""
        target = PLACE % "inventories/I00000001/outstanding"
        row = {"person": None, "person_name": None, "expected": 2, "answered": 1, "outstanding": 1}
        self.noticed(target, {"items": [row], "next": None}, ("items", 0, "late"), 1, "'late'")

    def test_what_is_noticed_besides_the_document(self):
        whole = b'{"status":"ok"}\n'

        def get(status=200, media="application/json; charset=utf-8", body=whole,
                target="/healthz", method="GET"):
            return answered(method, target, Response(status, media, body))
        self.assertEqual(get().body, whole)
        for word, wrong in (("202 is not described", {"status": 202}),
                            ("text/csv is not described", {"media": "text/csv"}),
                            ("None is not described", {"media": None}),
                            ("stands there twice", {"body": b'{"status":"ok","status":"ok"}'}),
                            ("Expecting value", {"body": b""}),
                            ("/health is not described", {"target": "/health"}),
                            ("POST /healthz is not described", {"method": "POST"})):
            with self.subTest(word), self.assertRaisesRegex(Undescribed, word):
                get(**wrong)
        # problems are proved by Case.refused(), and HEAD has nothing to prove
        self.assertEqual(get(status=404, media="text/html", body=b"<p>").status, 404)
        self.assertEqual(get(method="HEAD", body=b"").body, b"")

    def test_a_test_that_gets_it_fails(self):
        """The way of every other test: by the client, with a description that says otherwise."""
        described = description_of(str(BUILD / "daicho"))
        document = self.ok(self.nobody.get(PLACE % "openapi.json")).json
        del document["components"]["schemas"]["Me"]["properties"]["login"]
        other = Description(document)
        self.addCleanup(setattr, described, "components", described.components)
        self.addCleanup(described.ready.clear)
        self.ok(self.writer.get(PLACE % "me"))
        described.components = other.components
        described.ready.clear()
        with self.assertRaisesRegex(Undescribed, "'login' was unexpected"):
            self.writer.get(PLACE % "me")
