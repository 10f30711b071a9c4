"""The list of managers, their folder and the protocol's words agree; no manager tells a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, case_files, load

from nodestral import protocol
from nodestral_agent import managers
from nodestral_agent.collectors import services
from nodestral_agent.managers import MANAGERS
from nodestral_agent.managers.kind import Findings, Machine, Manager

# The shape itself, what two of them share, and what asks them all.
OTHERS = {"__init__", "kind", "terminal", "keepers"}
SECRET = "hunter2"
WITH_SECRETS = [path for path in case_files() if SECRET in path.read_text(encoding="utf-8")]


def test_list_and_folder_agree() -> None:
    folder = Path(managers.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - OTHERS
    assert sorted(files) == sorted(manager.MANAGER for manager in MANAGERS)


def test_the_protocol_names_every_manager() -> None:
    assert protocol.ServiceItem.__doc__
    for manager in MANAGERS:
        assert manager.MANAGER in protocol.ServiceItem.__doc__


@pytest.mark.parametrize("manager", MANAGERS, ids=lambda manager: manager.MANAGER)
def test_every_manager_has_a_case(manager: Manager) -> None:
    told = {
        item["manager"] for path in case_files() for item in load(path)["expected"].get("services", {}).get("items", [])
    }
    assert manager.MANAGER in told


@pytest.mark.parametrize("manager", MANAGERS, ids=lambda manager: manager.MANAGER)
def test_a_manager_that_is_not_here_says_nothing(manager: Manager, tmp_path: Path) -> None:
    found = Findings()
    manager.look(Machine(RecordedHost({}, tmp_path)), found)
    assert (found.items, found.missing) == ({}, [])


@pytest.mark.parametrize("path", WITH_SECRETS, ids=lambda path: path.stem)
def test_no_secret_of_a_command_is_told(path: Path, tmp_path: Path) -> None:
    found = services.collect(RecordedHost(load(path), tmp_path))
    assert found.items
    assert SECRET not in json.dumps([found.items, found.coverage, found.gauges])


def test_control_there_are_secrets_to_be_told() -> None:
    assert {path.stem for path in WITH_SECRETS} >= {"cron", "openrc", "pm2"}


def test_a_container_has_managers_of_its_own(tmp_path: Path) -> None:
    case = json.loads((CASES / "services" / "openrc.json").read_text(encoding="utf-8"))
    del case["files"]["/run/openrc/softlevel"]
    case["files"]["/proc/2200/cgroup"] = f"0::/system.slice/docker-{'a' * 64}.scope\n"
    found = services.collect(RecordedHost(case, tmp_path))
    (entry,) = [item for item in found.items if item["key"] == "cron:user:root/crontab/1"]
    assert (entry["state"], entry["sub_state"]) == ("inactive", "no cron runs")
