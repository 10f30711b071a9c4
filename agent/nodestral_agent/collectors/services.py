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
from nodestral_agent.workloads import cgroups, processes, service_groups, systemctl, user_services
from nodestral_agent.workloads.service_groups import Group, user_name

SECTION = "services"
# Managers of users who are merely signed in are few; on a machine with more than this the others are not asked.
MANAGERS_MAX = 64


@dataclass
class Findings:
    """What is known so far. `missing`: sentences for a person; `grants`: what would help."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    gauges: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    system_answered: bool = False


def collect(host: Host) -> Collected:
    """All services worth listing; `partial` where some of them, or something about them, cannot be seen."""
    found = Findings()
    tree = cgroups.hierarchies(host)
    has_systemd = systemctl.booted(host)
    groups = service_groups.populated(host, tree)
    if not has_systemd and not groups:
        raise Unavailable("no systemd and no services in control groups")
    if has_systemd:
        add_system(host, tree, found)
    add_groups(host, tree, groups, found)
    for uid in service_groups.managed_uids(groups)[:MANAGERS_MAX]:
        add_user(host, tree, uid, found)
    name_processes(host, found)
    return Collected(list(found.items.values()), told(found), found.gauges)


def told(found: Findings) -> dict[str, Any]:
    """The coverage that these findings have."""
    if not found.missing:
        return coverage("full")
    return coverage("partial", " ".join(found.missing), "; ".join(found.grants))


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
    add_shown(host, tree, found, shown, None)


def add_shown(
    host: Host, tree: cgroups.Hierarchies, found: Findings, shown: list[dict[str, str]], user: str | None
) -> None:
    """Services as their manager tells them: `user`'s, or the system's."""
    for properties in filter(systemctl.worth_listing, shown):
        item = systemctl.item(properties, user)
        if item["key"] in found.items:
            item["source"] = "both"
        if item["user"].isdigit():
            item["user"] = user_name(host, int(item["user"]))
        found.items[item["key"]] = item
        memory = systemctl.number(properties.get("MemoryCurrent", ""))
        if memory is None and properties.get("ControlGroup"):
            memory = cgroups.memory_bytes(host, tree, properties["ControlGroup"])
        measure(found, item["key"], memory)


def measure(found: Findings, key: str, memory_bytes: int | None) -> None:
    """Memory moves by itself, so it is no part of the item."""
    if memory_bytes is not None:
        found.gauges[key] = {"memory_bytes": memory_bytes}


def add_groups(host: Host, tree: cgroups.Hierarchies, groups: dict[str, Group], found: Findings) -> None:
    """What the control groups say: what runs, and nothing about what does not."""
    managers: dict[tuple[str | None, int | None], int] = {}
    for key, group in groups.items():
        if key in found.items:
            found.items[key]["source"] = "both"
            continue
        if group.owner.scope == "system" and found.system_answered:
            continue  # the manager was asked, and it was not worth listing
        whose = (group.owner.scope, group.owner.uid)
        if whose not in managers:
            managers[whose] = service_groups.manager_pid(host, group)
        found.items[key] = service_groups.running(host, group, managers[whose])
        measure(found, key, cgroups.memory_bytes(host, tree, group.path))


def add_user(host: Host, tree: cgroups.Hierarchies, uid: int, found: Findings) -> None:
    """What a user's manager says, or else what can be told without it."""
    name = user_name(host, uid)
    if host.uid() in (0, uid):
        try:
            shown = systemctl.shown_to(host, uid, host.uid())
        except (Unavailable, CollectorError) as error:
            found.missing.append(f"The manager of user {name} did not answer ({error}).")
        else:
            add_shown(host, tree, found, shown, name)
            return
    more = user_services.beyond(host, uid, name, found.items)
    found.items.update((item["key"], item) for item in more.items)
    found.missing.append(more.reason)
    if more.grant:
        found.grants.append(more.grant)


def name_processes(host: Host, found: Findings) -> None:
    """The main process's name, for each service that has one."""
    for item in found.items.values():
        if item["main_pid"] and not item["main_process"]:
            main = processes.process(host, item["main_pid"])
            item["main_process"] = main.name if main else None
