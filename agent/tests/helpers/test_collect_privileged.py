"""The command that helper units run."""

from __future__ import annotations

import pytest
from agent.tests.conftest import Agents

from nodestral_agent.commands.collect_privileged import PRIVILEGED
from nodestral_agent.helpers import unit


@pytest.mark.parametrize("words", [[], ["system"], ["firewall", "--root"], ["../etc"]])
def test_nothing_else_is_taken(agents: Agents, words: list[str]) -> None:
    done = agents.call("collect-privileged", *words)
    assert done.returncode == 2
    assert "usage: nodestral-agent collect-privileged" in done.stderr


def test_people_are_not_told_of_it(agents: Agents) -> None:
    assert "collect-privileged" not in agents.call("--help").stdout


def test_each_helper_has_a_bound() -> None:
    assert PRIVILEGED.keys() <= unit.LIMITS_BYTES.keys()
    for section, collector in PRIVILEGED.items():
        assert section == collector.SECTION
