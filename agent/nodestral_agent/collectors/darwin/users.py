"""Who can come in, and how.

Source: the local directory (dscl), which shows every account to everybody. Passwords and keys are not looked for.

Permission: none.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.darwin.accounts import accounts, administrators
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "users"
NO_LOGIN = ("/usr/bin/false", "/sbin/nologin", "/usr/bin/nologin", "")


def collect(host: Host) -> Collected:
    """Every account of the local directory."""
    try:
        may_become_root: set[str] | None = administrators(host)
    except (Unavailable, CollectorError):
        may_become_root = None
    items = [described(record, may_become_root) for record in accounts(host)]
    if not items:
        raise CollectorError("listed no account", "dscl")
    reason = "Passwords, authorised keys and sshd's settings are not told on macOS."
    return Collected(items, coverage("partial", reason))


def described(record: dict[str, str], may_become_root: set[str] | None) -> dict[str, Any]:
    """One account on the wire."""
    name, shell = record["RecordName"], record.get("UserShell", "")
    sudo = None if may_become_root is None else name in may_become_root or name == "root"
    return {
        "kind": "user",
        "key": f"user/{name}",
        "name": name,
        "uid": _number(record.get("UniqueID")),
        "gid": _number(record.get("PrimaryGroupID")),
        "home": record.get("NFSHomeDirectory", ""),
        "shell": shell,
        "can_log_in": shell not in NO_LOGIN,
        "groups": ["admin"] if may_become_root and name in may_become_root else [],
        "sudo": sudo,
        "sudo_by": "admin" if may_become_root and name in may_become_root else None,
        "password": None,
        "authorized_keys": None,
    }


def _number(text: str | None) -> int:
    # `nobody` has the uid -2, which the wire has as the kernel's own unsigned number.
    try:
        number = int(text or "")
    except ValueError:
        return 0
    return number if number >= 0 else number + 2**32
