"""HTTP to a metadata service of a cloud, which answers on a link-local address of this very machine.

No name is looked up, no proxy used, no redirect followed, no answer taken that is large or late. The answer's end is
that of the connection, or of its chunks.
"""

from __future__ import annotations

import _socket
import time

from nodestral_agent.errors import CollectorError, Unavailable

PIECE = 1 << 14


def ask(place: tuple[str, int], method: str, path: str, headers: dict[str, str], seconds: float, limit: int) -> bytes:
    """The body of a 200 answer. Unavailable for 404; CollectorError for anything else, and for no answer in time."""
    words = [method, path, *headers, *headers.values()]
    if not all(word.isascii() and word.isprintable() for word in words) or " " in path:
        raise CollectorError("not a request that can be sent", path)
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    request = "\r\n".join([*lines, "Connection: close", "Content-Length: 0", "", ""]).encode()
    deadline = time.monotonic() + seconds
    where = place[0]
    connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(place)
        connection.sendall(request)
        answer = _whole(connection, deadline, limit)
    except OSError as error:
        raise CollectorError(f"did not answer ({error.strerror or 'too late'})", where) from None
    finally:
        connection.close()
    return _body(answer, where, path)


def _whole(connection: _socket.socket, deadline: float, limit: int) -> bytes:
    answer = b""
    while len(answer) <= limit:
        left = deadline - time.monotonic()
        if left <= 0:
            raise CollectorError("did not answer in time")
        connection.settimeout(left)
        piece = connection.recv(PIECE)
        answer += piece
        if not piece or complete(answer):
            return answer
    raise CollectorError(f"answered with more than {limit} bytes")


def complete(answer: bytes) -> bool:
    """Whether all that the head promises has come: not every service closes the connection."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not gap:
        return False
    told = fields(head)
    if told.get("transfer-encoding") == "chunked":
        return body.endswith(b"0\r\n\r\n")
    length = told.get("content-length", "")
    return length.isdigit() and len(length) < 10 and len(body) >= int(length)


def fields(head: bytes) -> dict[str, str]:
    """The header, names and values in small letters."""
    lines = (line.partition(":") for line in head.decode("latin-1").lower().split("\r\n")[1:])
    return {name.strip(): value.strip() for name, _, value in lines}


def _body(answer: bytes, where: str, path: str) -> bytes:
    head, gap, body = answer.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not gap or len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise CollectorError("did not answer in HTTP", where)
    if words[1] == b"404":
        raise Unavailable(f"{where} has no {path}")
    if words[1] != b"200":
        raise CollectorError(f"answered {path} with {words[1].decode()}", where)
    if fields(head).get("transfer-encoding") == "chunked":
        return joined(body, where)
    return body


def joined(body: bytes, where: str) -> bytes:
    """The chunks of RFC 9112, 7.1, put together."""
    whole = b""
    while True:
        size, gap, rest = body.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0], 16)
        except ValueError:
            raise CollectorError("sent chunks that make no sense", where) from None
        if not gap or length < 0 or len(rest) < length:
            raise CollectorError("sent half an answer", where)
        if length == 0:
            return whole
        whole += rest[:length]
        body = rest[length + 2 :]
