"""Last logins in their four formats, in both widths of time."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.accounts.logins import LASTLOG_RECORD, WTMP_RECORD, last_logins
from nodestral_agent.accounts.passwd import Account
from nodestral_agent.errors import Denied
from nodestral_agent.host import Host

ROOT = Account("root", "x", 0, 0, "/root", "/bin/sh")
ANN = Account("ann", "x", 1000, 1000, "/home/ann", "/bin/sh")
BOTH = [ROOT, ANN]
WIDTHS = pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])


@WIDTHS
def test_lastlog(machine: FakeMachine, architecture: str) -> None:
    record = LASTLOG_RECORD[architecture == "aarch64"]
    with machine.write("/var/log/lastlog", b"").open("wb") as file:
        file.write(record.pack(1_700_000_000, b"tty1", b""))
        file.seek(1000 * record.size)
        file.write(record.pack(1_700_000_100, b"pts/0", b"192.0.2.7"))
        file.truncate(4_000_000_000)  # sparse, as with the ids of a directory service
    assert last_logins(machine.host(), BOTH, architecture) == ({"root": 1_700_000_000, "ann": 1_700_000_100}, [])


@WIDTHS
def test_wtmp_tells_the_newest_login_of_each(machine: FakeMachine, architecture: str) -> None:
    record = WTMP_RECORD[architecture == "aarch64"]

    def entry(kind: int, user: bytes, at: int) -> bytes:
        return record.pack(kind, 1, b"pts/0", b"ts/0", user, b"192.0.2.7", 0, 0, 1, at, 5, b"", b"")

    newest = entry(7, b"ann", 1_700_000_300)
    data = entry(2, b"reboot", 1_700_000_000) + newest + entry(7, b"ann", 1_700_000_200) + entry(8, b"", 1_700_000_400)
    machine.write("/var/log/wtmp", data + newest[:100])  # the last record is just being written
    assert last_logins(machine.host(), BOTH, architecture) == ({"ann": 1_700_000_300}, [])


def test_the_databases_that_follow_them(machine: FakeMachine) -> None:
    for path, statements in {
        "/var/lib/lastlog/lastlog2.db": [
            "CREATE TABLE Lastlog2 (Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT)",
            "INSERT INTO Lastlog2 VALUES ('ann', 1700000000, 'pts/0', '', 'sshd'), ('root', 'x', '', '', '')",
        ],
        "/var/lib/wtmpdb/wtmp.db": [
            "CREATE TABLE wtmp (ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT, Login INTEGER, Logout INTEGER)",
            "INSERT INTO wtmp VALUES (1, 3, 'ann', 1700000100000000, 0), (2, 1, 'reboot', 1700000200000000, 0)",
        ],
    }.items():
        file = machine.write(path, b"")
        with sqlite3.connect(file) as database:
            for statement in statements:
                database.execute(statement)
        database.close()
    assert last_logins(machine.host(), BOTH, "x86_64") == ({"ann": 1_700_000_100}, [])


@pytest.mark.parametrize("content", [b"", b"garbage", bytes(range(256)) * 64])
def test_garbage(machine: FakeMachine, content: bytes) -> None:
    for path in ("/var/log/lastlog", "/var/log/wtmp", "/var/lib/lastlog/lastlog2.db", "/var/lib/wtmpdb/wtmp.db"):
        machine.write(path, content)
    assert last_logins(machine.host(), [ANN], "x86_64") == ({}, [])


def test_a_closed_file_is_told(tmp_path: Path) -> None:
    class Closed(Host):
        def path(self, path: str) -> str:
            if path == "/var/log/wtmp":
                raise Denied("Permission denied", path)
            return super().path(path)

    assert last_logins(Closed(str(tmp_path)), [ANN], "x86_64") == ({}, ["/var/log/wtmp"])
