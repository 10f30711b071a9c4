"""Sessions of tmux and screen: what they are called, and what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.managers.processes import Processes

from nodestral_agent.managers import screen, tmux


def machine(command: list[str], name: str) -> Processes:
    """A server with two windows: somebody's shell with a program that runs for long, and a short one."""
    made = Processes()
    made.add(70, command, name=name)
    made.add(71, ["-bash"], name="bash", parent=70, terminal=34817)
    made.add(72, ["node", "/home/ann/bot.js"], parent=71, terminal=34817, age_seconds=3000)
    made.add(73, ["vi"], parent=70, terminal=34818, age_seconds=20)
    return made


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["tmux", "new-session", "-d", "-s", "bot", "sleep 9"], "bot"),
        (["tmux", "-L", "work", "new"], "work"),
        (["tmux", "-S", "/tmp/own/socket", "attach"], "socket"),
        (["tmux"], "default"),
    ],
)
def test_tmux(command: list[str], name: str, tmp_path: Path) -> None:
    items = machine(command, "tmux: server").seen_by(tmux, tmp_path)
    item = items[f"tmux:user:ann/{name}"]
    assert (item["main_pid"], item["main_process"]) == (70, "node")
    assert item["description"] == "tmux session with 2 windows"


def test_screen(tmp_path: Path) -> None:
    items = machine(["SCREEN", "-dmS", "notes"], "screen").seen_by(screen, tmp_path)
    assert items["screen:user:ann/notes"]["main_process"] == "node"


def test_who_only_looks_at_a_session_is_none(tmp_path: Path) -> None:
    assert machine(["screen", "-r", "notes"], "screen").seen_by(screen, tmp_path) == {}


def test_a_short_program_is_somebody_at_work(tmp_path: Path) -> None:
    made = machine(["tmux"], "tmux: server")
    made.add(72, ["make"], parent=71, terminal=34817, age_seconds=20)
    assert made.seen_by(tmux, tmp_path)["tmux:user:ann/default"]["main_process"] == "bash"
