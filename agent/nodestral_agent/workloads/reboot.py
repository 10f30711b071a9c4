"""Whether the machine has to be started again, and why: the distribution's own marker, and the kernel.

Debian and Ubuntu leave /run/reboot-required and the packages that asked for it in reboot-required.pkgs; SUSE leaves
/run/reboot-needed. Where there is no marker a newer kernel says the same. Libraries that running programs still use in
an older version do not count: restarting their services is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import kernels
from nodestral_agent.workloads.virtualization import exists

MARKERS = ("/run/reboot-required", "/var/run/reboot-required", "/run/reboot-needed")
PACKAGES = ("/run/reboot-required.pkgs", "/var/run/reboot-required.pkgs")
# Names of systemd-detect-virt(1) for those that run on the kernel of their host.
CONTAINERS = frozenset(
    {
        "docker",
        "podman",
        "lxc",
        "lxc-libvirt",
        "systemd-nspawn",
        "openvz",
        "rkt",
        "wsl",
        "proot",
        "pouch",
        "container-other",
    }
)
REASONS_MAX = 64


@dataclass(frozen=True)
class Reboot:
    """required None: it cannot be told. kernel_installed None: in a container, or where none is seen."""

    required: bool | None
    reasons: list[str]
    kernel_installed: str | None


def reboot(host: Host, running: str, virtualization: str) -> Reboot:
    """running: the kernel's release. A container has no kernel of its own, but its packages may ask for a restart."""
    marked = any(exists(host, path) for path in MARKERS)
    reasons = packages(host) if marked else []
    if virtualization in CONTAINERS:
        return Reboot(marked, reasons, None)
    newest = kernels.newest(host, running) if running else None
    if newest is not None and kernels.order(newest) > kernels.order(running):
        reasons.append(f"kernel {newest}")
    elif newest == running and (builds := kernels.builds(host, running)) and builds[0] != builds[1]:
        reasons.append(f"kernel {running} ({builds[1]})")
    required = True if marked or reasons else None if newest is None else False
    return Reboot(required, list(dict.fromkeys(reasons))[:REASONS_MAX], newest)


def packages(host: Host) -> list[str]:
    """The packages that asked for it, each once."""
    for path in PACKAGES:
        try:
            lines = host.text(path, 64 << 10).splitlines()
        except (Unavailable, CollectorError):
            continue
        return sorted({line.strip() for line in lines if line.strip()})
    return []
