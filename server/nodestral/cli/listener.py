"""The listening socket. It is taken before anything else is started: a taken port is told at once."""

import errno
import socket

from nodestral.cli.failure import Failure
from nodestral.settings import Settings

BACKLOG = 2048


def listen(settings: Settings) -> socket.socket:
    """A listening TCP socket. Raises Failure."""
    host, port = settings.listen_host, settings.listen_port
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = _free_port(host, port)
            raise Failure(
                f"Port {port} on {host} is taken by another program. "
                f"Choose another: --port {free}, or NODESTRAL_PORT={free}."
            ) from None
        if error.errno == errno.EACCES:
            raise Failure(
                f"Port {port} is only for root. Choose one above 1023: --port 8600, or NODESTRAL_PORT=8600."
            ) from None
        raise Failure(f"Cannot listen on {host}, port {port}: {error.strerror or error}.") from None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def _free_port(host: str, taken: int) -> int:
    for port in range(taken + 1, min(taken + 50, 65536)):
        try:
            _bound(host, port).close()
        except OSError:
            continue
        return port
    return 0


def local_address(settings: Settings, listener: socket.socket) -> str:
    """http://HOST:PORT under which this machine itself reaches the listener."""
    port = listener.getsockname()[1]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.listen_host, settings.listen_host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
