"""How busy a Mac is: memory, network, disks, file systems, CPU.

Sources: vm_stat(1), netstat(1), ioreg(8), df(1), mount(8) and top(1), which need no permission. Counters are
cumulative since the start of the machine.
"""

from __future__ import annotations

import plistlib
import re
from xml.parsers.expat import ExpatError

from nodestral_agent.errors import CollectorError
from nodestral_agent.report import COUNT_MAX, TEXT_MAX, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PAGE_SIZE = re.compile(r"page size of (\d{3,6}) bytes")
PAGES = re.compile(r'^"?([^":]+)"?:\s+(\d{1,18})\.?\s*$')
CPU = re.compile(r"CPU usage: ([\d.]+)% user, ([\d.]+)% sys, ([\d.]+)% idle")
PROCESSES = re.compile(r"Processes: (\d+) total, (\d+) running(?:, (\d+) stuck)?")
MOUNT = re.compile(r"^(.+?) on (.+) \((\w+)[,)]")
# A volume that another one stands for, or that is not for people's data.
NO_DATA = ("/dev", "/System/Volumes/VM", "/System/Volumes/Preboot", "/System/Volumes/Update", "/private/var/vm")
NO_FILESYSTEMS = frozenset({"devfs", "autofs", "nullfs", "lifs"})
INNER_NICS = ("lo", "gif", "stf", "utun", "awdl", "llw", "bridge", "vmenet", "anpi", "ap")


def memory(vm_stat: str, total_bytes: int) -> dict[str, int]:
    """Of vm_stat: used is what applications, the kernel and the compressor hold, as Activity Monitor counts it."""
    sized = PAGE_SIZE.search(vm_stat)
    if not sized or not total_bytes:
        raise CollectorError("does not tell the size of a page", "vm_stat")
    pages = {matched[1]: int(matched[2]) for matched in map(PAGES.match, vm_stat.splitlines()) if matched}
    page = int(sized[1])

    def size(name: str) -> int:
        return pages.get(name, 0) * page

    applications = max(0, size("Anonymous pages") - size("Pages purgeable"))
    used = min(total_bytes, applications + size("Pages wired down") + size("Pages occupied by compressor"))
    cached = min(total_bytes, size("File-backed pages") + size("Pages purgeable"))
    return {
        "total_bytes": total_bytes,
        "used_bytes": used,
        "available_bytes": total_bytes - used,
        "cached_bytes": cached,
        "buffers_bytes": 0,
    }


def nics(netstat: str) -> dict[str, tuple[int, int, int, int]]:
    """Of `netstat -ibn`: by interface, bytes received, receive errors, bytes sent, transmit errors."""
    found = {}
    for line in netstat.splitlines():
        words = line.split()
        # One row for each address; the counters stand in the row of the link itself. The address may be missing.
        if len(words) < 10 or not words[2].startswith("<Link#"):
            continue
        try:
            _, errors_in, received, _, errors_out, sent, _ = (int(word) for word in words[-7:])
        except ValueError:
            continue
        if received or sent:
            found[words[0].rstrip("*")] = (received, errors_in, sent, errors_out)
    outer = {name: counters for name, counters in found.items() if not name.startswith(INNER_NICS)}
    found.pop("lo0", None)
    return outer or found


def disks(ioreg: bytes) -> dict[str, tuple[int, int, int, int, int]]:
    """Of `ioreg -a -r -c IOBlockStorageDriver -l`: by device, reads, bytes read, writes, bytes written, ms busy."""
    if not ioreg.strip():
        return {}
    try:
        drivers = plistlib.loads(ioreg)
    except (ExpatError, plistlib.InvalidFileException, ValueError, RecursionError):
        raise CollectorError("printed something that is not a property list", "ioreg") from None
    found = {}
    for driver in drivers if isinstance(drivers, list) else []:
        if not isinstance(driver, dict) or not isinstance(driver.get("Statistics"), dict):
            continue
        told = driver["Statistics"]
        children = driver.get("IORegistryEntryChildren")
        names = [child.get("BSD Name") for child in children if isinstance(child, dict)] if children else []
        name = next((name for name in names if isinstance(name, str)), "")
        busy = _counter(told, "Total Time (Read)") + _counter(told, "Total Time (Write)")
        if name:
            found[name] = (
                _counter(told, "Operations (Read)"),
                _counter(told, "Bytes (Read)"),
                _counter(told, "Operations (Write)"),
                _counter(told, "Bytes (Write)"),
                busy // 1_000_000,
            )
    return found


def _counter(told: dict[str, Any], name: str) -> int:
    value = told.get(name)
    return value if isinstance(value, int) and value >= 0 else 0


def filesystems(mounts: str) -> dict[str, str]:
    """Of `mount`: the type of file system by mount point."""
    found = {}
    for line in mounts.splitlines():
        matched = MOUNT.match(line)
        if matched:
            found[matched[2]] = matched[3]
    return found


def mounts(df: str, types: dict[str, str]) -> list[dict[str, Any]]:
    """Of `df -ik`, whose sizes are in KiB; of the volumes that share one container the root alone keeps its name."""
    found = []
    for line in df.splitlines()[1:]:
        words = line.split()
        at = next((at for at, word in enumerate(words) if word.endswith("%")), 0)
        # Filesystem (may have spaces), blocks, used, available, capacity, iused, ifree, %iused, path (may have spaces).
        if at < 4 or len(words) < at + 5 or not words[at + 3].endswith(("%", "-")):
            continue
        path = " ".join(words[at + 4 :])
        kind = types.get(path, "")
        if kind in NO_FILESYSTEMS or path.startswith(NO_DATA):
            continue
        try:
            total, used, available = (int(word) * 1024 for word in words[at - 3 : at])
            inodes_used, inodes_free = (int(word) for word in words[at + 1 : at + 3])
        except ValueError:
            continue
        if total <= 0:
            continue  # a place where something is mounted when somebody looks
        found.append(
            {
                "mount": clean(path, TEXT_MAX),
                "device": clean(" ".join(words[: at - 3]), TEXT_MAX),
                "filesystem": clean(kind),
                "total_bytes": min(total, COUNT_MAX),
                "used_bytes": min(used, COUNT_MAX),
                "available_bytes": min(available, COUNT_MAX),
                "inodes_total": min(inodes_used + inodes_free, COUNT_MAX),
                "inodes_used": min(inodes_used, COUNT_MAX),
            }
        )
    return found


def cpu(top: str) -> tuple[dict[str, float], dict[str, int]]:
    """Of `top -l 2 -s 1 -n 0`: the shares of its second reading (the first is since the start), and process counts."""
    shares, counts = CPU.findall(top), PROCESSES.findall(top)
    if len(shares) < 2 or not counts:
        raise CollectorError("did not print two readings", "top")
    user, system, idle = (min(100.0, float(share)) for share in shares[-1])
    total, running, stuck = counts[-1]
    split = {
        "user_percent": user,
        "system_percent": system,
        "iowait_percent": 0.0,
        "steal_percent": 0.0,
        "idle_percent": idle,
    }
    return split, {"total": int(total), "running": int(running), "blocked": int(stuck or 0)}
