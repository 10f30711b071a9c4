"""Simulated nodes say what real ones say: every report is one that the protocol takes."""

import gzip
import hashlib

import msgspec
import pytest

from nodestral.protocol import EnrollRequest, Report, ReportAnswer
from nodestral.simulate import sections, workloads
from nodestral.simulate.identity import identity
from nodestral.simulate.machine import Machine
from nodestral.simulate.reporter import Reporter
from nodestral.simulate.sections import SECTIONS

NOW = 1_800_000_000.0


def _reporter(number: int = 0) -> Reporter:
    return Reporter(Machine(identity(number, "seed"), NOW))


def _sent(reporter: Reporter, now: float) -> tuple[Report, str]:
    raw = gzip.decompress(reporter.next_body(now))
    return msgspec.json.decode(raw, type=Report), hashlib.sha256(raw).hexdigest()


def _answer(seq: int, need: tuple[str, ...] = ()) -> bytes:
    settings = {"interval_seconds": 30, "scan_interval_seconds": 300}
    return msgspec.json.encode({"ack": seq, "settings": settings, "need": need})


@pytest.mark.parametrize("number", range(40))
def test_every_report_of_a_day_is_within_the_bounds_of_the_protocol(number: int) -> None:
    reporter = _reporter(number)
    for step in range(48):
        at = NOW + step * 1800
        if not reporter.machine.live(at):
            continue
        reporter.add([reporter.machine.sample(at, 30.0)], with_sections=True)
        report, _ = _sent(reporter, at)
        cpu = report.samples[0].cpu
        total = cpu.user_percent + cpu.system_percent + cpu.iowait_percent + cpu.steal_percent + cpu.idle_percent
        assert total == pytest.approx(100, abs=0.5)
        assert report.sections.services is not None
        reporter.acknowledged(_answer(report.seq))


def test_a_chain_of_reports_names_the_one_before_and_repeats_no_items() -> None:
    reporter = _reporter()
    digests: list[str] = []
    for step in range(3):
        reporter.add([reporter.machine.sample(NOW + step, 30.0)], with_sections=True)
        report, digest = _sent(reporter, NOW + step)
        assert report.seq == step + 1
        assert report.prev == (digests[-1] if digests else None)
        assert report.sections.system is not None
        assert (report.sections.system.items is None) == bool(digests)
        digests.append(digest)
        reporter.acknowledged(_answer(report.seq))


def test_items_come_again_when_the_server_asks() -> None:
    reporter = _reporter()
    reporter.add([reporter.machine.sample(NOW, 30.0)], with_sections=True)
    _sent(reporter, NOW)
    reporter.acknowledged(_answer(1, need=("ports",)))
    reporter.add([reporter.machine.sample(NOW + 1, 30.0)], with_sections=True)
    report, _ = _sent(reporter, NOW + 1)
    assert report.sections.ports is not None
    assert report.sections.ports.items
    assert report.sections.services is not None
    assert report.sections.services.items is None


def test_a_report_keeps_its_number_until_it_is_acknowledged() -> None:
    reporter = _reporter()
    reporter.add([reporter.machine.sample(NOW, 30.0)], with_sections=False)
    first, _ = _sent(reporter, NOW)
    again, _ = _sent(reporter, NOW + 60)
    assert (first.epoch, first.seq) == (again.epoch, again.seq)
    assert again.sent_at == NOW + 60
    answer = reporter.acknowledged(_answer(1))
    assert isinstance(answer, ReportAnswer)
    assert not reporter.spool


def test_the_same_token_finds_the_same_nodes_and_another_one_others() -> None:
    asked = msgspec.json.decode(_reporter(3).enrollment(), type=EnrollRequest)
    assert asked == msgspec.json.decode(_reporter(3).enrollment(), type=EnrollRequest)
    assert asked.secret_sha256 != msgspec.json.decode(_reporter(4).enrollment(), type=EnrollRequest).secret_sha256
    assert identity(3, "seed").token != identity(3, "another").token


def test_a_fleet_has_user_services_containers_and_different_machines() -> None:
    machines = [Machine(identity(number, "seed"), NOW) for number in range(200)]
    services = [item for machine in machines for item in workloads.services(machine)]
    assert any(item.scope == "user" and item.key.startswith("user:openclaw/") for item in services)
    assert any(workloads.containers(machine) for machine in machines)
    assert len({machine.who.hostname for machine in machines}) == 200
    assert len({machine.who.provider for machine in machines}) >= 6


def test_a_crash_shows_and_passes() -> None:
    machine = Machine(identity(0, "seed"), NOW)
    unit = machine.who.role.services[0].unit
    running = machine.running[unit]
    while not running.failed_until:
        machine.crash(running, NOW)
    assert workloads.services(machine)[0].state == "failed"
    assert workloads.services(machine)[0].restarts_total
    machine.live(running.failed_until + 1)
    assert workloads.services(machine)[0].state == "active"


def test_nodes_of_one_system_and_role_share_their_packages() -> None:
    machines = [Machine(identity(number, "seed"), NOW) for number in range(200)]
    alike: dict[tuple[str, str], set[str]] = {}
    for machine in machines:
        kind = (machine.who.role.name, machine.who.system[1])
        alike.setdefault(kind, set()).add(repr(sections.items(machine, "packages")))
    assert all(len(lists) == 1 for lists in alike.values())
    assert len(alike) < len(machines) / 2


def test_a_fleet_has_something_to_see_to_in_every_section() -> None:
    machines = [Machine(identity(number, "seed"), NOW) for number in range(300)]
    found = {name: [item for machine in machines for item in sections.items(machine, name)] for name in SECTIONS}
    assert all(found.values())
    left = [item.not_after_at - NOW for item in found["certificates"]]
    assert min(left) < 0
    assert any(0 < seconds < 21 * 86_400 for seconds in left)
    assert any(item.newer_path for item in found["certificates"])
    assert any(getattr(item, "security", False) for item in found["updates"])
    assert any(item.reboot_required for item in found["system"])
    levels = {told.level for machine in machines for told in sections.coverage(machine).values()}
    assert levels == {"full", "absent", "denied"}


def test_keys_are_unique_within_a_section_and_gauges_are_of_items() -> None:
    for number in range(60):
        machine = Machine(identity(number, "seed"), NOW)
        for name in SECTIONS:
            keys = [item.key for item in sections.items(machine, name)]
            assert len(keys) == len(set(keys)), (name, keys)
            assert set(sections.gauges(machine, name, NOW) or {}) <= set(keys), name
