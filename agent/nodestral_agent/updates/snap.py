"""Who updates snaps: snapd itself, unless it was told to wait. Source: snapd's socket.

Which updates wait is not told: snapd would have to ask its store.
"""

from __future__ import annotations

import json

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import snap
from nodestral_agent.updates.found import Found


def watched(host: Host) -> list[str]:
    """Files that differ when the answer does."""
    return snap.watched(host)


def found(host: Host) -> Found:
    """No update, and whether snapd refreshes by itself. Unavailable where no snap is installed."""
    if not snap.present(host):
        raise Unavailable("no snap is installed")
    result = Found("snap", "snap refresh --list")
    result.automatic_by = "snapd"
    try:
        refresh = json.loads(host.http_get(snap.SOCKET, "/v2/system-info"))["result"]["refresh"]
        # `hold` is a time until which nothing is refreshed; snapd leaves it out when that has passed.
        result.automatic = "off" if refresh.get("hold") else "all"
    except (Unavailable, CollectorError, ValueError, KeyError, TypeError, AttributeError):
        result.automatic = None
    result.missing.append("Which snaps have an update is not known without asking their store.")
    return result
