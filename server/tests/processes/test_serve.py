"""`nodestral serve` in several processes, and what it says when something is missing."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from server.tests.processes.api import NODESTRAL, Api, status


@pytest.fixture
def api(dsn: str, valkey_url: str, tmp_path: Path) -> Iterator[Api]:
    found = Api(dsn, valkey_url, tmp_path, workers=2)
    found.start()
    yield found
    found.close()


def children(pid: int) -> list[int]:
    """Only those that serve: multiprocessing keeps a tracker of its own."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in pids if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]


def gone(pids: list[int], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_several_processes_serve_and_end_together(api: Api) -> None:
    assert api.process is not None
    workers = children(api.process.pid)
    assert len(workers) == 2
    assert [status(api.url + "/healthz") for _ in range(20)] == [200] * 20
    api.process.terminate()
    api.process.wait(30)
    assert gone(workers)


def test_no_process_outlives_a_killed_parent(api: Api) -> None:
    assert api.process is not None
    workers = children(api.process.pid)
    api.kill()
    assert gone(workers)


def test_it_asks_for_the_databases_it_needs() -> None:
    done = subprocess.run([NODESTRAL, "serve"], capture_output=True, text=True, check=False, env={"PATH": os.defpath})
    assert done.returncode == 1
    assert "set DATABASE_URL and REDIS_URL" in done.stderr
    assert "Traceback" not in done.stderr
