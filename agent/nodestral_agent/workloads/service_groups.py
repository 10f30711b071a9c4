"""Services that run, as control groups and processes tell them: also those of users whose managers answer to nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups, processes
from nodestral_agent.workloads.owner import Owner, owner_of
from nodestral_agent.workloads.service_item import service_item, service_key


@dataclass
class Group:
    """A service's control group. `user`: whose manager started it, None for the system's; `pids`: all below it too."""

    path: str
    mount: str
    owner: Owner
    user: str | None
    pids: list[int] = field(default_factory=list)


def user_name(host: Host, uid: int) -> str:
    """A user's name; the number where /etc/passwd does not know it."""
    return host.user_name(uid) or str(uid)


def populated(host: Host, tree: cgroups.Hierarchies) -> dict[str, Group]:
    """Services that have processes, by item key. The group that is nearest to the root stands for its service."""
    groups: dict[str, Group] = {}
    for mount in tree.units:
        found = {key: group for key, group in below(host, mount).items() if group.pids}
        groups = {**found, **groups}
    return groups


def below(host: Host, mount: str) -> dict[str, Group]:
    """Services with a group in one tree, by item key, from one walk of it."""
    groups: dict[str, Group] = {}
    # By path: what it belongs to, and the services that it lies in.
    known: dict[str, tuple[Owner, tuple[str, ...]]] = {"": (Owner(), ())}
    for path, _ in cgroups.walk(host, mount):
        owner, outer = owner_of(path), known[path.rpartition("/")[0]]
        keys = outer[1]
        # Compared with what lies above, so that a delegated subgroup does not stand for the whole.
        if owner.unit and owner.unit.endswith(".service") and owner != outer[0]:
            user = user_name(host, owner.uid) if owner.scope == "user" and owner.uid is not None else None
            key = service_key(owner.scope, owner.unit, user)
            if key not in groups:
                groups[key] = Group(path, mount, owner, user)
                keys = (*keys, key)
        known[path] = owner, keys
        if keys:
            pids = cgroups.members(host, f"{mount}{path}")
            for key in keys:
                groups[key].pids.extend(pids)
    return groups


def manager_pid(host: Host, group: Group) -> int:
    """The process of the manager that a group's service belongs to: it lives in the manager's own init.scope."""
    if group.owner.scope != "user":
        return 1
    head, manager, _ = group.path.partition(f"/user@{group.owner.uid}.service")
    members = cgroups.members(host, f"{group.mount}{head}{manager}/init.scope")
    return members[0] if members else 1


def running(host: Host, group: Group, manager: int) -> dict[str, Any]:
    """A running service as far as its control group and processes tell it.

    Since: the main process's start. It is what systemd notes as the activation of a simple service, up to the moments
    in between. The group's own age would be wrong after a restart, and an inode's time does not outlive a full cache.
    """
    leader = processes.leader(host, sorted(set(group.pids)), manager)
    item = service_item(group.owner.scope, group.owner.unit, group.user, state="active", sub_state="running")
    if leader:
        item["user"] = group.user or owner_name(host, leader.pid)
        item["since_at"] = processes.started_at(host, leader)
        item["main_pid"] = leader.pid
        item["main_process"] = leader.name
    return item


def owner_name(host: Host, pid: int) -> str | None:
    """The user as which a process runs; None when it has ended meanwhile."""
    try:
        return user_name(host, host.owner(f"/proc/{pid}"))
    except (Unavailable, CollectorError):
        return None


def managed_uids(groups: dict[str, Group]) -> list[int]:
    """The users whose managers run."""
    found = set()
    for group in groups.values():
        owner = group.owner
        is_manager = owner.scope == "system" and (owner.unit or "").startswith("user@")
        if owner.uid is not None and (owner.scope == "user" or is_manager):
            found.add(owner.uid)
    return sorted(found)
