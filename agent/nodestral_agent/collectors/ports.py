"""Listening TCP and UDP sockets and whose they are.

Sources: /proc/net for the sockets, /proc/PID/fd for the process behind one, and sock_diag over netlink, which names the
control group of every socket. So the unit is known without any privilege; the very process only for the agent's own
user and for root, and else by the unit's main process. A process that another manager than systemd keeps running
(supervisord, pm2, runit, a tmux session) is told with that manager's name for it. The package is that of the unit's
file, or else of the process's program where that may be seen. Whether IPv4 arrives at a socket of IPv6 too is told by
sock_diag.

Permission: none. The very process behind a socket of another user is seen by root alone; its unit is seen by
everybody.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.managers import systemd
from nodestral_agent.managers.keepers import Keepers
from nodestral_agent.managers.kind import Machine
from nodestral_agent.packages import owning
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, engines, holders, makers, processes, sockets, unit_files
from nodestral_agent.workloads.command_line import INTERPRETER
from nodestral_agent.workloads.owner import Owner

SECTION = "ports"
PROXY, DOCKER = "docker-proxy", "docker.service"
# What /proc/PID/uid_map shows where user ids are as they are.
ALL_IDS = 4294967295


def collect(host: Host) -> Collected:
    """All listening sockets; `partial` where the owner of some is unknown."""
    found = sockets.lasting(host, sockets.listening(host))
    inodes = {socket.inode for socket in found if socket.inode}
    holding = holders.holders(host, inodes)
    making = makers.Makers(host, inodes)
    six_only = host.six_only_sockets()
    sees_users = maps_all_users(host)
    items: dict[str, dict[str, Any]] = {}
    for socket in found:
        item = described(host, socket, holding.by_inode.get(socket.inode), making)
        item["user"] = (host.user_name(socket.uid) or str(socket.uid)) if sees_users else None
        item["takes_ipv4"] = sockets.takes_ipv4(socket, six_only.get(socket.inode))
        # Several sockets may share an address (SO_REUSEPORT); one whose owner is known speaks for all.
        if socket.key not in items or (items[socket.key]["unit"] is None and item["unit"]):
            items[socket.key] = item
    name_keepers(host, items, {process.pid for process in holding.by_inode.values()})
    name_containers(host, items)
    name_packages(host, items)
    # A socket without an inode is the kernel's own (WireGuard, NFS): it has no owner that could be missing.
    known = {
        socket.key for socket in found if not socket.inode or items[socket.key]["pid"] or items[socket.key]["unit"]
    }
    return Collected(
        list(items.values()), told(len(items), len(items) - len(known), holding.closed, bool(making.by_inode))
    )


def name_keepers(host: Host, items: dict[str, dict[str, Any]], holding: set[int]) -> None:
    """What keeps a process running where that is not systemd. Only for processes that are known to hold a socket."""
    held = [item for item in items.values() if item["pid"] in holding and not item["container_id"]]
    if not held:
        return
    keepers = Keepers(Machine(host))
    for item in held:
        service = keepers.of(item["pid"])
        if service:
            item.update(unit=service["unit"], scope=service["scope"], manager=service["manager"])


def name_packages(host: Host, items: dict[str, dict[str, Any]]) -> None:
    """The package of the unit's file, which everybody may look up; where it has none, of the process's program."""
    owned = [item for item in items.values() if not item["container_id"]]
    files = {(item["unit"], item["scope"]): None for item in owned if item["manager"] == systemd.MANAGER}
    units = {(unit, scope): unit_files.path_of(host, unit, scope) for unit, scope in files}
    programs = {item["pid"]: program(host, item["pid"]) for item in owned if item["pid"]}
    owners = owning.owners(host, [path for path in (*units.values(), *programs.values()) if path])
    for item in owned:
        paths = units.get((item["unit"], item["scope"])), programs.get(item["pid"])
        item["package"] = next((owners[path] for path in paths if path in owners), None)


def program(host: Host, pid: int) -> str | None:
    """The file that a process runs, where it may be seen; None for an interpreter, which says little of the service."""
    try:
        path = host.link(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except (Unavailable, CollectorError):
        return None
    return None if INTERPRETER.match(path.rpartition("/")[2]) else path


def name_containers(host: Host, items: dict[str, dict[str, Any]]) -> None:
    """Docker listens for its containers, with docker-proxy where the very process is seen."""
    docker = {key for key, item in items.items() if item["process"] == PROXY or item["unit"] == DOCKER}
    if docker:
        for key, container_id in engines.published(host).items():
            if key in docker:
                items[key]["container_id"] = container_id


def told(total: int, unknown: int, closed: int, has_groups: bool) -> dict[str, Any]:
    """The coverage for so many ports, of which some have no known owner."""
    if not unknown:
        return coverage("full")
    reason = f"The owner of {unknown} of {total} ports is not seen: "
    if not closed:
        return coverage("partial", f"{reason}it is the kernel, or a process that is hidden from the agent.")
    if has_groups:
        # No grant is named: to see the processes behind sockets takes what lets one read every file.
        return coverage("partial", f"{reason}it is no systemd unit, and only its own user sees the process.")
    return coverage("partial", f"{reason}only Linux 5.8 or newer with cgroup v2 tells it to everybody.")


def described(
    host: Host, socket: sockets.Socket, holder: processes.Process | None, making: makers.Makers
) -> dict[str, Any]:
    """One socket with its owner."""
    owner, main = Owner(), holder
    if holder and holder.pid != 1:
        owner = cgroups.membership(host, holder.pid)
    else:
        # PID 1 only keeps a socket for the unit that it made it for.
        owner, leader = making.maker(socket.inode, socket.key)
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
        "manager": systemd.MANAGER if owner.unit else None,
        "user": None,
        "container_id": owner.container_id,
        "package": None,
    }


def maps_all_users(host: Host) -> bool:
    """Whether user ids are shown as they are: not in a user namespace that knows only some."""
    try:
        words = host.text("/proc/self/uid_map").split()
    except (Unavailable, CollectorError):
        return True
    return words == ["0", "0", str(ALL_IDS)]
