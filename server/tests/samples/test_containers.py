"""Containers' lines: kept by name through a new id, whole in every bucket, and of bounded cost however names change."""

import time
from typing import Any

import pytest
from server.tests.samples.test_ranges import ask, fill, line
from server.tests.world import Person, World, a_report, a_sample

from nodestral.samples.metrics import CONTAINER

pytestmark = pytest.mark.anyio


def a_container(name: str, cpu_percent: float | None, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"{number:064x}", "name": name, "cpu_percent": cpu_percent, "memory_bytes": 1000 * number} | more


async def test_a_container_that_is_made_anew_continues_its_line(world: World, ann: Person) -> None:
    node = await world.node(ann)
    start = int(time.time()) - 1000
    await fill(
        world,
        node,
        [
            a_sample(start, containers=[a_container("web", 150.5), a_container("db", 1, 2)]),
            a_sample(start + 30, containers=[a_container("db", 2, 2), a_container("web", 12, 3)]),
            a_sample(start + 60),
        ],
    )

    found = await ask(world, ann, node, start, start + 100)

    assert line(found, "container_cpu_percent", "web")["avg"] == [150.5, 12, None]
    assert line(found, "container_memory_bytes", "web")["avg"] == [1000, 3000, None]
    assert line(found, "container_cpu_percent", "db")["avg"] == [1, 2, None]
    assert line(found, "container_memory_bytes", "db")["unit"] == "bytes"
    assert await world.value("SELECT count(*) FROM sample_layouts") == 1


async def test_what_is_not_measured_has_no_line(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    read = a_container("web", None, read_bytes_per_second=7.5, memory_bytes=None)
    await fill(world, node, [a_sample(now, containers=[read])])
    found = await ask(world, ann, node, now - 100, now + 100)
    told = {each["metric"]: each["avg"] for each in found["series"] if each["key"] == "web"}
    assert told == {"container_read_bytes_per_second": [7.5]}


async def test_two_of_one_name_are_told_apart(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    await fill(world, node, [a_sample(now, containers=[a_container("web", 1, 1), a_container("web", 2, 2)])])
    found = await ask(world, ann, node, now - 100, now + 100)
    assert line(found, "container_cpu_percent", "web (000000000000)")["avg"] != [None]


async def test_a_bucket_holds_every_container_that_ran_in_it(world: World, ann: Person) -> None:
    node = await world.node(ann)
    end = int(time.time()) // 3600 * 3600
    start = end - 6 * 3600
    samples = [
        a_sample(
            start + 30 * number,
            containers=[a_container("always", number % 20)]
            + ([a_container("brief", 80, 2)] if number % 20 < 5 else []),
        )
        for number in range(720)
    ]
    await fill(world, node, samples)

    found = await ask(world, ann, node, start, end, points=60)

    always, brief = (line(found, "container_cpu_percent", name) for name in ("always", "brief"))
    assert (always["avg"][0], always["min"][0], always["max"][0]) == (9.5, 0, 19)
    assert brief["avg"] == [80] * 36
    assert line(found, "load_one")["avg"][0] == 0.5


@pytest.mark.parametrize("hours", [0.2, 6])
async def test_a_page_asks_for_what_it_shows(world: World, ann: Person, hours: float) -> None:
    node = await world.node(ann)
    now = time.time()
    await fill(world, node, [a_sample(now - 60, containers=[a_container("web", 5, receive_bytes_per_second=1)])])

    async def metrics(of: str) -> set[str]:
        found = await ask(world, ann, node, now - hours * 3600, now, points=20, of=of)
        return {series["metric"] for series in found["series"]}

    both = await metrics("all")
    assert await metrics("containers") == {name for name in both if name in CONTAINER} != set()
    assert await metrics("machine") == {name for name in both if name not in CONTAINER} != set()


async def test_names_that_never_come_again_cost_a_row_each_and_go_with_their_samples(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    old = [
        a_sample(now - 5 * 86_400 + second, containers=[a_container(f"job-{second}", 1), a_container("web", 1, 2)])
        for second in range(300)
    ]
    await fill(world, node, [*old, a_sample(now, containers=[a_container("web", 1, 2)])])
    assert await world.value("SELECT count(*) FROM container_names") == 301
    assert await world.value("SELECT count(*) FROM sample_layouts") == 1

    await world.app.state.samples.drop_before(now - 3 * 86_400)

    assert await world.value("SELECT string_agg(name, ',') FROM container_names") == "web"
    await world.send(node, a_report(90, samples=[a_sample(now + 1, containers=[a_container("job-7", 6, 7)])]))
    found = await ask(world, ann, node, now - 100, now + 100)
    assert line(found, "container_cpu_percent", "job-7")["avg"][-1] == 6
