"""One service, timer or timetable entry as it is reported, whichever source tells of it."""

from __future__ import annotations

from typing import Any

SYSTEMD = "systemd"


def service_key(scope: str | None, unit: str | None, user: str | None, manager: str = SYSTEMD) -> str:
    """`system/UNIT`, or `user:NAME/UNIT` for a service of a user's manager; other managers stand before it."""
    place = f"user:{user}/{unit}" if scope == "user" else f"system/{unit}"
    return place if manager == SYSTEMD else f"{manager}:{place}"


def service_item(
    scope: str | None, unit: str | None, user: str | None, manager: str = SYSTEMD, **known: Any
) -> dict[str, Any]:
    """All fields of the protocol; what is not known is null."""
    item = {
        "key": service_key(scope, unit, user, manager),
        "scope": scope,
        "unit": unit,
        "state": "unknown",
        "source": "cgroup",
        "sub_state": None,
        "description": None,
        "user": user,
        "enabled": None,
        "since_at": None,
        "restarts_total": None,
        "main_pid": None,
        "main_process": None,
        "exit_code": None,
        "result": None,
        "manager": manager,
        "kind": "service",
        "unit_path": None,
        "package": None,
        "schedule": None,
        "activates": None,
        "last_log": None,
    }
    return {**item, **known}
