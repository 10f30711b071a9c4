"""The API as a process of its own, which tests may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

NODESTRAL = Path(sys.executable).with_name("nodestral")
EARLY = Path(__file__).with_name("serve_early.py")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Api:
    """`nodestral serve` on one port. Started again, it is the same server to its clients."""

    def __init__(self, dsn: str, valkey_url: str, folder: Path, *, early: bool = False, workers: int = 1) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._argv = [sys.executable, str(EARLY)] if early else [str(NODESTRAL)]
        self._argv += ["serve", "--workers", str(workers)]
        # The longest delay: as many reports as possible wait for their commit when the process is killed.
        self._environment = {
            "PATH": os.defpath,
            "DATABASE_URL": dsn,
            "REDIS_URL": valkey_url,
            "NODESTRAL_PORT": str(self.port),
            "NODESTRAL_COMMIT_DELAY_MILLISECONDS": "100",
        }
        self._log = (folder / "api.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 30) -> None:
        """Returns when it answers."""
        self.process = subprocess.Popen(self._argv, env=self._environment, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the API ended: see {self._log.name}"
            if status(self.url + "/healthz") == 200:
                return
            time.sleep(0.05)
        raise AssertionError("the API does not answer")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 20) -> int:
        """SIGTERM; the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        finally:
            self.process.kill()

    def close(self) -> None:
        self.stop()
        self._log.close()


def status(url: str) -> int | None:
    """The status of a GET; None if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - an address on loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return None
