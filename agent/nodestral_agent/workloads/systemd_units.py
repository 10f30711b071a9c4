"""What the properties of a unit say: which are worth listing, and each as it is reported. Pure."""

from __future__ import annotations

import signal
from typing import Any

from nodestral_agent.workloads.service_item import service_item
from nodestral_agent.workloads.systemctl import number
from nodestral_agent.workloads.systemd_times import span_seconds, unix_seconds

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
NANOSECONDS = 1e9


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
    """Whether somebody would look for this unit.

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
    """A service or timer as it is reported. `user`: whose manager told of it, None for the system's."""
    state = properties.get("ActiveState", "unknown")
    result = properties.get("Result", "success")
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
        result=None if result in ("", "success") else result,
        # A service made from a script of /etc/init.d has that script as its source.
        unit_path=properties.get("SourcePath") or properties.get("FragmentPath") or None,
    )
    told["user"] = properties.get("User") or user or "root"
    if properties["Id"].endswith(".timer"):
        told.update(kind="timer", user=user, schedule=schedule(properties), activates=properties.get("Unit") or None)
    return told


def schedule(properties: dict[str, str]) -> str | None:
    """When a timer elapses, in the words of its unit file: systemd.timer(5).

    From lines like `{ OnCalendar=Mon *-*-* 00:00:00 ; next_elapse=… }` and `{ OnBootUSec=15min ; next_elapse=… }`.
    """
    words = []
    for line in f"{properties.get('TimersCalendar', '')}\n{properties.get('TimersMonotonic', '')}".splitlines():
        setting, equals, value = line.strip("{} ").partition(" ; ")[0].partition("=")
        if equals and setting == "OnCalendar":
            words.append(value)
        elif equals:
            words.append(f"{setting.replace('USec', 'Sec')}={value}")
    return "; ".join(sorted(words)) or None


def timer_gauges(properties: dict[str, str], now: float, monotonic: float) -> dict[str, float]:
    """When a timer ran and will run: Unix seconds. `monotonic`: the same moment as `now` on the clock since boot."""
    gauges = {}
    last = unix_seconds(properties.get("LastTriggerUSec", ""))
    if last:
        gauges["last_run_at"] = last
    coming = [unix_seconds(properties.get("NextElapseUSecRealtime", ""))]
    since_boot = span_seconds(properties.get("NextElapseUSecMonotonic", ""))
    if since_boot is not None and since_boot >= monotonic:
        coming.append(float(round(now + since_boot - monotonic)))
    known = [at for at in coming if at]
    if known:
        gauges["next_run_at"] = min(known)
    return gauges


def gauges(properties: dict[str, str]) -> dict[str, float]:
    """What the manager itself measured of a service."""
    found: dict[str, float] = {}
    memory, nanoseconds, tasks = (
        number(properties.get(name, "")) for name in ("MemoryCurrent", "CPUUsageNSec", "TasksCurrent")
    )
    if memory is not None:
        found["memory_bytes"] = memory
    if nanoseconds is not None:
        found["cpu_seconds"] = round(nanoseconds / NANOSECONDS, 1)
    if tasks is not None:
        found["tasks"] = tasks
    return found
