"""Names and folders of test runs, and the cleaning up after runs that were killed before they could do it themselves.

A run is named after its process. Everything that it makes on this computer (namespaces, control groups, mounts) lies
below its folder or carries its name, so that a later run finds it and sees that its process is gone.
"""

import os
import re
import shutil
from pathlib import Path

from e2e.machine import cgroups, host
from e2e.machine.roots import cache_folder

_NAME = re.compile(r"nodestral-test-(\d+)")


def run_name() -> str:
    return f"nodestral-test-{os.getpid()}"


def run_folder() -> Path:
    """A folder for this run alone, on the disk of the cache: overlays of roots do not fit into memory everywhere.

    Others may pass through it: the server gives its databases to accounts of their own.
    """
    folder = cache_folder() / "runs" / run_name()
    folder.mkdir(mode=0o711, parents=True)
    return folder


def remove_run(name: str) -> None:
    """Kill and remove what this run has left; right when it has left nothing."""
    for group in cgroups.named(f"{name}-"):
        cgroups.destroy(group)
    folder = cache_folder() / "runs" / name
    for mount in _mounts_below(folder):
        host.run("umount", "--lazy", mount, check=False)
    for namespace in Path("/run/netns").glob(f"{name}-*"):
        host.run("ip", "netns", "delete", namespace.name, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def remove_dead_runs() -> None:
    """Known by their folders, which go last. Processes of runs with another cache may not be visible from here."""
    for folder in (cache_folder() / "runs").glob("*"):
        found = _NAME.fullmatch(folder.name)
        if found and not Path("/proc", found.group(1)).exists():
            remove_run(folder.name)


def _mounts_below(folder: Path) -> list[str]:
    """Innermost first. Spaces cannot occur: the paths are made here."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return sorted((path for line in lines if (path := line.split()[4]).startswith(f"{folder}/")), reverse=True)
