"""A metadata service on loopback, which answers as the case of a provider says and remembers what it was asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "a-key-for-one-minute"


class MetadataService(ThreadingHTTPServer):
    """`case`: the part `service` of a provider's case. `asked`: each request as `METHOD path`."""

    daemon_threads = True

    def __init__(self, case: dict[str, Any], manner: str = "plain") -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.case = case
        self.manner = manner
        self.asked: list[str] = []

    @property
    def place(self) -> tuple[str, int]:
        return "127.0.0.1", self.server_port


class Answering(BaseHTTPRequestHandler):
    """Only who asks as the provider's documents say gets an answer."""

    protocol_version = "HTTP/1.1"
    server: MetadataService

    def do_PUT(self) -> None:
        self.server.asked.append(f"PUT {self.path}")
        token = self.server.case.get("token")
        if not token or self.path != token["path"] or not self.has(token["with"]):
            self.say(403, "")
        else:
            self.say(200, TOKEN)

    def do_GET(self) -> None:
        self.server.asked.append(f"GET {self.path}")
        token = self.server.case.get("token")
        wanted = {**self.server.case.get("headers", {}), **({token["header"]: TOKEN} if token else {})}
        if not self.has(wanted):
            self.say(401, "")
        elif self.path not in self.server.case["answers"]:
            self.say(404, "")
        else:
            self.say(200, self.server.case["answers"][self.path])

    def has(self, headers: dict[str, str]) -> bool:
        return all(self.headers.get(name) == value for name, value in headers.items())

    def say(self, status: int, text: str) -> None:
        manner, body = self.server.manner, text.encode()
        if manner == "hanging":
            time.sleep(5)
        elif manner == "dripping":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                self.wfile.write(b"X: y\r\n")
                time.sleep(0.1)
        elif manner == "redirecting":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif manner == "huge":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b"x" * 65536)
            self.close_connection = True
        elif manner == "chunked":
            self.send_response(status)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 3):
                piece = body[at : at + 3]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        elif manner == "nonsense":
            self.wfile.write(bytes(range(256)))
            self.close_connection = True
        else:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the name of the standard library
        pass

    def handle(self) -> None:
        with suppress(OSError):  # the agent has had enough
            super().handle()


@contextmanager
def running(case: dict[str, Any], manner: str = "plain") -> Iterator[MetadataService]:
    """The service while the test runs."""
    service = MetadataService(case, manner)
    Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
