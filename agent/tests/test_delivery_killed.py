"""kill -9 at any moment loses no report that was handed over, and makes none twice.

A real child process with the real spool and transport is killed at random moments while a real server on loopback
loses requests and answers. Two controls show that the test notices when the protection is off.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from agent.tests.server import Server

from nodestral_agent.spool import Spool

CHILD = Path(__file__).with_name("killed.py")
KILLS = 30
PER_CHILD = 100_000


class Outcome:
    """What the children said and what the server has."""

    def __init__(self, said: set[int], stored: list[int], order: list[tuple[int, int]], damaged: int) -> None:
        self.lost = sorted(said - set(stored))
        self.twice = sorted(payload for payload, count in Counter(stored).items() if count > 1)
        self.said = said
        self.order = order
        self.damaged = damaged


def ordeal(server: Server, folder: Path, how: str, kills: int) -> Outcome:
    """Start and kill, again and again; at the end let one child deliver what is left."""
    dice = random.Random()  # noqa: S311 # moments of killing are no secret
    faults = ["ok"] * 3 + ["drop", "lose", (503, "no-database", None)]
    server.ledger.always = lambda: dice.choice(faults)
    said: set[int] = set()
    for round_ in range(kills):
        command = [sys.executable, str(CHILD), str(folder), server.url, str(round_ * PER_CHILD), how, str(PER_CHILD)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(dice.uniform(0.0, 0.12))
            child.kill()
            # What was printed whole was handed over.
            said.update(int(line) for line in child.stdout.read().split(b"\n")[:-1])
    server.ledger.always = "ok"
    command = [sys.executable, str(CHILD), str(folder), server.url, str(kills * PER_CHILD), how, "1"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    said.add(kills * PER_CHILD)
    stored = [report["payload"] for report in server.ledger.wait(1)]
    # A file that is no whole report is dropped and counted.
    return Outcome(said, stored, server.ledger.order, Spool.peek(str(folder / "spool")).dropped)


def test_nothing_is_lost_and_nothing_is_twice(server: Server, tmp_path: Path) -> None:
    outcome = ordeal(server, tmp_path / "state", "right", KILLS)
    # Many were handed over; how many is up to the machine's speed.
    assert len(outcome.said) > KILLS // 3
    assert outcome.lost == []
    assert outcome.twice == []
    assert outcome.damaged == 0
    assert max(server.ledger.counts.values()) > 1, "no answer was lost, so nothing was tested"


def test_reports_arrive_in_order(server: Server, tmp_path: Path) -> None:
    outcome = ordeal(server, tmp_path / "state", "right", 8)
    last: dict[int, int] = {}
    for epoch, seq in outcome.order:
        assert seq > last.get(epoch, 0)
        last[epoch] = seq
    assert outcome.lost == []


def test_control_torn_ends_that_are_not_cut_off_are_damage(server: Server, tmp_path: Path) -> None:
    # Until it shows, because where a kill hits is chance.
    for attempt in range(10):
        if ordeal(server, tmp_path / str(attempt), "torn", KILLS).damaged:
            return
    pytest.fail("torn files were never noticed: the test above proves nothing")


def test_control_a_new_seq_for_a_spooled_report_makes_it_twice(server: Server, tmp_path: Path) -> None:
    for attempt in range(10):
        if ordeal(server, tmp_path / str(attempt), "renumbered", 10).twice:
            return
    pytest.fail("doubled reports were never noticed: the test above proves nothing")
