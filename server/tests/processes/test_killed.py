"""kill -9 of the API under load: what was acknowledged is there, and there once.

The control is the same test against a server that does not wait for the commit; it must lose something, or this test
could not see a loss.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from server.tests.processes.api import Api

from nodestral.accounts.passwords import Passwords
from nodestral.accounts.service import create_user
from nodestral.nodes import tokens
from nodestral.nodes.schemas import InstallTokenRequest
from nodestral.protocol import ReportAnswer
from nodestral.simulate import fleet
from nodestral.simulate.measure import Measure
from nodestral.simulate.reporter import Pending

NODES = 40
KILLS = 3
Reading = tuple[str, int]


class Outcome(NamedTuple):
    """Readings are (node id, time in milliseconds). stored: how often each is in the database."""

    acknowledged: list[Reading]
    stored: Counter[Reading]


async def install_token(dsn: str, uses: int) -> str:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        passwords = Passwords()
        _, organization_id = await create_user(
            connection, passwords, email="ann@example.org", name="Ann", password="correct horse battery"
        )
        passwords.close()
        asked = InstallTokenRequest(name="fleet", uses_allowed=uses, lifetime_seconds=3600)
        _, secret = await tokens.create(connection, organization_id, asked, created_by=None)
    return secret


def stored_readings(dsn: str) -> Counter[Reading]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT n.id, round(extract(epoch FROM s.at) * 1000)::bigint "
            "FROM samples s JOIN nodes n ON n.number = s.node"
        ).fetchall()
    return Counter((str(node), int(at)) for node, at in rows)


async def killed_under_load(dsn: str, api: Api) -> Outcome:
    acknowledged: list[Reading] = []

    def note(node_id: str, pending: Pending, _: ReportAnswer) -> None:
        acknowledged.extend((node_id, round(sample.at * 1000)) for sample in pending.report.samples)

    api.start()
    plan = fleet.Plan(api.url, await install_token(dsn, NODES), NODES, interval_seconds=0.2)
    load = asyncio.create_task(fleet.run(plan, Measure(), on_acknowledged=note))
    try:
        for _ in range(KILLS):
            before = len(acknowledged)
            while len(acknowledged) < before + 5 * NODES:
                assert not load.done()
                await asyncio.sleep(0.02)
            # Not at the same moment of a batch each time.
            await asyncio.sleep(0.033)
            await asyncio.to_thread(api.kill)
            await asyncio.to_thread(api.start)
        before = len(acknowledged)
        while len(acknowledged) < before + 2 * NODES:
            assert not load.done()
            await asyncio.sleep(0.02)
    finally:
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
    # What was acknowledged last must be found without another word from the server.
    await asyncio.to_thread(api.kill)
    return Outcome(acknowledged, stored_readings(dsn))


@pytest.fixture
def api(dsn: str, valkey_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Api]:
    found = Api(dsn, valkey_url, tmp_path, early=getattr(request, "param", False))
    yield found
    found.close()


def test_no_acknowledged_report_is_lost_and_none_is_stored_twice(dsn: str, api: Api) -> None:
    outcome = asyncio.run(killed_under_load(dsn, api))

    assert len(outcome.acknowledged) > KILLS * 5 * NODES
    assert len(set(outcome.acknowledged)) == len(outcome.acknowledged)
    lost = [reading for reading in outcome.acknowledged if not outcome.stored[reading]]
    assert not lost
    assert [reading for reading, times in outcome.stored.items() if times > 1] == []


@pytest.mark.parametrize("api", [True], indirect=True, ids=["acknowledged-early"])
def test_a_server_that_does_not_wait_for_the_commit_is_found_out(dsn: str, api: Api) -> None:
    outcome = asyncio.run(killed_under_load(dsn, api))

    assert [reading for reading in outcome.acknowledged if not outcome.stored[reading]]
