"""A sample: one reading of what moves. Rates are per second over `interval_seconds`."""

from typing import Annotated

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Bytes, Count, Key, Load, Percent, Rate, Seconds, Short, Text, Time


class Cpu(Struct):
    """Shares of all CPU time since the last sample; they add up to about 100."""

    user_percent: Percent
    system_percent: Percent
    iowait_percent: Percent
    steal_percent: Percent
    idle_percent: Percent


class LoadAverage(Struct):
    one: Load
    five: Load
    fifteen: Load


class Memory(Struct):
    """`used_bytes` is total minus available: what programs could not be given without swapping."""

    total_bytes: Bytes
    used_bytes: Bytes
    available_bytes: Bytes
    cached_bytes: Bytes
    buffers_bytes: Bytes


class Swap(Struct):
    total_bytes: Bytes
    used_bytes: Bytes


class Mount(Struct):
    mount: Text
    device: Text
    filesystem: Short
    total_bytes: Bytes
    used_bytes: Bytes
    available_bytes: Bytes
    inodes_total: Count
    inodes_used: Count


class Disk(Struct):
    device: Short
    read_bytes_per_second: Rate
    write_bytes_per_second: Rate
    reads_per_second: Rate
    writes_per_second: Rate
    busy_percent: Percent


class Nic(Struct):
    """One network interface. Totals count since the interface came up and may wrap or start again."""

    nic: Short
    receive_bytes_per_second: Rate
    transmit_bytes_per_second: Rate
    receive_errors_per_second: Rate
    transmit_errors_per_second: Rate
    receive_bytes_total: Count
    transmit_bytes_total: Count


class Processes(Struct):
    total: Count
    running: Count
    blocked: Count


class Pressure(Struct):
    """Share of the interval in which some (or all: full) tasks waited. Source: /proc/pressure, Linux 4.20."""

    cpu_some_percent: Percent
    memory_some_percent: Percent
    memory_full_percent: Percent
    io_some_percent: Percent
    io_full_percent: Percent


class ContainerSample(Struct):
    """One running container. `cpu_percent` is of one core: two busy cores are 200. `memory_bytes`: as `docker stats`.

    Null: not measured, as for the memory where its controller is off, or the traffic of a container that uses the
    network of the node or of another container.
    """

    id: Key
    name: Short
    cpu_percent: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    memory_bytes: Bytes | None = None
    receive_bytes_per_second: Rate | None = None
    transmit_bytes_per_second: Rate | None = None
    read_bytes_per_second: Rate | None = None
    write_bytes_per_second: Rate | None = None


class Sample(Struct):
    """One reading. Absent (null) means that this node cannot measure it; never a guess."""

    at: Time
    interval_seconds: Seconds
    uptime_seconds: Seconds
    cpu: Cpu
    load: LoadAverage
    memory: Memory
    swap: Swap
    processes: Processes
    cores_busy_percent: Annotated[list[Percent], Meta(max_length=1024)] = []
    mounts: Annotated[list[Mount], Meta(max_length=256)] = []
    disks: Annotated[list[Disk], Meta(max_length=256)] = []
    nics: Annotated[list[Nic], Meta(max_length=256)] = []
    pressure: Pressure | None = None
    containers: Annotated[list[ContainerSample], Meta(max_length=256)] = []
