"""Docker's containers as the owner of the computer sees them; `docker inspect` is the judge."""

import json
import time
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


def test_what_only_an_inspection_tells(fleet: Fleet) -> None:
    options = ("--restart=on-failure:5", "--volume=/srv:/www/srv:ro", "--volume=shelf:/shelf", "--tmpfs=/run")
    fleet.docker.serve_page("detailed", 8082, *options)
    fleet.docker.cli("run", "--detach", "--name=crasher", "--restart=on-failure:2", IMAGE, "/bin/busybox", "false")
    try:
        container = wait_for_container(fleet, "detailed", "running")
        crasher = wait_for_container(fleet, "crasher", "exited")

        truth = inspect(fleet, "detailed")
        assert container.image_digest == truth["Image"], "an image of no registry"
        assert container.restart_policy == "on-failure:5"
        told = {(mount.type, mount.destination, mount.source, mount.read_only) for mount in container.mounts}
        assert told == {
            ("bind", "/www/srv", "/srv", True),
            ("volume", "/shelf", "shelf", False),
            ("tmpfs", "/run", "", False),
        }
        networks = {name: settings["IPAddress"] for name, settings in truth["NetworkSettings"]["Networks"].items()}
        assert {network.name: network.address for network in container.networks} == networks
        assert container.user == "root"
        gone = inspect(fleet, "crasher")
        assert crasher.restarts_total == gone["RestartCount"] == 2
        assert (crasher.exit_code, crasher.restart_policy) == (1, "on-failure:2")
        assert crasher.finished_at is not None
    finally:
        fleet.docker.cli("rm", "--force", "--volumes", "detailed", "crasher")


def lines(fleet: Fleet, node_id: str, key: str | None, metric: str, since: float) -> list[float]:
    """The values of a line since then, oldest first."""
    answer = fleet.api.samples(node_id, since, time.time() + 60)
    found = [series.avg for series in answer.series if (series.metric, series.key) == (metric, key)]
    return [value for value in found[0] if value is not None] if found else []


def test_what_a_container_uses_is_what_docker_measures(fleet: Fleet) -> None:
    spin = "while :; do i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; done"
    fleet.docker.cli("run", "--detach", "--name=busy", "--cpus=0.4", IMAGE, "/bin/busybox", "sh", "-c", spin)
    try:
        wait_for_container(fleet, "busy", "running")
        since = time.time()

        def measured() -> list[float]:
            told = lines(fleet, fleet.docker_node_id, "busy", "container_cpu_percent", since)
            return told if len(told) >= 2 else []

        told = host.wait_for("two samples of the container", measured, within_seconds=120, every_seconds=2)
        row = fleet.docker.cli("stats", "--no-stream", "--format={{json .}}", "busy").stdout
        truth = json.loads(row)
        # On a busy computer a container may get less at one moment than at another, but never more than its limit.
        assert 0 < min(told) <= max(told) < 46
        assert abs(max(told) - float(truth["CPUPerc"].rstrip("%"))) < 30
        memory = lines(fleet, fleet.docker_node_id, "busy", "container_memory_bytes", since)
        assert 0 < memory[-1] < 8 << 20
        assert truth["MemUsage"].split("iB")[0][-1] in "KM"
        idle = lines(fleet, fleet.docker_node_id, "storefront", "container_cpu_percent", since)
        assert max(idle) < 10
        assert lines(fleet, fleet.docker_node_id, "storefront", "container_receive_bytes_per_second", since)
    finally:
        fleet.docker.cli("rm", "--force", "busy")


def test_a_machine_that_is_a_container_tells_its_own_cpu_use(fleet: Fleet) -> None:
    """Both lie on the same computer, whose /proc/stat both can read: by that they would tell the same."""
    busy, idle = "web-1", "mail-1"
    fleet.machines[busy].run("systemd-run --unit=spin sh -c 'while :; do :; done'")
    try:
        since = time.time()

        def used(name: str) -> float:
            node_id = fleet.node_ids[name]
            user = lines(fleet, node_id, None, "cpu_user_percent", since)[1:]
            return sum(user) / len(user) if len(user) >= 3 else -1.0

        def both() -> tuple[float, float] | None:
            found = used(busy), used(idle)
            return found if min(found) >= 0 else None

        of_busy, of_idle = host.wait_for("three samples of both", both, within_seconds=120, every_seconds=2)
        assert of_busy > 2 * of_idle
        assert of_busy > 10
    finally:
        fleet.machines[busy].run("systemctl stop spin")
