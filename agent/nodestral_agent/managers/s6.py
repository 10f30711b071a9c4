"""s6: what s6-supervise keeps running, by the processes and the folder that s6-svscan looks into. Needs no privilege.

s6-supervise's own state is root's; a service that is down is seen by its supervisor having no child.
"""

from __future__ import annotations

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.service_item import service_item
from nodestral_agent.workloads.supervised import service_name

MANAGER = "s6"
FOLDERS = ("/run/service", "/run/s6/legacy-services", "/service")
# What belongs to s6 itself, and those that keep the log of another service.
OWN = ("s6rc-", "s6-")


def look(machine: Machine, found: Findings) -> None:
    """Every service that has a supervisor."""
    supervisors = machine.found("s6-supervise")
    if not supervisors:
        return
    commands = [machine.table.arguments(entry.pid)[1:] for entry in machine.found("s6-svscan")]
    scanned = [word for words in commands for word in words if word.startswith("/") and "/../" not in f"{word}/"]
    for supervisor in supervisors:
        name = service_name(machine.table, supervisor)
        if not name or name.startswith(OWN) or name.endswith("/log"):
            continue
        name = name.rpartition("/")[2]
        folder = next((f"{one}/{name}" for one in (*scanned, *FOLDERS) if machine.has(f"{one}/{name}")), None)
        user = machine.table.user(supervisor.pid)
        item = service_item("system" if user in ("root", None) else "user", name, user, MANAGER)
        item["unit_path"] = f"{folder}/run" if folder else None
        if folder:
            item["enabled"] = "disabled" if machine.has(f"{folder}/down") else "enabled"
        children = machine.table.started_by(supervisor.pid)
        if children:
            found.add(item | machine.run_of(children[0]) | {"sub_state": "up"})
        else:
            found.add(item | {"state": "inactive", "sub_state": "down", "source": "process"})
