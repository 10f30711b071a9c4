"""Whose a file is, for dpkg. Source: /var/lib/dpkg/info/*.list, one for each package, and /var/lib/dpkg/diversions."""

from __future__ import annotations

import os
from collections.abc import Iterator

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

FOLDER = "/var/lib/dpkg/info"
DIVERSIONS = "/var/lib/dpkg/diversions"
LIST_MAX = 32 << 20


def owned(host: Host, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Each of these paths that a package has, with its name. A list names a path in each line."""
    names = [name for name in host.names(FOLDER) if name.endswith(".list")]
    diverted = diversions(host)
    # Where a package put aside another's file, the other still lists it by its first name.
    sought = {
        os.fsencode(path) for path in wanted | {first for first, (aside, _) in diverted.items() if aside in wanted}
    }
    # Most packages have no file in any of the folders in question, which is seen at once.
    folders = {path[: path.rfind(b"/") + 1] for path in sought}
    for name in names:
        try:
            data = host.read(f"{FOLDER}/{name}", LIST_MAX)
        except (Unavailable, CollectorError):
            continue
        if not any(folder in data for folder in folders):
            continue
        package = name[: -len(".list")].partition(":")[0]
        for line in sought.intersection(data.split(b"\n")):
            path = os.fsdecode(line)
            aside, by = diverted.get(path, (path, package))
            path = path if package == by else aside
            if path in wanted:
                yield path, package


def diversions(host: Host) -> dict[str, tuple[str, str]]:
    """By the path in a package: where it was put aside, and for which package (":" for the administrator)."""
    try:
        lines = host.text(DIVERSIONS).splitlines()
    except (Unavailable, CollectorError):
        return {}
    return {first: (aside, by) for first, aside, by in zip(lines[::3], lines[1::3], lines[2::3])}
