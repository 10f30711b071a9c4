"""Listening TCP and UDP sockets and whose they are.

Sources: /proc/net for the sockets, /proc/PID/fd for the process behind one, and sock_diag over netlink, which names the
control group of every socket. So the unit is known without any privilege; the very process only for the agent's own
user and for root, and else by the unit's main process.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, holders, processes, sockets
from nodestral_agent.workloads.owner import Owner, owner_of

SECTION = "ports"
# What /proc/PID/uid_map shows where user ids are as they are.
ALL_IDS = 4294967295
GRANT = (
    "No small permission helps: to see the processes behind sockets takes what lets one read every file. "
    "Start the program as a systemd service, and its unit is named here."
)


def collect(host: Host) -> Collected:
    """All listening sockets; `partial` where the owner of some is unknown."""
    found = sockets.listening(host)
    inodes = {socket.inode for socket in found if socket.inode}
    holding = holders.holders(host, inodes)
    tree = cgroups.hierarchies(host)
    groups = groups_of(host, tree, inodes)
    sees_users = maps_all_users(host)
    items: dict[str, dict[str, Any]] = {}
    for socket in found:
        item = described(host, socket, holding.by_inode.get(socket.inode), groups.get(socket.inode))
        item["user"] = (host.user_name(socket.uid) or str(socket.uid)) if sees_users else None
        # Several sockets may share an address (SO_REUSEPORT); one whose owner is known speaks for all.
        if socket.key not in items or (items[socket.key]["unit"] is None and item["unit"]):
            items[socket.key] = item
    # A socket without an inode is the kernel's own (WireGuard, NFS): it has no owner that could be missing.
    known = {
        socket.key for socket in found if not socket.inode or items[socket.key]["pid"] or items[socket.key]["unit"]
    }
    return Collected(list(items.values()), told(len(items), len(items) - len(known), holding.closed, bool(groups)))


def told(total: int, unknown: int, closed: int, has_groups: bool) -> dict[str, Any]:
    """The coverage for so many ports, of which some have no known owner."""
    if not unknown:
        return coverage("full")
    reason = f"The owner of {unknown} of {total} ports is not seen: "
    if not closed:
        return coverage("partial", f"{reason}it is the kernel, or a process that is hidden from the agent.")
    if has_groups:
        return coverage("partial", f"{reason}it belongs to no unit, and only its own user sees the process.", GRANT)
    return coverage("partial", f"{reason}this kernel does not tell it (Linux 5.8 with cgroup v2 does).", GRANT)


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
    owner, main = Owner(), holder
    if holder and holder.pid != 1:
        owner = cgroups.membership(host, holder.pid)
    elif group:
        # PID 1 only keeps a socket for the unit that it made it for.
        owner, leader = made_by(host, *group)
        main = leader or holder
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


def made_by(host: Host, mount: str, path: str) -> tuple[Owner, processes.Process | None]:
    """The unit in whose group a socket was made, and its main process.

    A socket unit has no processes. It starts the service of its own name, systemd.socket(5), and that one serves.
    """
    owner = owner_of(path)
    if not owner.unit:
        return owner, None
    if owner.unit.endswith(".socket"):
        service = f"{path.removesuffix('.socket')}.service"
        leader = processes.leader(host, cgroups.all_members(host, mount, service))
        return (owner_of(service), leader) if leader else (owner, None)
    if owner.unit.endswith(".service"):
        return owner, processes.leader(host, cgroups.all_members(host, mount, path))
    return owner, None


def maps_all_users(host: Host) -> bool:
    """Whether user ids are shown as they are: not in a user namespace that knows only some."""
    try:
        words = host.text("/proc/self/uid_map").split()
    except (Unavailable, CollectorError):
        return True
    return words == ["0", "0", str(ALL_IDS)]
