"""Real stores for the server's tests: one PostgreSQL and one Valkey for a test process, a database for each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
import redis
from psycopg import sql
from server.tests.debian import debian_stores
from server.tests.world import Person, Quiet, World, running

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


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@contextmanager
def embedded_stores() -> Iterator[Stores]:
    # The services' account must be able to enter the folder, which pytest's own folders forbid.
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o755)
    postgres = start_postgres(folder / "data")
    valkey = start_valkey(folder / "data")
    yield Stores(postgres.superuser_url.replace(f"/{DATABASE}?", "/postgres?", 1), postgres.url, valkey.url)
    valkey.stop()
    postgres.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    """The embedded ones; with NODESTRAL_TEST_STORES=debian those of Debian's packages."""
    is_debian = os.environ.get("NODESTRAL_TEST_STORES") == "debian"
    with debian_stores() if is_debian else embedded_stores() as opened:
        found = Stores(*opened)
        with psycopg.connect(found.superuser_url, autocommit=True) as connection:
            # What is lost with the machine is made again in a second.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(TEMPLATE), sql.Identifier(ROLE))
            )
        migrate(found.url.replace(f"/{DATABASE}?", f"/{TEMPLATE}?", 1))
        yield found


@contextmanager
def cloned(stores: Stores, name: str) -> Iterator[str]:
    """An empty, migrated database."""
    identifier = sql.Identifier(f"test_{abs(hash(name)):x}")
    with psycopg.connect(stores.superuser_url, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(create.format(identifier, sql.Identifier(ROLE), sql.Identifier(TEMPLATE)))
        yield stores.url.replace(f"/{DATABASE}?", f"/test_{abs(hash(name)):x}?", 1)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture
def dsn(stores: Stores, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database of this test's own."""
    with cloned(stores, request.node.nodeid) as url:
        yield url


@pytest.fixture
def valkey_url(stores: Stores) -> str:
    """An empty Valkey."""
    with redis.Redis.from_url(stores.valkey_url) as client:
        client.flushall()
    return stores.valkey_url


@pytest.fixture
async def world(dsn: str, valkey_url: str) -> AsyncIterator[World]:
    """A server of this test's own."""
    async with running(dsn, valkey_url) as found:
        yield found


@pytest.fixture
async def ann(world: World) -> Person:
    """The owner of the organization Home."""
    return await world.person()


@pytest.fixture(scope="module")
async def shared_world(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A server that the tests of one file share, because none of them leaves anything behind that another would see."""
    with cloned(stores, request.node.nodeid) as url:
        async with running(url, stores.valkey_url) as found:
            yield found


@pytest.fixture(scope="module")
async def shared_ann(shared_world: World) -> Person:
    return await shared_world.person()


@pytest.fixture
async def quiet(shared_world: World, shared_ann: Person) -> Quiet:
    return Quiet(shared_world, await shared_world.node(shared_ann))
