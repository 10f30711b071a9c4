"""One service as it is reported, whichever source tells of it."""

from __future__ import annotations

from typing import Any


def service_key(scope: str | None, unit: str | None, user: str | None) -> str:
    """`system/UNIT`, or `user:NAME/UNIT` for a service of a user's manager."""
    return f"user:{user}/{unit}" if scope == "user" else f"system/{unit}"


def service_item(scope: str | None, unit: str | None, user: str | None, **known: Any) -> dict[str, Any]:
    """All fields of the protocol; what is not known is null."""
    item = {
        "key": service_key(scope, unit, user),
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
    }
    return {**item, **known}
