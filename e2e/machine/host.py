"""What the harness needs of the computer that it runs on: root, Linux, a few Debian packages.

Run as `python -m e2e.machine.prepare` before the tests, this installs the packages (as root on Debian or Ubuntu) and
builds the root file systems; the tests themselves install nothing.
"""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from e2e.machine.errors import CommandError, LateError

# program: the Debian package that brings it
PROGRAMS = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "dockerd": "docker.io",
    "iptables": "iptables",
    "busybox": "busybox-static",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "mount": "mount",
    "curl": "curl",
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Debian puts programs for administrators where an ordinary PATH does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])

Seen = TypeVar("Seen")


def missing_packages() -> list[str]:
    packages = [package for name, package in PROGRAMS.items() if shutil.which(name, path=SEARCH_PATH) is None]
    if "docker.io" not in packages and shutil.which("docker", path=SEARCH_PATH) is None:
        packages.append("docker-cli")  # since trixie docker.io leaves it to a package of its own
    if not KEYRING.exists():
        packages.append("debian-archive-keyring")
    return packages


def reason_to_leave_out() -> str | None:
    """Why the machine tests cannot run here, in one sentence for the test summary; None if they can."""
    if platform.system() != "Linux":
        return f"machine tests need Linux; this is {platform.system()}"
    if os.geteuid() != 0:
        return "machine tests boot real systems, which only root may do; run ./dev test as root to include them"
    if missing := missing_packages():
        return f"machine tests need Debian packages that are not installed: {' '.join(missing)}"
    return None


def run(
    *command: str | Path,
    check: bool = True,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a program of this computer. Raises CommandError, with its output, when it does not end with status 0."""
    arguments = [str(part) for part in command]
    arguments[0] = shutil.which(arguments[0], path=SEARCH_PATH) or arguments[0]
    result = subprocess.run(
        arguments,
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "PATH": SEARCH_PATH, **(env or {})},
        timeout=timeout_seconds,
        check=False,
        # Whatever it signals, a group of its own keeps this test run out of it.
        start_new_session=True,
    )
    if check and result.returncode != 0:
        raise CommandError(" ".join(arguments), result)
    return result


def wait_for(what: str, look: Callable[[], Seen | None], *, within_seconds: float, every_seconds: float = 0.2) -> Seen:
    """Look again and again until there is something true to see. Raises LateError with what was seen last."""
    deadline = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise LateError(f"{what}: not within {within_seconds:g} s (last seen: {seen!r})")
        time.sleep(every_seconds)
