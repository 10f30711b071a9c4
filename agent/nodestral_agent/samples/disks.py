"""Input and output of whole disks. Source: /proc/diskstats and /sys/block (Documentation/admin-guide/iostats.rst).

Partitions, loop, RAM and optical devices are left out, and so is what is built on other disks (LVM, RAID, LUKS):
otherwise a sum over the devices would count the same bytes twice. No permission needed.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.report import clean
from nodestral_agent.samples.rates import percent, rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.host import Host

DISKS_MAX = 256
NO_DISKS = ("loop", "ram", "zram", "sr", "fd")
# /proc/diskstats counts in units of 512 bytes whatever the device's own sector size is.
SECTOR_BYTES = 512


def parse(text: str) -> dict[str, tuple[int, int, int, int, int]]:
    """By device: reads, bytes read, writes, bytes written, milliseconds busy. Devices never used are left out."""
    devices = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) < 14 or words[2].startswith(NO_DISKS):
            continue
        try:
            reads, sectors_read, writes, sectors_written, busy = (int(words[at]) for at in (3, 5, 7, 9, 12))
        except ValueError:
            raise CollectorError("has a line that is not numbers", "/proc/diskstats") from None
        if reads or writes:
            devices[words[2]] = (reads, sectors_read * SECTOR_BYTES, writes, sectors_written * SECTOR_BYTES, busy)
    return devices


class Disks:
    """Knows which devices are whole disks; asks /sys again only when the set of devices changed."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._seen: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()

    def read(self) -> dict[str, tuple[int, int, int, int, int]]:
        """The reading of now; empty where the kernel shows no disks (some containers)."""
        try:
            devices = parse(self._host.text("/proc/diskstats"))
        except (Unavailable, CollectorError):
            return {}
        seen = frozenset(devices)
        if seen != self._seen:
            self._seen = seen
            self._whole = frozenset(name for name in seen if self._is_whole(name))
        return {name: counters for name, counters in devices.items() if name in self._whole}

    def _is_whole(self, name: str) -> bool:
        # /sys writes "!" where a device's name has "/"; partitions have no folder of their own there.
        folder = f"/sys/block/{name.replace('/', '!')}"
        try:
            if "slaves" not in self._host.names(folder):
                return True
            return not self._host.names(f"{folder}/slaves")
        except (Unavailable, CollectorError):
            return False


def rates(
    before: dict[str, tuple[int, int, int, int, int]],
    after: dict[str, tuple[int, int, int, int, int]],
    seconds: float,
) -> list[dict[str, Any]]:
    """One object for each disk that was there at both readings."""
    disks = []
    for name in sorted(after):
        if name not in before:
            continue
        old, new = before[name], after[name]
        disks.append(
            {
                "device": clean(name),
                "read_bytes_per_second": rate(old[1], new[1], seconds),
                "write_bytes_per_second": rate(old[3], new[3], seconds),
                "reads_per_second": rate(old[0], new[0], seconds),
                "writes_per_second": rate(old[2], new[2], seconds),
                "busy_percent": percent(new[4] - old[4], seconds * 1000),
            }
        )
    return disks[:DISKS_MAX]
