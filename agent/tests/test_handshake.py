"""Real servers on loopback, of each version, behind each STARTTLS: what they serve is seen, and nobody else asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from nodestral_agent import handshake
from nodestral_agent.endpoint import SERVER_NAME, Served, Target

Dialogue = Callable[[socket.socket], None]


class Listener:
    """A TCP server on loopback that does the same with each connection; `heard` is what TLS or it made of them."""

    def __init__(self, serve: Callable[[socket.socket], Any]) -> None:
        self.heard: list[Any] = []
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    connection.settimeout(10)
                    try:
                        self.heard.append(self._serve(connection))
                    except OSError as error:
                        self.heard.append(error)

    def stop(self) -> None:
        """Close it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[socket.socket], Any]], Listener]]:
    """Starts listeners, which end with the test."""
    made: list[Listener] = []

    def start(serve: Callable[[socket.socket], Any]) -> Listener:
        made.append(Listener(serve))
        return made[-1]

    yield start
    for listener in made:
        listener.stop()


Listen = Callable[[Callable[[socket.socket], Any]], Listener]
AUTHORITY = trustme.CA()
INTERMEDIATE = AUTHORITY.create_child_ca()
LEAF = INTERMEDIATE.issue_cert("www.test")
OTHER = INTERMEDIATE.issue_cert("other.test")


def ders(leaf: trustme.LeafCert) -> list[bytes]:
    """The chain that a server with this certificate has."""
    return [ssl.PEM_cert_to_DER_cert(blob.bytes().decode()) for blob in leaf.cert_chain_pems]


def context(leaf: trustme.LeafCert = LEAF, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A server's TLS."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(made)
    if newest:
        made.maximum_version = newest
    return made


def tls(made: ssl.SSLContext, preface: Dialogue | None = None) -> Callable[[socket.socket], Any]:
    """Serve TLS; what the client says in it until it hangs up, and the version."""

    def serve(connection: socket.socket) -> Any:
        if preface:
            preface(connection)
        with made.wrap_socket(connection, server_side=True) as encrypted:
            return encrypted.recv(100), encrypted.version()

    return serve


def begun(protocol: str, port: int, name: str = "", seconds: float = 5.0) -> Served:
    """One handshake."""
    target = Target(protocol, "127.0.0.1", port, name)
    return handshake.begun([target], seconds)[target]


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_the_whole_chain_is_seen_and_no_request_is_sent(listen: Listen, newest: ssl.TLSVersion) -> None:
    server = listen(tls(context(newest=newest)))
    served = begun("tls", server.port)
    assert served.outcome == "tls"
    assert served.chain == ders(LEAF)
    server.stop()
    wait_for(lambda: bool(server.heard))
    said, version = server.heard[0]
    assert said == b"", "the connection ended in good order, without a byte in it"
    assert version == newest.name.replace("v1_", "v1.")


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_version_and_a_key_that_nobody_should_use_any_more_are_seen(listen: Listen) -> None:
    old = context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        old.maximum_version = ssl.TLSVersion.TLSv1
    server = listen(tls(old))
    assert begun("tls", server.port).chain == ders(LEAF)
    wait_for(lambda: bool(server.heard))
    assert server.heard[0][1] == "TLSv1"


def test_before_tls_13_the_chain_is_read_even_where_python_does_not_tell_it(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.9 tells the first certificate only."""
    monkeypatch.setattr(handshake, "chain_of", lambda _: [])
    assert begun("tls", listen(tls(context(newest=ssl.TLSVersion.TLSv1_2))).port).chain == ders(LEAF)
    hidden = begun("tls", listen(tls(context())).port)
    assert hidden.chain == [], "control: TLS 1.3 encrypts it"


def test_without_word_of_the_chain_it_is_told_as_far_as_it_is_known(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.9: TLS 1.2 is tried first; a server of TLS 1.3 alone shows its own certificate and nothing else."""
    monkeypatch.setattr(handshake, "TELLS_CHAINS", False)
    server = listen(tls(context()))
    assert begun("tls", server.port) == Served("tls", ders(LEAF))
    strict = context()
    strict.minimum_version = ssl.TLSVersion.TLSv1_3
    assert begun("tls", listen(tls(strict)).port) == Served("tls", ders(LEAF)[:1], is_whole=False)
    monkeypatch.setattr(handshake, "TELLS_CHAINS", True)
    assert begun("tls", listen(tls(strict)).port) == Served("tls", ders(LEAF)), "control"


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_a_server_that_wants_a_certificate_shows_its_own(listen: Listen, newest: ssl.TLSVersion) -> None:
    strict = context(newest=newest)
    strict.verify_mode = ssl.CERT_REQUIRED
    AUTHORITY.configure_trust(strict)
    assert begun("tls", listen(tls(strict)).port).chain == ders(LEAF)


def test_the_server_name_chooses_the_certificate(listen: Listen) -> None:
    first, second = context(), context(OTHER)

    def choose(connection: ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        if name == "other.test":
            connection.context = second

    first.sni_callback = choose  # type: ignore[assignment] # it is called with what wraps the socket
    port = listen(tls(first)).port
    assert begun("tls", port, "other.test").chain == ders(OTHER)
    assert begun("tls", port, "www.test").chain == ders(LEAF)
    assert begun("tls", port).chain == ders(LEAF)


def answers(*pairs: tuple[bytes, bytes]) -> Dialogue:
    """Expect the first of each pair, and answer with the second."""

    def talk(connection: socket.socket) -> None:
        for expected, answer in pairs:
            heard = b""
            while len(heard) < len(expected):
                piece = connection.recv(1)
                assert piece, heard
                heard += piece
            assert heard == expected
            connection.sendall(answer)

    return talk


GREETINGS = {
    "smtp": [
        (b"", b"220-mail.test ESMTP\r\n220 wait for it\r\n"),
        (b"EHLO localhost\r\n", b"250-mail.test\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n"),
        (b"STARTTLS\r\n", b"220 2.0.0 Ready to start TLS\r\n"),
    ],
    "imap": [
        (b"", b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready.\r\n"),
        (b"a1 STARTTLS\r\n", b"* 0 EXISTS\r\na1 OK Begin TLS negotiation now.\r\n"),
    ],
    "pop3": [(b"", b"+OK ready.\r\n"), (b"STLS\r\n", b"+OK Begin TLS negotiation now.\r\n")],
    "postgresql": [(b"\0\0\0\x08\x04\xd2\x16\x2f", b"S")],
}
REFUSALS = {
    "smtp": [
        (b"", b"220 mail.test ESMTP\r\n"),
        (b"EHLO localhost\r\n", b"250 mail.test\r\n"),
        (b"STARTTLS\r\n", b"502 5.5.1 Command not implemented\r\n"),
    ],
    "imap": [(b"", b"* OK ready.\r\n"), (b"a1 STARTTLS\r\n", b"a1 BAD Unknown command\r\n")],
    "pop3": [(b"", b"+OK ready.\r\n"), (b"STLS\r\n", b"-ERR Unknown command.\r\n")],
    "postgresql": [(b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")],
}


@pytest.mark.parametrize("protocol", GREETINGS)
def test_tls_is_begun_in_the_protocols_own_way(listen: Listen, protocol: str) -> None:
    server = listen(tls(context(), answers(*GREETINGS[protocol])))
    assert begun(protocol, server.port).chain == ders(LEAF)


@pytest.mark.parametrize("protocol", REFUSALS)
def test_a_server_without_tls_is_plain(listen: Listen, protocol: str) -> None:
    server = listen(answers(*REFUSALS[protocol]))
    assert begun(protocol, server.port) == Served("plain", [])


@pytest.mark.parametrize(
    "says", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x16\x03\x03\xff\xff", b"\x15\x03"]
)
def test_what_speaks_something_else_is_plain(listen: Listen, says: bytes) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(1)
        connection.sendall(says)

    assert begun("tls", listen(serve).port) == Served("plain", [])


def test_who_says_nothing_is_waited_for_no_longer_than_allowed(listen: Listen) -> None:
    server = listen(lambda connection: connection.recv(1 << 16) and connection.recv(1))
    at = time.monotonic()
    assert begun("tls", server.port, seconds=0.3) == Served("silent", [])
    assert time.monotonic() - at < 5


def test_who_never_ends_is_cut_off(listen: Listen) -> None:
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"220-and so on\r\n" * 4096)

    server = listen(flood)
    at = time.monotonic()
    assert begun("smtp", server.port, seconds=30) == Served("plain", [])
    assert time.monotonic() - at < 20


def test_a_closed_port_is_silent(listen: Listen) -> None:
    server = listen(lambda _: None)
    server.stop()
    assert begun("tls", server.port) == Served("silent", [])


def test_all_of_many_are_seen_and_the_whole_has_an_end(listen: Listen) -> None:
    good = listen(tls(context())).port
    targets = [Target("tls", "127.0.0.1", good, f"n{number}.test") for number in range(40)]
    found = handshake.begun(targets)
    assert [found[target].chain for target in targets] == [ders(LEAF)] * 40

    silent = listen(lambda connection: connection.recv(1 << 16) and connection.recv(1)).port
    targets = [Target("tls", "127.0.0.1", silent, f"n{number}.test") for number in range(200)]
    at = time.monotonic()
    handshake.begun(targets, seconds=0.3, total_seconds=0.7)
    assert time.monotonic() - at < 10


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.7", "2001:db8::1", "8.8.8.8", "224.0.0.1", "not one", ""])
def test_no_other_machine_is_spoken_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("a connection was begun")

    monkeypatch.setattr(handshake, "Conversation", never)
    assert handshake.begun([Target("tls", address, 443)]) == {}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_control_this_machine_is_spoken_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(*_: Any) -> None:
        raise AssertionError("a connection was begun")

    monkeypatch.setattr(handshake, "Conversation", seen)
    with pytest.raises(AssertionError):
        handshake.begun([Target("tls", address, 443)])


@pytest.mark.parametrize("name", ["a b", "*.test", "x" * 300, ".", "a..b", "\n", "ä.test"])
def test_a_name_that_cannot_be_one_is_not_asked_for(name: str) -> None:
    assert not SERVER_NAME.match(name)
    assert SERVER_NAME.match("control-1.example_x.test")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_answer_confuses_the_reading_of_records(data: bytes) -> None:
    for heard in (data, b"\x16\x03\x03" + len(data).to_bytes(2, "big") + data):
        assert all(heard.count(der) for der in handshake.chain_in_clear(heard))
    message = b"\x0b" + (len(data) + 6).to_bytes(3, "big") + bytes(3) + len(data).to_bytes(3, "big") + data
    assert handshake.chain_in_clear(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message) == (
        [data] if data else []
    )
