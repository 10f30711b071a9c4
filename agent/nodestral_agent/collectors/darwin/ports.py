"""Listening TCP and UDP sockets and the process behind each.

Sources: `netstat -anv` for the sockets and their processes, ps for the names, and launchctl for the service. Needs no
privilege.

Permission: none.
"""

from __future__ import annotations

from nodestral_agent.darwin import launchd
from nodestral_agent.darwin.processes import Process, processes
from nodestral_agent.darwin.sockets import Listener, listeners
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads.sockets import address_class

SECTION = "ports"


def collect(host: Host) -> Collected:
    """Every listening socket once."""
    found = listeners(host)
    running: dict[int, Process] = {}
    labels: dict[int, str] = {}
    told = coverage("full")
    try:
        running = processes(host)
        labels = {service.pid: service.label for service in launchd.loaded(host, "system") if service.pid}
    except (Unavailable, CollectorError) as error:
        told = coverage("partial", f"Processes or services are not told: {error}.")
    return Collected([described(each, running, labels) for each in found], told)


def described(listener: Listener, running: dict[int, Process], labels: dict[int, str]) -> dict[str, object]:
    """One socket on the wire. A child of a service belongs to it."""
    process = running.get(listener.pid)
    owner = process
    label = labels.get(listener.pid)
    for _ in range(8):
        if label or owner is None or owner.parent <= 1:
            break
        label, owner = labels.get(owner.parent), running.get(owner.parent)
    return {
        "key": f"{listener.protocol}/{listener.address}/{listener.port}",
        "protocol": listener.protocol,
        "address": listener.address,
        "port": listener.port,
        "address_class": address_class(listener.address),
        "pid": listener.pid or None,
        "process": process.name if process else None,
        "unit": label,
        "scope": "system" if label else None,
        "user": process.user if process else None,
        "container_id": None,
        "takes_ipv4": listener.takes_ipv4 if listener.protocol.endswith("6") else None,
    }
