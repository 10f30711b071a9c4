"""Asks file systems that may never answer, each in a process of its own.

A process that hangs in the kernel cannot be killed and is not waited for: it stays the one question that is asked of
its mount until it comes back, so that a dead server costs one sleeping process and no more.
"""

from __future__ import annotations

import os
import select
import time

from nodestral_agent import signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.host import Host

    Space = tuple[int, int, int, int, int, int]


class Question:
    """One statvfs under way."""

    def __init__(self, host: Host, path: str) -> None:
        reader, writer = os.pipe()
        process = os.fork()
        if process == 0:
            _answer(host, path, reader, writer)
        os.close(writer)
        self.process = process
        self.reader = reader

    def done(self) -> Space | None:
        """The answer, or None when the file system refused. Only when `reader` is readable."""
        text = os.read(self.reader, 4096)
        os.close(self.reader)
        os.waitpid(self.process, 0)
        words = text.split()
        if len(words) != 6:
            return None
        fragment, blocks, free, available, files, files_free = (int(word) for word in words)
        return (fragment, blocks, free, available, files, files_free)


def _answer(host: Host, path: str, reader: int, writer: int) -> None:
    # The copy must not keep the agent's connection open, nor react to its signals as the agent would.
    try:
        signals.handle(signals.SIGTERM, signals.SIG_DFL)
        signals.wake(-1)
        os.close(reader)
        os.closerange(3, writer)
        os.closerange(writer + 1, writer + 64)
        space = host.space(path)
        numbers = (space.f_frsize, space.f_blocks, space.f_bfree, space.f_bavail, space.f_files, space.f_ffree)
        os.write(writer, " ".join(str(number) for number in numbers).encode())
    except BaseException:  # noqa: BLE001 # the end of a process that may say nothing and must not return
        os._exit(1)
    os._exit(0)


class Remote:
    """Open questions by path."""

    def __init__(self, host: Host, patience_seconds: float) -> None:
        self._host = host
        self._patience_seconds = patience_seconds
        self._open: dict[str, Question] = {}

    def spaces(self, paths: list[str]) -> dict[str, Space]:
        """The answers that came within the patience; questions still open from before may be among them."""
        for path in paths:
            if path not in self._open:
                self._open[path] = Question(self._host, path)
        answers: dict[str, Space] = {}
        deadline = time.monotonic() + self._patience_seconds
        asked = [path for path in paths if path in self._open]
        while asked:
            waiting = select.poll()
            for path in asked:
                waiting.register(self._open[path].reader, select.POLLIN)
            ready = {descriptor for descriptor, _ in waiting.poll(max(0.0, deadline - time.monotonic()) * 1000)}
            if not ready:
                break
            for path in [path for path in asked if self._open[path].reader in ready]:
                answer = self._open.pop(path).done()
                asked.remove(path)
                if answer is not None:
                    answers[path] = answer
        return answers
