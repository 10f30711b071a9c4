"""Where samples are kept. `MetricsStore` is all that the rest of the server knows of it; PostgreSQL is the store here.

Values that exist once for each mount, disk, NIC or core stand together in one column, as float4 after float4, and a
layout (one row for each distinct arrangement in the fleet) names the places. That is a tenth of the size of a document
with names in every row, and a day of it is decoded in a few milliseconds; jsonb would also cost the database ten times
the rest of the row to parse. Containers have a column of their own: see `containers`.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from nodestral.kit.database import Connection, Pool
from nodestral.kit.edge import NodeRef
from nodestral.protocol import Sample
from nodestral.samples import containers, flatten, partitions, ranges
from nodestral.samples.schemas import SampleRange, SeriesOf

COLUMNS = (
    "at",
    "node",
    "layout",
    "interval_seconds",
    "uptime_seconds",
    "cpu_user_percent",
    "cpu_system_percent",
    "cpu_iowait_percent",
    "cpu_steal_percent",
    "cpu_idle_percent",
    "load_one",
    "load_five",
    "load_fifteen",
    "memory_total_bytes",
    "memory_used_bytes",
    "memory_available_bytes",
    "memory_cached_bytes",
    "memory_buffers_bytes",
    "swap_total_bytes",
    "swap_used_bytes",
    "processes_total",
    "processes_running",
    "processes_blocked",
    "receive_bytes_per_second",
    "transmit_bytes_per_second",
    "read_bytes_per_second",
    "write_bytes_per_second",
    "pressure_cpu_some_percent",
    "pressure_memory_some_percent",
    "pressure_memory_full_percent",
    "pressure_io_some_percent",
    "pressure_io_full_percent",
    "detail",
    "containers",
)
# A timestamptz travels as an eight-byte number of microseconds; written as such it costs no conversion.
COPY_TYPES = ("int8", "int4", "int4", *["float4"] * (len(COLUMNS) - 5), "bytea", "bytea")
LAYOUTS_REMEMBERED_MAX = 20_000
STAGING = "incoming_samples"


class NodeSample(NamedTuple):
    number: int
    sample: Sample


class MetricsStore(Protocol):
    """All times are Unix seconds. `connection` is the caller's transaction; a store elsewhere needs none."""

    async def append(self, connection: Connection, batch: Sequence[NodeSample]) -> None:
        """Store each sample once: one that is there already, by node and time, stays as it is."""

    async def range(
        self, connection: Connection, node: NodeRef, from_at: float, to_at: float, points: int, of: SeriesOf = "all"
    ) -> SampleRange:
        """At most about `points` buckets of the metrics of a node, of its containers, or of both."""

    async def latest(self, connection: Connection, node: NodeRef) -> float | None:
        """When the newest sample was taken."""

    async def drop_before(self, at: float) -> list[str]:
        """Forget whole days before this time; what was dropped."""


class PostgresStore:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._days: set[int] = set()
        self._layouts: dict[flatten.Shape, int] = {}
        self._names = containers.Names(pool)

    async def make_days(self, days: set[int]) -> None:
        """Have partitions for these days. In a transaction of its own, before the batch that needs them."""
        missing = days - self._days
        if not missing:
            return
        async with self._pool.connection() as connection:
            for day in sorted(missing):
                await partitions.make(connection, day)
        self._days |= missing

    async def append(self, connection: Connection, batch: Sequence[NodeSample]) -> None:
        """The caller has made the days, and temporary tables on this connection (`prepare`)."""
        numbers = await self._names.numbers([each.sample for each in batch], partitions.day_of)
        rows = [
            flatten.row(number, await self._layout(connection, sample), sample, containers.packed(sample, numbers))
            for number, sample in sorted(batch, key=lambda each: (each.number, each.sample.at))
        ]
        if not rows:
            return
        async with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {STAGING} FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(COPY_TYPES)
            for row in rows:
                await copy.write_row(row)
        await connection.execute(f"INSERT INTO samples SELECT * FROM {STAGING} ON CONFLICT DO NOTHING")  # noqa: S608

    async def range(
        self, connection: Connection, node: NodeRef, from_at: float, to_at: float, points: int, of: SeriesOf = "all"
    ) -> SampleRange:
        return await ranges.read(connection, node, from_at, to_at, points, of)

    async def latest(self, connection: Connection, node: NodeRef) -> float | None:
        cursor = await connection.execute(
            "SELECT extract(epoch FROM max(at))::float8 FROM samples WHERE node = %s", (node.number,)
        )
        row = await cursor.fetchone()
        return None if row is None else row[0]

    async def drop_before(self, at: float) -> list[str]:
        day = partitions.day_of(at)
        async with self._pool.connection() as connection:
            dropped = await partitions.drop_before(connection, day)
        self._days = {known for known in self._days if known >= day}
        await self._names.forget_before(day)
        return dropped

    async def _layout(self, connection: Connection, sample: Sample) -> int:
        shape = flatten.shape(sample)
        known = self._layouts.get(shape)
        if known is not None:
            return known
        series = msgspec.json.encode(flatten.series_of(shape))
        digest = hashlib.sha256(series).digest()
        cursor = await connection.execute("SELECT id FROM sample_layouts WHERE hash = %s", (digest,))
        row = await cursor.fetchone()
        if row is None:
            # A layout of a transaction that is rolled back must not be remembered: it gets one of its own.
            row = await self._make_layout(digest, series)
        if len(self._layouts) >= LAYOUTS_REMEMBERED_MAX:
            self._layouts.clear()
        self._layouts[shape] = row[0]
        return int(row[0])

    async def _make_layout(self, digest: bytes, series: bytes) -> tuple[int]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "INSERT INTO sample_layouts (hash, series) VALUES (%s, %s::jsonb) "
                "ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id",
                (digest, series.decode()),
            )
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - the statement always returns the row
        return (int(row[0]),)


async def prepare(connection: Connection) -> None:
    """The temporary table through which samples pass; it lives as long as the connection."""
    await connection.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {STAGING} (LIKE samples) ON COMMIT DELETE ROWS")
