"""Asks a systemd manager for its services with one `systemctl show`, and reads the answer. Needs no privilege for the
system's manager; a user's manager answers to that user alone.

Properties are those of org.freedesktop.systemd1(5). They are the same from systemd 240 to 257; where an older one lacks
a property the line is missing.
"""

from __future__ import annotations

import calendar
import signal
import time
from typing import Any

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads.service_item import service_item

PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "Type",
    "UnitFileState",
    "Description",
    "User",
    "MainPID",
    "NRestarts",
    "MemoryCurrent",
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
)
# What systemd writes for a number that it does not have.
UNSET = frozenset({"", "[not set]", "infinity", "18446744073709551615"})
# sys/wait.h, siginfo_t: how the main process ended
EXITED, KILLED, DUMPED = "1", "2", "3"
# The time stamp that says since when a unit is in its state.
SINCE = {
    "active": "ActiveEnterTimestamp",
    "reloading": "ActiveEnterTimestamp",
    "inactive": "InactiveEnterTimestamp",
    "failed": "InactiveEnterTimestamp",
    "activating": "InactiveExitTimestamp",
}
SECONDS = 15.0


def argv(*, user: bool = False) -> list[str]:
    """The one command: all loaded services."""
    scope = "--user" if user else "--system"
    # Without --all a pattern finds stopped services only before systemd 252 or so.
    return ["systemctl", scope, "--no-pager", "--all", "show", f"--property={','.join(PROPERTIES)}", "*.service"]


def parsed(text: str) -> list[dict[str, str]]:
    """The properties of each unit: lines `NAME=VALUE`, units apart by an empty line."""
    units = []
    for block in text.split("\n\n"):
        lines = (line.partition("=") for line in block.splitlines())
        properties = {name: value for name, equals, value in lines if equals and name in PROPERTIES}
        if properties.get("Id", "").endswith(".service"):
            units.append(properties)
    return units


def unix_seconds(text: str) -> float | None:
    """`Tue 2026-11-24 21:39:35 UTC`, as systemd writes in the C locale with TZ=UTC. Nothing for `n/a` and empty.

    `--timestamp=unix` would be plainer, but systemd before 251 does not know it.
    """
    try:
        return float(calendar.timegm(time.strptime(text, "%a %Y-%m-%d %H:%M:%S UTC")))
    except ValueError:
        return None


def number(text: str) -> int | None:
    """A count, or None where systemd has none."""
    return int(text) if text.isascii() and text.isdigit() and text not in UNSET else None


def exit_code(properties: dict[str, str]) -> str | None:
    """How the main process ended: `1`, `SIGKILL`; None while it runs and where there was none."""
    code, status = properties.get("ExecMainCode", ""), properties.get("ExecMainStatus", "")
    if number(properties.get("MainPID", "")) or not number(properties.get("ExecMainPID", "")):
        return None
    if code == EXITED:
        return status or None
    if code in (KILLED, DUMPED) and status.isdigit():
        try:
            return signal.Signals(int(status)).name
        except ValueError:
            return f"signal {status}"
    return None


def worth_listing(properties: dict[str, str]) -> bool:
    """Whether somebody would look for this service.

    Listed: what runs, starts, stops or has failed, and what is enabled although it does not run. Left out: units that
    other units only mention (not-found, masked), the hundred idle ones that a distribution loads for ordering, and
    boot steps that nobody enabled and that are over or pass in a moment (oneshot).
    """
    state = properties.get("ActiveState", "")
    if state == "failed":
        return True
    if properties.get("LoadState") not in ("loaded", "bad-setting", "error"):
        # A masked or removed unit may still run.
        return properties.get("SubState") == "running"
    if properties.get("UnitFileState") == "enabled":
        # systemd itself decided that it has no place here (no terminal, no battery): nobody misses it.
        unfit = properties.get("ConditionResult") == "no" and properties.get("ConditionTimestamp")
        return state != "inactive" or not unfit
    passing = properties.get("Type") == "oneshot" or properties.get("SubState") == "exited"
    return state != "inactive" and not passing


def item(properties: dict[str, str], user: str | None) -> dict[str, Any]:
    """A service as it is reported. `user`: whose manager told of it, None for the system's."""
    state = properties.get("ActiveState", "unknown")
    told = service_item(
        "user" if user else "system",
        properties["Id"],
        user,
        state=state,
        source="systemd",
        sub_state=properties.get("SubState") or None,
        description=properties.get("Description") or None,
        enabled=properties.get("UnitFileState") or None,
        since_at=unix_seconds(properties.get(SINCE.get(state, "StateChangeTimestamp"), "")),
        restarts_total=number(properties.get("NRestarts", "")),
        main_pid=number(properties.get("MainPID", "")) or None,
        exit_code=exit_code(properties),
    )
    told["user"] = properties.get("User") or user or "root"
    return told


def shown(host: Host) -> list[dict[str, str]]:
    """All loaded services of the system's manager. Unavailable where PID 1 is not systemd."""
    if not booted(host):
        raise Unavailable("systemd does not run this machine")
    return parsed(host.run(argv(), SECONDS).decode("utf-8", "replace"))


def shown_to(host: Host, uid: int, own_uid: int) -> list[dict[str, str]]:
    """All loaded services of a user's manager, asked as that user: it is the agent's own, or the agent is root."""
    command = argv(user=True)
    if uid != own_uid:
        # Root is refused by a user's manager, so it asks as that user.
        command = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--", *command]
    runtime = f"/run/user/{uid}"
    answer = host.run(command, SECONDS, environment={"XDG_RUNTIME_DIR": runtime})
    return parsed(answer.decode("utf-8", "replace"))


def booted(host: Host) -> bool:
    """Whether systemd is PID 1: sd_booted(3)."""
    try:
        host.stat("/run/systemd/system")
    except Unavailable:
        return False
    return True
