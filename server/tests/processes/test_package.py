"""The wheel, in an environment that has never seen the checkout: dashboard, agent and installer are inside."""

import sys
from pathlib import Path

import pytest
from server.tests.processes.api import free_port
from server.tests.processes.test_up import Up, processes_of
from server.tests.strangers import User, install_into


@pytest.fixture
def installed(data_dir: Path, bundle: None) -> User:
    """Somebody whose only Nodestral is the wheel's."""
    python = install_into(data_dir.parent / "environment", sys.executable)
    return User(str(python), {"PATH": "/usr/bin:/bin", "HOME": str(data_dir.parent)})


@pytest.mark.timeout(600)
def test_the_installed_package_runs_without_the_checkout(data_dir: Path, installed: User) -> None:
    run = Up(installed, free_port(), "--data-dir", str(data_dir))
    try:
        assert run.wait_for_this_machine(run.sign_in(run.password))["agent_version"]
        assert b'<div id="root">' in run.call("GET", "/")[2]
        assert f"served_by='http://127.0.0.1:{run.port}'".encode() in run.call("GET", "/install.sh")[2]
        assert run.call("GET", "/install/nodestral-agent.pyz")[0] == 200
        where = installed.popen(installed.python, "-c", "import nodestral; print(nodestral.__file__)").communicate()[0]
        assert Path(where).is_relative_to(data_dir.parent / "environment")
    finally:
        run.stop()
    assert processes_of(data_dir) == []
