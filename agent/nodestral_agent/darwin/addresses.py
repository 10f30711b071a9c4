"""Addresses of a Mac. Source: ifconfig(8); no permission needed."""

from __future__ import annotations

import ipaddress

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host


def addresses(host: Host) -> list[str]:
    """Addresses of this machine that others may know: neither loopback nor link-local."""
    try:
        text = host.run(["ifconfig"]).decode("utf-8", "replace")
    except (Unavailable, CollectorError):
        return []
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2 or words[0] not in ("inet", "inet6"):
            continue
        try:
            address = ipaddress.ip_address(words[1].partition("%")[0])
        except ValueError:
            continue
        # Temporary IPv6 addresses come and go by the day.
        if not (address.is_loopback or address.is_link_local or "temporary" in words or "deprecated" in words):
            found.append(str(address))
    return found[:64]
