"""Pressure stall shares. Source: /proc/pressure (Linux 4.20, Documentation/accounting/psi.rst); no permission needed.

Computed from the running totals, so that the shares are exact for the interval and not the kernel's own averages.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.samples.rates import percent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.host import Host

KINDS = (("cpu", ("some",)), ("memory", ("some", "full")), ("io", ("some", "full")))


def parse(text: str) -> dict[str, int]:
    """Microseconds of waiting since boot, by line: some, full."""
    totals = {}
    for line in text.splitlines():
        words = line.split()
        for word in words[1:]:
            if word.startswith("total=") and word[6:].isdigit():
                totals[words[0]] = int(word[6:])
    return totals


def read(host: Host) -> dict[str, int] | None:
    """Totals such as {"cpu_some": …}; None where the kernel has no PSI or it is switched off (psi=0)."""
    totals = {}
    for kind, lines in KINDS:
        try:
            found = parse(host.text(f"/proc/pressure/{kind}"))
        except (Unavailable, CollectorError):
            return None
        for line in lines:
            if line not in found:
                return None
            totals[f"{kind}_{line}"] = found[line]
    return totals


def shares(before: dict[str, int] | None, after: dict[str, int] | None, seconds: float) -> dict[str, float] | None:
    """Percent of the interval in which some, or all (full), tasks waited."""
    if before is None or after is None:
        return None
    return {f"{name}_percent": percent(after[name] - before[name], seconds * 1e6) for name in after}
