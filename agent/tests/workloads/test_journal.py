"""The last lines of a failed service: only where they may be read, bounded, without what looks like a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import RecordedHost

from nodestral_agent.collectors import services
from nodestral_agent.workloads import journal

UNIT = "Id=broken.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\n"
FILE = "/var/log/journal/0123/system.journal"
MACHINE: dict[str, Any] = {
    "files": {"/run/systemd/system/.kept": "", FILE: "LPKSHHRH"},
    "commands": {
        "systemctl-system": UNIT + "InactiveEnterTimestamp=Tue 2026-11-24 21:39:35 UTC\n",
        "journalctl-broken.service": "-- Boot 0123 --\n"
        + "".join(f"2026-11-24T21:39:35+0000 broken[7]: line {number}\n" for number in range(30)),
    },
}


def broken(case: dict[str, Any], folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The failed service, and the section's coverage."""
    found = services.collect(RecordedHost(case, folder))
    return next(item for item in found.items if item["unit"] == "broken.service"), found.coverage


def test_the_last_twenty_lines(tmp_path: Path) -> None:
    item, coverage = broken(MACHINE, tmp_path)
    assert len(item["last_log"]) == 20
    assert item["last_log"][-1] == "2026-11-24T21:39:35+0000 broken[7]: line 29"
    assert (item["result"], coverage["level"]) == ("exit-code", "full")


def test_a_closed_journal_is_told_with_its_grant(tmp_path: Path) -> None:
    item, coverage = broken(MACHINE | {"closed": [FILE]}, tmp_path)
    assert item["last_log"] is None
    assert (coverage["level"], coverage["grant"]) == ("partial", "usermod -aG systemd-journal nodestral-agent")


def test_the_same_failure_is_not_looked_up_again(tmp_path: Path) -> None:
    item, _ = broken(MACHINE, tmp_path / "first")
    known = {"before": {"services": [item | {"last_log": ["as it was"]}]}}
    assert broken(MACHINE | known, tmp_path / "same")[0]["last_log"] == ["as it was"]
    known["before"]["services"][0]["since_at"] = 1.0
    assert broken(MACHINE | known, tmp_path / "another")[0]["last_log"] == item["last_log"]


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("could not bind to 0.0.0.0:80", "could not bind to 0.0.0.0:80"),
        ("DB_PASSWORD=hunter2 is wrong", "DB_PASSWORD=… is wrong"),
        ('{"api_key": "abc", "at": 3}', '{"api_key": …, "at": 3}'),
        ("Authorization: Bearer abc.def", "Authorization: …"),
        ("connecting to postgres://app:hunter2@db/app", "connecting to postgres://…@db/app"),
        ("token expired", "token expired"),
    ],
)
def test_what_looks_like_a_secret_is_left_out(line: str, without: str) -> None:
    assert journal.without_secrets(line) == without


class Slow(RecordedHost):
    """A machine on which each look into the journal takes three seconds."""

    clock = 0.0
    looks = 0

    def monotonic(self) -> float:
        return self.clock

    def run(self, argv: list[str], *arguments: Any, **options: Any) -> bytes:
        if argv[0] == "journalctl":
            self.looks += 1
            self.clock += 3
        return super().run(argv, *arguments, **options)


def test_a_slow_journal_does_not_cost_the_services(tmp_path: Path) -> None:
    units = "\n\n".join(UNIT.replace("broken", f"broken-{number}") for number in range(10))
    host = Slow(MACHINE | {"commands": {"systemctl-system": units}}, tmp_path)
    assert len(services.collect(host).items) == 10
    assert host.looks == 2
