"""The address a request comes from. X-Forwarded-For is believed only when a configured proxy sent it, and then the
right-most hop that is not a proxy itself counts: everything left of it is the client's own claim.
"""

import ipaddress
from collections.abc import Iterable

from litestar.types import Scope

from nodestral.kit.origin import header

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Iterable[str]) -> list[Network]:
    return [ipaddress.ip_network(text) for text in texts]


def _within(address: str, trusted: list[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in trusted)


def address(scope: Scope, trusted: list[Network]) -> str:
    client = scope.get("client")
    peer = client[0] if client else ""
    if not trusted or not _within(peer, trusted):
        return peer
    for hop in reversed(header(scope, b"x-forwarded-for").split(",")):
        found = hop.strip()
        if not found:
            break
        if not _within(found, trusted):
            return found
    return peer
