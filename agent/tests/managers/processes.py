"""Machines of which only the processes matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.tests.collectors.recorded import NOW, RecordedHost

from nodestral_agent.managers.kind import Findings, Machine, Manager

BOOT = int(NOW) - 86_400
SESSION = "0::/user.slice/user-1001.slice/session-3.scope\n"
TICKS = 100


class Processes:
    """Files of /proc for processes that have run for so many seconds; all of them are ann's in a session, but init."""

    def __init__(self) -> None:
        self.files: dict[str, Any] = {
            "/proc/stat": f"cpu 1\nbtime {BOOT}\n",
            "/etc/passwd": "root:x:0:0::/root:/bin/sh\nann:x:1001:1001::/home/ann:/bin/sh\n",
            "/proc/1/stat": self.stat(1, "systemd", 0, 0, 86_400),
        }
        self.owners: dict[str, int] = {}

    @staticmethod
    def stat(pid: int, name: str, parent: int, terminal: int, age_seconds: float) -> str:
        started = int((86_400 - age_seconds) * TICKS)
        return f"{pid} ({name}) S {parent} {pid} {pid} {terminal} -1 0 0 0 0 0 1 1 0 0 20 0 1 0 {started} 1 1\n"

    def add(
        self,
        pid: int,
        command: list[str],
        *,
        name: str = "",
        parent: int = 1,
        terminal: int = 0,
        age_seconds: float = 3600,
        group: str = SESSION,
        sockets: tuple[int, ...] = (),
    ) -> None:
        """One process."""
        called = name or command[0].rpartition("/")[2]
        self.files[f"/proc/{pid}/stat"] = self.stat(pid, called, parent, terminal, age_seconds)
        self.files[f"/proc/{pid}/cmdline"] = "\0".join(command) + "\0"
        self.files[f"/proc/{pid}/cgroup"] = group
        self.files[f"/proc/{pid}/fd/.kept"] = ""
        self.files.update({f"/proc/{pid}/fd/{inode}": {"link": f"socket:[{inode}]"} for inode in sockets})
        self.owners[f"/proc/{pid}"] = 1001

    def seen_by(self, manager: Manager, folder: Path, **more: Any) -> dict[str, dict[str, Any]]:
        """What a manager makes of them, by key."""
        found = Findings()
        manager.look(Machine(RecordedHost({"files": self.files, "owners": self.owners, **more}, folder)), found)
        return found.items
