"""The one-liner and its counterpart, on machines that nobody has touched: only what is needed, and nothing left."""

from collections.abc import Callable, Iterator

import pytest

from e2e.machine import workloads
from e2e.machine.changes import changed_files
from e2e.machine.errors import CommandError
from e2e.machine.fleet import URL, Fleet, Member, install, uninstall
from e2e.machine.machine import Machine
from e2e.machine.network import HUB_ADDRESS

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

# What useradd and userdel keep of the state before.
_ACCOUNT_BACKUPS = {"etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-"}


@pytest.fixture
def fresh_machine(fleet: Fleet) -> Iterator[Callable[[str, str], Machine]]:
    """Boots a machine of this name and release; its nodes are gone from the dashboard afterwards."""
    made: list[str] = []

    def boot(name: str, release: str) -> Machine:
        made.append(name)
        return fleet.new_machine(name, release)

    yield boot
    for name in made:
        fleet.remove_machine(name)


def test_uninstall_leaves_nothing(fleet: Fleet, fresh_machine: Callable[[str, str], Machine]) -> None:
    def check(member: Member) -> None:
        machine = fresh_machine(f"{member.name}-bare", member.release)
        before = changed_files(machine)

        install(machine, fleet.api.new_install_token(machine.name).secret, user=member.installing_user)
        fleet.wait_for_node(machine.name)
        assert changed_files(machine) != before, "control: an installed agent is seen by the comparison"
        assert "nodestral" in machine.run("ps axo args").stdout

        uninstall(machine, user=member.installing_user)

        after = changed_files(machine)
        left = {path: after.get(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert left.keys() <= _ACCOUNT_BACKUPS, left
        processes = machine.run("ps axo user,args").stdout
        assert "nodestral" not in processes
        system_units = machine.run("systemctl list-units --all --plain --no-legend 'nodestral*'").stdout
        user_units = machine.run(
            "systemctl --user list-units --all --plain --no-legend 'nodestral*'", user=workloads.USER
        ).stdout
        assert (system_units, user_units) == ("", "")

    fleet.on_each_member(check)


def test_installing_again_changes_nothing(fleet: Fleet, fresh_machine: Callable[[str, str], Machine]) -> None:
    machine = fresh_machine("again", "bookworm")
    token = fleet.api.new_install_token("again", uses_allowed=2)
    install(machine, token.secret)
    node_id = fleet.wait_for_node("again")
    pid = machine.unit("nodestral-agent.service").main_pid

    install(machine, token.secret)

    assert [node.id for node in fleet.api.nodes() if node.hostname == "again"] == [node_id]
    assert machine.unit("nodestral-agent.service").active_state == "active"
    assert machine.unit("nodestral-agent.service").main_pid == pid, "the same version goes on running"


@pytest.mark.parametrize("way", ["environment", "standard input"])
def test_the_token_may_come_by(fleet: Fleet, fresh_machine: Callable[[str, str], Machine], way: str) -> None:
    machine = fresh_machine("quiet", "trixie")
    token = fleet.api.new_install_token("quiet")
    if way == "environment":
        machine.run(f"curl -sfL {URL}/install.sh | sh", env={"NODESTRAL_INSTALL_TOKEN": token.secret})
    else:
        machine.run(f"curl -sfLO {URL}/install.sh && sh install.sh --token-file -", stdin=f"{token.secret}\n")
    fleet.wait_for_node("quiet")


def test_a_refused_token_leaves_the_machine_as_it_was(
    fleet: Fleet, fresh_machine: Callable[[str, str], Machine]
) -> None:
    machine = fresh_machine("refused", "bookworm")
    before = changed_files(machine)

    with pytest.raises(CommandError) as failed:
        install(machine, "nst_install_" + "A" * 43)

    assert "token" in str(failed.value)
    left = {path for path, content in changed_files(machine).items() if before.get(path) != content}
    assert left <= _ACCOUNT_BACKUPS
    assert "nodestral" not in machine.run("cat /etc/passwd /etc/group").stdout


def test_without_encryption_only_where_it_is_asked_for(
    fleet: Fleet, fresh_machine: Callable[[str, str], Machine]
) -> None:
    machine = fresh_machine("plain", "bookworm")
    fleet.offer_without_encryption(8080)
    url = f"http://{HUB_ADDRESS}:8080"
    token = fleet.api.new_install_token("plain")

    with pytest.raises(CommandError) as failed:
        install(machine, token.secret, url=url, options=f"--server {url}")
    assert "--allow-plain-http" in str(failed.value)

    install(machine, token.secret, url=url, options=f"--server {url} --allow-plain-http")
    assert fleet.api.node(fleet.wait_for_node("plain")).plain_http
    doctor = machine.run("nodestral-agent doctor", check=False).stdout
    assert any("WARNING" in line and "not encrypted" in line for line in doctor.splitlines()), doctor
