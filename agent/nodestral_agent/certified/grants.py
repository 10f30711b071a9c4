"""The smallest permission with which a file could be read that is closed to the agent: to pass its folders, and it."""

from __future__ import annotations

import shlex
import stat

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.helpers import unit
from nodestral_agent.host import Host

PATHS_MAX = 8
LETSENCRYPT = "/etc/letsencrypt"


def grant(host: Host, paths: list[str]) -> str:
    """One line of commands for root; the helper's where single files would be too many."""
    account = host.user_name(host.uid()) or str(host.uid())
    passing: dict[str, None] = {}
    reading: dict[str, None] = {}
    listing: dict[str, None] = {}
    for path in paths:
        folder = closed_folder(host, path)
        if folder.startswith(LETSENCRYPT):
            # What is in live/ are links into archive/; the private keys there stay closed by their own mode.
            passing.update({f"{LETSENCRYPT}/live": None, f"{LETSENCRYPT}/archive": None})
        elif folder:
            passing[folder] = None
        else:
            (listing if is_folder(host, path) else reading)[path] = None
    if len(passing) + len(reading) + len(listing) > PATHS_MAX:
        return unit.grant(host, "certificates")
    commands = [
        f"setfacl -m u:{shlex.quote(account)}:{mode} {' '.join(shlex.quote(path) for path in chosen)}"
        for mode, chosen in (("x", passing), ("rx", listing), ("r", reading))
        if chosen
    ]
    return " && ".join(commands)


def closed_folder(host: Host, path: str) -> str:
    """The first folder on the way that may not be passed; "" when only the file itself is closed."""
    parts = path.split("/")[1:-1]
    for end in range(1, len(parts) + 1):
        folder = "/" + "/".join(parts[:end])
        try:
            host.stat(f"{folder}/.")
        except Denied:
            return folder
        except (Unavailable, CollectorError):
            return ""
    return LETSENCRYPT if path.startswith(f"{LETSENCRYPT}/live/") else ""


def is_folder(host: Host, path: str) -> bool:
    """Whether it is known to be a folder."""
    try:
        return stat.S_ISDIR(host.stat(path).st_mode)
    except (Unavailable, CollectorError):
        return False
