"""Other programs that watch this machine: exporters, agents of monitoring and security products, log shippers.

Sources: the command line of every process, the names of unit files, and the database of installed packages, where the
version comes from. An open port alone proves nothing: it is told only where its socket was made in the agent's own unit
or container. Programs without a package have no version, since none of them is started to ask it.

Permission: none.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.observers.hidden import grant, hidden
from nodestral_agent.observers.known import KNOWN, Known
from nodestral_agent.observers.running import pids, running
from nodestral_agent.packages.versions import versions as installed_versions
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, makers, sockets
from nodestral_agent.workloads.owner import Owner

SECTION = "monitoring"
UNIT_FOLDERS = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
PACKAGES = frozenset(package for known in KNOWN for package in known.packages.split())


def collect(host: Host) -> Collected:
    """Every known agent that runs or is installed; Unavailable when there is none."""
    shown = pids(host)
    active = running(host, shown)
    versions = installed_versions(host, PACKAGES)
    units = unit_files(host)
    items = [
        item
        for known in KNOWN
        if (item := described(host, known, active.get(known.key, []), units, versions)) is not None
    ]
    name_ports(host, items)
    if hidden(host, shown):
        reason = "/proc is mounted with hidepid: which of them run is seen of the agent's own user only."
        return Collected(items, coverage("partial", reason, grant(host)))
    if not items:
        raise Unavailable(f"none of {len(KNOWN)} known agents is here")
    return Collected(items, coverage("full"))


def described(
    host: Host, known: Known, processes: list[int], units: frozenset[str], versions: dict[str, str]
) -> dict[str, Any] | None:
    """The agent as it is here; None when nothing tells of it. What tells most of it comes first."""
    unit = next((name for name in unit_names(known) if name in units), None)
    package = next((name for name in known.packages.split() if name in versions), None)
    evidence = "process" if processes else "unit" if unit else "package" if package else ""
    if not evidence:
        return None
    owner = cgroups.membership(host, processes[0]) if processes else Owner()
    return {
        "key": known.key,
        "name": known.name,
        "running": bool(processes),
        "evidence": evidence,
        # What runs in a container is not the machine's own package.
        "version": None if owner.container_id else versions.get(package or "") or None,
        "unit": None if owner.container_id else owner.unit or unit,
        "container_id": owner.container_id,
        "port": None,
    }


def unit_names(known: Known) -> list[str]:
    """Its units with their type."""
    return [name if name.endswith((".socket", ".timer")) else f"{name}.service" for name in known.units.split()]


def unit_files(host: Host) -> frozenset[str]:
    """The names of all unit files of the system's manager."""
    found: set[str] = set()
    for folder in UNIT_FOLDERS:
        try:
            found.update(host.names(folder))
        except (Unavailable, CollectorError):
            continue
    return frozenset(found)


def name_ports(host: Host, items: list[dict[str, Any]]) -> None:
    """The port of each agent that runs: of those that its unit or container opened the usual one, else the first."""
    wanted = [item for item in items if item["running"] and (item["unit"] or item["container_id"])]
    if not wanted:
        return
    usual = {known.key: known.port for known in KNOWN}
    try:
        found = sockets.listening(host)
    except (Unavailable, CollectorError):
        return
    making = makers.Makers(host, {socket.inode for socket in found if socket.inode})
    ports: dict[tuple[str | None, str | None], set[int]] = {}
    for socket in found:
        owner, _ = making.maker(socket.inode, socket.key)
        # A UDP socket on any port but the usual one is that of a client.
        if socket.protocol.startswith("tcp") or socket.port in usual.values():
            place = (None, owner.container_id) if owner.container_id else (owner.unit, None)
            ports.setdefault(place, set()).add(socket.port)
    for item in wanted:
        own = ports.get((item["unit"], item["container_id"]), set())
        port = usual[item["key"]]
        item["port"] = port if port in own else min(own, default=None)
