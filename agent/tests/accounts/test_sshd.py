"""sshd's configuration as sshd itself reads it."""

from __future__ import annotations

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.accounts import sshd
from nodestral_agent.errors import CollectorError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("PermitRootLogin no", ["PermitRootLogin", "no"]),
        ("  permitrootlogin=no # why", ["permitrootlogin", "no"]),
        ("PermitRootLogin = no", ["PermitRootLogin", "no"]),
        ('Banner "/etc/a b"', ["Banner", "/etc/a b"]),
        ('Banner "never closed', ["Banner", '"never', "closed"]),
        ("# PermitRootLogin yes", []),
        ("PermitRootLogin", []),
        ("", []),
    ],
)
def test_a_line(line: str, words: list[str]) -> None:
    assert sshd.split(line) == words


def read(machine: FakeMachine, text: str, **files: str) -> sshd.Settings:
    machine.write(sshd.CONFIGURATION, text)
    for name, content in files.items():
        machine.write(f"/etc/ssh/sshd_config.d/{name}.conf", content)
    return sshd.read(machine.host())


def test_the_first_value_wins_where_it_is_included(machine: FakeMachine) -> None:
    text = "Include sshd_config.d/*.conf\nPermitRootLogin yes\n"
    settings = read(machine, text, b="PermitRootLogin no\n", a="PermitRootLogin prohibit-password\n")
    assert settings.values["permitrootlogin"] == "prohibit-password"


def test_a_match_block_ends_with_the_next_and_with_its_file(machine: FakeMachine) -> None:
    block = "Match User a\nPasswordAuthentication no\nMatch all\nPort 23\n"
    text = f"Include sshd_config.d/*.conf\nPermitRootLogin no\n{block}"
    settings = read(machine, text, a="Match Address 10.0.0.0/8\nPermitRootLogin yes\n")
    assert settings.values == {"permitrootlogin": "no"}
    assert settings.many == {"port": ["23"]}
    assert settings.matches == [
        ("Address 10.0.0.0/8", {"permitrootlogin": "yes"}),
        ("User a", {"passwordauthentication": "no"}),
    ]


def test_what_is_included_in_a_block_holds_in_it_only(machine: FakeMachine) -> None:
    settings = read(machine, "Match User a\nInclude sshd_config.d/a.conf\n", a="PermitRootLogin yes\n")
    assert settings.values == {}
    assert settings.matches == [("User a", {"permitrootlogin": "yes"})]


def test_a_file_that_includes_itself_is_an_error(machine: FakeMachine) -> None:
    with pytest.raises(CollectorError, match="too many files"):
        read(machine, "Include /etc/ssh/sshd_config\n")


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("", [22]),
        ("Port 2222\nPort 22\n", [22, 2222]),
        ("ListenAddress 0.0.0.0:2200\nPort 22\n", [2200]),
        ("ListenAddress ::\nPort 2222\n", [2222]),
        ("ListenAddress [::1]:2200\nListenAddress 192.0.2.1\n", [22, 2200]),
        ("Port 99999\nPort x\n", []),  # with which it does not start
    ],
)
def test_ports(text: str, ports: list[int], machine: FakeMachine) -> None:
    assert sshd.ports(read(machine, text)) == ports


@pytest.mark.parametrize(("version", "known"), [("1:9.2p1-2", True), ("9.9_p2-r0", True), ("1:6.6p1-2", False)])
def test_defaults_are_told_of_versions_that_have_them(version: str, known: bool, machine: FakeMachine) -> None:
    machine.write(
        "/var/lib/dpkg/status", f"Package: openssh-server\nStatus: install ok installed\nVersion: {version}\n"
    )
    assert bool(sshd.known_defaults(machine.host())) is known


def test_without_a_known_version_nothing_is_said(machine: FakeMachine) -> None:
    item = sshd.item(read(machine, "Port 22\n"), "file", sshd.known_defaults(machine.host()), [])
    assert item["permit_root_login"] is None
