"""What belongs to another organization does not exist: every route with an id answers 404 for it, and lists leave it
out. Nothing of it changes.
"""

import time
from typing import Any, NamedTuple

import pytest
from server.tests.kit.test_policy import ROUTES
from server.tests.world import JSON, Node, Person, World, a_report, a_section, a_service

pytestmark = pytest.mark.anyio
WITH_ID = [(method, path) for method, path, _ in ROUTES if "{" in path]
BODIES: dict[tuple[str, str], Any] = {("PATCH", "/api/v1/nodes/{node_id}"): {"name": "stolen", "tags": ["stolen"]}}
NOW = int(time.time())
QUERY = {"/api/v1/nodes/{node_id}/samples": {"from_at": NOW - 100, "to_at": NOW}}


class Two(NamedTuple):
    """Bob owns the node and the token; Ann is of another organization."""

    world: World
    ann: Person
    bob: Person
    node: Node
    token_id: str


@pytest.fixture(scope="module")
async def two(shared_world: World) -> Two:
    ann = await shared_world.person("ann@two.example", "Ann's")
    bob = await shared_world.person("bob@two.example", "Bob's")
    node = await shared_world.node(bob, "bobs-box")
    sections = {"services": a_section(a_service("secret.service"))}
    assert (await shared_world.send(node, a_report(sections=sections))).status_code == 200
    await shared_world.install_token(bob, name="bob's token")
    token_id = await shared_world.value("SELECT id FROM install_tokens WHERE name = %s", "bob's token")
    return Two(shared_world, ann, bob, node, token_id)


async def ask(two: Two, person: Person, method: str, path: str) -> int:
    address = path.replace("{node_id}", two.node.id).replace("{token_id}", two.token_id)
    answer = await two.world.http.request(
        method, address, headers=JSON | person.cookies, json=BODIES.get((method, path)), params=QUERY.get(path)
    )
    return answer.status_code


@pytest.mark.parametrize(("method", "path"), WITH_ID, ids=[f"{method} {path}" for method, path in WITH_ID])
async def test_a_foreign_id_is_not_found_and_nothing_changes(two: Two, method: str, path: str) -> None:
    assert await ask(two, two.ann, method, path) == 404
    node = await two.world.get(two.bob, f"/api/v1/nodes/{two.node.id}")
    assert (node["name"], node["tags"]) == ("bobs-box", [])
    states = {
        token["id"]: token["state"] for token in (await two.world.get(two.bob, "/api/v1/install-tokens"))["items"]
    }
    assert states[two.token_id] == "active"


@pytest.mark.parametrize(
    ("method", "path"), [each for each in WITH_ID if each[0] == "GET"], ids=[path for m, path in WITH_ID if m == "GET"]
)
async def test_the_owner_finds_it(two: Two, method: str, path: str) -> None:
    """The control: the same requests succeed for Bob."""
    assert await ask(two, two.bob, method, path) == 200


async def test_lists_show_the_own_only(two: Two) -> None:
    page = await two.world.get(two.ann, "/api/v1/nodes")
    assert (page["total"], page["items"], page["counts"]["total"]) == (0, [], 0)
    assert (await two.world.get(two.ann, "/api/v1/install-tokens"))["items"] == []
    lines = await two.world.get(two.ann, "/api/v1/nodes/sparklines", node_id=[two.node.id])
    assert lines["items"] == []
    assert (await two.world.get(two.bob, "/api/v1/nodes/sparklines", node_id=[two.node.id]))["items"] != []


async def test_a_foreign_node_cannot_be_watched(two: Two) -> None:
    answer = await two.world.http.get("/api/v1/events", params={"node_id": two.node.id}, headers=two.ann.cookies)
    assert answer.status_code == 404
