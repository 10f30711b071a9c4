"""The agent makes every example report of the contract, byte for byte, and each fits the server's types."""

from __future__ import annotations

import msgspec
import pytest
from agent.tests.examples import EXAMPLES, MACHINES, example

from nodestral.protocol import Report


def test_every_example_has_its_machine() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == sorted(MACHINES)


@pytest.mark.parametrize("name", MACHINES)
def test_the_agent_makes_the_example(name: str) -> None:
    assert example(name) == (EXAMPLES / f"{name}.json").read_text(encoding="utf-8"), (
        "run ./dev examples and look at the difference"
    )


@pytest.mark.parametrize("name", MACHINES)
def test_the_example_fits_the_protocol(name: str) -> None:
    report = msgspec.json.decode((EXAMPLES / f"{name}.json").read_bytes(), type=Report)
    assert report.samples
