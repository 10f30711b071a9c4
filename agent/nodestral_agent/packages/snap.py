"""Snaps. Source: snapd's socket, of which everybody may ask what is installed, or one `snap list`."""

from __future__ import annotations

import json
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import package

# The files of the installed snaps. Nobody asks snapd where there are none: asking would start it.
FOLDER = "/var/lib/snapd/snaps"
STATE = "/var/lib/snapd/state.json"
SOCKET = "/run/snapd.socket"
SECONDS = 10.0


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does. The state tells of holds too; only its time can be seen."""
    return [FOLDER, STATE]


def present(host: Host) -> bool:
    """Whether any snap is installed."""
    try:
        return any(name.endswith(".snap") for name in host.names(FOLDER))
    except Unavailable:
        return False


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed snap. Unavailable where there is none."""
    if not present(host):
        raise Unavailable("no snap is installed")
    try:
        return answered(host.http_get(SOCKET, "/v2/snaps", SECONDS))
    except (Unavailable, CollectorError) as error:
        try:
            return listed(host.run(["snap", "list", "--unicode=never", "--color=never"], SECONDS))
        except Unavailable as other:
            raise CollectorError(f"{error}, and {other}") from None


def answered(body: bytes) -> list[dict[str, Any]]:
    """Snaps as snapd's API tells them. CollectorError for anything else."""
    try:
        snaps = json.loads(body)["result"]
        return [
            package(
                "snap",
                str(snap["name"]),
                str(snap.get("version", "")),
                size_bytes=size if isinstance(size := snap.get("installed-size"), int) and size >= 0 else None,
                # `hold` is the administrator's, until a time; `gating-hold` another snap's.
                held=bool(snap.get("hold") or snap.get("gating-hold")),
            )
            for snap in snaps
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CollectorError("answered something else than snaps", SOCKET) from None


def listed(output: bytes) -> list[dict[str, Any]]:
    """The table of `snap list`: name, version, revision, tracking, publisher, notes."""
    found = []
    for line in output.decode("utf-8", "replace").splitlines()[1:]:
        words = line.split()
        if len(words) >= 3:
            found.append(package("snap", words[0], words[1], held="held" in words[-1].split(",")))
    return found
