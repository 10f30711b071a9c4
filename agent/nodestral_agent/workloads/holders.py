"""Which process holds a socket: /proc/PID/fd, open to the processes of the agent's own user (all of them for root)."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import processes


class Holders:
    """`by_inode`: the process for each socket found; `closed`: how many processes' descriptors may not be seen."""

    def __init__(self) -> None:
        self.by_inode: dict[int, processes.Process] = {}
        self.closed = 0


def holders(host: Host, inodes: set[int]) -> Holders:
    """Of several holders (a master and its workers) the oldest stands for them; PID 1, which only passes on, never."""
    found = Holders()
    candidates: dict[int, set[int]] = {}
    for name in host.names("/proc"):
        if not name.isdigit():
            continue
        try:
            descriptors = host.names(f"/proc/{name}/fd")
        except Denied:
            found.closed += 1
            continue
        except (Unavailable, CollectorError):
            continue
        for descriptor in descriptors:
            inode = socket_inode(host, f"/proc/{name}/fd/{descriptor}")
            if inode in inodes:
                candidates.setdefault(inode, set()).add(int(name))
    for inode, pids in candidates.items():
        holding = processes.leader(host, sorted(pids - {1} or pids))
        if holding:
            found.by_inode[inode] = holding
    return found


def socket_inode(host: Host, path: str) -> int:
    """The inode number of the socket that a descriptor is, 0 when it is something else."""
    try:
        target = host.link(path)
    except (Unavailable, CollectorError):
        return 0
    digits = target[8:-1]
    return int(digits) if target.startswith("socket:[") and digits.isdigit() else 0


def holds(host: Host, pid: int, inodes: set[int]) -> bool:
    """Whether a process holds one of these sockets; False where its descriptors are closed to the agent."""
    try:
        descriptors = host.names(f"/proc/{pid}/fd")
    except (Unavailable, CollectorError):
        return False
    return any(socket_inode(host, f"/proc/{pid}/fd/{descriptor}") in inodes for descriptor in descriptors)
