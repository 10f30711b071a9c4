"""Traffic and errors of network interfaces. Source: /proc/net/dev (proc(5)); no permission needed.

Loopback and the host's ends of containers' and virtual machines' links are left out: their traffic is counted where it
enters or leaves the machine. Where nothing else is left (a container with oddly named links) they count after all.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.report import COUNT_MAX, clean
from nodestral_agent.samples.rates import rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nodestral_agent.host import Host

NICS_MAX = 256
INNER = (
    *("veth", "docker", "br-", "podman", "cni", "cali", "flannel", "lxc", "lxdbr", "virbr", "vnet", "ve-", "vb-"),
    *("dummy", "ifb", "kube-", "nodelocaldns", "sit", "ip6tnl", "tunl", "gre", "erspan", "ip_vti", "ip6_vti"),
)


def parse(text: str) -> dict[str, tuple[int, int, int, int]]:
    """By interface: bytes received, receive errors, bytes sent, transmit errors. Interfaces never used are left out."""
    nics = {}
    for line in text.splitlines()[2:]:
        # An interface's name may hold a colon (an old-style alias), so the last one divides.
        name, _, rest = line.rpartition(":")
        words = rest.split()
        if len(words) < 16:
            continue
        try:
            counters = (int(words[0]), int(words[2]), int(words[8]), int(words[10]))
        except ValueError:
            raise CollectorError("has a line that is not numbers", "/proc/net/dev") from None
        if counters[0] or counters[2]:
            nics[name.strip()] = counters
    nics.pop("lo", None)
    outer = {name: counters for name, counters in nics.items() if not name.startswith(INNER)}
    return outer or nics


def read(host: Host) -> dict[str, tuple[int, int, int, int]]:
    """The reading of now, of the network namespace that the agent runs in."""
    try:
        return parse(host.text("/proc/net/dev"))
    except (Unavailable, CollectorError):
        return {}


def rates(
    before: dict[str, tuple[int, int, int, int]], after: dict[str, tuple[int, int, int, int]], seconds: float
) -> list[dict[str, Any]]:
    """One object for each interface that was there at both readings."""
    nics = []
    for name in sorted(after):
        if name not in before:
            continue
        old, new = before[name], after[name]
        nics.append(
            {
                "nic": clean(name),
                "receive_bytes_per_second": rate(old[0], new[0], seconds),
                "transmit_bytes_per_second": rate(old[2], new[2], seconds),
                "receive_errors_per_second": rate(old[1], new[1], seconds),
                "transmit_errors_per_second": rate(old[3], new[3], seconds),
                "receive_bytes_total": min(new[0], COUNT_MAX),
                "transmit_bytes_total": min(new[2], COUNT_MAX),
            }
        )
    return nics[:NICS_MAX]
