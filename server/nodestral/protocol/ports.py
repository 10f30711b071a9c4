"""Section `ports`: listening sockets and whose they are."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Count, Key, Short


class PortItem(Struct):
    """A listening socket. Key: `PROTOCOL/ADDRESS/PORT`, protocol one of tcp, tcp6, udp, udp6.

    The owner fields are null where this agent may not see the owner.
    """

    key: Key
    protocol: Literal["tcp", "tcp6", "udp", "udp6"]
    address: Short
    port: Annotated[int, Meta(ge=0, le=65535)]
    address_class: Literal["any", "loopback", "private", "public"]
    pid: Count | None = None
    process: Short | None = None
    unit: Short | None = None
    scope: Literal["system", "user"] | None = None
    user: Short | None = None
    container_id: Short | None = None
    # Who keeps the unit running, as in a service's `manager`.
    manager: Short | None = None
    # The package of the process's program or of the unit's file.
    package: Short | None = None
    # Of tcp6 and udp6: whether IPv4 arrives here too; null where the kernel does not tell.
    takes_ipv4: bool | None = None
