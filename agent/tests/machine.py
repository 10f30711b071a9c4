"""Fake machines: a folder that stands for the root of a machine, and a host that reads it at a time of our choice."""

from __future__ import annotations

import os
from pathlib import Path

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host

CASES = Path(__file__).resolve().parent / "cases"


class FakeHost(Host):
    """A host whose clock stands still until it is moved, and whose file systems have the sizes that the test gives."""

    def __init__(self, root: Path, now: float = 1_800_000_000.0) -> None:
        super().__init__(str(root))
        self.clock = 1000.0
        self.start = now
        self.owners: dict[str, int] = {}
        self.sockets: dict[int, str] = {}
        self.spaces: dict[str, tuple[int, int, int, int, int, int]] = {}

    def turn_to(self, root: Path, seconds: float) -> None:
        """The same machine later: another folder, so many seconds on."""
        self.root = str(root)
        self.clock += seconds

    def now(self) -> float:
        return self.start + self.clock - 1000.0

    def monotonic(self) -> float:
        return self.clock

    def uid(self) -> int:
        return 997

    def owner(self, path: str) -> int:
        self.stat(path)  # what is not there has no owner
        return self.owners.get(path, 0)

    def socket_groups(self) -> dict[int, int]:
        return {inode: self.stat(f"/sys/fs/cgroup{group}").st_ino for inode, group in self.sockets.items()}

    def space(self, path: str) -> os.statvfs_result:
        if path not in self.spaces:
            raise Unavailable(path)
        fragment, blocks, free, available, files, files_free = self.spaces[path]
        return os.statvfs_result((fragment, fragment, blocks, free, available, files, files_free, files_free, 0, 255))


class FakeMachine:
    """A root folder that a test writes into."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    def write(self, path: str, content: str | bytes) -> Path:
        """A file of the machine."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def host(self) -> Host:
        """Its host."""
        return Host(str(self.root))
