"""The packet filter pf. Source: pfctl(8), which needs root."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from nodestral_agent.host import Host

PORTS = re.compile(r"\bport (?:= )?(\{[^}]*\}|\S+)")
PLACE = {"backend": "pf", "family": "inet", "table": "filter", "chain": "main"}
FIELDS = {
    "in_interface": re.compile(r"\bon (\S+)"),
    "protocol": re.compile(r"\bproto (\S+)"),
    "source": re.compile(r"\bfrom (\S+)"),
    "destination": re.compile(r"\bto (\S+)"),
}


def items(host: Host) -> list[dict[str, Any]]:
    """pf itself, and its rules in their order. CollectorError where /dev/pf is closed."""
    status = host.run(["pfctl", "-s", "info"]).decode("utf-8", "replace")
    found = [backend("pf", "Status: Enabled" in status)]
    rules = host.run(["pfctl", "-s", "rules"]).decode("utf-8", "replace")
    seen: dict[str, int] = {}
    for line in rules.splitlines():
        text = " ".join(line.split())
        if not text or text.startswith(("scrub", "anchor", "nat-anchor", "rdr-anchor", "dummynet-anchor")):
            continue
        seen[text] = seen.get(text, 0) + 1
        found.append({**rule(PLACE, text.split()[0], text, seen[text]), **fields(text)})
    return found


def backend(name: str, is_active: bool) -> dict[str, Any]:
    """A firewall on the wire. What is active on a Mac decides."""
    return {
        "kind": "backend",
        "key": f"backend/{name}",
        "name": name,
        "active": is_active,
        "decides": is_active,
        "version": None,
    }


def rule(place: dict[str, str], action: str, text: str, occurrence: int = 1) -> dict[str, Any]:
    """A rule on the wire, its key made of its own text."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    again = f"#{occurrence}" if occurrence > 1 else ""
    return {
        "kind": "rule",
        "key": f"{place['backend']}/{place['family']}/{place['table']}/{place['chain']}/{digest}{again}",
        **place,
        "action": action,
        "text": text,
    }


def fields(text: str) -> dict[str, str | None]:
    """What a rule of pf.conf(5) says of interface, protocol, addresses and ports."""
    found: dict[str, str | None] = {}
    for name, pattern in FIELDS.items():
        matched = pattern.search(text)
        found[name] = matched[1] if matched else None
    ports = PORTS.findall(text.partition(" to ")[2])
    found["destination_ports"] = ports[0] if ports else None
    return found
