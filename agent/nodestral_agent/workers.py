"""Processes that do a list of jobs one after another, watched by one that stays small.

A job that hangs, crashes or says too much costs only itself: its worker is killed and another one goes on with the
rest. A job that is slow keeps nobody waiting: after a second another worker takes the next one. So in a scan there is
mostly one process that has the collectors in memory, and this one, which has not.
"""

from __future__ import annotations

import os
import select
import sys
import time

from nodestral_agent import pages, signals
from nodestral_agent.codec import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    # In the worker: the names of the jobs, and what does the job of that number and returns one line.
    Prepare = Callable[[], tuple[list[str], Callable[[int], bytes]]]

OUTPUT_MAX = 16 << 20
# After so long a job no longer keeps the others waiting.
ALONE_SECONDS = 1.0
CRASHED = "the collector crashed"


class Worker:
    """One process. `job` is the number of what it is at, None when it waits for orders; the first is to get ready."""

    READY = -1

    def __init__(self, prepare: Prepare, seconds: float) -> None:
        orders, self._orders = os.pipe()
        self.reader, results = os.pipe()
        sys.stdout.flush()
        self.process = os.fork()
        if self.process == 0:
            os.close(self._orders)
            _serve(prepare, orders, results, seconds)
        os.close(orders)
        os.close(results)
        self._seconds = seconds
        self._pieces: list[bytes] = []
        self._size = 0
        self.job: int | None = None
        self._begin(self.READY)

    def _begin(self, job: int) -> None:
        self.job = job
        self.begun = time.monotonic()
        self.deadline = self.begun + self._seconds

    def order(self, job: int) -> None:
        """Let it do this next."""
        self._begin(job)
        try:
            os.write(self._orders, b"%d\n" % job)
        except OSError:
            pass  # it has crashed meanwhile, which its output's end will tell

    def more(self) -> tuple[bytes | None, str]:
        """The line that it has finished, if it has; or what is wrong with it."""
        piece = os.read(self.reader, 1 << 16)
        if not piece:
            return None, CRASHED
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > OUTPUT_MAX:
            return None, "found more than can be reported"
        if not piece.endswith(b"\n"):
            return None, ""
        line = b"".join(self._pieces)[:-1]
        self._pieces, self._size = [], 0
        return line, ""

    def end(self) -> None:
        """Kill it and all that it has started."""
        try:
            os.killpg(self.process, signals.SIGKILL)
        except (ProcessLookupError, PermissionError):
            os.kill(self.process, signals.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.reader)
        os.close(self._orders)


def _serve(prepare: Prepare, orders: int, results: int, seconds: float) -> None:
    """The whole life of a worker's process."""
    status = 1
    try:
        os.setpgid(0, 0)
        # If the watching process itself is killed, nobody is left to end this one at its deadline.
        signals.alarm(int(seconds) + 2)
        names, work = prepare()
        _tell(results, encode(names))
        # One order at a time, each shorter than what a pipe takes at once.
        while True:
            order = os.read(orders, 64)
            if not order:
                break
            signals.alarm(int(seconds) + 2)
            _tell(results, work(int(order)))
        status = 0
    finally:
        os._exit(status)


def _tell(results: int, line: bytes) -> None:
    view = memoryview(line + b"\n")
    while view:
        view = view[os.write(results, view) :]


class Watch:
    """All jobs until they are done. `results`: by the job's number its line, or a complaint and its seconds."""

    def __init__(self, prepare: Prepare, seconds: float) -> None:
        self.names: list[str] = []
        self.results: dict[int, bytes | tuple[str, float]] = {}
        self._prepare = prepare
        self._seconds = seconds
        self._coming: list[int] | None = None
        self._workers: dict[int, Worker] = {}
        self._waiting = select.poll()

    def run(self, read_names: Callable[[bytes], list[str]]) -> None:
        """ValueError when not even the list of jobs could be had."""
        # What was needed to come here is not needed to watch.
        pages.let_go()
        self._hire()
        try:
            while self._coming is None or len(self.results) < len(self.names):
                self._turn(read_names)
        finally:
            for worker in list(self._workers.values()):
                self._dismiss(worker)

    def _hire(self) -> None:
        worker = Worker(self._prepare, self._seconds)
        self._workers[worker.reader] = worker
        self._waiting.register(worker.reader, select.POLLIN)

    def _dismiss(self, worker: Worker) -> None:
        self._waiting.unregister(worker.reader)
        del self._workers[worker.reader]
        worker.end()

    def _turn(self, read_names: Callable[[bytes], list[str]]) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self._workers.values() if worker.job is not None]:
            if worker.deadline <= now:
                self._fail(worker, f"took longer than {self._seconds:g} s")
        busy = [worker for worker in self._workers.values() if worker.job is not None]
        slow = all(now >= worker.begun + ALONE_SECONDS for worker in busy)
        if self._coming and slow and len(busy) == len(self._workers):
            self._hire()
            return
        moments = [worker.deadline for worker in busy] + [worker.begun + ALONE_SECONDS for worker in busy]
        left = min([moment for moment in moments if moment > now], default=now)
        for reader, _ in self._waiting.poll((left - now) * 1000 + 1):
            worker = self._workers[reader]
            line, complaint = worker.more()
            if complaint:
                self._fail(worker, complaint)
            elif line is not None:
                self._done(worker, line, read_names)

    def _done(self, worker: Worker, line: bytes, read_names: Callable[[bytes], list[str]]) -> None:
        if worker.job == Worker.READY:
            if self._coming is None:
                self.names = read_names(line)
                self._coming = list(range(len(self.names)))
        elif worker.job is not None:
            self.results[worker.job] = line
        worker.job = None
        if self._coming:
            worker.order(self._coming.pop(0))
        elif len(self.results) < len(self.names):
            self._dismiss(worker)

    def _fail(self, worker: Worker, complaint: str) -> None:
        self._dismiss(worker)
        if worker.job == Worker.READY:
            raise ValueError(complaint)
        if worker.job is not None:
            self.results[worker.job] = (complaint, time.monotonic() - worker.begun)
        if self._coming and not self._workers:
            self._hire()
