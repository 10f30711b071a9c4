"""The last answer of a manager stands as long as nothing has happened, and not longer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import systemctl, systemd_memory

REST = "S 1 7 7 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 {} 1000 10"
SERVICE = (
    "Id=a.service\nLoadState=loaded\nActiveState=active\nSubState=running\nMainPID=7\n"
    "ControlGroup=/system.slice/a.service\nMemoryCurrent=4096\nUser=\n\n"
    "Id=idle.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=static\n"
)
TIMER = "Id=a.timer\nActiveState=active\nLastTriggerUSec={}\n"
WANTS = "/etc/systemd/system/multi-user.target.wants"


class Machine(Host):
    """A machine with one service and one timer, which counts how often it is asked for all of its services."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder / "root"), str(folder / "memory"))
        (folder / "memory").mkdir()
        self.at, self.listing, self.ran, self.service = 1000.0, b"a.service loaded active running A\n", "", SERVICE
        self.asked = 0
        self.started(1)
        Path(self.root + WANTS).mkdir(parents=True)

    def started(self, ticks: int) -> None:
        """The main process began at that time."""
        folder = Path(self.root, "proc/7")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stat").write_text(f"7 (a) {REST.format(ticks)}")

    def run(self, argv: list[str], *_: Any, **__: Any) -> bytes:
        if "list-units" in argv:
            return self.listing
        if argv[-1] == "*.timer":
            return TIMER.format(self.ran).encode()
        self.asked += 1
        return self.service.encode()

    def now(self) -> float:
        return self.at


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    systemd_memory.shown(made, systemctl.SYSTEM)
    return made


def again(machine: Machine) -> list[dict[str, str]]:
    """The next scan's look."""
    machine.at += 300
    return systemd_memory.shown(machine, systemctl.SYSTEM)


def test_the_same_is_not_asked_again(machine: Machine) -> None:
    service, timer = again(machine)
    assert machine.asked == 1
    assert (service["Id"], timer["Id"]) == ("a.service", "a.timer")
    # What moves by itself is not remembered: its control group tells it.
    assert "MemoryCurrent" not in service


def changed_state(machine: Machine) -> None:
    machine.listing = b"a.service loaded failed failed A\n"


def restarted(machine: Machine) -> None:
    machine.started(2)


def ended(machine: Machine) -> None:
    Path(machine.root, "proc/7/stat").unlink()


def timer_ran(machine: Machine) -> None:
    machine.ran = "Tue 2026-11-24 21:39:35 UTC"


def enabled(machine: Machine) -> None:
    Path(machine.root + WANTS, "b.service").symlink_to("/lib/systemd/system/b.service")
    os.utime(machine.root + WANTS, ns=(5, 5))


def hour_passed(machine: Machine) -> None:
    machine.at += systemd_memory.LONGEST_SECONDS


def clock_set_back(machine: Machine) -> None:
    machine.at -= 1000


def file_torn(machine: Machine) -> None:
    Path(machine.memory, "managers-system.last").write_text('{"stamp": ')


@pytest.mark.parametrize(
    "happens",
    [changed_state, restarted, ended, timer_ran, enabled, hour_passed, clock_set_back, file_torn],
    ids=lambda happens: happens.__name__,
)
def test_what_happens_makes_it_asked_again(machine: Machine, happens: Callable[[Machine], None]) -> None:
    happens(machine)
    again(machine)
    assert machine.asked == 2


def test_each_manager_has_its_own(machine: Machine) -> None:
    systemd_memory.shown(machine, systemctl.of_user(1000, 1000))
    assert machine.asked == 2
    again(machine)
    assert machine.asked == 2


def test_a_manager_that_does_not_answer_is_not_remembered(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> bytes:
        raise Unavailable("systemctl is not installed")

    monkeypatch.setattr(machine, "run", silent)
    with pytest.raises(Unavailable):
        again(machine)


def crashed_between_the_two_answers(machine: Machine) -> str:
    """It crashes after the list was told, and runs again afterwards; how the scan after that shows it."""
    machine.listing += b"b.timer loaded active waiting B\n"  # something else makes it asked again
    machine.service = SERVICE.replace(
        "ActiveState=active\nSubState=running\nMainPID=7", "ActiveState=failed\nMainPID=0"
    )
    assert again(machine)[0]["ActiveState"] == "failed"
    machine.service = SERVICE
    return again(machine)[0]["ActiveState"]


def test_what_happens_between_the_two_answers_is_not_remembered(machine: Machine) -> None:
    assert crashed_between_the_two_answers(machine) == "active"


def test_control_without_the_comparison_it_would_be(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd_memory, "agree", lambda *_: True)
    assert crashed_between_the_two_answers(machine) == "failed"


def test_a_process_that_has_ended_meanwhile_is_not_remembered(machine: Machine) -> None:
    machine.listing += b"b.timer loaded active waiting B\n"
    Path(machine.root, "proc/7/stat").unlink()
    again(machine)
    again(machine)
    assert machine.asked == 3
