"""Unit files: which services a user has enabled, told by links and files in the home directory and in /etc.

A service that is stopped or has crashed leaves no control group behind. An agent that may not ask the user's manager
still sees that such a service is meant to run: systemd.unit(5), `*.wants` and `*.requires` folders.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

ETC = "/etc/systemd/user"
UNIT_MAX = 64 << 10
# Where unit files lie, the one that counts first: systemd.unit(5).
PLACES = ("/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd")
SCRIPTS = "/etc/init.d"


@dataclass(frozen=True)
class EnabledUnit:
    """A service that is started with its user's manager."""

    unit: str
    description: str | None
    oneshot: bool


def homes(host: Host) -> dict[int, tuple[str, str]]:
    """Name and home directory of each user id in /etc/passwd."""
    found: dict[int, tuple[str, str]] = {}
    try:
        lines = host.text("/etc/passwd").splitlines()
    except (Unavailable, CollectorError):
        return found
    for line in lines:
        fields = line.split(":")
        if len(fields) >= 7 and fields[2].isdigit() and fields[5].startswith("/"):
            found.setdefault(int(fields[2]), (fields[0], fields[5].rstrip("/") or "/"))
    return found


def listed(host: Host, folder: str) -> list[str]:
    """The names in a folder of unit files; none when it is not there or closed."""
    try:
        return host.names(folder)
    except (Unavailable, CollectorError):
        return []


def enabled(host: Host, folder: str) -> list[EnabledUnit]:
    """The services that links in `folder`/TARGET.wants enable; none when it is closed or absent."""
    units: dict[str, EnabledUnit] = {}
    for name in listed(host, folder):
        if not name.endswith((".wants", ".requires")):
            continue
        for unit in listed(host, f"{folder}/{name}"):
            # A template's instance counts as well; the template itself is no service.
            if unit.endswith(".service") and not unit.endswith("@.service"):
                units[unit] = described(host, f"{folder}/{name}/{unit}", unit)
    return [units[unit] for unit in sorted(units)]


def described(host: Host, path: str, unit: str) -> EnabledUnit:
    """What the unit file behind an enabling link says, as far as it can be read."""
    try:
        target = host.link(path)
        text = host.text(target if target.startswith("/") else path, UNIT_MAX)
    except (Unavailable, CollectorError):
        return EnabledUnit(unit, None, oneshot=False)
    values = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            values[name.strip()] = value.strip()
    return EnabledUnit(unit, values.get("Description"), oneshot=values.get("Type") == "oneshot")


def closed(host: Host, folder: str) -> bool:
    """Whether permission to look into the folder is missing."""
    try:
        host.names(folder)
    except Denied:
        return True
    except (Unavailable, CollectorError):
        return False
    return False


def path_of(host: Host, unit: str, scope: str) -> str | None:
    """The file that defines a service; None where it is not among those of the machine (a user's own, a scope)."""
    if not unit.endswith((".service", ".socket")) or "/" in unit:
        return None
    name, kind = unit.rsplit(".", 1)
    names = [unit, f"{name.partition('@')[0]}@.{kind}"] if "@" in name else [unit]
    for path in (f"{place}/{scope}/{one}" for one in names for place in PLACES):
        if exists(host, path):
            return aliased(host, path)
    script = f"{SCRIPTS}/{name}"
    return script if scope == "system" and kind == "service" and exists(host, script) else None


def aliased(host: Host, path: str) -> str:
    """What a link in /etc stands for: an alias is a link to the unit file itself."""
    try:
        target = host.link(path)
    except (Unavailable, CollectorError):
        return path
    return target if target.startswith("/") else path


def exists(host: Host, path: str) -> bool:
    """Whether there is such a file."""
    try:
        host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True
