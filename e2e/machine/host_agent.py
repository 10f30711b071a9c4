"""An agent of this checkout, run on this computer itself: the one that has Docker to look at."""

import os
import subprocess
import sys
from pathlib import Path

from e2e.machine import host
from e2e.machine.docker import Docker
from e2e.machine.network import HUB_ADDRESS

_PROGRAM = Path(sys.executable).with_name("nodestral-agent")


class HostAgent:
    """It lives in Docker's network namespace, so that published ports and containers are seen side by side."""

    def __init__(self, folder: Path, docker: Docker, authority: Path) -> None:
        self._state = folder / "state"
        self._log = folder / "agent.log"
        self._docker = docker
        self._authority = authority
        self._process: subprocess.Popen[bytes] | None = None

    def enroll(self, secret: str) -> None:
        self._state.mkdir(parents=True, mode=0o700)
        enroll: list[str | Path] = [_PROGRAM, "enroll", "--state", self._state, "--server", f"https://{HUB_ADDRESS}"]
        enroll += ["--ca-file", self._authority, "--token-file", "-"]
        host.run(*self._docker.namespace.enter(*enroll), stdin=f"{secret}\n")

    def start(self) -> None:
        command = self._docker.namespace.enter(_PROGRAM, "run", "--state", self._state)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "DOCKER_HOST": f"unix://{self._docker.socket}"},
                start_new_session=True,
            )

    def log_end(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None
