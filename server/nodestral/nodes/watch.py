"""Loops that one process runs for all, guarded by a PostgreSQL advisory lock: nodes that fell silent are noticed,
partitions made ahead, samples beyond their time dropped.
"""

import asyncio

import psycopg
import psycopg_pool
import structlog

from nodestral.events.channels import Publisher
from nodestral.events.schemas import EventBatch, NodeStatusChanged
from nodestral.kit.clock import Clock
from nodestral.kit.database import Connection, Pool
from nodestral.samples.partitions import DAY_SECONDS, day_of
from nodestral.samples.store import PostgresStore
from nodestral.settings import Settings

ADVISORY_LOCK = 7_206_501_003
SILENT_INTERVALS = 3
LOOK_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 3600.0
DAYS_AHEAD = 2
log = structlog.get_logger()


async def mark_silent(connection: Connection, *, before: float) -> list[tuple[str, str]]:
    """(organization, node) of the nodes that turned silent now: online, but last seen before that time."""
    cursor = await connection.execute(
        """
        WITH quiet AS (
            SELECT s.node FROM node_state s WHERE s.status = 'online' AND s.last_seen_at < to_timestamp(%s)
            ORDER BY s.node FOR UPDATE SKIP LOCKED
        )
        UPDATE node_state s SET status = 'silent' FROM quiet, nodes n
        WHERE s.node = quiet.node AND n.number = s.node
        RETURNING n.organization_id, n.id
        """,
        (before,),
    )
    return [(organization_id, node_id) for organization_id, node_id in await cursor.fetchall()]


class Watch:
    def __init__(
        self, pool: Pool, samples: PostgresStore, publisher: Publisher, clock: Clock, settings: Settings
    ) -> None:
        self._pool = pool
        self._samples = samples
        self._publisher = publisher
        self._clock = clock
        self._silent_seconds = SILENT_INTERVALS * settings.report_interval_seconds
        self._retention_seconds = settings.sample_retention_days * DAY_SECONDS
        self._cleaned_at = 0.0

    async def run(self) -> None:
        """Until cancelled. A database that is away is asked again."""
        while True:
            try:
                await self.look()
            except (psycopg.Error, psycopg_pool.PoolTimeout, OSError) as error:
                log.warning("the watch could not look", reason=str(error).strip())
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        now = self._clock.now()
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
            row = await cursor.fetchone()
            if not row or not row[0]:
                return
            silent = await mark_silent(connection, before=now - self._silent_seconds)
        for organization_id, node_id in silent:
            self._publisher.publish(organization_id, EventBatch(status=[NodeStatusChanged(node_id, "silent", now)]))
        if now - self._cleaned_at >= HOUSEKEEPING_SECONDS:
            today = day_of(now)
            await self._samples.make_days({today + ahead for ahead in range(DAYS_AHEAD + 1)})
            await self._samples.drop_before(now - self._retention_seconds)
            self._cleaned_at = now
