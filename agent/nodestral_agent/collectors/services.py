"""Services of the system's manager and of each user's own.

Sources: one `systemctl show` for the system, the walk of the control groups for users, a user's manager where it may be
asked (the agent's own user; all users when it runs as root), and enabled unit files in readable homes. Needs no
privilege; what an ordinary user cannot see is told as coverage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads import cgroups, processes, systemctl, unit_files
from nodestral_agent.workloads.owner import Owner, owner_of

SECTION = "services"
# Managers of users who are merely signed in are few; a machine with more than this is asked no further.
MANAGERS_MAX = 64


@dataclass
class Findings:
    """What is known so far. `missing`: sentences for a person; `grants`: what would help."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    gauges: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    system_answered: bool = False


@dataclass(frozen=True)
class Group:
    """A service's control group that has processes."""

    path: str
    mount: str
    owner: Owner


def collect(host: Host) -> Collected:
    """All services worth listing; `partial` where some of them, or something about them, cannot be seen."""
    found = Findings()
    tree = cgroups.hierarchies(host)
    has_systemd = systemctl.booted(host)
    groups = populated(host, tree)
    if not has_systemd and not groups:
        raise Unavailable("no systemd and no services in control groups")
    if has_systemd:
        add_system(host, tree, found)
    add_groups(host, tree, groups, found)
    add_users(host, groups, found)
    name_processes(host, found)
    return Collected(list(found.items.values()), told(found), found.gauges)


def told(found: Findings) -> dict[str, Any]:
    """The coverage that these findings have."""
    if not found.missing:
        return coverage("full")
    return coverage("partial", " ".join(found.missing), "\n".join(found.grants))


def populated(host: Host, tree: cgroups.Hierarchies) -> dict[str, Group]:
    """Services that have processes, by item key. The group that is nearest to the root stands for its service."""
    groups: dict[str, Group] = {}
    for mount in tree.units:
        for path, _ in cgroups.walk(host, mount):
            owner = owner_of(path)
            # Compared with what lies above, so that a delegated subgroup does not stand for the whole.
            if not owner.unit or not owner.unit.endswith(".service") or owner_of(path.rpartition("/")[0]) == owner:
                continue
            key = f"{scope_of(host, owner)}/{owner.unit}"
            if key not in groups and cgroups.all_members(host, mount, path):
                groups[key] = Group(path, mount, owner)
    return groups


def scope_of(host: Host, owner: Owner) -> str:
    """The first part of an item's key."""
    return f"user:{user_name(host, owner.uid)}" if owner.scope == "user" else "system"


def user_name(host: Host, uid: int | None) -> str | None:
    """A user's name; the number where /etc/passwd does not know it."""
    return None if uid is None else host.user_name(uid) or str(uid)


def add_system(host: Host, tree: cgroups.Hierarchies, found: Findings) -> None:
    """What the system's manager says."""
    try:
        shown = systemctl.shown(host)
    except (Unavailable, CollectorError) as error:
        found.missing.append(
            f"The system's manager did not answer ({error}): stopped and failed services are not seen."
        )
        return
    found.system_answered = True
    for properties in shown:
        if systemctl.worth_listing(properties):
            add(host, tree, found, properties, "system", None)


def add(
    host: Host,
    tree: cgroups.Hierarchies,
    found: Findings,
    properties: dict[str, str],
    scope: str,
    user: str | None,
) -> None:
    """One service as its manager tells it."""
    item = systemctl.item(properties, scope, user)
    known = found.items.get(item["key"])
    if known:
        item["source"] = "both"
    if item["user"].isdigit():
        item["user"] = user_name(host, int(item["user"]))
    found.items[item["key"]] = item
    memory = systemctl.number(properties.get("MemoryCurrent", ""))
    if memory is None and properties.get("ControlGroup"):
        memory = cgroups.memory_bytes(host, tree, properties["ControlGroup"])
    if memory is not None:
        found.gauges[item["key"]] = {"memory_bytes": memory}


def add_groups(host: Host, tree: cgroups.Hierarchies, groups: dict[str, Group], found: Findings) -> None:
    """What the control groups say: what runs, and nothing about what does not."""
    managers: dict[tuple[str | None, int | None], int] = {}
    for key, group in groups.items():
        if key in found.items:
            found.items[key]["source"] = "both"
            continue
        owner = group.owner
        if owner.scope == "system" and found.system_answered:
            continue  # the manager was asked and did not find it worth listing
        whose = (owner.scope, owner.uid)
        if whose not in managers:
            managers[whose] = manager_pid(host, group)
        leader = processes.leader(host, cgroups.all_members(host, group.mount, group.path), managers[whose])
        found.items[key] = from_group(host, key, group, leader)
        memory = cgroups.memory_bytes(host, tree, group.path)
        if memory is not None:
            found.gauges[key] = {"memory_bytes": memory}


def manager_pid(host: Host, group: Group) -> int:
    """The process of the manager that a group's service belongs to: it lives in the manager's own init.scope."""
    if group.owner.scope != "user":
        return 1
    head, manager, _ = group.path.partition(f"/user@{group.owner.uid}.service")
    members = cgroups.members(host, f"{group.mount}{head}{manager}/init.scope")
    return members[0] if members else 1


def from_group(host: Host, key: str, group: Group, leader: processes.Process | None) -> dict[str, Any]:
    """A running service as far as its control group and processes tell it.

    Since: the main process's start. It is what systemd notes as the activation of a simple service, up to the moments
    in between. The group's own age would be wrong after a restart, and an inode's time does not outlive a full cache.
    """
    user = user_name(host, group.owner.uid) if group.owner.scope == "user" else None
    if leader and user is None:
        user = user_name(host, host.owner(f"/proc/{leader.pid}"))
    return {
        "key": key,
        "scope": group.owner.scope,
        "unit": group.owner.unit,
        "state": "active",
        "sub_state": "running",
        "source": "cgroup",
        "description": None,
        "user": user,
        "enabled": None,
        "since_at": processes.started_at(host, leader) if leader else None,
        "restarts_total": None,
        "main_pid": leader.pid if leader else None,
        "main_process": leader.name if leader else None,
        "exit_code": None,
    }


def add_users(host: Host, groups: dict[str, Group], found: Findings) -> None:
    """What the users' managers and unit files say beyond the control groups."""
    uids = sorted(managers_of(groups))[:MANAGERS_MAX]
    tree = cgroups.hierarchies(host)
    own_uid = host.uid()
    for uid in uids:
        name = user_name(host, uid) or str(uid)
        if own_uid in (0, uid):
            try:
                shown = systemctl.shown_to(host, uid, own_uid)
            except (Unavailable, CollectorError) as error:
                found.missing.append(f"The manager of user {name} did not answer ({error}).")
            else:
                for properties in shown:
                    if systemctl.worth_listing(properties):
                        add(host, tree, found, properties, "user", name)
                continue
        add_enabled(host, uid, name, found)


def managers_of(groups: dict[str, Group]) -> set[int]:
    """The users whose managers run."""
    uids = {group.owner.uid for group in groups.values() if group.owner.scope == "user"}
    for group in groups.values():
        unit = group.owner.unit or ""
        if group.owner.scope == "system" and unit.startswith("user@") and group.owner.uid is not None:
            uids.add(group.owner.uid)
    return {uid for uid in uids if uid is not None}


def add_enabled(host: Host, uid: int, name: str, found: Findings) -> None:
    """Services of a user whose manager may not be asked: those enabled that do not run, and what stays unknown."""
    _, home = unit_files.homes(host).get(uid, (name, ""))
    folder = f"{home}/.config/systemd/user"
    if not home or unit_files.closed(host, folder):
        found.missing.append(f"Services of user {name} are seen while they run; stopped and crashed ones are not.")
        if home:
            found.grants.append(grant_for(home))
        return
    for unit in unit_files.enabled(host, folder):
        key = f"user:{name}/{unit.unit}"
        if key in found.items:
            found.items[key]["enabled"] = "enabled"
            found.items[key]["description"] = found.items[key]["description"] or unit.description
        elif not unit.oneshot:
            found.items[key] = not_running(key, unit, name)
    found.missing.append(
        f"Of user {name}'s services the agent sees which run and which are enabled, "
        "but not whether one was stopped or has failed, nor its restarts."
    )
    found.grants.append(f"Install the agent as {name} too; a user's manager answers to nobody else.")


def not_running(key: str, unit: unit_files.EnabledUnit, user: str) -> dict[str, Any]:
    """An enabled service that has no processes: stopped or crashed, which cannot be told apart from outside."""
    return {
        "key": key,
        "scope": "user",
        "unit": unit.unit,
        "state": "inactive",
        "sub_state": None,
        "source": "cgroup",
        "description": unit.description,
        "user": user,
        "enabled": "enabled",
        "since_at": None,
        "restarts_total": None,
        "main_pid": None,
        "main_process": None,
        "exit_code": None,
    }


def grant_for(home: str) -> str:
    """The smallest permission with which enabled services can be told from a home: to pass through three folders."""
    way = [home, f"{home}/.config", f"{home}/.config/systemd"]
    who = "u:nodestral-agent"
    return f"setfacl -m {who}:x {' '.join(way)} && setfacl -R -m {who}:rX {home}/.config/systemd/user"


def name_processes(host: Host, found: Findings) -> None:
    """The main process's name, for each service that has one."""
    for item in found.items.values():
        if item["main_pid"] and not item["main_process"]:
            main = processes.process(host, item["main_pid"])
            item["main_process"] = main.name if main else None
