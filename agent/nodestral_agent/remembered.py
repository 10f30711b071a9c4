"""What the last scan found of a section, for as long as all that it was made from is as it was.

A collector that can tell cheaply what it depends on has a function `stamp(host)`: a text that differs whenever its
result might. Reading a thousand packages costs far more than asking whether the package database has changed.

    sections/NAME.last   {"stamp", "at", "coverage", "hash", "gauges"}; the items are in NAME-HASH.json as ever
"""

from __future__ import annotations

import os

from nodestral_agent import __version__, files
from nodestral_agent.codec import decode, encode, sha256_hex
from nodestral_agent.errors import AgentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.collectors.kind import Collector
    from nodestral_agent.host import Host

SUFFIX = ".last"
# Whatever a stamp may have missed is noticed after a day.
LONGEST_SECONDS = 86_400.0


def stamp_of(collector: Collector, host: Host) -> str:
    """The stamp of what the collector would read now; "" when it must be read in any case."""
    make = getattr(collector, "stamp", None)
    if make is None or not host.memory:
        return ""
    try:
        told = make(host)
        # Another version of the collector may make something else of the same files.
        program = os.stat(getattr(collector, "__file__", None) or __file__).st_mtime_ns
    except (AgentError, OSError):
        return ""
    return sha256_hex(f"{__version__} {program} {host.uid()} {told}".encode())


def recalled(section: str, host: Host, stamp: str) -> dict[str, Any] | None:
    """`{coverage, hash, gauges}` of the last scan if it was made from the same; else None."""
    try:
        last = decode(files.read(_path(section, host.memory)))
        age_seconds = host.now() - last["at"]
        if last["stamp"] != stamp or not 0 <= age_seconds < LONGEST_SECONDS:
            return None
        os.stat(f"{host.memory}/{section}-{last['hash']}.json")
        return {"coverage": last["coverage"], "hash": last["hash"], "gauges": last["gauges"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(section: str, folder: str, found: dict[str, Any], stamp: str, at: float) -> None:
    """Note what a section was made from. What could not be read is tried again with the next scan."""
    if "hash" not in found or found["coverage"]["level"] not in ("full", "partial"):
        return
    last = {"stamp": stamp, "at": at, "gauges": found.get("gauges", {})}
    last.update(coverage=found["coverage"], hash=found["hash"])
    files.write(_path(section, folder), encode(last), durable=False)


def _path(section: str, folder: str) -> str:
    return f"{folder}/{section}{SUFFIX}"
