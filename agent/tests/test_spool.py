"""Reports on disk: in order, bounded, whole or not there at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from nodestral_agent import files, segment
from nodestral_agent.report import built
from nodestral_agent.spool import LIMIT_BYTES, PENDING_COUNT, SEGMENT_BYTES, Spool

NOON = 1_790_000_000 // 3600 * 3600


def report(number: int, size: int = 10) -> bytes:
    return b"%d " % number + os.urandom(size).hex().encode()


def numbers(spool: Spool) -> list[int]:
    """What comes out, oldest first."""
    found = []
    while (oldest := spool.oldest()) is not None:
        found.append(int(oldest.split()[0]))
        spool.remove()
    return found


def sample(number: int, items: bool = False, noise: int = 300) -> bytes:
    """A report as the agent makes it, `number` intervals of 30 seconds after noon."""
    sections = {"services": b'{"hash":"x","items":[]}'} if items else {}
    # Hard to compress, and as large as a report of a small server.
    content = {"samples": [{"noise": os.urandom(noise).hex()}], "number": number}
    return built((7, number + 1), None, NOON + number * 30, content, sections)


def seqs(spool: Spool) -> list[int]:
    found = []
    while (oldest := spool.oldest()) is not None:
        found.append(int(oldest.split(b'"seq":')[1].split(b",")[0]) - 1)
        spool.remove()
    return found


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.seg"))


def test_comes_out_in_order_and_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(5):
        spool.save(report(number))
    assert spool.oldest() is not None
    spool.remove()
    again = Spool(str(tmp_path / "spool"))
    assert again.count == 4
    again.save(report(5))
    assert numbers(again) == [1, 2, 3, 4, 5]
    assert (again.count, again.size_bytes, again.dropped) == (0, 0, 0)
    assert files_of(tmp_path / "spool") == []
    assert Spool(str(tmp_path / "spool")).count == 0


def test_many_files_come_out_in_order(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(400):
        spool.save(sample(number))
    assert len(files_of(tmp_path / "spool")) > 2
    assert seqs(Spool(str(tmp_path / "spool"))) == list(range(400))


def test_a_report_larger_than_a_file_has_one_of_its_own(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    spool.save(report(1, SEGMENT_BYTES))
    spool.save(report(2))
    assert len(files_of(tmp_path / "spool")) == 3
    assert numbers(Spool(str(tmp_path / "spool"))) == [0, 1, 2]


def test_a_day_and_a_week_fit_without_any_loss(tmp_path: Path) -> None:
    """Of a server whose report is as large as that of a machine with 16 cores, 6 file systems and 4 interfaces."""
    spool = Spool(str(tmp_path / "spool"))
    a_day = 2880
    record = segment.packed(sample(0), NOON, segment.SAMPLE)
    scan = segment.packed(sample(0), NOON, segment.SAMPLE) + os.urandom(3000)
    # Written as the spool writes them, but without a sync for each, which would take minutes here.
    for day in range(7):
        for at in range(a_day // 80):
            data = segment.head(0, segment.HEAD) + record * 72 + (scan[:-3000] * 5) * 2
            files.write(f"{tmp_path}/spool/{day * 100 + at + 1:012d}.seg", data, durable=False)
        size = Spool(str(tmp_path / "spool")).size_bytes
        assert size <= (8 << 20) * (day + 1)
    again = Spool(str(tmp_path / "spool"))
    assert again.count >= 7 * a_day
    assert again.size_bytes <= 32 << 20
    assert (again.dropped, again.thinned) == (0, 0)
    assert spool.limit_bytes == LIMIT_BYTES == 64 << 20


def test_the_oldest_are_thinned_before_anything_is_dropped(tmp_path: Path) -> None:
    limit = 3 * SEGMENT_BYTES
    spool = Spool(str(tmp_path / "spool"), limit)
    saved = 0
    while not spool.dropped:
        spool.save(sample(saved, items=saved % 400 == 0, noise=2000))
        saved += 1
        assert spool.size_bytes <= limit
        if saved == 200:
            assert spool.thinned > 0
            assert spool.dropped == 0
        assert saved < 100_000
    assert saved > 5000, "an hourly picture reaches far longer than a full one"
    assert spool.count + spool.thinned + spool.dropped == saved
    again = Spool(str(tmp_path / "spool"), limit)
    assert (again.thinned, again.dropped) == (spool.thinned, spool.dropped)
    left = seqs(again)
    assert left == sorted(left)
    assert left[-1] == saved - 1
    # The oldest an hour apart, the newest as they were taken.
    gaps = [after - before for before, after in zip(left, left[1:])]
    assert max(gaps) == 120
    assert gaps[-1] == 1


def test_what_a_scan_found_is_never_thinned_away(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"), 4 * SEGMENT_BYTES)
    news = []
    for number in range(1500):
        spool.save(sample(number, items=number % 97 == 1))
        news += [number] if number % 97 == 1 else []
    assert spool.thinned > 300
    assert spool.dropped == 0
    assert set(news) <= set(seqs(spool))


def test_thinning_survives_a_restart_in_its_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the joined file was written and before its neighbour was removed: twice, never lost."""
    spool = Spool(str(tmp_path / "spool"), 4 * SEGMENT_BYTES)
    real = files.remove

    def killed(path: str) -> None:
        if path.endswith(".seg"):
            raise KeyboardInterrupt
        real(path)

    monkeypatch.setattr(files, "remove", killed)

    def fill() -> None:
        for number in range(3000):
            spool.save(sample(number))

    with pytest.raises(KeyboardInterrupt):
        fill()
    monkeypatch.undo()
    left = seqs(Spool(str(tmp_path / "spool")))
    assert len(left) > len(set(left)), "the moment was not hit"
    assert spool.dropped == 0
    assert max(b - a for a, b in zip(sorted(set(left)), sorted(set(left))[1:])) <= 30


def full_disk(monkeypatch: pytest.MonkeyPatch, number: int, refusals: list[int]) -> None:
    """Every write is refused with this error as long as refusals has a positive number; then the disk is well."""
    real = os.pwrite

    def refusing(handle: int, data: bytes, at: int) -> int:
        if refusals[0]:
            refusals[0] -= 1
            # A part fits first, as on a real disk.
            real(handle, data[:7], at)
            raise OSError(number, os.strerror(number))
        return real(handle, data, at)

    monkeypatch.setattr(os, "pwrite", refusing)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_while_the_disk_takes_nothing_reports_wait_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    refusals = [10]
    full_disk(monkeypatch, number, refusals)
    for at in range(1, 5):
        spool.save(report(at))
    assert spool.count == 5
    assert Spool.peek(str(tmp_path / "spool")).count == 1
    refusals[0] = 0
    spool.save(report(5))
    assert numbers(Spool(str(tmp_path / "spool"))) == [0, 1, 2, 3, 4, 5]
    assert spool.dropped == 0


def test_what_waits_in_memory_is_bounded_and_delivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(str(tmp_path / "spool"))
    full_disk(monkeypatch, errno.EROFS, [10**9])
    for at in range(PENDING_COUNT + 10):
        spool.save(report(at))
    assert spool.count == PENDING_COUNT
    assert spool.dropped == 10
    assert numbers(spool) == list(range(10, PENDING_COUNT + 10))


def test_a_disk_that_stays_full_makes_the_oldest_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(300):
        spool.save(sample(number))
    real = os.pwrite

    def full(handle: int, data: bytes, at: int) -> int:
        # There is room again once something was thinned.
        if not spool.thinned:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data, at)

    monkeypatch.setattr(os, "pwrite", full)
    for number in range(300, 300 + PENDING_COUNT + 1):
        spool.save(sample(number))
    assert spool.thinned > 0
    assert spool.dropped == 0
    assert Spool.peek(str(tmp_path / "spool")).count == spool.count


@pytest.mark.parametrize("cut", [1, 5, 13, 60])
def test_a_torn_end_was_never_handed_over(tmp_path: Path, cut: int) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number))
    (path,) = files_of(tmp_path / "spool")
    spool.save(report(3, 100))
    path.write_bytes(path.read_bytes()[:-cut])
    again = Spool(str(tmp_path / "spool"))
    again.save(report(4))
    assert again.dropped == 0
    assert numbers(Spool(str(tmp_path / "spool"))) == [0, 1, 2, 4]


def test_zeros_after_a_power_cut_are_a_torn_end(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    (path,) = files_of(tmp_path / "spool")
    path.write_bytes(path.read_bytes() + bytes(500))
    again = Spool(str(tmp_path / "spool"))
    again.save(report(1))
    assert numbers(Spool(str(tmp_path / "spool"))) == [0, 1]


def test_a_damaged_one_between_others_is_passed_over_and_counted(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number))
    (path,) = files_of(tmp_path / "spool")
    text = bytearray(path.read_bytes())
    first = segment.HEAD + int.from_bytes(text[segment.HEAD : segment.HEAD + 4], "big")
    text[first + segment.RECORD + 9] ^= 0xFF
    path.write_bytes(text)
    assert numbers(Spool(str(tmp_path / "spool"))) == [0, 2]
    assert Spool(str(tmp_path / "spool")).dropped == 1


def test_a_file_that_is_no_segment_costs_only_itself(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    (tmp_path / "spool" / f"{0:011d}7.seg").write_bytes(os.urandom(5000))
    again = Spool(str(tmp_path / "spool"))
    again.save(report(1))
    assert numbers(again) == [0, 1]


def test_what_a_killed_process_had_begun_is_not_in_the_queue(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    begun = tmp_path / "spool" / f"{7:012d}.seg{files.TEMPORARY}"
    begun.write_bytes(b"half")
    again = Spool(str(tmp_path / "spool"))
    assert again.count == 1
    assert not begun.exists()


def test_a_file_that_vanished_is_stepped_over(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    for number in range(3):
        spool.save(report(number, SEGMENT_BYTES))
    files_of(tmp_path / "spool")[1].unlink()
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
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    (path,) = files_of(tmp_path / "spool")
    path.write_bytes(path.read_bytes() + b"torn")
    before = path.read_bytes()
    assert Spool.peek(str(tmp_path / "spool")).count == 1
    assert path.read_bytes() == before


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "spool"))
    spool.save(report(0))
    for path in (tmp_path / "spool").iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_report_is_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut cannot be made in a test; the order that survives one can be watched."""
    steps: list[str] = []
    real_fsync, real_pwrite = os.fsync, os.pwrite

    def fsync(handle: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        real_fsync(handle)

    def pwrite(handle: int, data: bytes, at: int) -> int:
        steps.append("write")
        return real_pwrite(handle, data, at)

    spool = Spool(str(tmp_path / "spool"))
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "pwrite", pwrite)
    spool.save(report(0))
    assert steps == ["write", "sync file", "sync folder"]
    steps.clear()
    spool.save(report(1))
    assert steps == ["write", "sync file"]
