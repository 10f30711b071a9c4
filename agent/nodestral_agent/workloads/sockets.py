"""Listening sockets as /proc/net/{tcp,tcp6,udp,udp6} tell them: proc_pid_net(5). Needs no privilege."""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host

PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")
# States of include/net/tcp_states.h. A UDP socket that is not connected to one peer is in CLOSE.
LISTENING = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
PORT_MAX = 65535
# How long a UDP socket on a client's port must be open to count as a listener.
CLIENT_SECONDS = 1.0
TABLE_MAX = 64 << 20


@dataclass(frozen=True)
class Socket:
    """`inode` is 0 for a socket of the kernel itself (WireGuard, NFS)."""

    protocol: str
    address: str
    port: int
    uid: int
    inode: int

    @property
    def key(self) -> str:
        return f"{self.protocol}/{self.address}/{self.port}"


def address_of(digits: str) -> str:
    """`0100007F` is 127.0.0.1: 32-bit words in the machine's byte order."""
    raw = bytes.fromhex(digits)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return written(ipaddress.ip_address(raw))


def written(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """An address as text. Python before 3.13 writes mapped ones (::ffff:127.0.0.1) in a way that nobody reads."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return f"::ffff:{mapped}" if mapped else str(address)


def address_class(text: str) -> str:
    """any, loopback, private or public. What is not routed on the internet counts as private."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_unspecified:
        return "any"
    if address.is_loopback:
        return "loopback"
    return "public" if address.is_global and not address.is_multicast else "private"


def takes_ipv4(socket: Socket, six_only: bool | None) -> bool | None:
    """Whether IPv4 arrives at a socket of IPv6: ipv6(7). None for one of IPv4, and where the kernel does not tell."""
    if not socket.protocol.endswith("6"):
        return None
    if socket.address == "::":
        return None if six_only is None else not six_only
    return socket.address.startswith("::ffff:") and "." in socket.address


def parsed(protocol: str, text: str) -> list[Socket]:
    """The listening sockets of one table. A line that cannot be read is passed over."""
    state = LISTENING[protocol]
    found = []
    for line in text.splitlines():
        fields = line.split()
        # The state first: on a busy machine nearly all lines are connections.
        if len(fields) < 10 or fields[3] != state:
            continue
        address, _, port = fields[1].rpartition(":")
        try:
            if protocol.startswith("udp") and int(fields[2].rpartition(":")[2], 16):
                continue  # it has a peer
            number = int(port, 16)
            if 0 <= number <= PORT_MAX:
                found.append(Socket(protocol, address_of(address), number, int(fields[7]), int(fields[9])))
        except ValueError:
            continue
    return found


def listening(host: Host) -> list[Socket]:
    """All listening sockets in the agent's network namespace. Unavailable when the kernel has no such table."""
    found = []
    tables = 0
    for protocol in PROTOCOLS:
        try:
            text = host.text(f"/proc/net/{protocol}", TABLE_MAX)
        except Unavailable:
            continue  # a kernel without IPv6
        tables += 1
        found.extend(parsed(protocol, text))
    if not tables:
        raise Unavailable("/proc/net has no tables of sockets")
    return found


def lasting(host: Host, found: list[Socket]) -> list[Socket]:
    """Without UDP sockets of clients that wait for an answer, which look like listeners while they do.

    A client's port is one that the kernel gave it, and it is closed soon. WireGuard and others listen on such ports.
    """
    given = ephemeral_ports(host)
    doubtful = {one for one in found if one.protocol.startswith("udp") and one.port in given and one.inode}
    if not doubtful:
        return found
    host.pause(CLIENT_SECONDS)
    before = set(found)
    return [one for one in listening(host) if one in before]


def ephemeral_ports(host: Host) -> range:
    """The ports that the kernel gives to clients: /proc/sys/net/ipv4/ip_local_port_range."""
    try:
        first, last = (int(word) for word in host.text("/proc/sys/net/ipv4/ip_local_port_range").split())
    except (Unavailable, ValueError):
        return range(32768, 61000)
    return range(first, last + 1)
