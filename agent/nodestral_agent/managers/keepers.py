"""Which manager's service a process belongs to, where that is not systemd: supervisord's program, a tmux session."""

from __future__ import annotations

from typing import Any

from nodestral_agent.managers import MANAGERS, systemd
from nodestral_agent.managers.kind import Findings, Machine


class Keepers:
    """The services of all managers but systemd, by their main process."""

    def __init__(self, machine: Machine) -> None:
        found = Findings()
        for manager in MANAGERS:
            if manager.MANAGER != systemd.MANAGER:
                manager.look(machine, found)
        self.table = machine.table
        self.by_pid: dict[int, dict[str, Any]] = {
            item["main_pid"]: item for item in found.items.values() if item["main_pid"]
        }

    def of(self, pid: int) -> dict[str, Any] | None:
        """The service that a process or one of its ancestors is the main process of."""
        ancestors = self.table.ancestors(pid) if self.by_pid else []
        return next((self.by_pid[one] for one in ancestors if one in self.by_pid), None)
