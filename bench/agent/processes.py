"""Memory and CPU time of the processes of one control group, read from outside of the machine that they run in.

Sources: /proc/PID/smaps_rollup and statm (proc(5)), /proc/PID/schedstat (nanoseconds on a CPU, kernel's
sched-stats.rst), cpu.stat of the control group (cgroup-v2.rst). Needs root.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Memory:
    """Sums over the processes, in bytes. `anonymous` is what no file stands behind: the part only they can free."""

    rss: int = 0
    pss: int = 0
    anonymous: int = 0


def members(group: Path) -> list[int]:
    """The processes of the group and of the groups below it."""
    found = []
    for folder in [group, *(path for path in group.rglob("*") if path.is_dir())]:
        try:
            found += [int(word) for word in (folder / "cgroup.procs").read_text().split()]
        except OSError:
            continue
    return found


def memory(processes: list[int]) -> Memory:
    """Exact, and slow to read: for what stays."""
    sums = {"Rss:": 0, "Pss:": 0, "Anonymous:": 0}
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it has ended meanwhile
        for line in lines:
            words = line.split()
            if words[0] in sums:
                sums[words[0]] += int(words[1]) << 10
    return Memory(sums["Rss:"], sums["Pss:"], sums["Anonymous:"])


def resident_bytes(processes: list[int]) -> int:
    """The sum of the resident sizes: quick, for what changes within milliseconds.

    A process between vfork(2) and execve(2) is in the very memory of its parent, so one that has its parent's name and
    size of address space is not counted again.
    """
    found: dict[int, tuple[str, int, str, int]] = {}
    for process in processes:
        try:
            name, _, rest = Path(f"/proc/{process}/stat").read_text().partition(") ")
        except OSError:
            continue
        fields = rest.split()
        found[process] = (name.partition("(")[2], int(fields[1]), fields[20], int(fields[21]))
    total = 0
    for name, parent, size, resident in found.values():
        above = found.get(parent)
        if above is None or (above[0], above[2]) != (name, size):
            total += resident
    return total * PAGE_BYTES


def process_cpu_seconds(process: int) -> float:
    """The process alone, without its children."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def group_cpu_seconds(group: Path) -> float:
    """All that ever ran in the group."""
    for line in (group / "cpu.stat").read_text().splitlines():
        name, _, value = line.partition(" ")
        if name == "usage_usec":
            return int(value) / 1e6
    raise LookupError(f"{group}/cpu.stat has no usage_usec")
