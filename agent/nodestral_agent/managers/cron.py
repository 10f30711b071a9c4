"""cron: the entries of its tables and the scripts in /etc/cron.daily and the like, as timetable.

Sources: /etc/crontab, /etc/cron.d, the tables of users where they may be read, and the folders of scripts. crontab(5).
Of a command only the program is told, never its arguments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.command_line import first_program
from nodestral_agent.workloads.service_item import service_item

MANAGER = "cron"
DAEMONS = ("cron", "crond", "fcron")
SYSTEM, FOLDER = "/etc/crontab", "/etc/cron.d"
# Debian; Alpine; SUSE; and Red Hat, where files lie in the spool itself.
USERS = ("/var/spool/cron/crontabs", "/etc/crontabs", "/var/spool/cron/tabs", "/var/spool/cron")
PARTS = {
    **{f"/etc/cron.{word}": word for word in ("hourly", "daily", "weekly", "monthly", "yearly")},
    **{f"/etc/periodic/{word}": word for word in ("15min", "hourly", "daily", "weekly", "monthly")},
}
ENTRIES_MAX = 1000
FIELD = re.compile(
    r"(?:[\d*/,?#~LWH-]|sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+", re.IGNORECASE
)
WORDS = frozenset({"@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
SETTING = re.compile(r"^[A-Za-z_]\w*\s*=")
USER = re.compile(r"^[\w.@-]+$")
# Leftovers of editors and packagers, which no cron reads; Debian's reads only names without a dot.
LEFTOVER = re.compile(r"(^\.)|(~$)|(\.(rpmsave|rpmorig|rpmnew|dpkg-\w+|swp|bak|placeholder)$)")
PLAIN = re.compile(r"^[\w-]+$", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One line. `number`: which of the table's lines it is; `command` never leaves this machine."""

    number: int
    schedule: str
    user: str | None
    command: str


def entries(text: str, user: str | None) -> list[Entry]:
    """The entries of a table: of `user`, or each with a user of its own where that is None."""
    found: list[Entry] = []
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#") or SETTING.match(line):
            continue
        times = 1 if line.startswith("@") else 5
        fields = line.split(None, times + (user is None))
        schedule, rest = fields[:times], fields[times:]
        if not all(field in WORDS or FIELD.fullmatch(field) for field in schedule) or len(rest) != 1 + (user is None):
            continue
        whose = user if user is not None else rest[0]
        if USER.match(whose) and len(found) < ENTRIES_MAX:
            found.append(Entry(len(found) + 1, " ".join(schedule), whose, rest[-1]))
    return found


def look(machine: Machine, found: Findings) -> None:
    """All entries that this agent may read."""
    state = daemon_state(machine)
    schedules: dict[str, str] = {}
    strict = machine.has("/etc/debian_version")
    tables = [SYSTEM, *(f"{FOLDER}/{name}" for name in machine.names(FOLDER) if counts(name, strict=strict))]
    for path in tables:
        for entry in entries(machine.text(path), None):
            add(found, path, entry, state, scope="system")
            schedules.update({folder: entry.schedule for folder in PARTS if folder in entry.command})
    add_users(machine, found, state)
    for folder, word in PARTS.items():
        for name in machine.names(folder):
            if counts(name, strict=strict) and is_program(machine.host, f"{folder}/{name}"):
                add_part(found, f"{folder}/{name}", schedules.get(folder, word), state)


def daemon_state(machine: Machine) -> dict[str, str | None]:
    """Whether anybody acts upon the tables. Unknown where processes of others are hidden."""
    if any(machine.table.user(entry.pid) == "root" for entry in machine.found(*DAEMONS)):
        return {"state": "active", "sub_state": "waiting"}
    if 1 in machine.table.entries:
        return {"state": "inactive", "sub_state": "no cron runs"}
    return {"state": "unknown", "sub_state": None}


def add(found: Findings, path: str, entry: Entry, state: dict[str, str | None], *, scope: str) -> None:
    """One entry."""
    unit = f"{path[1:] if scope == 'system' else 'crontab'}/{entry.number}"
    item = service_item(scope, unit, entry.user, MANAGER, source="file", kind="timetable", **state)
    item["activates"] = activated(entry.command)
    found.add(item | {"schedule": entry.schedule, "unit_path": path})


def activated(command: str) -> str | None:
    """The program; of run-parts the folder, which is no secret."""
    program = first_program(command)
    if program.rpartition("/")[2] == "run-parts":
        return next((folder for folder in PARTS if folder in command), program)
    return program or None


def add_part(found: Findings, path: str, schedule: str, state: dict[str, str | None]) -> None:
    """A script that is started with all others of its folder."""
    item = service_item("system", path[1:], "root", MANAGER, source="file", kind="timetable", **state)
    found.add(item | {"schedule": schedule, "activates": path, "unit_path": path})


def add_users(machine: Machine, found: Findings, state: dict[str, str | None]) -> None:
    """The tables of users, each a file named after its user."""
    host = machine.host
    for folder in USERS:
        try:
            users = host.names(folder)
        except Denied:
            found.lack("The crontabs of users are closed to all but root.")
            return
        except (Unavailable, CollectorError):
            continue
        for user in filter(USER.match, users):
            for entry in entries(machine.text(f"{folder}/{user}"), user):
                add(found, f"{folder}/{user}", entry, state, scope="user")


def counts(name: str, *, strict: bool) -> bool:
    """Whether cron reads a file of this name."""
    return bool(PLAIN.match(name)) if strict else not LEFTOVER.search(name)


def is_program(host: Host, path: str) -> bool:
    """Whether it may be executed, as run-parts asks for."""
    try:
        return bool(host.stat(path).st_mode & 0o111)
    except (Unavailable, CollectorError):
        return False
