"""What the owner of a fleet sees: his machines as they are, and within one scan what changes on them.

Each machine's own systemd is the judge: what the API says is compared with `systemctl show` on the machine.
"""

import time
from collections.abc import Callable

import pytest

from e2e.machine import host, workloads
from e2e.machine.errors import LateError
from e2e.machine.fleet import MEMBERS, Fleet, Member
from e2e.machine.machine import Machine, UnitState
from e2e.machine.roots import RELEASES
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Port, Service

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

GATEWAY = f"user:{workloads.USER}/{workloads.USER_UNIT}"
AGENT_ACCOUNT = {"system": "nodestral-agent", "user": workloads.USER}


@pytest.fixture(params=MEMBERS, ids=lambda member: f"{member.release}-{member.scope}")
def member(request: pytest.FixtureRequest) -> Member:
    chosen: Member = request.param
    return chosen


@pytest.fixture
def machine(fleet: Fleet, member: Member) -> Machine:
    return fleet.machines[member.name]


@pytest.fixture
def services(fleet: Fleet, member: Member) -> Callable[[], dict[str, Service]]:
    return lambda: fleet.api.services(fleet.node_ids[member.name])


def wait_for_service(
    services: Callable[[], dict[str, Service]], key: str, *, is_right: Callable[[Service | None], bool]
) -> Service | None:
    """The service once it is right (None when it is right for it to be gone); at most one scan and one report later."""
    seen: list[Service | None] = []

    def look() -> bool:
        seen[:] = [services().get(key)]
        return is_right(seen[0])

    try:
        host.wait_for(key, look, within_seconds=SEEN_WITHIN_SECONDS)
    except LateError as error:
        raise LateError(f"{error}; it is {seen[0]}") from error
    return seen[0]


def assert_same(service: Service, unit: UnitState) -> None:
    assert (service.state, service.sub_state) == (unit.active_state, unit.sub_state)
    assert service.user == unit.user
    assert service.main_pid == (unit.main_pid or None)
    assert service.since_at is not None
    assert unit.since_at is not None
    assert abs(service.since_at - unit.since_at) <= 2


def kill(machine: Machine, pid: int | None) -> None:
    assert pid, "kill takes 0 for everybody in sight"
    machine.run(f"kill -9 {pid}")


def test_the_node_is_what_the_machine_is(fleet: Fleet, member: Member, machine: Machine) -> None:
    node = fleet.api.node(fleet.node_ids[member.name])

    assert (node.hostname, node.status, node.plain_http) == (member.name, "online", False)
    assert (node.agent_scope, node.agent_user) == (member.scope, AGENT_ACCOUNT[member.scope])
    assert node.agent_python is not None
    assert node.agent_python.startswith(RELEASES[member.release])
    assert node.os_id == "debian"
    assert node.kernel == machine.run("uname -r").stdout.strip()
    assert node.virtualization == machine.run("systemd-detect-virt").stdout.strip()
    assert machine.address in node.addresses
    assert node.latest is not None
    uptime_seconds = float(machine.run("cut -d' ' -f1 /proc/uptime").stdout)
    assert abs(node.latest.uptime_seconds - uptime_seconds) < 60


@pytest.mark.parametrize("unit", ["nginx.service", "ssh.service"])
def test_system_services_are_listed_as_systemd_has_them(
    services: Callable[[], dict[str, Service]], machine: Machine, unit: str
) -> None:
    service = services()[f"system/{unit}"]

    assert (service.scope, service.state, service.user) == ("system", "active", "root")
    assert_same(service, machine.unit(unit))


def test_a_users_own_service_is_listed(services: Callable[[], dict[str, Service]], machine: Machine) -> None:
    service = services()[GATEWAY]

    assert (service.scope, service.state, service.user) == ("user", "active", workloads.USER)
    assert_same(service, machine.unit(workloads.USER_UNIT, user=workloads.USER))


def test_each_port_names_its_service(fleet: Fleet, member: Member) -> None:
    ports = fleet.api.ports(fleet.node_ids[member.name])

    def owner(key: str) -> tuple[str | None, str | None, str]:
        port: Port = ports[key]
        return port.unit, port.scope, port.address_class

    assert owner("tcp/0.0.0.0/80") == ("nginx.service", "system", "any")
    assert owner("tcp/0.0.0.0/22") == ("ssh.service", "system", "any")
    assert owner(f"tcp/127.0.0.1/{workloads.USER_PORT}") == (workloads.USER_UNIT, "user", "loopback")
    assert ports[f"tcp/127.0.0.1/{workloads.USER_PORT}"].user == workloads.USER


def test_a_stopped_and_started_system_service_is_seen(
    services: Callable[[], dict[str, Service]], machine: Machine
) -> None:
    machine.run("systemctl stop nginx.service")
    stopped_at = time.time()
    try:
        stopped = wait_for_service(
            services, "system/nginx.service", is_right=lambda s: s is None or s.state != "active"
        )
        assert stopped is not None, "a stopped service of the system is still one of its services"
        assert (stopped.state, stopped.main_pid) == ("inactive", None)
        assert stopped.since_at is not None
        assert abs(stopped.since_at - stopped_at) <= 2
    finally:
        machine.run("systemctl start nginx.service")
    started = wait_for_service(
        services, "system/nginx.service", is_right=lambda s: s is not None and s.state == "active"
    )
    assert started is not None
    assert_same(started, machine.unit("nginx.service"))


def test_a_crashed_system_service_is_seen(services: Callable[[], dict[str, Service]], machine: Machine) -> None:
    kill(machine, machine.unit("nginx.service").main_pid)
    try:
        crashed = wait_for_service(
            services, "system/nginx.service", is_right=lambda s: s is None or s.state == "failed"
        )
        assert crashed is not None
        assert crashed.main_pid is None
    finally:
        machine.run("systemctl start nginx.service")
    wait_for_service(services, "system/nginx.service", is_right=lambda s: s is not None and s.state == "active")


def test_a_users_service_that_stops_starts_and_crashes_is_seen(
    services: Callable[[], dict[str, Service]], machine: Machine, member: Member
) -> None:
    def is_running(service: Service | None) -> bool:
        return service is not None and service.state == "active"

    machine.run(f"systemctl --user stop {workloads.USER_UNIT}", user=workloads.USER)
    wait_for_service(services, GATEWAY, is_right=lambda service: not is_running(service))
    machine.run(f"systemctl --user start {workloads.USER_UNIT}", user=workloads.USER)
    started = wait_for_service(services, GATEWAY, is_right=is_running)
    assert started is not None
    assert_same(started, machine.unit(workloads.USER_UNIT, user=workloads.USER))

    kill(machine, started.main_pid)
    try:
        crashed = wait_for_service(services, GATEWAY, is_right=lambda service: not is_running(service))
        if member.scope == "user":
            # The user's own agent may ask the user's systemd. Another account sees only that the processes are gone.
            assert crashed is not None
            assert crashed.state == "failed"
    finally:
        machine.run(f"systemctl --user start {workloads.USER_UNIT}", user=workloads.USER)
    wait_for_service(services, GATEWAY, is_right=is_running)
