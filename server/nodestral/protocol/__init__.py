"""The report protocol of /agent/v1: what an agent sends and what it is answered. One file for each section.

These types are the authority for the wire; contract/report.schema.json is written from them. Unknown fields are
ignored, so that neighbouring versions of agent and server work together. Times are Unix seconds (float, UTC).
"""

from nodestral.protocol.certificates import CertificateItem
from nodestral.protocol.cloud import CloudItem
from nodestral.protocol.containers import ContainerItem, ContainerMount, ContainerNetwork, PublishedPort
from nodestral.protocol.enrolment import EnrollAnswer, EnrollRequest
from nodestral.protocol.firewall import FirewallBackend, FirewallChain, FirewallItem, FirewallRule
from nodestral.protocol.kinds import (
    EARLIEST_TIME,
    LATEST_TIME,
    Bytes,
    Count,
    Digest,
    Key,
    Load,
    PastTime,
    Percent,
    Rate,
    Seconds,
    SectionHash,
    Short,
    Text,
    Time,
)
from nodestral.protocol.monitoring import MonitoringItem
from nodestral.protocol.packages import PackageItem
from nodestral.protocol.ports import PortItem
from nodestral.protocol.problem import ProblemDocument
from nodestral.protocol.report import (
    AgentInfo,
    AgentSettings,
    Coverage,
    Report,
    ReportAnswer,
    Section,
    SectionName,
    Sections,
)
from nodestral.protocol.samples import (
    ContainerSample,
    Cpu,
    Disk,
    LoadAverage,
    Memory,
    Mount,
    Nic,
    Pressure,
    Processes,
    Sample,
    Swap,
)
from nodestral.protocol.services import ServiceItem
from nodestral.protocol.system import SystemItem
from nodestral.protocol.updates import PendingUpdate, UpdateItem, UpdateSource
from nodestral.protocol.users import AuthorizedKey, SshServer, UserAccount, UserItem

__all__ = [
    "EARLIEST_TIME",
    "LATEST_TIME",
    "AgentInfo",
    "AgentSettings",
    "AuthorizedKey",
    "Bytes",
    "CertificateItem",
    "CloudItem",
    "ContainerItem",
    "ContainerMount",
    "ContainerNetwork",
    "ContainerSample",
    "Count",
    "Coverage",
    "Cpu",
    "Digest",
    "Disk",
    "EnrollAnswer",
    "EnrollRequest",
    "FirewallBackend",
    "FirewallChain",
    "FirewallItem",
    "FirewallRule",
    "Key",
    "Load",
    "LoadAverage",
    "Memory",
    "MonitoringItem",
    "Mount",
    "Nic",
    "PackageItem",
    "PastTime",
    "PendingUpdate",
    "Percent",
    "PortItem",
    "Pressure",
    "ProblemDocument",
    "Processes",
    "PublishedPort",
    "Rate",
    "Report",
    "ReportAnswer",
    "Sample",
    "Seconds",
    "Section",
    "SectionHash",
    "SectionName",
    "Sections",
    "ServiceItem",
    "Short",
    "SshServer",
    "Swap",
    "SystemItem",
    "Text",
    "Time",
    "UpdateItem",
    "UpdateSource",
    "UserAccount",
    "UserItem",
]
