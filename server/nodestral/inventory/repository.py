"""SQL of facts, presence and section state.

Readers give the node as the caller may see it (`NodeRef`, found within an organization); storing goes by the node's
number, which the credential of the report named.
"""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg.rows import class_row

from nodestral.inventory.schemas import CoverageLevel, SectionCoverage
from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef


class SectionRow(NamedTuple):
    """What the last scan said of a section. items: how many there are. gauges: JSON, {item key: {name: number}}."""

    section: str
    items: int
    gauges: bytes | None
    level: CoverageLevel
    reason: str
    grant_wanted: str
    duration_seconds: float
    observed_at: float

    def coverage(self) -> SectionCoverage:
        return SectionCoverage(
            section=self.section,
            level=self.level,
            reason=self.reason,
            grant=self.grant_wanted,
            duration_seconds=round(self.duration_seconds, 3),
            observed_at=self.observed_at,
        )


class SectionUpdate(NamedTuple):
    """A section as a report told it. hash None: its items were not taken; the stored hash stays.

    items None: they did not travel, what is stored stays.
    """

    number: int
    section: str
    hash: bytes | None
    items: int | None
    gauges: bytes | None
    level: CoverageLevel
    reason: str
    grant_wanted: str
    duration_seconds: float
    observed_at: float


class Fact(NamedTuple):
    """One item's content as canonical JSON, and 16 bytes of its SHA-256."""

    key: str
    hash: bytes
    content: str


async def hashes(connection: Connection, numbers: Sequence[int]) -> dict[tuple[int, str], bytes | None]:
    """{(node number, section): hash of its items} of these nodes."""
    cursor = await connection.execute(
        "SELECT node, section, hash FROM section_state WHERE node = ANY(%s)", (list(numbers),)
    )
    return {(number, section): known for number, section, known in await cursor.fetchall()}


async def save_sections(connection: Connection, updates: Sequence[SectionUpdate]) -> None:
    columns = list(zip(*sorted(updates), strict=True)) if updates else []
    if not columns:
        return
    await connection.execute(
        """
        INSERT INTO section_state AS s
            (node, section, hash, items, gauges, level, reason, grant_wanted, duration_seconds, observed_at)
        SELECT node, section, hash, coalesce(items, 0), gauges, level, reason, grant_wanted,
               duration_seconds, to_timestamp(observed_at)
        FROM unnest(%s::int[], %s::text[], %s::bytea[], %s::int[], %s::bytea[], %s::text[], %s::text[], %s::text[],
                    %s::real[], %s::float8[])
            AS r(node, section, hash, items, gauges, level, reason, grant_wanted, duration_seconds, observed_at)
        ORDER BY node, section
        ON CONFLICT (node, section) DO UPDATE SET
            hash = coalesce(excluded.hash, s.hash),
            items = CASE WHEN excluded.hash IS NULL THEN s.items ELSE excluded.items END,
            gauges = coalesce(excluded.gauges, s.gauges),
            level = excluded.level, reason = excluded.reason, grant_wanted = excluded.grant_wanted,
            duration_seconds = excluded.duration_seconds, observed_at = excluded.observed_at
        """,
        [list(column) for column in columns],
    )


async def open_facts(connection: Connection, number: int, section: str) -> dict[bytes, int]:
    """{hash: id} of the facts that the node has now."""
    cursor = await connection.execute(
        "SELECT f.hash, f.id FROM presence p JOIN facts f ON f.id = p.fact "
        "WHERE p.node = %s AND p.section = %s AND p.to_at IS NULL",
        (number, section),
    )
    return dict(await cursor.fetchall())


async def open_spans(connection: Connection, number: int, section: str, facts: Sequence[Fact], from_at: float) -> None:
    """Store the facts that are new to the fleet, and note that this node has them all from now on."""
    ordered = sorted(facts, key=lambda fact: fact.hash)
    known = [fact.hash for fact in ordered]
    await connection.execute(
        "INSERT INTO facts (section, key, hash, content) "
        "SELECT %s, key, hash, content::jsonb "
        "FROM unnest(%s::text[], %s::bytea[], %s::text[]) AS r(key, hash, content) "
        "ON CONFLICT (section, hash) DO NOTHING",
        (section, [fact.key for fact in ordered], known, [fact.content for fact in ordered]),
    )
    await connection.execute(
        "INSERT INTO presence (node, section, fact, from_at) "
        "SELECT %s, %s, id, to_timestamp(%s) FROM facts WHERE section = %s AND hash = ANY(%s) ON CONFLICT DO NOTHING",
        (number, section, from_at, section, known),
    )


async def close_spans(connection: Connection, number: int, section: str, facts: Sequence[int], to_at: float) -> None:
    await connection.execute(
        "UPDATE presence SET to_at = greatest(from_at, to_timestamp(%s)) "
        "WHERE node = %s AND section = %s AND fact = ANY(%s) AND to_at IS NULL",
        (to_at, number, section, list(facts)),
    )


async def sections(connection: Connection, node: NodeRef) -> list[SectionRow]:
    async with connection.cursor(row_factory=class_row(SectionRow)) as cursor:
        await cursor.execute(
            "SELECT s.section, s.items, s.gauges, s.level, s.reason, s.grant_wanted, s.duration_seconds, "
            "extract(epoch FROM s.observed_at)::float8 AS observed_at "
            "FROM section_state s JOIN nodes n ON n.number = s.node "
            "WHERE n.organization_id = %s AND s.node = %s ORDER BY s.section",
            (node.organization_id, node.number),
        )
        return await cursor.fetchall()


async def items(connection: Connection, node: NodeRef, section: str) -> list[tuple[str, bytes, float]]:
    """(key, content as JSON, since when) of the items that the node has now, by key."""
    cursor = await connection.execute(
        "SELECT f.key, f.content::text, extract(epoch FROM p.from_at)::float8 "
        "FROM presence p JOIN facts f ON f.id = p.fact JOIN nodes n ON n.number = p.node "
        "WHERE n.organization_id = %s AND p.node = %s AND p.section = %s AND p.to_at IS NULL ORDER BY f.key",
        (node.organization_id, node.number, section),
    )
    return [(key, content.encode(), from_at) for key, content, from_at in await cursor.fetchall()]


async def save_place(connection: Connection, number: int, provider: str | None, region: str | None) -> None:
    """Copy the one item of section `cloud` to the node's row. Where it names no provider the firmware's stays."""
    await connection.execute(
        "UPDATE nodes SET provider = coalesce(%s, provider), region = %s WHERE number = %s", (provider, region, number)
    )


async def save_system(connection: Connection, number: int, item: dict[str, object]) -> None:
    """Copy the one item of section `system` to the node's row, where lists look. item: SystemItem's fields."""
    await connection.execute(
        """
        UPDATE nodes SET hostname = %(hostname)s, provider = %(provider)s, os_id = %(os_id)s, os_name = %(os_name)s,
            os_version = %(os_version)s, kernel = %(kernel)s, architecture = %(architecture)s,
            cpu_model = %(cpu_model)s, cpu_count = least(%(cpu_count)s::bigint, 2147483647)::int,
            memory_total_bytes = %(memory_total_bytes)s, virtualization = %(virtualization)s,
            boot_at = to_timestamp(%(boot_at)s), timezone = %(timezone)s, addresses = %(addresses)s
        WHERE number = %(number)s
        """,
        item | {"number": number},
    )
