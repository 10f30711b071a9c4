"""Which file systems count, and that one that never answers stops nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.host import Host
from nodestral_agent.samples import mounts


def line(path: str, device: str, filesystem: str, source: str, root: str = "/") -> str:
    return f"30 1 {device} {root} {path} rw,relatime shared:1 - {filesystem} {source} rw\n"


def paths(*lines: str) -> list[str]:
    return [mount.path for mount in mounts.parse("".join(lines))]


ROOT = line("/", "8:1", "ext4", "/dev/sda1")


@pytest.mark.parametrize(
    "other",
    [
        line("/proc", "0:5", "proc", "proc"),
        line("/run", "0:6", "tmpfs", "tmpfs"),
        line("/var/lib/docker/overlay2/x/merged", "0:7", "overlay", "overlay"),
        line("/snap/core/1", "7:0", "squashfs", "/dev/loop0"),
        line("/var/lib/lxcfs", "0:9", "fuse.lxcfs", "lxcfs"),
        line("/media/cdrom", "11:0", "iso9660", "/dev/sr0"),
        line("/home/bound", "8:1", "ext4", "/dev/sda1", "/home"),
        line("/etc/hosts", "8:1", "ext4", "/dev/sda1", "/var/lib/docker/containers/x/hosts"),
        "not a line of mountinfo\n",
        "\n",
    ],
)
def test_leaves_out(other: str) -> None:
    assert paths(ROOT, other) == ["/"]
    assert paths(other, ROOT) == ["/"]


@pytest.mark.parametrize(
    "other",
    [
        line("/boot/efi", "8:15", "vfat", "/dev/sda15"),
        line("/tank", "0:44", "zfs", "tank"),
        line("/data", "0:45", "btrfs", "/dev/sdb"),
        line("/mnt/nfs", "0:46", "nfs4", "nas:/export"),
        line("/mnt/ssh", "0:47", "fuse.sshfs", "me@nas:"),
    ],
)
def test_counts(other: str) -> None:
    assert len(paths(ROOT, other)) == 2


def test_a_container_on_overlay_has_a_root() -> None:
    assert paths(line("/", "0:99", "overlay", "overlay")) == ["/"]


def test_a_device_mounted_in_parts_counts_once_at_its_root() -> None:
    assert paths(line("/a", "8:2", "ext4", "/dev/sdb1", "/x"), line("/very/long", "8:2", "ext4", "/dev/sdb1")) == [
        "/very/long"
    ]


def test_a_mount_that_another_hides_does_not_count() -> None:
    assert [
        mount.device
        for mount in mounts.parse(line("/a", "8:2", "ext4", "/dev/sdb1") + line("/a", "8:3", "xfs", "/dev/sdc1"))
    ] == ["/dev/sdc1"]


def test_names_with_spaces_and_backslashes() -> None:
    assert paths(line(r"/srv/a\040b\134c\011d", "8:2", "ext4", "/dev/sdb1")) == ["/srv/a b\\c\td"]


def test_what_lies_below_a_network_file_system_is_asked_with_the_same_care() -> None:
    found = mounts.parse(line("/mnt/nfs", "0:46", "nfs", "nas:/") + line("/mnt/nfs/local", "8:2", "ext4", "/dev/sdb1"))
    assert [mount.remote for mount in found] == [True, True]


class HangingHost(Host):
    """One of its file systems does not answer: its statvfs waits until a file is there."""

    def __init__(self, root: str, answer: Path) -> None:
        super().__init__(root)
        self.answer = answer
        self.asked = 0

    def space(self, path: str) -> os.statvfs_result:
        while path == "/mnt/dead" and not self.answer.exists():
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(0.01)
        return os.statvfs_result((4096, 4096, 100, 50, 40, 10, 5, 5, 0, 255))


def test_a_dead_server_stops_nothing_and_comes_back(machine: FakeMachine, tmp_path: Path) -> None:
    table = ROOT + line("/mnt/dead", "0:46", "nfs4", "nas:/a") + line("/mnt/well", "0:47", "nfs4", "nas:/b")
    machine.write("/proc/self/mountinfo", table)
    host = HangingHost(str(machine.root), tmp_path / "answer")
    reader = mounts.Mounts(host, patience_seconds=0.2)
    for _ in range(3):
        begun = time.monotonic()
        assert [mount["mount"] for mount in reader.read()] == ["/", "/mnt/well"]
        assert time.monotonic() - begun < 1.5
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    assert len(children) <= 1, "every sample left a process behind"
    host.answer.touch()
    time.sleep(0.2)
    assert [mount["mount"] for mount in reader.read()] == ["/", "/mnt/dead", "/mnt/well"]


def test_sizes() -> None:
    mount = mounts.Mount("/a", "/dev/sda1", "ext4", remote=False)
    found = mounts.use(mount, (1024, 1000, 300, 200, 50, 20))
    assert found is not None
    assert (found["total_bytes"], found["used_bytes"], found["available_bytes"]) == (1024000, 716800, 204800)
    assert (found["inodes_total"], found["inodes_used"]) == (50, 30)
    assert mounts.use(mount, (4096, 0, 0, 0, 0, 0)) is None
