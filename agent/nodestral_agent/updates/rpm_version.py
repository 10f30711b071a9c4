"""How rpm orders versions (rpmvercmp in rpm's sources): epoch, version, release."""

from __future__ import annotations

import re

SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|~|\^")
LONGEST = 1024
# A tilde comes before the end, a caret after it but before all else; numbers come after letters.
TILDE, END, CARET, LETTERS, NUMBER = range(5)

Order = tuple[int, list[tuple[int, int, str]], list[tuple[int, int, str]]]


def order(version: str) -> Order:
    """A key that sorts `[epoch:]version-release` as rpm does."""
    epoch, colon, rest = version[:LONGEST].partition(":")
    if not colon:
        epoch, rest = "0", version[:LONGEST]
    number, _, release = rest.rpartition("-")
    if not number:
        number, release = rest, ""
    return int(epoch) if epoch.isascii() and epoch.isdigit() else 0, segments(number), segments(release)


def segments(part: str) -> list[tuple[int, int, str]]:
    """Runs of digits and of letters; what separates them does not count."""
    found = [segment(text) for text in SEGMENT.findall(part)]
    return [*found, (END, 0, "")]


def segment(text: str) -> tuple[int, int, str]:
    """The place of one run."""
    if text == "~":
        return TILDE, 0, ""
    if text == "^":
        return CARET, 0, ""
    return (NUMBER, int(text), "") if text.isdigit() else (LETTERS, 0, text)
