"""Everything is closed by default: each route names who may call it, and each credential opens only its own kind."""

from typing import Any

import pytest
from litestar import get
from server.tests.world import JSON, PASSWORD, Node, Person, Quiet, World, running

from nodestral.app import create_app
from nodestral.kit.policy import Policy
from nodestral.settings import Settings

pytestmark = pytest.mark.anyio
# What answers somebody without any credential. This list is complete on purpose: a new one has to be written here.
OPEN = {"POST /api/v1/session", "GET /healthz", "GET /readyz"}


def routes() -> list[tuple[str, str, Any]]:
    """(method, path with {names}, policy) of every route that the application answers."""
    found = []
    for route in create_app(Settings(), dsn="postgresql:///none").routes:
        handlers = getattr(route, "route_handlers", None) or [route.route_handler]  # type: ignore[union-attr]
        for handler in handlers:
            methods = getattr(handler, "http_methods", None) or {"POST"}
            found += [(str(method), route.path_format, handler.opt.get("policy")) for method in methods]
    kept = [each for each in found if each[0] != "OPTIONS" and not each[1].startswith("/schema")]
    return sorted(kept, key=lambda each: (each[1], each[0]))


ROUTES = routes()
KINDS = ("none", "user", "node", "install", "metrics", "ids")


def test_every_route_declares_who_may_call_it() -> None:
    assert [f"{method} {path}" for method, path, policy in ROUTES if not isinstance(policy, Policy)] == []
    assert {f"{method} {path}" for method, path, policy in ROUTES if policy.kind == "public"} == OPEN


def credentials(kind: str, person: Person, node: Node, install: str) -> dict[str, str]:
    return {
        "none": {},
        "user": person.cookies,
        "node": {"authorization": f"Bearer {node.token}"},
        "install": {"authorization": f"Bearer {install}"},
        "metrics": {"authorization": "Bearer the-token-of-metrics"},
        # What is shown or guessed is never proof: the node's id, and a session's secret in the wrong place.
        "ids": {"authorization": f"Bearer {node.id}", "cookie": f"nodestral={node.id}"},
    }[kind]


@pytest.fixture(scope="module")
async def guarded(shared_world: World) -> Any:
    async with running(shared_world.dsn, shared_world.valkey_url, metrics_token="the-token-of-metrics") as found:
        person = await found.person("guarded@example.org", "Guarded")
        yield found, person, await found.node(person), await found.install_token(person)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("method", "path", "policy"), ROUTES, ids=[f"{each[0]} {each[1]}" for each in ROUTES])
async def test_each_credential_opens_its_own_routes_only(
    guarded: tuple[World, Person, Node, str], method: str, path: str, policy: Policy, kind: str
) -> None:
    world, person, node, install = guarded
    address = path.replace("{node_id}", "node_x").replace("{token_id}", "token_x")
    if method == "DELETE" and path == "/api/v1/session":
        person = await world.person(f"{kind}@example.org", "Elsewhere")
    headers = JSON | credentials(kind, person, node, install)
    content = b"{}" if method in ("POST", "PATCH") else None

    async with world.http.stream(method, address, headers=headers, content=content) as answer:
        status = answer.status_code

    if policy.kind in ("public", kind):
        assert status not in (401, 403)
    else:
        assert status == 401


async def test_a_route_without_a_policy_is_closed(dsn: str, valkey_url: str) -> None:
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "anything"

    async with running(dsn, valkey_url, routes=[forgotten]) as world:
        person = await world.person()
        assert (await world.http.get("/forgotten")).status_code == 403
        assert (await world.http.get("/forgotten", headers=person.cookies)).status_code == 403


async def test_a_viewer_looks_and_changes_nothing(world: World) -> None:
    owner = await world.person()
    viewer = await world.person("viewer@example.org", role="viewer")
    node = await world.node(owner)
    assert (await world.get(viewer, "/api/v1/nodes"))["total"] == 1
    attempts = [
        await world.http.patch(f"/api/v1/nodes/{node.id}", json={"name": "mine"}, headers=viewer.cookies),
        await world.http.delete(f"/api/v1/nodes/{node.id}", headers=viewer.cookies),
        await world.http.post("/api/v1/install-tokens", json={}, headers=viewer.cookies),
        await world.http.get("/api/v1/install-tokens", headers=viewer.cookies),
    ]
    assert [attempt.status_code for attempt in attempts] == [403] * 4


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    ],
)
async def test_another_site_cannot_change_anything(quiet: Quiet, headers: dict[str, str]) -> None:
    body = {"email": "ann@example.org", "password": PASSWORD}
    answer = await quiet.world.http.post("/api/v1/session", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
async def test_the_own_site_can(quiet: Quiet, headers: dict[str, str]) -> None:
    body = {"email": "ann@example.org", "password": PASSWORD}
    answer = await quiet.world.http.post(
        "/api/v1/session", json=body, headers=headers | {"origin": quiet.world.base_url}
    )
    assert answer.status_code == 201


async def test_every_answer_to_browsers_carries_the_security_headers(quiet: Quiet) -> None:
    for path in ("/healthz", "/api/v1/session", "/nothing-here"):
        headers = (await quiet.world.http.get(path)).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_metrics_are_for_this_machine_only_without_a_token(quiet: Quiet) -> None:
    assert (await quiet.world.http.get("/metrics")).status_code == 200
    proxied = await quiet.world.http.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    assert proxied.status_code == 401
