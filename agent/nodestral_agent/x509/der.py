"""Tag, length, value: the part of DER (X.690) that certificates consist of, read without trust in any length.

Every element lies within its parent, lengths are definite, depth is what the caller descends, and counts are bounded.
"""

from __future__ import annotations

from typing import NamedTuple

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID = 0x01, 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
CHILDREN_MAX = 4096
OBJECT_ID_MAX = 64


class DerError(ValueError):
    """The bytes are not what they should be. The message says what, never which bytes."""


class Element(NamedTuple):
    """`content` is the value; `whole` has tag and length too."""

    tag: int
    content: bytes
    whole: bytes


def first(data: bytes, at: int = 0) -> tuple[Element, int]:
    """The element that begins at `at`, and where it ends."""
    if at + 2 > len(data):
        raise DerError("ends too early")
    tag, length, begin = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise DerError("has a tag of more than one byte")
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or begin + size > len(data):
            raise DerError("has a length that cannot be")
        length = int.from_bytes(data[begin : begin + size], "big")
        begin += size
    end = begin + length
    if end > len(data):
        raise DerError("is cut off")
    return Element(tag, data[begin:end], data[at:end]), end


def only(data: bytes, tag: int) -> Element:
    """The one element that `data` is."""
    element, end = first(data)
    if element.tag != tag or end != len(data):
        raise DerError("is not one element of the expected kind")
    return element


def children(element: Element) -> list[Element]:
    """The elements that this one consists of."""
    found = []
    at = 0
    while at < len(element.content):
        child, at = first(element.content, at)
        found.append(child)
        if len(found) > CHILDREN_MAX:
            raise DerError("consists of too much")
    return found


def sequence(element: Element, least: int = 0) -> list[Element]:
    """The parts of a SEQUENCE with at least so many."""
    if element.tag != SEQUENCE:
        raise DerError("is not a sequence")
    parts = children(element)
    if len(parts) < least:
        raise DerError("has parts missing")
    return parts


def object_id(element: Element) -> str:
    """An OBJECT IDENTIFIER in dotted form: 2.5.4.3."""
    if element.tag != OBJECT_ID or not 1 <= len(element.content) <= OBJECT_ID_MAX or element.content[-1] & 0x80:
        raise DerError("is not an object identifier")
    numbers = []
    number = 0
    for byte in element.content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    top = min(numbers[0] // 40, 2)
    return ".".join(str(part) for part in (top, numbers[0] - 40 * top, *numbers[1:]))


def integer(element: Element) -> int:
    """An INTEGER, which may be negative where it should not."""
    if element.tag != INTEGER or not element.content:
        raise DerError("is not an integer")
    return int.from_bytes(element.content, "big", signed=True)


def bits(element: Element) -> bytes:
    """The bytes of a BIT STRING without the count of unused bits."""
    if element.tag != BIT_STRING or not element.content:
        raise DerError("is not a bit string")
    return element.content[1:]
