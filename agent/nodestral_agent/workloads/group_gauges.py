"""What a control group has used so far and uses now: the files of cgroup v2, or of v1's controllers."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups

MICROSECONDS, NANOSECONDS = 1e6, 1e9


def gauges(host: Host, tree: cgroups.Hierarchies, path: str, known: dict[str, float] | None = None) -> dict[str, float]:
    """memory_bytes, cpu_seconds and tasks of a group, as far as the kernel accounts for them.

    `known` is what its manager has told already: only the rest is looked up.
    """
    found = dict(known or {})
    if "memory_bytes" not in found:
        memory = cgroups.memory_bytes(host, tree, path)
        if memory is not None:
            found["memory_bytes"] = memory
    if "cpu_seconds" not in found:
        seconds = cpu_seconds(host, tree, path)
        if seconds is not None:
            found["cpu_seconds"] = round(seconds, 1)
    if "tasks" not in found:
        tasks = first_number(host, places(tree, path, "pids.current", ("pids", "pids.current")))
        if tasks is not None:
            found["tasks"] = tasks
    return found


def cpu_seconds(host: Host, tree: cgroups.Hierarchies, path: str) -> float | None:
    """Processor time of all that ever ran in the group: cpu.stat counts microseconds, v1's cpuacct nanoseconds."""
    for file in places(tree, path, "cpu.stat"):
        for line in text(host, file).splitlines():
            name, _, value = line.partition(" ")
            if name == "usage_usec" and value.isdigit():
                return int(value) / MICROSECONDS
    used = first_number(host, places(tree, path, "", ("cpuacct", "cpuacct.usage")))
    return None if used is None else used / NANOSECONDS


def places(tree: cgroups.Hierarchies, path: str, unified: str, old: tuple[str, str] = ("", "")) -> list[str]:
    """Where a group's file may lie: in the unified hierarchy, or in the one of its old controller."""
    controller, name = old
    found = [f"{tree.unified}{path}/{unified}"] if tree.unified and unified else []
    if controller in tree.controllers:
        found.append(f"{tree.controllers[controller]}{path}/{name}")
    return found


def first_number(host: Host, files: list[str]) -> int | None:
    """The number in the first file that holds one."""
    for file in files:
        value = text(host, file).strip()
        if value.isascii() and value.isdigit():
            return int(value)
    return None


def text(host: Host, file: str) -> str:
    """A file's content, empty where there is none."""
    try:
        return host.text(file)
    except (Unavailable, CollectorError):
        return ""
