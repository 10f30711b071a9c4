"""The harness itself, without the product: machines boot, are apart from everything else, and leave nothing behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.machine import cgroups, host, leftovers, roots, workloads
from e2e.machine.docker import IMAGE, Docker
from e2e.machine.machine import Machine
from e2e.machine.network import HUB_ADDRESS, Network

pytestmark = [pytest.mark.machine, pytest.mark.timeout(900)]


@pytest.fixture
def network(run_folder: Path) -> Iterator[Network]:
    network = Network(f"{run_folder.name}-h")
    try:
        network.create()
        yield network
    finally:
        network.destroy()


@pytest.fixture(params=roots.RELEASES)
def machine(request: pytest.FixtureRequest, network: Network, run_folder: Path) -> Iterator[Machine]:
    release: str = request.param
    root = roots.ensure_root(release, print)
    machine = Machine("alone", root, run_folder / "alone", network.join("alone"))
    try:
        machine.lay_out()
        machine.boot()
        machine.wait_booted()
        yield machine
    finally:
        machine.stop()


def test_a_machine_is_a_real_system_of_its_release(machine: Machine, request: pytest.FixtureRequest) -> None:
    release = request.node.callspec.params["machine"]

    assert machine.run("cat /proc/1/comm").stdout == "systemd\n"
    assert f"VERSION_CODENAME={release}\n" in machine.run("cat /etc/os-release").stdout
    assert machine.run("stat --file-system --format=%T /sys/fs/cgroup").stdout == "cgroup2fs\n"
    python = machine.run("python3 -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])'").stdout
    assert python.strip() == roots.RELEASES[release]
    assert machine.unit("nginx.service").active_state == "active"
    assert machine.unit("ssh.service").active_state == "active"

    workloads.start_user_service(machine)
    gateway = machine.unit(workloads.USER_UNIT, user=workloads.USER)
    assert (gateway.active_state, gateway.user) == ("active", workloads.USER)
    session = machine.run("cat /proc/self/cgroup", user=workloads.USER).stdout
    assert "\n0::/user.slice/user-1000.slice/session-" in f"\n{session}"


def test_a_machine_reaches_the_hub_and_nothing_else(machine: Machine, network: Network) -> None:
    with network.listen(8000):
        machine.run(f"timeout 5 bash -c 'exec 3<>/dev/tcp/{HUB_ADDRESS}/8000'")
    routes = machine.run("ip -4 route; ip -6 route show default").stdout
    assert routes.splitlines() == [f"192.0.2.0/24 dev eth0 proto kernel scope link src {machine.address} "]


def test_what_a_machine_writes_stays_out_of_its_root(machine: Machine, request: pytest.FixtureRequest) -> None:
    machine.run("echo changed > /etc/motd && rm /usr/bin/curl")

    root = roots.ensure_root(request.node.callspec.params["machine"], print)
    assert (root / "usr/bin/curl").exists()
    assert "changed" not in (root / "etc/motd").read_text()


def test_docker_publishes_a_port_of_an_imported_image(network: Network, run_folder: Path) -> None:
    docker = Docker(run_folder / "lone-docker", network.join("docker"))
    try:
        docker.start()
        docker.import_image()
        docker.serve_page("storefront", 8080)
        assert docker.cli("ps", "--format={{.Names}} {{.Image}}").stdout == f"storefront {IMAGE}\n"
        page = host.run(*network.hub.enter("curl", "--silent", f"http://{docker.namespace.address}:8080/")).stdout
        assert "Storefront" in page
    finally:
        docker.stop()


_KILLED_RUN = """
import os, signal, sys
from e2e.machine import leftovers, roots
from e2e.machine.machine import Machine
from e2e.machine.network import Network

folder = leftovers.run_folder()
network = Network(folder.name)
network.create()
machine = Machine("orphan", roots.ensure_root("bookworm", print), folder / "orphan", network.join("orphan"))
machine.lay_out()
machine.boot()
machine.wait_booted()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_is_cleaned_up_by_the_next(run_folder: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", _KILLED_RUN], cwd=Path(__file__).parents[2])
    assert killed.wait(timeout=120) == -9
    name = f"nodestral-test-{killed.pid}"
    folder = run_folder.parent / name
    assert cgroups.named(f"{name}-"), "control: without cleaning up there is something left"
    assert folder.exists()

    leftovers.remove_dead_runs()

    assert cgroups.named(f"{name}-") == []
    assert not folder.exists()
    assert list(Path("/run/netns").glob(f"{name}-*")) == []
    assert run_folder.exists(), "a living run must be left alone"
