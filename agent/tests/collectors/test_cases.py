"""What each collector makes of every recorded or written machine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, case_files, load

from nodestral_agent.collectors import COLLECTORS
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.scan import collected, finished

BY_SECTION = {collector.SECTION: collector for collector in COLLECTORS}
FOUND = [
    pytest.param(path, section, id=f"{path.parent.name}/{path.stem}-{section}")
    for path in case_files()
    for section in load(path)["expected"]
]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Container engines are looked for by the agent's environment too."""
    for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


def outcome(collector: Collector, host: RecordedHost) -> dict[str, Any]:
    """A section as it would be sent, without its hash and duration."""
    made = finished(collected(collector, host))
    told = {"level": made["coverage"]["level"], "items": made.get("items"), "gauges": made.get("gauges")}
    return {name: value for name, value in told.items() if value}


@pytest.mark.parametrize(("path", "section"), FOUND)
def test_case(path: Path, section: str, tmp_path: Path) -> None:
    case = load(path)
    made = outcome(BY_SECTION[section], RecordedHost(case, tmp_path))
    if os.environ.get("NODESTRAL_WRITE_CASES"):  # then look at the difference before you commit it
        case["expected"][section] = made
        path.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert made == load(path)["expected"][section]


@pytest.mark.parametrize("section", BY_SECTION)
def test_every_collector_has_a_case_of_its_own(section: str) -> None:
    assert list((CASES / section).glob("*.json"))
