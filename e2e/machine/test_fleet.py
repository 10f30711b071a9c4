"""What the owner of a fleet sees: his machines as they are.

Each machine's own systemd is the judge: what the API says is compared with `systemctl show` on the machine.
"""

from collections.abc import Callable

import pytest

from e2e.machine import host, workloads
from e2e.machine.comparison import assert_same
from e2e.machine.fleet import MEMBERS, Fleet, Member
from e2e.machine.machine import Machine
from e2e.machine.roots import RELEASES
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


def test_the_node_is_what_the_machine_is(fleet: Fleet, member: Member, machine: Machine) -> None:
    node_id = fleet.node_ids[member.name]
    # On a busy computer reports are late at times, and three of them make a node silent.
    host.wait_for(f"{member.name} online", lambda: fleet.api.node(node_id).status == "online", within_seconds=60)
    node = fleet.api.node(node_id)

    assert (node.hostname, node.plain_http) == (member.name, False)
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
