"""`python -m e2e.machine.prepare`: make this computer ready for the machine tests, telling what takes its time.

Installs the Debian packages that are missing (root on a system with apt only) and builds the root file systems.
"""

import os
import shutil
import sys
import time
from pathlib import Path

from e2e.machine import host
from e2e.machine.errors import HarnessError
from e2e.machine.roots import RELEASES, ensure_roots

_ROOT = Path(__file__).resolve().parents[2]


def say(line: str) -> None:
    # One write for a line: several roots are built at a time.
    sys.stdout.write(f"machine: {line}\n")
    sys.stdout.flush()


def install_packages() -> None:
    for _ in range(2):  # what one package lacks is known only once it is there
        if missing := host.missing_packages():
            say(f"installing {' '.join(missing)}")
            host.run(_ROOT / "scripts/apt", *missing, timeout_seconds=900)


def main() -> int:
    started = time.monotonic()
    try:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            install_packages()
        if reason := host.reason_to_leave_out():
            say(f"left out: {reason}")
            return 0
        ensure_roots(list(RELEASES), say)
    except HarnessError as error:
        say(str(error))
        return 1
    say(f"ready after {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
