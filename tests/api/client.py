"""HTTP as the tests speak it: a client over one connection, its answers, lists and tables."""
import csv
import http.client
import io
import json
import urllib.parse

from described import description_of
from places import BUILD


class Answer:
    """One answer: status, headers (case-insensitive get), bytes."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def etag(self):
        return self.headers.get("ETag")

    @property
    def codes(self):
        """Codes of all faults, sorted: what a test compares."""
        return sorted(f["code"] for f in self.json.get("errors", []))

    @property
    def rows(self):
        """The records of a CSV answer as dictionaries."""
        text = self.text.removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    @property
    def lines(self):
        """The records of an NDJSON answer."""
        return [json.loads(line) for line in self.text.splitlines()]

    def __repr__(self):
        return "%d %s" % (self.status, self.body[:900].decode("utf-8", "replace"))


def answered(method, target, response):
    """The Answer of an http.client response, which is as the daemon itself describes it."""
    answer = Answer(response.status, response.headers, response.read())
    description_of(str(BUILD / "daicho")).check(method, target, answer.status,
                                                answer.headers.get("Content-Type"), answer.body)
    return answer


class Client:
    """HTTP over one kept-alive connection; `token` None sends no Authorization."""

    def __init__(self, port, token=None, client_headers=()):
        self.port = port
        self.token = token
        self.extra = dict(client_headers)
        self.connection = None

    def request(self, method, path, body=None, headers=None, query=None, token=None):
        sent = {"Accept-Language": "en", **self.extra, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value is not None}
        if (token or self.token) is not None:
            sent.setdefault("Authorization", "Bearer " + (token or self.token))
        if query:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(query)
        if body is not None and not isinstance(body, (bytes, str)) and not hasattr(body, "read"):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode("utf-8")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            return self.once(method, path, body, sent)
        except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
            if self.connection is None or hasattr(body, "read"):
                raise
            self.close()  # the daemon had closed the idle connection
            return self.once(method, path, body, sent)

    def once(self, method, path, body, headers):
        fresh = self.connection is None
        if fresh:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
            result = answered(method, path, answer)
        except BaseException:
            if fresh:
                self.close()
            raise
        if answer.headers.get("Connection", "").lower() == "close":
            self.close()
        return result

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def get(self, path, query=None, **kw):
        return self.request("GET", path, query=query, **kw)

    def post(self, path, body=None, query=None, **kw):
        return self.request("POST", path, body=body, query=query, **kw)

    def patch(self, path, body, etag=None, query=None, headers=None):
        sent = {"Content-Type": "application/merge-patch+json", "If-Match": etag}
        return self.request("PATCH", path, body=body, query=query, headers=sent | (headers or {}))

    def put(self, path, body, etag=None, query=None):
        return self.request("PUT", path, body=body, query=query, headers={"If-Match": etag})

    def delete(self, path, etag=None, query=None):
        return self.request("DELETE", path, query=query, headers={"If-Match": etag})

    def act(self, path, etag, body=None, query=None):
        """Registration, retirement: a POST under If-Match."""
        return self.request("POST", path, body=body, query=query, headers={"If-Match": etag})

    def table(self, ledger, rows, query=None, headers=None):
        """Imports CSV: bytes, text, or a list of dictionaries."""
        if isinstance(rows, list):
            rows = to_csv(rows)
        return self.request("POST", "/api/v1/%s/import" % ledger, body=rows, query=query,
                            headers={"Content-Type": "text/csv"} | (headers or {}))

    def walk(self, path, query=None):
        """Every item of a list, page by page along Link."""
        items, target, pages = [], path, 0
        if query:
            target += "?" + urllib.parse.urlencode(query)
        while target is not None:
            a = self.get(target)
            if a.status != 200:
                raise AssertionError("%s: %r" % (target, a))
            items += a.json["items"]
            pages += 1
            target = next_of(a)
            if pages > 1000:
                raise AssertionError("the list does not end")
        return items


def next_of(answer):
    """The target of Link: rel=next, or None; both it and `next` or neither."""
    link = answer.headers.get("Link")
    if (link is None) != (answer.json["next"] is None):
        raise AssertionError("Link and next disagree: %r" % answer)
    if link is None:
        return None
    target, _, rest = link.partition(">")
    if not target.startswith("<") or rest.strip() != '; rel="next"':
        raise AssertionError("Link: " + link)
    return target[1:]


def to_csv(rows, columns=None):
    out = io.StringIO(newline="")
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(value)
    return str(value)
