"""Whether the machine is virtual or a container, in the names of systemd-detect-virt(1)."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.providers.dmi import Dmi

# By a word of the firmware's vendor, product or BIOS vendor.
FIRMWARE = (
    ("KVM", "kvm"),
    ("Amazon EC2", "amazon"),
    ("QEMU", "qemu"),
    ("VMware", "vmware"),
    ("VMW", "vmware"),
    ("innotek GmbH", "oracle"),
    ("VirtualBox", "oracle"),
    ("Xen", "xen"),
    ("Bochs", "bochs"),
    ("Parallels", "parallels"),
    ("BHYVE", "bhyve"),
    ("Hyper-V", "microsoft"),
    ("Microsoft Corporation Virtual Machine", "microsoft"),
    ("Google Compute Engine", "google"),
    ("OpenStack", "kvm"),
)


def virtualization(host: Host, firmware: Dmi) -> str:
    """systemd's own word where it is installed; else by hints. "none" for a machine of metal."""
    try:
        told = host.run(["systemd-detect-virt"], seconds=5, limit=4096).decode("utf-8", "replace").strip()
    except (Unavailable, CollectorError):
        told = ""  # it ends with status 1 also when it finds nothing
    return told or container(host) or by_firmware(firmware) or by_cpu(host) or "none"


def container(host: Host) -> str:
    """The container manager, as files tell it: those of systemd's container interface, Docker and Podman."""
    for path, name in (("/run/.containerenv", "podman"), ("/.dockerenv", "docker")):
        if exists(host, path):
            return name
    for path in ("/run/systemd/container", "/run/host/container-manager"):
        try:
            return host.text(path, 256).strip()
        except (Unavailable, CollectorError):
            continue
    for path in ("/dev/lxd/sock", "/dev/incus/sock", "/dev/.lxc"):
        if exists(host, path):
            return "lxc"
    try:
        if "microsoft" in host.text("/proc/sys/kernel/osrelease", 256).lower():
            return "wsl"
    except (Unavailable, CollectorError):
        pass
    if exists(host, "/proc/vz") and not exists(host, "/proc/bc"):
        return "openvz"
    return ""


def exists(host: Host, path: str) -> bool:
    try:
        host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True


def by_firmware(firmware: Dmi) -> str:
    """The hypervisor that the firmware names."""
    said = f"{firmware.vendor} {firmware.product} {firmware.bios_vendor} {firmware.board_vendor}"
    return next((name for word, name in FIRMWARE if word in said), "")


def by_cpu(host: Host) -> str:
    """A hypervisor shows itself in the CPU's flags without its name."""
    try:
        lines = host.text("/proc/cpuinfo").splitlines()
    except (Unavailable, CollectorError):
        return ""
    flags = next((line for line in lines if line.startswith("flags")), "")
    return "vm-other" if "hypervisor" in flags.split() else ""
