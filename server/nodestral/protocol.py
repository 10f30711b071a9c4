"""The report protocol of /agent/v1: what an agent sends and what it is answered.

These types are the authority for the wire; contract/report.schema.json is written from them. Every string and list has
an upper bound, because a report is hostile input. Unknown fields are ignored, so that neighbouring versions of agent
and server work together. Times are Unix seconds (float, UTC). Rates are per second over `interval_seconds`.
"""

from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta, Struct, field

# 2020-01-01: a clock before it is wrong. One more than a day ahead of the server's is refused as it arrives.
EARLIEST_TIME = 1_577_836_800
LATEST_TIME = 4_102_444_800

Time = Annotated[float, Meta(ge=EARLIEST_TIME, le=LATEST_TIME)]
# Something that happened on the node, by the node's own clock and memory: it may be from long ago.
PastTime = Annotated[float, Meta(ge=0, le=LATEST_TIME)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Rate = Annotated[float, Meta(ge=0, le=1e15)]
Load = Annotated[float, Meta(ge=0, le=1e6)]
Seconds = Annotated[float, Meta(ge=0, le=1e10)]
# JavaScript and bigint both hold 2^53 exactly.
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Bytes = Count
Short = Annotated[str, Meta(max_length=256)]
Text = Annotated[str, Meta(max_length=4096)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}\\Z")]
SectionHash = Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]
Key = Annotated[str, Meta(min_length=1, max_length=512)]
SectionName = Literal["system", "services", "ports", "containers"]


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


class SystemItem(Struct):
    """The one item of section `system`; its key is "system"."""

    key: Literal["system"]
    hostname: Short
    os_id: Short
    os_name: Short
    os_version: Short
    kernel: Short
    architecture: Short
    cpu_model: Short
    cpu_count: Count
    memory_total_bytes: Bytes
    virtualization: Short
    boot_at: PastTime
    timezone: Short | None = None
    provider: Short | None = None
    addresses: Annotated[list[Short], Meta(max_length=64)] = []


class ServiceItem(Struct):
    """A service of the system manager or of a user's manager. Key: `system/UNIT` or `user:NAME/UNIT`.

    `source` tells how it was found: by systemd's own answer, by the walk of the control groups, or by both.
    A field is null where the source could not tell it.
    """

    key: Key
    scope: Literal["system", "user"]
    unit: Short
    state: Short
    source: Literal["systemd", "cgroup", "both"]
    sub_state: Short | None = None
    description: Text | None = None
    user: Short | None = None
    enabled: Short | None = None
    since_at: PastTime | None = None
    restarts_total: Count | None = None
    main_pid: Count | None = None
    main_process: Short | None = None
    exit_code: Short | None = None


class PortItem(Struct):
    """A listening socket. Key: `PROTOCOL/ADDRESS/PORT`, protocol one of tcp, tcp6, udp, udp6.

    The owner fields are null where this agent may not see the owner.
    """

    key: Key
    protocol: Literal["tcp", "tcp6", "udp", "udp6"]
    address: Short
    port: Annotated[int, Meta(ge=0, le=65535)]
    address_class: Literal["any", "loopback", "private", "public"]
    pid: Count | None = None
    process: Short | None = None
    unit: Short | None = None
    scope: Literal["system", "user"] | None = None
    user: Short | None = None
    container_id: Short | None = None


class PublishedPort(Struct):
    protocol: Short
    container_port: Annotated[int, Meta(ge=0, le=65535)]
    host_address: Short | None = None
    host_port: Annotated[int, Meta(ge=0, le=65535)] | None = None


class ContainerItem(Struct):
    """A container. Key: its full id."""

    key: Key
    name: Short
    image: Text
    state: Short
    health: Short | None = None
    ports: Annotated[list[PublishedPort], Meta(max_length=256)] = []
    created_at: PastTime | None = None
    started_at: PastTime | None = None
    exit_code: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] | None = None
    compose_project: Short | None = None
    compose_service: Short | None = None
    runtime: Short | None = None


Item = TypeVar("Item")


class Section(Struct, Generic[Item]):
    """`items` travel only when their hash is new. `gauges`: values that move by themselves, by item key."""

    hash: SectionHash
    items: Annotated[list[Item], Meta(max_length=10_000)] | None = None
    gauges: Annotated[dict[Key, dict[Short, float]], Meta(max_length=10_000)] | None = None


class Sections(Struct):
    system: Section[SystemItem] | None = None
    services: Section[ServiceItem] | None = None
    ports: Section[PortItem] | None = None
    containers: Section[ContainerItem] | None = None


class Coverage(Struct):
    """What one section can and cannot see on this node, why, and the smallest grant that would widen it."""

    level: Literal["full", "partial", "denied", "absent", "error"]
    reason: Text = ""
    grant: Text = ""
    duration_seconds: Seconds = 0.0


class AgentInfo(Struct):
    version: Short
    python: Short
    user: Short
    scope: Literal["system", "user"]
    # Reports leave the machine unencrypted, by the explicit switch; to the machine itself does not count.
    plain_http: bool = False
    spooled_reports: Count = 0
    refused_reports: Count = 0
    dropped_reports: Count = 0


class Report(Struct):
    epoch: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    sent_at: Time
    agent: AgentInfo
    prev: Digest | None = None
    node_id: Short | None = None
    samples: Annotated[list[Sample], Meta(max_length=120)] = []
    sections: Sections = field(default_factory=Sections)
    coverage: Annotated[dict[SectionName, Coverage], Meta(max_length=32)] = {}


class AgentSettings(Struct):
    """What the server wishes of an agent. An agent keeps to its own lower and upper bounds whatever is asked."""

    interval_seconds: int
    scan_interval_seconds: int


class ReportAnswer(Struct):
    """`ack`: the seq that is now committed. `need`: sections to be sent in full with the next report."""

    ack: int
    settings: AgentSettings
    need: list[SectionName] = []
    duplicate: bool = False


class EnrollRequest(Struct):
    """`secret_sha256`: SHA-256 of the node token that the node made; the token itself never travels before it is used.

    The rest are hints for people, never proof of anything.
    """

    secret_sha256: Digest
    hostname: Short
    machine_id_sha256: Digest | None = None
    agent_version: Short = ""
    os_name: Short = ""


class EnrollAnswer(Struct):
    node_id: str
    settings: AgentSettings


class ProblemDocument(Struct):
    """RFC 9457. `type` is `urn:nodestral:problem:CODE`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] = []
