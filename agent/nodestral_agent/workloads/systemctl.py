"""Asks a systemd manager for its services and timers with one `systemctl show`. Needs no privilege for the system's
manager; a user's manager answers to that user alone.

Properties are those of org.freedesktop.systemd1(5). They are the same from systemd 240 to 257; where an older one lacks
a property the line is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host

PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "Type",
    "UnitFileState",
    "Description",
    "FragmentPath",
    "SourcePath",
    "User",
    "MainPID",
    "NRestarts",
    "Result",
    "MemoryCurrent",
    "CPUUsageNSec",
    "TasksCurrent",
    "ControlGroup",
    "ConditionResult",
    "ConditionTimestamp",
    "ExecMainPID",
    "ExecMainCode",
    "ExecMainStatus",
    "ActiveEnterTimestamp",
    "InactiveEnterTimestamp",
    "InactiveExitTimestamp",
    "StateChangeTimestamp",
    # of timers
    "Unit",
    "TimersCalendar",
    "TimersMonotonic",
    "NextElapseUSecRealtime",
    "NextElapseUSecMonotonic",
    "LastTriggerUSec",
)
WANTED = frozenset(PROPERTIES)
# One timer may have several of these lines; their values are joined.
REPEATED = frozenset({"TimersCalendar", "TimersMonotonic"})
KINDS = (".service", ".timer")
PATTERNS = ("*.service", "*.timer")
# All of them with their states, in a form that is the same as long as they are.
LIST = ("--all", "--plain", "--full", "--no-legend", "list-units", "--type=service,timer")
# What systemd writes for a number that it does not have.
UNSET = frozenset({"", "[not set]", "infinity", "18446744073709551615"})
SECONDS = 10.0


@dataclass(frozen=True)
class Asked:
    """A manager that may be asked, and how: the command before its verb. `scope`: system or user."""

    name: str
    scope: str
    argv: tuple[str, ...]
    environment: dict[str, str]


SYSTEM = Asked("system", "system", ("systemctl", "--system", "--no-pager"), {})


def of_user(uid: int, own_uid: int) -> Asked:
    """A user's manager, asked as that user: it is the agent's own, or the agent is root."""
    command, environment = as_user(uid, own_uid, ["systemctl", "--user", "--no-pager"])
    return Asked(f"user-{uid}", "user", tuple(command), environment)


def parsed(text: str) -> list[dict[str, str]]:
    """The properties of each unit: lines `NAME=VALUE`, units apart by an empty line. Repeated ones are lines."""
    units = []
    for block in text.split("\n\n"):
        properties: dict[str, str] = {}
        for line in block.splitlines():
            name, equals, value = line.partition("=")
            if not equals or name not in WANTED:
                continue
            if name in REPEATED and name in properties:
                value = f"{properties[name]}\n{value}"
            properties[name] = value
        if properties.get("Id", "").endswith(KINDS):
            units.append(properties)
    return units


def number(text: str) -> int | None:
    """A count, or None where systemd has none."""
    return int(text) if text.isascii() and text.isdigit() and text not in UNSET else None


def shown(host: Host, manager: Asked, patterns: tuple[str, ...] = PATTERNS) -> list[dict[str, str]]:
    """All loaded services and timers of a manager, with one command."""
    # Without --all a pattern finds stopped services only before systemd 252 or so.
    command = [*manager.argv, "--all", "show", f"--property={','.join(PROPERTIES)}", *patterns]
    return parsed(host.run(command, SECONDS, environment=manager.environment).decode("utf-8", "replace"))


def as_user(uid: int, own_uid: int, command: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command and environment with which a user's manager or journal is asked. Root is refused: it asks as him."""
    if uid != own_uid:
        command = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--", *command]
    return command, {"XDG_RUNTIME_DIR": f"/run/user/{uid}"}


def booted(host: Host) -> bool:
    """Whether systemd is PID 1: sd_booted(3)."""
    try:
        host.stat("/run/systemd/system")
    except Unavailable:
        return False
    return True
