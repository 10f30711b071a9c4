"""Services of launchd: those of the system and those of the user whom the agent runs as.

Sources: `launchctl print`, the definitions in /Library, /System/Library and ~/Library, and ps. Needs no privilege; what
launchd runs for other users it tells to them and to root alone.

Permission: none for the system's services; those of another user are told to him and to root alone.
"""

from __future__ import annotations

import os
from typing import Any

from nodestral_agent.darwin import launchd
from nodestral_agent.darwin.launchd import Job, Loaded
from nodestral_agent.darwin.processes import Process, processes
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "services"
GRANT = "install the agent as each user whose services should be seen"


def collect(host: Host) -> Collected:
    """The system's services, and those of the agent's user."""
    running = _processes(host)
    items, gauges = [], {}
    for item, memory_bytes in _domain(host, "system", None, launchd.SYSTEM_FOLDERS, running):
        items.append(item)
        if memory_bytes is not None:
            gauges[item["key"]] = {"memory_bytes": float(memory_bytes)}
    told = coverage("full")
    uid = host.uid()
    if uid != 0:
        user = host.user_name(uid) or str(uid)
        own = f"{os.environ.get('HOME', '')}/Library/LaunchAgents"
        folders = (own, *launchd.USER_FOLDERS) if own.startswith("/") else launchd.USER_FOLDERS
        try:
            for item, memory_bytes in _domain(host, f"user/{uid}", user, folders, running):
                items.append(item)
                if memory_bytes is not None:
                    gauges[item["key"]] = {"memory_bytes": float(memory_bytes)}
        except CollectorError as error:
            told = coverage("partial", f"Services of {user} are not told: {error}.")
    if told["level"] == "full":
        told = coverage("partial", "Services that launchd runs for other users are told to them alone.", GRANT)
    return Collected(items, told, gauges)


def _processes(host: Host) -> dict[int, Process]:
    try:
        return processes(host)
    except (Unavailable, CollectorError):
        return {}


def _domain(
    host: Host, domain: str, user: str | None, folders: tuple[str, ...], running: dict[int, Process]
) -> list[tuple[dict[str, Any], int | None]]:
    """Each service of a domain of launchd's, with the bytes of memory of its process."""
    known = {service.label: service for service in launchd.loaded(host, domain)}
    jobs = launchd.jobs(host, folders)
    found = []
    for label in sorted({*known, *jobs}):
        service = known.get(label)
        process = running.get(service.pid) if service and service.pid else None
        item = described(label, service, jobs.get(label), process, user)
        found.append((item, process.memory_bytes if process else None))
    return found


def described(
    label: str, service: Loaded | None, job: Job | None, process: Process | None, user: str | None
) -> dict[str, Any]:
    """One service on the wire. A scheduled one is a timetable, whether it runs right now or not."""
    pid = service.pid if service else 0
    failed = bool(service and not pid and service.exit_status)
    state = "active" if pid else "failed" if failed else "inactive"
    runs_as = process.user if process else user or (job.user if job else "") or "root"
    return {
        "key": f"launchd:{f'user:{user}' if user else 'system'}/{label}",
        "scope": "user" if user else "system",
        "unit": label,
        "state": state,
        "sub_state": "running" if pid else "loaded" if service else "not loaded",
        "source": "manager" if service else "file",
        "manager": "launchd",
        "kind": "timetable" if job and job.schedule else "service",
        "schedule": (job.schedule or None) if job else None,
        "description": None,
        "user": runs_as,
        "enabled": ("disabled" if job.disabled else "enabled") if job else None,
        "since_at": process.started_at if process else None,
        "main_pid": pid or None,
        "main_process": process.name if process else None,
        "exit_code": str(service.exit_status) if service and service.exit_status is not None else None,
        "unit_path": job.path if job else None,
    }
