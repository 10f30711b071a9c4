"""The server under test: `nodestral up` as a user starts it, with embedded PostgreSQL and Valkey, on loopback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from e2e.machine import host
from e2e.machine.errors import HarnessError, LateError

# The least that server and agent accept: the tests wait for what would take minutes in a real fleet.
REPORT_SECONDS = 5
SCAN_SECONDS = 10
# A change is found by the next scan and told with the next report; the rest is for a busy computer.
SEEN_WITHIN_SECONDS = SCAN_SECONDS + REPORT_SECONDS + 60

EMAIL = "owner@nodestral.test"

_PROGRAM = Path(sys.executable).with_name("nodestral")


class Server:
    """Listens on `port` of loopback; people and machines know it by its public URL. EMAIL and `password` sign in."""

    def __init__(
        self,
        folder: Path,
        public_url: str,
        report_seconds: int = REPORT_SECONDS,
        scan_seconds: int = SCAN_SECONDS,
    ) -> None:
        self.port = _free_port()
        self.password = ""
        self._log = folder / "server.log"
        self._folder = folder
        self._environment = {
            **os.environ,
            "NODESTRAL_DATA_DIR": str(folder / "data"),
            "NODESTRAL_LISTEN_HOST": "127.0.0.1",
            "NODESTRAL_LISTEN_PORT": str(self.port),
            "NODESTRAL_PUBLIC_URL": public_url,
            "NODESTRAL_REPORT_INTERVAL_SECONDS": str(report_seconds),
            "NODESTRAL_SCAN_INTERVAL_SECONDS": str(scan_seconds),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(parents=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [_PROGRAM, "up", "--no-agent"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        try:
            host.wait_for("the server", self._is_ready, within_seconds=60)
        except LateError as error:
            raise LateError(f"{error}; its log ends with:\n{self._log_end()}") from error
        added = host.run(_PROGRAM, "user", "add", EMAIL, "--generate", env=self._environment).stdout
        self.password = next(line.partition(": ")[2] for line in added.splitlines() if line.startswith("Password: "))

    def _is_ready(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise HarnessError(f"the server did not start:\n{self._log_end()}")
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def _log_end(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-25:])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=10)
                raise HarnessError(f"the server did not stop within 30 s:\n{self._log_end()}") from None
            finally:
                self._process = None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
