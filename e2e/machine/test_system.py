"""What the machine is, whether it has to be started again, and who else watches it."""

import pytest

from e2e.machine import host
from e2e.machine.fleet import Fleet, Member
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Monitoring, System

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

EXPORTER = "prometheus-node-exporter"


def wait_for_system(fleet: Fleet, member: Member, *, reboot_required: bool) -> System:
    def look() -> System | None:
        system = fleet.api.system(fleet.node_ids[member.name])
        return system if system and system.reboot_required is reboot_required else None

    what = f"{member.name}: restart required: {reboot_required}"
    return host.wait_for(what, look, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)


def wait_for_exporter(fleet: Fleet, member: Member, *, running: bool) -> Monitoring:
    def look() -> Monitoring | None:
        found = fleet.api.monitoring(fleet.node_ids[member.name]).get("node_exporter")
        # The port is open a moment after the process is there.
        return found if found and found.running is running and bool(found.port) is running else None

    what = f"{member.name}: {EXPORTER} runs: {running}"
    return host.wait_for(what, look, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)


def test_what_the_machine_runs_on(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        system = wait_for_system(fleet, member, reboot_required=False)
        assert (system.init, system.virtualization) == ("systemd", "systemd-nspawn")
        assert system.kernel_installed is None  # it runs on this computer's kernel
        assert system.hostname == machine.run("hostname").stdout.strip()
        assert str(system.cpu_count) == machine.run("nproc --all").stdout.strip()

    fleet.on_each_member(check)


def test_a_package_that_asks_for_a_restart_is_told(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        machine.run("touch /run/reboot-required && printf 'libc6\\ndbus\\nlibc6\\n' >/run/reboot-required.pkgs")
        try:
            assert wait_for_system(fleet, member, reboot_required=True).reboot_reasons == ["dbus", "libc6"]
        finally:
            machine.run("rm -f /run/reboot-required /run/reboot-required.pkgs")
        assert wait_for_system(fleet, member, reboot_required=False).reboot_reasons == []

    fleet.on_each_member(check)


def test_another_agent_is_seen_installed_started_and_stopped(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        version = machine.run(f"dpkg-query --show --showformat='${{Version}}' {EXPORTER}").stdout.strip()
        installed = wait_for_exporter(fleet, member, running=False)
        assert (installed.evidence, installed.version) == ("unit", version)
        assert installed.unit == f"{EXPORTER}.service"

        machine.run(f"systemctl start {EXPORTER}")
        try:
            running = wait_for_exporter(fleet, member, running=True)
            assert (running.evidence, running.unit, running.port) == ("process", f"{EXPORTER}.service", 9100)
        finally:
            machine.run(f"systemctl stop {EXPORTER}")
        wait_for_exporter(fleet, member, running=False)

    fleet.on_each_member(check)
