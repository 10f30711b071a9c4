"""A scan with collectors that behave badly: each costs only itself."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent import scan
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage, section_hash


def collector(name: str, collect: Callable[[Host], Collected]) -> Collector:
    """A collector made of a function."""
    return cast("Collector", SimpleNamespace(SECTION=name, collect=collect))


def raising(error: BaseException) -> Callable[[Host], Collected]:
    def collect(_: Host) -> Collected:
        raise error

    return collect


def good(_: Host) -> Collected:
    return Collected([{"key": "b"}, {"key": "a", "name": "x\x00y"}], coverage("full"), {"a": {"memory_bytes": 1.0}})


def hanging(_: Host) -> Collected:
    time.sleep(60)
    return Collected([], coverage("full"))


def crashing(_: Host) -> Collected:
    os._exit(os.EX_SOFTWARE)


def endless(_: Host) -> Collected:
    return Collected([{"key": str(at), "name": "x" * 200} for at in range(100_000)], coverage("full"))


def unserializable(_: Host) -> Collected:
    return Collected([{"key": "a", "value": object()}], coverage("full"))


def run(machine: FakeMachine, **collectors: Callable[[Host], Collected]) -> dict[str, Any]:
    made = tuple(collector(name, collect) for name, collect in collectors.items())
    return scan.scan(machine.host(), made, seconds=3)


@pytest.mark.parametrize(
    ("bad", "level", "reason"),
    [
        (raising(CollectorError("is odd", "/x")), "error", "/x: is odd"),
        (raising(ZeroDivisionError("by nought")), "error", "ZeroDivisionError: by nought"),
        (raising(Denied("Permission denied", "/x", "add the user to group docker")), "denied", "/x: Permission denied"),
        (raising(MemoryError()), "error", "MemoryError: "),
        (crashing, "error", "the collector crashed"),
        (unserializable, "error", "the collector crashed"),
    ],
)
def test_a_bad_collector_costs_only_itself(
    machine: FakeMachine, bad: Callable[[Host], Collected], level: str, reason: str
) -> None:
    found = run(machine, bad=bad, good=good)
    assert (found["bad"]["coverage"]["level"], found["bad"]["coverage"]["reason"]) == (level, reason)
    assert "items" not in found["bad"], "nothing is known, which is not the same as nothing being there"
    assert found["good"]["items"] == [{"key": "a", "name": "x\ufffdy"}, {"key": "b"}]
    assert found["good"]["hash"] == section_hash(found["good"]["items"])
    assert found["good"]["gauges"] == {"a": {"memory_bytes": 1.0}}


def test_what_is_not_here_is_an_empty_section(machine: FakeMachine) -> None:
    found = run(machine, absent=raising(Unavailable("no docker")))["absent"]
    assert (found["coverage"]["level"], found["items"]) == ("absent", [])


def test_the_grant_is_told(machine: FakeMachine) -> None:
    found = run(machine, denied=raising(Denied("no", "/x", "join the group")))["denied"]
    assert found["coverage"]["grant"] == "join the group"


def test_a_hanging_one_is_ended(machine: FakeMachine) -> None:
    found = run(machine, a=good, b=hanging, c=good)
    assert [found[name]["coverage"]["level"] for name in "abc"] == ["full", "error", "full"]
    assert found["b"]["coverage"]["reason"] == "took longer than 3 s"


def test_more_than_fits_is_cut_and_said(machine: FakeMachine) -> None:
    found = run(machine, endless=endless)["endless"]
    assert found["coverage"]["level"] == "partial"
    assert 1000 < len(found["items"]) <= 10_000
    assert len(json.dumps(found["items"])) < 2 << 20


def test_items_go_to_files_and_hashes_to_the_resident_process(machine: FakeMachine, tmp_path: Path) -> None:
    found = run(machine, good=good, bad=crashing)
    items = found["good"]["items"]
    told = scan.stored(found, str(tmp_path), 1.0)
    assert "items" not in told["good"]
    assert json.loads((tmp_path / f"good-{told['good']['hash']}.json").read_bytes()) == items


def test_collectors_take_turns_so_that_their_memory_does_not_add_up(machine: FakeMachine, tmp_path: Path) -> None:
    diary = tmp_path / "diary"

    def noting(_: Host) -> Collected:
        with diary.open("a") as file:
            file.write("begin\n")
            file.flush()
            time.sleep(0.05)
            file.write("end\n")
        return Collected([], coverage("full"))

    run(machine, a=noting, b=noting, c=noting)
    assert diary.read_text().split() == ["begin", "end"] * 3


def test_a_slow_one_keeps_nobody_waiting(machine: FakeMachine) -> None:
    begun = time.monotonic()
    found = run(machine, a=hanging, b=hanging, c=hanging, d=good)
    # Three seconds each if they waited for each other.
    assert time.monotonic() - begun < 3 * 3
    assert found["d"]["coverage"]["level"] == "full"
