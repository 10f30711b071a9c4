"""What one process tells about itself in /proc/PID: its name, parent, start and owner. Needs no privilege.

Where /proc is mounted with hidepid, processes of other users look as if they did not exist.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# Some runtimes (Node.js since 23) give their first thread a name, which hides the program's.
THREAD_NAMES = frozenset({"MainThread", "node-MainThread"})
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """`started_ticks` counts clock ticks since boot."""

    pid: int
    name: str
    parent: int
    started_ticks: int


def parsed_stat(text: str) -> Process | None:
    """One line of proc_pid_stat(5). The name may hold anything, brackets and newlines too; its end is the last `)`."""
    head, bracket, rest = text.rpartition(")")
    number, _, name = head.partition(" (")
    fields = rest.split()
    if not bracket or not number.isdigit() or len(fields) < 20 or not fields[19].isdigit():
        return None
    return Process(int(number), name, int(fields[1]), int(fields[19]))


def process(host: Host, pid: int) -> Process | None:
    """This process, or None when it has ended or is hidden."""
    try:
        found = parsed_stat(host.text(f"/proc/{pid}/stat"))
        if found and found.name in THREAD_NAMES:
            program = host.text(f"/proc/{pid}/cmdline").partition("\0")[0].rpartition("/")[2]
            found = replace(found, name=program or found.name)
    except (Unavailable, CollectorError):
        return None
    return found


def leader(host: Host, pids: list[int], manager_pid: int | None = None) -> Process | None:
    """The process that stands for its control group.

    A manager starts the main process itself and adopts a daemon that has gone to the background; helpers have parents
    inside the group. So: the oldest one whose parent is not in the group, the manager's own children first.
    """
    members = [found for found in (process(host, pid) for pid in pids) if found]
    inside = {member.pid for member in members}

    def rank(member: Process) -> tuple[bool, bool, int, int]:
        return (member.parent != manager_pid, member.parent in inside, member.started_ticks, member.pid)

    return min(members, key=rank, default=None)


def boot_at(host: Host) -> int:
    """When the machine started, in whole seconds: `btime` of /proc/stat. It moves only when the clock is set."""
    for line in host.text("/proc/stat").splitlines():
        name, _, value = line.partition(" ")
        if name == "btime" and value.strip().isdigit():
            return int(value)
    raise CollectorError("has no btime", "/proc/stat")


def boot_moment(host: Host) -> float:
    """When the clock ticks of /proc began to count, in Unix seconds, as exactly as can be told.

    btime has lost its fraction of a second, so adding it up would be one second early half of the time. The fraction
    is that between the kernel's two clocks; it stays the same as long as nobody sets the clock.
    """
    boot = boot_at(host)
    fraction = host.booted_at() - boot
    # Where the clocks and /proc/stat do not agree (a container with a clock of its own) the whole second must do.
    return boot + (round(fraction, 2) if 0 <= fraction < 1 else 0)


def started_at(host: Host, found: Process) -> float:
    """When a process started, in whole Unix seconds as systemd's own time stamps show them."""
    return float(int(boot_moment(host) + found.started_ticks / TICKS_PER_SECOND))
