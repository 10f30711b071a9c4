"""Use of file systems. Source: /proc/self/mountinfo (proc(5)) and statvfs(3); no permission needed for most mounts.

Only real file systems count, each device once. Network and FUSE file systems, and whatever is mounted below one, are
asked in a process of their own, because statvfs on a dead server never returns.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.report import COUNT_MAX, TEXT_MAX, clean
from nodestral_agent.samples.remote import Remote

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any

    from nodestral_agent.host import Host

MOUNTS_MAX = 256
# File systems without a block device that hold data all the same.
LOCAL = frozenset({"zfs", "btrfs", "bcachefs", "virtiofs"})
REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "9p", "afs", "ocfs2", "gfs2", "lustre"}
)
# Views of the machine's own state or of single files, and images that are full by nature.
NO_DATA = ("fuse.lxcfs", "fuse.gvfsd", "fuse.portal", "fuse.snapfuse", "fusectl", "squashfs", "iso9660", "udf", "erofs")


class Mount:
    """One line of mountinfo that counts."""

    def __init__(self, path: str, device: str, filesystem: str, remote: bool) -> None:
        self.path = path
        self.device = device
        self.filesystem = filesystem
        self.remote = remote


def parse(text: str) -> list[Mount]:
    """The mounts that count, by path: of several of one device the one nearest to its root, then the shortest path."""
    at_path: dict[str, tuple[str, str, Mount]] = {}
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        before, after = left.split(" "), right.split(" ")
        if len(before) < 6 or len(after) < 2:
            continue
        path = _unescaped(before[4])
        mount = Mount(path, _unescaped(after[1]), after[0], _is_remote(after[0]))
        # A later mount on the same path hides the earlier one.
        at_path[path] = (before[2], before[3], mount)
    hanging = [mount.path.rstrip("/") + "/" for _, _, mount in at_path.values() if mount.remote]
    best: dict[str, tuple[bool, int, str, Mount]] = {}
    for device, root, mount in at_path.values():
        if not _counts(mount):
            continue
        mount.remote = mount.remote or any(mount.path.startswith(path) for path in hanging)
        rank = (root != "/", len(mount.path), mount.path, mount)
        if device not in best or rank[:3] < best[device][:3]:
            best[device] = rank
    return sorted((rank[3] for rank in best.values()), key=lambda mount: mount.path)[:MOUNTS_MAX]


def _is_remote(filesystem: str) -> bool:
    return filesystem in REMOTE or filesystem.startswith("fuse")


def _counts(mount: Mount) -> bool:
    if mount.filesystem.startswith(NO_DATA):
        return False
    if mount.path == "/" or mount.remote or mount.filesystem in LOCAL:
        return True
    # A file bound over a file (a container's /etc/hosts) has the device of its file system and loses against it above.
    return mount.device.startswith("/dev/")


def _unescaped(field: str) -> str:
    # The kernel writes space, tab, newline and backslash as three octal digits.
    first, *rest = field.split("\\")
    for piece in rest:
        code = piece[:3]
        octal = len(code) == 3 and code.isdigit() and code < "400"
        first += chr(int(code, 8)) + piece[3:] if octal else "\\" + piece
    return first


def use(mount: Mount, space: tuple[int, int, int, int, int, int]) -> dict[str, Any] | None:
    """The mount on the wire, None without a size. `space`: fragment, blocks, free, available, files, free files."""
    fragment, blocks, free, available, files, files_free = space
    if blocks <= 0:
        return None
    return {
        "mount": clean(mount.path, TEXT_MAX),
        "device": clean(mount.device, TEXT_MAX),
        "filesystem": clean(mount.filesystem),
        "total_bytes": min(blocks * fragment, COUNT_MAX),
        "used_bytes": min(max(0, blocks - free) * fragment, COUNT_MAX),
        "available_bytes": min(max(0, available) * fragment, COUNT_MAX),
        "inodes_total": min(files, COUNT_MAX),
        "inodes_used": min(max(0, files - files_free), COUNT_MAX),
    }


def numbers(space: os.statvfs_result) -> tuple[int, int, int, int, int, int]:
    """What `use` needs of a statvfs result."""
    return (space.f_frsize, space.f_blocks, space.f_bfree, space.f_bavail, space.f_files, space.f_ffree)


class Mounts:
    """Reads the table again only when it changed, and remembers which remote file systems still owe an answer."""

    def __init__(self, host: Host, patience_seconds: float = 0.5) -> None:
        self._host = host
        self._table = b""
        self._mounts: list[Mount] = []
        self._remote = Remote(host, patience_seconds)

    def read(self) -> list[dict[str, Any]]:
        """The reading of now. A file system that does not answer is left out."""
        try:
            table = self._host.read("/proc/self/mountinfo")
        except (Unavailable, CollectorError):
            return []
        if table != self._table:
            self._mounts = parse(table.decode("utf-8", "replace"))
            self._table = table
        remote = self._remote.spaces([mount.path for mount in self._mounts if mount.remote])
        found = []
        for mount in self._mounts:
            space = remote.get(mount.path) if mount.remote else self._local(mount.path)
            if space is not None:
                found.append(use(mount, space))
        return [mount for mount in found if mount is not None]

    def _local(self, path: str) -> tuple[int, int, int, int, int, int] | None:
        try:
            return numbers(self._host.space(path))
        except (Unavailable, CollectorError):
            return None
