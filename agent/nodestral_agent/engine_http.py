"""HTTP GET over a Unix socket or, without TLS, over TCP, as the container engines speak it.

HTTP/1.0 on purpose: the answer then ends with the connection and is never chunked.
"""

from __future__ import annotations

import _socket
import time

from nodestral_agent.errors import CollectorError, Denied

PIECE = 1 << 16
TCP = "tcp://"


def get(address: str, path: str, seconds: float, limit: int) -> bytes:
    """The body of a 200 answer. `address`: the socket's path, or tcp://HOST:PORT.

    OSError when there is no connection; CollectorError for any other answer.
    """
    if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
        raise CollectorError("not a path that can be asked for", path)
    deadline = time.monotonic() + seconds
    connection = _connected(address, seconds)
    pieces = []
    size = 0
    try:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n".encode())
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise CollectorError(f"did not answer {path} in {seconds:g} s", address)
            connection.settimeout(left)
            piece = connection.recv(PIECE)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise CollectorError(f"answered {path} with more than {limit} bytes", address)
    except _socket.timeout:
        raise CollectorError(f"did not answer {path} in {seconds:g} s", address) from None
    finally:
        connection.close()
    return _body(b"".join(pieces), address, path)


def _connected(address: str, seconds: float) -> _socket.socket:
    family: int = _socket.AF_UNIX
    place: str | tuple[str | int | bytes, ...] = address
    if address.startswith(TCP):
        host, _, port = address[len(TCP) :].rpartition(":")
        if not host or not port.isdigit() or int(port) > 65_535:
            raise CollectorError("not an address with a port", address)
        family, _, _, _, place = _socket.getaddrinfo(host.strip("[]"), int(port), type=_socket.SOCK_STREAM)[0]
    connection = _socket.socket(family, _socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(place)
    except BaseException as error:
        connection.close()
        if isinstance(error, _socket.timeout):
            raise CollectorError(f"did not take a connection in {seconds:g} s", address) from None
        raise
    return connection


def _body(answer: bytes, address: str, path: str) -> bytes:
    head, gap, body = answer.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not gap or len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise CollectorError("did not answer in HTTP", address)
    status = int(words[1])
    if status in (401, 403):
        raise Denied(f"refused {path} with {status}", address)
    if status != 200:
        raise CollectorError(f"answered {path} with {status}", address)
    if b"transfer-encoding: chunked" in head.lower():
        raise CollectorError("sent a chunked answer to HTTP/1.0", address)
    return body
