"""Reads certificates out of a file, and no byte of a private key, even where a file holds both.

A private key begins with a line that says so (RFC 7468). The file is therefore read in steps so small that no byte
after such a line is ever asked for: one byte at a time outside of certificates; inside of one, 16 at a time until the
first hyphen of its end, which its base64 cannot hold. What was read until then is thrown away. A file in DER is read on
only if its first bytes are those of a certificate.
"""

from __future__ import annotations

import binascii
import os
import stat

from nodestral_agent.errors import CollectorError, HoldsKey

SIZE_MAX = 256 << 10
# What may stand around certificates: their text by `openssl x509 -text`, bag attributes.
AROUND_MAX = 64 << 10
LINE_MAX = 4096
CERTIFICATES_MAX = 32
STEP = 16
KINDS = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
KEY = b"PRIVATE KEY"
SEQUENCE, VERSION, INTEGER = 0x30, 0xA0, 0x02


def read(path: str) -> list[bytes]:
    """The certificates of a file in DER, in their order; none when it holds no PEM block of that kind.

    OSError when it cannot be opened; HoldsKey; CollectorError when it is no file or holds too much.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise CollectorError("not a file")
        if told.st_size > SIZE_MAX:
            raise CollectorError(f"larger than {SIZE_MAX} bytes")
        first = os.read(handle, 1)
        return binary(handle, first) if first == b"\x30" else Pem(handle, first).certificates()
    finally:
        os.close(handle)


def binary(handle: int, first: bytes) -> list[bytes]:
    """A file in DER. Keys begin otherwise: a certificate's first part is a sequence of a version or a serial number.

    PKCS #1, SEC 1 and PKCS #12 begin with a number; PKCS #8 with a number, or when encrypted with a sequence of an
    object identifier.
    """
    head = first + os.read(handle, 1)
    head += os.read(handle, length_size(head[1:2]))
    head += os.read(handle, 2)
    if head[-2:-1] != b"\x30":
        raise HoldsKey("it may hold a private key")
    head += os.read(handle, length_size(head[-1:]))
    inner = os.read(handle, 1)
    if inner not in (bytes((VERSION,)), bytes((INTEGER,))):
        raise HoldsKey("it may hold a private key")
    pieces = [head + inner]
    while piece := os.read(handle, 1 << 16):
        pieces.append(piece)
    return [b"".join(pieces)[:SIZE_MAX]]


def length_size(length: bytes) -> int:
    """How many bytes of a length follow its first one. More than four, or none at all, is no DER."""
    size = length[0] & 0x7F if length and length[0] & 0x80 else 0
    if not length or size > 4:
        raise CollectorError("neither PEM nor DER")
    return size


class Pem:
    """A file of PEM blocks, read in small steps."""

    def __init__(self, handle: int, first: bytes) -> None:
        self._handle = handle
        self._first = first
        self._around = 0

    def certificates(self) -> list[bytes]:
        """Every certificate. HoldsKey as soon as a private key begins."""
        found: list[bytes] = []
        line = self._line(self._first)
        while line:
            label = line.strip()
            if KEY in label:
                raise HoldsKey("it holds a private key")
            if label.startswith(b"-----BEGIN ") and label[11:].rstrip(b"-") in KINDS:
                found.append(self._body())
                if len(found) > CERTIFICATES_MAX:
                    raise CollectorError(f"more than {CERTIFICATES_MAX} certificates")
            self._around += len(line)
            if self._around > AROUND_MAX:
                raise CollectorError("too much besides certificates")
            line = self._line(b"")
        return found

    def _line(self, begun: bytes) -> bytes:
        """The rest of a line, byte by byte, with its end; b"" at the end of the file."""
        line = bytearray(begun)
        while not line.endswith(b"\n"):
            byte = os.read(self._handle, 1)
            if not byte:
                break
            line += byte
            if len(line) > LINE_MAX:
                raise CollectorError("neither PEM nor DER")
        return bytes(line)

    def _body(self) -> bytes:
        """What stands before the first hyphen, decoded; the line of that hyphen is read to its end."""
        body = bytearray()
        while b"-" not in body[-STEP:]:
            piece = os.read(self._handle, STEP)
            if not piece:
                raise CollectorError("a certificate is cut off")
            body += piece
            if len(body) > SIZE_MAX:
                raise CollectorError("a certificate is too large")
        text, _, _ = body.partition(b"-")
        end = self._line(bytes(body[len(text) :]))
        if KEY in end:
            raise HoldsKey("it holds a private key")
        try:
            return binascii.a2b_base64(bytes(text))
        except binascii.Error:
            raise CollectorError("a certificate is not in base64") from None
