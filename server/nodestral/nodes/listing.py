"""The fleet table in SQL: filter, sort and page; counts and facets over the whole fleet.

Sorting and filtering go by fixed words only; what the caller writes is always a parameter.
"""

from typing import Any, NamedTuple

from psycopg.rows import class_row

from nodestral.kit.database import Connection
from nodestral.nodes.repository import COLUMNS, NodeRow
from nodestral.nodes.schemas import Facet, NodeCounts, NodeFacets, NodeSort, SortOrder

SORT_COLUMNS: dict[NodeSort, str] = {
    "name": "lower(n.name)",
    "status": "CASE s.status WHEN 'silent' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END",
    "provider": "lower(n.provider || ' ' || coalesce(n.region, ''))",
    "os": "lower(n.os_name)",
    "cpu": "s.cpu_percent",
    "memory": "s.memory_percent",
    "disk": "s.disk_percent",
    "network": "s.receive_bytes_per_second + s.transmit_bytes_per_second",
    "uptime": "s.uptime_seconds",
    # 0.10 comes after 0.9: compare the numbers, not the letters.
    "version": "string_to_array(substring(s.agent_version FROM '^[0-9]{1,6}(?:[.][0-9]{1,6})*'), '.')::int[]",
    "seen": "s.last_seen_at",
}
DIRECTIONS: dict[SortOrder, str] = {"ascending": "ASC", "descending": "DESC"}
FACETS_MAX = 100


class Filter(NamedTuple):
    """q: words looked for in name, host name, addresses, provider, region, system and tags. Lists: any of these."""

    q: str | None = None
    status: list[str] | None = None
    partly_seen: bool | None = None
    provider: list[str] | None = None
    os: list[str] | None = None
    tag: list[str] | None = None


def _conditions(organization_id: str, wanted: Filter) -> tuple[str, list[Any]]:
    conditions, values = ["n.organization_id = %s", "n.removed_at IS NULL"], [organization_id]
    parameters: list[Any] = list(values)
    for word in (wanted.q or "").split()[:8]:
        conditions.append(
            "concat_ws(' ', n.name, n.hostname, n.os_name, n.provider, n.region, n.id, "
            "array_to_string(n.addresses, ' '), array_to_string(n.tags, ' ')) ILIKE %s"
        )
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters.append(f"%{escaped}%")
    for column, values_wanted in (("s.status", wanted.status), ("n.provider", wanted.provider), ("n.os_id", wanted.os)):
        if values_wanted:
            conditions.append(f"{column} = ANY(%s)")
            parameters.append(values_wanted)
    if wanted.tag:
        conditions.append("n.tags && %s::text[]")
        parameters.append(wanted.tag)
    if wanted.partly_seen is not None:
        conditions.append("(s.partly_seen AND s.status = 'online') = %s")
        parameters.append(wanted.partly_seen)
    return " AND ".join(conditions), parameters


async def page(
    connection: Connection,
    organization_id: str,
    wanted: Filter,
    *,
    sort: NodeSort,
    order: SortOrder,
    offset: int,
    limit: int,
) -> tuple[list[NodeRow], int]:
    """(the rows of this page, how many match in all)."""
    where, parameters = _conditions(organization_id, wanted)
    source = f"FROM nodes n JOIN node_state s ON s.node = n.number WHERE {where}"
    ordering = f"{SORT_COLUMNS[sort]} {DIRECTIONS[order]} NULLS LAST, lower(n.name), n.number"
    async with connection.cursor(row_factory=class_row(NodeRow)) as cursor:
        await cursor.execute(
            # Only constants of this module are put into the text.
            f"SELECT {COLUMNS} {source} ORDER BY {ordering} OFFSET %s LIMIT %s",
            [*parameters, offset, limit],
        )
        rows = await cursor.fetchall()
    if offset == 0 and len(rows) < limit:
        return rows, len(rows)
    counted = await connection.execute(f"SELECT count(*) {source}", parameters)
    total = await counted.fetchone()
    return rows, int(total[0]) if total else 0


async def overview(connection: Connection, organization_id: str) -> tuple[NodeCounts, NodeFacets]:
    cursor = await connection.execute(
        """
        SELECT count(*), count(*) FILTER (WHERE s.status = 'online'), count(*) FILTER (WHERE s.status = 'silent'),
               count(*) FILTER (WHERE s.status = 'waiting'),
               count(*) FILTER (WHERE s.status = 'online' AND s.partly_seen)
        FROM nodes n JOIN node_state s ON s.node = n.number
        WHERE n.organization_id = %s AND n.removed_at IS NULL
        """,
        (organization_id,),
    )
    counted = await cursor.fetchone() or (0, 0, 0, 0, 0)
    cursor = await connection.execute(
        """
        WITH fleet AS (SELECT provider, os_id, tags FROM nodes WHERE organization_id = %s AND removed_at IS NULL)
        SELECT 'provider', provider, count(*) FROM fleet WHERE provider IS NOT NULL GROUP BY provider
        UNION ALL SELECT 'system', os_id, count(*) FROM fleet WHERE os_id IS NOT NULL GROUP BY os_id
        UNION ALL SELECT 'tag', tag, count(*) FROM fleet, unnest(tags) AS tag GROUP BY tag
        ORDER BY 3 DESC, 2
        """,
        (organization_id,),
    )
    facets: dict[str, list[Facet]] = {"provider": [], "system": [], "tag": []}
    for kind, value, count in await cursor.fetchall():
        if len(facets[kind]) < FACETS_MAX:
            facets[kind].append(Facet(value, count))
    return NodeCounts(*counted), NodeFacets(facets["provider"], facets["system"], facets["tag"])
