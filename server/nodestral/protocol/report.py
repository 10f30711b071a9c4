"""A report and its answer."""

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct, field

from nodestral.protocol.certificates import CertificateItem
from nodestral.protocol.cloud import CloudItem
from nodestral.protocol.containers import ContainerItem
from nodestral.protocol.firewall import FirewallItem
from nodestral.protocol.kinds import Count, Digest, Key, Seconds, SectionHash, Short, Text, Time
from nodestral.protocol.monitoring import MonitoringItem
from nodestral.protocol.packages import PackageItem
from nodestral.protocol.ports import PortItem
from nodestral.protocol.samples import Sample
from nodestral.protocol.services import ServiceItem
from nodestral.protocol.system import SystemItem
from nodestral.protocol.updates import UpdateItem
from nodestral.protocol.users import UserItem

SectionName = Literal[
    "system",
    "services",
    "ports",
    "containers",
    "certificates",
    "packages",
    "updates",
    "firewall",
    "users",
    "cloud",
    "monitoring",
]
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
    certificates: Section[CertificateItem] | None = None
    packages: Section[PackageItem] | None = None
    updates: Section[UpdateItem] | None = None
    firewall: Section[FirewallItem] | None = None
    users: Section[UserItem] | None = None
    cloud: Section[CloudItem] | None = None
    monitoring: Section[MonitoringItem] | None = None


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
    # Left out between others when the spool was full, so that older times keep a coarser picture.
    thinned_reports: Count = 0


class Report(Struct):
    epoch: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    sent_at: Time
    agent: AgentInfo
    prev: Digest | None = None
    node_id: Short | None = None
    samples: Annotated[list[Sample], Meta(max_length=120)] = []
    sections: Sections = field(default_factory=Sections)
    # By section. A section that this server does not know is passed over.
    coverage: Annotated[dict[Short, Coverage], Meta(max_length=32)] = {}


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
