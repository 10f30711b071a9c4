"""System V init: the scripts of /etc/init.d that the default runlevel starts, where neither systemd nor OpenRC does.

A script keeps no state: whether its daemon runs is told by a pid file or by a process of its name, and is unknown else.
"""

from __future__ import annotations

import re
from typing import Any

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads import systemctl
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import service_item

MANAGER = "sysvinit"
SCRIPTS = "/etc/init.d"
LEVEL = re.compile(r"^\w*:(\d):initdefault:", re.MULTILINE)
START = re.compile(r"^S\d\d(?P<name>[\w.@-]+)$")
# LSB header of a script, and Red Hat's.
SHORT = re.compile(r"^# Short-Description:[ \t]*(.+)$", re.MULTILINE)
PID_FILE = re.compile(r"^# ?pidfile:[ \t]*(/\S+)$|^PIDFILE=[\"']?(/[\w./-]+)", re.MULTILINE)
# What passes in a moment.
STEPS = frozenset({"rc.local", "rmnologin", "bootlogs", "single", "sendsigs", "killprocs", "sudo", "rsync"})


def look(machine: Machine, found: Findings) -> None:
    """The services that are started with the machine."""
    init = machine.table.entries.get(1)
    if init is None or init.name != "init" or systemctl.booted(machine.host) or machine.has("/run/openrc/softlevel"):
        return
    matched = LEVEL.search(machine.text("/etc/inittab"))
    level = matched[1] if matched else "2"
    for link in machine.names(f"/etc/rc{level}.d"):
        start = START.match(link)
        if start and start["name"] not in STEPS and machine.has(f"{SCRIPTS}/{start['name']}"):
            found.add(described(machine, start["name"]))


def described(machine: Machine, name: str) -> dict[str, Any]:
    """One script."""
    script = machine.text(f"{SCRIPTS}/{name}")
    item = service_item("system", name, "root", MANAGER, source="file", enabled="enabled")
    short = SHORT.search(script)
    item.update(unit_path=f"{SCRIPTS}/{name}", description=short[1] if short else None)
    main, is_sure = daemon(machine, name, script)
    if main:
        return item | machine.run_of(main) | {"source": "both"}
    return item | {"state": "inactive" if is_sure else "unknown"}


def daemon(machine: Machine, name: str, script: str) -> tuple[Entry | None, bool]:
    """Its process, and whether its absence is sure: there is a pid file, and nobody has that number."""
    named = PID_FILE.search(script)
    places = [path for path in named.groups() if path] if named else []
    for path in (*places, f"/run/{name}.pid", f"/run/{name}/{name}.pid"):
        digits = machine.text(path).strip()
        if digits.isascii() and digits.isdigit():
            return machine.table.entries.get(int(digits)), True
    # A daemon that went to the background was adopted by init.
    adopted = (entry for entry in machine.found(name[:15]) if entry.parent == 1)
    return next(adopted, None), False
