"""Where control groups are on this machine, which groups there are, and to which one a process belongs.

Knows cgroup v2, v1 and hybrid hosts: cgroups(7). Sources: /proc/self/mountinfo, /proc/PID/cgroup and the mounted
trees, all readable for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads.owner import Owner, chosen

GROUPS_MAX = 100_000
DEPTH_MAX = 16


@dataclass(frozen=True)
class Hierarchies:
    """Mount points. `unified` is cgroup v2; `named` is the v1 hierarchy in which systemd keeps its units."""

    unified: str | None = None
    named: str | None = None
    controllers: dict[str, str] = field(default_factory=dict)

    @property
    def units(self) -> list[str]:
        """The trees in which units may be found, best first."""
        return [mount for mount in (self.unified, self.named) if mount]


def parsed_mounts(text: str) -> Hierarchies:
    """/proc/self/mountinfo, proc_pid_mountinfo(5). A later mount hides an earlier one at the same place."""
    unified = named = None
    controllers: dict[str, str] = {}
    for line in text.splitlines():
        front, _, back = line.partition(" - ")
        fields, kind = front.split(" "), back.split(" ")
        if len(fields) < 5 or len(kind) < 3:
            continue
        mount = fields[4].replace("\\040", " ")
        if kind[0] == "cgroup2":
            unified = unified or mount
        elif kind[0] == "cgroup":
            for option in kind[2].split(","):
                if option == "name=systemd":
                    named = named or mount
                controllers.setdefault(option, mount)
    return Hierarchies(unified, named, controllers)


def hierarchies(host: Host) -> Hierarchies:
    """The hierarchies of this machine; none on a machine without control groups."""
    try:
        return parsed_mounts(host.text("/proc/self/mountinfo"))
    except Unavailable:
        return Hierarchies()


def parsed_membership(text: str) -> dict[str, str]:
    """/proc/PID/cgroup: the path by controller list; "" is the unified hierarchy."""
    found = {}
    for line in text.splitlines():
        fields = line.split(":", 2)
        if len(fields) == 3:
            found[fields[1]] = fields[2].removesuffix(" (deleted)")
    return found


def membership(host: Host, pid: int) -> Owner:
    """What a process belongs to, by the group that tells most: unified, systemd's, then any controller's."""
    try:
        groups = parsed_membership(host.text(f"/proc/{pid}/cgroup"))
    except (Unavailable, CollectorError):
        return Owner()
    first = [groups[name] for name in ("", "name=systemd") if name in groups]
    return chosen([*first, *groups.values()])


def walk(host: Host, mount: str, start: str = "") -> Iterator[tuple[str, int]]:
    """Path below `mount` and inode number (on v2: the group's id) of every group below `start`, outer first.

    Groups come and go during the walk; one that is gone is passed over.
    """
    waiting = [(start, 0)]
    count = 0
    while waiting:
        path, depth = waiting.pop()
        try:
            inner = host.folders(f"{mount}{path}")
        except (Unavailable, CollectorError):
            continue
        for name, _ in reversed(inner):
            count += 1
            if count > GROUPS_MAX:
                raise CollectorError(f"more than {GROUPS_MAX} control groups", mount)
            if depth < DEPTH_MAX:
                waiting.append((f"{path}/{name}", depth + 1))
        yield from ((f"{path}/{name}", inode) for name, inode in inner)


def members(host: Host, group: str) -> list[int]:
    """Process ids in one group, not in those below it. A process that cannot be named here is shown as 0."""
    try:
        lines = host.text(f"{group}/cgroup.procs").split()
    except (Unavailable, CollectorError):
        return []
    return sorted({int(line) for line in lines if line.isdigit()} - {0})


def all_members(host: Host, mount: str, path: str) -> list[int]:
    """Process ids in a group and all below it."""
    inner = [inside for inside, _ in walk(host, mount, path)]
    return sorted({pid for group in [path, *inner] for pid in members(host, f"{mount}{group}")})


def memory_bytes(host: Host, found: Hierarchies, path: str) -> int | None:
    """Memory charged to a group now, or None where the kernel does not account for it."""
    files = [f"{found.unified}{path}/memory.current"] if found.unified else []
    if "memory" in found.controllers:
        files.append(f"{found.controllers['memory']}{path}/memory.usage_in_bytes")
    for file in files:
        try:
            value = host.text(file).strip()
        except (Unavailable, CollectorError):
            continue
        if value.isdigit():
            return int(value)
    return None
