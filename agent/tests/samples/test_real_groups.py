"""A container of this very machine, as far as the kernel sees one: a process in control groups named by an id.

Where the tests may not make control groups, the groups that they run in stand for it.
"""

from __future__ import annotations

import mmap
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nodestral_agent.host import Host
from nodestral_agent.samples.containers import Containers
from nodestral_agent.workloads import cgroups, container_groups

ID = "c0ffee" * 10 + "beef"
WITHIN_SECONDS = 60.0


def spinning() -> int:
    """A child that keeps a processor busy, and memory: what it had before it came to its group is not the group's."""
    process = os.fork()
    if process == 0:
        held: list[mmap.mmap] = []
        while True:
            held = [*held[-1:], mmap.mmap(-1, 4 << 20)]
            held[-1].write(bytes(4 << 20))
    return process


@contextmanager
def contained(tree: cgroups.Hierarchies) -> Iterator[list[dict[str, Any]]]:
    """What a scan would tell of a busy process in groups of its own."""
    mounts = sorted({tree.controllers.get(name) or tree.unified or "" for name in container_groups.SAMPLED})
    groups = [Path(mount, f"busy-process-{os.getpid()}", ID) for mount in mounts]
    process = spinning()
    try:
        for group in groups:
            group.mkdir(parents=True)
            (group / "cgroup.procs").write_text(str(process))
        host = Host("/")
        yield container_groups.watched(tree, container_groups.running(host, tree), {ID: "real"})
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        for group in groups:
            for folder in (group, group.parent):
                until = time.monotonic() + WITHIN_SECONDS
                while folder.exists() and time.monotonic() < until:
                    time.sleep(0.05)  # the kernel takes a moment to let go of the process
                    with suppress(OSError):
                        folder.rmdir()


@contextmanager
def as_it_is(tree: cgroups.Hierarchies) -> Iterator[list[dict[str, Any]]]:
    """The same of the groups that this process is in."""
    version = 1 if "cpuacct" in tree.controllers else 2
    mount = tree.controllers["cpuacct"] if version == 1 else tree.unified or ""
    told = cgroups.parsed_membership(Path("/proc/self/cgroup").read_text())
    path = next((told[name] for name in told if "cpuacct" in name.split(",")), told.get("", "/")).rstrip("/")
    process = spinning()
    try:
        yield [{"id": ID, "name": "real", "version": version, "folders": [f"{mount}{path}"] * 4}]
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def test_a_busy_process_in_its_own_groups() -> None:
    tree = cgroups.hierarchies(Host("/"))
    makes = contained if os.geteuid() == 0 and "cpuacct" in tree.controllers else as_it_is
    with makes(tree) as told:
        watched = Containers(Host("/"))
        watched.watch([one for one in told if one["id"] == ID])
        before = watched.read()
        begun = time.monotonic()
        found: list[dict[str, Any]] = []
        while not any(one["cpu_percent"] for one in found) and time.monotonic() < begun + WITHIN_SECONDS:
            time.sleep(0.1)
            found = watched.rates(before, watched.read(), time.monotonic() - begun)
    (real,) = found
    assert real["name"] == "real"
    assert 0 < real["cpu_percent"] < 100 * (os.cpu_count() or 1) + 50
    if makes is contained:
        assert 0 < real["memory_bytes"] < 1 << 30
        assert real["receive_bytes_per_second"] is None, "it is in this machine's own network"
