"""The machine's own addresses, from /proc/net: fib_trie and route for IPv4, if_inet6 for IPv6. Needs no privilege."""

from __future__ import annotations

import ipaddress
import struct

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# Interfaces that software makes for its containers and guests: their addresses do not reach this machine.
INNER = ("docker", "br-", "veth", "virbr", "lxcbr", "lxdbr", "cni", "flannel", "cali", "podman", "vnet")
ADDRESSES_MAX = 64
GLOBAL_SCOPE = "00"
# IFA_F_TEMPORARY of linux/if_addr.h: privacy addresses, which change by themselves
TEMPORARY = 0x01


def local_addresses(trie: str) -> list[str]:
    """The addresses of /proc/net/fib_trie that are the machine's own: leaves marked `/32 host LOCAL`."""
    found = []
    leaf = ""
    for line in trie.splitlines():
        words = line.split()
        if words[:1] == ["|--"] and len(words) == 2:
            leaf = words[1]
        elif words == ["/32", "host", "LOCAL"] and leaf:
            found.append(leaf)
    return list(dict.fromkeys(found))


def networks(routes: str) -> list[tuple[ipaddress.IPv4Network, str]]:
    """Directly connected networks and their interfaces: /proc/net/route, numbers in the machine's byte order."""
    found = []
    for line in routes.splitlines()[1:]:
        fields = line.split()
        try:
            interface, destination, gateway, mask = fields[0], fields[1], fields[2], fields[7]
            network, bits = (struct.pack("=I", int(digits, 16)) for digits in (destination, mask))
            if int(gateway, 16) == 0 and int(mask, 16):
                length = bin(int.from_bytes(bits, "big")).count("1")
                found.append((ipaddress.IPv4Network((network, length), strict=False), interface))
        except (IndexError, ValueError, struct.error):
            continue
    return found


def is_inner(address: str, connected: list[tuple[ipaddress.IPv4Network, str]]) -> bool:
    """Whether the address belongs to an interface for containers or guests."""
    matching = [(net.prefixlen, name) for net, name in connected if ipaddress.IPv4Address(address) in net]
    return bool(matching) and max(matching)[1].startswith(INNER)


def six(table: str) -> list[str]:
    """The lasting global addresses of /proc/net/if_inet6: address, index, prefix, scope, flags, interface."""
    found = []
    for line in table.splitlines():
        fields = line.split()
        try:
            digits, _, _, scope, flags, interface = fields
            if scope == GLOBAL_SCOPE and not int(flags, 16) & TEMPORARY and not interface.startswith(INNER):
                found.append(str(ipaddress.IPv6Address(bytes.fromhex(digits))))
        except ValueError:
            continue
    return found


def addresses(host: Host) -> list[str]:
    """IPv4 first, sorted; without loopback, link-local and what belongs to containers."""
    connected = networks(table(host, "route"))
    four = []
    for text in local_addresses(table(host, "fib_trie")):
        try:
            address = ipaddress.IPv4Address(text)
        except ValueError:
            continue
        if not (address.is_loopback or address.is_link_local) and not is_inner(text, connected):
            four.append(address)
    return [*(str(address) for address in sorted(four)), *sorted(six(table(host, "if_inet6")))][:ADDRESSES_MAX]


def table(host: Host, name: str) -> str:
    """A table of /proc/net, empty when this kernel has none."""
    try:
        return host.text(f"/proc/net/{name}")
    except (Unavailable, CollectorError):
        return ""
