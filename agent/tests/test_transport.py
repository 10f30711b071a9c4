"""The door to the server: what it sends, whom it trusts, and what it makes of each kind of answer."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from agent.tests.conftest import tls_context
from agent.tests.server import Server

from nodestral_agent import address, tls, transport
from nodestral_agent.errors import Misuse, Refused, Unreachable
from nodestral_agent.transport import Transport

BODY = b'{"epoch":7,"seq":1}'


Door = Callable[..., Transport]


@pytest.fixture
def door() -> Iterator[Door]:
    """Makes transports and closes them."""
    made = []

    def make(server: Server | str, ca_file: Path | None = None) -> Transport:
        url = server if isinstance(server, str) else server.url
        transport_ = Transport(address.parse(url), str(ca_file) if ca_file else None, "test")
        made.append(transport_)
        return transport_

    yield make
    for transport_ in made:
        transport_.close()


def test_one_connection_serves_many_reports(door: Door, server: Server) -> None:
    way = door(server)
    for seq in range(1, 6):
        assert way.post("/agent/v1/reports", "t", b'{"epoch":7,"seq":%d}' % seq)["ack"] == seq
    assert server.ledger.connections == 1
    assert server.ledger.tokens[0] == "Bearer t"


def test_a_large_body_travels_as_gzip_and_a_small_one_plain(door: Door, server: Server) -> None:
    way = door(server)
    way.post("/r", "t", BODY)
    way.post("/r", "t", b'{"epoch":7,"seq":2,"padding":"' + b"x" * 2000 + b'"}')
    assert server.ledger.encodings == [None, "gzip"]


def test_a_connection_that_the_server_closed_while_idle_is_opened_again(door: Door, server: Server) -> None:
    way = door(server)
    # This answer is followed by the end of the connection without a word.
    server.ledger.plan = ["ok", "lose", "ok"]
    way.post("/r", "t", BODY)
    # The second is swallowed with its connection; sent again on a new one, because the old one was a used one.
    assert way.post("/r", "t", b'{"epoch":7,"seq":2}')["ack"] == 2
    assert server.ledger.connections == 2


def test_a_lost_answer_on_a_fresh_connection_is_not_repeated_in_secret(door: Door, server: Server) -> None:
    server.ledger.plan = ["drop"]
    with pytest.raises(Unreachable):
        door(server).post("/r", "t", BODY)
    assert server.ledger.counts == {(7, 1): 1}


@pytest.mark.parametrize("wrap", [tls.wrap_by_c_modules, tls.wrap_by_public_modules])
class TestTls:
    """Both ways to the same OpenSSL trust and distrust alike."""

    @pytest.fixture(autouse=True)
    def way(self, wrap: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tls, "C_MODULES", wrap is tls.wrap_by_c_modules)

    def test_speaks_to_a_server_of_the_given_authority(
        self, door: Door, tls_server: Server, authority: tuple[trustme.CA, Path]
    ) -> None:
        way = door(tls_server, authority[1])
        assert way.post("/r", "t", BODY)["ack"] == 1
        assert way.post("/r", "t", b'{"epoch":7,"seq":2,"padding":"' + b"x" * 200_000 + b'"}')["ack"] == 2
        assert tls_server.ledger.connections == 1

    def test_distrusts_an_authority_that_is_not_known(self, door: Door, tls_server: Server) -> None:
        with pytest.raises(Unreachable, match="unable to get local issuer certificate"):
            door(tls_server).post("/r", "t", BODY)
        assert tls_server.ledger.tokens == []

    def test_distrusts_a_certificate_of_another_name(self, door: Door, authority: tuple[trustme.CA, Path]) -> None:
        other = Server(context=tls_context(authority[0], "other.example")).start()
        try:
            with pytest.raises(Unreachable, match=r"(?i)hostname mismatch"):
                door(other, authority[1]).post("/r", "t", BODY)
            assert other.ledger.tokens == []
        finally:
            other.stop()

    def test_distrusts_a_certificate_of_another_address(self, door: Door, authority: tuple[trustme.CA, Path]) -> None:
        other = Server(context=tls_context(authority[0], "localhost")).start()
        try:
            with pytest.raises(Unreachable, match=r"(?i)mismatch"):
                door(f"https://127.0.0.1:{other.port}", authority[1]).post("/r", "t", BODY)
        finally:
            other.stop()

    def test_says_that_the_file_of_authorities_is_missing(self, door: Door, tls_server: Server, tmp_path: Path) -> None:
        with pytest.raises(Unreachable, match=r"nowhere\.pem is not there"):
            door(tls_server, tmp_path / "nowhere.pem").post("/r", "t", BODY)

    def test_does_not_take_a_plain_server_for_a_secure_one(
        self, door: Door, server: Server, authority: tuple[trustme.CA, Path]
    ) -> None:
        with pytest.raises(Unreachable, match="no trusted TLS connection"):
            door(f"https://localhost:{server.port}", authority[1]).post("/r", "t", BODY)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "malformed", Refused),
        (401, "unauthenticated", Refused),
        (403, "foreign-node", Refused),
        (413, "too-large", Refused),
        (422, "malformed", Refused),
        (408, "late", Unreachable),
        (429, "slow-down", Unreachable),
        (500, "bug", Unreachable),
        (503, "no-database", Unreachable),
    ],
)
def test_what_an_answer_means(door: Door, server: Server, status: int, code: str, kind: type[Exception]) -> None:
    server.ledger.plan = [(status, code, 17)]
    with pytest.raises(kind, match=code) as caught:
        door(server).post("/r", "t", BODY)
    if isinstance(caught.value, Unreachable):
        assert caught.value.retry_after_seconds == 17
    elif isinstance(caught.value, Refused):
        assert (caught.value.status, caught.value.code) == (status, code)


class Raw:
    """Answers every connection with the same bytes."""

    def __init__(self, answer: bytes, pause_seconds: float = 0.0) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._answer = answer
        self._pause_seconds = pause_seconds
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            with contextlib.suppress(OSError):  # a client that has read enough goes away
                self._answer_one(connection)

    def _answer_one(self, connection: socket.socket) -> None:
        connection.recv(65536)
        if not self._pause_seconds:
            connection.sendall(self._answer)
            connection.shutdown(socket.SHUT_WR)
            return
        for at in range(len(self._answer)):
            connection.sendall(self._answer[at : at + 1])
            time.sleep(self._pause_seconds)

    def close(self) -> None:
        # Wakes whoever waits in accept or in the middle of an answer; what was accepted last is known after that.
        for end in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=30)
        for end in (self._socket, *self._open):
            end.close()


@pytest.fixture
def raw(door: Door) -> Iterator[Callable[..., Transport]]:
    running = []

    def start(answer: bytes, pause_seconds: float = 0.0) -> Transport:
        server = Raw(answer, pause_seconds)
        running.append(server)
        return door(f"http://127.0.0.1:{server.port}")

    yield start
    for server in running:
        server.close()


GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"ack":1}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD,
        CHUNKED + b'4\r\n{"ac\r\n5;x=y\r\nk":1}\r\n0\r\nTrailer: t\r\n\r\n',
        b'HTTP/1.0 200 OK\r\ncontent-length:9\r\n\r\n{"ack":1}',
    ],
)
def test_understands(raw: Callable[..., Transport], answer: bytes) -> None:
    assert raw(answer).post("/r", "t", BODY) == {"ack": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"ack":1}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p>!",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 10_000 + b"\r\n",
        CHUNKED + b"zz\r\n\r\n",
        CHUNKED + b"fffffff\r\n",
        CHUNKED + b'3\r\n{"ack":1}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"[" * 100 + b"]" * 100,
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        # A page of a proxy says nothing about the report, so the report is not refused by it.
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n<p>!",
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_keeps_the_report_when_the_answer_is_no_answer(raw: Callable[..., Transport], answer: bytes) -> None:
    with pytest.raises(Unreachable):
        raw(answer).post("/r", "t", BODY)


def test_a_body_too_large_for_a_proxy_is_refused_for_good(raw: Callable[..., Transport]) -> None:
    with pytest.raises(Refused):
        raw(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\n<p>!").post("/r", "t", BODY)


def test_an_answer_that_drips_is_given_up_at_the_deadline(
    raw: Callable[..., Transport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "EXCHANGE_SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        raw(GOOD, 0.1).post("/r", "t", BODY)
    assert time.monotonic() - begun < 2


def test_an_answer_is_not_waited_for_longer_than_its_user_can_wait(raw: Callable[..., Transport]) -> None:
    door = raw(GOOD, 0.1)
    door.patience_seconds = 0.5
    begun = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        door.post("/r", "t", BODY)
    assert time.monotonic() - begun < 2


def test_a_token_cannot_smuggle_a_header(door: Door, server: Server) -> None:
    with pytest.raises(Misuse):
        door(server).post("/r", "t\r\nX-Evil: 1", BODY)
    assert server.ledger.tokens == []


def test_nobody_listens(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        door(f"http://127.0.0.1:{port}").post("/r", "t", BODY)


def test_a_name_that_does_not_resolve(door: Door) -> None:
    with pytest.raises(Unreachable, match="does not resolve"):
        door("https://nodestral.invalid").post("/r", "t", BODY)
