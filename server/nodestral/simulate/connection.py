"""The smallest HTTP/1.1 client that can keep thousands of connections: one request at a time on each, no redirects."""

import asyncio
import ssl
from typing import NamedTuple, cast
from urllib.parse import urlsplit

HEAD_MAX_BYTES = 64 * 1024
ANSWER_SECONDS = 30.0


class Answer(NamedTuple):
    status: int
    retry_after_seconds: float
    body: bytes


class Server(NamedTuple):
    host: str
    port: int
    authority: str
    tls: ssl.SSLContext | None


def server(url: str) -> Server:
    """Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"{url} is no server address. An example: http://127.0.0.1:8600")
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    return Server(
        parts.hostname, port, parts.netloc.rpartition("@")[2], ssl.create_default_context() if is_tls else None
    )


class Connection(asyncio.Protocol):
    """Opened at the first request and again after it was lost. `request` raises OSError or TimeoutError."""

    def __init__(self, target: Server) -> None:
        self._target = target
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._waiting: asyncio.Future[Answer] | None = None
        self._turn = asyncio.Lock()
        self.opened = 0

    async def request(self, path: str, token: str, body: bytes, *, packed: bool = False) -> Answer:
        encoding = "Content-Encoding: gzip\r\n" if packed else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._target.authority}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\n{encoding}Content-Length: {len(body)}\r\n\r\n"
        )
        async with self._turn:
            if self._transport is None or self._transport.is_closing():
                await self._open()
            transport = self._transport
            if transport is None:
                raise ConnectionResetError("The connection was lost.")
            self._waiting = asyncio.get_running_loop().create_future()
            transport.write(head.encode("ascii") + body)
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await self._waiting
            except BaseException:
                # What comes later must not be taken for the answer to the next request.
                transport.abort()
                self._transport = None
                raise
            finally:
                self._waiting = None

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(ANSWER_SECONDS):
            await loop.create_connection(
                lambda: self,
                self._target.host,
                self._target.port,
                ssl=self._target.tls,
                server_hostname=self._target.host if self._target.tls else None,
            )
        self.opened += 1

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are of a class of their own, which is none of asyncio's.
        self._transport, self._buffer = cast("asyncio.Transport", transport), b""

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(exc if isinstance(exc, OSError) else ConnectionResetError("The server closed the connection."))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            if len(self._buffer) > HEAD_MAX_BYTES:
                self._fail(ConnectionError("The answer's head is too long."))
            return
        try:
            status, length, retry, closing = _parse(head)
        except ValueError as error:
            self._fail(ConnectionError(f"This is no answer that we understand: {error}"))
            return
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if closing and self._transport is not None:
            self._transport.close()
            self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(status, retry, rest[:length]))

    def _fail(self, error: OSError) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)


def _parse(head: bytes) -> tuple[int, int, float, bool]:
    """(status, length of the body, Retry-After in seconds, whether the server closes). Raises ValueError."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, code, *_ = first.split(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise ValueError(first[:80])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "transfer-encoding" in headers:
        raise ValueError("a chunked body")
    retry = headers.get("retry-after", "")
    closing = headers.get("connection", "").lower() == "close"
    return int(code), int(headers.get("content-length", "0")), float(retry) if retry.isdigit() else 0.0, closing
