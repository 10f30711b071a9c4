"""A control group for each machine, so that several systemds on one computer do not share one.

systemd-nspawn with --keep-unit puts its payload below the control group that it was started in. It uses the unified
hierarchy, and on a computer that still has cgroup v1 also the hierarchy named systemd; each gets a group.
"""

import os
import signal
import time
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")


def _mounts() -> dict[Path, str]:
    """Where hierarchies are mounted, and their names in /proc/PID/cgroup. See proc_pid_mountinfo(5), cgroups(7)."""
    found = {}
    for line in MOUNTS.read_text().splitlines():
        mount, _, source = line.partition(" - ")
        filesystem, _, options = source.split(" ", 2)
        if filesystem == "cgroup2":
            found[Path(mount.split()[4])] = ""
        elif filesystem == "cgroup":
            names = [option for option in options.split(",") if option not in {"rw", "ro", "xattr"}]
            found[Path(mount.split()[4])] = ",".join(names)
    return found


def hierarchies() -> dict[str, Path]:
    """The hierarchies that systemd-nspawn uses, by name (the unified one has the empty name)."""
    return {name: mount for mount, name in _mounts().items() if name in {"", "name=systemd"}}


def create(name: str) -> list[Path]:
    groups = [hierarchy / name for hierarchy in hierarchies().values()]
    for group in groups:
        group.mkdir(exist_ok=True)
    return groups


def of_process(pid: int) -> list[Path]:
    """The groups that a process is in."""
    mounted = hierarchies()
    lines = (line.split(":", 2) for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines())
    return [mounted[name] / path.lstrip("/") for _, name, path in lines if name in mounted]


def enter(groups: list[Path], command: list[str | Path]) -> list[str | Path]:
    """The command that moves itself into these groups and becomes this command."""
    script = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@"'
    return ["sh", "-euc", script, "sh", *groups, "--", *command]


def named(start: str) -> list[str]:
    """Names of the groups made with `create` that start so."""
    return sorted({group.name for mount in _mounts() for group in mount.glob(f"{start}*")})


def destroy(name: str, *, within_seconds: float = 10) -> None:
    """Kill what still runs in the groups of this name, in every hierarchy there is, then remove them."""
    deadline = time.monotonic() + within_seconds
    for mount in _mounts():
        group = mount / name
        while group.exists():
            inner_first = sorted([group, *(path for path in group.rglob("*") if path.is_dir())], reverse=True)
            for folder in inner_first:
                _kill_members(folder)
            try:
                for folder in inner_first:
                    folder.rmdir()
            except OSError:  # a killed process leaves its group only when it is reaped
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _kill_members(folder: Path) -> None:
    try:
        members = (folder / "cgroup.procs").read_text().split()
    except OSError:  # already gone
        return
    for member in members:
        if member != "0":  # a process of another PID namespace, seen as 0
            try:
                os.kill(int(member), signal.SIGKILL)
            except ProcessLookupError:
                continue
