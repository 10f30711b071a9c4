"""Listening TCP and UDP sockets and whose they are.

Sources: /proc/net for the sockets, /proc/PID/fd for the process behind one, and sock_diag over netlink, which names the
control group of every socket. So the unit is known without any privilege; the very process only for the agent's own
user and for root, and else by the unit's main process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, holders, processes, sockets
from nodestral_agent.workloads.owner import Owner, owner_of

SECTION = "ports"
# Overflow user id: what the kernel shows for a user that the agent's user namespace does not have.
NOBODY = 65534
ALL_IDS = 4294967295


@dataclass(frozen=True)
class Owners:
    """Whose sockets are, by inode number: the process that holds one, and the unit that made it."""

    held: dict[int, processes.Process]
    groups: dict[int, tuple[str, str]]


def collect(host: Host) -> Collected:
    """All listening sockets; `partial` where the owner of some is unknown."""
    found = sockets.listening(host)
    inodes = {socket.inode for socket in found if socket.inode}
    holding = holders.holders(host, inodes)
    tree = cgroups.hierarchies(host)
    groups = groups_of(host, tree, inodes)
    sees_users = maps_all_users(host)
    items: dict[str, dict[str, Any]] = {}
    unknown = 0
    for socket in found:
        item = described(host, socket, holding.by_inode.get(socket.inode), groups.get(socket.inode))
        item["user"] = (host.user_name(socket.uid) or str(socket.uid)) if sees_users else None
        # Several sockets may share an address (SO_REUSEPORT); one whose owner is known speaks for all.
        if socket.key not in items or (items[socket.key]["unit"] is None and item["unit"]):
            items[socket.key] = item
    unknown = sum(1 for item in items.values() if not item["unit"] and not item["container_id"] and not item["pid"])
    return Collected(list(items.values()), told(len(items), unknown, holding.closed, bool(groups)))


def told(total: int, unknown: int, closed: int, has_groups: bool) -> dict[str, Any]:
    """The coverage for so many sockets, of which some have no known owner."""
    if not closed or (not unknown and has_groups):
        return coverage("full")
    reason = (
        f"The owner of {unknown} of {total} ports is not seen: the descriptors of other users' processes are closed"
    )
    reason += "." if has_groups else " and this kernel does not tell a socket's control group (Linux 5.8 does)."
    return coverage("partial", reason, "Run the agent as root, or run a kernel of version 5.8 or newer with cgroup v2.")


def groups_of(host: Host, tree: cgroups.Hierarchies, inodes: set[int]) -> dict[int, tuple[str, str]]:
    """Mount and path of the control group that each socket was made in."""
    if not tree.unified:
        return {}
    ids = {inode: group for inode, group in host.socket_groups().items() if inode in inodes}
    if not ids:
        return {}
    wanted = set(ids.values())
    paths = {group: path for path, group in cgroups.walk(host, tree.unified) if group in wanted}
    return {inode: (tree.unified, paths[group]) for inode, group in ids.items() if group in paths}


def described(
    host: Host, socket: sockets.Socket, holder: processes.Process | None, group: tuple[str, str] | None
) -> dict[str, Any]:
    """One socket with its owner."""
    owner = cgroups.membership(host, holder.pid) if holder else Owner()
    main = holder
    if group and not owner.unit and not owner.container_id:
        mount, path = group
        owner = owner_of(path)
        if not holder and owner.unit and owner.unit.endswith(".service"):
            main = processes.leader(host, cgroups.all_members(host, mount, path))
    return {
        "key": socket.key,
        "protocol": socket.protocol,
        "address": socket.address,
        "port": socket.port,
        "address_class": sockets.address_class(socket.address),
        "pid": main.pid if main else None,
        "process": main.name if main else None,
        "unit": owner.unit,
        "scope": owner.scope,
        "user": None,
        "container_id": owner.container_id,
    }


def maps_all_users(host: Host) -> bool:
    """Whether user ids are shown as they are: not in a user namespace that knows only some."""
    try:
        words = host.text("/proc/self/uid_map").split()
    except (Unavailable, CollectorError):
        return True
    return words == ["0", "0", str(ALL_IDS)]
