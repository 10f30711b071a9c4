"""Real rules in a network namespace of the test's own, read by the program that a helper runs.

Making a namespace and rules needs root and the programs themselves; elsewhere these tests are left out, with CI=true
nothing may be.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nodestral_agent

PROGRAMS = ("unshare", "nft", "iptables", "iptables-legacy", "setpriv")
MISSING = [name for name in PROGRAMS if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None]
pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and (os.geteuid() != 0 or bool(MISSING)),
    reason=f"needs root and {', '.join(PROGRAMS)}",
)
# As systemd starts the helper: an ordinary user with one capability.
HELPER = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin "
NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "


ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
# The system's own Python where there is one: who has put privileges away may not reach another's.
PYTHON = shutil.which("python3", path="/usr/bin") or sys.executable


@pytest.fixture(scope="module", autouse=True)
def agent() -> Iterator[None]:
    """The agent where everybody may read it, as it is installed; a checkout may lie below a closed folder."""
    with tempfile.TemporaryDirectory(prefix="nodestral-agent-") as folder:
        shutil.copytree(Path(nodestral_agent.__file__).parent, Path(folder, "nodestral_agent"))
        for place, _, names in os.walk(folder):
            Path(place).chmod(0o755)
            for name in names:
                Path(place, name).chmod(0o644)
        ENVIRONMENT["PYTHONPATH"] = folder
        yield


def read(rules: str, prefix: str = "") -> dict[str, Any]:
    """What is told after these lines of shell, in a namespace without any rule before."""
    program = f"exec {prefix}{PYTHON} -B -m nodestral_agent.cli collect-privileged firewall"
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", f"{rules}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=ENVIRONMENT,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def rules_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in told["items"] if item["kind"] == "rule"]


def deciding(told: dict[str, Any]) -> list[str]:
    return [item["name"] for item in told["items"] if item["kind"] == "backend" and item["decides"]]


NFT = """
nft add table inet own
nft add chain inet own door '{ type filter hook input priority 0; policy drop; }'
nft add rule inet own door tcp dport '{ 22, 443 }' counter accept comment '"the door"'
"""
IPTABLES = """
{0} -P INPUT DROP
{0} -A INPUT -p tcp --dport 22 -m comment --comment 'the "door"' -j ACCEPT
"""


def test_nothing_is_told_where_nothing_is() -> None:
    told = read("")
    assert told["coverage"]["level"] == "full"
    assert rules_of(told) == []
    assert deciding(told) == []


def test_rules_of_nft() -> None:
    told = read(NFT)
    assert deciding(told) == ["nftables"]
    (rule,) = rules_of(told)
    assert rule["text"] == 'tcp dport { 22, 443 } counter accept comment "the door"'
    assert (rule["protocol"], rule["destination_ports"], rule["action"]) == ("tcp", "{ 22, 443 }", "accept")
    assert told["gauges"][rule["key"]] == {"position": 1, "packets": 0, "bytes": 0}


def test_rules_of_iptables_on_nftables_are_told_once() -> None:
    told = read(IPTABLES.format("iptables-nft") + NFT)
    assert sorted(deciding(told)) == ["iptables-nft", "nftables"]
    texts = sorted(rule["text"] for rule in rules_of(told))
    assert texts == [
        '-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "the \\"door\\"" -j ACCEPT',
        'tcp dport { 22, 443 } counter accept comment "the door"',
    ]


def test_rules_of_the_old_tables() -> None:
    told = read(IPTABLES.format("iptables-legacy"))
    assert deciding(told) == ["iptables-legacy"]
    (rule,) = rules_of(told)
    assert rule["backend"] == "iptables-legacy"
    assert rule["comment"] == 'the "door"'


@pytest.mark.parametrize(
    "rule",
    [
        "ip saddr . tcp dport { 10.0.0.1 . 22 } counter accept",
        "tcp dport { 22, 23 } counter accept",
        "tcp dport 22 accept",
        "ip dscp cs1 counter accept",
        "tcp dport vmap { 22 : accept }",
    ],
)
def test_iptables_is_not_believed_about_rules_that_it_cannot_have_made(rule: str) -> None:
    """It tells the second of these as `-p tcp -j ACCEPT`, which would open every port."""
    told = read(
        f"""
        nft add table ip filter
        nft add chain ip filter INPUT '{{ type filter hook input priority 0; }}'
        nft add rule ip filter INPUT '{rule}'
        """
    )
    assert [(each["backend"], each["text"]) for each in rules_of(told)] == [("nftables", rule)]


def test_one_capability_is_enough() -> None:
    told = read(IPTABLES.format("iptables-nft") + NFT, HELPER)
    assert len(rules_of(told)) == 2


def test_control_without_it_nothing_is_visible() -> None:
    told = read(NFT, NOBODY)
    assert told["coverage"]["level"] == "denied"
    assert "items" not in told


def test_a_firewall_of_another_namespace_is_not_this_ones() -> None:
    assert len(rules_of(read(NFT))) == 1
    assert rules_of(read("")) == []
