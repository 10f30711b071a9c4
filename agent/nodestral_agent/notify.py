"""Tells systemd that the agent is ready and alive (sd_notify(3)), where systemd asked for it."""

from __future__ import annotations

import _socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Notifier:
    """Silent where NOTIFY_SOCKET is not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        watchdog = environment.get("WATCHDOG_USEC", "")
        # Twice as often as systemd demands.
        self.interval_seconds = int(watchdog) / 2e6 if self._address and watchdog.isdigit() else 3600.0

    def ready(self) -> None:
        """The agent has begun its work."""
        self._tell(b"READY=1")

    def alive(self) -> None:
        """The loop still turns."""
        if self.interval_seconds < 3600.0:
            self._tell(b"WATCHDOG=1")

    def stopping(self) -> None:
        """The agent ends on purpose."""
        self._tell(b"STOPPING=1")

    def _tell(self, message: bytes) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
        try:
            socket.sendto(message, address)
        except OSError:
            pass  # a service manager that does not listen is no reason to fail
        finally:
            socket.close()
