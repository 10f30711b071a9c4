"""Updates of apk (Alpine). Source: one `apk version`, kept from the network; it compares with the cached index."""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import apk
from nodestral_agent.updates.found import Found, update

CACHES = ("/etc/apk/cache", "/var/cache/apk", "/var/lib/apk")
REPOSITORIES = "/etc/apk/repositories"
SECONDS = 10.0
# `busybox-1.36.1-r28   < 1.36.1-r29`, with the repository's tag where there is one.
LINE = re.compile(r"(\S+)\s+<\s+(\S+)(?:\s+(@\S+))?\s*\Z")


def watched(host: Host) -> list[str]:
    """Files and folders that differ when the answer does."""
    return [*apk.watched(host), REPOSITORIES, *CACHES, *indexes(host)]


def indexes(host: Host) -> list[str]:
    """The indexes that were fetched."""
    found = []
    for folder in CACHES:
        try:
            found += [f"{folder}/{name}" for name in host.names(folder) if name.startswith("APKINDEX.")]
        except (Unavailable, CollectorError):
            continue
    return found


def found(host: Host) -> Found:
    """What is pending. Unavailable where apk has no database."""
    installed = {f"{item['name']}-{item['version']}": item for item in apk.installed(host)}
    result = Found("apk", "apk update")
    listed = indexes(host)
    result.has_index = bool(listed)
    result.refreshed_at = max((host.stat(path).st_mtime for path in listed), default=None)
    result.automatic = None
    if not listed:
        return result
    try:
        output = host.run(["apk", "--no-network", "version", "-l", "<"], SECONDS)
    except Unavailable as error:
        result.missing.append(f"apk's database is here, but {error}.")
        return result
    for line in output.decode("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if match and match[1] in installed:
            result.updates.append(update("apk", installed[match[1]], match[2], None, match[3]))
    return result
