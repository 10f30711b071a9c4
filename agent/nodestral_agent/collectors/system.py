"""What machine this is: name, operating system, kernel, processor, memory, virtualization, addresses, provider, and
whether it has to be started again.

Sources: /proc, /etc/os-release, the firmware's fields in /sys/class/dmi/id and systemd-detect-virt; for a restart the
distribution's marker in /run, and the kernels in /boot and /lib/modules beside the running one. Inside a container the
number of processors, the memory and both limits are the container's own, by its control group.

Permission: none.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.providers import provider
from nodestral_agent.providers.dmi import dmi
from nodestral_agent.report import Collected, coverage
from nodestral_agent.samples.own_group import OwnGroup
from nodestral_agent.workloads import processes
from nodestral_agent.workloads.addresses import addresses
from nodestral_agent.workloads.init_system import init_system
from nodestral_agent.workloads.reboot import reboot
from nodestral_agent.workloads.virtualization import virtualization

SECTION = "system"
# MIDR part numbers of the cores that servers have, by implementer: ARM's are in each core's reference manual.
ARM_CORES = {
    ("0x41", "0xd07"): "Cortex-A57",
    ("0x41", "0xd08"): "Cortex-A72",
    ("0x41", "0xd0b"): "Cortex-A76",
    ("0x41", "0xd0c"): "Neoverse-N1",
    ("0x41", "0xd40"): "Neoverse-V1",
    ("0x41", "0xd49"): "Neoverse-N2",
    ("0x41", "0xd4f"): "Neoverse-V2",
    ("0xc0", "0xac3"): "Ampere-1",
    ("0xc0", "0xac4"): "Ampere-1a",
}


@dataclass(frozen=True)
class Cpu:
    model: str
    count: int


def collect(host: Host) -> Collected:
    """The one item of this section."""
    release = os_release(host)
    cpu = parsed_cpuinfo(line_file(host, "/proc/cpuinfo"))
    virtual = virtualization(host, dmi(host))
    kernel = line_file(host, "/proc/sys/kernel/osrelease").strip()
    restart = reboot(host, kernel, virtual)
    own = OwnGroup(host)
    memory_bytes, limit_bytes = memory_total_bytes(host.text("/proc/meminfo")), own.memory_limit_bytes()
    item = {
        "key": "system",
        "hostname": line_file(host, "/proc/sys/kernel/hostname").strip(),
        "os_id": release.get("ID", "linux"),
        "os_name": release.get("PRETTY_NAME") or release.get("NAME", "Linux"),
        "os_version": release.get("VERSION_ID", ""),
        "kernel": kernel,
        "architecture": line_file(host, "/proc/sys/kernel/arch").strip() or os.uname().machine,
        "cpu_model": cpu.model,
        "cpu_count": min(cpu.count, own.cpu_count() or cpu.count),
        "cpu_limit_cores": own.cpu_limit_cores(),
        "memory_total_bytes": min(memory_bytes, limit_bytes or memory_bytes),
        "memory_limit_bytes": limit_bytes,
        "virtualization": virtual,
        "boot_at": float(processes.boot_at(host)),
        "timezone": timezone(host),
        "provider": provider(host),
        "addresses": addresses(host),
        "init": init_system(host),
        "kernel_installed": restart.kernel_installed,
        "reboot_required": restart.required,
        "reboot_reasons": restart.reasons,
    }
    return Collected([item], coverage("full"))


def line_file(host: Host, path: str) -> str:
    """A file's text, empty when this kernel does not have it."""
    try:
        return host.text(path)
    except Unavailable:
        return ""


def os_release(host: Host) -> dict[str, str]:
    """os-release(5); the file in /etc goes first."""
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            return parsed_os_release(host.text(path, 64 << 10))
        except (Unavailable, CollectorError):
            continue
    return {}


def parsed_os_release(text: str) -> dict[str, str]:
    """`NAME="value"` lines with the shell's quoting. A line that cannot be read is passed over."""
    values = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if not equals or name.startswith("#"):
            continue
        try:
            values[name] = "".join(shlex.split(value))
        except ValueError:
            continue
    return values


def parsed_cpuinfo(text: str) -> Cpu:
    """/proc/cpuinfo: x86 and POWER name the model; ARM gives numbers."""
    values: dict[str, str] = {}
    count = 0
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name = name.strip()
        if colon and name == "processor" and value.strip().isdigit():
            count += 1
        elif colon:
            values.setdefault(name, value.strip())
    arm = ARM_CORES.get((values.get("CPU implementer", ""), values.get("CPU part", "")), "")
    model = values.get("model name") or values.get("cpu") or arm or values.get("Model") or values.get("uarch") or ""
    return Cpu(" ".join(model.split()), max(count, 1))


def memory_total_bytes(text: str) -> int:
    """MemTotal of /proc/meminfo, which counts in KiB."""
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["MemTotal:"] and len(words) >= 2 and words[1].isdigit():
            return int(words[1]) * 1024
    raise CollectorError("has no MemTotal", "/proc/meminfo")


def timezone(host: Host) -> str | None:
    """The zone's name: where /etc/localtime points, or what /etc/timezone says."""
    try:
        _, found, zone = host.link("/etc/localtime").partition("zoneinfo/")
        if found:
            return zone
    except (Unavailable, CollectorError):
        pass
    try:
        return host.text("/etc/timezone", 256).strip() or None
    except (Unavailable, CollectorError):
        return None
