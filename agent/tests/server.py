"""A small real server on loopback for tests: speaks the report protocol and counts what it committed.

It is no copy of the product's server: it keeps one count for each (epoch, seq), and can be told to fail.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NODE_ID = "node_test"


class Ledger:
    """What arrived."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reports: list[dict[str, Any]] = []
        self.counts: dict[tuple[int, int], int] = {}
        self.order: list[tuple[int, int]] = []
        self.digests: list[str] = []
        self.enrolled: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.paths: list[str] = []
        self.encodings: list[str | None] = []
        self.connections = 0
        # What to do with the next requests: "ok", "drop" (commit, then no answer), "lose" (no commit, no answer),
        # (status, code, retry-after) of a problem, or a function that returns one of these.
        self.plan: list[Any] = []
        self.always: Any = "ok"
        self.need: list[str] = []
        # A section whose items make the server refuse the whole report.
        self.distaste = ""
        self.interval_seconds = 30
        self.scan_interval_seconds = 300

    def total(self) -> int:
        """Reports committed."""
        with self.lock:
            return len(self.order)

    def wait(self, reports: int, seconds: float = 60) -> list[dict[str, Any]]:
        """Until so many are committed."""
        until = time.monotonic() + seconds
        while self.total() < reports:
            if time.monotonic() > until:
                raise AssertionError(f"{self.total()} of {reports} reports in {seconds} s")
            time.sleep(0.01)
        with self.lock:
            return list(self.reports)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes; the second must not wait for the other side's acknowledgement of the first.
    disable_nagle_algorithm = True
    ledger: Ledger

    def setup(self) -> None:
        super().setup()
        self.asked = False

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:  # the standard library's name
        ledger = self.ledger
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        encoding = self.headers.get("Content-Encoding")
        text = gzip.decompress(raw) if encoding == "gzip" else raw
        with ledger.lock:
            # One that never asks is a scan that looked for a certificate.
            ledger.connections += not self.asked
            self.asked = True
            ledger.tokens.append(self.headers["Authorization"])
            ledger.paths.append(self.path)
            ledger.encodings.append(encoding)
            what = ledger.plan.pop(0) if ledger.plan else ledger.always
            what = what() if callable(what) else what
        if what == "lose":
            self.close_connection = True
            return
        if isinstance(what, tuple):
            self.problem(*what)
            return
        body = json.loads(text)
        if self.path.endswith("/enroll"):
            ledger.enrolled.append(body)
            self.answer(201, {"node_id": NODE_ID, "settings": self.settings()})
            return
        if "seq" not in body:
            self.problem(422, "malformed-report", None)
            return
        if "items" in body.get("sections", {}).get(ledger.distaste, {}):
            self.problem(422, "malformed-report", None)
            return
        with ledger.lock:
            key = (body["epoch"], body["seq"])
            ledger.counts[key] = ledger.counts.get(key, 0) + 1
            duplicate = ledger.counts[key] > 1
            if not duplicate:
                ledger.order.append(key)
                ledger.reports.append(body)
                ledger.digests.append(hashlib.sha256(text).hexdigest())
        if what == "drop":
            self.close_connection = True
            return
        self.answer(200, {"ack": body["seq"], "settings": self.settings(), "need": ledger.need, "duplicate": duplicate})

    def settings(self) -> dict[str, int]:
        ledger = self.ledger
        return {
            "interval_seconds": ledger.interval_seconds,
            "scan_interval_seconds": ledger.scan_interval_seconds,
        }

    def problem(self, status: int, code: str, retry_after: int | None) -> None:
        kind = f"urn:nodestral:problem:{code}"
        document = {"type": kind, "title": code, "status": status, "detail": code, "code": code}
        self.answer(status, document, "application/problem+json", retry_after)

    def answer(
        self, status: int, body: dict[str, Any], kind: str = "application/json", retry_after: int | None = None
    ) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(text)


class Quiet(ThreadingHTTPServer):
    """Failed handshakes are what some tests want; they are not worth a traceback."""

    daemon_threads = True
    context: ssl.SSLContext | None = None

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.connections: set[socket.socket] = set()

    def hang_up(self) -> None:
        """Break the connections that are open, as the end of a real server's process does."""
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing."""

    def finish_request(self, request: Any, client_address: Any) -> None:
        connection = request
        if self.context is not None:
            connection = self.context.wrap_socket(request, server_side=True)
        self.connections.add(connection)
        try:
            super().finish_request(connection, client_address)
        finally:
            self.connections.discard(connection)
            connection.close()


class Server:
    """Runs until stopped; may be started again on the same port."""

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self.ledger = Ledger()
        self.context = context
        self.port = port
        self._server: Quiet | None = None

    def start(self) -> Server:
        handler = type("Bound", (Handler,), {"ledger": self.ledger})
        Quiet.allow_reuse_address = True
        self._server = Quiet(("127.0.0.1", self.port), handler)
        self._server.context = self.context
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.hang_up()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        scheme = "http" if self.context is None else "https"
        return f"{scheme}://{'127.0.0.1' if self.context is None else 'localhost'}:{self.port}"
