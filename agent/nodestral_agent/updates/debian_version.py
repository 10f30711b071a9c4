"""How dpkg orders versions (Debian Policy 5.6.12): `[epoch:]upstream[-revision]`."""

from __future__ import annotations

import re

PARTS = re.compile(r"([^0-9]*)([0-9]*)")
# Where a part ends. Only a tilde comes before it.
END = 0
# No version is longer; Python would refuse to make a number of thousands of digits.
LONGEST = 1024


def order(version: str) -> tuple[int, list[int], list[int]]:
    """A key that sorts versions as dpkg does."""
    version = version[:LONGEST]
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    return int(epoch) if epoch.isascii() and epoch.isdigit() else 0, weighed(upstream), weighed(revision)


def weighed(part: str) -> list[int]:
    """Text and numbers in turn, as numbers: letters come before everything else, a tilde before the end itself."""
    found: list[int] = []
    for text, digits in PARTS.findall(part or "0"):
        if text or digits:
            found.extend(map(weight, text))
            found += [END, int(digits or "0")]
    # What goes on after a number does so with text: a tilde comes before this end, anything else after it.
    return [*found, END]


def weight(character: str) -> int:
    """A character's place."""
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
