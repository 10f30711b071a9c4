"""Packages of apk (Alpine). Sources: apk's database of installed packages and /etc/apk/world, open to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import package, whole

# apk-tools 3 of a merged /usr keeps it below /usr.
DATABASES = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")
WORLD = "/etc/apk/world"
# The database names every file.
DATABASE_MAX = 64 << 20
# `name=1.2`, `name~1.2`, `name<2` and `name@repository`; a lower bound holds nothing back.
CONSTRAINT = re.compile(r"([^=<>~@!]+)([=<>~]*)")


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does."""
    return [*DATABASES, WORLD]


def database(host: Host) -> str:
    """Which of the two it is here. Unavailable where there is none."""
    for path in DATABASES:
        try:
            host.stat(path)
        except Unavailable:
            continue
        return path
    raise Unavailable("no database of apk")


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed package. Unavailable where apk has no database."""
    data = host.read(database(host), DATABASE_MAX)
    held = pinned(host)
    found = []
    fields: dict[bytes, bytes] = {}
    for line in [*data.split(b"\n"), b""]:
        if line[1:2] == b":" and line[:1] in b"PVAoI":
            fields[line[:1]] = line[2:]
        elif not line and fields.get(b"P"):
            name, version, architecture, origin, size = (
                fields.get(letter, b"").decode("utf-8", "replace") for letter in (b"P", b"V", b"A", b"o", b"I")
            )
            found.append(package("apk", name, version, architecture, origin, whole(size), name in held))
            fields = {}
    return found


def owned(host: Host, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Each of these paths that a package has, with its name: `F:` names a folder, `R:` a file in it."""
    folder = name = ""
    for line in host.text(database(host), DATABASE_MAX).split("\n"):
        kind, value = line[:2], line[2:]
        if kind == "P:":
            name = value
        elif kind == "F:":
            folder = f"/{value}/" if value else "/"
        elif kind == "R:" and folder + value in wanted:
            yield folder + value, name


def pinned(host: Host) -> set[str]:
    """Names that the administrator asked for in a certain version."""
    try:
        words = host.text(WORLD).split()
    except (Unavailable, CollectorError):
        return set()
    matches = filter(None, map(CONSTRAINT.match, words))
    return {match[1] for match in matches if match[2] not in ("", ">", ">=")}
