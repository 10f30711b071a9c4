"""The embedded Valkey: live fan-out, rate limits and other things that may be lost. It keeps nothing on disk."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from nodestral.embedded import child, folders, programs
from nodestral.embedded.account import service_account
from nodestral.embedded.errors import AlreadyRunning, StartFailed
from nodestral.embedded.postgres import ACCOUNT

STOP_STEPS = ((signal.SIGTERM, 10.0),)
READY_SECONDS = 30.0


class Valkey(NamedTuple):
    """A running embedded Valkey. url: `unix://…`, as redis-py takes it."""

    url: str
    process: subprocess.Popen[bytes]
    lock: IO[str]

    def stop(self) -> None:
        child.stop(self.process, STOP_STEPS)
        self.lock.close()


def start_valkey(data_dir: Path, *, say: Callable[[str], None] = lambda _: None) -> Valkey:
    """Start Valkey with its socket beside PostgreSQL's. Call it from the main thread. Raises EmbeddedError."""
    account = service_account(ACCOUNT, data_dir)
    data_dir = folders.open_data_folder(data_dir, account)
    held = folders.lock(data_dir, "valkey")
    try:
        say("starting Valkey")
        bin_dir = programs.valkey_programs(data_dir, account)
        sockets = folders.socket_folder(data_dir, account)
        path, pid_file = sockets / "valkey.sock", sockets / "valkey.pid"
        _end_leftover(path, pid_file)
        log = folders.log_file(data_dir, "valkey")
        with log.open("wb") as output:
            process = child.spawn(
                [
                    bin_dir / "valkey-server", "--port", "0", "--unixsocket", path, "--unixsocketperm", "700",
                    "--pidfile", pid_file, "--dir", sockets, "--set-proc-title", "no", "--daemonize", "no",
                    "--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru",
                ],
                account=account,
                death_signal=signal.SIGTERM,
                output=output,
            )  # fmt: skip
        running = Valkey(f"unix://{quote(os.fsencode(path))}?db=0", process, held)
        try:
            _wait_until_ready(running, path, log)
        except BaseException:
            running.stop()
            raise
    except BaseException:
        held.close()
        raise
    return running


def _end_leftover(path: Path, pid_file: Path) -> None:
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if not child.end_leftover(pid, "valkey-server", path, STOP_STEPS):
        raise AlreadyRunning(f"A Valkey still runs on {path} (process {pid}) and could not be stopped.")


def _wait_until_ready(running: Valkey, path: Path, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise StartFailed(f"Valkey did not start ({log}):\n{folders.tail(log)}")
        if _answers(path):
            return
        time.sleep(child.POLL_SECONDS)
    raise StartFailed(f"Valkey was not ready within {READY_SECONDS:.0f} s ({log}):\n{folders.tail(log)}")


def _answers(path: Path) -> bool:
    """The shortest talk there is, by hand: the client library takes longer to load than the server to start."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        try:
            connection.connect(os.fsencode(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
