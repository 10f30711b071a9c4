"""Storing what scans found, and showing it.

A section is compared with what the node had: facts that are gone get their span closed, new ones a span opened. What
did not change is not written again.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from nodestral.inventory import repository
from nodestral.inventory.repository import Fact, SectionUpdate
from nodestral.inventory.schemas import (
    Container,
    ContainerList,
    Port,
    PortList,
    SectionCoverage,
    Service,
    ServiceList,
)
from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef
from nodestral.protocol import ContainerItem, Coverage, PortItem, Report, Section, SectionName, ServiceItem, SystemItem

Item = SystemItem | ServiceItem | PortItem | ContainerItem
SECTIONS: tuple[SectionName, ...] = ("system", "services", "ports", "containers")
canonical = msgspec.json.Encoder(order="sorted").encode
encode = msgspec.json.encode


class Scan(NamedTuple):
    """The inventory part of one report. observed_at: Unix seconds."""

    number: int
    report: Report
    observed_at: float


class Outcome(NamedTuple):
    """need: sections to be sent in full. changed: sections that are not as they were."""

    need: list[SectionName]
    changed: list[str]


def _parts(report: Report) -> list[tuple[SectionName, Section[Item] | None, Coverage | None]]:
    found: list[tuple[SectionName, Section[Item] | None, Coverage | None]] = []
    for name in SECTIONS:
        section, coverage = getattr(report.sections, name), report.coverage.get(name)
        if section is not None or coverage is not None:
            found.append((name, section, coverage))
    return found


def has_inventory(report: Report) -> bool:
    return bool(_parts(report))


async def store(connection: Connection, scans: Sequence[Scan]) -> dict[int, Outcome]:
    """{node number: outcome}. One scan a node."""
    known = await repository.hashes(connection, [scan.number for scan in scans])
    outcomes: dict[int, Outcome] = {}
    updates: list[SectionUpdate] = []
    for scan in scans:
        outcome = outcomes[scan.number] = Outcome([], [])
        for name, section, coverage in _parts(scan.report):
            stored = known.get((scan.number, name))
            taken = None
            if section is not None:
                told = bytes.fromhex(section.hash)
                if section.items is not None:
                    taken = told
                    if told != stored and await _store_items(connection, scan, name, section.items):
                        outcome.changed.append(name)
                elif told != stored:
                    outcome.need.append(name)
            updates.append(_update(scan, name, section, coverage, taken))
    await repository.save_sections(connection, updates)
    return outcomes


def _update(
    scan: Scan, name: str, section: Section[Item] | None, coverage: Coverage | None, taken: bytes | None
) -> SectionUpdate:
    told = coverage or Coverage(level="full")
    return SectionUpdate(
        number=scan.number,
        section=name,
        hash=taken,
        items=len(section.items) if section is not None and section.items is not None else None,
        gauges=encode(section.gauges) if section is not None and section.gauges is not None else None,
        level=told.level,
        reason=told.reason,
        grant_wanted=told.grant,
        duration_seconds=told.duration_seconds,
        observed_at=scan.observed_at,
    )


async def _store_items(connection: Connection, scan: Scan, name: str, items: Sequence[Item]) -> bool:
    """Whether anything changed. Of two items with one key the last counts."""
    facts: dict[bytes, Fact] = {}
    for item in {item.key: item for item in items}.values():
        content = canonical(item)
        digest = hashlib.sha256(content).digest()[:16]
        facts[digest] = Fact(item.key, digest, content.decode())
    had = await repository.open_facts(connection, scan.number, name)
    gone = [fact for digest, fact in had.items() if digest not in facts]
    new = [fact for digest, fact in facts.items() if digest not in had]
    if gone:
        await repository.close_spans(connection, scan.number, name, gone, scan.observed_at)
    if new:
        await repository.open_spans(connection, scan.number, name, new, scan.observed_at)
    if new and name == "system":
        await repository.save_system(connection, scan.number, msgspec.to_builtins(items[-1]))
    return bool(gone or new)


class _Seen(NamedTuple):
    observed_at: float | None
    coverage: SectionCoverage | None
    gauges: dict[str, dict[str, float]]


async def _seen(connection: Connection, node: NodeRef, section: str) -> _Seen:
    for row in await repository.sections(connection, node):
        if row.section == section:
            return _Seen(row.observed_at, row.coverage(), msgspec.json.decode(row.gauges) if row.gauges else {})
    return _Seen(None, None, {})


async def services(connection: Connection, node: NodeRef) -> ServiceList:
    seen = await _seen(connection, node, "services")
    listed = []
    for content, from_at in await repository.items(connection, node, "services"):
        item = msgspec.json.decode(content, type=ServiceItem)
        memory = seen.gauges.get(item.key, {}).get("memory_bytes")
        fields = msgspec.structs.asdict(item)
        listed.append(Service(**fields, seen_from=from_at, memory_bytes=None if memory is None else int(memory)))
    return ServiceList(listed, seen.observed_at, seen.coverage)


async def ports(connection: Connection, node: NodeRef) -> PortList:
    seen = await _seen(connection, node, "ports")
    listed = []
    for content, from_at in await repository.items(connection, node, "ports"):
        item = msgspec.json.decode(content, type=PortItem)
        listed.append(Port(**msgspec.structs.asdict(item), seen_from=from_at))
    listed.sort(key=lambda port: (port.port, port.key))
    return PortList(listed, seen.observed_at, seen.coverage)


async def containers(connection: Connection, node: NodeRef) -> ContainerList:
    seen = await _seen(connection, node, "containers")
    listed = []
    for content, from_at in await repository.items(connection, node, "containers"):
        item = msgspec.json.decode(content, type=ContainerItem)
        listed.append(Container(**msgspec.structs.asdict(item), seen_from=from_at))
    return ContainerList(listed, seen.observed_at, seen.coverage)
