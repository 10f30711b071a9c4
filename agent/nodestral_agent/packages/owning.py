"""Which package a file of the machine belongs to.

Sources: dpkg's lists of files, apk's and pacman's databases, one `rpm -qf`, and for a snap the path itself. Reading the
lists costs more than all that asks for them, so that the answers are kept in the scan's memory
(sections/owners.last) until a database has changed.
"""

from __future__ import annotations

import os

from nodestral_agent import files
from nodestral_agent.codec import decode, encode, sha256_hex
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import apk, dpkg_files, pacman, rpm
from nodestral_agent.packages.managers import stamp

SNAPS = ("/snap/", "/var/lib/snapd/snap/")
REMEMBERED_MAX = 4000
# A merged /usr has each of these twice, and a package may name either.
MERGED = ("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/")


def owners(host: Host, paths: list[str]) -> dict[str, str]:
    """The package's name for each of these absolute paths that belongs to one; the others are left out.

    Never raises: whose a file is adorns what a collector found, and is missed where it cannot be told.
    """
    wanted = sorted({path for path in paths if path.startswith("/") and "\n" not in path})
    found = {path: path[len(prefix) :].split("/")[0] for path in wanted for prefix in SNAPS if path.startswith(prefix)}
    wanted = [path for path in wanted if path not in found]
    if not wanted:
        return found
    now = stamp(host, [dpkg_files.FOLDER, dpkg_files.DIVERSIONS, pacman.LOCAL, *apk.DATABASES, *rpm.databases()])
    known = remembered(host, now)
    asked = [path for path in wanted if path not in known]
    if asked:
        known.update(looked_up(host, asked))
        remember(host, now, known, wanted)
    found.update((path, known[path]) for path in wanted if known[path])
    return found


def looked_up(host: Host, paths: list[str]) -> dict[str, str]:
    """The owner of every path, "" where it has none."""
    spellings = {spelling: path for path in paths for spelling in spelt(path)}
    found = dict.fromkeys(paths, "")
    for listing in (dpkg_files.owned, apk.owned, pacman.owned, rpm.owned):
        try:
            for spelling, name in listing(host, set(spellings)):
                found[spellings[spelling]] = name
        except (Unavailable, CollectorError):
            continue
    return found


def spelt(path: str) -> list[str]:
    """The path as it may stand in a package: as it is, and on the other side of a merged /usr."""
    if path.startswith("/usr/") and path[4:].startswith(MERGED):
        return [path, path[4:]]
    return [path, f"/usr{path}"] if path.startswith(MERGED) else [path]


def remembered(host: Host, now: str) -> dict[str, str]:
    """What an earlier scan looked up in the same databases."""
    if not host.memory:
        return {}
    try:
        last = decode(files.read(f"{host.memory}/owners.last"))
        if last["stamp"] != sha256_hex(now.encode()):
            return {}
        return {str(path): str(name) for path, name in last["owners"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def remember(host: Host, now: str, known: dict[str, str], wanted: list[str]) -> None:
    """Keep the answers. Several collectors may do so at once: the last one wins, and none is torn."""
    if not host.memory:
        return
    if len(known) > REMEMBERED_MAX:
        known = {path: known[path] for path in wanted[:REMEMBERED_MAX]}
    # The resident process removes a file of this name should it ever be left behind.
    mine = f"{host.memory}/owners-{os.getpid()}.json"
    try:
        files.write(mine, encode({"stamp": sha256_hex(now.encode()), "owners": known}), durable=False)
        os.rename(mine, f"{host.memory}/owners.last")
    except OSError:
        return
