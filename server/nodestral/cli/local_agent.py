"""The agent that `up` runs on this machine: the same program as everybody's, enrolled through the same door.

It runs as our child, without privileges: as the account `nodestral-agent` when we are root, as ourselves otherwise.
DATA/agent holds its program (ours to write, not its own) and its state.
"""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from nodestral.embedded import child, folders
from nodestral.embedded.account import Account, service_account
from nodestral.pages import BUNDLE

ACCOUNT = "nodestral-agent"
AGENT = BUNDLE / "agent" / "nodestral-agent.pyz"
STOP_STEPS = ((signal.SIGTERM, 5.0),)
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# One that ran this long was well: the next pause is short again.
WELL_SECONDS = 120.0
ISOLATED = ("-I", "-S", "-B", "-OO")
log = structlog.get_logger()


class AgentFailed(Exception):
    """The agent could not be set up; the message is its own."""


class LocalAgent:
    def __init__(self, data_dir: Path, server_url: str) -> None:
        """Prepare the folders and the program. Raises EmbeddedError, AgentFailed."""
        self.account = service_account(ACCOUNT, data_dir)
        self.server_url = server_url
        folder = data_dir / "agent"
        folder.mkdir(mode=0o755, exist_ok=True)
        self.state = folders.private_folder(folder / "state", self.account)
        self.python = _python(self.account)
        self.program = _unpacked(folder, self.python)
        self.log = folders.log_file(data_dir, "agent")

    def status(self) -> tuple[str | None, str | None]:
        """(the node that this machine is, the server that it reports to), or nothing before the first start."""
        status = json.loads(self._call("status", "--json"))
        return status["node_id"], status["server"]

    def enroll(self, install_token: str, *, again: bool) -> None:
        """again: give up the node that it was, because the server does not know it any more."""
        more = ["--force"] if again else []
        self._call("enroll", *self._where(), "--token-file", "-", *more, text=install_token + "\n")

    def follow(self) -> None:
        """The server's address has changed since the last start; the node stays the same."""
        self._call("enroll", *self._where(), "--moved")

    def _where(self) -> list[str]:
        # It is this machine whatever the address is: what is not encrypted never leaves it.
        return ["--server", self.server_url, "--allow-plain-http"]

    async def run(self) -> None:
        """Keep it running until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            started = asyncio.get_running_loop().time()
            await self._run_once()
            if asyncio.get_running_loop().time() - started > WELL_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            log.warning("the agent on this machine ended; it is started again", seconds=pause, log=str(self.log))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _run_once(self) -> None:
        with self.log.open("ab") as output:
            # From this thread, the main one: the kernel ends the child with the thread that started it.
            process = child.spawn(
                [*self._argv("run")],
                account=self.account,
                death_signal=signal.SIGTERM,
                output=output,
                environment=self._environment(),
            )
        try:
            await asyncio.to_thread(process.wait)
        finally:
            child.stop(process, STOP_STEPS)

    def _argv(self, command: str) -> list[str]:
        return [self.python, *ISOLATED, str(self.program), command, "--state", str(self.state)]

    def _environment(self) -> dict[str, str]:
        # An ordinary user's own services are asked for through his own session.
        own = () if self.account else ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
        return {**child.ENVIRONMENT, **{name: os.environ[name] for name in own if name in os.environ}}

    def _call(self, command: str, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [*self._argv(command), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd="/",
            env=self._environment(),
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            umask=0o077,
        )
        if done.returncode != 0:
            raise AgentFailed(done.stderr.strip() or f"The agent's {command} ended with {done.returncode}.")
        return done.stdout


async def enrolled(
    agent: LocalAgent, is_known: Callable[[str], Awaitable[bool]], make_token: Callable[[], Awaitable[str]]
) -> None:
    """Make sure that this machine is a node of this server. is_known: whether the server has a node of that id.

    Raises AgentFailed.
    """
    node_id, server_url = await asyncio.to_thread(agent.status)
    if node_id is not None and await is_known(node_id):
        if server_url != agent.server_url:
            await asyncio.to_thread(agent.follow)
        return
    token = await make_token()
    await asyncio.to_thread(lambda: agent.enroll(token, again=node_id is not None))


def _python(account: Account | None) -> str:
    """An interpreter that the account can start: ours, or one of the system's. Raises AgentFailed."""
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            done = subprocess.run(
                [candidate, "-I", "-S", "-c", "import ssl, json, sys; sys.exit(sys.version_info < (3, 9))"],
                check=False,
                capture_output=True,
                timeout=30,
                cwd="/",
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    who = account.name if account else "this user"
    raise AgentFailed(f"There is no Python 3.9 or newer that {who} can start.")


def _unpacked(folder: Path, python: str) -> Path:
    """The program of the bundled agent, unpacked once for each version. Raises AgentFailed."""
    version = hashlib.sha256(AGENT.read_bytes()).hexdigest()[:12]
    target = folder / f"program-{version}"
    if not target.exists():
        done = subprocess.run(
            [python, "-I", "-S", "-B", str(AGENT), "unpack", str(target)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=child.ENVIRONMENT,
            umask=0o022,
        )
        if done.returncode != 0:
            raise AgentFailed(f"The agent could not be unpacked: {done.stderr.strip()}")
        for other in folder.glob("program-*"):
            if other != target:
                shutil.rmtree(other, ignore_errors=True)
    return target
