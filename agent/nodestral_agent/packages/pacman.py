"""Packages of pacman (Arch). Sources: a folder for each package in /var/lib/pacman/local, and /etc/pacman.conf."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import Patterns, package, whole

LOCAL = "/var/lib/pacman/local"
CONFIGURATION = "/etc/pacman.conf"
INCLUDES_MAX = 32
# A package's list of files.
FILES_MAX = 32 << 20


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does: every package has a folder named after its version."""
    return [LOCAL, CONFIGURATION]


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed package. Unavailable where pacman has no database."""
    folders = [name for name, _ in host.folders(LOCAL)]
    names, groups = ignored(host)
    found = []
    for folder in folders:
        try:
            fields = parsed(host.text(f"{LOCAL}/{folder}/desc"))
        except Unavailable:
            continue  # it was removed meanwhile
        name, *_ = fields.get("NAME", [""])
        if not name:
            continue
        version, architecture, base, size = (
            "".join(fields.get(field, [])[:1]) for field in ("VERSION", "ARCH", "BASE", "SIZE")
        )
        held = name in names or any(group in groups for group in fields.get("GROUPS", []))
        found.append(package("pacman", name, version, architecture, base, whole(size), held))
    return found


def owned(host: Host, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Each of these paths that a package has, with its name. A folder's name ends with version and release."""
    sought = {path[1:]: path for path in wanted}
    for folder, _ in host.folders(LOCAL):
        try:
            listed = host.text(f"{LOCAL}/{folder}/files", FILES_MAX).split("\n")
        except (Unavailable, CollectorError):
            continue
        for line in listed:
            if line in sought:
                yield sought[line], folder.rsplit("-", 2)[0]


def parsed(text: str) -> dict[str, list[str]]:
    """The lines below each `%FIELD%`."""
    fields: dict[str, list[str]] = {}
    field: list[str] = []
    for line in text.split("\n"):
        if line.startswith("%") and line.endswith("%") and len(line) > 2:
            field = fields.setdefault(line[1:-1], [])
        elif line:
            field.append(line)
    return fields


def ignored(host: Host) -> tuple[Patterns, Patterns]:
    """Packages and groups that pacman does not update: IgnorePkg and IgnoreGroup, in included files too."""
    words: dict[str, list[str]] = {"IgnorePkg": [], "IgnoreGroup": []}
    waiting, seen = [CONFIGURATION], 0
    while waiting and seen < INCLUDES_MAX:
        seen += 1
        try:
            lines = host.text(waiting.pop()).splitlines()
        except (Unavailable, CollectorError):
            continue
        for line in lines:
            name, _, value = (part.strip() for part in line.partition("#")[0].partition("="))
            if name in words:
                words[name] += value.split()
            elif name == "Include":
                waiting += matching(host, value)
    return Patterns(words["IgnorePkg"]), Patterns(words["IgnoreGroup"])


def matching(host: Host, pattern: str) -> list[str]:
    """The files that an Include means; patterns in its last part are followed."""
    folder, _, last = pattern.rpartition("/")
    if not folder.startswith("/"):
        return []
    if not any(character in last for character in "*?["):
        return [pattern]
    try:
        return [f"{folder}/{name}" for name in host.names(folder) if fnmatchcase(name, last)]
    except (Unavailable, CollectorError):
        return []
