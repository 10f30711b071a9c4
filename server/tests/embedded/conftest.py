"""Real services on folders of their own, in /tmp: a folder of pytest's is closed to the services' account."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from server.tests.strangers import as_root, nobody, open_python

from nodestral.embedded.postgres import start_postgres

__all__ = ["as_root", "nobody", "open_python"]

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
