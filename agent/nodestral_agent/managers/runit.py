"""runit: what runsv keeps running, by the processes and the folder that runsvdir looks into. Needs no privilege.

runsv's own files (supervise/stat) are root's; a service that is down is seen by its supervisor having no child.
"""

from __future__ import annotations

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.service_item import service_item
from nodestral_agent.workloads.supervised import main_child, service_name

MANAGER = "runit"
FOLDERS = ("/etc/service", "/var/service", "/service", "/run/runit/service")


def look(machine: Machine, found: Findings) -> None:
    """Every service that has a supervisor."""
    supervisors = machine.found("runsv")
    if not supervisors:
        return
    folders = (*scanned(machine), *FOLDERS)
    for supervisor in supervisors:
        name = service_name(machine.table, supervisor).rpartition("/")[2]
        if not name:
            continue
        folder = next((f"{one}/{name}" for one in folders if machine.has(f"{one}/{name}")), None)
        user = machine.table.user(supervisor.pid)
        item = service_item("system" if user in ("root", None) else "user", name, user, MANAGER)
        item["unit_path"] = f"{folder}/run" if folder else None
        if folder:
            item["enabled"] = "disabled" if machine.has(f"{folder}/down") else "enabled"
        child = main_child(machine.table, supervisor)
        if child:
            found.add(item | machine.run_of(child) | {"sub_state": "run"})
        else:
            found.add(item | {"state": "inactive", "sub_state": word(machine, folder), "source": "process"})


def scanned(machine: Machine) -> list[str]:
    """The folders that runsvdir was started with."""
    commands = (machine.table.arguments(entry.pid)[1:3] for entry in machine.found("runsvdir"))
    return [word for words in commands for word in words if word.startswith("/") and "/../" not in f"{word}/"]


def word(machine: Machine, folder: str | None) -> str:
    """runsv's own word for a service that does not run, where its file is open: `down`, `finish`, `down, want up`."""
    stated = machine.text(f"{folder}/supervise/stat").strip() if folder else ""
    return stated if stated.replace(",", "").replace(" ", "").isalpha() else "down"
