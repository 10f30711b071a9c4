"""Which processes of a session are bare daemons: what was left running, not what is being worked with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agent.tests.managers.processes import Processes

from nodestral_agent.managers import session

TABLE = (
    "  sl  local_address\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 77 1\n"
)


def keys(folder: Path, *command: str, **about: Any) -> list[str]:
    """What is told of one process of ann's."""
    machine = Processes()
    machine.files["/proc/net/tcp"] = TABLE
    machine.add(50, ["sshd: ann [priv]"], name="sshd", group="0::/system.slice/ssh.service\n")
    machine.add(60, ["-bash"], name="bash", parent=50, terminal=34816)
    machine.add(70, list(command), **about)
    return sorted(machine.seen_by(session, folder))


def test_left_running(tmp_path: Path) -> None:
    assert keys(tmp_path, "/usr/bin/node", "/home/ann/bot.js", "--key=x") == ["session:user:ann/node bot.js"]


def test_a_listener_that_still_has_its_parent(tmp_path: Path) -> None:
    assert keys(tmp_path, "/srv/app", parent=60, sockets=(77,)) == ["session:user:ann/app"]


def test_left_running_in_a_window_that_was_closed(tmp_path: Path) -> None:
    group = "0::/user.slice/user-1001.slice/user@1001.service/tmux-spawn-0123.scope\n"
    assert keys(tmp_path, "/srv/app", group=group) == ["session:user:ann/app"]


def test_several_of_one_name(tmp_path: Path) -> None:
    machine = Processes()
    for pid in (70, 71, 72):
        machine.add(pid, ["/srv/app"], age_seconds=3600 - pid)
    assert sorted(machine.seen_by(session, tmp_path)) == [
        "session:user:ann/app",
        "session:user:ann/app#2",
        "session:user:ann/app#3",
    ]


@pytest.mark.parametrize(
    ("command", "about"),
    [
        ("/srv/app", {"terminal": 34816}),
        ("/srv/app", {"age_seconds": 10}),
        ("/srv/app", {"parent": 60}),
        ("/srv/app", {"parent": 60, "sockets": (78,)}),  # connected, not listening
        ("/srv/app", {"group": "0::/system.slice/app.service\n"}),
        ("/srv/app", {"group": "0::/user.slice/user-1001.slice/user@1001.service/app.slice/app.service\n"}),
        ("/srv/app", {"group": "0::/user.slice/user-1001.slice/user@1001.service/app.slice/app-gnome-x-1.scope\n"}),
        ("/usr/bin/ssh-agent", {}),
        ("/usr/sbin/sshd", {"sockets": (77,)}),  # a forwarded port
        ("tmux", {"name": "tmux: server"}),
    ],
)
def test_no_bare_daemon(command: str, about: dict[str, Any], tmp_path: Path) -> None:
    assert keys(tmp_path, command, **about) == []
