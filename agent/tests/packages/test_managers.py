"""The package managers' databases: what a case cannot say."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load
from agent.tests.machine import FakeMachine

from nodestral_agent.collectors import packages
from nodestral_agent.errors import CollectorError, Denied
from nodestral_agent.packages import dpkg, managers

SEVERAL = load(CASES / "packages" / "several.json")
STANZA = """Package: package-{0}
Status: install ok installed
Priority: optional
Section: libs
Installed-Size: {0}
Maintainer: A Person <person@example.org>
Architecture: amd64
Version: 1.{0}-1
Depends: libc6 (>= 2.34), libgcc-s1 (>= 4.2), libexample (>> 1.4), debconf (>= 0.5) | debconf-2.0, adduser
Description: something that is useful for {0} people
 It has a description of several lines, as most of them have, so that the file is as large
 as it would be on a real machine with as many packages: about two kilobytes for each of them.
 .
{1}"""


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "root")


def test_fifteen_hundred_packages_of_dpkg_take_a_third_of_a_second_at_most(machine: FakeMachine) -> None:
    rest = " And it goes on for a while with one more sentence of that kind.\n" * 20
    machine.write(dpkg.STATUS, "\n".join(STANZA.format(number, rest) for number in range(1500)))
    begun = time.process_time()
    items = packages.collect(machine.host()).items
    assert time.process_time() - begun < 0.3
    assert len(items) == 1500
    assert items[7]["version"] == "1.7-1"


@pytest.mark.parametrize("name", managers.MANAGERS)
def test_one_manager_that_fails_costs_only_itself(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        watched = staticmethod(managers.MANAGERS[name].watched)

        @staticmethod
        def installed(_: object) -> list[dict[str, object]]:
            raise CollectorError("is damaged", "/its/database")

    monkeypatch.setitem(managers.MANAGERS, name, Broken)
    found = packages.collect(RecordedHost(SEVERAL, tmp_path))
    assert found.coverage["level"] == "partial"
    assert found.coverage["reason"] == f"{name}: /its/database: is damaged."
    assert {item["manager"] for item in found.items} == set(managers.MANAGERS) - {name}


def test_a_closed_database_is_told(tmp_path: Path) -> None:
    closed = {**SEVERAL, "closed": ["/var/lib/pacman"]}
    found = packages.collect(RecordedHost(closed, tmp_path / "some"))
    assert found.coverage["level"] == "partial"
    assert "pacman: /var/lib/pacman/local: Permission denied" in found.coverage["reason"]
    alone = {"files": {dpkg.STATUS: "Package: x\n"}, "closed": ["/var/lib/dpkg"]}
    with pytest.raises(Denied):
        packages.collect(RecordedHost(alone, tmp_path / "one"))


def test_a_damaged_status_file_is_not_an_empty_machine(machine: FakeMachine) -> None:
    machine.write(dpkg.STATUS, "\0" * 4096)
    with pytest.raises(CollectorError):
        packages.collect(machine.host())


@pytest.mark.parametrize(
    "path", ["/var/lib/dpkg/status", "/lib/apk/db/installed", "/etc/pacman.conf", "/etc/apt/preferences.d/new.pref"]
)
def test_the_stamp_differs_when_a_database_was_written(path: str, machine: FakeMachine) -> None:
    machine.write("/var/lib/dpkg/status", "Package: x\n")
    before = packages.stamp(machine.host())
    assert packages.stamp(machine.host()) == before
    machine.write(path, "Package: another\n")
    assert packages.stamp(machine.host()) != before
