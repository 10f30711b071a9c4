"""The file between a helper and the agent: one JSON object, `{section, coverage, items?, gauges?}`.

The helper replaces it as a whole at each run. The agent believes it only if the helper's own account owns it and its
folder, it is young, small and of the right shape. A helper looks at hostile data, so it may be wrong: what it wrote is
cleaned and bounded like everything that a collector finds.
"""

from __future__ import annotations

import json
import os
from stat import S_ISREG
from typing import Any, Callable

from nodestral_agent import files
from nodestral_agent.codec import encode
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.helpers import unit
from nodestral_agent.host import Host
from nodestral_agent.report import ITEMS_MAX, KEY_MAX, Collected

# The timers run every five minutes. One run may fail, or be late on a busy machine.
OLDEST_SECONDS = 900.0
# By so much the clock may have been set back since the file was written.
AHEAD_SECONDS = 120.0

Fits = Callable[[dict[str, Any]], bool]


def write(folder: str, section: str, found: dict[str, Any]) -> None:
    """The helper's side. `found`: coverage, items and gauges. CollectorError when it is too large to be handed over."""
    text = encode({"section": section, **found})
    path = f"{folder}/{section}.json"
    if len(text) > unit.LIMITS_BYTES[section]:
        raise CollectorError(f"{len(text)} bytes are more than {unit.LIMITS_BYTES[section]}", path)
    # The group is the agent's. No sync: the folder does not outlive the machine's run.
    files.write(path, text, durable=False, mode=0o640)


def read(host: Host, section: str, fits: Fits) -> Collected:
    """The agent's side: what the helper found, or the error that it met.

    fits: whether an item has the section's own shape. Unavailable when the helper is not on this machine;
    CollectorError with a sentence for a person when it is, and its file cannot be used.
    """
    path = unit.file(section)
    try:
        data, stat = host.file(path, unit.LIMITS_BYTES[section])
    except Unavailable:
        if not unit.enabled(host, section):
            raise
        raise CollectorError(
            f"the helper is installed and has not written yet: see systemctl status {unit.service(section)}", path
        ) from None
    except Denied as error:
        raise CollectorError(f"may not be read by this agent ({error.what})", path) from None
    check_origin(host, section, stat)
    return collected(parsed(data, path), section, fits, path)


def check_origin(host: Host, section: str, stat: os.stat_result) -> None:
    """CollectorError unless the helper wrote it, not long ago."""
    path = unit.file(section)
    folder = path.rpartition("/")[0]
    expected = unit.account(section)
    for place, uid in ((folder, host.owner(folder)), (path, stat.st_uid)):
        if host.user_name(uid) != expected:
            raise CollectorError(f"belongs to {host.user_name(uid) or uid} instead of {expected}: not believed", place)
    if host.owner(unit.FOLDER) != 0 or not S_ISREG(stat.st_mode) or stat.st_mode & 0o022:
        raise CollectorError("others may write it: not believed", path)
    age = host.now() - stat.st_mtime
    if age > OLDEST_SECONDS:
        raise CollectorError(
            f"the helper last wrote {int(age // 60)} minutes ago: see systemctl status {unit.service(section)}", path
        )
    if age < -AHEAD_SECONDS:
        raise CollectorError("is from the future, so the clock was set back: its next run puts it right", path)


def parsed(data: bytes, path: str) -> dict[str, Any]:
    """The JSON object in it."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise CollectorError("is not what a helper writes", path)
    return value


def collected(value: dict[str, Any], section: str, fits: Fits, path: str) -> Collected:
    """What the helper found. Its own error, denial or absence is raised again."""
    coverage, items, gauges = value.get("coverage"), value.get("items"), value.get("gauges") or {}
    if value.get("section") != section or not isinstance(coverage, dict):
        raise CollectorError("is not what a helper writes", path)
    level, reason, grant = (str(coverage.get(name, "")) for name in ("level", "reason", "grant"))
    if level == "absent":
        raise Unavailable(reason)
    if level == "denied":
        raise Denied(f"the helper was denied: {reason}", "", grant)
    if level not in ("full", "partial"):
        raise CollectorError(f"the helper met an error: {reason}")
    if not isinstance(items, list) or len(items) > ITEMS_MAX or not all(has_key(item) and fits(item) for item in items):
        raise CollectorError("holds items of another shape", path)
    if not isinstance(gauges, dict) or not all(is_gauges(each) for each in gauges.values()):
        raise CollectorError("holds gauges of another shape", path)
    return Collected(items, {"level": level, "reason": reason, "grant": grant}, gauges)


def has_key(item: object) -> bool:
    """Whether it is an object with a name of its own."""
    return isinstance(item, dict) and isinstance(item.get("key"), str) and 0 < len(item["key"]) <= KEY_MAX


def is_gauges(values: object) -> bool:
    """Whether it is an object of numbers."""
    return isinstance(values, dict) and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in values.values()
    )
