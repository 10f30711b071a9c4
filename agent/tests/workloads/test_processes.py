"""One process as /proc tells it, and when it started."""

from __future__ import annotations

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.host import Host
from nodestral_agent.workloads import processes
from nodestral_agent.workloads.processes import Process

REST = "S 1 7 7 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 {} 1000 10"


@pytest.mark.parametrize("name", ["nginx", "(sd-pam)", "a) S 2 (b", "with\nnewline", ""])
def test_any_name(name: str) -> None:
    assert processes.parsed_stat(f"7 ({name}) {REST.format(55)}") == Process(7, name, 1, 55)


@pytest.mark.parametrize("text", ["", "7", "7 (x)", "7 (x) S", "x (y) " + REST.format(1), "7 (x) " + REST.format("-")])
def test_garbage_is_no_process(text: str) -> None:
    assert processes.parsed_stat(text) is None


class Booted(Host):
    """A machine whose clocks tell so."""

    at = 0.0

    def booted_at(self) -> float:
        return self.at


@pytest.mark.parametrize(
    ("booted_at", "expected"),
    [
        (1000.0, 1002.0),
        (1000.6, 1003.0),  # 1000.6 + 2.5 s
        (1000.4, 1002.0),
        (1000.499, 1003.0),  # as exact as the ticks of 10 ms
        (5000.0, 1002.0),  # clocks that do not agree with /proc/stat are not believed
        (0.0, 1002.0),
    ],
)
def test_start(machine: FakeMachine, booted_at: float, expected: float) -> None:
    machine.write("/proc/stat", "cpu 1\nbtime 1000\n")
    host = Booted(str(machine.root))
    host.at = booted_at
    assert processes.started_at(host, Process(1, "x", 0, 250)) == expected


def test_a_runtime_that_hides_its_program_is_called_by_it(machine: FakeMachine) -> None:
    machine.write("/proc/7/stat", f"7 (MainThread) {REST.format(1)}")
    machine.write("/proc/7/cmdline", "/usr/bin/node\0server.js\0")
    found = processes.process(machine.host(), 7)
    assert found is not None
    assert found.name == "node"
