"""Folders and a built bundle for tests that run whole programs."""

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

ROOT = Path(__file__).parents[3]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that does not exist yet, at a place that the services' accounts can reach."""
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def bundle() -> None:
    """Dashboard, agent and installer are in the package, as `./dev up` puts them there."""
    subprocess.run([ROOT / "scripts" / "bundle"], check=True, capture_output=True)


class User(NamedTuple):
    """How somebody starts Python with our packages. uid None: as whoever runs the tests."""

    python: str
    environment: dict[str, str]
    uid: int | None = None
    gid: int | None = None

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.python, *arguments],
            env=self.environment,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def me(data_dir: Path) -> User:
    return User(sys.executable, {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(data_dir.parent)})


@pytest.fixture
def nobody(data_dir: Path) -> User:
    """An ordinary user with a home of his own."""
    if os.geteuid() != 0:
        pytest.skip("needs root: it becomes another user")
    entry = pwd.getpwnam("nobody")
    path = os.pathsep.join(each for each in sys.path if "site-packages" in each or each.endswith("server"))
    shims = data_dir.parent / "shims"
    shims.mkdir(mode=0o755)
    # A package that only Pythons before 3.11.3 need, and ours may be newer than the system's.
    (shims / "async_timeout.py").write_text("from asyncio import timeout\n")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{path}{os.pathsep}{shims}", "HOME": str(data_dir.parent)}
    version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    os.chown(data_dir.parent, entry.pw_uid, entry.pw_gid)
    for python in (sys.executable, "/usr/bin/python3"):
        found = User(python, environment, entry.pw_uid, entry.pw_gid)
        try:
            process = found.popen("-c", version)
        except PermissionError:
            continue
        process.communicate()
        if process.returncode == 0:
            return found
    pytest.skip("nobody can start no Python of this version")
