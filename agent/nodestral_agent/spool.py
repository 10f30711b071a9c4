"""Reports that wait for the server: whole reports as files, in order, within a bound.

    spool/000000000042     one report, zlib-compressed; the number is its place in the queue
    spool/refused/…        reports that the server refused for good, the newest of them, for a person to look at
    spool/counts.json      how many were refused and how many dropped because the spool was full

A file is written under another name, synced, renamed, and its folder synced: after a kill or a power cut a report is
there whole or not at all. Removing is not synced: a report that comes back is sent again and the server knows it by its
epoch and seq.
"""

from __future__ import annotations

import errno
import os
import zlib

from nodestral_agent import files
from nodestral_agent.codec import decode, encode

LIMIT_BYTES = 64 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
REFUSED_KEPT = 20
# A file occupies whole blocks, and a spool of small reports is mostly that.
BLOCK = 4096
# The largest report that the server accepts.
REPORT_MAX = 8 << 20


class Spool:
    """A queue of reports on disk. One process at a time."""

    def __init__(self, folder: str, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self.refused = 0
        self.dropped = 0
        self.count = 0
        self.bytes = 0
        self._first = 0
        self._next = 1
        self._open()

    @classmethod
    def peek(cls, folder: str) -> Spool:
        """The spool of another, perhaps running, process: to look at, not to use."""
        return cls(folder, 0)

    def _open(self) -> None:
        if self.limit_bytes:
            os.makedirs(self.folder + "/refused", mode=0o700, exist_ok=True)
        numbers = []
        try:
            names = os.listdir(self.folder)
        except OSError:
            names = []
        for name in names:
            try:
                size = os.stat(f"{self.folder}/{name}").st_size
            except OSError:
                continue  # delivered by the running agent in this moment
            if name.isdigit():
                numbers.append(int(name))
                self.bytes += self._blocks(size)
            elif name.endswith(files.TEMPORARY) and self.limit_bytes:
                # Begun by a process that was killed. It was never part of the queue.
                files.remove(f"{self.folder}/{name}")
        self.count = len(numbers)
        if numbers:
            self._first, self._next = min(numbers), max(numbers) + 1
        else:
            self._first = self._next
        self._load_counts()

    def _path(self, number: int) -> str:
        return f"{self.folder}/{number:012d}"

    @staticmethod
    def _blocks(size: int) -> int:
        return -(-size // BLOCK) * BLOCK

    def save(self, report: bytes) -> None:
        """Put a report at the end. The oldest give way when the bound or the disk is reached."""
        packed = zlib.compress(report, 6)
        size = self._blocks(len(packed))
        while self.count and self.bytes + size > self.limit_bytes:
            self.drop()
        while True:
            try:
                files.write(self._path(self._next), packed)
                break
            except OSError as error:
                if error.errno not in FULL or not self.count:
                    # The disk is broken, read-only, or too full for even one report.
                    self.dropped += 1
                    return
                self.drop()
        if not self.count:
            self._first = self._next
        self._next += 1
        self.count += 1
        self.bytes += size

    def oldest(self) -> bytes | None:
        """The report whose turn it is; None when the spool is empty. A damaged file counts as dropped."""
        while self.count:
            try:
                packed = files.read(self._path(self._first))
                unpacker = zlib.decompressobj()
                report = unpacker.decompress(packed, REPORT_MAX)
                if not unpacker.eof or unpacker.unconsumed_tail:
                    raise ValueError("not a whole report")
            except FileNotFoundError:
                self._step()
            except (OSError, ValueError, zlib.error):
                self.drop()
            else:
                return report
        return None

    def remove(self) -> None:
        """Take the oldest away: it has been delivered."""
        if self.count:
            self._unlink(self._first)

    def drop(self) -> None:
        """Take the oldest away without delivery, and count that."""
        if self.count:
            self._unlink(self._first)
            self.dropped += 1
            self._save_counts()

    def _unlink(self, number: int) -> None:
        path = self._path(number)
        try:
            size = os.stat(path).st_size
            os.unlink(path)
        except OSError:
            size = 0
        else:
            self.count -= 1
            self.bytes -= self._blocks(size)
        self._step()

    def _step(self) -> None:
        # Numbers may be missing where a file vanished under us.
        self._first += 1
        if self._first >= self._next:
            self.count = 0
            self.bytes = 0

    def set_aside(self, report: bytes, why: str) -> None:
        """Keep a report that the server refused for good out of the queue, and count it."""
        self.refused += 1
        try:
            names = sorted(os.listdir(self.folder + "/refused"))
            for name in names[: max(0, len(names) - REFUSED_KEPT + 1)]:
                files.remove(f"{self.folder}/refused/{name}")
            files.write(f"{self.folder}/refused/{self.refused:012d}", encode(why) + b"\n" + report, durable=False)
        except OSError:
            pass  # the count tells of it all the same
        self._save_counts()

    def _load_counts(self) -> None:
        try:
            counts = decode(files.read(self.folder + "/counts.json"))
            self.refused, self.dropped = int(counts["refused"]), int(counts["dropped"])
        except (OSError, ValueError, KeyError, TypeError):
            self.refused = self.dropped = 0

    def _save_counts(self) -> None:
        counts = encode({"refused": self.refused, "dropped": self.dropped})
        try:
            files.write(self.folder + "/counts.json", counts, durable=False)
        except OSError:
            pass  # a full disk: the counts live on in memory
