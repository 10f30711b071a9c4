"""What is read from the properties of a unit."""

from __future__ import annotations

from typing import Any

import pytest

from nodestral_agent.host import Host
from nodestral_agent.workloads import systemctl, systemd_times, systemd_units

ENDED = {"MainPID": "0", "ExecMainPID": "7"}
NGINX = {"Id": "nginx.service", "LoadState": "loaded", "UnitFileState": "enabled"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Tue 2026-11-24 21:39:35 UTC", 1795556375.0),
        ("Thu 1970-01-01 00:00:00 UTC", 0.0),
        ("", None),
        ("n/a", None),
        ("Tue 2026-11-24 21:39:35 CET", None),
    ],
)
def test_a_time_stamp(text: str, at: float | None) -> None:
    assert systemd_times.unix_seconds(text) == at


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        (ENDED | {"ExecMainCode": "1", "ExecMainStatus": "3"}, "3"),
        (ENDED | {"ExecMainCode": "2", "ExecMainStatus": "9"}, "SIGKILL"),
        (ENDED | {"ExecMainCode": "3", "ExecMainStatus": "11"}, "SIGSEGV"),
        (ENDED | {"ExecMainCode": "2", "ExecMainStatus": "99"}, "signal 99"),
        ({"MainPID": "7", "ExecMainPID": "7", "ExecMainCode": "0", "ExecMainStatus": "0"}, None),
        ({"MainPID": "0", "ExecMainPID": "0", "ExecMainCode": "0", "ExecMainStatus": "0"}, None),
        ({}, None),
    ],
)
def test_how_it_ended(properties: dict[str, str], code: str | None) -> None:
    assert systemd_units.exit_code(properties) == code


@pytest.mark.parametrize(
    ("properties", "listed"),
    [
        ({"ActiveState": "active", "SubState": "running", "UnitFileState": "static"}, True),
        ({"ActiveState": "failed", "UnitFileState": "static", "Type": "oneshot"}, True),
        ({"ActiveState": "failed", "LoadState": "not-found"}, True),
        ({"ActiveState": "inactive", "ConditionResult": "yes", "ConditionTimestamp": "x"}, True),
        ({"ActiveState": "inactive", "ConditionResult": "no", "ConditionTimestamp": ""}, True),
        ({"ActiveState": "inactive", "ConditionResult": "no", "ConditionTimestamp": "x"}, False),
        ({"ActiveState": "activating", "SubState": "auto-restart", "UnitFileState": "disabled"}, True),
        ({"ActiveState": "activating", "SubState": "start", "UnitFileState": "static", "Type": "oneshot"}, False),
        ({"ActiveState": "active", "SubState": "exited", "UnitFileState": "static"}, False),
        ({"ActiveState": "inactive", "UnitFileState": "static"}, False),
        ({"ActiveState": "inactive", "LoadState": "not-found"}, False),
        ({"ActiveState": "inactive", "LoadState": "masked"}, False),
        ({"ActiveState": "active", "SubState": "running", "LoadState": "masked"}, True),
    ],
)
def test_what_is_worth_listing(properties: dict[str, str], listed: bool) -> None:
    assert systemd_units.worth_listing(NGINX | properties) is listed


class Noting(Host):
    """A machine that notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []

    def run(self, argv: list[str], *_: Any, **__: Any) -> bytes:
        self.asked.append(argv)
        return b""


@pytest.mark.parametrize("manager", [systemctl.SYSTEM, systemctl.of_user(1000, 1000), systemctl.of_user(1000, 0)])
def test_stopped_services_are_asked_for(manager: systemctl.Asked) -> None:
    host = Noting()
    systemctl.shown(host, manager)
    (command,) = host.asked
    assert "--all" in command
    assert command[-2:] == ["*.service", "*.timer"]
    assert (command[0] == "setpriv") is (manager.environment != {} and manager.argv[0] == "setpriv")


def test_units_come_apart_at_empty_lines() -> None:
    text = "Id=a.service\nDescription=x = y\n\nId=b.service\nUnknown=1\n\nId=c.socket\n"
    assert systemctl.parsed(text) == [{"Id": "a.service", "Description": "x = y"}, {"Id": "b.service"}]
