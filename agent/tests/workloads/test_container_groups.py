"""Which control groups are containers, which of them are sampled, and that none is counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.collectors import containers
from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups, container_groups

A, B = "1" * 64, "2" * 64


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        (f"/docker/{A}", [A]),
        (f"/system.slice/docker-{A}.scope/init.scope", [A]),
        (f"/system.slice/docker-{A}.scope/docker/{B}", [A, B]),
        (f"/machine.slice/libpod-{A}.scope/container", [A]),
        (f"/machine.slice/libpod-conmon-{A}.scope", []),
        (f"/machine.slice/machine-libpod_pod_{A}.slice/libpod-{B}.scope", [B]),
        ("/libpod_parent/conmon", []),
        ("/system.slice/nginx.service", []),
    ],
)
def test_ids(path: str, ids: list[str]) -> None:
    assert container_groups.container_ids(path) == ids


def watched(case: str, tmp_path: Path) -> list[dict[str, Any]]:
    return containers.collect(RecordedHost(load(CASES / "containers" / f"{case}.json"), tmp_path)).watch


def test_what_runs_inside_another_container_is_not_sampled_again(tmp_path: Path) -> None:
    assert [one["name"] for one in watched("kubernetes", tmp_path)] == ["222222222222", "shop/web-6f7/nginx"]


def test_each_controller_has_its_own_folder_on_version_1(tmp_path: Path) -> None:
    found = {one["name"]: one for one in watched("docker-recorded", tmp_path)}
    assert sorted(found) == ["hostnet", "paused", "sharer", "shop-web-1"]
    web = found["shop-web-1"]
    below = f"docker/{web['id']}"
    assert web["version"] == 1
    trees = ("cpuacct", "memory", "blkio", "cpuacct")
    assert web["folders"] == [f"/sys/fs/cgroup/{tree}/{below}" for tree in trees]


def test_podman_s_monitor_tells_names_only_of_its_own_container(tmp_path: Path) -> None:
    case = load(CASES / "containers" / "podman-no-socket.json")
    for path in [path for path in case["files"] if path.endswith("/cmdline")]:
        case["files"][path] = case["files"][path].replace("conmon", "evil", 1)
    host = RecordedHost(case, tmp_path)
    groups = container_groups.running(host, cgroups.hierarchies(host))
    assert len(groups) == 2
    assert container_groups.named(host, list(groups.values())) == {}


def test_this_very_machine() -> None:
    host = Host("/")
    for group in container_groups.running(host, cgroups.hierarchies(host)).values():
        assert len(group.container_id) == 64
