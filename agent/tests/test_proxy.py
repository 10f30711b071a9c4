"""Reports through an HTTP proxy: a real one on loopback, TLS with the real server inside it."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from agent.tests.conftest import Agents
from agent.tests.server import Server

from nodestral_agent import address, proxy
from nodestral_agent.errors import Misuse, Unreachable
from nodestral_agent.transport import Transport

BODY = b'{"epoch":7,"seq":1}'
NAME = "nodestral.test"  # RFC 6761: no resolver knows it, so only the proxy can lead there


class Relay:
    """Answers CONNECT and leads every name to one port of loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
        self.heads: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.seen = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(4096)
                if not piece:
                    return
                head += piece
            self.heads.append(head)
            client.sendall(self.answer)
            if not self.answer.startswith(b"HTTP/1.1 200"):
                return
            with socket.create_connection(("127.0.0.1", self.port)) as server:
                back = threading.Thread(target=self._pass_on, args=(server, client), daemon=True)
                back.start()
                self._pass_on(client, server)
                back.join()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                self.seen += piece
                target.sendall(piece)
        except OSError:
            pass
        finally:
            # Whoever waits on the other side is told that it is over.
            for end in (source, target):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def tls_port(authority: tuple[trustme.CA, Path]) -> Iterator[Server]:
    """A server whose certificate is for a name that only the proxy can reach."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert(NAME).configure_cert(context)
    running = Server(context=context).start()
    yield running
    running.stop()


@pytest.fixture
def relay(tls_port: Server) -> Iterator[Relay]:
    made = Relay(int(tls_port.url.rpartition(":")[2]))
    yield made
    made.listener.close()


def transport(url: str | None, ca_file: Path) -> Transport:
    return Transport(address.parse(f"https://{NAME}"), str(ca_file), "test", url)


def test_a_report_goes_through_the_proxy_and_stays_between_agent_and_server(
    relay: Relay, tls_port: Server, authority: tuple[trustme.CA, Path]
) -> None:
    way = transport(relay.url.replace("http://", "http://ann:p%40ss@"), authority[1])
    for seq in (1, 2):
        assert way.post("/agent/v1/reports", "secret-token", b'{"epoch":7,"seq":%d}' % seq)["ack"] == seq
    way.close()
    (head,) = relay.heads
    assert head.startswith(f"CONNECT {NAME}:443 HTTP/1.1\r\n".encode())
    assert base64.b64encode(b"ann:p@ss") in head
    assert tls_port.ledger.tokens == ["Bearer secret-token"] * 2
    assert b"secret-token" not in relay.seen
    assert relay.seen


def test_control_without_the_proxy_there_is_no_way(authority: tuple[trustme.CA, Path]) -> None:
    with pytest.raises(Unreachable, match="does not resolve"):
        transport(None, authority[1]).post("/r", "t", BODY)


def test_a_proxy_that_shows_another_certificate_is_found_out(
    tls_server: Server, authority: tuple[trustme.CA, Path]
) -> None:
    # It leads to a server that is trusted, but for another name.
    lying = Relay(int(tls_server.url.rpartition(":")[2]))
    with pytest.raises(Unreachable, match="no trusted TLS connection"):
        transport(lying.url, authority[1]).post("/r", "t", BODY)
    lying.listener.close()
    assert tls_server.ledger.tokens == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407"),
        (b"HTTP/1.1 403 \x1b[2JNo\r\n\r\n", "403"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "does not let through"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "2000"),
    ],
)
def test_a_proxy_that_does_not_let_through_is_told(
    relay: Relay, authority: tuple[trustme.CA, Path], answer: bytes, words: str
) -> None:
    relay.answer = answer
    with pytest.raises(Unreachable, match=words) as raised:
        transport(relay.url, authority[1]).post("/r", "t", BODY)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://proxy.example:8080/", "proxy.example", 8080),
        ("proxy.example:8080", "proxy.example", 8080),
        ("http://proxy.example", "proxy.example", 3128),
        ("http://a:b@[2001:db8::1]:8080", "2001:db8::1", 8080),
        ("http://[2001:db8::1]", "2001:db8::1", 3128),
    ],
)
def test_a_proxys_url(url: str, host: str, port: int) -> None:
    way = proxy.parse(url)
    assert (way.host, way.port) == (host, port)


@pytest.mark.parametrize(
    "url",
    ["https://proxy.example", "socks5://proxy.example", "http://", "http://proxy:0", "http://proxy:x", "http://a b"],
)
def test_a_url_that_makes_no_sense_is_refused(url: str) -> None:
    with pytest.raises(Misuse):
        proxy.parse(url)


@pytest.mark.parametrize(
    ("no_proxy", "host", "is_direct"),
    [
        ("", "nodestral.example", False),
        ("", "localhost", True),
        ("", "127.0.0.1", True),
        ("other.example, .example", "nodestral.example", True),
        ("nodestral.example", "nodestral.example", True),
        ("estral.example", "nodestral.example", False),
        ("*", "nodestral.example", True),
    ],
)
def test_who_is_reached_directly(no_proxy: str, host: str, is_direct: bool) -> None:
    environment = {"HTTPS_PROXY": "http://proxy", "NO_PROXY": no_proxy}
    assert (proxy.chosen(environment, host, secure=True) is None) is is_direct


def test_an_unencrypted_server_is_never_reached_through_a_proxy() -> None:
    assert proxy.chosen({"https_proxy": "http://proxy"}, "nodestral.example", secure=False) is None
    assert proxy.chosen({"https_proxy": "http://proxy"}, "nodestral.example", secure=True) == "http://proxy"


def test_enrolment_remembers_the_proxy_for_the_service(
    agents: Agents, relay: Relay, tls_port: Server, authority: tuple[trustme.CA, Path]
) -> None:
    done = agents.call(
        *("enroll", "--server", f"https://{NAME}", "--ca-file", str(authority[1])),
        text="nst_install_test\n",
        HTTPS_PROXY=relay.url,
    )
    assert done.returncode == 0, done.stderr
    agents.start()
    tls_port.ledger.wait(1)
    assert len(relay.heads) >= 2
    assert "proxy" in agents.call("doctor").stdout
