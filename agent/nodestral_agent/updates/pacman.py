"""Updates of pacman (Arch). Source: one `pacman -Qu`, which compares with the databases in /var/lib/pacman/sync."""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import pacman
from nodestral_agent.updates.found import Found, update

SYNC = "/var/lib/pacman/sync"
SECONDS = 10.0
# `linux 6.9.6.arch1-1 -> 6.9.7.arch1-1 [ignored]`
LINE = re.compile(r"(\S+) \S+ -> (\S+)( \[ignored\])?\s*\Z")


def watched(host: Host) -> list[str]:
    """Files and folders that differ when the answer does."""
    return [*pacman.watched(host), SYNC, *databases(host)]


def databases(host: Host) -> list[str]:
    """What was fetched of each repository."""
    try:
        return [f"{SYNC}/{name}" for name in host.names(SYNC) if name.endswith(".db")]
    except (Unavailable, CollectorError):
        return []


def found(host: Host) -> Found:
    """What is pending. Unavailable where pacman has no database."""
    installed = {item["name"]: item for item in pacman.installed(host)}
    result = Found("pacman", "pacman -Sy")
    result.has_index = bool(databases(host))
    if not result.has_index:
        return result
    # A database has the time of its making; the folder changes with every one that is fetched.
    result.refreshed_at = host.stat(SYNC).st_mtime
    try:
        output = host.run(["pacman", "-Qu", "--color", "never"], SECONDS, ended=range(2))  # 1: nothing is pending
    except Unavailable as error:
        result.missing.append(f"pacman's database is here, but {error}.")
        return result
    for line in output.decode("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if match and match[1] in installed:
            item = {**installed[match[1]], "held": bool(match[3])}
            result.updates.append(update("pacman", item, match[2], None, None))
    return result
