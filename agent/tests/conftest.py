"""What the agent's tests share: real servers on loopback, a certificate authority, agents as child processes."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from agent.tests.machine import FakeMachine
from agent.tests.server import Server

AGENT = Path(__file__).resolve().parent.parent
CASES = Path(__file__).resolve().parent / "cases"
FLAGS = ["-I", "-S", "-B", "-OO"]


class Agents:
    """Starts the agent's program as a service would, and ends what is left of it."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.started: list[subprocess.Popen[str]] = []
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "NODESTRAL_AGENT_STATE": str(self.state)}

    def command(self, *words: str) -> list[str]:
        """A command line of the agent."""
        return [sys.executable, *FLAGS, str(AGENT), *words]

    def call(self, *words: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*words),
            input=text,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def enroll(self, server: Server, *words: str, **environment: str) -> None:
        """Make it a node."""
        done = self.call("enroll", "--server", server.url, *words, text="nst_install_test\n", **environment)
        assert done.returncode == 0, done.stderr

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Run the agent until the test ends."""
        process = subprocess.Popen(
            self.command("run", *words),
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Kill what runs."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.communicate()


@pytest.fixture
def server() -> Iterator[Server]:
    """Plain HTTP on loopback."""
    running = Server().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """A certificate authority and its PEM file."""
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


def tls_context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    """A server's TLS for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def tls_server(authority: tuple[trustme.CA, Path]) -> Iterator[Server]:
    """HTTPS on loopback for the name localhost."""
    running = Server(context=tls_context(authority[0])).start()
    yield running
    running.stop()


@pytest.fixture
def agents(tmp_path: Path) -> Iterator[Agents]:
    """The agent as a program, with a state folder of its own."""
    made = Agents(tmp_path)
    yield made
    made.end()


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    """An empty fake machine to be filled."""
    return FakeMachine(tmp_path / "machine")
