"""What the helper hands over, and what the agent makes of it: the files that are closed to it, and nothing odd."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.certified import privileged
from nodestral_agent.collectors import certificates
from nodestral_agent.helpers import unit
from nodestral_agent.scan import collected

CASE = load(CASES / "certificates" / "letsencrypt-closed.json")
PATH = unit.file("certificates")
CHAINS = ["/etc/letsencrypt/live/shop.example.org/fullchain.pem", "/etc/letsencrypt/live/www.example.org/fullchain.pem"]


def handed_over(tmp_path: Path) -> dict[str, Any]:
    """What the helper, to whom nothing is closed, finds on that machine."""
    case = {name: value for name, value in CASE.items() if name not in ("closed", "commands")}
    return {"section": "certificates", **collected(privileged, RecordedHost(case, tmp_path / "helper"))}


def agent(tmp_path: Path, told: Any) -> dict[str, Any]:
    """What the agent finds when the helper has written this."""
    files = {**CASE["files"], PATH: json.dumps(told)}
    files["/etc/passwd"] += "nodestral-certificates:x:991:990::/:/bin/false\n"
    owners = {PATH: 991, PATH.rpartition("/")[0]: 991}
    case = {**CASE, "files": files, "owners": owners, "ages": {PATH: 60}}
    return collected(certificates, RecordedHost(case, tmp_path / "agent"))


def test_the_helper_reads_what_is_closed_to_the_agent(tmp_path: Path) -> None:
    told = handed_over(tmp_path)
    assert told["coverage"]["level"] == "full"
    assert sorted(item["path"] for item in told["items"]) == CHAINS
    found = agent(tmp_path, told)
    assert found["coverage"] == {"level": "full", "reason": "", "grant": ""}
    assert sorted(item["path"] for item in found["items"] if item["place"] == "file") == CHAINS
    assert {item["renewed_by"] for item in found["items"] if item["place"] == "file"} == {"certbot"}


def test_control_without_the_helper_they_are_closed(tmp_path: Path) -> None:
    found = collected(certificates, RecordedHost(CASE, tmp_path))
    assert found["coverage"]["level"] == "partial"
    assert [item["place"] for item in found["items"]] == ["served"]


@pytest.mark.parametrize(
    "change",
    [
        {"place": "served"},
        {"key": "served:tls/0.0.0.0/443/"},
        {"path": 7},
        {"path": "/etc/other.pem"},
        {"names": "x"},
        {"names": ["x"] * 513},
        {"names": [["x"]]},
        {"not_after_at": 1e300},
        {"not_before_at": -1},
        {"not_before_at": True},
        {"fingerprint_sha256": "0" * 63},
        {"self_signed": None},
        {"used_by": ["x"] * 33},
        {"renewal_reason": {"x": 1}},
        {"chain_length": "2"},
        {"newer_path": "/x"},
        {"unit": "x.service"},
    ],
)
def test_items_of_another_shape_are_not_believed(change: dict[str, Any], tmp_path: Path) -> None:
    told = handed_over(tmp_path)
    assert all(privileged.fits(item) for item in told["items"]), "control"
    told["items"][0] |= change
    found = agent(tmp_path, told)
    assert "The helper is of no use" in found["coverage"]["reason"]
    assert [item["place"] for item in found["items"]] == ["served"]
