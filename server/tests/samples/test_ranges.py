"""Ranges: raw or in buckets, gaps as gaps, each mount, disk, NIC and core its own line."""

import time
from typing import Any

import pytest
from server.tests.world import Node, Person, World, a_nic, a_report, a_sample

from nodestral.samples.metrics import CONTAINER, CORE, UNITS
from nodestral.samples.ranges import bucket_width

pytestmark = pytest.mark.anyio


async def fill(world: World, node: Node, samples: list[dict[str, Any]]) -> None:
    for seq, start in enumerate(range(0, len(samples), 100), start=1):
        answer = await world.send(node, a_report(seq, samples=samples[start : start + 100]))
        assert answer.status_code == 200, answer.text


async def ask(world: World, person: Person, node: Node, from_at: float, to_at: float, **more: Any) -> Any:
    found = await world.get(person, f"/api/v1/nodes/{node.id}/samples", from_at=from_at, to_at=to_at, **more)
    assert all(len(series["avg"]) == len(found["times"]) for series in found["series"])
    return found


def line(found: Any, metric: str, key: str | None = None) -> Any:
    return next(each for each in found["series"] if (each["metric"], each["key"]) == (metric, key))


async def test_few_samples_come_as_they_are_with_gaps_as_gaps(world: World, ann: Person) -> None:
    node = await world.node(ann)
    start = int(time.time()) - 1000
    times = [start, start + 30, start + 60, start + 600, start + 630]
    await fill(world, node, [a_sample(at) for at in times])

    found = await ask(world, ann, node, start, start + 900)

    user = line(found, "cpu_user_percent")
    assert user["avg"] == [10, 10, 10, None, 10, 10]
    assert user["min"] is None
    assert [at for at in found["times"] if at in times] == times
    assert found["bucket_seconds"] == 30


async def test_many_samples_are_put_into_buckets(world: World, ann: Person) -> None:
    node = await world.node(ann)
    end = int(time.time()) // 3600 * 3600
    start = end - 6 * 3600
    samples = []
    for number in range(720):
        at = start + 30 * number
        if start + 3600 <= at < start + 7200:
            continue
        sample = a_sample(at, nics=[a_nic("eth0", number)])
        sample["load"]["one"] = number % 10
        samples.append(sample)
    await fill(world, node, samples)

    found = await ask(world, ann, node, start, end, points=60)

    assert found["bucket_seconds"] == 600
    assert found["times"] == [start + 600 * index for index in range(36)]
    load = line(found, "load_one")
    assert load["avg"][0] == 4.5
    assert (load["min"][0], load["max"][0]) == (0, 9)
    assert load["avg"][6:12] == [None] * 6
    received = line(found, "nic_receive_bytes_per_second", "eth0")
    assert received["avg"][0] == 9.5
    assert (received["min"][0], received["max"][0]) == (0, 19)
    assert received["avg"][6:12] == [None] * 6
    assert line(found, "receive_bytes_per_second")["avg"] == received["avg"]


async def test_a_nic_that_came_later_has_a_gap_before(world: World, ann: Person) -> None:
    node = await world.node(ann)
    end = int(time.time()) // 3600 * 3600
    start = end - 4 * 3600
    samples = [
        a_sample(start + 30 * number, nics=[a_nic("eth0", 1)] + ([a_nic("eth1", 7)] if number >= 240 else []))
        for number in range(480)
    ]
    await fill(world, node, samples)
    found = await ask(world, ann, node, start, end, points=50)
    late = line(found, "nic_receive_bytes_per_second", "eth1")["avg"]
    half = len(late) // 2
    assert late == [None] * half + [7] * half


async def test_what_a_node_cannot_measure_is_absent(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    await fill(world, node, [a_sample(now)])
    found = await ask(world, ann, node, now - 100, now + 100)
    names = {series["metric"] for series in found["series"]}
    assert "cpu_idle_percent" in names
    assert not any(name.startswith("pressure_") for name in names)
    assert {series["key"] for series in found["series"] if series["metric"] == "core_busy_percent"} == {"0", "1"}


async def test_pressure_is_there_where_it_was_measured(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    pressure = {
        "cpu_some_percent": 1,
        "memory_some_percent": 2,
        "memory_full_percent": 3,
        "io_some_percent": 4,
        "io_full_percent": 5,
    }
    await fill(world, node, [a_sample(now, pressure=pressure)])
    found = await ask(world, ann, node, now - 100, now + 100)
    assert line(found, "pressure_io_some_percent")["avg"] == [4]
    assert {series["metric"] for series in found["series"]} == set(UNITS) - set(CONTAINER) >= set(CORE)


async def test_a_node_without_samples_has_empty_lines(world: World, ann: Person) -> None:
    node = await world.node(ann)
    found = await ask(world, ann, node, time.time() - 100, time.time())
    assert (found["times"], found["series"]) == ([], [])


@pytest.mark.parametrize(
    ("from_at", "to_at"),
    [("nan", "nan"), ("1e300", "1e301"), ("inf", "inf"), ("0", "1"), ("1700000000", "1600000000"), ("x", "1")],
)
async def test_a_bad_range_is_refused(shared_world: World, shared_ann: Person, from_at: str, to_at: str) -> None:
    node = await shared_world.node(shared_ann)
    answer = await shared_world.http.get(
        f"/api/v1/nodes/{node.id}/samples", params={"from_at": from_at, "to_at": to_at}, headers=shared_ann.cookies
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("seconds", "points", "interval", "width"),
    [
        (3600, 600, 30, 0),
        (6 * 3600, 600, 30, 60),
        (86_400, 600, 30, 300),
        (7 * 86_400, 600, 30, 1800),
        (30 * 86_400, 600, 30, 7200),
        (86_400, 2000, 300, 0),
        (7 * 86_400, 2000, 300, 600),
    ],
)
def test_the_width_of_buckets(seconds: float, points: int, interval: float, width: int) -> None:
    assert bucket_width(seconds, points, interval) == width


async def test_old_days_are_dropped(world: World, ann: Person) -> None:
    node = await world.node(ann)
    now = time.time()
    await fill(world, node, [a_sample(now - 5 * 86_400), a_sample(now)])
    await world.app.state.samples.drop_before(now - 3 * 86_400)
    assert await world.value("SELECT count(*) FROM samples") == 1
    await world.send(node, a_report(9, samples=[a_sample(now - 5 * 86_400 + 1)]))
    assert await world.value("SELECT count(*) FROM samples") == 2, "a late report makes its day again"
