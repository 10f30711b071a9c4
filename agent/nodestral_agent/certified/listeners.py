"""The certificates behind the machine's own listening sockets, seen by beginning TLS with each.

Sources: /proc/net/tcp and tcp6, and a handshake over loopback or the address that the socket is bound to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodestral_agent.certified.described import chain, described
from nodestral_agent.endpoint import Target
from nodestral_agent.host import Host
from nodestral_agent.workloads import makers, sockets
from nodestral_agent.workloads.sockets import Socket
from nodestral_agent.x509.der import DerError

# How TLS is begun on ports that are for a protocol with a command for it.
STARTTLS = {25: "smtp", 587: "smtp", 2525: "smtp", 143: "imap", 110: "pop3", 5432: "postgresql"}
# What listens here speaks no TLS at all or asks for it in a way of its own, and some of it is upset by strangers: ssh,
# DNS, HTTP, portmap, SMB, line printers, NFS, MySQL, Redis, JetDirect printers (which print what they are sent), X11,
# memcached, MongoDB.
NEVER = frozenset((22, 53, 80, 111, 139, 445, 515, 2049, 3306, 6379, 9100, 9101, 9102, 6000, 11211, 27017))
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 # where listeners are looked for, not where one is made
TARGETS_MAX = 64


@dataclass(frozen=True)
class Listener:
    """A listening socket with how TLS is begun there, and where it is reached."""

    socket: Socket
    protocol: str
    reached_at: str
    unit: str | None

    def target(self, server_name: str = "") -> Target:
        """The handshake for this name."""
        return Target(self.protocol, self.reached_at, self.socket.port, server_name)


def listeners(host: Host) -> list[Listener]:
    """All TCP listeners that may speak TLS. One that systemd holds for a service is left alone: it would start it."""
    found = [one for one in sockets.listening(host) if one.protocol.startswith("tcp") and one.port not in NEVER]
    making = makers.Makers(host, {one.inode for one in found})
    made = []
    for socket in found:
        unit = making.maker(socket.inode, socket.key)[0].unit
        if unit and unit.endswith(".socket"):
            continue
        at = ANY.get(socket.address, socket.address).replace("::ffff:", "")
        made.append(Listener(socket, STARTTLS.get(socket.port, "tls"), at, unit))
    return made


def served(host: Host, found: list[Listener], server_names: list[str]) -> list[dict[str, Any]]:
    """An item for each listener and server name that a certificate is served for."""
    wanted = {one.target(): (one, "") for one in found}
    answers = host.handshakes(list(wanted)[:TARGETS_MAX])
    speaking = [one for one in found if one.target() in answers and answers[one.target()].outcome != "plain"]
    named = {one.target(name): (one, name) for name in server_names for one in speaking if one.protocol == "tls"}
    answers.update(host.handshakes(list(named)[: TARGETS_MAX - len(wanted)]))
    items = []
    for target, (listener, name) in {**wanted, **named}.items():
        answer = answers.get(target)
        if answer is None or not answer.chain:
            continue
        socket = listener.socket
        key = f"served:{listener.protocol}/{socket.address}/{socket.port}/{name}"
        try:
            item = described(host, key, "served", chain(answer.chain))
        except DerError:
            continue
        item |= {"address": socket.address, "port": socket.port, "server_name": name, "protocol": listener.protocol}
        items.append({**item, "unit": listener.unit})
    return items
