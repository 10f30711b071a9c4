"""Reports on disk: in order, bounded, whole or not there at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from nodestral_agent import files
from nodestral_agent.spool import BLOCK, Spool


def report(number: int, size: int = 10) -> bytes:
    return b"%d " % number + os.urandom(size).hex().encode()


def numbers(spool: Spool) -> list[int]:
    """What comes out, oldest first."""
    found = []
    while (oldest := spool.oldest()) is not None:
        found.append(int(oldest.split()[0]))
        spool.remove()
    return found


def test_comes_out_in_order_and_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(5):
        spool.save(report(number))
    assert spool.oldest() is not None
    spool.remove()
    again = Spool(str(tmp_path / "spool"))
    assert (again.count, again.bytes) == (4, 4 * BLOCK)
    again.save(report(5))
    assert numbers(again) == [1, 2, 3, 4, 5]
    assert (again.count, again.bytes, again.dropped) == (0, 0, 0)
    assert Spool(str(tmp_path / "spool")).count == 0


def test_the_oldest_give_way_and_are_counted(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"), limit_bytes=4 * BLOCK)
    for number in range(10):
        spool.save(report(number))
        assert spool.bytes <= 4 * BLOCK
    assert spool.dropped == 6
    again = Spool(str(tmp_path / "spool"), limit_bytes=4 * BLOCK)
    assert again.dropped == 6
    assert numbers(again) == [6, 7, 8, 9]


def test_a_full_disk_makes_the_oldest_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number))
    real = os.write
    refusals = [2]

    def full(handle: int, data: bytes) -> int:
        if refusals[0]:
            refusals[0] -= 1
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    spool.save(report(3))
    assert spool.dropped >= 1
    assert numbers(spool)[-1] == 3


def test_a_broken_disk_drops_the_new_report_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))

    def broken(handle: int, data: bytes) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", broken)
        spool.save(report(1))
    assert spool.dropped == 1
    assert numbers(spool) == [0]


def test_a_file_that_is_no_whole_report_is_dropped_and_counted(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number))
    first = min(path for path in (tmp_path / "spool").iterdir() if path.name.isdigit())
    first.write_bytes(first.read_bytes()[:-3])
    assert numbers(Spool(str(tmp_path / "spool"))) == [1, 2]
    assert Spool(str(tmp_path / "spool")).dropped == 1


def test_what_a_killed_process_had_begun_is_not_in_the_queue(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    begun = tmp_path / "spool" / f"{7:012d}{files.TEMPORARY}"
    begun.write_bytes(b"half")
    again = Spool(str(tmp_path / "spool"))
    assert again.count == 1
    assert not begun.exists()


def test_a_file_that_vanished_is_stepped_over(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number))
    (tmp_path / "spool" / f"{2:012d}").unlink()
    assert numbers(spool) == [0, 2]


def test_refused_reports_are_kept_for_a_person_and_bounded(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(30):
        spool.set_aside(report(number), "why")
    assert spool.refused == 30
    kept = sorted(path.name for path in (tmp_path / "spool" / "refused").iterdir())
    assert len(kept) == 20
    assert (tmp_path / "spool" / "refused" / kept[-1]).read_bytes().startswith(b'"why"\n29 ')
    assert Spool(str(tmp_path / "spool")).refused == 30


def test_looking_changes_nothing(tmp_path: Path) -> None:
    assert Spool.peek(str(tmp_path / "nowhere")).count == 0
    assert not (tmp_path / "nowhere").exists()


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    for path in (tmp_path / "spool").iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_is_synced_before_it_has_its_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut cannot be made in a test; the order that survives one can be watched."""
    steps: list[str] = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(handle: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        real_fsync(handle)

    def rename(source: str, target: str) -> None:
        steps.append("rename")
        real_rename(source, target)

    spool = Spool(str(tmp_path / "spool"))
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    spool.save(report(0))
    assert steps == ["sync file", "rename", "sync folder"]
