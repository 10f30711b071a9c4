"""Containers of Docker, Podman and others: image, state, health, restarts, ports, mounts, networks.

Source: the Docker Engine API over its Unix socket, or over TCP where DOCKER_HOST says so, and Podman's own like it, of
the system and of each user; access to Docker's system socket is as good as root. TLS is not spoken. Where a socket is
closed or there is no such API (containerd, CRI-O), running containers are still known by their control groups, with
the name where Podman's monitor or a Kubernetes node's log folder shows it. Of environment, command and labels nothing
is kept but Compose's project and service.

Permission: use of the engine's socket; membership of the group docker is as good as root, so weigh it. Without it
running containers are known by their control groups.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, container_groups, engine_answers, engines, processes
from nodestral_agent.workloads.container_groups import Group

SECTION = "containers"
GRANT = "usermod -aG docker nodestral-agent && systemctl restart nodestral-agent"
RISK = (
    "Whoever may use Docker's socket can become root on this machine: weigh the grant. A rootless engine needs none; "
    "install the agent as the user that runs it."
)


def collect(host: Host) -> Collected:
    """All containers of all engines that answer, and those that are seen running."""
    items: dict[str, dict[str, Any]] = {}
    answered, uninspected = 0, 0
    denied: list[str] = []
    troubles: list[str] = []
    for engine in engines.sockets(host):
        try:
            found, left = engines.containers(host, engine)
        except Unavailable:
            continue
        except Denied as error:
            denied.append(error.path or engine.socket)
            continue
        except CollectorError as error:
            troubles.append(str(error))
            continue
        answered += 1
        uninspected += left
        for item in found:
            items.setdefault(item["key"], item)
    tree = cgroups.hierarchies(host)
    groups = container_groups.running(host, tree)
    unknown = [group for key, group in sorted(groups.items()) if key not in items]
    names = container_groups.named(host, unknown)
    if not answered and not denied and not troubles and not unknown:
        raise Unavailable("no container engine listens here and no container runs")
    reasons = reasons_of(denied, troubles, len(unknown), uninspected)
    if not answered and not unknown:
        refuse(denied, troubles)
    items.update({group.container_id: by_group(host, group, names) for group in unknown})
    watch = container_groups.watched(tree, groups, {key: item["name"] for key, item in items.items()})
    level = "partial" if reasons else "full"
    return Collected(list(items.values()), coverage(level, " ".join(reasons), GRANT if denied else ""), watch=watch)


def refuse(denied: list[str], troubles: list[str]) -> None:
    """CollectorError or Denied when nothing at all is known."""
    if troubles:
        raise CollectorError("; ".join(troubles))
    if denied:
        raise Denied(f"may not be used by this agent, and no container is seen running. {RISK}", denied[0], GRANT)


def reasons_of(denied: list[str], troubles: list[str], unknown: int, uninspected: int) -> list[str]:
    """Why the section is not full, in sentences; none when it is."""
    reasons = [f"{socket} may not be used by this agent." for socket in denied] + [f"{text}." for text in troubles]
    if unknown:
        reasons.append(f"{counted(unknown, 'running container')} known by control group alone.")
    if uninspected:
        reasons.append(f"{counted(uninspected, 'container')} listed without details: there are too many.")
    return [*reasons, RISK] if denied else reasons


def counted(count: int, noun: str) -> str:
    """`1 container is`, `2 containers are`."""
    return f"{count} {noun} is" if count == 1 else f"{count} {noun}s are"


def by_group(host: Host, group: Group, names: dict[str, str]) -> dict[str, Any]:
    """A running container that no engine told about."""
    item = engine_answers.plain(group.container_id)
    leader = processes.leader(host, group.pids)
    try:
        started_at = processes.started_at(host, leader) if leader else None
    except (Unavailable, CollectorError):
        started_at = None
    item.update(
        name=names.get(group.container_id, item["name"]),
        state="running",
        started_at=started_at,
        runtime=container_groups.ENGINES.get(group.engine or "", group.engine),
        user=container_groups.user(host, group.uid),
    )
    return item
