"""A spool on real small disks: full, out of inodes, read-only. It stays up, loses nothing, and goes on by itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nodestral_agent.spool import Spool

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")


def report(number: int) -> bytes:
    return b"%d " % number + os.urandom(300).hex().encode()


def numbers(spool: Spool) -> list[int]:
    """What comes out, oldest first."""
    found = []
    while (oldest := spool.oldest()) is not None:
        found.append(int(oldest.split()[0]))
        spool.remove()
    return found


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "small", str(folder)], check=True)
        return folder

    yield mount
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> list[Path]:
    """Until not one more byte fits."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return [filler]


def use_up_inodes(folder: Path) -> list[Path]:
    """Until not one more file can be made."""
    made: list[Path] = []
    while True:
        path = folder / f"file-{len(made)}"
        try:
            path.touch()
        except OSError:
            return made
        made.append(path)


@pytest.mark.parametrize(
    ("options", "spoil"), [("size=256k", fill), ("size=4m,nr_inodes=20", use_up_inodes)], ids=["full", "no inodes"]
)
def test_a_disk_that_takes_nothing_for_a_while(
    mounted: Callable[[str], Path], options: str, spoil: Callable[[Path], list[Path]]
) -> None:
    disk = mounted(options)
    spool = Spool(str(disk / "spool"))
    in_the_way = spoil(disk)
    for number in range(20):
        spool.save(report(number))
    assert spool.count == 20
    assert Spool.peek(str(disk / "spool")).count == 0, "control: the disk really took nothing"
    for path in in_the_way:
        path.unlink()
    spool.save(report(20))
    again = Spool(str(disk / "spool"))
    assert numbers(again) == list(range(21))
    assert again.dropped == 0


def test_a_disk_that_becomes_read_only(mounted: Callable[[str], Path]) -> None:
    disk = mounted("size=4m")
    spool = Spool(str(disk / "spool"))
    for number in range(5):
        spool.save(report(number))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for number in range(5, 10):
        spool.save(report(number))
    assert spool.count == 10
    # What waits goes out all the same, what is on the disk first.
    assert numbers(spool) == list(range(10))
    assert (spool.count, spool.dropped) == (0, 0)
    assert Spool(str(disk / "spool")).count == 5, "control: nothing could be removed; the server knows these by number"
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    spool.save(report(10))
    assert spool.count == 1
