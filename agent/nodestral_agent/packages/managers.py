"""The explicit list of package managers, and what all of them together have installed."""

from __future__ import annotations

from typing import Any, Protocol

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import apk, dpkg, flatpak, pacman, rpm, snap


class Manager(Protocol):
    """A module of this package that reads one manager's database."""

    def watched(self, host: Host) -> list[str]:
        """Files and folders that differ when the list does."""

    def installed(self, host: Host) -> list[dict[str, Any]]:
        """Every installed package. Raises Unavailable where the manager is not in use."""


MANAGERS: dict[str, Manager] = {
    "dpkg": dpkg,
    "rpm": rpm,
    "apk": apk,
    "pacman": pacman,
    "snap": snap,
    "flatpak": flatpak,
}


class Installed:
    """What was found. missing: a sentence for each manager that could not be read; denied: the last refusal."""

    def __init__(self, host: Host) -> None:
        self.items: list[dict[str, Any]] = []
        self.missing: list[str] = []
        self.denied: Denied | None = None
        self.managers: list[str] = []
        for name, manager in MANAGERS.items():
            try:
                self.items += manager.installed(host)
            except Unavailable:
                continue
            except CollectorError as error:
                self.denied = error if isinstance(error, Denied) else self.denied
                self.missing.append(f"{name}: {error}.")
            self.managers.append(name)


def stamp(host: Host, paths: list[str]) -> str:
    """A text that differs whenever one of these files or folders is another or was written to."""
    parts = []
    for path in paths:
        try:
            found = host.stat(path)
        except (Unavailable, CollectorError):
            continue
        parts.append(f"{path} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}")
    return "\n".join(parts)
