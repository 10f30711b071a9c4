"""PostgreSQL or Valkey goes away and comes back under a fleet that reports."""

import asyncio
import contextlib
import http.client
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from server.tests.processes.api import Api, status
from server.tests.processes.test_killed import install_token

from nodestral.embedded.postgres import Postgres, start_postgres
from nodestral.embedded.valkey import Valkey, start_valkey
from nodestral.migrations import migrate
from nodestral.protocol import ReportAnswer
from nodestral.simulate import fleet
from nodestral.simulate.identity import identity
from nodestral.simulate.measure import Measure
from nodestral.simulate.reporter import Pending

NODES = 5


class Fleet:
    """Nodes that report to an API on stores that can be stopped. seqs: what was acknowledged, by node."""

    def __init__(self, api: Api, token: str) -> None:
        self.api = api
        self.token = token
        self.seqs: dict[str, list[int]] = defaultdict(list)

    def note(self, node_id: str, pending: Pending, _: ReportAnswer) -> None:
        self.seqs[node_id].append(pending.report.seq)

    @property
    def acknowledged(self) -> int:
        return sum(map(len, self.seqs.values()))

    async def until(self, happened: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)

    async def more(self, reports: int) -> None:
        before = self.acknowledged
        await self.until(lambda: self.acknowledged >= before + reports)

    def answer_to_a_report(self) -> tuple[int, str, str]:
        """(status, Retry-After, media type) of one more report of the first node, of an epoch of its own."""
        report = {
            "epoch": 1,
            "seq": 1,
            "sent_at": time.time(),
            "agent": {"version": "0", "python": "3", "user": "u", "scope": "system"},
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.api.port, timeout=20)
        headers = {
            "Authorization": f"Bearer {identity(0, self.token).token}",
            "Content-Type": "application/json",
        }
        connection.request("POST", "/agent/v1/reports", json.dumps(report), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers.get("Retry-After", ""), answer.headers.get_content_type()


@contextlib.asynccontextmanager
async def reporting(postgres: Postgres, valkey: Valkey, folder: Path) -> AsyncIterator[Fleet]:
    migrate(postgres.url)
    token = await install_token(postgres.url, NODES)
    api = Api(postgres.url, valkey.url, folder)
    found = Fleet(api, token)
    load: asyncio.Task[None] | None = None
    try:
        await asyncio.to_thread(api.start)
        plan = fleet.Plan(api.url, token, NODES, interval_seconds=0.2)
        load = asyncio.create_task(fleet.run(plan, Measure(), on_acknowledged=found.note))
        await found.more(2 * NODES)
        yield found
        assert not load.done(), load
    finally:
        if load:
            load.cancel()
            await asyncio.gather(load, return_exceptions=True)
        api.close()


def test_while_postgresql_is_away_reports_get_503_and_none_is_lost(data_dir: Path, tmp_path: Path) -> None:
    async def story() -> None:
        postgres, valkey = start_postgres(data_dir), start_valkey(data_dir)
        try:
            async with reporting(postgres, valkey, tmp_path) as found:
                postgres.stop()
                code, retry_after, media_type = await asyncio.to_thread(found.answer_to_a_report)
                assert (code, media_type) == (503, "application/problem+json")
                assert int(retry_after) > 0
                assert await asyncio.to_thread(status, found.api.url + "/healthz") == 200
                assert await asyncio.to_thread(status, found.api.url + "/readyz") == 503
                assert await asyncio.to_thread(status, found.api.url + "/") is not None
                before = found.acknowledged
                await asyncio.sleep(1)
                assert found.acknowledged == before
                postgres = start_postgres(data_dir)
                # What the nodes kept arrives, in order, without a gap.
                await found.more(8 * NODES)
                for seqs in found.seqs.values():
                    assert seqs == list(range(1, len(seqs) + 1))
                assert await asyncio.to_thread(status, found.api.url + "/readyz") == 200
        finally:
            valkey.stop()
            postgres.stop()

    asyncio.run(story())


def test_while_valkey_is_away_reports_are_stored_as_ever(data_dir: Path, tmp_path: Path) -> None:
    async def story() -> None:
        postgres, valkey = start_postgres(data_dir), start_valkey(data_dir)
        try:
            async with reporting(postgres, valkey, tmp_path) as found:
                valkey.stop()
                await found.more(5 * NODES)
                code, _, _ = await asyncio.to_thread(found.answer_to_a_report)
                assert code == 200
                valkey = start_valkey(data_dir)
                await found.more(2 * NODES)
                for seqs in found.seqs.values():
                    assert seqs == list(range(1, len(seqs) + 1))

                def is_ready() -> bool:
                    return status(found.api.url + "/readyz") == 200

                deadline = time.monotonic() + 20
                while not await asyncio.to_thread(is_ready):
                    assert time.monotonic() < deadline
        finally:
            valkey.stop()
            postgres.stop()

    asyncio.run(story())
