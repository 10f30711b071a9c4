"""The fixtures of the machine tests, for every test below e2e/, and the rule for where they cannot run.

A test that needs them carries the mark `machine`. Where this computer cannot run it, it is skipped with the reason;
with CI=true nothing may be left out, so there the reason ends the whole run.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.machine import host, leftovers
from e2e.machine.fleet import Fleet


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "machine: boots real systems; needs root and a few Debian packages")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_machines = [item for item in items if item.get_closest_marker("machine")]
    if not on_machines or (reason := host.reason_to_leave_out()) is None:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(reason)
    for item in on_machines:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """A folder for what this test run makes on this computer; also its name in namespaces and control groups."""
    leftovers.remove_dead_runs()
    folder = leftovers.run_folder()
    try:
        yield folder
    finally:
        leftovers.remove_run(folder.name)


@pytest.fixture(scope="session")
def fleet(run_folder: Path, request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """The whole product running, with the machines of fleet.MEMBERS and Docker reporting to it."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")

    def say(line: str) -> None:
        if terminal is not None:
            terminal.write_line(line)

    fleet = Fleet(run_folder, say)
    try:
        fleet.start()
        fleet.populate()
        yield fleet
    finally:
        fleet.stop()
