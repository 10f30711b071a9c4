"""Inventory as people see it: the items of a node's sections, with what could not be seen. Times are Unix seconds."""

from typing import Literal

from msgspec import Struct

from nodestral.protocol import ContainerItem, PortItem, ServiceItem

CoverageLevel = Literal["full", "partial", "denied", "absent", "error"]


class SectionCoverage(Struct):
    """What the agent could see of one section at its last scan, and the smallest grant that would widen it."""

    section: str
    level: CoverageLevel
    reason: str
    grant: str
    duration_seconds: float
    observed_at: float


class Service(ServiceItem, kw_only=True):
    """`seen_from`: since when this item has been exactly so."""

    seen_from: float
    memory_bytes: int | None = None


class Port(PortItem, kw_only=True):
    seen_from: float


class Container(ContainerItem, kw_only=True):
    seen_from: float


class ServiceList(Struct):
    items: list[Service]
    observed_at: float | None = None
    coverage: SectionCoverage | None = None


class PortList(Struct):
    items: list[Port]
    observed_at: float | None = None
    coverage: SectionCoverage | None = None


class ContainerList(Struct):
    items: list[Container]
    observed_at: float | None = None
    coverage: SectionCoverage | None = None
