"""A container tells what it may use and what it uses; a machine of its own is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.machine import CASES, FakeHost
from agent.tests.samples.test_containers import write

from nodestral_agent.collectors import system
from nodestral_agent.host import Host
from nodestral_agent.samples.own_group import OwnGroup, counted
from nodestral_agent.samples.sampler import Sampler

V2 = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
V1 = "".join(
    f"3{at} 23 0:2{at} / /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}\n"
    for at, name in enumerate(("cpu,cpuacct", "memory", "cpuset"))
)
MIB = 1 << 20
LIMITED = {
    "/proc/self/mountinfo": V2,
    "/sys/fs/cgroup/cgroup.events": "populated 1\n",
    "/sys/fs/cgroup/cpu.max": "150000 100000\n",
    "/sys/fs/cgroup/cpu.stat": "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\n",
    "/sys/fs/cgroup/cpuset.cpus.effective": "0-1,4\n",
    "/sys/fs/cgroup/memory.max": f"{512 * MIB}\n",
    "/sys/fs/cgroup/memory.current": f"{300 * MIB}\n",
    "/sys/fs/cgroup/memory.stat": f"anon 1\nfile {200 * MIB}\ninactive_file {100 * MIB}\n",
    "/sys/fs/cgroup/memory.swap.max": f"{64 * MIB}\n",
    "/sys/fs/cgroup/memory.swap.current": f"{MIB}\n",
}
LIMITED_V1 = {
    "/proc/self/mountinfo": V1,
    "/sys/fs/cgroup/cpu,cpuacct/cgroup.procs": "1\n",
    "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000\n",
    "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage_user": "2000000000\n",
    "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage_sys": "1000000000\n",
    "/sys/fs/cgroup/memory/cgroup.procs": "1\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": f"{512 * MIB}\n",
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": f"{300 * MIB}\n",
    "/sys/fs/cgroup/memory/memory.stat": f"total_cache {200 * MIB}\ntotal_inactive_file {100 * MIB}\n",
    "/sys/fs/cgroup/cpuset/cgroup.procs": "1\n",
    "/sys/fs/cgroup/cpuset/cpuset.effective_cpus": "0-1,4\n",
}
HOST_MEMORY = {"total_bytes": 16 << 30, "used_bytes": 1, "available_bytes": 2, "cached_bytes": 3, "buffers_bytes": 4}
both = pytest.mark.parametrize("files", [LIMITED, LIMITED_V1], ids=["version 2", "version 1"])


def own(tmp_path: Path, files: dict[str, str]) -> OwnGroup:
    write(tmp_path, files)
    return OwnGroup(Host(str(tmp_path)))


@both
def test_limits(tmp_path: Path, files: dict[str, str]) -> None:
    group = own(tmp_path, files)
    assert group.cpu_limit_cores() == 1.5
    assert group.cpu_count() == 3
    assert group.memory_limit_bytes() == 512 * MIB
    assert group.spent() == (2_000_000, 1_000_000)


@both
def test_memory_is_the_container_s(tmp_path: Path, files: dict[str, str]) -> None:
    memory, _ = own(tmp_path, files).memory_use(HOST_MEMORY, {"total_bytes": 0, "used_bytes": 0})
    assert memory == {
        "total_bytes": 512 * MIB,
        "used_bytes": 200 * MIB,
        "available_bytes": 312 * MIB,
        "cached_bytes": 200 * MIB,
        "buffers_bytes": 0,
    }


def test_swap_is_the_container_s(tmp_path: Path) -> None:
    _, swap = own(tmp_path, LIMITED).memory_use(HOST_MEMORY, {"total_bytes": 1 << 30, "used_bytes": 1 << 29})
    assert swap == {"total_bytes": 64 * MIB, "used_bytes": MIB}


def test_lxcfs_tells_the_truth_already(tmp_path: Path) -> None:
    told = HOST_MEMORY | {"total_bytes": 512 * MIB}
    assert own(tmp_path, LIMITED).memory_use(told, {})[0] == told


def test_cpu_is_of_what_it_may_use(tmp_path: Path) -> None:
    group = own(tmp_path, LIMITED)
    shares = group.shares((0, 0), (6_000_000, 1_500_000), 10, 8)
    assert shares is not None
    assert (shares["user_percent"], shares["system_percent"], shares["idle_percent"]) == (40, 10, 50)
    full = group.shares((0, 0), (16_000_000, 1_500_000), 10, 8)
    assert full is not None
    assert (full["user_percent"], full["system_percent"], full["idle_percent"]) == (100, 0, 0)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"/proc/self/mountinfo": V2, "/sys/fs/cgroup/cpu.stat": "usage_usec 1\nuser_usec 1\nsystem_usec 1\n"},
        {**LIMITED_V1, **{f"/sys/fs/cgroup/{name}/release_agent": "" for name in ("cpu,cpuacct", "memory", "cpuset")}},
    ],
    ids=["nothing is mounted", "the root of version 2", "the root of version 1"],
)
def test_a_machine_of_its_own(tmp_path: Path, files: dict[str, str]) -> None:
    group = own(tmp_path, files)
    assert group.spent() is None
    assert group.memory_limit_bytes() is None
    assert group.cpu_limit_cores() is None
    assert group.cpu_count() is None
    assert group.shares(None, None, 10, 4) is None
    assert group.memory_use(HOST_MEMORY, {}) == (HOST_MEMORY, {})


@pytest.mark.parametrize(
    ("name", "text"),
    [("cpu.max", "max 100000"), ("memory.max", "max"), ("cpu.stat", "usage_usec x\n"), ("cpu.max", "")],
)
def test_no_limit_and_garbage(tmp_path: Path, name: str, text: str) -> None:
    group = own(tmp_path, LIMITED | {f"/sys/fs/cgroup/{name}": text})
    if name == "cpu.max":
        assert group.cpu_limit_cores() is None
    elif name == "memory.max":
        assert group.memory_limit_bytes() is None
    else:
        assert group.spent() is None


def test_the_sample_and_the_system_of_a_limited_container(tmp_path: Path) -> None:
    before = CASES / "machines" / "vps" / "before"
    for path in ("stat", "meminfo", "uptime", "loadavg", "cpuinfo"):
        source = before / "proc" / path
        if source.exists():
            write(tmp_path, {f"/proc/{path}": source.read_text()})
    write(tmp_path, LIMITED)
    write(tmp_path, {"/proc/meminfo": "MemTotal: 16777216 kB\nMemAvailable: 1 kB\n"})
    host = FakeHost(tmp_path)
    sampler = Sampler(host)
    sampler.take()
    write(tmp_path, {"/sys/fs/cgroup/cpu.stat": "usage_usec 1\nuser_usec 2500000\nsystem_usec 1000000\n"})
    host.turn_to(tmp_path, 1)

    sample = sampler.take()

    assert sample is not None
    assert sample["memory"]["total_bytes"] == 512 * MIB
    assert sample["cpu"]["user_percent"] > 20
    item = system.collect(host).items[0]
    assert item["memory_total_bytes"] == item["memory_limit_bytes"] == 512 * MIB
    assert item["cpu_limit_cores"] == 1.5


@pytest.mark.parametrize(
    ("cpus", "count"), [("0", 1), ("0-3", 4), ("0-3,8", 5), ("", None), ("x", None), ("3-0", None)]
)
def test_lists_of_cpus(cpus: str, count: int | None) -> None:
    assert counted(cpus) == count
