"""The control group that this whole machine lies in, when it is a container: what it may use, and what it uses.

Sources: the root of the control groups as mounted here, version 1 or 2 (cgroups(7)); no permission needed. A machine of
its own has no such group: there the hierarchy's real root shows, which has `release_agent` in version 1 and no
`cgroup.events` in version 2. Limits of groups further out cannot be seen from inside.

A container's /proc/stat is its host's, and so is /proc/meminfo unless lxcfs writes it. So CPU use is taken from the
group; memory is, where the group's limit is lower than what /proc/meminfo tells.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.samples.rates import percent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from nodestral_agent.host import Host

    # Processor time of the group in microseconds: in programs, in the kernel.
    Spent = tuple[int, int]
    Limit = Optional[int]

GONE = (Unavailable, CollectorError)
# Version 1 writes "no limit" as the largest multiple of a page below 2^63.
UNLIMITED = 1 << 62


class OwnGroup:
    """`cpu`, `memory`, `cpuset`: folders of the machine's own group, "" where there is none or it is not shown."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.cpu = self.memory = self.cpuset = self._usage = ""
        self.version = 2
        try:
            table = host.text("/proc/self/mountinfo")
        except GONE:
            return
        for line in table.splitlines():
            front, _, back = line.partition(" - ")
            fields, kind = front.split(" "), back.split(" ")
            if len(fields) < 5 or len(kind) < 3:
                continue
            if kind[0] == "cgroup2" and self._is_there(f"{fields[4]}/cgroup.events") and not self.cpu:
                self.cpu = self.memory = self.cpuset = self._usage = fields[4]
            elif kind[0] == "cgroup" and self._is_inner(fields[4]):
                self._take(fields[4], kind[2].split(","))

    def _take(self, mount: str, controllers: list[str]) -> None:
        # What version 1 has is not in version 2, even where both are mounted.
        for name, attribute in (("cpu", "cpu"), ("cpuacct", "_usage"), ("memory", "memory"), ("cpuset", "cpuset")):
            if name in controllers:
                self.version = 1
                setattr(self, attribute, mount)

    def _is_inner(self, mount: str) -> bool:
        return self._is_there(f"{mount}/cgroup.procs") and not self._is_there(f"{mount}/release_agent")

    def _is_there(self, path: str) -> bool:
        try:
            self._host.stat(path)
        except GONE:
            return False
        return True

    def _words(self, folder: str, name: str) -> list[str]:
        if not folder:
            return []
        try:
            return self._host.text(f"{folder}/{name}").split()
        except GONE:
            return []

    def _number(self, folder: str, name: str) -> Limit:
        words = self._words(folder, name)
        return int(words[0]) if len(words) == 1 and words[0].isdigit() else None

    def _fields(self, folder: str, name: str) -> dict[str, int]:
        words = self._words(folder, name)
        return {key: int(value) for key, value in zip(words[::2], words[1::2]) if value.isdigit()}

    def cpu_limit_cores(self) -> float | None:
        """The quota as a number of cores; None without one."""
        if self.version == 1:
            quota, period = self._number(self.cpu, "cpu.cfs_quota_us"), self._number(self.cpu, "cpu.cfs_period_us")
        else:
            words = self._words(self.cpu, "cpu.max")
            quota, period = (int(word) if word.isdigit() else None for word in [*words, "", ""][:2])
        return round(quota / period, 3) if quota and period else None

    def cpu_count(self) -> int | None:
        """How many cores it may run on; None where that is not told."""
        for name in ("cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"):
            words = self._words(self.cpuset, name)
            if words:
                return counted(words[0])
        return None

    def memory_limit_bytes(self) -> int | None:
        """The hard limit; None without one."""
        limit = self._number(self.memory, "memory.limit_in_bytes" if self.version == 1 else "memory.max")
        return limit if limit and limit < UNLIMITED else None

    def spent(self) -> Spent | None:
        """Processor time so far; None on a machine of its own."""
        if self.version == 1:
            user, system = (self._number(self._usage, f"cpuacct.usage_{name}") for name in ("user", "sys"))
            return None if user is None or system is None else (user // 1000, system // 1000)
        fields = self._fields(self._usage, "cpu.stat")
        found = (fields.get("user_usec"), fields.get("system_usec"))
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def shares(self, before: Spent | None, after: Spent | None, seconds: float, cores: int) -> dict[str, float] | None:
        """CPU shares of what the container may use, in place of the host's; None when this is no container.

        Whether its processes waited for a disk, or their host was kept from running them, its group does not tell.
        """
        if before is None or after is None or seconds <= 0:
            return None
        usable = min(
            float(cores or 1), self.cpu_limit_cores() or float(cores or 1), float(self.cpu_count() or cores or 1)
        )
        whole = usable * seconds * 1e6
        user = percent(after[0] - before[0], whole)
        # A quota is enforced by periods, so that a little more than all of it may fall into an interval.
        system = min(percent(after[1] - before[1], whole), round(100 - user, 2))
        return {
            "user_percent": user,
            "system_percent": system,
            "iowait_percent": 0.0,
            "steal_percent": 0.0,
            "idle_percent": round(max(0.0, 100 - user - system), 2),
        }

    def memory_use(self, told: dict[str, int], swap: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """Memory and swap as they are for the container. `told`: by /proc/meminfo, which is right under lxcfs."""
        limit = self.memory_limit_bytes()
        if limit is None or limit >= told["total_bytes"]:
            return told, swap
        one = self.version == 1
        current = self._number(self.memory, "memory.usage_in_bytes" if one else "memory.current")
        if current is None:
            return told, swap
        stat = self._fields(self.memory, "memory.stat")
        used = max(0, min(limit, current - stat.get("total_inactive_file" if one else "inactive_file", 0)))
        memory: dict[str, Any] = {
            "total_bytes": limit,
            "used_bytes": used,
            "available_bytes": limit - used,
            "cached_bytes": min(limit, stat.get("total_cache" if one else "file", 0)),
            "buffers_bytes": 0,
        }
        swap_limit, swap_used = (self._number(self.memory, f"memory.swap.{name}") for name in ("max", "current"))
        if swap_used is not None:
            total = swap["total_bytes"] if swap_limit is None else min(swap_limit, swap["total_bytes"])
            swap = {"total_bytes": total, "used_bytes": min(swap_used, total)}
        return memory, swap


def counted(cpus: str) -> int | None:
    """How many are in `0-3,8`."""
    count = 0
    for part in cpus.split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            return None
        count += int(last or first) - int(first) + 1
    return count if count > 0 else None
