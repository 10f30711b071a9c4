"""PostgreSQL: one pool a process, one unit of work a request.

A unit of work is one transaction, committed at the edge: it commits when the handler has returned, and before the
answer leaves; any error rolls it back. What must happen only after the commit (telling open pages) is handed to it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import psycopg_pool
import structlog
from psycopg.rows import TupleRow

Connection = psycopg.AsyncConnection[TupleRow]
Pool = psycopg_pool.AsyncConnectionPool[Connection]
CONNECT_TIMEOUT_SECONDS = 5
log = structlog.get_logger()


async def _configure(connection: Connection) -> None:
    # A transaction left open by a fault must not hold locks for ever, nor a lock be waited for without end.
    await connection.execute(
        "SET statement_timeout = '15s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; "
        "SET synchronous_commit = on; SET TIME ZONE 'UTC'"
    )
    await connection.commit()


def make_pool(dsn: str, *, size: int) -> Pool:
    """A closed pool; open it without waiting, so that the server starts while the database is still down."""
    return psycopg_pool.AsyncConnectionPool(
        dsn,
        min_size=2,
        max_size=size,
        open=False,
        timeout=CONNECT_TIMEOUT_SECONDS,
        max_waiting=200,
        reconnect_timeout=30,
        configure=_configure,
        kwargs={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "application_name": "nodestral"},
        check=psycopg_pool.AsyncConnectionPool.check_connection,
    )


async def connect(dsn: str) -> Connection:
    """One connection outside of the pool, with the same limits."""
    connection = await psycopg.AsyncConnection.connect(
        dsn, connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="nodestral"
    )
    await _configure(connection)
    return connection


class Work:
    """One transaction and what is to be done once it is committed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.after_commit: list[Callable[[], Awaitable[None]]] = []


@asynccontextmanager
async def unit_of_work(pool: Pool) -> AsyncIterator[Work]:
    async with pool.connection() as connection:
        work = Work(connection)
        yield work
    for tell in work.after_commit:
        await tell()
