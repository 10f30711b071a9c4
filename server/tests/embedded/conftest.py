"""Real services on folders of their own, in /tmp: a folder of pytest's is closed to the services' account."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from nodestral.embedded.postgres import start_postgres


def _open_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    """A data folder that does not exist yet."""
    folder = _open_folder()
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def set_up_once() -> Iterator[Path]:
    """A data folder whose PostgreSQL has been set up and stopped: setting it up anew for each test takes seconds."""
    folder = _open_folder()
    start_postgres(folder / "data").stop()
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(set_up_once: Path) -> Iterator[Path]:
    """A data folder that has been used before and is not in use now."""
    folder = _open_folder()
    subprocess.run(["cp", "-a", set_up_once, folder / "data"], check=True)
    yield folder / "data"
    shutil.rmtree(folder)


class Stranger(NamedTuple):
    """Another user of this machine, and how he starts Python with our packages."""

    uid: int
    gid: int
    python: list[str]
    environment: dict[str, str]


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes and becomes other accounts")


@pytest.fixture
def nobody(as_root: None) -> Stranger:
    entry = pwd.getpwnam("nobody")
    path = os.pathsep.join(each for each in sys.path if "site-packages" in each or each.endswith("server"))
    version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", version], check=False, user=entry.pw_uid, group=entry.pw_gid, extra_groups=[], cwd="/"
            )
        except PermissionError:
            continue
        if done.returncode == 0:
            return Stranger(entry.pw_uid, entry.pw_gid, [python], {"PATH": "/usr/bin:/bin", "PYTHONPATH": path})
    pytest.skip("nobody can start no Python of this version")
