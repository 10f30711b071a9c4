"""Which unit systemd holds a listening socket for: systemd.socket(5), one `systemctl show` for all socket units.

PID 1 makes these sockets itself, so that neither a descriptor nor a control group names the unit before it is started.
"""

from __future__ import annotations

import ipaddress
import re

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads.sockets import written

ARGV = ["systemctl", "--system", "--no-pager", "show", "--property=Id,Listen,Triggers", "*.socket"]
# `Listen=[::]:22 (Stream)`; other kinds are paths, FIFOs and netlink groups.
LISTEN = re.compile(r"^\[?(?P<address>[0-9a-f.:]+)\]?(?:%\w+)?:(?P<port>\d{1,5}) \((?P<kind>Stream|Datagram)\)$")
KINDS = {"Stream": "tcp", "Datagram": "udp"}
SECONDS = 10.0


def parsed(text: str) -> dict[str, tuple[str, str]]:
    """By `PROTOCOL/ADDRESS/PORT`: the socket unit and the service that it starts ("" when there is one each)."""
    found: dict[str, tuple[str, str]] = {}
    for block in text.split("\n\n"):
        lines = [line.partition("=") for line in block.splitlines()]
        values = {name: value for name, _, value in lines}
        unit = values.get("Id", "")
        service = next((word for word in values.get("Triggers", "").split() if word.endswith(".service")), "")
        for name, _, value in lines:
            key = key_of(value) if name == "Listen" else ""
            if key and unit.endswith(".socket"):
                found[key] = (unit, service)
    return found


def key_of(listen: str) -> str:
    """The key that this listening address has among ports; "" when it is none of TCP or UDP."""
    matched = LISTEN.match(listen)
    if not matched:
        return ""
    try:
        address = ipaddress.ip_address(matched["address"])
    except ValueError:
        return ""
    six = "6" if address.version == 6 else ""
    return f"{KINDS[matched['kind']]}{six}/{written(address)}/{matched['port']}"


def held(host: Host) -> dict[str, tuple[str, str]]:
    """What systemd listens on for its units; nothing where it does not answer."""
    try:
        return parsed(host.run(ARGV, SECONDS).decode("utf-8", "replace"))
    except (Unavailable, CollectorError):
        return {}
