"""Daily partitions of `samples`: made ahead, made for late days as they come, dropped when their time is over."""

import datetime as dt

import psycopg

from nodestral.kit.database import Connection

DAY_SECONDS = 86_400
PREFIX = "samples_"
# Whoever makes or drops a partition takes this lock, so that two processes never make the same one.
ADVISORY_LOCK = 7_206_501_002


def day_of(at: float) -> int:
    """Days since 1970-01-01, UTC."""
    return int(at // DAY_SECONDS)


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def _name(day: int) -> str:
    return f"{PREFIX}{_date(day):%Y%m%d}"


async def make(connection: Connection, day: int) -> None:
    """Make the partition of that day unless there is one. To attach a finished table blocks no reader and no writer."""
    name = psycopg.sql.Identifier(_name(day))
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
    cursor = await connection.execute("SELECT to_regclass(%s)", (_name(day),))
    found = await cursor.fetchone()
    if found and found[0] is not None:
        return
    await connection.execute(
        psycopg.sql.SQL("CREATE TABLE {} (LIKE samples INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(name)
    )
    await connection.execute(
        psycopg.sql.SQL("ALTER TABLE samples ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
            name,
            psycopg.sql.Literal(_date(day).isoformat() + "Z"),
            psycopg.sql.Literal(_date(day + 1).isoformat() + "Z"),
        )
    )


async def drop_before(connection: Connection, day: int) -> list[str]:
    """Drop all partitions of days before this one; their names."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
    cursor = await connection.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = 'samples'::regclass AND c.relname < %s ORDER BY 1",
        (_name(day),),
    )
    names = [str(row[0]) for row in await cursor.fetchall()]
    for name in names:
        await connection.execute(psycopg.sql.SQL("DROP TABLE {}").format(psycopg.sql.Identifier(name)))
    return names
