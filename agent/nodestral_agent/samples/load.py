"""Load averages and uptime. Source: /proc/loadavg and /proc/uptime (proc(5)); no permission needed."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.host import Host

LOAD_MAX = 1e6


def parse(text: str) -> dict[str, float]:
    """Averages over one, five and fifteen minutes."""
    try:
        one, five, fifteen = (min(max(float(word), 0.0), LOAD_MAX) for word in text.split()[:3])
    except ValueError:
        raise CollectorError("is not three numbers", "/proc/loadavg") from None
    return {"one": one, "five": five, "fifteen": fifteen}


def read(host: Host) -> dict[str, float]:
    """The reading of now."""
    return parse(host.text("/proc/loadavg"))


def uptime_seconds(host: Host) -> float:
    """Seconds since boot."""
    try:
        return max(0.0, float(host.text("/proc/uptime").split()[0]))
    except (ValueError, IndexError):
        raise CollectorError("is not a number", "/proc/uptime") from None
