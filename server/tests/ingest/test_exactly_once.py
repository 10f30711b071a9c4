"""Whatever the network does to a node's requests, each acknowledged report is stored exactly once.

A model of the agent: it keeps its reports in order and goes on after an answer. The network loses requests, loses
answers, delivers twice, delivers late copies out of order; the agent restarts with a new epoch; the server restarts.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from server.tests.conftest import Stores, cloned
from server.tests.world import Node, World, a_report, a_sample, running, seconds_ago

T = TypeVar("T")


class Loop:
    """An event loop in a thread of its own: the model's steps are plain calls."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class Network(RuleBasedStateMachine):
    stores: Stores
    dsn: str

    def __init__(self) -> None:
        super().__init__()
        self.loop = Loop()
        self.stack = AsyncExitStack()
        self.world = self.loop.run(self.start())
        self.node = self.loop.run(self.new_node())
        self.epoch, self.seq, self.taken = 1, 1, 0
        self.current = self.build()
        self.sent: list[dict[str, Any]] = []
        self.acknowledged: set[float] = set()

    async def start(self) -> World:
        return await self.stack.enter_async_context(running(self.dsn, self.stores.valkey_url))

    async def new_node(self) -> Node:
        name = os.urandom(6).hex()
        person = await self.world.person(f"{name}@example.org", name)
        return await self.world.node(person)

    def build(self) -> dict[str, Any]:
        self.taken += 1
        return a_report(self.seq, self.epoch, samples=[a_sample(seconds_ago(80_000) + self.taken)])

    def deliver(self, report: dict[str, Any]) -> dict[str, Any]:
        answer = self.loop.run(self.world.send(self.node, report))
        assert answer.status_code == 200, answer.text
        assert answer.json()["ack"] == report["seq"]
        found: dict[str, Any] = answer.json()
        return found

    def heard(self) -> None:
        """The answer arrived: the agent goes on to its next report."""
        self.acknowledged.add(self.current["samples"][0]["at"])
        self.sent.append(self.current)
        self.seq += 1
        self.current = self.build()

    @rule()
    def report_arrives(self) -> None:
        self.deliver(self.current)
        self.heard()

    @rule()
    def answer_is_lost_and_the_report_sent_again(self) -> None:
        self.deliver(self.current)
        assert self.deliver(self.current)["duplicate"]
        self.heard()

    @rule(copies=st.integers(2, 5))
    def report_arrives_several_times_at_once(self, copies: int) -> None:
        async def together() -> list[bool]:
            answers = [self.world.send(self.node, self.current) for _ in range(copies)]
            return [answer.json()["duplicate"] for answer in await asyncio.gather(*answers)]

        assert sorted(self.loop.run(together())) == [False] + [True] * (copies - 1)
        self.heard()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def late_copy_of_an_old_report_arrives(self, data: st.DataObject) -> None:
        assert self.deliver(data.draw(st.sampled_from(self.sent)))["duplicate"]

    @rule()
    def request_is_cut_off(self) -> None:
        """Half of a request is not a report; the agent sends it again later."""

        async def cut() -> None:
            _, writer = await asyncio.open_connection(*self.world.base_url.removeprefix("http://").split(":"))
            head = f"POST /agent/v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.node.token}\r\n"
            head += "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
            writer.write(head.encode() + b'{"epoch": 1, "seq":')
            await writer.drain()
            writer.close()

        self.loop.run(cut())

    @rule()
    def agent_restarts(self) -> None:
        """What it had not delivered stays in its spool, under the old epoch, and goes out first."""
        self.deliver(self.current)
        self.heard()
        self.epoch, self.seq = self.epoch + 1, 1
        self.current = self.build()

    @rule()
    def server_restarts(self) -> None:
        async def restart() -> World:
            await self.stack.aclose()
            return await self.start()

        self.world = self.loop.run(restart())

    @invariant()
    def each_acknowledged_sample_is_there_once(self) -> None:
        with psycopg.connect(self.dsn) as connection:
            rows = connection.execute(
                "SELECT extract(epoch FROM s.at)::float8 FROM samples s JOIN nodes n ON n.number = s.node "
                "WHERE n.id = %s",
                (self.node.id,),
            ).fetchall()
        stored = sorted(round(row[0], 3) for row in rows)
        assert stored == sorted(round(at, 3) for at in self.acknowledged)

    def teardown(self) -> None:
        self.loop.run(self.stack.aclose())
        self.loop.close()


def run_model(stores: Stores, dsn: str, examples: int) -> None:
    machine = type("NetworkOfThisTest", (Network,), {"stores": stores, "dsn": dsn})
    quiet = settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine, settings=quiet)


@pytest.fixture
def model_dsn(stores: Stores) -> Any:
    with cloned(stores, "the model of the network") as url:
        yield url


def test_every_acknowledged_report_is_stored_once(stores: Stores, model_dsn: str) -> None:
    run_model(stores, model_dsn, examples=8)


def test_the_model_notices_when_marks_are_not_kept(
    stores: Stores, model_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the high-water mark the same model fails."""
    from nodestral.ingest import repository  # noqa: PLC0415 - only to take the protection away

    unguarded = repository.MARKS.replace("WHERE e.mark < excluded.mark", "")
    assert unguarded != repository.MARKS
    monkeypatch.setattr(repository, "MARKS", unguarded)
    with pytest.raises(AssertionError):
        run_model(stores, model_dsn, examples=8)
