"""A TCP connection to the server, plain or (in tls.py) encrypted."""

from __future__ import annotations

import _socket
import time

from nodestral_agent import signals
from nodestral_agent.errors import Unreachable

# For all addresses of a name together.
CONNECT_SECONDS = 15.0


class Socket(_socket.socket):
    """A TCP socket. A class of our own, because TLS takes a weak reference that the plain one does not allow."""


class Stream:
    """An open connection. Every call raises OSError (of it, `_socket.timeout`) when the connection fails."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def send_all(self, data: bytes) -> None:
        """Send everything."""
        self._socket.sendall(data)

    def receive(self, size: int) -> bytes:
        """At most `size` bytes; b"" when the other side ended the connection."""
        return self._socket.recv(size)

    def limit(self, seconds: float) -> None:
        """How long each call may take from now on."""
        self._socket.settimeout(seconds)

    def fileno(self) -> int:
        """The descriptor, to wait on."""
        return self._socket.fileno()

    def close(self) -> None:
        """End it."""
        self._socket.close()


def connected(host: str, port: int, patience_seconds: float = CONNECT_SECONDS) -> Socket:
    """A TCP connection to the first address of `host` that answers. Unreachable when none does in time."""
    why = "it has no address"
    deadline = time.monotonic() + min(CONNECT_SECONDS, patience_seconds)
    for family, kind, protocol, _, address in _addresses(host, port):
        try:
            socket = Socket(family, kind, protocol)
        except OSError as error:
            why = error.strerror or str(error)
            continue
        try:
            socket.settimeout(max(1.0, deadline - time.monotonic()))
            socket.connect(address)
            socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        except OSError as error:
            socket.close()
            why = "it did not answer in time" if isinstance(error, _socket.timeout) else error.strerror or str(error)
        else:
            return socket
    raise Unreachable(f"no connection to {host} port {port}: {why}")


def _addresses(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    # The C library's resolver does not let Python's signal handlers run. While it works, SIGTERM ends the agent at
    # once, which it is made for: nothing that is on the disk can be lost by it.
    try:
        handler = signals.handle(signals.SIGTERM, signals.SIG_DFL)
    except ValueError:
        handler = None  # not the main thread: nobody's signals
    try:
        # As bytes: a str would load the tables of international names, 2 MB, for a name that is ASCII already.
        return list(_socket.getaddrinfo(host.encode("ascii"), port, 0, _socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise Unreachable(f"the name {host} does not resolve: {why}") from None
    finally:
        if handler is not None:
            signals.handle(signals.SIGTERM, handler)
