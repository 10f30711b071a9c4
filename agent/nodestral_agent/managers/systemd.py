"""systemd: the system's services and timers, and those of each user's own manager.

Sources: one `systemctl show` for the system, the walk of the control groups for users, a user's manager where it may be
asked (the agent's own user; all users when it runs as root), enabled unit files in readable homes, and journalctl for
the last lines of what has failed.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads import (
    cgroups,
    group_gauges,
    journal,
    processes,
    service_groups,
    systemctl,
    systemd_memory,
    systemd_units,
    user_services,
)
from nodestral_agent.workloads.service_groups import Group, user_name

MANAGER = "systemd"
# Managers of users who are merely signed in are few; on a machine with more than this the others are not asked.
MANAGERS_MAX = 64
# Of so many failed services the last lines are read; where more have failed, one cause is behind most of them.
LOGS_MAX = 10
LOGS_SECONDS = 5.0
# The journal may be late with the last words of a service.
SETTLED_SECONDS = 600.0


def look(machine: Machine, found: Findings) -> None:
    """All services and timers worth listing."""
    host = machine.host
    tree = cgroups.hierarchies(host)
    groups = service_groups.populated(host, tree)
    answered = systemctl.booted(host) and add_system(host, tree, found)
    add_groups(host, tree, groups, found, system_answered=answered)
    uids = service_groups.managed_uids(groups)[:MANAGERS_MAX]
    for uid in uids:
        add_user(host, tree, uid, found)
    name_processes(host, found)
    add_logs(host, {user_name(host, uid): uid for uid in uids}, found)


def add_system(host: Host, tree: cgroups.Hierarchies, found: Findings) -> bool:
    """What the system's manager says; False where it does not answer."""
    try:
        shown = systemd_memory.shown(host, systemctl.SYSTEM)
    except (Unavailable, CollectorError) as error:
        found.lack(f"The system's manager did not answer ({error}): stopped and failed services are not seen.")
        return False
    add_shown(host, tree, found, shown, None)
    return True


def add_shown(
    host: Host, tree: cgroups.Hierarchies, found: Findings, shown: list[dict[str, str]], user: str | None
) -> None:
    """Units as their manager tells them: `user`'s, or the system's."""
    for properties in filter(systemd_units.worth_listing, shown):
        item = systemd_units.item(properties, user)
        if item["key"] in found.items:
            item["source"] = "both"
        if item["user"] and item["user"].isdigit():
            item["user"] = user_name(host, int(item["user"]))
        if item["kind"] == "timer":
            found.add(item, systemd_units.timer_gauges(properties, host.now(), host.monotonic()))
            continue
        measured = systemd_units.gauges(properties)
        group = properties.get("ControlGroup")
        found.add(item, group_gauges.gauges(host, tree, group, measured) if group else measured)


def add_groups(
    host: Host, tree: cgroups.Hierarchies, groups: dict[str, Group], found: Findings, *, system_answered: bool
) -> None:
    """What the control groups say: what runs, and nothing about what does not."""
    managers: dict[tuple[str | None, int | None], int] = {}
    for key, group in groups.items():
        if key in found.items:
            found.items[key]["source"] = "both"
            continue
        if group.owner.scope == "system" and system_answered:
            continue  # the manager was asked, and it was not worth listing
        whose = (group.owner.scope, group.owner.uid)
        if whose not in managers:
            managers[whose] = service_groups.manager_pid(host, group)
        item = service_groups.running(host, group, managers[whose])
        found.add(item, group_gauges.gauges(host, tree, group.path))


def add_user(host: Host, tree: cgroups.Hierarchies, uid: int, found: Findings) -> None:
    """What a user's manager says, or else what can be told without it."""
    name = user_name(host, uid)
    if host.uid() in (0, uid):
        try:
            shown = systemd_memory.shown(host, systemctl.of_user(uid, host.uid()))
        except (Unavailable, CollectorError) as error:
            found.lack(f"The manager of user {name} did not answer ({error}).")
        else:
            add_shown(host, tree, found, shown, name)
            return
    more = user_services.beyond(host, uid, name, found.items)
    found.items.update((item["key"], item) for item in more.items)
    found.lack(more.reason, more.grant)


def name_processes(host: Host, found: Findings) -> None:
    """The main process's name, for each service that has one."""
    for item in found.items.values():
        if item["main_pid"] and not item["main_process"]:
            main = processes.process(host, item["main_pid"])
            item["main_process"] = main.name if main else None


def add_logs(host: Host, uids: dict[str, int], found: Findings) -> None:
    """The last lines of what has failed. What was read of the same failure before is not read again."""
    failed = [item for item in found.items.values() if item["state"] == "failed"]
    if not failed:
        return
    before = {item.get("key"): item for item in host.before("services")}
    readable = journal.readable(host)
    until = host.monotonic() + LOGS_SECONDS
    for item in sorted(failed, key=since, reverse=True)[:LOGS_MAX]:
        known = before.get(item["key"], {})
        is_old = host.now() - since(item) > SETTLED_SECONDS
        whose = item["key"].removeprefix("user:").partition("/")[0]
        if is_old and known.get("last_log") and known["since_at"] == item["since_at"] and known["state"] == "failed":
            item["last_log"] = known["last_log"]
        elif host.monotonic() > until:
            continue  # a slow journal must not cost the services themselves
        elif item["scope"] == "user" and whose in uids:
            item["last_log"] = journal.last_lines_of_user(host, item["unit"], uids[whose], host.uid())
        elif item["scope"] == "system" and readable:
            item["last_log"] = journal.last_lines(host, item["unit"])
    if not readable and any(item["scope"] == "system" for item in failed):
        found.lack("Why a service failed is in the journal, which the agent may not read.", journal.grant(host))


def since(item: dict[str, Any]) -> float:
    """For sorting: the newest failures are of most interest."""
    return item["since_at"] or 0.0
