"""Puts one sample together. Rates need two readings, so the first call only remembers."""

from __future__ import annotations

from nodestral_agent.samples import containers, cpu, disks, load, memory, mounts, nics, own_group, pressure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.host import Host


class Reading:
    """All counters at one moment."""

    def __init__(
        self, host: Host, whole_disks: disks.Disks, watched: containers.Containers, own: own_group.OwnGroup
    ) -> None:
        self.monotonic = host.monotonic()
        self.times = cpu.read(host)
        self.spent = own.spent()
        self.disks = whole_disks.read()
        self.nics = nics.read(host)
        self.pressure = pressure.read(host)
        self.containers = watched.read()


class Sampler:
    """Takes samples of one machine."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._disks = disks.Disks(host)
        self._mounts = mounts.Mounts(host)
        self._containers = containers.Containers(host)
        self._own = own_group.OwnGroup(host)
        self._before: Reading | None = None

    def watch(self, told: list[dict[str, Any]]) -> None:
        """Take samples of these containers, which a scan found running, too."""
        self._containers.watch(told)

    def take(self) -> dict[str, Any] | None:
        """The sample of now, over the time since the last call; None at the first. CollectorError without /proc."""
        host = self._host
        before, now = self._before, Reading(host, self._disks, self._containers, self._own)
        self._before = now
        if before is None or now.monotonic <= before.monotonic:
            return None
        seconds = now.monotonic - before.monotonic
        memory_use, swap_use = self._own.memory_use(*memory.read(host))
        shares = self._own.shares(before.spent, now.spent, seconds, len(now.times.cores))
        return {
            "at": round(host.now(), 3),
            "interval_seconds": round(seconds, 3),
            "uptime_seconds": load.uptime_seconds(host),
            "cpu": shares or cpu.shares(before.times, now.times),
            "cores_busy_percent": cpu.cores_busy(before.times, now.times),
            "load": load.read(host),
            "memory": memory_use,
            "swap": swap_use,
            "processes": cpu.processes(host, now.times),
            "mounts": self._mounts.read(),
            "disks": disks.rates(before.disks, now.disks, seconds),
            "nics": nics.rates(before.nics, now.nics, seconds),
            "pressure": pressure.shares(before.pressure, now.pressure, seconds),
            "containers": self._containers.rates(before.containers, now.containers, seconds),
        }
