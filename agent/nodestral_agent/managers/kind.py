"""What every manager of services is to the collector."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from nodestral_agent.host import Host
from nodestral_agent.workloads.process_table import Table


@dataclass
class Findings:
    """What is known so far. `missing`: sentences for a person; `grants`: what would help."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    gauges: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)

    def add(self, item: dict[str, Any], gauges: dict[str, float] | None = None) -> None:
        """One more service. Values that move by themselves are gauges, and no part of the item."""
        self.items[item["key"]] = item
        if gauges:
            self.gauges[item["key"]] = gauges

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


class Manager(Protocol):
    """A module of this package. `MANAGER` is its name on the wire."""

    MANAGER: str

    def look(self, machine: Machine, found: Findings) -> None:
        """Add what this manager keeps running. A manager that is not here adds nothing and raises nothing."""
