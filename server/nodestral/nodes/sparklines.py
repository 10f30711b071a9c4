"""The last hour of many nodes in a few buckets each, for the fleet table."""

from nodestral.kit.database import Connection
from nodestral.nodes.schemas import Sparkline, Sparklines

WINDOW_SECONDS = 3600
BUCKET_SECONDS = 120
BUCKETS = WINDOW_SECONDS // BUCKET_SECONDS


async def of_nodes(connection: Connection, organization_id: str, node_ids: list[str], *, now: float) -> Sparklines:
    """Ids that are not the organization's are left out."""
    from_at = int(now) // BUCKET_SECONDS * BUCKET_SECONDS - (BUCKETS - 1) * BUCKET_SECONDS
    cursor = await connection.execute(
        "SELECT number, id FROM nodes WHERE organization_id = %s AND id = ANY(%s) AND removed_at IS NULL",
        (organization_id, node_ids),
    )
    names: dict[int, str] = dict(await cursor.fetchall())
    lines = {
        number: Sparkline(node_id=node_id, cpu_percent=[None] * BUCKETS, network_bytes_per_second=[None] * BUCKETS)
        for number, node_id in names.items()
    }
    cursor = await connection.execute(
        """
        SELECT node, floor((extract(epoch FROM at) - %(from_at)s) / %(width)s)::int AS bucket,
               avg(100 - cpu_idle_percent), avg(receive_bytes_per_second + transmit_bytes_per_second)
        FROM samples
        WHERE node = ANY(%(nodes)s) AND at >= to_timestamp(%(from_at)s) AND at < to_timestamp(%(to_at)s)
        GROUP BY node, bucket
        """,
        {
            "nodes": list(names),
            "from_at": from_at,
            "to_at": from_at + WINDOW_SECONDS,
            "width": BUCKET_SECONDS,
        },
    )
    for number, bucket, cpu_percent, network in await cursor.fetchall():
        lines[number].cpu_percent[bucket] = round(cpu_percent, 2)
        lines[number].network_bytes_per_second[bucket] = round(network, 1)
    ordered = {node_id: lines[number] for number, node_id in names.items()}
    items = [ordered[node_id] for node_id in dict.fromkeys(node_ids) if node_id in ordered]
    return Sparklines(from_at=float(from_at), bucket_seconds=BUCKET_SECONDS, items=items)
