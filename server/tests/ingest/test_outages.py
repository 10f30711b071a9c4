"""PostgreSQL away: 503 with Retry-After, nothing acknowledged. Valkey away: reports as ever."""

import asyncio

import psycopg
import pytest
from psycopg import sql
from server.tests.conftest import Stores
from server.tests.world import Person, World, a_report, a_sample, running, seconds_ago

pytestmark = pytest.mark.anyio
CLOSED_PORT = "redis://127.0.0.1:1"


async def test_without_valkey_reports_are_acknowledged_and_pages_load(dsn: str, valkey_url: str) -> None:
    async with running(dsn, CLOSED_PORT) as world:
        ann = await world.person()
        node = await world.node(ann)
        assert (await world.send(node, a_report())).status_code == 200
        assert (await world.get(ann, "/api/v1/nodes"))["counts"]["online"] == 1
        ready = await world.http.get("/readyz")
        assert (ready.status_code, ready.json()["valkey"]) == (200, "unreachable")
        signed_in = await world.http.post("/api/v1/session", json={"email": ann.email, "password": "wrong password"})
        assert signed_in.status_code == 401, "limits are counted without Valkey too"


async def test_without_postgresql_reports_are_told_to_come_again(world: World, ann: Person, stores: Stores) -> None:
    node = await world.node(ann)
    assert (await world.send(node, a_report(1, samples=[a_sample(seconds_ago(60))]))).status_code == 200
    name = await world.value("SELECT current_database()")
    closed = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(name))
    opened = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(sql.Identifier(name))
    async with await psycopg.AsyncConnection.connect(stores.superuser_url, autocommit=True) as connection:
        await connection.execute(closed)
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        refused = await world.send(node, a_report(2))
        await connection.execute(opened)

    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0
    again = await world.send(node, a_report(2))
    assert (again.status_code, again.json()["duplicate"]) == (200, False)


async def test_a_full_queue_is_told_to_come_again(dsn: str, valkey_url: str) -> None:
    async with running(dsn, valkey_url, report_queue_limit=2, commit_delay_milliseconds=100) as world:
        ann = await world.person()
        nodes = [await world.node(ann, f"box{number}") for number in range(8)]
        answers = await asyncio.gather(*[world.send(node, a_report()) for node in nodes])
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200, 200] + [503] * 6
        assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)


async def test_two_processes_store_a_report_once(world: World, ann: Person) -> None:
    node = await world.node(ann)
    async with running(world.dsn, world.valkey_url) as other:
        for seq in range(1, 20):
            report = a_report(seq)
            answers = await asyncio.gather(world.send(node, report), other.send(node, report))
            assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True]
    assert await world.value("SELECT count(*) FROM samples") == 19
