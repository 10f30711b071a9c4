"""All processes of the machine in one look: who started whom, on which terminal. /proc/PID/stat; needs no privilege.

Threads of the kernel are left out. What only some callers ask for is read when they do.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups, processes
from nodestral_agent.workloads.owner import Owner

KTHREADD = 2
COMMAND_MAX = 64 << 10
ANCESTORS_MAX = 32


@dataclass(frozen=True)
class Entry:
    """`terminal` is the device number, 0 without one; `started_ticks` counts clock ticks since boot."""

    pid: int
    name: str
    parent: int
    terminal: int
    started_ticks: int


def parsed(text: str) -> Entry | None:
    """One line of proc_pid_stat(5)."""
    plain = processes.parsed_stat(text)
    fields = text.rpartition(")")[2].split()
    if plain is None or not fields[4].lstrip("-").isdigit():
        return None
    return Entry(plain.pid, plain.name, plain.parent, int(fields[4]), plain.started_ticks)


class Table:
    """The processes by id. Where /proc is mounted with hidepid, only the agent's own user's are in it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.entries: dict[int, Entry] = {}
        self.children: dict[int, list[Entry]] = {}
        self._arguments: dict[int, list[str]] = {}
        self._boot: float | None = None
        for name in self._names():
            entry = self._entry(name)
            if entry and KTHREADD not in (entry.pid, entry.parent):
                self.entries[entry.pid] = entry
                self.children.setdefault(entry.parent, []).append(entry)

    def _names(self) -> list[str]:
        try:
            return [name for name in self.host.names("/proc") if name.isdigit()]
        except (Unavailable, CollectorError):
            return []

    def _entry(self, name: str) -> Entry | None:
        try:
            return parsed(self.host.text(f"/proc/{name}/stat"))
        except (Unavailable, CollectorError):
            return None

    def named(self, *names: str) -> list[Entry]:
        """The processes that are called so, oldest first."""
        found = [entry for entry in self.entries.values() if entry.name in names]
        return sorted(found, key=lambda entry: (entry.started_ticks, entry.pid))

    def started_by(self, pid: int) -> list[Entry]:
        """The children of a process, oldest first."""
        return sorted(self.children.get(pid, []), key=lambda entry: (entry.started_ticks, entry.pid))

    def arguments(self, pid: int) -> list[str]:
        """The command line: for the program's own name, never to be reported as it is, since it may hold secrets."""
        if pid not in self._arguments:
            try:
                raw = self.host.text(f"/proc/{pid}/cmdline", COMMAND_MAX)
            except (Unavailable, CollectorError):
                raw = ""
            self._arguments[pid] = raw.rstrip("\0").split("\0") if raw.strip("\0") else []
        return self._arguments[pid]

    def ancestors(self, pid: int) -> list[int]:
        """The process itself, who started it, and so on."""
        found: list[int] = []
        entry = self.entries.get(pid)
        while entry and len(found) < ANCESTORS_MAX:
            found.append(entry.pid)
            entry = self.entries.get(entry.parent)
        return found

    def program_name(self, entry: Entry) -> str:
        """What it is called; by its program where its runtime has given the first thread a name of its own."""
        if entry.name not in processes.THREAD_NAMES and " /" not in entry.name:
            return entry.name
        words = " ".join(self.arguments(entry.pid)[:1]).split()
        return words[0].rpartition("/")[2] if words else entry.name

    def user(self, pid: int) -> str | None:
        """As whom it runs."""
        try:
            uid = self.host.owner(f"/proc/{pid}")
        except (Unavailable, CollectorError):
            return None
        return self.host.user_name(uid) or str(uid)

    def owner(self, pid: int) -> Owner:
        """The unit or container that it belongs to."""
        return cgroups.membership(self.host, pid)

    def in_container(self, pid: int) -> bool:
        """Whether it runs in a container: its manager is no manager of this machine."""
        return self.owner(pid).container_id is not None

    def started_at(self, entry: Entry) -> float | None:
        """Since when it runs, in whole Unix seconds."""
        if self._boot is None:
            try:
                self._boot = processes.boot_moment(self.host)
            except (Unavailable, CollectorError):
                return None
        return float(int(self._boot + entry.started_ticks / processes.TICKS_PER_SECOND))

    def age_seconds(self, entry: Entry) -> float:
        """For how long it has run; 0 where that is not known."""
        at = self.started_at(entry)
        return max(0.0, self.host.now() - at) if at is not None else 0.0
