"""What of a scan travels with which report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nodestral_agent import inventory
from nodestral_agent.inventory import Inventory

SIZE = 1 << 20


def found(folder: Path, count: int) -> dict[str, Any]:
    """As many sections as large as they may be, as a scan leaves them."""
    sections = {}
    for number in range(count):
        items = json.dumps([{"key": "x" * SIZE}])
        (folder / f"s{number}-h{number}.json").write_text(items)
        sections[f"s{number}"] = {"hash": f"h{number}", "coverage": {"level": "full"}}
    return sections


def reports_of(folder: Path, count: int) -> list[dict[str, bytes]]:
    """The sections of each report until nothing is left."""
    made = Inventory(str(folder), "", "", lambda _: None)
    made._found = found(folder, count)
    made._untold_scan = True
    reports: list[dict[str, bytes]] = []
    while not reports or made.more:
        reports.append(made.for_report()[0])
        assert len(reports) < 20
    return reports


def test_sections_that_do_not_fit_travel_with_the_next_report(tmp_path: Path) -> None:
    reports = reports_of(tmp_path, 7)
    assert len(reports) > 1
    assert sorted(name for report in reports for name in report) == [f"s{number}" for number in range(7)]
    for report in reports:
        assert sum(map(len, report.values())) < 4 << 20


def test_control_without_a_bound_one_report_holds_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "ROOM", 1 << 30)
    assert len(reports_of(tmp_path, 7)) == 1
