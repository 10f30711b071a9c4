"""What machine this is: name, macOS version, kernel, processor, memory, virtualization, addresses.

Sources: sysctl, /System/Library/CoreServices/SystemVersion.plist and ifconfig.

Permission: none.
"""

from __future__ import annotations

import os

from nodestral_agent.darwin import plists, sysctl
from nodestral_agent.darwin.addresses import addresses
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "system"
VERSION = "/System/Library/CoreServices/SystemVersion.plist"
KERNEL = (
    *("kern.hostname", "kern.osrelease", "kern.boottime", "hw.machine", "hw.memsize", "hw.ncpu"),
    *("machdep.cpu.brand_string", "kern.hv_vmm_present", "hw.model"),
)


def collect(host: Host) -> Collected:
    """The one item of this section."""
    kernel = sysctl.read(host, *KERNEL)
    if not kernel.get("kern.osrelease"):
        raise CollectorError("tells no kernel", "sysctl")
    version = _version(host)
    number = plists.text(version, "ProductVersion")
    item = {
        "key": "system",
        "hostname": kernel.get("kern.hostname", ""),
        "os_id": "macos",
        "os_name": f"{plists.text(version, 'ProductName') or 'macOS'} {number}".strip(),
        "os_version": number,
        "kernel": kernel["kern.osrelease"],
        "architecture": kernel.get("hw.machine") or os.uname().machine,
        "cpu_model": kernel.get("machdep.cpu.brand_string", ""),
        "cpu_count": max(1, sysctl.number(kernel.get("hw.ncpu"))),
        "memory_total_bytes": sysctl.number(kernel.get("hw.memsize")),
        "virtualization": "vm" if kernel.get("kern.hv_vmm_present") == "1" else "none",
        "boot_at": sysctl.boot_seconds(kernel.get("kern.boottime", "")) or 0.0,
        "timezone": _timezone(host),
        "provider": None,
        "addresses": addresses(host),
        "init": "launchd",
    }
    return Collected([item], coverage("full"))


def _version(host: Host) -> dict[str, object]:
    try:
        return plists.read(host, VERSION)
    except (Unavailable, CollectorError):
        return {}


def _timezone(host: Host) -> str | None:
    try:
        _, found, zone = host.link("/etc/localtime").partition("zoneinfo/")
    except (Unavailable, CollectorError):
        return None
    return zone if found else None
