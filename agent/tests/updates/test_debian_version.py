"""Versions sort as dpkg sorts them."""

from __future__ import annotations

import itertools
import shutil
import subprocess

import pytest

from nodestral_agent.updates.debian_version import order

# Each is older than the next.
RISING = [
    *("0~~", "0~", "0", "1.0~~", "1.0~", "1.0~rc1-1", "1.0", "1.0-0ubuntu1", "1.0-1~bpo12+1", "1.0-1", "1.0-1+deb12u1"),
    *("1.0-1.1", "1.0-a", "1.0a", "1.0+b1", "1.0.1", "1.9", "1.10", "10", "1:0.1~rc1", "1:0.1", "2:0"),
]
EQUAL = [("1.0", "1.00"), ("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.0-1", "1.0-01"), ("", "0")]


def test_versions_rise() -> None:
    assert sorted(sorted(RISING), key=order) == RISING


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_versions(one: str, other: str) -> None:
    assert order(one) == order(other)


@pytest.mark.parametrize("garbage", ["~", "a:b:c", "\ud800", "٣", "x" * 4000, "1" * 9000])
def test_garbage_has_a_place(garbage: str) -> None:
    assert order(garbage) == order(garbage)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="this computer has no dpkg")
def test_dpkg_agrees() -> None:
    for one, other in itertools.combinations(RISING, 2):
        assert subprocess.run(["dpkg", "--compare-versions", one, "lt", other], check=False).returncode == 0, (
            one,
            other,
        )
