"""Reports are stored once, acknowledged after the commit, and shown."""

import asyncio
import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from server.tests.world import Person, World, a_report, a_sample, a_section, a_service, new_node_token

from nodestral.ingest import decode

pytestmark = pytest.mark.anyio
EXAMPLES = sorted((Path(__file__).parents[3] / "contract/examples").glob("*.json"))


async def test_a_report_is_acknowledged_and_its_node_online(world: World, ann: Person) -> None:
    node = await world.node(ann)
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["status"] == "waiting"

    answer = await world.send(node, a_report())

    assert answer.status_code == 200
    assert answer.json() == {
        "ack": 1,
        "settings": {"interval_seconds": 30, "scan_interval_seconds": 300},
        "need": [],
        "duplicate": False,
    }
    shown = await world.get(ann, f"/api/v1/nodes/{node.id}")
    assert shown["status"] == "online"
    assert shown["latest"]["cpu_percent"] == 16
    assert shown["latest"]["memory_percent"] == 25
    assert shown["latest"]["disk_percent"] == 75
    assert shown["latest"]["receive_bytes_per_second"] == 1000, "what passes through lo never leaves the machine"


async def test_the_same_report_again_is_a_duplicate(world: World, ann: Person) -> None:
    node = await world.node(ann)
    report = a_report()
    await world.send(node, report)

    answers = await asyncio.gather(*[world.send(node, report) for _ in range(10)])

    assert [answer.json()["duplicate"] for answer in answers] == [True] * 10
    assert await world.value("SELECT count(*) FROM samples") == 1


async def test_the_same_report_ten_times_at_once_is_stored_once(world: World, ann: Person) -> None:
    node = await world.node(ann)
    report = a_report()

    answers = await asyncio.gather(*[world.send(node, report) for _ in range(10)])

    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 9
    assert await world.value("SELECT count(*) FROM samples") == 1


async def test_a_new_epoch_starts_again_at_one(world: World, ann: Person) -> None:
    node = await world.node(ann)
    await world.send(node, a_report(seq=5, samples=[a_sample(time.time() - 60)]))

    answer = await world.send(node, a_report(seq=1, epoch=78))

    assert not answer.json()["duplicate"]
    assert await world.value("SELECT count(*) FROM samples") == 2


async def test_many_nodes_share_commits(world: World, ann: Person) -> None:
    nodes = [await world.node(ann, f"box{number}") for number in range(20)]

    answers = await asyncio.gather(*[world.send(node, a_report()) for node in nodes])

    assert {answer.status_code for answer in answers} == {200}
    assert await world.value("SELECT count(DISTINCT node) FROM samples") == 20


async def test_gzip_is_taken(world: World, ann: Person) -> None:
    node = await world.node(ann)
    packed = gzip.compress(json.dumps(a_report()).encode())
    answer = await world.send(node, packed, **{"content-encoding": "gzip"})
    assert answer.status_code == 200


async def test_a_late_sample_gets_its_day(world: World, ann: Person) -> None:
    node = await world.node(ann)
    week_ago, long_ago = time.time() - 7 * 86400, time.time() - 40 * 86400

    answer = await world.send(node, a_report(samples=[a_sample(long_ago), a_sample(week_ago), a_sample()]))

    assert answer.status_code == 200
    assert await world.value("SELECT count(*) FROM samples") == 2, "older than the retention is not kept"


async def test_two_samples_of_one_time_do_not_stop_the_others(world: World, ann: Person) -> None:
    node, other = await world.node(ann), await world.node(ann, "other")
    at = time.time()
    reports = [world.send(node, a_report(samples=[a_sample(at), a_sample(at)])), world.send(other, a_report())]
    assert [answer.status_code for answer in await asyncio.gather(*reports)] == [200, 200]
    assert await world.value("SELECT count(*) FROM samples") == 2


async def test_a_removed_node_is_refused_at_once(world: World, ann: Person) -> None:
    node = await world.node(ann)
    await world.send(node, a_report(seq=1))
    removed = await world.http.delete(f"/api/v1/nodes/{node.id}", headers=ann.cookies)
    assert removed.status_code == 204

    answer = await world.send(node, a_report(seq=2))

    assert answer.status_code == 401
    assert await world.value("SELECT count(*) FROM samples") == 1
    assert (await world.get(ann, "/api/v1/nodes"))["total"] == 0


async def test_a_foreign_node_id_in_the_report_is_refused(world: World, ann: Person) -> None:
    node, other = await world.node(ann), await world.node(ann, "other")
    answer = await world.send(node, a_report(node_id=other.id))
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-node")
    assert await world.value("SELECT count(*) FROM samples") == 0


async def test_an_unknown_token_is_refused(world: World, ann: Person) -> None:
    node = (await world.node(ann))._replace(token=new_node_token())
    answer = await world.send(node, a_report())
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_a_section_is_asked_for_until_it_came(world: World, ann: Person) -> None:
    node = await world.node(ann)
    full = a_section(a_service("nginx.service"))
    short = {"hash": full["hash"]}

    assert (await world.send(node, a_report(1, sections={"services": short}))).json()["need"] == ["services"]
    assert (await world.send(node, a_report(2, sections={"services": full}))).json()["need"] == []
    assert (await world.send(node, a_report(3, sections={"services": short}))).json()["need"] == []


@pytest.mark.parametrize("raw", [path.read_bytes() for path in EXAMPLES], ids=[path.stem for path in EXAMPLES])
async def test_the_golden_reports_are_accepted(world: World, ann: Person, raw: bytes) -> None:
    """As they stand: only the id of the node and the clock are set to this test's."""
    golden = json.loads(raw)
    decode.decode(raw, golden["sent_at"])
    node = await world.node(ann)
    golden["node_id"] = node.id
    moved = time.time() - golden["sent_at"]
    golden["sent_at"] += moved
    for sample in golden["samples"]:
        sample["at"] += moved

    answer = await world.send(node, golden)

    assert answer.status_code == 200, answer.text
    assert answer.json()["need"] == []
    shown = await world.get(ann, f"/api/v1/nodes/{node.id}")
    assert shown["latest"]["at"] == pytest.approx(golden["samples"][-1]["at"], abs=0.001)


def test_there_are_golden_reports() -> None:
    assert EXAMPLES


async def test_text_that_hides_or_reorders_is_made_harmless(world: World, ann: Person) -> None:
    node = await world.node(ann)
    evil = a_service("a.service", description="safe\u202egnp.exe\u0007\u001b[31m\tend")

    answer = await world.send(node, a_report(sections={"services": a_section(evil)}))

    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = await world.get(ann, f"/api/v1/nodes/{node.id}/services")
    assert shown["items"][0]["description"] == "safe\ufffdgnp.exe\ufffd\ufffd[31m end"
