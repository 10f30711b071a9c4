"""What is found out about the updates of one package manager."""

from __future__ import annotations

from typing import Any

WEEK_SECONDS = 7 * 86_400.0


class Found:
    """manager: as in the section `packages`. refresh: the command that makes the index anew.

    automatic: all, security, download or off, None where it is not told; automatic_by: by what. refreshed_at: Unix
    seconds. missing: sentences about what could not be read; grant: what would help with that.
    """

    def __init__(self, manager: str, refresh: str) -> None:
        self.manager = manager
        self.refresh = refresh
        self.updates: list[dict[str, Any]] = []
        self.automatic: str | None = None
        self.automatic_by: str | None = None
        self.has_index = True
        self.refreshed_at: float | None = None
        self.missing: list[str] = []
        self.grant = ""

    def item(self) -> dict[str, Any]:
        """The manager itself as an item."""
        return {
            "kind": "manager",
            "key": f"manager/{self.manager}",
            "manager": self.manager,
            "automatic": self.automatic,
            "automatic_by": self.automatic_by,
        }

    def gaps(self, now: float) -> tuple[list[str], list[str]]:
        """What is missing, in sentences, and the commands that would help."""
        reasons, grants = list(self.missing), [self.grant] if self.grant else []
        if not self.has_index:
            reasons.append(f"{self.manager} has no index of packages on this machine.")
            grants.append(self.refresh)
        elif self.is_old(now):
            days = int((now - (self.refreshed_at or now)) // 86_400)
            reasons.append(f"The index of {self.manager} was last refreshed {days} days ago.")
            grants.append(self.refresh)
        return reasons, grants

    def is_old(self, now: float) -> bool:
        """Whether newer updates may well exist."""
        return self.refreshed_at is not None and now - self.refreshed_at > WEEK_SECONDS


def update(
    manager: str,
    item: dict[str, Any],
    candidate_version: str,
    security: bool | None,
    origin: str | None,
    phased_percent: int | None = None,
) -> dict[str, Any]:
    """The pending update of one installed package, which is an item of the section `packages`."""
    made: dict[str, Any] = {
        "kind": "update",
        "key": f"{manager}/{item['name']}/{item['architecture']}",
        "manager": manager,
        "name": item["name"],
        "candidate_version": candidate_version,
        "installed_version": item["version"],
        "architecture": item["architecture"],
        "security": security,
        "origin": origin,
        "held": bool(item.get("held")),
    }
    if phased_percent is not None:
        made["phased_percent"] = phased_percent
    return made
