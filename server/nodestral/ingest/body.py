"""The body of a report, from the socket to JSON bytes, with a limit before, during and after it is unpacked."""

import zlib

from litestar.types import Receive, Scope

from nodestral.kit.origin import header
from nodestral.kit.problems import Problem

PACKED_MAX_BYTES = 1024 * 1024
DECODED_MAX_BYTES = 8 * 1024 * 1024
# Reports of the greediest kind pack about 30 to 1.
RATIO_MAX = 200
GZIP_WINDOW = zlib.MAX_WBITS | 16


class ClientGone(Exception):
    """The agent hung up before its report was read; there is nobody to answer."""


def _too_large(detail: str) -> Problem:
    return Problem(detail, status=413, code="too-large")


def _unreadable() -> Problem:
    return Problem("The body is not one complete gzip stream.", status=400, code="malformed")


async def read(scope: Scope, receive: Receive) -> bytes:
    """The decoded body. Raises Problem (400, 413, 415) or ClientGone."""
    if header(scope, b"content-type").partition(";")[0].strip().lower() != "application/json":
        raise Problem("A report is application/json.", status=415, code="unsupported-media-type")
    encoding = header(scope, b"content-encoding").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise Problem("Only gzip or identity is taken.", status=415, code="unsupported-encoding")
    declared = header(scope, b"content-length")
    if declared.isdigit() and (len(declared) > 12 or int(declared) > PACKED_MAX_BYTES):
        raise _too_large("A report has 1 MiB at most on the wire.")
    packed = await _receive_all(receive)
    return unpack(packed) if encoding == "gzip" else packed


async def _receive_all(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > PACKED_MAX_BYTES:
            raise _too_large("A report has 1 MiB at most on the wire.")
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def unpack(packed: bytes) -> bytes:
    """One gzip stream and nothing behind it. Raises Problem."""
    limit = min(DECODED_MAX_BYTES, RATIO_MAX * max(len(packed), 1024))
    stream = zlib.decompressobj(GZIP_WINDOW)
    try:
        decoded = stream.decompress(packed, limit + 1)
    except zlib.error:
        raise _unreadable() from None
    if len(decoded) > limit:
        raise _too_large("The unpacked report is larger than 8 MiB or unbelievably well packed.")
    if not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise _unreadable()
    return decoded
