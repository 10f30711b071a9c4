"""Kernel values of macOS. Source: sysctl(8); no permission needed."""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.host import Host

BOOT = re.compile(r"sec = (\d{1,12})")
SIZE = re.compile(r"(\w+) = (\d{1,12}(?:\.\d{1,6})?)([KMGT]?)")
FACTORS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def read(host: Host, *names: str) -> dict[str, str]:
    """The values as text by name; one that this kernel does not have is left out.

    With an unknown name sysctl prints the others and fails, so each is asked for alone when all at once did not work.
    """
    try:
        return parse(host.run(["sysctl", *names]).decode("utf-8", "replace"))
    except CollectorError:
        if len(names) == 1:
            return {}
    found = {}
    for name in names:
        found.update(read(host, name))
    return found


def parse(text: str) -> dict[str, str]:
    """`name: value` lines."""
    values = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            values[name.strip()] = value.strip()
    return values


def number(text: str | None) -> int:
    """A value that is a whole number; 0 for anything else."""
    return int(text) if text is not None and text.isdigit() and len(text) <= 20 else 0


def boot_seconds(text: str) -> float | None:
    """`{ sec = 1700000000, usec = 123456 } Tue …` as Unix seconds."""
    matched = BOOT.search(text)
    return float(matched[1]) if matched else None


def loads(text: str) -> tuple[float, float, float]:
    """`{ 1.50 1.60 1.70 }`; some languages write a comma for the point."""
    words = text.strip("{} ").replace(",", ".").split()
    try:
        one, five, fifteen = (min(max(0.0, float(word)), 1e6) for word in words[:3])
    except ValueError:
        raise CollectorError("does not hold three numbers", "vm.loadavg") from None
    return one, five, fifteen


def swap_bytes(text: str) -> tuple[int, int]:
    """(total, used) of `total = 2048.00M  used = 1012.25M  free = …`."""
    sizes = {name: int(float(size) * FACTORS[unit]) for name, size, unit in SIZE.findall(text)}
    return sizes.get("total", 0), sizes.get("used", 0)
