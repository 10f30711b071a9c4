"""Each provider knows its own firmware and nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agent.tests.machine import CASES, FakeMachine

from nodestral_agent import providers
from nodestral_agent.providers import PROVIDERS, provider
from nodestral_agent.providers.dmi import FOLDER

FIRMWARE = sorted((CASES / "providers").glob("*.json"))


@pytest.mark.parametrize("path", FIRMWARE, ids=lambda path: path.stem)
def test_case(path: Path, machine: FakeMachine) -> None:
    case = json.loads(path.read_text())
    for file, text in case["dmi"].items():
        machine.write(f"{FOLDER}/{file}", f"{text}\n")
    assert provider(machine.host()) == case["expected"]


def test_no_firmware_is_no_provider(machine: FakeMachine) -> None:
    assert provider(machine.host()) is None


def test_list_and_folder_agree() -> None:
    folder = Path(providers.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "dmi", "metadata"}
    listed = [getattr(one, "__name__", "").rpartition(".")[2] for one in PROVIDERS]
    assert sorted(files) == sorted(listed)
    assert listed[-1] == "openstack"


def test_every_provider_has_a_case() -> None:
    expected = {json.loads(path.read_text())["expected"] for path in FIRMWARE}
    assert {one.NAME for one in PROVIDERS} <= expected
