"""OpenRC: the services of a machine that it has started, from its own state in /run/openrc and /etc/runlevels.

Needs no privilege. A started service whose daemons have all gone is what OpenRC calls crashed.
"""

from __future__ import annotations

import re
from typing import Any

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import service_item

MANAGER = "openrc"
STATE, RUNLEVELS, SCRIPTS = "/run/openrc", "/etc/runlevels", "/etc/init.d"
SUPERVISOR = "supervise-daemon"
# What happens once, on the way up and down.
PASSING = frozenset({"boot", "sysinit", "shutdown"})
DESCRIPTION = re.compile(r"^description=([\"']?)(.*)\1$", re.MULTILINE)


def look(machine: Machine, found: Findings) -> None:
    """All services that have a daemon, have failed, or belong to a runlevel in which machines stay."""
    if not machine.has(f"{STATE}/softlevel"):
        return
    levels = {level: machine.names(f"{RUNLEVELS}/{level}") for level in machine.names(RUNLEVELS)}
    lasting = {name for level, names in levels.items() if level not in PASSING for name in names}
    enabled = {name for names in levels.values() for name in names}
    failed, started, inactive, starting = (
        set(machine.names(f"{STATE}/{state}")) for state in ("failed", "started", "inactive", "starting")
    )
    daemons = {*machine.names(f"{STATE}/daemons"), *machine.names(f"{STATE}/options")}
    for name in sorted(lasting | failed | (started & daemons) | inactive | starting):
        if name.startswith("."):
            continue
        item = service_item("system", name, "root", MANAGER, source="manager", unit_path=f"{SCRIPTS}/{name}")
        item["enabled"] = "enabled" if name in enabled else "disabled"
        item["description"] = description(machine.text(f"{SCRIPTS}/{name}"))
        if name in failed:
            item.update(state="failed", sub_state="failed")
        elif name in starting:
            item.update(state="activating", sub_state="starting")
        elif name in started:
            item.update(run(machine, name) if name in daemons else {"state": "active", "sub_state": "started"})
        else:
            item.update(state="inactive", sub_state="inactive" if name in inactive else "stopped")
        found.add(item)


def run(machine: Machine, name: str) -> dict[str, Any]:
    """What the daemons of a started service tell. One without a pid file cannot be found, and counts as alive."""
    options = f"{STATE}/options/{name}"
    notes = [machine.text(f"{STATE}/daemons/{name}/{file}") for file in machine.names(f"{STATE}/daemons/{name}")]
    pid_files = [pid_file(note) for note in notes] or [plain_path(machine.text(f"{options}/pidfile"))]
    alive = [entry for entry in (living(machine, path) for path in pid_files if path) if entry]
    if not alive:
        crashed = all(pid_files) and 1 in machine.table.entries
        return {"state": "failed", "sub_state": "crashed"} if crashed else {"state": "active", "sub_state": "started"}
    told: dict[str, Any] = {"sub_state": "started", "source": "both"}
    main = alive[0]
    if main.name == SUPERVISOR[:15]:  # as much of a name as the kernel keeps
        main = next(iter(machine.table.started_by(main.pid)), main)
        respawned = machine.text(f"{options}/start_count").strip()
        told["restarts_total"] = int(respawned) if respawned.isascii() and respawned.isdigit() else None
    return machine.run_of(main) | told


def plain_path(text: str) -> str:
    """A whole path, or nothing."""
    path = text.strip()
    return path if path.startswith("/") and "/../" not in f"{path}/" else ""


def pid_file(text: str) -> str:
    """The pid file that the note of a daemon names: lines `exec=`, `argv_0=`, `name=`, `pidfile=`."""
    paths = [line[8:].strip() for line in text.splitlines() if line.startswith("pidfile=")]
    return plain_path(paths[0]) if paths else ""


def living(machine: Machine, path: str) -> Entry | None:
    """The process that a pid file names, if there is one."""
    digits = machine.text(path).strip()
    return machine.table.entries.get(int(digits)) if digits.isascii() and digits.isdigit() else None


def description(script: str) -> str | None:
    """What an init script says of itself."""
    matched = DESCRIPTION.search(script)
    return matched[2] if matched and "$" not in matched[2] else None
