"""Does an answer say what the description of the API says that it says?

Every answer that a test gets passes here (client.answered): a 2xx whose status, media type or
JSON is not what openapi.json declares for its route fails the test that got it.  Stricter than
the description in one thing: where a schema lists members, there are no others.
"""
import datetime
import functools
import hashlib
import json
import re
import subprocess

import jsonschema

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SHOWN = 3  # faults of one answer


class Undescribed(AssertionError):
    """An answer that is not as it is described."""


def is_day(value):
    return not isinstance(value, str) or bool(datetime.date.fromisoformat(value))


def is_moment(value):
    return not isinstance(value, str) or bool(
        MOMENT.fullmatch(value) and datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))


FORMATS = jsonschema.FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(is_day)
FORMATS.checks("date-time", raises=ValueError)(is_moment)


class Seen:
    """The validator, to which a list shows each row once: tests read the same rows over and over,
    and to judge them is most of what a test over HTTP takes."""

    def __init__(self):
        self.fine = set()
        self.kind = jsonschema.validators.extend(jsonschema.Draft202012Validator,
                                                 {"items": self.items})

    def items(self, validator, schema, rows, _):
        for at, row in enumerate(rows if isinstance(rows, list) else ()):
            same = id(schema), hashlib.sha256(json.dumps(row).encode()).digest()
            if same in self.fine:
                continue
            faults = list(validator.descend(row, schema, path=at))
            if not faults:
                self.fine.add(same)
            yield from faults


def closed(schema):
    """The schema without members that it does not list."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict):
        parts.setdefault("additionalProperties", False)
    return parts


def members(pairs):
    """An object, which has each member once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands there twice: %s" % [name for name, _ in pairs])
    return found


class Description:
    """openapi.json, asked about answers; what it says of a route is made ready once."""

    def __init__(self, document):
        self.components = closed(document["components"])
        self.paths = document["paths"]
        self.routes = []
        self.ready = {}
        self.seen = Seen()
        for template in self.paths:
            form = "".join("[^/]+" if part.startswith("{") else re.escape(part)
                           for part in re.split(r"(\{[^}]*\})", template))
            self.routes.append((template.count("{"), re.compile(form), template))
        self.routes.sort(key=lambda route: route[0])  # what is literal wins

    def operation(self, method, path):
        """The path as it is described, and whether this method of it is."""
        for _, form, template in self.routes:
            if form.fullmatch(path):
                return template, method.lower() in self.paths[template]
        return None, False

    def validator(self, template, method, status, media):
        """None: any text."""
        key = template, method, status, media
        if key not in self.ready:
            answer = self.paths[template][method.lower()]["responses"].get(status)
            if answer is None:
                raise Undescribed("%s %s: %s is not described" % (method, template, status))
            content = answer.get("content", {None: {}})
            if media not in content and "*/*" not in content:
                raise Undescribed("%s %s: %s as %s is not described"
                                  % (method, template, status, media))
            self.ready[key] = None
            if media == "application/json" and media in content:
                schema = closed(content[media]["schema"])
                jsonschema.Draft202012Validator.check_schema(schema)
                self.ready[key] = self.seen.kind(
                    {"allOf": [schema], "components": self.components}, format_checker=FORMATS)
        return self.ready[key]

    def check(self, method, target, status, content_type, body):
        """Undescribed, unless this answer is what the description says, or no success."""
        if method == "HEAD" or not 200 <= status <= 299:
            return
        template, known = self.operation(method, target.partition("?")[0])
        if not known:
            raise Undescribed("%s %s is not described" % (method, target))
        media = (content_type or "").partition(";")[0].strip() or None
        found = self.validator(template, method, str(status), media)
        if found is None:
            return
        try:
            document = json.loads(body, object_pairs_hook=members)
        except ValueError as why:
            raise Undescribed("%s %s: %s" % (method, target, why)) from why
        faults = [fault for error in found.iter_errors(document) for fault in leaves(error)]
        if faults:
            raise Undescribed("%s %s: %d, not as it is described: %s" % (
                method, target, status, "; ".join(faults[:SHOWN])))


def leaves(error):
    """What is wrong, at the places where it is; of several things it may be, with the nearest."""
    if not error.context:
        message = error.message if len(error.message) < 300 else "…" + error.message[-300:]
        return ["%s: %s" % (error.json_path, message)]
    ways = {}
    for part in error.context:
        ways.setdefault(part.relative_schema_path[0], []).extend(leaves(part))
    return min(ways.values(), key=len)


@functools.lru_cache(maxsize=None)
def description_of(program):
    """What this daicho, and so the daemon beside it, says (GET /api/v1/openapi.json)."""
    done = subprocess.run([program, "openapi"], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, cwd="/", check=True)
    return Description(json.loads(done.stdout))
