"""Real stores for the server's tests: one PostgreSQL and one Valkey for a test process, a database for each test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
import redis
from psycopg import sql
from server.tests.world import Person, World, running

from nodestral.embedded.postgres import start_postgres
from nodestral.embedded.postgres_files import DATABASE, ROLE
from nodestral.embedded.valkey import start_valkey
from nodestral.migrations import migrate

TEMPLATE = "template_of_tests"


class Stores(NamedTuple):
    """superuser_url: of PostgreSQL's own database."""

    superuser_url: str
    url: str
    valkey_url: str


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    # The services' account must be able to enter the folder, which pytest's own folders forbid.
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o755)
    postgres = start_postgres(folder / "data")
    valkey = start_valkey(folder / "data")
    maintenance = postgres.superuser_url.replace(f"/{DATABASE}?", "/postgres?", 1)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        # What is lost with the machine is made again in a second.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(TEMPLATE), sql.Identifier(ROLE))
        )
    migrate(postgres.url.replace(f"/{DATABASE}?", f"/{TEMPLATE}?", 1))
    yield Stores(maintenance, postgres.url, valkey.url)
    valkey.stop()
    postgres.stop()
    shutil.rmtree(folder)


@pytest.fixture
def dsn(stores: Stores, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database of this test's own."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(stores.superuser_url, autocommit=True) as connection:
        create = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy"
        connection.execute(sql.SQL(create).format(sql.Identifier(name), sql.Identifier(ROLE), sql.Identifier(TEMPLATE)))
        yield stores.url.replace(f"/{DATABASE}?", f"/{name}?", 1)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def valkey_url(stores: Stores) -> str:
    """An empty Valkey."""
    with redis.Redis.from_url(stores.valkey_url) as client:
        client.flushall()
    return stores.valkey_url


@pytest.fixture
async def world(dsn: str, valkey_url: str) -> AsyncIterator[World]:
    async with running(dsn, valkey_url) as found:
        yield found


@pytest.fixture
async def ann(world: World) -> Person:
    """The owner of the organization Home."""
    return await world.person()
