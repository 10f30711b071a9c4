"""pm2: the applications of each user's God Daemon.

Sources: the daemon's child processes; ~/.pm2/pids, which names them, and ~/.pm2/dump.pm2, which lists what `pm2 save`
has kept, where the home directory is open to the agent. Of an application's entry only name and script are read: the
rest holds its environment.
"""

from __future__ import annotations

import json
import re
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.command_line import program_of, short
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import service_item, service_key

MANAGER = "pm2"
# The daemon writes this over its command line: `PM2 v5.3.0: God Daemon (/home/ann/.pm2)`.
GOD = re.compile(r"^PM2 v[\w.-]+: God Daemon \((/[^()\0]{1,300})\)")
PID_FILE = re.compile(r"^(?P<name>.+)-(?P<id>\d+)\.pid$")
DUMP_MAX = 4 << 20


def look(machine: Machine, found: Findings) -> None:
    """The applications of every daemon that runs here."""
    for entry in machine.table.entries.values():
        if entry.name.startswith("PM2 v") and not machine.table.in_container(entry.pid):
            matched = GOD.match(" ".join(machine.table.arguments(entry.pid)))
            if matched and "/../" not in f"{matched[1]}/":
                add(machine, entry, matched[1], found)


def add(machine: Machine, daemon: Entry, home: str, found: Findings) -> None:
    """One daemon."""
    user = machine.table.user(daemon.pid)
    names, kept = running_names(machine, home), saved(machine, home)
    for child in machine.table.started_by(daemon.pid):
        name = names.get(child.pid) or short(program_of(machine.table.arguments(child.pid))) or child.name
        unit = found.numbered(MANAGER, user, name)  # a cluster runs several of one name
        item = service_item("user", unit, user, MANAGER, unit_path=kept.get(name))
        source = "both" if child.pid in names else "process"
        found.add(item | machine.run_of(child) | {"sub_state": "online", "source": source})
    for name, script in kept.items():
        if service_key("user", name, user, MANAGER) not in found.items:
            item = service_item("user", name, user, MANAGER, state="inactive", source="file", enabled="enabled")
            found.add(item | {"unit_path": script})
    if not names and machine.table.started_by(daemon.pid):
        found.lack(f"The names that pm2 of user {user} has for its applications are in {home}, which is closed.")


def running_names(machine: Machine, home: str) -> dict[int, str]:
    """The application by the process id of each that runs: files NAME-NUMBER.pid."""
    found = {}
    for file in machine.names(f"{home}/pids"):
        matched = PID_FILE.match(file)
        pid = machine.text(f"{home}/pids/{file}").strip() if matched else ""
        if matched and pid.isdigit():
            found[int(pid)] = matched["name"]
    return found


def saved(machine: Machine, home: str) -> dict[str, str | None]:
    """The script by name of what `pm2 save` has kept, to be started with the machine."""
    try:
        told: Any = json.loads(machine.host.read(f"{home}/dump.pm2", DUMP_MAX))
    except (Unavailable, CollectorError, ValueError, RecursionError):
        return {}
    found: dict[str, str | None] = {}
    for one in told if isinstance(told, list) else []:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            script = one.get("pm_exec_path")
            found[one["name"]] = script if isinstance(script, str) else None
    return found
