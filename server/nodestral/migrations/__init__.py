"""Bring a database to the schema that this version of the server needs. The steps are plain SQL in versions/."""

import asyncio
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

# Any process that migrates takes this lock first: a second one waits, then finds nothing left to do.
ADVISORY_LOCK = 7_206_501_001


def _config(dsn: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["dsn"] = dsn
    return config


def migrate(dsn: str) -> None:
    """Apply all missing steps, each in its own transaction. Blocking. Raises psycopg.Error if the database refuses."""
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        command.upgrade(_config(dsn), "head")


async def migrate_async(dsn: str) -> None:
    await asyncio.to_thread(migrate, dsn)


def newest() -> str:
    """The name of the newest step: what `alembic_version` holds in a database that is up to date."""
    return ScriptDirectory.from_config(_config("")).get_current_head() or ""
