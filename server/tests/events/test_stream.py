"""Open pages hear of what happens within two seconds, from whichever process, of their own organization only."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from server.tests.world import Person, World, a_report, a_section, a_service, running

pytestmark = pytest.mark.anyio


class Page:
    """An open page: what it has heard so far."""

    def __init__(self) -> None:
        self.batches: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.ended = asyncio.Event()

    async def hears(self, kind: str, seconds: float = 2.0) -> dict[str, Any]:
        """The first message of this kind."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for batch in self.batches:
                if batch[kind]:
                    first: dict[str, Any] = batch[kind][0]
                    return first
            await asyncio.sleep(0.02)
        raise AssertionError(f"nothing of {kind} within {seconds} s: {self.lines}")


@asynccontextmanager
async def opened(world: World, person: Person, **parameters: str) -> AsyncIterator[Page]:
    page = Page()

    async def listen() -> None:
        async with world.http.stream("GET", "/api/v1/events", params=parameters, headers=person.cookies) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for text in answer.aiter_lines():
                page.lines.append(text)
                if text.startswith("data: "):
                    page.batches.append(json.loads(text.removeprefix("data: ")))
        page.ended.set()

    task = asyncio.create_task(listen())
    while not page.lines:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    try:
        yield page
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_reading_reaches_a_page_of_another_process(world: World, ann: Person) -> None:
    node = await world.node(ann)
    async with running(world.dsn, world.valkey_url) as other, opened(other, ann) as page:
        await world.send(node, a_report(sections={"services": a_section(a_service("a.service"))}))
        seen = await page.hears("seen")
        assert (seen["node_id"], seen["latest"]["cpu_percent"]) == (node.id, 16)
        assert seen["sample"] is None, "whole samples are for the pages of one node"
        assert (await page.hears("status"))["status"] == "online"
        assert (await page.hears("inventory"))["sections"] == ["services"]


async def test_the_page_of_a_node_gets_its_whole_sample(world: World, ann: Person) -> None:
    node = await world.node(ann)
    async with opened(world, ann, node_id=node.id) as page:
        for _ in range(100):
            if node.id in world.app.state.publisher.watched:
                break
            await asyncio.sleep(0.05)
        await world.send(node, a_report())
        seen = await page.hears("seen")
        assert seen["sample"]["mounts"][0]["mount"] == "/"


async def test_changes_of_the_fleet_are_told(world: World, ann: Person) -> None:
    async with opened(world, ann) as page:
        node = await world.node(ann)
        enrolled = await page.hears("fleet")
        assert (enrolled["node_id"], enrolled["change"]) == (node.id, "enrolled")
        assert enrolled["token_id"]


async def test_another_organization_hears_nothing(world: World, ann: Person) -> None:
    bob = await world.person("bob@example.org", "Bob's")
    node = await world.node(ann)
    async with opened(world, bob) as bobs, opened(world, ann) as anns:
        await world.send(node, a_report())
        await anns.hears("seen")
        await asyncio.sleep(0.5)
        assert bobs.batches == []


async def test_the_stream_ends_with_the_session(world: World, ann: Person) -> None:
    async with opened(world, ann) as page:
        signed_out = await world.http.delete("/api/v1/session", headers=ann.cookies)
        assert signed_out.status_code == 204
        await asyncio.wait_for(page.ended.wait(), 8)


async def test_the_stream_ends_when_the_server_stops(world: World, ann: Person) -> None:
    async with running(world.dsn, world.valkey_url) as other, opened(other, ann) as page:
        other.app.state.streams.stop()
        await asyncio.wait_for(page.ended.wait(), 3)


async def test_many_readings_come_in_few_batches(world: World, ann: Person) -> None:
    nodes = [await world.node(ann, f"box{number}") for number in range(5)]
    async with opened(world, ann) as page:
        started = time.monotonic()
        for seq in range(1, 11):
            await asyncio.gather(*[world.send(node, a_report(seq)) for node in nodes])
        took = time.monotonic() - started
        await asyncio.sleep(1.0)
        assert len(page.batches) <= (took + 1) * 4 + 1
        assert {seen["node_id"] for batch in page.batches for seen in batch["seen"]} == {node.id for node in nodes}
