"""The explicit list of package managers whose updates are known, and what all of them together have."""

from __future__ import annotations

from typing import Protocol

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.updates import apk, apt, pacman, rpm, snap
from nodestral_agent.updates.found import Found


class Manager(Protocol):
    """A module of this package that knows one manager's updates."""

    def watched(self, host: Host) -> list[str]:
        """Files and folders that differ when the answer does."""

    def found(self, host: Host) -> Found:
        """What is pending. Raises Unavailable where the manager is not in use."""


MANAGERS: dict[str, Manager] = {"dpkg": apt, "rpm": rpm, "apk": apk, "pacman": pacman, "snap": snap}


class Pending:
    """What was found. missing: a sentence for each manager that could not be asked; denied: the last refusal."""

    def __init__(self, host: Host) -> None:
        self.found: list[Found] = []
        self.missing: list[str] = []
        self.denied: Denied | None = None
        for name, manager in MANAGERS.items():
            try:
                self.found.append(manager.found(host))
            except Unavailable:
                continue
            except CollectorError as error:
                self.denied = error if isinstance(error, Denied) else self.denied
                self.missing.append(f"{name}: {error}.")
