"""CPU shares, whole and by core, and process counts. Source: /proc/stat and /proc (proc(5)); no permission needed."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError
from nodestral_agent.samples.rates import percent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.host import Host

CORES_MAX = 1024


class Times:
    """One reading of /proc/stat. Times are in clock ticks since boot: user, system, iowait, steal, idle."""

    def __init__(self, whole: list[int], cores: list[list[int]], running: int, blocked: int) -> None:
        self.whole = whole
        self.cores = cores
        self.running = running
        self.blocked = blocked


def parse(text: str) -> Times:
    """CollectorError when there is no line for the whole machine."""
    whole: list[int] | None = None
    cores = []
    running = blocked = 0
    for line in text.splitlines():
        if line.startswith("cpu"):
            times = _times(line)
            if line.startswith("cpu "):
                whole = times
            else:
                cores.append(times)
        elif line.startswith("procs_running "):
            running = int(line[14:])
        elif line.startswith("procs_blocked "):
            blocked = int(line[14:])
    if whole is None:
        raise CollectorError("has no line for all CPUs", "/proc/stat")
    return Times(whole, cores[:CORES_MAX], running, blocked)


def _times(line: str) -> list[int]:
    # user nice system idle iowait irq softirq steal guest guest_nice; the guests are part of user and nice already.
    ticks = [int(word) for word in line.split()[1:9]]
    ticks += [0] * (8 - len(ticks))
    user, nice, system, idle, iowait, irq, softirq, steal = ticks
    return [user + nice, system + irq + softirq, iowait, steal, idle]


def _spent(before: list[int], after: list[int]) -> list[int]:
    # The kernel's iowait and idle may step back a little.
    return [max(0, new - old) for old, new in zip(before, after)]


def shares(before: Times, after: Times) -> dict[str, float]:
    """The whole machine's split, in percent."""
    spent = _spent(before.whole, after.whole)
    total = sum(spent)
    user, system, iowait, steal, idle = (percent(part, total) for part in spent)
    return {
        "user_percent": user,
        "system_percent": system,
        "iowait_percent": iowait,
        "steal_percent": steal,
        "idle_percent": idle if total else 100.0,
    }


def cores_busy(before: Times, after: Times) -> list[float]:
    """For each core the share in which it worked. Empty for one interval when cores came or went."""
    if len(before.cores) != len(after.cores):
        return []
    busy = []
    for old, new in zip(before.cores, after.cores):
        user, system, iowait, steal, idle = _spent(old, new)
        busy.append(percent(user + system + steal, user + system + iowait + steal + idle))
    return busy


def read(host: Host) -> Times:
    """The reading of now."""
    return parse(host.text("/proc/stat"))


def processes(host: Host, times: Times) -> dict[str, Any]:
    """Counts of processes. Under hidepid only the agent's own are in the total."""
    total = sum(1 for name in host.names("/proc") if name[0] in "123456789")
    return {"total": total, "running": times.running, "blocked": times.blocked}
