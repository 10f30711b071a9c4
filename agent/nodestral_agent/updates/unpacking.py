"""Indexes in the forms that package managers keep them in, as text, piece by piece: some are hundreds of megabytes."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Iterator
from typing import BinaryIO, cast

from nodestral_agent.errors import CollectorError
from nodestral_agent.host import Host

PIECE = 1 << 20
SECONDS = 20.0
# Python has no reader for these.
FOREIGN = (".lz4", ".zst")


def unpacked(host: Host, path: str, program: list[str]) -> Iterator[bytes]:
    """The file's text. `program` prints it where Python cannot read its form. CollectorError where it is damaged."""
    if path.endswith(FOREIGN):
        yield from host.streamed(program, SECONDS)
        return
    with host.opened(path) as raw:
        try:
            file = uncompressed(raw, path)
            while piece := file.read(PIECE):
                yield piece
        except (OSError, EOFError, lzma.LZMAError) as error:
            raise CollectorError(f"cannot be read: {error}", path) from None


def uncompressed(raw: BinaryIO, path: str) -> BinaryIO:
    """The same file as text."""
    if path.endswith(".gz"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if path.endswith((".xz", ".lzma")):
        return cast("BinaryIO", lzma.LZMAFile(raw))
    if path.endswith(".bz2"):
        return cast("BinaryIO", bz2.BZ2File(raw))
    return raw


def elements(pieces: Iterator[bytes], end: bytes, longest: int = 8 << 20) -> Iterator[bytes]:
    """What stands between the ends of one kind, such as `</package>`. CollectorError where there are none."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(end)
        yield from whole
        if len(rest) > longest:
            raise CollectorError(f"an index has {len(rest)} bytes without {end.decode()}")
