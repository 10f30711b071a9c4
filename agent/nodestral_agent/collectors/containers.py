"""Containers of Docker and Podman.

Source: the Docker Engine API over its Unix socket; access to Docker's system socket is as good as root. Where it is
closed, running containers are still known by the names of their control groups, and by nothing else.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, engines
from nodestral_agent.workloads.owner import owner_of

SECTION = "containers"
ENGINES = {"docker": "docker", "libpod": "podman"}
GRANT = "usermod -aG docker nodestral-agent && systemctl restart nodestral-agent"
RISK = (
    "Whoever may use Docker's socket can become root on this machine: weigh the grant. A rootless engine needs none; "
    "install the agent as the user that runs it."
)


def collect(host: Host) -> Collected:
    """All containers of all engines that answer."""
    items: dict[str, dict[str, Any]] = {}
    answered, denied, troubles = 0, [], []
    for engine in engines.sockets(host):
        try:
            found = engines.containers(host, engine)
        except Unavailable:
            continue
        except Denied as error:
            denied.append(error.path or engine.socket)
            continue
        except CollectorError as error:
            troubles.append(str(error))
            continue
        answered += 1
        for item in found:
            items.setdefault(item["key"], item)
    seen = {item["key"]: item for item in in_groups(host) if item["key"] not in items}
    if not answered and not denied and not troubles and not seen:
        raise Unavailable("no container engine listens here and no container runs")
    items.update(seen)
    return Collected(list(items.values()), told(answered, denied, troubles, len(seen)))


def told(answered: int, denied: list[str], troubles: list[str], seen: int) -> dict[str, Any]:
    """The coverage; Denied or CollectorError when nothing at all is known."""
    if troubles and not answered and not seen:
        raise CollectorError("; ".join(troubles))
    if denied and not answered and not seen:
        raise Denied(f"may not be used by this agent, and no container is seen running. {RISK}", denied[0], GRANT)
    reasons = [f"{socket} may not be used by this agent." for socket in denied] + [f"{text}." for text in troubles]
    if seen:
        reasons.append(f"{counted(seen, 'running container')} known by id alone.")
    if not reasons:
        return coverage("full")
    if denied:
        reasons.append(RISK)
    return coverage("partial", " ".join(reasons), GRANT if denied else "")


def counted(count: int, noun: str) -> str:
    """`1 container is`, `2 containers are`."""
    return f"{count} {noun} is" if count == 1 else f"{count} {noun}s are"


def in_groups(host: Host) -> list[dict[str, Any]]:
    """Running containers by the names of their control groups: an id and, often, the engine."""
    tree = cgroups.hierarchies(host)
    found: dict[str, dict[str, Any]] = {}
    for mount in dict.fromkeys([*tree.units, *tree.controllers.values()]):
        for path, _ in cgroups.walk(host, mount):
            owner = owner_of(path)
            if owner.container_id and owner.container_id not in found and cgroups.all_members(host, mount, path):
                found[owner.container_id] = known_by_group(owner.container_id, owner.engine)
    return list(found.values())


def known_by_group(container_id: str, engine: str | None) -> dict[str, Any]:
    """A running container of which only the id is known."""
    return {
        "key": container_id,
        "name": container_id[:12],
        "image": "",
        "state": "running",
        "health": None,
        "ports": [],
        "created_at": None,
        "started_at": None,
        "exit_code": None,
        "compose_project": None,
        "compose_service": None,
        "runtime": ENGINES.get(engine or "", engine),
    }
