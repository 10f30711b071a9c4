"""Certificate files as the helper reads them, who may read all files, and how the agent takes them over.

The helper is the same reading of the same configurations, and opens no private key either. It neither asks listeners
nor systemd, which are closed to it: that stays with the agent.
"""

from __future__ import annotations

import re
from typing import Any

from nodestral_agent.certified import files, renewal
from nodestral_agent.certified.files import Files
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.helpers import handover
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "certificates"
DIGEST = re.compile(r"[0-9a-f]{64}\Z")
TEXTS = ("key", "path", "fingerprint_sha256", "subject", "issuer", "serial")
OPTIONAL_TEXTS = ("key_type", "key_curve", "signature_algorithm", "renewed_by", "renewal_reason")
LISTS = {"names": 512, "used_by": 32}
TIMES = ("not_before_at", "not_after_at")
LATEST = 253_402_300_799


def collect(host: Host) -> Collected:
    """What the helper hands over: every file, and who renews it."""
    found = files.files(host)
    renewal.name(host, found)
    gaps = files.gaps(found)
    if not found.items and not gaps:
        raise Unavailable("no certificate is in the usual files")
    return Collected(found.items, coverage("partial" if gaps else "full", " ".join(gaps)))


def take_over(host: Host, found: Files) -> list[str]:
    """Add what the helper read and the agent may not. What is still not known, in sentences."""
    try:
        told = handover.read(host, SECTION, fits)
    except Unavailable:
        return files.gaps(found)
    except CollectorError as error:
        return [f"The helper is of no use: {error}.", *files.gaps(found)]
    own = {item["path"]: item for item in found.items}
    for item in told.items:
        # What the agent reads itself is younger. The helper may know better who renews it.
        if item["path"] not in own:
            found.items.append(item)
        elif item.get("renewed_by"):
            own[item["path"]].setdefault("renewed_by", item["renewed_by"])
    found.denied.clear()
    return [str(told.coverage["reason"])] if told.coverage["reason"] else []


def fits(item: dict[str, Any]) -> bool:
    """Whether it is an item of a file: what the helper read is hostile, and it may be wrong itself."""
    return (
        item.get("place") == "file"
        and all(isinstance(item.get(name), str) for name in TEXTS)
        and item["key"] == f"file:{item['path']}"
        and bool(DIGEST.match(item["fingerprint_sha256"]))
        and all(isinstance(item.get(name), (str, type(None))) for name in OPTIONAL_TEXTS)
        and all(is_texts(item.get(name, []), most) for name, most in LISTS.items())
        and all(is_number(item.get(name), LATEST) for name in TIMES)
        and all(item.get(name) is None or is_number(item[name], 1 << 32) for name in ("key_bits", "chain_length"))
        and all(isinstance(item.get(name), bool) for name in ("self_signed", "is_authority"))
        and all(isinstance(item.get(name), (bool, type(None))) for name in ("chain_complete", "renewal_healthy"))
        and not {"address", "port", "server_name", "protocol", "unit", "newer_path"} & item.keys()
    )


def is_texts(value: object, most: int) -> bool:
    """Whether it is a list of so many strings."""
    return isinstance(value, list) and len(value) <= most and all(isinstance(each, str) for each in value)


def is_number(value: object, most: int) -> bool:
    """Whether it is a whole number from 0 to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
