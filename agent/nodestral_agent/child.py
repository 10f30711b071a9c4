"""Starts programs: never through a shell, never with a terminal, never without a deadline.

`subprocess` would cost the resident process 0.9 MB; `os.posix_spawn` does what is needed here. A child leads its own
process group, and the whole group is killed when it is late or says too much.
"""

from __future__ import annotations

import errno
import os
import select
import time

from nodestral_agent import signals
from nodestral_agent.errors import CollectorError, Denied, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
# Answers in the C locale, with times in UTC and without pagers or colours; the agent's own environment (its token) is
# not passed on.
PLAIN = {
    "PATH": ":".join(SEARCH),
    "LC_ALL": "C",
    "TZ": "UTC",
    "TERM": "dumb",
    "SYSTEMD_COLORS": "0",
    "SYSTEMD_PAGER": "",
    "HOME": "/nonexistent",
}
PIECE = 1 << 16
PIECES = 16


class Child:
    """A running program whose standard output is gathered. `descriptor` becomes readable when there is more of it."""

    def __init__(self, argv: list[str], environment: dict[str, str], seconds: float, limit: int) -> None:
        """Start it. `seconds` is its time to live, `limit` the most bytes of output. OSError when it cannot start."""
        self.argv = argv
        self.deadline = time.monotonic() + seconds
        self.limit = limit
        self.complaint = ""
        self.status: int | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        reader, writer = os.pipe()
        try:
            self.process = os.posix_spawn(
                argv[0],
                argv,
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, writer, 1),
                    (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0),
                ],
                setpgroup=0,
                setsigdef=[signals.SIGPIPE, signals.SIGTERM, signals.SIGINT, signals.SIGHUP],
                setsigmask=[],
            )
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        os.set_blocking(reader, False)
        self.descriptor = reader

    @property
    def output(self) -> bytes:
        """What it has said so far."""
        return b"".join(self._pieces)

    def taken(self) -> bytes:
        """What it has said since this was asked last, which is then forgotten: for what is too large to be held."""
        said, self._pieces = self.output, []
        return said

    def advance(self) -> bool:
        """Take in what it has said meanwhile; True when it is over (by itself, or killed: see `complaint`)."""
        if self.status is not None:
            return True
        # A little at a time: what a fast program says is not to pile up here. The descriptor tells that there is more.
        for _ in range(PIECES):
            try:
                piece = os.read(self.descriptor, PIECE)
            except BlockingIOError:
                break
            if not piece:
                self._end()
                return True
            self._pieces.append(piece)
            self._size += len(piece)
            if self._size > self.limit:
                self.kill(f"said more than {self.limit} bytes")
                return True
        if time.monotonic() >= self.deadline:
            self.kill("took too long")
            return True
        return False

    def kill(self, complaint: str) -> None:
        """End it and all that it started."""
        if self.status is None:
            self.complaint = complaint
            self._end()

    def _end(self) -> None:
        # Its output is closed or no longer wanted; what still runs in its group has no purpose. A program that closed
        # its output and is about to exit gets a moment to do so, because its exit status is asked for.
        until = time.monotonic() + (0.0 if self.complaint else 0.5)
        # WNOWAIT leaves the dead child in place, so that its group cannot become somebody else's before it is killed.
        peek = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, self.process, peek) is None and time.monotonic() < until:
            time.sleep(0.002)
        try:
            os.killpg(self.process, signals.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # all of it has ended by itself
        _, status = os.waitpid(self.process, 0)
        os.close(self.descriptor)
        # Negative is the signal that ended it.
        self.status = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def found(name: str, root: str = "") -> str:
    """The absolute path of a program of the machine. Unavailable when there is none."""
    places = [name] if name.startswith("/") else [f"{place}/{name}" for place in SEARCH]
    for place in places:
        if os.access(root + place, os.X_OK) and not os.path.isdir(root + place):
            return root + place
    raise Unavailable(f"{name} is not installed")


def run(
    argv: list[str],
    seconds: float,
    limit: int,
    root: str = "",
    environment: dict[str, str] | None = None,
    ended: range = range(1),
) -> bytes:
    """The standard output of a program that ends as it may. `environment` is added to the plain one."""
    return b"".join(pieces(argv, seconds, limit, root, environment, ended))


def pieces(
    argv: list[str],
    seconds: float,
    limit: int,
    root: str = "",
    environment: dict[str, str] | None = None,
    ended: range = range(1),
) -> Iterator[bytes]:
    """The same, piece by piece. Whether it ended as it may is known only after the last."""
    program = found(argv[0], root)
    try:
        child = Child([program, *argv[1:]], {**PLAIN, **(environment or {})}, seconds, limit)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            raise Denied("may not be started", program) from None
        raise CollectorError(f"could not be started: {error.strerror}", program) from None
    waiting = select.poll()
    waiting.register(child.descriptor, select.POLLIN | select.POLLHUP)
    try:
        while not child.advance():
            yield child.taken()
            left = child.deadline - time.monotonic()
            waiting.poll(max(1.0, left * 1000))
    finally:
        child.kill("was interrupted")
    if child.complaint:
        raise CollectorError(child.complaint, program)
    if child.status not in ended:
        raise CollectorError(f"ended with status {child.status}", program)
    yield child.taken()
