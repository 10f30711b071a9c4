"""Reports that wait for the server: in order, on disk, within a bound.

    spool/000000000042.seg   up to 64 KiB of reports; see segment.py. The number is its place in the queue
    spool/refused/…          reports that the server refused for good, the newest of them, for a person to look at
    spool/counts.json        how many were refused, dropped and thinned

A day of reports every 30 seconds takes 2 to 4 MiB. When the bound is reached, the oldest are thinned: first one sample
for each minute is kept, then one for each 15, then one for each 60. Reports that tell what a scan newly found are
always kept. Only when nothing is left to thin are the oldest dropped. While the disk takes nothing, the newest reports
wait in memory, a bounded number of them; when a full disk stays full, the oldest on it are thinned to make room.
"""

from __future__ import annotations

import errno
import os

from nodestral_agent import files
from nodestral_agent.codec import decode, encode
from nodestral_agent.report import made_at
from nodestral_agent.segment import BLOCK, NEWS, SAMPLE, Damaged, Segment, packed, unpacked

LIMIT_BYTES = 64 << 20
SEGMENT_BYTES = 64 << 10
SUFFIX = ".seg"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
REFUSED_KEPT = 20
# One sample in so many seconds is what thinning leaves, by how often a segment was thinned.
STEPS_SECONDS = (60, 900, 3600)
# Reports that wait in memory while the disk takes none: an hour of small ones.
PENDING_COUNT = 120
PENDING_BYTES = 256 << 10


class Spool:
    """A queue of reports on disk. One process at a time."""

    def __init__(self, folder: str, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self.refused = 0
        self.dropped = 0
        self.thinned = 0
        self._segments: list[Segment] = []
        self._next = 1
        self._pending: list[bytes] = []
        self._open()

    @classmethod
    def peek(cls, folder: str) -> Spool:
        """The spool of another, perhaps running, process: to look at, not to use."""
        return cls(folder, 0)

    @property
    def count(self) -> int:
        """How many reports wait."""
        return sum(segment.count for segment in self._segments) + len(self._pending)

    @property
    def size_bytes(self) -> int:
        """What they occupy on disk."""
        return sum(segment.blocks for segment in self._segments)

    def _open(self) -> None:
        mine = bool(self.limit_bytes)
        if mine:
            try:
                os.makedirs(self.folder + "/refused", mode=0o700, exist_ok=True)
            except OSError:
                pass  # a full or read-only disk: reports wait in memory
        try:
            names = sorted(os.listdir(self.folder))
        except OSError:
            names = []
        self._load_counts()
        self._load_segments([name for name in names if _number(name)], mine)
        if mine:
            for name in names:
                if name.endswith(files.TEMPORARY):
                    # Begun by a process that was killed. It was never part of the queue.
                    files.remove(f"{self.folder}/{name}")

    def _load_segments(self, names: list[str], mine: bool) -> None:
        for name in names:
            segment = Segment(f"{self.folder}/{name}")
            try:
                segment.load(repair=mine, last=name == names[-1])
            except OSError:
                continue  # delivered by the running agent in this moment, or a broken disk
            self.dropped += segment.damaged
            if segment.count:
                self._segments.append(segment)
            elif mine:
                files.remove(segment.path)
            self._next = _number(name) + 1

    def save(self, report: bytes) -> None:
        """Put a report at the end, on disk if the disk takes it. The oldest give way when the bound is reached."""
        kind = NEWS if b'"items":' in report else SAMPLE
        self._pending.append(packed(report, made_at(report), kind))
        self._write_pending()
        while self._crowded():
            # The disk is broken, read-only, or too full for even one report.
            del self._pending[0]
            self.dropped += 1

    def _crowded(self) -> bool:
        """Whether more waits in memory than may."""
        return len(self._pending) > PENDING_COUNT or sum(map(len, self._pending)) > PENDING_BYTES

    def _write_pending(self) -> None:
        while self._pending:
            record = self._pending[0]
            while self._segments and self.size_bytes + len(record) + BLOCK > self.limit_bytes:
                self._give_way()
            try:
                self._last_for(record).append(record)
            except OSError as error:
                self._forget_empty()
                if error.errno not in FULL or not self._segments or not self._crowded():
                    return
                self._give_way()
            else:
                del self._pending[0]

    def _last_for(self, record: bytes) -> Segment:
        """The segment to append to: the last one, or a new one."""
        last = self._segments[-1] if self._segments else None
        if last is None or last.level or last.end + len(record) > SEGMENT_BYTES:
            last = Segment(f"{self.folder}/{self._next:012d}{SUFFIX}")
            self._next += 1
            self._segments.append(last)
        return last

    def _forget_empty(self) -> None:
        self._segments = [segment for segment in self._segments if segment.count]

    def _give_way(self) -> None:
        """Make room: thin the oldest of those that were thinned least, or drop the oldest."""
        self._forget_empty()
        for level in range(len(STEPS_SECONDS)):
            for at, segment in enumerate(self._segments):
                if segment.level == level:
                    try:
                        self._thin(at)
                    except OSError:
                        # No room for the thinner copy. It has to come from somewhere.
                        self._drop_segment()
                    return
        self._drop_segment()

    def _thin(self, at: int) -> None:
        """One step thinner, and into one file with its neighbour where both have become small."""
        segment = self._segments[at]
        seconds = STEPS_SECONDS[segment.level]
        before = self._segments[at - 1] if at and self._segments[at - 1].level == segment.level + 1 else None
        kept: list[bytes] = []
        bucket = -1
        for record, data in segment.records():
            if record.kind == NEWS or record.at // seconds != bucket:
                kept.append(data)
                bucket = record.at // seconds
        gone = segment.count - len(kept)
        joined: list[bytes] = []
        if before is not None and before.end + sum(map(len, kept)) <= SEGMENT_BYTES:
            joined = [data for _, data in before.records()]
        # Killed between the next two lines, it leaves reports twice; they are sent twice, and the server knows them.
        segment.rewrite(segment.level + 1, [*joined, *kept])
        if joined and before is not None:
            files.remove(before.path)
            del self._segments[at - 1]
        self.thinned += gone
        self._save_counts()

    def _drop_segment(self) -> None:
        segment = self._segments.pop(0)
        self.dropped += segment.count
        files.remove(segment.path)
        self._save_counts()

    def oldest(self) -> bytes | None:
        """The report whose turn it is; None when the spool is empty. A damaged one counts as dropped."""
        while self._segments:
            segment = self._segments[0]
            try:
                if segment.count:
                    return segment.oldest()
            except FileNotFoundError:
                pass  # somebody removed it
            except Damaged:
                self._pass_over()
                continue
            except OSError:
                self._drop_segment()
                continue
            del self._segments[0]
        while self._pending:
            try:
                return unpacked(self._pending[0])
            except Damaged:
                del self._pending[0]
        return None

    def remove(self) -> None:
        """Take the oldest away: it has been delivered."""
        if not self._segments:
            del self._pending[:1]
            return
        self._step()

    def _pass_over(self) -> None:
        self.dropped += 1
        self._step()
        self._save_counts()

    def _step(self) -> None:
        segment = self._segments[0]
        segment.step()
        if not segment.count:
            files.remove(segment.path)
            del self._segments[0]

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
            self.thinned = int(counts.get("thinned", 0))
        except (OSError, ValueError, KeyError, TypeError):
            self.refused = self.dropped = self.thinned = 0

    def _save_counts(self) -> None:
        counts = encode({"refused": self.refused, "dropped": self.dropped, "thinned": self.thinned})
        try:
            files.write(self.folder + "/counts.json", counts, durable=False)
        except OSError:
            pass  # a full disk: the counts live on in memory


def _number(name: str) -> int:
    """The place of a segment's file in the queue; 0 for any other file."""
    number = name[: -len(SUFFIX)]
    return int(number) if name.endswith(SUFFIX) and number.isdigit() else 0
