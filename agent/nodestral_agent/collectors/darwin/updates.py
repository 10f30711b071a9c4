"""Updates of macOS that wait, and whether they are installed by themselves.

Source: /Library/Preferences/com.apple.SoftwareUpdate.plist, where the system notes what its own last look found;
nothing is asked over the network. Homebrew's outdated packages are not told: that needs a fresh index. Needs no
privilege.

Permission: none.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.darwin import plists
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "updates"
PREFERENCES = "/Library/Preferences/com.apple.SoftwareUpdate.plist"


def collect(host: Host) -> Collected:
    """What the last look of the system's own found."""
    found = plists.read(host, PREFERENCES)
    manager: dict[str, Any] = {
        "kind": "manager",
        "key": "manager/softwareupdate",
        "manager": "softwareupdate",
        "automatic": automatic(found),
        "automatic_by": "softwareupdate",
    }
    items = [manager, *pending(found.get("RecommendedUpdates"))]
    looked_at = plists.unix_seconds(found.get("LastFullSuccessfulDate") or found.get("LastSuccessfulDate"))
    gauges = {manager["key"]: {"index_refreshed_at": looked_at}} if looked_at is not None else {}
    return Collected(items, coverage("full"), gauges)


def automatic(found: dict[str, Any]) -> str | None:
    """all, security, download or off; None where nobody has chosen and the system's own default holds."""
    if found.get("AutomaticallyInstallMacOSUpdates") is True:
        return "all"
    if found.get("CriticalUpdateInstall") is True or found.get("CriticalUpdateInstall") == 1:
        return "security"
    if found.get("AutomaticDownload") is True:
        return "download"
    if found.get("AutomaticCheckEnabled") is False or found.get("AutomaticallyInstallMacOSUpdates") is False:
        return "off"
    return None


def pending(told: Any) -> list[dict[str, Any]]:
    """The updates that the system recommends."""
    found = []
    for each in told if isinstance(told, list) else []:
        if not isinstance(each, dict):
            continue
        name = plists.text(each, "Display Name") or plists.text(each, "Identifier")
        if name:
            found.append(
                {
                    "kind": "update",
                    "key": f"softwareupdate/{name}",
                    "manager": "softwareupdate",
                    "name": name,
                    "candidate_version": plists.text(each, "Display Version"),
                    "installed_version": None,
                    "architecture": "",
                    "security": None,
                    "origin": None,
                    "held": False,
                }
            )
    return found
