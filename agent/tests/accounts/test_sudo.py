"""Who may become root by the rules of sudo and doas."""

from __future__ import annotations

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.accounts.passwd import Account
from nodestral_agent.accounts.sudo import Rules

ANN = Account("ann", "x", 1000, 1000, "/home/ann", "/bin/sh")
GROUPS = ["ann", "ops"]


def told(machine: FakeMachine, sudoers: str = "", doas: str = "") -> tuple[bool | None, str | None]:
    if sudoers:
        machine.write("/etc/sudoers", sudoers)
    if doas:
        machine.write("/etc/doas.conf", doas)
    return Rules(machine.host(), ["debian"]).of(ANN, GROUPS)


@pytest.mark.parametrize(
    ("rule", "by"),
    [
        ("ann ALL=(ALL:ALL) ALL", "sudo: ann"),
        ("ann\tALL = ALL", "sudo: ann"),
        ("%ops ALL=(root) NOPASSWD: ALL", "sudo: %ops"),
        ("%#1000 ALL=(ALL) ALL", "sudo: %#1000"),
        ("#1000 ALL=(ALL) ALL", "sudo: #1000"),
        ("ALL ALL=(ALL) ALL", "sudo: ALL"),
        ("bob, ann web1, web2 = (ALL) ALL", "sudo: ann"),
        ("ann ALL=(root) \\\n  /usr/bin/apt, /bin/ls", "sudo, some commands only: ann"),
        ("User_Alias A = bob, B : B = ann\nA ALL=(ALL) ALL", "sudo: ann"),
        ("ann ALL=(root) /bin/ls\nann ALL=(ALL) ALL", "sudo: ann"),
    ],
)
def test_a_rule_that_lets_her(rule: str, by: str, machine: FakeMachine) -> None:
    assert told(machine, f"Defaults env_reset\n{rule}\n") == (True, by)


@pytest.mark.parametrize(
    "rule",
    [
        "bob ALL=(ALL) ALL",
        "ann ALL=(www-data) ALL",
        "# ann ALL=(ALL) ALL",
        "!ann ALL=(ALL) ALL",
        "Defaults:ann !requiretty",
        "Cmnd_Alias ann = /bin/ls",
        "%sudo ALL=(ALL) ALL",
        "garbage = = =",
    ],
)
def test_a_rule_that_does_not(rule: str, machine: FakeMachine) -> None:
    assert told(machine, f"{rule}\n") == (False, None)


def test_files_that_are_included(machine: FakeMachine) -> None:
    machine.write("/etc/sudoers.d/90-ann", "ann ALL=(ALL) ALL\n")
    machine.write("/etc/sudoers.d/backup~", "ALL ALL=(ALL) ALL\n")
    assert told(machine, "@includedir /etc/sudoers.d\n") == (True, "sudo: ann")
    assert told(machine, "#includedir /etc/sudoers.d\n") == (True, "sudo: ann")
    assert told(machine, "@include /etc/sudoers.d/90-ann\n") == (True, "sudo: ann")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("permit ann\n", (True, "doas: ann")),
        ("permit persist :ops as root\n", (True, "doas: :ops")),
        ("permit nopass setenv { PATH=/bin } ann cmd reboot\n", (True, "doas, some commands only: ann")),
        ("permit ann as www-data\n", (False, None)),
        ("permit ann\ndeny ann\n", (False, None)),
    ],
)
def test_doas(rules: str, expected: tuple[bool, str | None], machine: FakeMachine) -> None:
    assert told(machine, doas=rules) == expected


def test_a_file_that_includes_itself_is_no_end(machine: FakeMachine) -> None:
    assert told(machine, "@include /etc/sudoers\n") == (None, None)
