"""Facts are stored once for the fleet, presence as spans; what moves by itself is a gauge."""

import pytest
from server.tests.world import Person, World, a_report, a_section, a_service

pytestmark = pytest.mark.anyio


async def test_what_did_not_change_is_not_written_again(world: World, ann: Person) -> None:
    node = await world.node(ann)
    nginx, ssh = a_service("nginx.service"), a_service("ssh.service")
    await world.send(node, a_report(1, sections={"services": a_section(nginx, ssh)}))
    before = await world.get(ann, f"/api/v1/nodes/{node.id}/services")

    failed = nginx | {"state": "failed"}
    await world.send(node, a_report(2, sections={"services": a_section(failed, ssh)}))

    after = await world.get(ann, f"/api/v1/nodes/{node.id}/services")
    states = {item["unit"]: (item["state"], item["seen_from"]) for item in after["items"]}
    assert states["nginx.service"][0] == "failed"
    assert states["ssh.service"][1] == before["items"][1]["seen_from"]
    assert await world.value("SELECT count(*) FROM facts") == 3
    assert await world.value("SELECT count(*) FROM presence WHERE to_at IS NULL") == 2
    assert await world.value("SELECT count(*) FROM presence WHERE to_at IS NOT NULL") == 1


async def test_a_fact_is_stored_once_for_the_fleet(world: World, ann: Person) -> None:
    for name in ("one", "two"):
        node = await world.node(ann, name)
        await world.send(node, a_report(sections={"services": a_section(a_service("ssh.service"))}))
    assert await world.value("SELECT count(*) FROM facts") == 1
    assert await world.value("SELECT count(*) FROM presence") == 2


async def test_a_state_that_comes_back_opens_a_new_span(world: World, ann: Person) -> None:
    node = await world.node(ann)
    up, down = a_section(a_service("a.service")), a_section(a_service("a.service", state="failed"))
    for seq, section in enumerate([up, down, up], start=1):
        await world.send(node, a_report(seq, sections={"services": section}))
    shown = (await world.get(ann, f"/api/v1/nodes/{node.id}/services"))["items"]
    assert [item["state"] for item in shown] == ["active"]
    assert await world.value("SELECT count(*) FROM facts") == 2
    assert await world.value("SELECT count(*) FROM presence") == 3


async def test_gauges_move_without_the_items(world: World, ann: Person) -> None:
    node = await world.node(ann)
    gauges = {"system/a.service": {"memory_bytes": 100}}
    section = a_section(a_service("a.service"), gauges=gauges)
    await world.send(node, a_report(1, sections={"services": section}))
    moved = {"hash": section["hash"], "gauges": {"system/a.service": {"memory_bytes": 200}}}
    await world.send(node, a_report(2, sections={"services": moved}))
    shown = (await world.get(ann, f"/api/v1/nodes/{node.id}/services"))["items"]
    assert [item["memory_bytes"] for item in shown] == [200]


async def test_nothing_left_is_shown_as_nothing(world: World, ann: Person) -> None:
    node = await world.node(ann)
    await world.send(node, a_report(1, sections={"services": a_section(a_service("a.service"))}))
    await world.send(node, a_report(2, sections={"services": a_section()}))
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}/services"))["items"] == []
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["section_counts"] == {"services": 0}


async def test_coverage_is_shown_without_items(world: World, ann: Person) -> None:
    node = await world.node(ann)
    denied = {"level": "denied", "reason": "The socket is closed to this user.", "grant": "group docker"}
    await world.send(node, a_report(coverage={"containers": denied}))
    shown = await world.get(ann, f"/api/v1/nodes/{node.id}/containers")
    assert shown["items"] == []
    assert (shown["coverage"]["level"], shown["coverage"]["grant"]) == ("denied", "group docker")


async def test_the_node_says_where_the_cloud_put_it(world: World, ann: Person) -> None:
    node = await world.node(ann)
    told = {"key": "cloud", "kind": "cloud", "source": "both", "provider": "Hetzner", "region": "fsn1"}
    await world.send(node, a_report(1, sections={"cloud": a_section(told)}))
    shown = await world.get(ann, f"/api/v1/nodes/{node.id}")
    assert (shown["provider"], shown["region"]) == ("Hetzner", "fsn1")
    (listed,) = (await world.get(ann, "/api/v1/nodes"))["items"]
    assert (listed["provider"], listed["region"]) == ("Hetzner", "fsn1")

    await world.send(node, a_report(2, sections={"cloud": a_section(told | {"region": "nbg1"})}))
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["region"] == "nbg1"

    await world.send(node, a_report(3, sections={"cloud": a_section()}))
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["region"] is None


@pytest.mark.parametrize(
    ("section", "level", "is_marked"),
    [
        ("containers", "denied", True),
        ("services", "partial", True),
        ("firewall", "denied", False),
        ("users", "partial", False),
        ("firewall", "error", True),
        ("containers", "absent", False),
    ],
)
async def test_a_node_is_marked_for_what_it_hides_beyond_every_other(
    world: World, ann: Person, section: str, level: str, is_marked: bool
) -> None:
    node = await world.node(ann)
    await world.send(node, a_report(coverage={section: {"level": level, "reason": "why"}}))
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["partly_seen"] is is_marked
