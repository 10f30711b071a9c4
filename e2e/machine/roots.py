"""Debian root file systems made with debootstrap, kept outside the checkout and built when they are not there.

The cache is NODESTRAL_TEST_CACHE (default /var/cache/nodestral-tests). A root is a folder named after its release and
a hash of all that it was made from; it appears there by a rename once it is complete: a root that exists is whole.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from e2e.machine import host
from e2e.machine.errors import HarnessError
from e2e.machine.mirror import download_environment, mirror

# release: the version of its python3
RELEASES = {"bullseye": "3.9", "bookworm": "3.11", "trixie": "3.13"}
PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "libpam-systemd",
    "python3",
    "ca-certificates",
    "curl",
    "iproute2",
    "procps",
    "nginx-light",
    "openssh-server",
    # What a section of the inventory is about. The services among them do not start by themselves: see DORMANT.
    "cron",
    "dovecot-imapd",
    "iptables",
    "nftables",
    "openssl",
    "postfix",
    "prometheus-node-exporter",
    "sudo",
    "supervisor",
    "tmux",
    "ufw",
    "unattended-upgrades",
)
# Installed, and started by the tests that look at them alone: six machines boot at once.
DORMANT = (
    "cron",
    "dovecot",
    "dovecot.socket",
    "nftables",
    "postfix",
    "prometheus-node-exporter",
    "supervisor",
    "ufw",
    "unattended-upgrades",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
)
# Lets a user keep his own services running without being signed in (linger). Before bookworm it had another name.
POLKIT = {"bullseye": "policykit-1"}
# Raise it when the steps in `_build` change: the hash covers the lists above, not the code.
STEPS_VERSION = 2

Say = Callable[[str], None]


def cache_folder() -> Path:
    return Path(os.environ.get("NODESTRAL_TEST_CACHE") or "/var/cache/nodestral-tests")


def packages(release: str) -> list[str]:
    return [*PACKAGES, POLKIT.get(release, "polkitd")]


def recipe_hash(release: str) -> str:
    recipe = "\n".join([str(STEPS_VERSION), release, *packages(release)])
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def ensure_roots(releases: list[str], say: Say) -> dict[str, Path]:
    """The root of each release; those that are absent are built, as many at a time as there are cores."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as builders:
        return dict(zip(releases, builders.map(lambda release: ensure_root(release, say), releases), strict=True))


def ensure_root(release: str, say: Say) -> Path:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / f"{release}-{recipe_hash(release)}"
    if root.exists():
        return root
    with _locked(folder / f"{release}.lock"):
        if not root.exists():  # else another run has built it meanwhile
            _build(release, root, say)
    return root


def _build(release: str, root: Path, say: Say) -> None:
    started = time.monotonic()
    unfinished = root.with_name(f"{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    downloads = root.parent / "packages" / release
    downloads.mkdir(parents=True, exist_ok=True)
    log = root.parent / f"{root.name}.log"
    command: list[str | Path] = [
        "debootstrap",
        "--variant=minbase",
        f"--include={','.join(packages(release))}",
        f"--keyring={host.KEYRING}",
        "--force-check-gpg",
        f"--cache-dir={downloads}",
        release,
        unfinished,
    ]
    if archive := mirror():
        command.append(archive)
    say(f"root {release}: building (kept in {root})")
    _run_and_tell(command, log, lambda line: say(f"root {release}: {time.monotonic() - started:3.0f} s  {line}"))
    for unit in DORMANT:
        host.run("systemctl", f"--root={unfinished}", "disable", unit, check=False)
    unfinished.rename(root)
    say(f"root {release}: ready after {time.monotonic() - started:.0f} s")


def _run_and_tell(command: list[str | Path], log: Path, tell: Callable[[str], None]) -> None:
    """Run to the end with all output in a log; tell its newest line every few seconds."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": host.SEARCH_PATH, "LC_ALL": "C", **download_environment(log.parent)},
        )
        ended = threading.Event()
        teller = threading.Thread(target=_tell_newest_line, args=(log, tell, ended))
        teller.start()
        try:
            status = process.wait()
        finally:
            ended.set()
            teller.join()
    if status != 0:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise HarnessError(f"debootstrap ended with status {status}; {log} ends with:\n{last}")


def _tell_newest_line(log: Path, tell: Callable[[str], None], ended: threading.Event) -> None:
    told = ""
    while not ended.wait(10):
        lines = log.read_text(errors="replace").splitlines()
        if lines and lines[-1] != told:
            told = lines[-1]
            tell(told.removeprefix("I: "))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
