"""What the kernel tells of packet filters without a program: whether there are any, and who may look."""

from __future__ import annotations

import os

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

# linux/capability.h
CAP_NET_ADMIN, CAP_NET_RAW = 12, 13
FAMILIES = {"ip": "ip_tables_names", "ip6": "ip6_tables_names"}
TABLES = ("raw", "mangle", "nat", "filter", "security")


def has_netfilter(host: Host) -> bool:
    """Whether this kernel can filter packets. Denied when that may not be seen either."""
    # The helper sees of /proc what belongs to processes alone: there is no /proc/net.
    for folder in ("/proc/self/net/netfilter", "/proc/sys/net/netfilter"):
        try:
            host.stat(folder)
        except Unavailable:
            continue
        return True
    return False


def has_capability(host: Host, number: int) -> bool:
    """Whether this process has it, in its own user namespace."""
    try:
        lines = host.text("/proc/self/status").splitlines()
        effective = next(line.split()[1] for line in lines if line.startswith("CapEff:"))
        return bool(int(effective, 16) >> number & 1)
    except (Unavailable, CollectorError, StopIteration, IndexError, ValueError):
        return False


def old_tables(host: Host, family: str) -> list[str] | None:
    """Names of the tables that iptables-legacy keeps, [] when there are none; None when that cannot be told.

    The kernel tells root alone; systemd reads it for the helper (LoadCredential=). Elsewhere the names of loaded
    modules tell it, where the kernel's tables are modules.
    """
    name = FAMILIES[family]
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    for path in (f"{folder}/{name}", f"/proc/self/net/{name}") if folder else (f"/proc/self/net/{name}",):
        try:
            told = host.text(path).split()
        except Unavailable:
            continue
        except (Denied, CollectorError):
            return from_modules(host, "iptable" if family == "ip" else "ip6table")
        return [table for table in TABLES if table in told]
    return []


def from_modules(host: Host, prefix: str) -> list[str] | None:
    """Tables whose module is loaded; None when the kernel has them built in."""
    try:
        loaded = set(host.names("/sys/module"))
    except (Unavailable, CollectorError):
        return None
    if f"{prefix.replace('table', '')}_tables" not in loaded:
        return None
    return [table for table in TABLES if f"{prefix}_{table}" in loaded]
