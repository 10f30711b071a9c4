"""Starting and ending a child process that must not outlive us.

The kernel sends the child a signal when the thread that started it dies (PR_SET_PDEATHSIG, prctl(2)), so that even
`kill -9` of this process leaves nothing behind. Children live in process groups of their own: a Ctrl-C in the terminal
reaches us alone, and we end them in order.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from nodestral.embedded.account import Account

PR_SET_PDEATHSIG = 1
# A child needs none of our variables: some hold secrets.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
POLL_SECONDS = 0.02


def spawn(
    argv: Sequence[str | Path],
    *,
    account: Account | None,
    death_signal: signal.Signals,
    output: IO[bytes] | int,
    stdin: int = subprocess.DEVNULL,
    cwd: Path | str = "/",
    environment: Mapping[str, str] = ENVIRONMENT,
) -> subprocess.Popen[bytes]:
    """Start a program. Call it from a thread that lives as long as the child should: the main thread.

    account: who the child becomes; None leaves it as we are. death_signal: what it gets when we die.
    Raises OSError, for example PermissionError when the account cannot reach the program.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in argv],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=environment,
        process_group=0,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
        # It runs after the child has become the account: that change would clear the request (prctl(2)).
        preexec_fn=_prepare(death_signal),  # noqa: PLW1509 - it makes two system calls and takes no lock
    )


def _prepare(death_signal: signal.Signals) -> Callable[[], None]:
    """What the child does before it becomes the program."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    parent, number = os.getpid(), int(death_signal)

    def prepare() -> None:
        # Signals that we hold back would be held back in the child too, and it would never hear of its end.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if prctl is None:
            return
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        # We may have died before the request was made.
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """End the child: each step is a signal and how many seconds it gets. At last it is killed with its group."""
    for number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_leftover(pid: int, program: str, argument: Path, steps: Sequence[tuple[signal.Signals, float]]) -> bool:
    """End a process that an earlier run left, if `pid` still is that one: it runs `program` with `argument`.

    Nothing else is ever signalled: the number may have been given to somebody else. Answers whether it is gone.
    """
    for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
        if not is_program(pid, program, argument):
            return True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and is_program(pid, program, argument):
            time.sleep(POLL_SECONDS)
    return not is_program(pid, program, argument)


def is_program(pid: int, program: str, argument: Path) -> bool:
    """Does process `pid` run `program` with `argument` among its arguments? Source: /proc/PID/cmdline."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(words[0])).name == program and os.fsencode(argument) in words[1:]
