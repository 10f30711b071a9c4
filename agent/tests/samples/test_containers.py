"""What containers use, from control groups of both versions; and nothing told twice, late or for the wrong one."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from agent.tests.machine import FakeHost

from nodestral.protocol import ContainerSample
from nodestral_agent.host import Host
from nodestral_agent.samples import containers
from nodestral_agent.samples.containers import Containers

WEB = "3f" * 32
NET = "Inter-|\n face |\n lo: 9999 0 0 0 0 0 0 0 9999 0 0 0 0 0 0 0\n eth0: {} 0 0 0 0 0 0 0 {} 0 0 0 0 0 0 0\n"
V2 = f"/sys/fs/cgroup/system.slice/docker-{WEB}.scope"


def told(name: str, *folders: str, container_id: str = WEB, version: int = 2) -> dict[str, Any]:
    return {"id": container_id, "name": name, "version": version, "folders": list(folders or [V2] * 4)}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def group(usage_usec: int, read: int = 0, *, pid: int = 70, received: int = 0, folder: str = V2) -> dict[str, str]:
    return {
        f"{folder}/cpu.stat": f"usage_usec {usage_usec}\nuser_usec 1\nsystem_usec 2\n",
        f"{folder}/memory.current": "10000\n",
        f"{folder}/memory.stat": "anon 7\ninactive_anon 99\nactive_file 5\ninactive_file 4000\n",
        f"{folder}/io.stat": f"8:0 rbytes={read} wbytes=50 rios=1\n253:0 rbytes={read} wbytes=50\n7:0 \n",
        f"{folder}/cgroup.procs": f"{pid}\n71\n",
        f"/proc/{pid}/net/dev": NET.format(received, received * 2),
    }


def rates(watched: Containers, root: Path, later: dict[str, str], seconds: float = 10) -> list[Any]:
    before = watched.read()
    write(root, later)
    return [msgspec.convert(one, ContainerSample) for one in watched.rates(before, watched.read(), seconds)]


def test_version_2(tmp_path: Path) -> None:
    write(tmp_path, {**group(1_000_000), "/sys/dev/block/253:0/slaves/sda": "", "/proc/self/net/dev": NET})
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web")])

    (web,) = rates(watched, tmp_path, group(16_000_000, read=5000, received=300))

    assert web == ContainerSample(
        id=WEB,
        name="web",
        cpu_percent=150,
        memory_bytes=6000,
        receive_bytes_per_second=30,
        transmit_bytes_per_second=60,
        read_bytes_per_second=500,  # not twice, although the device mapper's device counts them again
        write_bytes_per_second=0,
    )


def test_version_1(tmp_path: Path) -> None:
    folders = [f"/sys/fs/cgroup/{name}/docker/{WEB}" for name in ("cpuacct", "memory", "blkio", "cpuacct")]
    throttle = "8:0 Read {0}\n8:0 Write 100\n8:0 Sync 7\nTotal {0}\n"
    files = {
        f"{folders[0]}/cpuacct.usage": "1000000000\n",
        f"{folders[0]}/cgroup.procs": "",
        f"{folders[1]}/memory.usage_in_bytes": "10000\n",
        f"{folders[1]}/memory.stat": "inactive_file 1\ntotal_inactive_file 3000",
        f"{folders[2]}/blkio.throttle.io_service_bytes_recursive": throttle.format(1000),
    }
    write(tmp_path, files)
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web", *folders, version=1)])

    later = {
        f"{folders[0]}/cpuacct.usage": "2000000000\n",
        f"{folders[2]}/blkio.throttle.io_service_bytes_recursive": throttle.format(3000),
    }
    (web,) = rates(watched, tmp_path, later)

    assert (web.cpu_percent, web.memory_bytes) == (10, 7000)
    assert (web.read_bytes_per_second, web.write_bytes_per_second) == (200, 0)
    assert web.receive_bytes_per_second is None, "no process of it is seen"


def test_a_switched_off_controller_is_not_a_zero(tmp_path: Path) -> None:
    write(tmp_path, {f"{V2}/cpu.stat": "usage_usec 5\n"})
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web")])
    (web,) = rates(watched, tmp_path, {})
    assert web == ContainerSample(id=WEB, name="web", cpu_percent=0)


def test_the_node_s_own_network_and_a_shared_one_are_not_told_again(tmp_path: Path) -> None:
    folders = {name: f"/sys/fs/cgroup/{name}" for name in ("pod", "sidecar", "hostnet", "own")}
    for pid, folder in enumerate(folders.values(), start=70):
        write(tmp_path, group(1, pid=pid, folder=folder))
    write(tmp_path, {"/proc/self/net/dev": NET.format(1, 1)})
    for pid, same in ((71, 70), (72, "self")):
        (tmp_path / f"proc/{pid}/net/dev").unlink()
        os.link(tmp_path / f"proc/{same}/net/dev", tmp_path / f"proc/{pid}/net/dev")
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told(name, *[folder] * 4, container_id=name) for name, folder in folders.items()])

    found = {one.name: one.receive_bytes_per_second for one in rates(watched, tmp_path, {})}

    assert found == {"pod": 0, "sidecar": None, "hostnet": None, "own": 0}


def test_processes_in_groups_of_the_container_s_own(tmp_path: Path) -> None:
    files = {path: text for path, text in group(1).items() if "procs" not in path}
    inside = f"{V2}/init.scope/cgroup.procs"
    write(tmp_path, {**files, f"{V2}/cgroup.procs": "", inside: "0\n70\n", "/proc/self/net/dev": NET})
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web")])
    (web,) = rates(watched, tmp_path, {"/proc/70/net/dev": NET.format(100, 0)})
    assert web.receive_bytes_per_second == 10


def test_one_that_started_again_or_ended(tmp_path: Path) -> None:
    write(tmp_path, {**group(9_000_000, received=500), "/proc/self/net/dev": NET})
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web"), told("gone", *["/sys/fs/cgroup/gone"] * 4, container_id="gone")])
    (web,) = rates(watched, tmp_path, group(5, pid=90, received=1))
    assert (web.cpu_percent, web.receive_bytes_per_second) == (0, 0)


def test_a_new_scan_keeps_what_is_known_and_bounds_the_rest(tmp_path: Path) -> None:
    write(tmp_path, {**group(0), "/proc/self/net/dev": NET})
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web")])
    before = watched.read()
    watched.watch([told("renamed"), *[told(str(at), *["/x"] * 4, container_id=str(at)) for at in range(300)]])
    write(tmp_path, group(1_000_000))
    after = watched.read()
    (renamed,) = watched.rates(before, after, 1)
    assert (renamed["name"], renamed["cpu_percent"]) == ("renamed", 100)
    assert len(watched._watched) == containers.CONTAINERS_MAX


@pytest.mark.parametrize("garbage", ["", "-1", "x" * 4096, "usage_usec x\n", "8:0 rbytes=x wbytes=\n8:0\n", "9" * 40])
def test_garbage_is_no_number(tmp_path: Path, garbage: str) -> None:
    write(tmp_path, dict.fromkeys(group(0), garbage))
    watched = Containers(Host(str(tmp_path)))
    watched.watch([told("web")])
    rates(watched, tmp_path, {})


def test_a_hundred_containers_take_little_time(tmp_path: Path) -> None:
    folders = [f"/sys/fs/cgroup/docker/{at:064x}" for at in range(100)]
    for pid, folder in enumerate(folders, start=100):
        write(tmp_path, group(1, pid=pid, folder=folder))
    write(tmp_path, {"/proc/self/net/dev": NET})
    watched = Containers(FakeHost(tmp_path))
    watched.watch([told(folder[-4:], *[folder] * 4, container_id=folder[-64:]) for folder in folders])
    best = min(_seconds(watched) for _ in range(20))
    # Ten times what it takes here; a busy computer must not fail the test.
    assert best < 0.1, f"{best * 10:.3f} ms for each"


def _seconds(watched: Containers) -> float:
    begun = time.process_time()
    watched.read()
    return time.process_time() - begun
