"""apt's indexes in all the forms that apt keeps them in, and what a case cannot say."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load
from agent.tests.machine import FakeMachine

from nodestral_agent.collectors import updates
from nodestral_agent.packages.pins import parsed
from nodestral_agent.updates.archives import LISTS, Archive
from nodestral_agent.updates.candidates import Policy

DAY_SECONDS = 86_400
STATUS = """Package: dpkg
Status: install ok installed
Architecture: amd64
Version: 1.21

Package: shop
Status: install ok installed
Architecture: amd64
Version: 1.0
"""
INDEX = b"Package: other\nVersion: 9\nArchitecture: amd64\n\nPackage: shop\nArchitecture: amd64\nVersion: 1.1\n"


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    made = FakeMachine(tmp_path / "root")
    made.write("/var/lib/dpkg/status", STATUS)
    made.write("/etc/apt/sources.list", "")
    return made


def pending(machine: FakeMachine) -> dict[str, Any]:
    """Candidates by name."""
    items = updates.collect(machine.host()).items
    return {item["name"]: item["candidate_version"] for item in items if item["kind"] == "update"}


@pytest.mark.parametrize(
    ("form", "packed"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)],
)
def test_an_index_in_any_form(form: str, packed: Callable[[bytes], bytes], machine: FakeMachine) -> None:
    machine.write(f"{LISTS}/example.org_dists_x_main_binary-amd64_Packages{form}", packed(INDEX))
    assert pending(machine) == {"shop": "1.1"}


def test_an_index_that_only_apts_own_helper_can_read(machine: FakeMachine) -> None:
    path = machine.write(f"{LISTS}/example.org_dists_x_main_binary-amd64_Packages.lz4", INDEX)
    machine.write("/usr/lib/apt/apt-helper", f'#!/bin/sh\n[ "$*" = "cat-file {path}" ] && exec cat {path}\n').chmod(
        0o755
    )
    assert pending(machine) == {"shop": "1.1"}


@pytest.mark.parametrize("form", [".gz", ".xz", ".bz2", ".lz4"])
def test_a_damaged_index_is_told(form: str, machine: FakeMachine) -> None:
    machine.write(f"{LISTS}/example.org_dists_x_main_binary-amd64_Packages{form}", b"\0garbage\0" * 50)
    found = updates.collect(machine.host())
    assert found.coverage["level"] == "partial"
    assert [item["kind"] for item in found.items] == ["manager"]


def test_fifty_megabytes_are_read_in_little_memory_and_time(machine: FakeMachine) -> None:
    stanza = b"Package: package-%d\nArchitecture: amd64\nVersion: 1\nDescription: " + b"x" * 700 + b"\n\n"
    index = b"".join(stanza % number for number in range(63_000)) + INDEX
    machine.write(f"{LISTS}/example.org_dists_x_main_binary-amd64_Packages", index)
    del index
    begun = time.process_time()
    assert pending(machine) == {"shop": "1.1"}
    assert time.process_time() - begun < 0.6


@pytest.mark.parametrize(("days", "level"), [(6, "full"), (8, "partial")])
def test_an_old_index_is_told_with_the_command_that_helps(days: int, level: str, machine: FakeMachine) -> None:
    machine.write(f"{LISTS}/example.org_dists_x_main_binary-amd64_Packages", INDEX)
    at = time.time() - days * DAY_SECONDS
    os.utime(machine.root / LISTS[1:], (at, at))
    found = updates.collect(machine.host())
    assert found.gauges["manager/dpkg"]["index_refreshed_at"] == pytest.approx(at)
    assert found.coverage["level"] == level
    assert found.coverage["grant"] == ("" if level == "full" else "apt-get update")


def test_the_stamp_differs_with_the_index_and_with_the_day(tmp_path: Path) -> None:
    host = RecordedHost(load(CASES / "updates" / "apt.json"), tmp_path)
    before = updates.stamp(host)
    assert updates.stamp(host) == before
    os.utime(tmp_path / LISTS[1:] / "_srv_shop_updates_._Packages", (1, 1))
    assert updates.stamp(host) != before


MAIN = Archive(
    origin="Debian", label="Debian", suite="stable", codename="bookworm", version="12", site="deb.example.org"
)
BACKPORTS = Archive(origin="Debian Backports", suite="stable-backports", codename="bookworm-backports", priority=100)
OWN = Archive(origin="Shop", site="repo.example.org", component="main")
BELOW = "Package: *\nPin: release o=Shop\nPin-Priority: 50"
OFFERED = {"1.0": [MAIN], "2.0": [BACKPORTS], "1.5": [OWN], "0.9": [OWN]}


@pytest.mark.parametrize(
    ("preferences", "default_release", "chosen"),
    [
        ("", "", "1.5"),
        ("", "stable-backports", "2.0"),
        ("", "bookworm", "1.0"),
        ("Package: *\nPin: release n=bookworm-backports\nPin-Priority: 600", "", "2.0"),
        (BELOW, "", "1.0"),
        ("Package: *\nPin: origin repo.example.org\nPin-Priority: -1", "", "1.0"),
        ('Package: *\nPin: origin "repo.example.org"\nPin-Priority: 400', "", "1.0"),
        ("Package: shop\nPin: version 0.*\nPin-Priority: 1001", "", "0.9"),
        ("Package: shop\nPin: version 0.*\nPin-Priority: 999", "", "1.5"),
        ("Package: sh* other\nPin: release a=stable-backports\nPin-Priority: 700", "", "2.0"),
        ("Package: /^sho/\nPin: release a=stable-backports, o=Debian*\nPin-Priority: 700", "", "2.0"),
        ("Package: /[/\nPin: release a=stable-backports\nPin-Priority: 700", "", "1.5"),
        ("Package: src:shop-source\nPin: release c=main\nPin-Priority: 90", "", "1.0"),
        ("Package: others\nPin: version 0.*\nPin-Priority: 1001", "", "1.5"),
        (f"{BELOW}\n\nPackage: *\nPin: release o=Shop\nPin-Priority: 900", "", "1.0"),
        (f"# all\n{BELOW}\n\nPackage: shop\nPin: release o=Shop\nPin-Priority: 990", "", "1.5"),
        ("Package: shop\nPin: version 2\nPin-Priority: many", "", "1.5"),
        ("Package: *\nPin: release 12\nPin-Priority: 600", "", "1.0"),
    ],
)
def test_pins_choose_as_apt_does(preferences: str, default_release: str, chosen: str) -> None:
    assert Policy(parsed(preferences), default_release).candidate("shop", "shop-source", "1.0", OFFERED) == chosen


@pytest.mark.parametrize(
    ("change", "automatic"),
    [
        ({}, "all"),
        ({"APT::Periodic::Enable": "0"}, "off"),
        ({"APT::Periodic::Unattended-Upgrade": "0"}, "off"),
        ({"APT::Periodic::Unattended-Upgrade": "0", "APT::Periodic::Download-Upgradeable-Packages": "1"}, "download"),
        ({"Unattended-Upgrade::Origins-Pattern::": "origin=Debian,label=Debian-Security"}, "security"),
        ({"Unattended-Upgrade::Origins-Pattern::": None}, "off"),
        ({"timer": ""}, "off"),
        ({"timer": "masked"}, "off"),
        ({"program": ""}, "off"),
    ],
)
def test_unattended_upgrades(change: dict[str, str | None], automatic: str, tmp_path: Path) -> None:
    case = load(CASES / "updates" / "apt.json")
    timer = "/etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer"
    lines = case["commands"]["apt-config"].splitlines()
    for name, value in change.items():
        if name == "program":
            del case["files"]["/usr/bin/unattended-upgrade"]
        elif name == "timer" and value:
            case["files"]["/etc/systemd/system/apt-daily-upgrade.timer"] = {"link": "/dev/null"}
        elif name == "timer":
            del case["files"][timer]
        else:
            lines = [line for line in lines if not line.startswith(f"{name} ")]
            lines += [] if value is None else [f'{name} "{value}";']
    case["commands"]["apt-config"] = "\n".join(lines)
    (manager,) = (item for item in updates.collect(RecordedHost(case, tmp_path)).items if item["kind"] == "manager")
    assert manager["automatic"] == automatic
