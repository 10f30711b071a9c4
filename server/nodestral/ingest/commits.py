"""Many reports, one commit. Reports wait in a bounded queue; one task takes what has gathered, stores it in one
transaction, and only after the commit lets each of them be answered.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import psycopg
import psycopg_pool
import structlog

from nodestral.ingest import meters, repository, storing
from nodestral.ingest.repository import Incoming
from nodestral.ingest.storing import Stored
from nodestral.kit import database
from nodestral.kit.clock import Clock
from nodestral.kit.database import Connection
from nodestral.kit.problems import Invalid, Problem, Unavailable
from nodestral.samples import store as samples_store
from nodestral.samples.partitions import day_of
from nodestral.samples.store import PostgresStore
from nodestral.settings import Settings

BATCH_MAX = 500
DAY_SECONDS = 86_400
# The database is gone or hangs: nothing is acknowledged, and agents keep their reports.
DATABASE_IS_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg_pool.PoolTimeout, OSError, TimeoutError)
log = structlog.get_logger()
Waiting = tuple[Incoming, "asyncio.Future[Stored]"]
Tell = Callable[[Sequence[tuple[Incoming, Stored]]], None]


class Commits:
    """tell: called after each commit with what was stored; it must not wait."""

    def __init__(self, dsn: str, settings: Settings, samples: PostgresStore, clock: Clock, tell: Tell) -> None:
        self._dsn = dsn
        self._samples = samples
        self._clock = clock
        self._tell = tell
        self._delay_seconds = settings.commit_delay_milliseconds / 1000
        self._limit = settings.report_queue_limit
        self._retention_days = settings.sample_retention_days
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._connection: Connection | None = None

    async def submit(self, incoming: Incoming) -> Stored:
        """Wait until the report is committed. Raises Unavailable when too many wait or the database is away."""
        if len(self._waiting) >= self._limit:
            meters.REFUSED.labels("queue-full").inc()
            raise Unavailable("Too many reports wait for their commit.", code="busy")
        future: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, future))
        self._arrived.set()
        return await future

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def run(self) -> None:
        """Until cancelled; what still waits then is told to come again."""
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                await asyncio.sleep(self._delay_seconds)
                while self._waiting:
                    await self._commit(self._take())
        finally:
            _fail(list(self._waiting), Unavailable("The server is stopping.", code="stopping"))
            await self._disconnect()

    def _take(self) -> list[Waiting]:
        """The next batch. A second report of one node waits for the next one, so that order is kept."""
        taken: list[Waiting] = []
        later: list[Waiting] = []
        nodes: set[int] = set()
        while self._waiting and len(taken) < BATCH_MAX:
            waiting = self._waiting.popleft()
            if waiting[1].done():  # the agent hung up
                continue
            number = waiting[0].node.number
            (later if number in nodes else taken).append(waiting)
            nodes.add(number)
        self._waiting.extendleft(reversed(later))
        return taken

    async def _commit(self, batch: list[Waiting]) -> None:
        if not batch:
            return
        try:
            with meters.COMMIT_SECONDS.time():
                stored = await self._store([incoming for incoming, _ in batch])
        except asyncio.CancelledError:
            _fail(batch, Unavailable("The server is stopping.", code="stopping"))
            raise
        except DATABASE_IS_AWAY as error:
            log.warning("reports could not be stored; agents keep them", reports=len(batch), reason=str(error).strip())
            await self._disconnect()
            _fail(batch, Unavailable("The database cannot be reached now.", code="database-unavailable"))
        except Exception as error:  # noqa: BLE001 - the edge: one bad report must never stop the others
            await self._disconnect()
            await self._one_by_one(batch, error)
        else:
            meters.BATCH.observe(len(batch))
            self._answer(batch, stored)

    async def _one_by_one(self, batch: list[Waiting], error: Exception) -> None:
        """Something in the batch cannot be stored: find it, and store the rest."""
        if len(batch) > 1:
            for waiting in batch:
                await self._commit([waiting])
            return
        log.error("a report cannot be stored", node=batch[0][0].node.id, exc_info=error)
        meters.REFUSED.labels("unstorable").inc()
        _fail(batch, Invalid("The report cannot be stored.", code="unstorable"))

    async def _store(self, batch: list[Incoming]) -> list[Stored]:
        connection = self._connection
        if connection is None or connection.closed:
            connection = self._connection = await database.connect(self._dsn)
            await repository.prepare(connection)
            await samples_store.prepare(connection)
            await connection.commit()
        oldest_day = day_of(self._clock.now() - self._retention_days * DAY_SECONDS)
        return await storing.store(connection, self._samples, batch, oldest_day=oldest_day)

    def _answer(self, batch: list[Waiting], stored: list[Stored]) -> None:
        told: list[tuple[Incoming, Stored]] = []
        for (incoming, future), outcome in zip(batch, stored, strict=True):
            if not future.done():
                future.set_result(outcome)
            if outcome.known and not outcome.duplicate:
                told.append((incoming, outcome))
        self._tell(told)

    async def _disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


def _fail(batch: list[Waiting], problem: Problem) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(problem)
