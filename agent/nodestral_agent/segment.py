"""One file of the spool: many reports behind each other, each with its length and checksum.

    head      16 bytes: "nsp1", how far it was thinned (1 byte), 3 unused, where the first waiting report begins (8)
    record    14 bytes: length (4), CRC-32 of all that follows it in the record (4), Unix seconds when it was made (5),
              kind (1); then the report, zlib-compressed

Numbers are big-endian. A record is appended by one write and synced before it counts, so a power cut or a kill can only
leave a torn record at the end: it was never handed over, and is cut off. One file for each report would waste most of a
4 KiB block each time.
"""

from __future__ import annotations

import os
import zlib

from nodestral_agent import files

MAGIC = b"nsp1"
HEAD = 16
RECORD = 14
# The kind of a record: whether it carries items of a section, which nothing else can tell again.
SAMPLE, NEWS = 0, 1
# The largest report that the server accepts, compressed or not.
REPORT_MAX = 8 << 20
# A file occupies whole blocks.
BLOCK = 4096


class Damaged(Exception):
    """What stands there is not what was written."""


class Record:
    """A report as it lies in the file: where it begins and ends, when it was made (Unix seconds), its kind."""

    def __init__(self, start: int, end: int, at: int, kind: int) -> None:
        self.start = start
        self.end = end
        self.at = at
        self.kind = kind


def packed(report: bytes, at: int, kind: int) -> bytes:
    """The record of a report."""
    body = min(max(at, 0), (1 << 40) - 1).to_bytes(5, "big") + bytes([kind]) + zlib.compress(report, 6)
    return (len(body) + 8).to_bytes(4, "big") + zlib.crc32(body).to_bytes(4, "big") + body


def unpacked(record: bytes) -> bytes:
    """The report of a whole record. Damaged when it holds none."""
    unpacker = zlib.decompressobj()
    try:
        report = unpacker.decompress(record[RECORD:], REPORT_MAX)
    except zlib.error:
        raise Damaged from None
    if not unpacker.eof or unpacker.unconsumed_tail:
        raise Damaged
    return report


def head(level: int, first: int) -> bytes:
    """The head of a file that was thinned to `level` and whose first waiting report begins at `first`."""
    return MAGIC + bytes([level]) + bytes(3) + first.to_bytes(8, "big")


class Segment:
    """What is known of one file. `count` reports wait in it, from `first` to `end`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.level = 0
        self.first = self.end = HEAD
        self.count = 0
        # Reports that were in it and cannot be read.
        self.damaged = 0

    @property
    def blocks(self) -> int:
        """Bytes that it occupies."""
        return -(-self.end // BLOCK) * BLOCK

    def load(self, repair: bool, last: bool) -> None:
        """Look at what is there. OSError when it cannot be read.

        repair: cut off a torn end. last: it was written to last, so only there a torn end is no damage.
        """
        text = files.read(self.path)
        if len(text) < HEAD or text[:4] != MAGIC:
            # Its head was being written when the machine stopped, or it is no segment at all.
            self.damaged = int(not last)
            return
        self.level = text[4]
        self.first = min(max(int.from_bytes(text[8:HEAD], "big"), HEAD), len(text))
        self.count, self.end = _counted(text, self.first)
        if self.end < len(text):
            self.damaged = int(not last)
            if repair:
                _truncate(self.path, self.end)

    def append(self, record: bytes) -> None:
        """Add a record that survives a power cut once this returns. OSError: nothing was added."""
        fresh = self.end == HEAD
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                data = head(self.level, HEAD) + record if fresh else record
                at = 0 if fresh else self.end
                while data:
                    written = os.pwrite(handle, data, at)
                    data, at = data[written:], at + written
                os.fsync(handle)
            except BaseException:
                # A part of it must not stay, or the next one would stand behind it.
                os.ftruncate(handle, 0 if fresh else self.end)
                raise
        except OSError:
            if fresh:
                files.remove(self.path)
            raise
        finally:
            os.close(handle)
        if fresh:
            files.sync_folder(os.path.dirname(self.path))
        self.end += len(record)
        self.count += 1

    def oldest(self) -> bytes:
        """The first report that waits. Damaged when it can only be stepped over, or OSError as usual."""
        handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            record = os.pread(handle, self._size(handle), self.first)
        finally:
            os.close(handle)
        if not _is_whole(record):
            raise Damaged
        return unpacked(record)

    def _size(self, handle: int) -> int:
        size = int.from_bytes(os.pread(handle, 4, self.first), "big")
        return size if RECORD < size <= self.end - self.first else self.end - self.first

    def step(self) -> None:
        """The first one waits no longer. Not synced: one that comes back is sent again and known by its number."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                self.first += self._size(handle)
            finally:
                os.close(handle)
        except OSError:
            self.first = self.end
        self.count = self.count - 1 if self.first < self.end else 0
        if self.count:
            try:
                handle = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)
                try:
                    os.pwrite(handle, self.first.to_bytes(8, "big"), 8)
                finally:
                    os.close(handle)
            except OSError:
                pass  # a disk that has become read-only: this process remembers it

    def records(self) -> list[tuple[Record, bytes]]:
        """All that wait, each with its bytes."""
        text = files.read(self.path)
        return [(record, text[record.start : record.end]) for record in _whole(text, self.first)]

    def rewrite(self, level: int, records: list[bytes]) -> None:
        """Replace the file by one with these records, whole or not at all, surviving a power cut."""
        data = b"".join([head(level, HEAD), *records])
        files.write(self.path, data)
        self.level = level
        self.first, self.end = HEAD, len(data)
        self.count = len(records)


def _is_whole(record: bytes) -> bool:
    return len(record) > RECORD and zlib.crc32(record[8:]) == int.from_bytes(record[4:8], "big")


def _whole(text: bytes, at: int) -> list[Record]:
    """The records from `at` on that are as they were written."""
    found: list[Record] = []
    while at + RECORD < len(text):
        end = at + int.from_bytes(text[at : at + 4], "big")
        if end <= at + RECORD or end > len(text):
            break
        if _is_whole(text[at:end]):
            found.append(Record(at, end, int.from_bytes(text[at + 8 : at + 13], "big"), text[at + 13]))
        at = end
    return found


def _counted(text: bytes, at: int) -> tuple[int, int]:
    """How many records there are up to the last whole one, damaged ones between them too, and where that one ends.

    What follows it is torn and was never handed over.
    """
    whole = _whole(text, at)
    count, end = 0, whole[-1].end if whole else at
    while at < end:
        at += int.from_bytes(text[at : at + 4], "big")
        count += 1
    return count, end


def _truncate(path: str, size: int) -> None:
    try:
        os.truncate(path, size)
    except OSError:
        pass  # a read-only disk; what follows the good part is never looked at
