"""What every manager of services is to the collector."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads.process_table import Entry, Table

TEXT_MAX = 256 << 10


@dataclass
class Findings:
    """What is known so far. `missing`: sentences for a person; `grants`: what would help."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    gauges: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    _names: dict[tuple[str, str | None, str], int] = field(default_factory=dict)

    def add(self, item: dict[str, Any], gauges: dict[str, float] | None = None) -> None:
        """One more service. Values that move by themselves are gauges, and no part of the item."""
        self.items[item["key"]] = item
        if gauges:
            self.gauges[item["key"]] = gauges

    def numbered(self, manager: str, user: str | None, name: str) -> str:
        """The name, with a number if this user has another one called so already: `bot`, `bot#2`."""
        count = self._names.get((manager, user, name), 0) + 1
        self._names[manager, user, name] = count
        return name if count == 1 else f"{name}#{count}"

    def lack(self, sentence: str, grant: str = "") -> None:
        """Something cannot be seen."""
        self.missing.append(sentence)
        if grant and grant not in self.grants:
            self.grants.append(grant)


@dataclass
class Machine:
    """The machine that a manager is looked for on: its host, and its processes, which are looked at once."""

    host: Host

    @cached_property
    def table(self) -> Table:
        """All processes."""
        return Table(self.host)

    def found(self, *names: str) -> list[Entry]:
        """The processes called so that are this machine's own: what runs in a container manages only that."""
        return [entry for entry in self.table.named(*names) if not self.table.in_container(entry.pid)]

    def has(self, path: str) -> bool:
        """Whether there is such a file or folder."""
        try:
            self.host.stat(path)
        except (Unavailable, CollectorError):
            return False
        return True

    def names(self, folder: str) -> list[str]:
        """The names in a folder; none where it is absent or closed."""
        try:
            return self.host.names(folder)
        except (Unavailable, CollectorError):
            return []

    def text(self, path: str) -> str:
        """A small file of configuration or state; empty where it is absent, closed or no such file."""
        try:
            return self.host.text(path, TEXT_MAX)
        except (Unavailable, CollectorError):
            return ""

    def run_of(self, entry: Entry) -> dict[str, Any]:
        """What its process tells of a service that runs."""
        return {
            "state": "active",
            "source": "process",
            "user": self.table.user(entry.pid),
            "since_at": self.table.started_at(entry),
            "main_pid": entry.pid,
            "main_process": self.table.program_name(entry),
        }


class Manager(Protocol):
    """A module of this package. `MANAGER` is its name on the wire."""

    MANAGER: str

    def look(self, machine: Machine, found: Findings) -> None:
        """Add what this manager keeps running. A manager that is not here adds nothing and raises nothing."""
