"""Storing what scans found, and showing it.

A section is compared with what the node had: facts that are gone get their span closed, new ones a span opened. What
did not change is not written again.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, get_args

import msgspec

from nodestral.inventory import repository
from nodestral.inventory.counting import count
from nodestral.inventory.repository import Fact, SectionUpdate
from nodestral.inventory.schemas import SectionList
from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef
from nodestral.protocol import Coverage, Report, Section, SectionName

SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
ListT = TypeVar("ListT", bound=SectionList)
canonical = msgspec.json.Encoder(order="sorted").encode
encode = msgspec.json.encode


@dataclass(frozen=True)
class SectionOf(Generic[ListT]):
    """How a section is shown. item: the type or union of its items; order: of the list, by key when None."""

    list: Callable[..., ListT]
    item: Any
    order: Callable[[Any], Any] | None = None


class Scan(NamedTuple):
    """The inventory part of one report. observed_at: Unix seconds."""

    number: int
    report: Report
    observed_at: float


class Outcome(NamedTuple):
    """need: sections to be sent in full. changed: sections that are not as they were."""

    need: list[SectionName]
    changed: list[str]


def _parts(report: Report) -> list[tuple[SectionName, Section[Any] | None, Coverage | None]]:
    found: list[tuple[SectionName, Section[Any] | None, Coverage | None]] = []
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
    scan: Scan, name: str, section: Section[Any] | None, coverage: Coverage | None, taken: bytes | None
) -> SectionUpdate:
    told = coverage or Coverage(level="full")
    return SectionUpdate(
        number=scan.number,
        section=name,
        hash=taken,
        items=count(section.items) if section is not None and section.items is not None else None,
        gauges=encode(section.gauges) if section is not None and section.gauges is not None else None,
        level=told.level,
        reason=told.reason,
        grant_wanted=told.grant,
        duration_seconds=told.duration_seconds,
        observed_at=scan.observed_at,
    )


async def _store_items(connection: Connection, scan: Scan, name: str, items: Sequence[Any]) -> bool:
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
    if (gone or new) and name == "cloud":
        place = items[-1] if items else None
        await repository.save_place(
            connection, scan.number, place.provider if place else None, place.region if place else None
        )
    return bool(gone or new)


@lru_cache(maxsize=64)
def _decoder(item: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(item)


@lru_cache(maxsize=64)
def _shown_gauges(item: Any) -> frozenset[str]:
    """What the shown types of a section add to what agents tell: an agent's gauge can be nothing else."""
    added: set[str] = set()
    for shown in get_args(item) or (item,):
        added.update(shown.__annotations__)
    return frozenset(added - {"seen_from"})


def _seen(content: bytes, from_at: float, gauges: dict[str, float]) -> bytes:
    """An item's JSON with its gauges and since when it has been so."""
    return encode({**gauges, "seen_from": from_at})[:-1] + b"," + content[1:]


async def listed(connection: Connection, node: NodeRef, section: SectionName, of: SectionOf[ListT]) -> ListT:
    """What is known of a section of a node, by key."""
    state = next((row for row in await repository.sections(connection, node) if row.section == section), None)
    gauges = msgspec.json.decode(state.gauges, type=dict[str, dict[str, float]]) if state and state.gauges else {}
    decode, shown = _decoder(of.item).decode, _shown_gauges(of.item)
    items = []
    for key, content, from_at in await repository.items(connection, node, section):
        moving = {name: value for name, value in gauges.get(key, {}).items() if name in shown}
        items.append(decode(_seen(content, from_at, moving)))
    if of.order is not None:
        items.sort(key=of.order)
    return of.list(
        items=items,
        observed_at=state.observed_at if state else None,
        coverage=state.coverage() if state else None,
    )
