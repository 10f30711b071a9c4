"""Property lists of macOS, of people and of programs: hostile until proven otherwise."""

from __future__ import annotations

import datetime as dt
import plistlib
from xml.parsers.expat import ExpatError

from nodestral_agent.errors import CollectorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.host import Host

PLIST_MAX = 1 << 20


def read(host: Host, path: str) -> dict[str, Any]:
    """The dictionary in a file, in either format. CollectorError when it holds something else."""
    try:
        found = plistlib.loads(host.read(path, PLIST_MAX))
    except (ExpatError, plistlib.InvalidFileException, ValueError, RecursionError, OverflowError):
        raise CollectorError("is not a property list", path) from None
    if not isinstance(found, dict):
        raise CollectorError("is not a dictionary", path)
    return found


def text(found: dict[str, Any], name: str) -> str:
    """A value that is a text; "" for anything else."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def unix_seconds(value: Any) -> float | None:
    """A date of a property list, which is UTC without saying so."""
    if not isinstance(value, dt.datetime):
        return None
    try:
        return value.replace(tzinfo=dt.timezone.utc).timestamp()
    except (OverflowError, ValueError):
        return None
