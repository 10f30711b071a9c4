"""Puts one sample of a Mac together. Rates need two readings, so the first call only remembers.

macOS has no files to read these from, so each reading starts seven short programs; top(1) watches for one second to
tell how busy the CPU is. There is no waiting for disks, no stolen time, and no pressure to tell.
"""

from __future__ import annotations

from nodestral_agent.darwin import sysctl, usage
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.samples import disks, nics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from nodestral_agent.host import Host


class Reading:
    """The counters at one moment."""

    def __init__(self, host: Host) -> None:
        self.monotonic = host.monotonic()
        self.nics = _otherwise({}, lambda: usage.nics(_text(host, "netstat", "-ibn")))
        command = ["ioreg", "-a", "-r", "-l", "-w", "0", "-c", "IOBlockStorageDriver"]
        self.disks = _otherwise({}, lambda: usage.disks(host.run(command)))


class DarwinSampler:
    """Takes samples of one Mac."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._before: Reading | None = None

    def watch(self, told: list[dict[str, Any]]) -> None:
        """Nothing: what runs in containers on a Mac runs in a virtual machine."""

    def take(self) -> dict[str, Any] | None:
        """The sample of now, over the time since the last call; None at the first."""
        host = self._host
        before, now = self._before, Reading(host)
        self._before = now
        if before is None or now.monotonic <= before.monotonic:
            return None
        seconds = now.monotonic - before.monotonic
        kernel = sysctl.read(host, "hw.memsize", "vm.loadavg", "vm.swapusage", "kern.boottime")
        shares, processes = usage.cpu(_text(host, "top", "-l", "2", "-s", "1", "-n", "0"))
        one, five, fifteen = sysctl.loads(kernel.get("vm.loadavg", ""))
        swap_total, swap_used = sysctl.swap_bytes(kernel.get("vm.swapusage", ""))
        booted_at = sysctl.boot_seconds(kernel.get("kern.boottime", "")) or host.now()
        types = _otherwise({}, lambda: usage.filesystems(_text(host, "mount")))
        return {
            "at": round(host.now(), 3),
            "interval_seconds": round(seconds, 3),
            "uptime_seconds": round(max(0.0, host.now() - booted_at), 3),
            "cpu": shares,
            "cores_busy_percent": [],
            "load": {"one": one, "five": five, "fifteen": fifteen},
            "memory": usage.memory(_text(host, "vm_stat"), sysctl.number(kernel.get("hw.memsize"))),
            "swap": {"total_bytes": swap_total, "used_bytes": swap_used},
            "processes": processes,
            "mounts": _otherwise([], lambda: usage.mounts(_text(host, "df", "-ik"), types)),
            "disks": disks.rates(before.disks, now.disks, seconds),
            "nics": nics.rates(before.nics, now.nics, seconds),
            "pressure": None,
        }


def _text(host: Host, *argv: str) -> str:
    return host.run(list(argv)).decode("utf-8", "replace")


def _otherwise(nothing: Any, read: Callable[[], Any]) -> Any:
    """What cannot be told is left out; it must not cost the sample."""
    try:
        return read()
    except (Unavailable, CollectorError):
        return nothing
