"""The fleet table: filters, order, pages, counts."""

import time
from typing import Any, get_args

import pytest
from server.tests.world import Person, World, a_report, a_sample, a_section

from nodestral.nodes.schemas import NodeSort

pytestmark = pytest.mark.anyio


def a_system(hostname: str, **changes: Any) -> dict[str, Any]:
    system: dict[str, Any] = {
        "key": "system",
        "hostname": hostname,
        "os_id": "debian",
        "os_name": "Debian GNU/Linux 12",
        "os_version": "12",
        "kernel": "6.1.0",
        "architecture": "x86_64",
        "cpu_model": "A processor",
        "cpu_count": 2,
        "memory_total_bytes": 4_000_000_000,
        "virtualization": "kvm",
        "boot_at": 1_700_000_000.5,
        "provider": "hetzner",
        "addresses": ["192.0.2.7"],
    }
    return system | changes


@pytest.fixture(scope="module")
async def fleet(shared_world: World, shared_ann: Person) -> dict[str, str]:
    """{name: id}: alpha (busy Debian), beta (idle Ubuntu, partly seen), gamma (waiting)."""
    ids = {}
    for name, idle, changes, level in (
        ("alpha", 10, {}, "full"),
        ("beta", 90, {"os_id": "ubuntu", "os_name": "Ubuntu 24.04", "provider": "aws", "addresses": []}, "denied"),
    ):
        node = await shared_world.node(shared_ann, name)
        sample = a_sample()
        sample["cpu"]["idle_percent"] = idle
        report = a_report(
            samples=[sample],
            sections={
                "system": a_section(a_system(name, **changes)),
                "cloud": a_section({"key": "cloud", "kind": "cloud", "source": "metadata", "region": f"{name}-1"}),
            },
            coverage={"system": {"level": "full"}, "containers": {"level": level, "reason": "not in the group"}},
        )
        assert (await shared_world.send(node, report)).status_code == 200
        ids[name] = node.id
    ids["gamma"] = (await shared_world.node(shared_ann, "gamma")).id
    tagged = await shared_world.http.patch(
        f"/api/v1/nodes/{ids['alpha']}", json={"tags": ["web", " db "]}, headers=shared_ann.cookies
    )
    assert tagged.json()["tags"] == ["db", "web"]
    return ids


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({}, ["alpha", "beta", "gamma"]),
        ({"order": "descending"}, ["gamma", "beta", "alpha"]),
        ({"sort": "cpu", "order": "descending"}, ["alpha", "beta", "gamma"]),
        ({"sort": "status"}, ["gamma", "alpha", "beta"]),
        ({"q": "alp"}, ["alpha"]),
        ({"q": "192.0.2.7"}, ["alpha"]),
        ({"q": "hetzner alpha-1"}, ["alpha"]),
        ({"q": "UBUNTU bet"}, ["beta"]),
        ({"q": "%"}, []),
        ({"q": "alph_"}, []),
        ({"q": "\\"}, []),
        ({"q": "'; DROP TABLE nodes; --"}, []),
        ({"status": "waiting"}, ["gamma"]),
        ({"status": ["waiting", "online"]}, ["alpha", "beta", "gamma"]),
        ({"provider": ["aws", "hetzner"]}, ["alpha", "beta"]),
        ({"os": "debian"}, ["alpha"]),
        ({"tag": ["db", "other"]}, ["alpha"]),
        ({"partly_seen": "true"}, ["beta"]),
        ({"partly_seen": "false"}, ["alpha", "gamma"]),
        ({"offset": 1, "limit": 1}, ["beta"]),
        ({"offset": 5}, []),
    ],
)
async def test_filter_and_order(
    shared_world: World, shared_ann: Person, fleet: dict[str, str], parameters: dict[str, Any], names: list[str]
) -> None:
    page = await shared_world.get(shared_ann, "/api/v1/nodes", **parameters)
    assert [item["name"] for item in page["items"]] == names


@pytest.mark.parametrize("sort", get_args(NodeSort))
async def test_every_order_can_be_asked_for(
    shared_world: World, shared_ann: Person, fleet: dict[str, str], sort: str
) -> None:
    page = await shared_world.get(shared_ann, "/api/v1/nodes", sort=sort)
    assert {item["name"] for item in page["items"]} == set(fleet)


async def test_counts_and_facets_are_of_the_whole_fleet(
    shared_world: World, shared_ann: Person, fleet: dict[str, str]
) -> None:
    page = await shared_world.get(shared_ann, "/api/v1/nodes", q="alpha")
    assert page["total"] == 1
    assert page["counts"] == {"total": 3, "online": 2, "silent": 0, "waiting": 1, "partly_seen": 1}
    assert {facet["value"] for facet in page["facets"]["providers"]} == {"aws", "hetzner"}
    assert {facet["value"] for facet in page["facets"]["tags"]} == {"db", "web"}


async def test_the_detail_says_what_the_system_section_told(
    shared_world: World, shared_ann: Person, fleet: dict[str, str]
) -> None:
    node = await shared_world.get(shared_ann, f"/api/v1/nodes/{fleet['alpha']}")
    assert (node["kernel"], node["cpu_count"], node["boot_at"]) == ("6.1.0", 2, 1_700_000_000.5)
    assert node["address"] == "192.0.2.7"
    assert (node["provider"], node["region"]) == ("hetzner", "alpha-1")
    levels = {each["section"]: each["level"] for each in node["coverage"]}
    assert levels == {"system": "full", "cloud": "full", "containers": "full"}


@pytest.mark.parametrize(
    "parameters",
    [{"sort": "token_sha256"}, {"order": "up"}, {"limit": 0}, {"limit": 501}, {"offset": -1}, {"status": "x"}],
)
async def test_what_cannot_be_asked_for_is_refused_with_its_name(
    shared_world: World, shared_ann: Person, parameters: dict[str, Any]
) -> None:
    answer = await shared_world.http.get("/api/v1/nodes", params=parameters, headers=shared_ann.cookies)
    assert answer.status_code == 422
    assert next(iter(parameters)) in answer.text


async def test_a_nul_in_the_search_is_no_fault_of_the_server(shared_world: World, shared_ann: Person) -> None:
    answer = await shared_world.http.get("/api/v1/nodes?q=a%00b", headers=shared_ann.cookies)
    assert answer.status_code == 422


async def test_a_silent_node_is_noticed_and_comes_back(world: World, ann: Person) -> None:
    node = await world.node(ann)
    await world.send(node, a_report(1))
    watch = world.app.state.watch
    await watch.look()
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["status"] == "online"

    await world.value("UPDATE node_state SET last_seen_at = now() - interval '91 seconds' RETURNING 1")
    await watch.look()
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["status"] == "silent"

    await world.send(node, a_report(2, samples=[a_sample(time.time() - 1)]))
    assert (await world.get(ann, f"/api/v1/nodes/{node.id}"))["status"] == "online"
