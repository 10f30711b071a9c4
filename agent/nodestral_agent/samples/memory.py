"""Memory and swap. Source: /proc/meminfo (proc(5)); no permission needed."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.host import Host


def parse(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Memory and swap in bytes. `used` is total less available: what programs could not have without swapping."""
    sizes = {}
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            sizes[name] = int(words[0]) * 1024
    total = sizes.get("MemTotal", 0)
    if not total:
        raise CollectorError("has no MemTotal", "/proc/meminfo")
    buffers = sizes.get("Buffers", 0)
    # As free(1) counts it: what the slab allocator would give back is cache too.
    cached = sizes.get("Cached", 0) + sizes.get("SReclaimable", 0)
    # Kernels before 3.14 have no MemAvailable.
    available = min(total, sizes.get("MemAvailable", sizes.get("MemFree", 0) + buffers + cached))
    swap_total = sizes.get("SwapTotal", 0)
    memory = {
        "total_bytes": total,
        "used_bytes": total - available,
        "available_bytes": available,
        "cached_bytes": cached,
        "buffers_bytes": buffers,
    }
    return memory, {"total_bytes": swap_total, "used_bytes": max(0, swap_total - sizes.get("SwapFree", 0))}


def read(host: Host) -> tuple[dict[str, int], dict[str, int]]:
    """The reading of now."""
    return parse(host.text("/proc/meminfo"))
