"""One sample, put together: bounds of the wire, counters that start again, and kernels that lack something."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import msgspec
import pytest
from agent.tests.machine import CASES, FakeHost

from nodestral.protocol import Sample
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.samples import cpu, disks, load, memory, nics, pressure
from nodestral_agent.samples.rates import percent, rate
from nodestral_agent.samples.sampler import Sampler

VPS = CASES / "machines" / "vps"


def test_the_first_call_only_remembers() -> None:
    assert Sampler(FakeHost(VPS / "before")).take() is None


def test_this_very_machine_gives_a_sample_that_fits_the_protocol() -> None:
    sampler = Sampler(Host("/"))
    sampler.take()
    time.sleep(0.3)
    sample = msgspec.convert(sampler.take(), Sample)
    assert 90 <= sum(msgspec.structs.astuple(sample.cpu)) <= 110
    assert sample.memory.total_bytes > sample.memory.used_bytes > 0
    assert sample.processes.total > 0
    assert any(mount.mount == "/" for mount in sample.mounts)


def test_a_machine_that_started_again_gives_no_negative_rate() -> None:
    host = FakeHost(VPS / "after")
    sampler = Sampler(host)
    sampler.take()
    host.turn_to(VPS / "before", 30)
    sample = msgspec.convert(sampler.take(), Sample)
    assert sample.disks[0].read_bytes_per_second == 0
    assert sample.nics[0].receive_bytes_per_second == 0
    assert sample.cpu.idle_percent == 100


@pytest.mark.parametrize(
    ("path", "field"), [("proc/diskstats", "disks"), ("proc/net/dev", "nics"), ("proc/self/mountinfo", "mounts")]
)
def test_what_the_kernel_does_not_show_is_left_out(tmp_path: Path, path: str, field: str) -> None:
    shutil.copytree(VPS, tmp_path / "vps")
    for when in ("before", "after"):
        (tmp_path / "vps" / when / path).unlink()
    host = FakeHost(tmp_path / "vps" / "before")
    sampler = Sampler(host)
    sampler.take()
    host.turn_to(tmp_path / "vps" / "after", 30)
    sample = sampler.take()
    assert sample is not None
    assert sample[field] == []
    msgspec.convert(sample, Sample)


def test_a_device_that_was_just_added_waits_for_its_second_reading() -> None:
    counters = (1, 2, 3, 4, 5)
    assert disks.rates({}, {"sdb": counters}, 10) == []
    assert nics.rates({}, {"eth1": (1, 2, 3, 4)}, 10) == []


def test_rates_and_shares() -> None:
    assert rate(100, 400, 30) == 10
    assert rate(400, 100, 30) == 0
    assert rate(0, 2**64, 1e-6) == 1e15
    assert rate(1, 2, 0) == 0
    assert percent(5, 3) == 100
    assert percent(-1, 3) == 0
    assert percent(1, 0) == 0


def test_cores_that_came_or_went() -> None:
    two = cpu.parse("cpu 1 1 1 1\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
    one = cpu.parse("cpu 1 1 1 1\ncpu0 1 1 1 1\n")
    assert cpu.cores_busy(two, one) == []


def test_guests_are_not_counted_twice() -> None:
    before = cpu.parse("cpu 0 0 0 0 0 0 0 0 0 0\n")
    after = cpu.parse("cpu 50 0 0 50 0 0 0 0 50 0\n")
    assert cpu.shares(before, after)["user_percent"] == 50


def test_old_kernels_memory() -> None:
    memory_use, swap_use = memory.parse("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 250 kB\n")
    assert memory_use["available_bytes"] == 400 * 1024
    assert memory_use["used_bytes"] == 600 * 1024
    assert swap_use == {"total_bytes": 0, "used_bytes": 0}


@pytest.mark.parametrize(
    ("parse", "garbage"),
    [
        (cpu.parse, ""),
        (memory.parse, "MemTotal: lots\n"),
        (load.parse, "high\n"),
        (disks.parse, "8 0 sda 1 2 3 4 5 6 7 8 x x x x\n"),
        (nics.parse, "h\nh\neth0: a b c d e f g h i j k l m n o p\n"),
    ],
)
def test_garbage_is_an_error_not_a_number(parse: object, garbage: str) -> None:
    assert callable(parse)
    with pytest.raises((CollectorError, Unavailable)):
        parse(garbage)


def test_pressure_needs_all_its_files() -> None:
    assert pressure.read(FakeHost(CASES / "machines" / "docker-host" / "before")) is None
    assert pressure.parse("some avg10=0.00 total=12\nfull avg10=0.00 total=x\n\n") == {"some": 12}


def test_interfaces_that_are_the_inside_of_the_machine() -> None:
    head = "x\nx\n"
    row = "{}: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n"
    many = head + "".join(row.format(name) for name in ("lo", "eth0", "veth1", "docker0", "br-1", "virbr0", "wg0"))
    assert sorted(nics.parse(many)) == ["eth0", "wg0"]
    assert sorted(nics.parse(head + row.format("lo") + row.format("veth1"))) == ["veth1"]
    idle = head + "eth1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    assert nics.parse(idle) == {}
