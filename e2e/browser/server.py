"""A real server on loopback: embedded PostgreSQL and Valkey, and as many API processes as a test asks for."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec

from nodestral.cli import stores
from nodestral.cli.progress import Progress
from nodestral.settings import Settings

PROGRAM = Path(sys.executable).with_name("nodestral")
EMAIL = "owner@nodestral.test"
PASSWORD = "correct horse battery staple"
# The least that server and agent accept: the tests wait for what would take minutes in a real fleet.
REPORT_SECONDS = 5
SCAN_SECONDS = 10
START_SECONDS = 90


class ServerDidNotStartError(Exception):
    """The message ends with the server's log."""


class Api:
    """One process of the API and the dashboard. `start` and `stop` may be called again and again."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--port", str(self.port)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise ServerDidNotStartError(self._log.read_text(errors="replace")[-4000:])
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._process = None


@contextmanager
def running(folder: Path) -> Iterator["Server"]:
    """The stores with one person in them; API processes are started on demand and end with the context."""
    data = folder / "data"
    data.mkdir()
    settings = msgspec.structs.replace(Settings(), data_dir=str(data))
    with stores.opened(settings, Progress()) as found, ExitStack() as stack:
        server = Server(folder, found.dsn, found.valkey_url, stack)
        server.command("migrate")
        server.command("user", "add", EMAIL, "--name", "Owner", stdin=f"{PASSWORD}\n{PASSWORD}\n")
        yield server


class Server:
    def __init__(self, folder: Path, dsn: str, valkey_url: str, stack: ExitStack) -> None:
        self.dsn = dsn
        self._folder = folder
        self._stack = stack
        self._environment = {
            **os.environ,
            "DATABASE_URL": dsn,
            "REDIS_URL": valkey_url,
            "NODESTRAL_DATA_DIR": str(folder / "data"),
            "NODESTRAL_REPORT_INTERVAL_SECONDS": str(REPORT_SECONDS),
            "NODESTRAL_SCAN_INTERVAL_SECONDS": str(SCAN_SECONDS),
        }

    def api(self) -> Api:
        """One more API process, started."""
        port = free_port()
        api = Api(port, {**self._environment, "NODESTRAL_PUBLIC_URL": ""}, self._folder / f"api-{port}.log")
        self._stack.callback(api.stop)
        api.start()
        return api

    def command(self, *words: str, stdin: str = "") -> str:
        done = subprocess.run(
            [PROGRAM, *words],
            input=stdin,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"nodestral {' '.join(words)}: {done.stderr}"
        return done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
