"""What the agent makes of a helper's file: only what the helper itself wrote, lately, and in the right shape."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import RecordedHost

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.helpers import handover, unit

PATH = unit.file("firewall")
FOLDER = PATH.rpartition("/")[0]
HELPER = 991
ITEM = {"key": "backend/nftables", "kind": "backend"}
GOOD = {"section": "firewall", "coverage": {"level": "full"}, "items": [ITEM], "gauges": {"backend/nftables": {"x": 1}}}


def machine(content: Any, root: Path, **more: Any) -> RecordedHost:
    """A machine on which the helper wrote this a minute ago."""
    text = content if isinstance(content, str) else json.dumps(content)
    case = {
        "files": {PATH: text, "/etc/passwd": f"nodestral-firewall:x:{HELPER}:990::/:/bin/false\nada:x:1000:1000::/:\n"},
        "owners": {PATH: HELPER, FOLDER: HELPER},
        "ages": {PATH: 60},
    }
    return RecordedHost(case | more, root)


def told(host: RecordedHost) -> list[dict[str, Any]]:
    return handover.read(host, "firewall", lambda item: item.get("kind") == "backend").items


def test_control_a_good_file_is_taken(tmp_path: Path) -> None:
    found = handover.read(machine(GOOD, tmp_path), "firewall", lambda _: True)
    assert found.items == [ITEM]
    assert found.coverage["level"] == "full"
    assert found.gauges == {"backend/nftables": {"x": 1}}


def test_without_a_helper_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        told(RecordedHost({}, tmp_path))


def test_a_helper_that_has_not_written_is_told(tmp_path: Path) -> None:
    host = RecordedHost({"files": {f"/etc/systemd/system/{unit.service('firewall')}": ""}}, tmp_path)
    with pytest.raises(CollectorError, match=r"systemctl status nodestral-helper-firewall\.service"):
        told(host)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ages": {PATH: 3600}}, "60 minutes ago"),
        ({"ages": {PATH: -3600}}, "clock was set back"),
        ({"owners": {PATH: 1000, FOLDER: HELPER}}, "belongs to ada"),
        ({"owners": {PATH: HELPER, FOLDER: 1000}}, "belongs to ada"),
        ({"owners": {PATH: 4242, FOLDER: HELPER}}, "belongs to 4242"),
        ({"owners": {PATH: HELPER, FOLDER: HELPER, unit.FOLDER: 1000}}, "others may write"),
        ({"modes": {PATH: 0o100666}}, "others may write"),
        ({"closed": [PATH]}, "may not be read by this agent"),
    ],
)
def test_an_old_or_foreign_file_is_not_believed(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(CollectorError, match=words):
        told(machine(GOOD, tmp_path, **change))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[" * 100_000,
        "[]",
        "null",
        GOOD | {"section": "certificates"},
        GOOD | {"coverage": "full"},
        GOOD | {"coverage": {"level": "FULL"}},
        GOOD | {"items": {"key": "x"}},
        GOOD | {"items": ["x"]},
        GOOD | {"items": [{"key": 7}]},
        GOOD | {"items": [{"key": ""}]},
        GOOD | {"items": [{"key": "x", "kind": "something else"}]},
        GOOD | {"items": [ITEM] * 10_001},
        GOOD | {"gauges": [1]},
        GOOD | {"gauges": {"x": 1}},
        GOOD | {"gauges": {"x": {"y": "z"}}},
        " " * (unit.LIMITS_BYTES["firewall"] + 1),
    ],
)
def test_another_shape_is_refused(content: Any, tmp_path: Path) -> None:
    with pytest.raises(CollectorError):
        told(machine(content, tmp_path))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    host = machine(GOOD, tmp_path / "root")
    place = Path(host.path(PATH))
    elsewhere = tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    with pytest.raises(CollectorError):
        told(host)


def test_what_the_helper_met_is_passed_on(tmp_path: Path) -> None:
    for level, error in (("absent", Unavailable), ("denied", Denied), ("error", CollectorError)):
        content = {"section": "firewall", "coverage": {"level": level, "reason": "just so"}}
        with pytest.raises(error, match="just so"):
            told(machine(content, tmp_path / level))


def test_what_is_written_is_whole_and_for_the_group(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        handover.write(str(tmp_path), "firewall", {"coverage": {"level": "full"}, "items": [ITEM], "gauges": {}})
    finally:
        os.umask(mask)
    written = tmp_path / "firewall.json"
    assert [path.name for path in tmp_path.iterdir()] == [written.name]
    assert written.stat().st_mode & 0o777 == 0o640
    assert told(machine(written.read_text(), tmp_path / "root")) == [ITEM]


def test_too_much_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(CollectorError):
        handover.write(str(tmp_path), "firewall", {"items": ["x" * 1000] * 4000})
    assert list(tmp_path.iterdir()) == []


def test_the_grant_is_the_line_to_type(tmp_path: Path) -> None:
    line = "curl -sfL https://nodes.example/install.sh | sh -s -- --enable=firewall"
    passwd = {"/etc/passwd": "nodestral-agent:x:990:990::/:\nada:x:1000:1000::/:\n"}
    host = RecordedHost({"files": passwd, "host": {"uid": 990}}, tmp_path / "system")
    host.server = "https://nodes.example"
    assert unit.grant(host, "firewall") == line
    host = RecordedHost({"files": passwd, "host": {"uid": 1000}}, tmp_path / "user")
    assert "INSTALL-TOKEN --enable=firewall" in unit.grant(host, "firewall")
