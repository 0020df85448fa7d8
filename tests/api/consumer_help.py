"""Receivers on loopback for the tests of consumers: an HTTP server, and a mail server."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import secrets
import socket
import tempfile
import threading


class Receiver:
    """Keeps what comes; answers by path as `answers` says (status, default 204)."""

    def __init__(self):
        self.got, self.answers, self.release = [], {}, threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                answer = outer.answers.get(self.path, 204)
                if answer == "hang":
                    outer.release.wait(60)
                    return
                self.send_response(answer)
                if answer in (301, 302, 307, 308):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                outer.got.append((self.path, dict(self.headers), b"GET"))
                self.send_error(404)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = "http://127.0.0.1:%d" % self.server.server_port

    def at(self, path):
        return [m for m in self.got if m[0] == path]

    def events(self, path):
        return [json.loads(body) for _, _, body in self.at(path)]

    def stop(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


def verified(secret, headers, body):
    """As a receiver checks it by the specification of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    names = {k.lower(): v for k, v in headers.items()}
    text = b".".join((names["webhook-id"].encode(), names["webhook-timestamp"].encode(), body))
    mac = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, "v1," + mac)
               for one in names["webhook-signature"].split(" "))


class MailSink:
    """A mail server that takes what it gets; `refuse` maps an address to its reply."""

    def __init__(self):
        self.letters, self.refuse, self.raw = [], {}, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.hear, args=(peer,), daemon=True).start()

    def hear(self, peer):
        try:
            self.talk(peer)
        except OSError:
            pass  # the client has gone

    def talk(self, peer):
        sender, to = None, []
        with peer, peer.makefile("rwb") as f:
            def say(text):
                f.write(text.encode() + b"\r\n")
                f.flush()
            say("220 sink")
            for line in f:
                word = line.split(b" ")[0].split(b":")[0].strip().upper()
                if word in (b"EHLO", b"HELO"):
                    say("250 sink")
                elif word == b"MAIL":
                    sender = line.partition(b"<")[2].partition(b">")[0].decode()
                    say("250 ok")
                elif word == b"RCPT":
                    one = line.partition(b"<")[2].partition(b">")[0].decode()
                    reply = self.refuse.get(one)
                    if reply is None:
                        to.append(one)
                    say(reply or "250 ok")
                elif word == b"DATA":
                    say("354 go on")
                    self.take(f, sender, to)
                    to = []
                    say("250 ok")
                elif word == b"QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")

    def take(self, f, sender, to):
        lines = []
        for line in f:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        raw = b"".join(lines)
        self.raw.append(raw)
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        self.letters.append((sender, to, letter))

    def to(self, address):
        return [letter for _, to, letter in self.letters if address in to]

    def stop(self):
        # wakes accept(), which would go on with whatever gets this number next
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(20)
        self.listener.close()


def key_file(case):
    """64 digits that the daemon can read."""
    fd, name = tempfile.mkstemp(prefix="daicho-key-")
    os.write(fd, secrets.token_hex(32).encode())
    os.close(fd)
    os.chmod(name, 0o644)
    case.addClassCleanup(pathlib.Path(name).unlink)
    return name
