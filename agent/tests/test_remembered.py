"""A section is read anew when, and only when, what it is made from may have changed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nodestral_agent import remembered, scan
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import CollectorError
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

DAY_SECONDS = 86_400.0


class TimedHost(Host):
    """A host whose clock stands where the test puts it."""

    at = 1_800_000_000.0

    def now(self) -> float:
        return self.at


class Packages:
    """A collector that counts how often it reads."""

    def __init__(self) -> None:
        self.database = "one"
        self.level = "full"
        self.reads = 0
        self.module = cast("Collector", SimpleNamespace(SECTION="packages", collect=self.collect, stamp=self.stamp))

    def collect(self, _: Host) -> Collected:
        self.reads += 1
        told = coverage(self.level, "" if self.level == "full" else "why")
        return Collected([{"key": self.database}], told, {self.database: {"moves": 1.0}})

    def stamp(self, _: Host) -> str:
        if self.database == "unreadable":
            raise CollectorError("cannot be read")
        return self.database


@pytest.fixture
def packages() -> Packages:
    return Packages()


@pytest.fixture
def host(tmp_path: Path) -> TimedHost:
    return TimedHost("/", str(tmp_path))


def scanned(packages: Packages, host: TimedHost) -> dict[str, Any]:
    """The section as the resident process gets it."""
    found = {"packages": scan.finished(scan.collected(packages.module, host))}
    section: dict[str, Any] = scan.stored(found, host.memory, host.now())["packages"]
    return section


def test_what_has_not_changed_is_not_read_again(packages: Packages, host: TimedHost) -> None:
    first, second = scanned(packages, host), scanned(packages, host)
    assert packages.reads == 1
    assert {**first, "coverage": None} == {**second, "coverage": None}
    assert second["coverage"]["level"] == "full"


def test_a_change_is_read(packages: Packages, host: TimedHost) -> None:
    first = scanned(packages, host)
    packages.database = "two"
    assert scanned(packages, host)["hash"] != first["hash"]
    assert packages.reads == 2


@pytest.mark.parametrize("level", ["denied", "error", "absent"])
def test_what_could_not_be_read_is_tried_again(packages: Packages, host: TimedHost, level: str) -> None:
    packages.level = level
    scanned(packages, host)
    scanned(packages, host)
    assert packages.reads == 2


def test_without_a_stamp_it_is_read(packages: Packages, host: TimedHost) -> None:
    packages.database = "unreadable"
    scanned(packages, host)
    scanned(packages, host)
    assert packages.reads == 2


def test_after_a_day_it_is_read_in_any_case(packages: Packages, host: TimedHost) -> None:
    scanned(packages, host)
    host.at += DAY_SECONDS + 1
    scanned(packages, host)
    assert packages.reads == 2


def test_another_version_of_the_agent_reads_anew(
    packages: Packages, host: TimedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(packages, host)
    monkeypatch.setattr(remembered, "__version__", "99.0.0")
    scanned(packages, host)
    assert packages.reads == 2


@pytest.mark.parametrize("damage", ["items gone", "not json", "nothing in it"])
def test_a_damaged_memory_is_no_memory(packages: Packages, host: TimedHost, damage: str) -> None:
    first = scanned(packages, host)
    folder = Path(host.memory)
    if damage == "items gone":
        (folder / f"packages-{first['hash']}.json").unlink()
    else:
        (folder / "packages.last").write_text("{" if damage == "not json" else "{}")
    assert scanned(packages, host)["hash"] == first["hash"]
    assert packages.reads == 2


def test_nothing_is_remembered_without_a_folder(packages: Packages) -> None:
    host = TimedHost("/")
    scan.collected(packages.module, host)
    scan.collected(packages.module, host)
    assert packages.reads == 2
