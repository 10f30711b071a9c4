"""Docker's containers as the owner of the computer sees them; `docker inspect` is the judge."""

import json
from typing import Any

import pytest

from e2e.machine import host
from e2e.machine.docker import IMAGE
from e2e.machine.fleet import Fleet
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Container

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]


def wait_for_container(fleet: Fleet, name: str, state: str) -> Container:
    def look() -> Container | None:
        container = fleet.api.containers(fleet.docker_node_id).get(name)
        return container if container is not None and container.state == state else None

    return host.wait_for(f"container {name} {state}", look, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)


def inspect(fleet: Fleet, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(fleet.docker.cli("inspect", name).stdout)
    return found[0]


def test_a_container_is_listed_with_its_image_and_published_port(fleet: Fleet) -> None:
    container = wait_for_container(fleet, "storefront", "running")

    assert container.key == inspect(fleet, "storefront")["Id"]
    assert container.image == IMAGE
    assert container.compose_project == "shop"
    assert {(port.protocol, port.container_port, port.host_port) for port in container.ports} == {("tcp", 80, 8080)}
    published = fleet.api.ports(fleet.docker_node_id)["tcp/0.0.0.0/8080"]
    assert published.process == "docker-proxy"


def test_a_container_that_stops_and_starts_is_seen(fleet: Fleet) -> None:
    before = wait_for_container(fleet, "storefront", "running")

    fleet.docker.cli("kill", "storefront")
    stopped = wait_for_container(fleet, "storefront", "exited")
    assert stopped.exit_code == 137  # 128 + SIGKILL

    fleet.docker.cli("start", "storefront")
    started = wait_for_container(fleet, "storefront", "running")
    assert before.started_at is not None
    assert started.started_at is not None
    assert started.started_at > before.started_at


def test_a_container_that_is_gone_is_not_listed(fleet: Fleet) -> None:
    fleet.docker.serve_page("brief", 8081)
    wait_for_container(fleet, "brief", "running")

    fleet.docker.cli("rm", "--force", "brief")

    host.wait_for(
        "the container to disappear",
        lambda: "brief" not in fleet.api.containers(fleet.docker_node_id),
        within_seconds=SEEN_WITHIN_SECONDS,
    )
