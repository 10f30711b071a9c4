"""Folders and a built bundle for tests that run whole programs."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from server.tests.strangers import ROOT, User, as_root, nobody, open_python

__all__ = ["as_root", "nobody", "open_python"]


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


@pytest.fixture
def me(data_dir: Path) -> User:
    return User(sys.executable, {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(data_dir.parent)})
