"""What only time shows: nothing grows, nothing leaks, and a clock that jumps ends nothing and starts no burst."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from agent.tests.conftest import Agents
from agent.tests.machine import FakeMachine
from agent.tests.server import Server

SCRIPT = Path(__file__).with_name("accelerated.py")
EIGHT_HOURS = 960  # reports, one in 30 seconds


def started(agents: Agents, off_by: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-B", str(SCRIPT), off_by, "--state", str(agents.state), *options]
    process = subprocess.Popen(command, env=agents.environment, stderr=subprocess.PIPE, text=True)
    agents.started.append(process)
    return process


def state_of(process: subprocess.Popen[str]) -> tuple[int, int]:
    """KiB that are the process's own, and how many descriptors it has open."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))
    return own, len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def children_of(process: subprocess.Popen[str]) -> list[str]:
    pids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return [Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1][0] for pid in pids]


@pytest.mark.timeout(600)
def test_hours_leave_no_trace(agents: Agents, server: Server, machine: FakeMachine) -> None:
    """Eight hours of reports with scans and a server that goes away now and then: less than 0.2 MB an hour more."""
    agents.enroll(server)
    server.ledger.interval_seconds = 0.01  # type: ignore[assignment]
    server.ledger.scan_interval_seconds = 2
    process = started(agents, "", "--root", str(machine.root))
    server.ledger.wait(EIGHT_HOURS // 6, seconds=300)
    before = state_of(process)
    for _ in range(3):
        server.stop()
        time.sleep(0.5)
        server.start()
        server.ledger.wait(server.ledger.total() + EIGHT_HOURS // 4, seconds=300)
    server.ledger.wait(EIGHT_HOURS + EIGHT_HOURS // 6, seconds=300)
    own, descriptors = state_of(process)
    assert own - before[0] < 8 * 200, "it grows"
    # A scan may be under way in either moment: one pipe.
    assert abs(descriptors - before[1]) <= 2, "descriptors leak"
    assert children_of(process).count("Z") <= 1, "children are left unburied"
    assert len(children_of(process)) <= 1
    assert process.poll() is None
    assert max(server.ledger.counts.values()) <= 2


@pytest.fixture
def quick(server: Server) -> Server:
    """Reports as often as an agent agrees to, and hardly any scan."""
    server.ledger.interval_seconds = 5
    return server


YEAR = 365.25 * 86_400


@pytest.mark.parametrize("off_by", [86_400.0, -86_400.0, 12 * YEAR], ids=["+1 day", "-1 day", "2038"])
def test_a_clock_that_jumps_changes_no_pace(agents: Agents, quick: Server, tmp_path: Path, off_by: float) -> None:
    agents.enroll(quick)
    clock = tmp_path / "off_by"
    clock.write_text("0")
    process = started(agents, str(clock))
    before = len(quick.ledger.wait(2))
    clock.write_text(str(off_by))
    begun = time.monotonic()
    reports = quick.ledger.wait(before + 2, seconds=60)
    assert reports[-1]["sent_at"] - reports[0]["sent_at"] == pytest.approx(off_by, abs=120), "control: it was noticed"
    clock.write_text("0")
    reports = quick.ledger.wait(before + 4, seconds=60)
    assert time.monotonic() - begun > 3 * 5 * 0.9, "a jump made it hurry"
    assert abs(reports[-1]["sent_at"] - time.time()) < 60
    assert process.poll() is None


def test_a_clock_before_2020_keeps_quiet_and_comes_back(agents: Agents, quick: Server, tmp_path: Path) -> None:
    agents.enroll(quick)
    clock = tmp_path / "off_by"
    clock.write_text("0")
    process = started(agents, str(clock))
    quick.ledger.wait(1)
    clock.write_text(str(-time.time()))
    time.sleep(6)
    before = quick.ledger.total()
    time.sleep(6)
    assert quick.ledger.total() == before, "reports of 1970 were sent"
    clock.write_text("0")
    reports = quick.ledger.wait(before + 1, seconds=60)
    assert abs(reports[-1]["sent_at"] - time.time()) < 60
    assert process.poll() is None
