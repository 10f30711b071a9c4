"""Another user of this machine, with Nodestral installed where he can reach it: the checkout may be closed to him."""

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

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


class User(NamedTuple):
    """How somebody starts Python with our packages. uid None: as whoever runs the tests."""

    python: str
    environment: dict[str, str]
    uid: int | None = None
    gid: int | None = None

    @property
    def nodestral(self) -> str:
        return str(Path(self.python).with_name("nodestral"))

    def popen(self, *arguments: str, errors: int = subprocess.STDOUT) -> subprocess.Popen[str]:
        return subprocess.Popen(
            arguments,
            env=self.environment,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def install_into(environment: Path, python: str) -> Path:
    """A new environment with the packed server, in the versions that this checkout is tested with; its Python."""
    subprocess.run([ROOT / "scripts" / "package"], check=True, capture_output=True)
    (wheel,) = (ROOT / "build" / "dist").glob("nodestral-*.whl")
    subprocess.run([UV, "venv", "--quiet", "--python", python, environment], check=True)
    installed = environment / "bin" / "python"
    constraint = ROOT / "requirements" / "server.txt"
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--python", installed, wheel, "--constraint", constraint], check=True
    )
    return installed


@pytest.fixture(scope="session")
def open_python() -> Iterator[str]:
    """A Python that every user can start, with Nodestral in it."""
    entry = pwd.getpwnam("nobody")
    is_new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        found = User(python, {"PATH": os.defpath}, entry.pw_uid, entry.pw_gid)
        try:
            process = found.popen(python, "-c", is_new_enough)
        except OSError:
            continue
        process.communicate()
        if process.returncode == 0:
            break
    else:
        pytest.skip("this machine has no Python 3.11 that every user can start")
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o755)
    yield str(install_into(folder / "environment", python))
    shutil.rmtree(folder)


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes and becomes other accounts")


@pytest.fixture
def nobody(as_root: None, open_python: str) -> Iterator[User]:
    """An ordinary user with a home of his own."""
    entry = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    os.chown(home, entry.pw_uid, entry.pw_gid)
    yield User(open_python, {"PATH": os.defpath, "HOME": str(home)}, entry.pw_uid, entry.pw_gid)
    shutil.rmtree(home)
