"""What a scan wants sampled reaches the sampler once, and never the server."""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.collectors import containers
from nodestral_agent.inventory import Inventory
from nodestral_agent.scan import scan, stored


def test_from_the_scan_to_the_sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    host = RecordedHost(load(CASES / "containers" / "docker-recorded.json"), tmp_path / "machine")
    folder = tmp_path / "sections"
    folder.mkdir()
    inventory = Inventory(str(folder), "/", "", print)
    inventory._found = stored(scan(host, (containers,)), str(folder), 0.0)
    inventory._untold_scan = True

    told = inventory.watched()

    assert [one["name"] for one in told] == ["hostnet", "paused", "sharer", "shop-web-1"]
    assert inventory.watched() == []
    sections, _ = inventory.for_report()
    assert b"/sys/fs/cgroup" not in sections["containers"]
