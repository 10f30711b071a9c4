"""The only door to the machine: its files, programs and Unix sockets.

The root path is a setting, so that a test hands in a fake machine. Reading needs no privilege of its own; what the
kernel refuses becomes `Denied`, what is not there `Unavailable`, and everything else `CollectorError`.
"""

from __future__ import annotations

import errno
import os
import time

from nodestral_agent.child import found, pieces, run
from nodestral_agent.codec import decode, encode
from nodestral_agent.engine_http import get
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.files import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from nodestral_agent.endpoint import Served, Target
    from nodestral_agent.sock_diag import Diagnosed

# Not there, gone meanwhile (a process ended), or not offered by this kernel.
NOT_HERE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ESRCH, errno.ENODEV, errno.ENXIO, errno.EOPNOTSUPP, errno.ENODATA}
)
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
# Where the metadata services of clouds answer: link-local, and Alibaba's in the range of carriers.
METADATA_ADDRESSES = frozenset({"169.254.169.254", "169.254.42.42", "169.254.0.23", "100.100.100.200"})
PIECE = 1 << 16


def translated(error: OSError, path: str) -> Unavailable | CollectorError:
    """The agent's own error for one of the operating system's."""
    what = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in NOT_HERE:
        return Unavailable(f"{path}: {what}")
    if error.errno in NOT_ALLOWED:
        return Denied(what, path)
    return CollectorError(what, path)


def quoted(path: str) -> str:
    """A path within a URI."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class Host:
    """One machine. `root` is "/" for this one; a fake machine's programs are looked for below its own root too.

    `memory` is the folder with what the last scan found, "" when there was none; `server` the address that the agent
    reports to, which serves the installer too, "" when it is enrolled nowhere. A machine with another operating system
    than Linux is a subclass, chosen in `hosts`; SYSTEM is its name as sys.platform has it.
    """

    SYSTEM = "linux"
    metadata_at: tuple[str, int] | None = None

    def __init__(self, root: str = "/", memory: str = "", server: str = "") -> None:
        self.root = root.rstrip("/")
        self.memory = memory
        self.server = server
        self._user_names: dict[int, str] | None = None
        self._diagnosed: dict[int, Diagnosed] | None = None

    def path(self, path: str) -> str:
        """Where the machine's absolute `path` really lies."""
        if not path.startswith("/") or "/../" in f"{path}/":
            raise CollectorError("a path must be absolute and must not climb", path)
        return self.root + path

    def read(self, path: str, limit: int = 4 << 20) -> bytes:
        """The whole file. A file larger than `limit` bytes is an error, not a part; a pipe or device never hangs."""
        return self._read(path, limit, 0)[0]

    def file(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        """The whole file together with what it is, from the same opening. A link is refused, not followed."""
        return self._read(path, limit, os.O_NOFOLLOW)

    def _read(self, path: str, limit: int, more: int) -> tuple[bytes, os.stat_result]:
        try:
            handle = os.open(self.path(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | more)
        except OSError as error:
            raise translated(error, path) from None
        try:
            stat = os.fstat(handle)
            # Most files of /proc come in one piece; the second read then only finds the end.
            pieces = []
            size = 0
            while True:
                piece = os.read(handle, PIECE)
                if not piece:
                    break
                pieces.append(piece)
                size += len(piece)
                if size > limit:
                    raise CollectorError(f"larger than {limit} bytes", path)
        except OSError as error:
            raise translated(error, path) from None
        finally:
            os.close(handle)
        return (pieces[0] if len(pieces) == 1 else b"".join(pieces)), stat

    def opened(self, path: str) -> BinaryIO:
        """A file too large to be held as a whole, to be read piece by piece. Reading it may raise OSError."""
        try:
            handle = os.open(self.path(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise translated(error, path) from None
        return os.fdopen(handle, "rb", buffering=0)

    def text(self, path: str, limit: int = 4 << 20) -> str:
        """The whole file as UTF-8, foreign bytes as U+FFFD. Control characters stay for the caller to clean."""
        return self.read(path, limit).decode("utf-8", "replace")

    def certificates(self, path: str) -> list[bytes]:
        """The certificates of a PEM or DER file, in DER. HoldsKey where a private key begins: no byte of it is read."""
        from nodestral_agent.certificate_file import read  # noqa: PLC0415 # only a scan needs it

        place = self.path(path)
        try:
            return read(place)
        except OSError as error:
            raise translated(error, path) from None
        except CollectorError as error:
            raise type(error)(error.what, path) from None

    def part(self, path: str, start: int, size: int) -> bytes:
        """So many bytes of a file from `start` on, fewer at its end: for files that are large or sparse."""
        try:
            handle = os.open(self.path(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                return os.pread(handle, size, start)
            finally:
                os.close(handle)
        except OSError as error:
            raise translated(error, path) from None

    def rows(self, path: str, query: str) -> list[tuple[Any, ...]]:
        """What a query of ours finds in a SQLite database, which is not locked, and not written to even by SQLite."""
        self.part(path, 0, 1)  # says in the words of this door why a file cannot be read
        import sqlite3  # noqa: PLC0415 # only a scan needs it, and not every Python has it

        try:
            database = sqlite3.connect(f"file:{quoted(self.path(path))}?mode=ro&immutable=1", uri=True)
            try:
                return database.execute(query).fetchall()
            finally:
                database.close()
        except sqlite3.Error as error:
            raise CollectorError(f"is no such database: {error}", path) from None

    def names(self, path: str) -> list[str]:
        """The entries of a directory, sorted."""
        try:
            return sorted(os.listdir(self.path(path)))
        except OSError as error:
            raise translated(error, path) from None

    def folders(self, path: str) -> list[tuple[str, int]]:
        """Name and inode number of each subdirectory, sorted; links are not followed."""
        try:
            with os.scandir(self.path(path)) as entries:
                return sorted((entry.name, entry.inode()) for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError as error:
            raise translated(error, path) from None

    def link(self, path: str) -> str:
        """Where a symbolic link points, as written in it."""
        try:
            return os.readlink(self.path(path))
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise CollectorError("not a symbolic link", path) from None
            raise translated(error, path) from None

    def stat(self, path: str) -> os.stat_result:
        """What the file is; a link is followed."""
        try:
            return os.stat(self.path(path))
        except OSError as error:
            raise translated(error, path) from None

    def owner(self, path: str) -> int:
        """The user id that owns the file; a link is not followed."""
        try:
            return os.lstat(self.path(path)).st_uid
        except OSError as error:
            raise translated(error, path) from None

    def space(self, path: str) -> os.statvfs_result:
        """Sizes of the file system that holds `path`. On a dead network file system this blocks."""
        try:
            return os.statvfs(self.path(path))
        except OSError as error:
            raise translated(error, path) from None

    def user_name(self, uid: int) -> str | None:
        """The name in the machine's /etc/passwd, or None (users of a directory service are not in it)."""
        if self._user_names is None:
            self._user_names = self._passwd()
        return self._user_names.get(uid)

    def _passwd(self) -> dict[int, str]:
        names: dict[int, str] = {}
        try:
            lines = self.text("/etc/passwd").splitlines()
        except (Unavailable, CollectorError):
            return names
        for line in lines:
            fields = line.split(":")
            if len(fields) >= 3 and fields[2].isdigit():
                # The first line of a uid wins, as in getpwuid.
                names.setdefault(int(fields[2]), fields[0])
        return names

    def run(
        self,
        argv: list[str],
        seconds: float = 10,
        limit: int = 8 << 20,
        environment: dict[str, str] | None = None,
        ended: range = range(1),
    ) -> bytes:
        """The standard output of a program of the machine: no shell, fixed PATH, C locale, UTC, killed with its group.

        Unavailable when the program is not installed; CollectorError when it fails, is slow or says too much. `ended`:
        the statuses that are no failure.
        """
        return run(argv, seconds, limit, self.root, environment, ended)

    def streamed(self, argv: list[str], seconds: float = 20, limit: int = 1 << 30) -> Iterator[bytes]:
        """As `run`, for an output that is too large to be held: piece by piece."""
        return pieces(argv, seconds, limit, self.root)

    def http_get(self, socket_path: str, path: str, seconds: float = 5, limit: int = 8 << 20) -> bytes:
        """The body of a 200 answer to GET `path` over a Unix socket or tcp://HOST:PORT (the Docker Engine API)."""
        try:
            address = socket_path if socket_path.startswith("tcp://") else self.path(socket_path)
            return get(address, path, seconds, limit)
        except OSError as error:
            if error.errno == errno.ECONNREFUSED:
                raise Unavailable(f"{socket_path}: nobody listens") from None
            raise translated(error, socket_path) from None

    def metadata(
        self, address: str, method: str, path: str, headers: dict[str, str], seconds: float, limit: int = 64 << 10
    ) -> bytes:
        """The answer of a cloud's metadata service at one of the fixed addresses that such services have.

        A fake machine has none, unless a test says where it stands. Unavailable: it does not have this.
        """
        place = (address, 80) if not self.root else self.metadata_at
        if place is None:
            raise CollectorError("a fake machine has no metadata service", address)
        if address not in METADATA_ADDRESSES or "user-data" in path or "user_data" in path:
            raise CollectorError("may not be asked", address)
        from nodestral_agent.link_local_http import ask  # noqa: PLC0415 # only a scan needs it

        return ask(place, method, path, headers, seconds, limit)

    def before(self, section: str) -> list[dict[str, Any]]:
        """The items that the last scan found in a section; none when that is not known."""
        try:
            names = [name for name in os.listdir(self.memory) if name.startswith(f"{section}-")] if self.memory else []
            found = []
            for name in names:
                with open(f"{self.memory}/{name}", "rb") as file:
                    found.extend(decode(file.read()))
        except (OSError, ValueError):
            return []
        return found

    def noted(self, name: str) -> Any:
        """What `note` kept for the next scan; None when there is nothing."""
        try:
            with open(f"{self.memory}/{name}", "rb") as file:
                return decode(file.read())
        except (OSError, ValueError):
            return None

    def note(self, name: str, value: Any) -> None:
        """Keep something for the next scan, beside what this one finds. Not where there is no such folder."""
        if self.memory:
            try:
                write(f"{self.memory}/{name}", encode(value), durable=False)
            except OSError:
                pass  # the next scan then asks again

    def has_program(self, name: str) -> bool:
        """Whether this program is installed where programs of the machine are."""
        try:
            found(name, self.root)
        except Unavailable:
            return False
        return True

    def nftables_tables(self) -> list[tuple[str, str]]:
        """Family and name of every table that nftables keeps in the kernel. None are told without CAP_NET_ADMIN."""
        if self.root:
            return []
        from nodestral_agent.nf_tables import tables  # noqa: PLC0415 # only a scan may need it

        return tables()

    def socket_groups(self) -> dict[int, int]:
        """The control group (its id) that each listening socket was made in, by the socket's inode number.

        Empty where the kernel does not tell (before Linux 5.8) or netlink is closed. A fake machine has no kernel.
        """
        return {inode: told.group for inode, told in self._diagnosis().items() if told.group}

    def six_only_sockets(self) -> dict[int, bool]:
        """Whether IPv6 sockets leave IPv4 alone, by inode number; without those of which the kernel does not tell."""
        return {inode: told.six_only for inode, told in self._diagnosis().items() if told.six_only is not None}

    def _diagnosis(self) -> dict[int, Diagnosed]:
        if self.root:
            return {}
        if self._diagnosed is None:
            from nodestral_agent.sock_diag import sockets  # noqa: PLC0415 # only a scan needs it

            self._diagnosed = sockets()
        return self._diagnosed

    def handshakes(self, targets: list[Target], seconds: float = 8) -> dict[Target, Served]:
        """Which certificates listeners of this machine serve, as far as there is time. Others are not spoken to."""
        if self.root:
            return {}
        from nodestral_agent.handshake import begun  # noqa: PLC0415 # only a scan needs it, and it is heavy

        return begun(targets, total_seconds=seconds)

    def uid(self) -> int:
        """The user id that the agent has here."""
        return os.geteuid()

    def booted_at(self) -> float:
        """When the machine started by the kernel's two clocks: Unix seconds, far finer than /proc/stat tells."""
        return time.clock_gettime(time.CLOCK_REALTIME) - time.clock_gettime(time.CLOCK_BOOTTIME)

    def pause(self, seconds: float) -> None:
        """Let time pass on the machine."""
        time.sleep(seconds)

    def now(self) -> float:
        """Unix seconds, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps."""
        return time.monotonic()
