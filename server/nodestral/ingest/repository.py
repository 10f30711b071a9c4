"""SQL of a batch of reports. Its rows pass through temporary tables by binary COPY; each statement serves the batch."""

from collections.abc import Sequence
from typing import NamedTuple

from nodestral.events.schemas import NodeStatus
from nodestral.ingest.credentials import NodeCredential
from nodestral.kit.database import Connection
from nodestral.protocol import Report
from nodestral.samples.flatten import microseconds
from nodestral.samples.schemas import LatestSample

STAGING = "incoming_reports"
# (column, type). Times are microseconds as timestamptz has them on the wire.
STATE_COLUMNS = (
    ("sample_at", "timestamptz"),
    ("memory_used_bytes", "int8"),
    ("memory_total_bytes", "int8"),
    ("disk_used_bytes", "int8"),
    ("disk_total_bytes", "int8"),
    ("uptime_seconds", "float8"),
    ("cpu_percent", "float4"),
    ("memory_percent", "float4"),
    ("swap_percent", "float4"),
    ("disk_percent", "float4"),
    ("receive_bytes_per_second", "float4"),
    ("transmit_bytes_per_second", "float4"),
    ("load_one", "float4"),
)
ALWAYS_COLUMNS = (
    ("last_seen_at", "timestamptz"),
    ("clock_offset_seconds", "float4"),
    ("plain_http", "bool"),
    ("spooled_reports", "int8"),
    ("refused_reports", "int8"),
    ("dropped_reports", "int8"),
    ("thinned_reports", "int8"),
    ("agent_version", "text"),
    ("agent_python", "text"),
    ("agent_user", "text"),
    ("agent_scope", "text"),
    ("partly_seen", "bool"),
)
KEY_COLUMNS = (
    ("node", "int4"),
    ("token", "bytea"),
    ("epoch", "int8"),
    ("seq", "int8"),
    ("digest", "bytea"),
    ("prev", "bytea"),
)
COLUMNS = KEY_COLUMNS + ALWAYS_COLUMNS + STATE_COLUMNS
COPY_TYPES = tuple("int8" if kind == "timestamptz" else kind for _, kind in COLUMNS)
NO_SAMPLE = (None,) * len(STATE_COLUMNS)

_DEFINITION = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
_NEWER = "r.sample_at >= coalesce(s.sample_at, '-infinity')"
_ASSIGNMENTS = ", ".join(
    [f"{name} = r.{name}" for name, _ in ALWAYS_COLUMNS if name != "partly_seen"]
    + ["partly_seen = coalesce(r.partly_seen, s.partly_seen)"]
    + [f"{name} = CASE WHEN {_NEWER} THEN r.{name} ELSE s.{name} END" for name, _ in STATE_COLUMNS]
)
# A token that was taken away meanwhile has no row in the join: nothing of its report is stored.
MARKS = f"""
    INSERT INTO node_epochs AS e (node, epoch, mark, digest, prev)
    SELECT r.node, r.epoch, r.seq, r.digest, r.prev
    FROM {STAGING} r JOIN nodes n ON n.number = r.node AND n.token_sha256 = r.token AND n.removed_at IS NULL
    ORDER BY r.node
    ON CONFLICT (node, epoch) DO UPDATE SET mark = excluded.mark, digest = excluded.digest, prev = excluded.prev,
        breaks = e.breaks + (excluded.prev IS DISTINCT FROM e.digest)::int
    WHERE e.mark < excluded.mark
    RETURNING e.node
"""  # noqa: S608 - constants of this module
STATES = f"""
    WITH old AS MATERIALIZED (SELECT s.node, s.status FROM node_state s WHERE s.node = ANY(%(fresh)s))
    UPDATE node_state s SET status = 'online', {_ASSIGNMENTS}
    FROM {STAGING} r JOIN old ON old.node = r.node
    WHERE s.node = r.node
    RETURNING s.node, old.status
"""  # noqa: S608 - constants of this module

# Rules of a firewall and passwords are shown to privileged readers alone. Without a grant no node shows them, and a
# mark that every node bears would hide the nodes that need a look. Their coverage tells of them all the same.
SEEN_BY_GRANT_ALONE = frozenset({"firewall", "users"})


class Incoming(NamedTuple):
    """A report on its way into the tables. digest: SHA-256 of its JSON. received_at: Unix seconds."""

    node: NodeCredential
    report: Report
    digest: bytes
    received_at: float
    latest: LatestSample | None


async def prepare(connection: Connection) -> None:
    """The temporary table through which reports pass; it lives as long as the connection."""
    await connection.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {STAGING} ({_DEFINITION}) ON COMMIT DELETE ROWS")


def _is_gap(section: str, level: str) -> bool:
    """Whether it is news that something of a section could not be seen."""
    return level == "error" or (level in ("partial", "denied") and section not in SEEN_BY_GRANT_ALONE)


def _row(incoming: Incoming) -> tuple[object, ...]:
    report, agent = incoming.report, incoming.report.agent
    partly_seen = None
    if report.coverage:
        partly_seen = any(_is_gap(section, each.level) for section, each in report.coverage.items())
    return (
        incoming.node.number,
        incoming.node.token_sha256,
        report.epoch,
        report.seq,
        incoming.digest,
        bytes.fromhex(report.prev) if report.prev else None,
        microseconds(incoming.received_at),
        # Of a report that waited in the spool it says nothing about the clock.
        report.sent_at - incoming.received_at,
        agent.plain_http,
        agent.spooled_reports,
        agent.refused_reports,
        agent.dropped_reports,
        agent.thinned_reports,
        agent.version,
        agent.python,
        agent.user,
        agent.scope,
        partly_seen,
        *(NO_SAMPLE if incoming.latest is None else _latest(incoming.latest)),
    )


def _latest(latest: LatestSample) -> tuple[object, ...]:
    return (
        microseconds(latest.at),
        latest.memory_used_bytes,
        latest.memory_total_bytes,
        latest.disk_used_bytes,
        latest.disk_total_bytes,
        latest.uptime_seconds,
        latest.cpu_percent,
        latest.memory_percent,
        latest.swap_percent,
        latest.disk_percent,
        latest.receive_bytes_per_second,
        latest.transmit_bytes_per_second,
        latest.load_one,
    )


async def advance_marks(connection: Connection, batch: Sequence[Incoming]) -> set[int]:
    """Numbers of the nodes whose report is new: its seq is beyond the mark of its epoch, and the token still good.

    The mark is moved and locked in the same statement, so that two processes never both take a report for new.
    """
    async with connection.cursor() as cursor, cursor.copy(f"COPY {STAGING} FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(COPY_TYPES)
        for incoming in batch:
            await copy.write_row(_row(incoming))
    cursor = await connection.execute(MARKS)
    return {row[0] for row in await cursor.fetchall()}


async def update_states(connection: Connection, fresh: set[int]) -> dict[int, NodeStatus]:
    """{node number: status before}."""
    cursor = await connection.execute(STATES, {"fresh": list(fresh)})
    return dict(await cursor.fetchall())


async def still_nodes(connection: Connection, batch: Sequence[Incoming]) -> set[int]:
    """Which of these have a good token now."""
    cursor = await connection.execute(
        "SELECT n.number FROM nodes n JOIN unnest(%s::int[], %s::bytea[]) AS r(node, token) "
        "ON n.number = r.node AND n.token_sha256 = r.token WHERE n.removed_at IS NULL",
        ([each.node.number for each in batch], [each.node.token_sha256 for each in batch]),
    )
    return {row[0] for row in await cursor.fetchall()}
