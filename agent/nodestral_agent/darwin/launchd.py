"""Services of launchd: what it runs now, and the files that define them. Source: launchctl(1), launchd.plist(5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nodestral_agent.darwin import plists
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# In `launchctl print DOMAIN`: process id (0: not running), last exit status, label.
ROW = re.compile(r"^\s+(\d+)\s+(-|\(pe\)|-?\d+)\s+(\S.*)$")
SYSTEM_FOLDERS = ("/Library/LaunchDaemons", "/System/Library/LaunchDaemons")
USER_FOLDERS = ("/Library/LaunchAgents", "/System/Library/LaunchAgents")
JOBS_MAX = 5000
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Loaded:
    """A service that launchd knows now. exit_status: of its last run; None when it never ended."""

    label: str
    pid: int
    exit_status: int | None


@dataclass(frozen=True)
class Job:
    """A service's definition. schedule: when it starts by itself, in words; "" when it is not a matter of time."""

    label: str
    path: str
    program: str
    user: str
    schedule: str
    disabled: bool


def loaded(host: Host, domain: str) -> list[Loaded]:
    """Of `launchctl print system` or `gui/UID`, `user/UID`."""
    return parse(host.run(["launchctl", "print", domain]).decode("utf-8", "replace"))


def parse(text: str) -> list[Loaded]:
    """The rows of the part `services = { … }`."""
    found, inside = [], False
    for line in text.splitlines():
        if line.strip() == "services = {":
            inside = True
        elif inside and line.strip() == "}":
            break
        elif inside:
            matched = ROW.match(line)
            if matched and len(matched[1]) < 10:
                status = matched[2]
                ended = int(status) if status.lstrip("-").isdigit() and len(status) < 8 else None
                found.append(Loaded(matched[3].strip(), int(matched[1]), ended))
    return found[:JOBS_MAX]


def jobs(host: Host, folders: tuple[str, ...]) -> dict[str, Job]:
    """By label, from the folders' files; one that cannot be read is left out."""
    found: dict[str, Job] = {}
    for folder in folders:
        try:
            names = [name for name in host.names(folder) if name.endswith(".plist")]
        except (Unavailable, CollectorError):
            continue
        for name in names[:JOBS_MAX]:
            path = f"{folder}/{name}"
            try:
                job = defined(plists.read(host, path), path)
            except (Unavailable, CollectorError):
                continue
            if job.label:
                found.setdefault(job.label, job)
    return found


def defined(found: dict[str, Any], path: str) -> Job:
    """What a definition says."""
    arguments = found.get("ProgramArguments")
    program = plists.text(found, "Program")
    if not program and isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
        program = arguments[0]
    return Job(
        label=plists.text(found, "Label"),
        path=path,
        program=program,
        user=plists.text(found, "UserName"),
        schedule=schedule(found),
        disabled=found.get("Disabled") is True,
    )


def schedule(found: dict[str, Any]) -> str:
    """`every 3600 s`, `03:15`, `Sun 03:15`, `day 1 03:15`; several are joined by commas."""
    every = found.get("StartInterval")
    words = [f"every {every} s"] if isinstance(every, int) and every > 0 else []
    times = found.get("StartCalendarInterval")
    words += [_moment(at) for at in (times if isinstance(times, list) else [times]) if isinstance(at, dict)]
    return ", ".join(words)


def _moment(at: dict[str, Any]) -> str:
    def part(name: str) -> int | None:
        value = at.get(name)
        return value if isinstance(value, int) and 0 <= value < 60 else None

    hour, minute, weekday = part("Hour"), part("Minute"), part("Weekday")
    words = [f"month {part('Month')}"] if part("Month") is not None else []
    words += [f"day {part('Day')}"] if part("Day") is not None else []
    words += [DAYS[weekday]] if weekday is not None and weekday < len(DAYS) else []
    words.append(f"{'*' if hour is None else f'{hour:02d}'}:{'*' if minute is None else f'{minute:02d}'}")
    return " ".join(words)
