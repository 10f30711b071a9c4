"""The only door to the server: HTTP/1.1 over one connection that stays open.

Written by hand, because `http.client` costs the resident process 1.7 MB. It speaks HTTPS with verification; plain HTTP
goes to loopback only, unless the owner of the machine allowed it. It never follows a redirect, so that a token goes to
the host it was given for and to no other.
"""

from __future__ import annotations

import _socket
import select
import time
import zlib

from nodestral_agent.codec import decode
from nodestral_agent.errors import Misuse, Refused, Unreachable
from nodestral_agent.report import clean
from nodestral_agent.stream import Socket, Stream, connected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.address import Address

ANSWER_MAX = 256 << 10
HEAD_MAX = 16 << 10
EXCHANGE_SECONDS = 30.0
# Below this a smaller body is not worth the work.
GZIP_FROM = 512
# Statuses after which the same request may be accepted later; every other 4xx is for good.
LATER = frozenset({408, 425, 429})
PROBLEM = "urn:nodestral:problem:"


class Transport:
    """The connection to one server. Not for use by two at a time."""

    def __init__(self, address: Address, ca_file: str | None, agent: str, proxy_url: str | None = None) -> None:
        self._address = address
        self._proxy_url = proxy_url
        self._ca_file = ca_file
        self._agent = agent
        self._stream: Stream | None = None
        # How long its user can wait for an answer; never longer than EXCHANGE_SECONDS.
        self.patience_seconds = EXCHANGE_SECONDS

    def post(self, path: str, token: str, body: bytes) -> Any:
        """The decoded JSON of a successful answer.

        Refused when the server says no (4xx); Unreachable when there is no usable answer: nothing is known then about
        whether the request arrived, so it must be safe to send again.
        """
        request = self._request(path, token, body)
        deadline = time.monotonic() + min(EXCHANGE_SECONDS, self.patience_seconds)
        reused = self._stream is not None and not self._ended(self._stream)
        if not reused:
            self.close()
        try:
            status, fields, answer = self._exchange(request, deadline)
        except (OSError, _Broken) as error:
            self.close()
            # A server that closes an idle connection may do so in the very moment in which it is used again.
            if not reused or isinstance(error, _socket.timeout):
                raise Unreachable(_why(error)) from None
            try:
                status, fields, answer = self._exchange(request, deadline)
            except (OSError, _Broken) as second:
                self.close()
                raise Unreachable(_why(second)) from None
        except BaseException:
            # A signal in the middle: what is left of the answer must not be taken for the next one's.
            self.close()
            raise
        if fields.get("connection", "").lower() == "close":
            self.close()
        return _judged(status, fields, answer)

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _request(self, path: str, token: str, body: bytes) -> bytes:
        encoding = ""
        if len(body) >= GZIP_FROM:
            # 31: with the header and the checksum of gzip; level 6 costs 0.1 ms for a report.
            packer = zlib.compressobj(6, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            encoding = "Content-Encoding: gzip\r\n"
        head = (
            f"POST {self._address.base}{path} HTTP/1.1\r\nHost: {self._address.authority}\r\n"
            f"User-Agent: {self._agent}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\n{encoding}Content-Length: {len(body)}\r\n\r\n"
        )
        if head.count("\r\n") != 8 + bool(encoding) or not head.isascii():
            raise Misuse("The token or the server's address has a character that has no place in it.")
        return head.encode() + body

    def _exchange(self, request: bytes, deadline: float) -> tuple[int, dict[str, str], bytes]:
        if self._stream is None:
            self._stream = self._open()
        answer = _Answer(self._stream, deadline)
        self._stream.limit(answer.left())
        self._stream.send_all(request)
        return answer.read()

    def _open(self) -> Stream:
        socket = self._connected()
        if not self._address.secure:
            return Stream(socket)
        from nodestral_agent import tls  # noqa: PLC0415 # an agent on plain HTTP does not pay for OpenSSL

        try:
            return tls.secured(socket, self._address.host, self._ca_file)
        except BaseException:
            socket.close()
            raise

    def _connected(self) -> Socket:
        host, port = self._address.host, self._address.port
        if not self._proxy_url or not self._address.secure:
            return connected(host, port, self.patience_seconds)
        from nodestral_agent import proxy  # noqa: PLC0415 # few agents need it in memory

        way = proxy.parse(self._proxy_url)
        socket = connected(way.host, way.port, self.patience_seconds)
        try:
            way.tunnel(socket, host, port)
        except BaseException:
            socket.close()
            raise
        return socket

    @staticmethod
    def _ended(stream: Stream) -> bool:
        # Nothing is to be read between two requests; if there is something, it is the end.
        waiting = select.poll()
        waiting.register(stream.fileno(), select.POLLIN)
        return bool(waiting.poll(0))


class _Broken(Exception):
    """What came is not HTTP, or the connection ended in the middle."""


class _Answer:
    """Reads one answer within a deadline and a size."""

    def __init__(self, stream: Stream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline
        self._buffer = b""

    def left(self) -> float:
        """Seconds until the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise _socket.timeout
        return left

    def read(self) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields by lower-case name, body."""
        status, fields = self._head()
        while 100 <= status < 200:
            status, fields = self._head()
        if status in (204, 304):
            return status, fields, b""
        if fields.get("transfer-encoding", "").lower() == "chunked":
            return status, fields, self._chunks()
        length = fields.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > ANSWER_MAX:
            raise _Broken("an answer without a usable length")
        return status, fields, self._take(int(length))

    def _more(self) -> None:
        self._stream.limit(self.left())
        piece = self._stream.receive(1 << 14)
        if not piece:
            raise _Broken("the connection ended before the answer was complete")
        self._buffer += piece

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if len(self._buffer) > HEAD_MAX:
                raise _Broken("an answer with an endless header")
            self._more()
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line

    def _head(self) -> tuple[int, dict[str, str]]:
        words = self._line().split(b" ", 2)
        if len(words) < 2 or words[0] not in (b"HTTP/1.1", b"HTTP/1.0") or len(words[1]) != 3 or not words[1].isdigit():
            raise _Broken("an answer that is not HTTP")
        fields: dict[str, str] = {}
        size = 0
        while True:
            line = self._line()
            size += len(line)
            if size > HEAD_MAX:
                raise _Broken("an answer with an endless header")
            if not line:
                break
            name, _, value = line.partition(b":")
            fields[name.strip().lower().decode("latin-1")] = value.strip().decode("latin-1")
        if words[0] == b"HTTP/1.0":
            fields.setdefault("connection", "close")
        return int(words[1]), fields

    def _chunks(self) -> bytes:
        # Written by proxies between the agent and the server, not by the server.
        body = b""
        while True:
            size = self._line().split(b";", 1)[0].strip()
            if not size or len(size) > 8 or size.strip(b"0123456789abcdefABCDEF"):
                raise _Broken("an answer in a broken chunk")
            length = int(size, 16)
            if len(body) + length > ANSWER_MAX:
                raise _Broken(f"an answer of more than {ANSWER_MAX} bytes")
            if length == 0:
                while self._line():
                    pass
                return body
            body += self._take(length)
            if self._take(2) != b"\r\n":
                raise _Broken("an answer in a broken chunk")


def _why(error: BaseException) -> str:
    if isinstance(error, _socket.timeout):
        return "the server did not answer in time"
    if isinstance(error, OSError):
        return f"the connection broke: {error.strerror or error}"
    return f"the server sent {error}" if not str(error).startswith("the ") else str(error)


def _judged(status: int, fields: dict[str, str], body: bytes) -> Any:
    try:
        answer = decode(body)
    except ValueError:
        answer = None
    if 200 <= status < 300:
        if answer is None:
            raise Unreachable(f"something between here and the server answered {status} in its place")
        return answer
    problem = answer if isinstance(answer, dict) else {}
    code = clean(str(problem.get("code") or "no-code"), 64)
    detail = clean(str(problem.get("detail") or problem.get("title") or "no explanation"), 500)
    # A 4xx page of a proxy or of another server at this address says nothing about the report: only the server's own
    # words refuse it. A body too large for a proxy is the exception: it will be too large every time.
    own = str(problem.get("type", "")).startswith(PROBLEM)
    if 400 <= status < 500 and status not in LATER and (own or status == 413):
        raise Refused(status, code, detail)
    later = fields.get("retry-after", "")
    seconds = float(later) if later.isascii() and later.isdigit() and len(later) < 8 else None
    if 300 <= status < 400:
        raise Unreachable(f"the server's address answers {status} (a redirect), which is never followed", seconds)
    raise Unreachable(f"the server answered {status} ({code}): {detail}", seconds)
