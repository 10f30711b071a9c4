"""The machine's listening sockets that may speak TLS, how it is begun there, and by which names they may be asked.

Sources: /proc/net/tcp and tcp6; sock_diag and systemd for the unit of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.certified.reloads import is_of
from nodestral_agent.endpoint import SERVER_NAME, Target
from nodestral_agent.host import Host
from nodestral_agent.workloads import makers, sockets
from nodestral_agent.workloads.sockets import Socket

# How TLS is begun on ports that are for a protocol with a command for it.
STARTTLS = {25: "smtp", 587: "smtp", 2525: "smtp", 143: "imap", 110: "pop3", 5432: "postgresql"}
# What listens here speaks no TLS at all or asks for it in a way of its own, and some of it is upset by strangers: ssh,
# DNS, HTTP, portmap, SMB, line printers, NFS, MySQL, Redis, JetDirect printers (which print what they are sent), X11,
# memcached, MongoDB.
NEVER = frozenset((22, 53, 80, 111, 139, 445, 515, 2049, 3306, 6379, 9100, 9101, 9102, 6000, 11211, 27017))
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 # where listeners are looked for, not where one is made


@dataclass(frozen=True)
class Listener:
    """A listening socket with how TLS is begun there, and where it is reached."""

    socket: Socket
    protocol: str
    reached_at: str
    unit: str | None

    @property
    def key(self) -> str:
        """Names it in keys of items."""
        return f"{self.protocol}/{self.socket.address}/{self.socket.port}"

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


def names_for(listener: Listener, server_names: dict[str, dict[str, set[int]]]) -> list[str]:
    """The names that clients may ask this listener for: those in the configuration of its own program.

    Where the unit is not known it may be any program that names the listener's port.
    """
    found: dict[str, None] = {}
    for program, names in server_names.items():
        if listener.unit and not is_of(program, listener.unit):
            continue
        for name, ports in names.items():
            fits = listener.socket.port in ports or (not ports and bool(listener.unit))
            if fits and SERVER_NAME.match(name):
                found[name] = None
    return list(found)
