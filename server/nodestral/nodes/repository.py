"""SQL of single nodes. Every function takes the organization; a node of another one is as good as none."""

from typing import NamedTuple

from psycopg.rows import class_row

from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef
from nodestral.kit.problems import NotFound

# Columns of nodes and node_state that a summary is made of; see NodeRow.
COLUMNS = """
    n.number, n.id, n.name, n.hostname, n.tags, n.provider, n.region, n.os_id, n.os_name, n.os_version,
    n.kernel, n.architecture, n.cpu_model, n.cpu_count, n.memory_total_bytes AS system_memory_bytes, n.virtualization,
    n.timezone, n.addresses,
    extract(epoch FROM n.enrolled_at)::float8 AS enrolled_at, extract(epoch FROM n.boot_at)::float8 AS boot_at,
    s.status, s.partly_seen, s.plain_http, s.clock_offset_seconds, s.agent_version, s.agent_python, s.agent_user,
    s.agent_scope, s.spooled_reports, s.refused_reports, s.dropped_reports, s.thinned_reports,
    extract(epoch FROM s.last_seen_at)::float8 AS last_seen_at, extract(epoch FROM s.sample_at)::float8 AS sample_at,
    s.cpu_percent, s.memory_percent, s.memory_used_bytes, s.memory_total_bytes, s.swap_percent, s.disk_percent,
    s.disk_used_bytes, s.disk_total_bytes, s.receive_bytes_per_second, s.transmit_bytes_per_second, s.load_one,
    s.uptime_seconds
"""


class NodeRow(NamedTuple):
    """A node with its state. The metrics are null before the first sample (sample_at is null)."""

    number: int
    id: str
    name: str
    hostname: str
    tags: list[str]
    provider: str | None
    region: str | None
    os_id: str | None
    os_name: str | None
    os_version: str | None
    kernel: str | None
    architecture: str | None
    cpu_model: str | None
    cpu_count: int | None
    system_memory_bytes: int | None
    virtualization: str | None
    timezone: str | None
    addresses: list[str]
    enrolled_at: float
    boot_at: float | None
    status: str
    partly_seen: bool
    plain_http: bool
    clock_offset_seconds: float | None
    agent_version: str | None
    agent_python: str | None
    agent_user: str | None
    agent_scope: str | None
    spooled_reports: int
    refused_reports: int
    dropped_reports: int
    thinned_reports: int
    last_seen_at: float | None
    sample_at: float | None
    cpu_percent: float
    memory_percent: float
    memory_used_bytes: int
    memory_total_bytes: int
    swap_percent: float
    disk_percent: float | None
    disk_used_bytes: int | None
    disk_total_bytes: int | None
    receive_bytes_per_second: float
    transmit_bytes_per_second: float
    load_one: float
    uptime_seconds: float


async def find(connection: Connection, organization_id: str, node_id: str) -> NodeRef:
    """Raises NotFound."""
    cursor = await connection.execute(
        "SELECT number FROM nodes WHERE organization_id = %s AND id = %s AND removed_at IS NULL",
        (organization_id, node_id),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("There is no such node.")
    return NodeRef(row[0], node_id, organization_id)


async def row(connection: Connection, node: NodeRef) -> NodeRow:
    async with connection.cursor(row_factory=class_row(NodeRow)) as cursor:
        await cursor.execute(
            f"SELECT {COLUMNS} FROM nodes n JOIN node_state s ON s.node = n.number "  # noqa: S608 - a constant
            "WHERE n.organization_id = %s AND n.number = %s",
            (node.organization_id, node.number),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound("There is no such node.")
    return found


async def change(connection: Connection, node: NodeRef, *, name: str | None, tags: list[str] | None) -> None:
    await connection.execute(
        "UPDATE nodes SET name = coalesce(%s, name), tags = coalesce(%s::text[], tags) "
        "WHERE organization_id = %s AND number = %s",
        (name, tags, node.organization_id, node.number),
    )


async def remove(connection: Connection, node: NodeRef) -> None:
    """From the commit on the node's token is refused: reports check this row as they are stored."""
    await connection.execute(
        "UPDATE nodes SET removed_at = now() WHERE organization_id = %s AND number = %s",
        (node.organization_id, node.number),
    )
