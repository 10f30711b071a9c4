"""From a sample on the wire to its row, and to the few latest values of its node. Pure."""

import struct
from collections.abc import Sequence
from functools import lru_cache

from nodestral.protocol import Mount, Nic, Sample
from nodestral.samples import metrics
from nodestral.samples.schemas import LatestSample

# Interfaces inside the machine: what passes through them either never leaves it or is counted at a real one too.
INNER_NICS = ("lo", "veth", "docker", "br-", "virbr", "cni", "flannel", "cali", "tun", "tap", "wg", "tailscale")

# Which mounts, disks, NICs and how many cores: samples of one node mostly share it.
Shape = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]
# 2000-01-01, PostgreSQL's epoch, in Unix seconds.
POSTGRESQL_EPOCH = 946_684_800


def microseconds(at: float) -> int:
    """A time as PostgreSQL's binary timestamptz has it."""
    return round((at - POSTGRESQL_EPOCH) * 1_000_000)


def shape(sample: Sample) -> Shape:
    return (
        tuple([mount.mount for mount in sample.mounts]),
        tuple([disk.device for disk in sample.disks]),
        tuple([nic.nic for nic in sample.nics]),
        len(sample.cores_busy_percent),
    )


def series_of(shape: Shape) -> list[tuple[str, str]]:
    """(metric, key) at each place of the detail of samples with this shape."""
    mounts, disks, nics, cores = shape
    places = [(metric, key) for key in mounts for metric in metrics.MOUNT]
    places += [(metric, key) for key in disks for metric in metrics.DISK]
    places += [(metric, key) for key in nics for metric in metrics.NIC]
    return places + [(metric, str(key)) for key in range(cores) for metric in metrics.CORE_BUSY]


@lru_cache(maxsize=1024)
def _packer(count: int) -> struct.Struct:
    return struct.Struct(f"<{count}f")


def detail(sample: Sample) -> bytes:
    """Little-endian float4 values in the order of `series_of`."""
    values: list[float] = []
    for mount in sample.mounts:
        values += (
            mount.total_bytes,
            mount.used_bytes,
            mount.available_bytes,
            mount.inodes_total,
            mount.inodes_used,
        )
    for disk in sample.disks:
        values += (
            disk.read_bytes_per_second,
            disk.write_bytes_per_second,
            disk.reads_per_second,
            disk.writes_per_second,
            disk.busy_percent,
        )
    for nic in sample.nics:
        values += (
            nic.receive_bytes_per_second,
            nic.transmit_bytes_per_second,
            nic.receive_errors_per_second,
            nic.transmit_errors_per_second,
        )
    values += sample.cores_busy_percent
    return _packer(len(values)).pack(*values)


def traffic(nics: Sequence[Nic]) -> tuple[float, float]:
    """(received, transmitted) bytes per second through the interfaces that lead out of the machine."""
    received = transmitted = 0.0
    for nic in nics:
        if not nic.nic.startswith(INNER_NICS):
            received += nic.receive_bytes_per_second
            transmitted += nic.transmit_bytes_per_second
    return received, transmitted


def row(number: int, layout: int, sample: Sample, containers: bytes | None) -> tuple[int | float | bytes | None, ...]:
    """The columns of `samples` in the order of store.COLUMNS."""
    cpu, load, memory, pressure = sample.cpu, sample.load, sample.memory, sample.pressure
    waited: tuple[float | None, ...] = (
        (None, None, None, None, None)
        if pressure is None
        else (
            pressure.cpu_some_percent,
            pressure.memory_some_percent,
            pressure.memory_full_percent,
            pressure.io_some_percent,
            pressure.io_full_percent,
        )
    )
    read = sum([disk.read_bytes_per_second for disk in sample.disks])
    written = sum([disk.write_bytes_per_second for disk in sample.disks])
    return (
        microseconds(sample.at),
        number,
        layout,
        sample.interval_seconds,
        sample.uptime_seconds,
        cpu.user_percent,
        cpu.system_percent,
        cpu.iowait_percent,
        cpu.steal_percent,
        cpu.idle_percent,
        load.one,
        load.five,
        load.fifteen,
        memory.total_bytes,
        memory.used_bytes,
        memory.available_bytes,
        memory.cached_bytes,
        memory.buffers_bytes,
        sample.swap.total_bytes,
        sample.swap.used_bytes,
        sample.processes.total,
        sample.processes.running,
        sample.processes.blocked,
        *traffic(sample.nics),
        read,
        written,
        *waited,
        detail(sample),
        containers,
    )


def _full_percent(mount: Mount) -> float:
    """As `df` has it: of what ordinary users may fill."""
    usable = mount.used_bytes + mount.available_bytes
    return 100 * mount.used_bytes / usable if usable else 0.0


def _share(part: int, whole: int) -> float:
    return min(100.0, 100 * part / whole) if whole else 0.0


def latest(sample: Sample) -> LatestSample:
    received, transmitted = traffic(sample.nics)
    fullest = max(sample.mounts, key=_full_percent, default=None)
    return LatestSample(
        at=sample.at,
        cpu_percent=round(100 - sample.cpu.idle_percent, 2),
        memory_percent=round(_share(sample.memory.used_bytes, sample.memory.total_bytes), 2),
        memory_used_bytes=sample.memory.used_bytes,
        memory_total_bytes=sample.memory.total_bytes,
        swap_percent=round(_share(sample.swap.used_bytes, sample.swap.total_bytes), 2),
        disk_percent=None if fullest is None else round(_full_percent(fullest), 2),
        disk_used_bytes=None if fullest is None else fullest.used_bytes,
        disk_total_bytes=None if fullest is None else fullest.total_bytes,
        receive_bytes_per_second=received,
        transmit_bytes_per_second=transmitted,
        load_one=sample.load.one,
        uptime_seconds=sample.uptime_seconds,
    )
