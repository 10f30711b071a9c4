"""Inventory as people see it: the items of a node's sections, with what could not be seen. Times are Unix seconds."""

from typing import Literal, TypeVar

from msgspec import Struct

from nodestral.protocol import (
    CertificateItem,
    CloudItem,
    ContainerItem,
    FirewallBackend,
    FirewallChain,
    FirewallRule,
    MonitoringItem,
    PackageItem,
    PendingUpdate,
    PortItem,
    ServiceItem,
    SshServer,
    SystemItem,
    UpdateSource,
    UserAccount,
)

CoverageLevel = Literal["full", "partial", "denied", "absent", "error"]


class SectionCoverage(Struct):
    """What the agent could see of one section at its last scan, and the smallest grant that would widen it."""

    section: str
    level: CoverageLevel
    reason: str
    grant: str
    duration_seconds: float
    observed_at: float


# Every item below is what the agent told, `seen_from` (since when the item has been exactly so), and those of its
# gauges that people look at.


class System(SystemItem, kw_only=True):
    seen_from: float


class Service(ServiceItem, kw_only=True):
    seen_from: float
    memory_bytes: float | None = None
    cpu_seconds: float | None = None
    tasks: float | None = None
    last_run_at: float | None = None
    next_run_at: float | None = None


class Port(PortItem, kw_only=True):
    seen_from: float


class Container(ContainerItem, kw_only=True):
    seen_from: float


class Certificate(CertificateItem, kw_only=True):
    seen_from: float


class Package(PackageItem, kw_only=True):
    seen_from: float


class SeenUpdate(PendingUpdate, kw_only=True):
    seen_from: float


class SeenUpdateSource(UpdateSource, kw_only=True):
    seen_from: float
    index_refreshed_at: float | None = None


class SeenFirewallBackend(FirewallBackend, kw_only=True):
    seen_from: float


class SeenFirewallChain(FirewallChain, kw_only=True):
    seen_from: float
    packets: float | None = None
    bytes: float | None = None


class SeenFirewallRule(FirewallRule, kw_only=True):
    seen_from: float
    position: float | None = None
    packets: float | None = None
    bytes: float | None = None


class SeenUser(UserAccount, kw_only=True):
    seen_from: float
    last_login_at: float | None = None


class SeenSshServer(SshServer, kw_only=True):
    seen_from: float


class Cloud(CloudItem, kw_only=True):
    seen_from: float


class Monitoring(MonitoringItem, kw_only=True):
    seen_from: float


Update = SeenUpdate | SeenUpdateSource
Firewall = SeenFirewallBackend | SeenFirewallChain | SeenFirewallRule
User = SeenUser | SeenSshServer
Item = System | Service | Port | Container | Certificate | Package | Update | Firewall | User | Cloud | Monitoring
ItemT = TypeVar("ItemT", bound=Item)


class SectionList(Struct):
    """What the last scan said of a section. observed_at null: no scan has been told yet."""

    observed_at: float | None = None
    coverage: SectionCoverage | None = None


class SystemList(SectionList, kw_only=True):
    items: list[System]


class ServiceList(SectionList, kw_only=True):
    items: list[Service]


class PortList(SectionList, kw_only=True):
    items: list[Port]


class ContainerList(SectionList, kw_only=True):
    items: list[Container]


class CertificateList(SectionList, kw_only=True):
    items: list[Certificate]


class PackageList(SectionList, kw_only=True):
    items: list[Package]


class UpdateList(SectionList, kw_only=True):
    items: list[Update]


class FirewallList(SectionList, kw_only=True):
    items: list[Firewall]


class UserList(SectionList, kw_only=True):
    items: list[User]


class CloudList(SectionList, kw_only=True):
    items: list[Cloud]


class MonitoringList(SectionList, kw_only=True):
    items: list[Monitoring]
