"""What `up` shows while it starts: a line for each step, with the time it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Lines of `name  what happened`. On a terminal a running step shows, and its end overwrites it."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()

    def line(self, name: str, text: str) -> None:
        self._write(f"  {name:<12}{text}\n")

    def plain(self, text: str = "") -> None:
        self._write(text + "\n")

    @contextmanager
    def step(self, name: str, doing: str, done: str) -> Iterator[None]:
        started = time.monotonic()
        if self._live:
            self._write(f"  {name:<12}{doing} …")
        try:
            yield
        except BaseException:
            if self._live:
                self._write("\n")
            raise
        self.line(name, f"{done} ({time.monotonic() - started:.1f} s)")

    def _write(self, text: str) -> None:
        # A step's line is longer before it is done: what is left of it is cleared.
        clear = "\r\x1b[K" if self._live and text.endswith("\n") else ""
        sys.stdout.write(clear + text)
        sys.stdout.flush()
