"""Services of a user whose manager may not be asked, beyond those that run.

A service that is stopped or has crashed leaves no control group behind. It is still known when the user's unit files
may be read and enable it, or when the last scan saw it run. Stopped and failed cannot be told apart from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodestral_agent.host import Host
from nodestral_agent.workloads import unit_files
from nodestral_agent.workloads.service_item import service_item, service_key

# Names that systemd and desktops make for units that live as long as one process: they end and are not missed.
TRANSIENT = ("run-", "app-", "dbus-:")
# For how long a service that was seen to be gone is remembered.
REMEMBERED_SECONDS = 7 * 86400
ACCOUNT = "nodestral-agent"


@dataclass(frozen=True)
class Beyond:
    """Services that do not run, what is missing in words, and what would help."""

    items: list[dict[str, Any]]
    reason: str
    grant: str


def beyond(host: Host, uid: int, name: str, running: dict[str, dict[str, Any]]) -> Beyond:
    """What can be told of this user's services apart from those in `running`, whose items learn what they lack."""
    _, home = unit_files.homes(host).get(uid, (name, ""))
    folder = f"{home}/.config/systemd/user"
    items = {item["unit"]: item for item in gone(host, name, running)}
    if not home or unit_files.closed(host, folder):
        add_enabled(host, [unit_files.ETC], name, running, items)
        return Beyond(
            list(items.values()),
            f"Services of user {name} are seen while they run. One that stopped or crashed is known only "
            "if it was seen before, and not why it ended.",
            grant_for(home) if home else "",
        )
    # One that was started by hand is missed as long as its unit file is there.
    files = {*unit_files.listed(host, folder), *unit_files.listed(host, unit_files.ETC)}
    items = {unit: item for unit, item in items.items() if unit in files}
    add_enabled(host, [unit_files.ETC, folder], name, running, items)
    return Beyond(
        list(items.values()),
        f"Of user {name}'s services the agent sees which run and which are enabled, "
        "but not whether one was stopped or has failed, nor its restarts.",
        f"install the agent as {name} too (a user's manager answers to nobody else)",
    )


def add_enabled(
    host: Host, folders: list[str], name: str, running: dict[str, dict[str, Any]], items: dict[str, dict[str, Any]]
) -> None:
    """What unit files enable: told to those that run, added to `items` where they do not."""
    for unit in (unit for folder in folders for unit in unit_files.enabled(host, folder)):
        known = running.get(service_key("user", unit.unit, name))
        if not known and unit.oneshot:
            continue
        item = known or items.setdefault(unit.unit, service_item("user", unit.unit, name, state="inactive"))
        item["enabled"] = "enabled"
        item["description"] = unit.description


def gone(host: Host, name: str, running: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Services that an earlier scan saw run and that run no longer. Since: when a scan first missed them."""
    items = []
    for before in host.before("services"):
        key, unit = str(before.get("key")), str(before.get("unit"))
        if not key.startswith(f"user:{name}/") or key in running or unit.startswith(TRANSIENT):
            continue
        # None for one that did not run when it was first looked for.
        at = before.get("since_at") if before.get("state") == "inactive" else float(int(host.now()))
        if at is None or host.now() - at < REMEMBERED_SECONDS:
            items.append(service_item("user", unit, name, state="inactive", since_at=at))
    return items


def grant_for(home: str) -> str:
    """The smallest permission with which enabled services can be told from a home: to pass through three folders."""
    way = [home, f"{home}/.config", f"{home}/.config/systemd"]
    who = f"u:{ACCOUNT}"
    return f"setfacl -m {who}:x {' '.join(way)} && setfacl -R -m {who}:rX {home}/.config/systemd/user"
