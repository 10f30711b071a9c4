"""The data folder and what is in it:

postgres/       PostgreSQL's data, its account's alone
run/            the sockets, the same (elsewhere if the path would be too long for a socket)
logs/           what the services say
programs/       copies of the programs, where their account cannot reach the installed ones
*.lock          who uses the folder now
"""

import fcntl
import hashlib
import os
import stat
from pathlib import Path
from typing import IO

from nodestral.embedded.account import Account
from nodestral.embedded.errors import AlreadyRunning, EmbeddedError

# unix(7): sun_path has 108 bytes, the last of them NUL.
SOCKET_PATH_LIMIT_BYTES = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


def open_data_folder(data_dir: Path, account: Account | None) -> Path:
    """The data folder, made if it is missing, as an absolute path without links. Raises EmbeddedError."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o755 if account else 0o700)
        folder = data_dir.resolve(strict=True)
    except OSError as error:
        raise EmbeddedError(f"The data folder {data_dir} cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EmbeddedError(f"The data folder {folder} cannot be written. Choose another with --data-dir.")
    if account:
        # Others may pass through to what is theirs, but not look around. Folders above are never changed.
        folder.chmod(0o711)
        _check_reachable(folder, account)
    return folder


def _check_reachable(folder: Path, account: Account) -> None:
    for each in (folder, *folder.parents):
        info = each.stat()
        if info.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif info.st_gid == account.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not info.st_mode & bit:
            raise EmbeddedError(
                f"The services run as the account {account.name}, which may not enter {each}. "
                f"Choose a data folder outside it with --data-dir, for example /var/lib/nodestral."
            )


def private_folder(folder: Path, account: Account | None) -> Path:
    """A folder that only its account may enter. Raises EmbeddedError when something else is in its place."""
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    except OSError as error:
        raise EmbeddedError(f"The folder {folder} cannot be made: {error.strerror}.") from None
    info = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != owner:
        who = account.name if account else "you"
        raise EmbeddedError(
            f"{folder} must be a folder that belongs to {who}, and it is not. Move it away, then try again."
        )
    if stat.S_IMODE(info.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def socket_folder(data_dir: Path, account: Account | None) -> Path:
    """Where the sockets are: run/ in the data folder, or a short place that is the same at every start.

    A comma has no place in the path either: libpq reads it as the start of another host.
    """
    folder = data_dir / "run"
    path = os.fsencode(folder / LONGEST_SOCKET_NAME)
    if len(path) > SOCKET_PATH_LIMIT_BYTES or b"," in path:
        name = "nodestral-" + hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        folder = _short_place() / name
    return private_folder(folder, account)


def _short_place() -> Path:
    if os.geteuid() == 0:
        return Path("/run")
    own = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if own.is_absolute() and own.is_dir() and len(os.fsencode(own)) < 40:
        return own
    return Path("/tmp")  # noqa: S108 private_folder refuses a folder that somebody else has put there


def lock(data_dir: Path, name: str) -> IO[str]:
    """Hold a lock as long as the answer stays open; it goes when we die. Raises AlreadyRunning."""
    path = data_dir / f"{name}.lock"
    try:
        handle = path.open("a+", encoding="ascii")
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be used: {error.strerror}. Is the data folder another user's?") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        handle.close()
        raise AlreadyRunning(
            f"Nodestral already runs on {data_dir} (process {owner}). "
            f"Stop that one, or choose another folder with --data-dir."
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def write_owned(path: Path, text: str, account: Account | None) -> None:
    """Put a file into a folder of the account's. It is written beside and renamed, so that a link which the account has
    put in its place is replaced and never followed.
    """
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        if account:
            os.fchown(file.fileno(), account.uid, account.gid)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def read_owned(path: Path) -> str:
    """A file of a folder of the account's, which is no link. Raises OSError, UnicodeDecodeError."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8") as file:
        return file.read()


def log_file(data_dir: Path, name: str) -> Path:
    """A log of this run alone: the one before is kept as NAME.log.1."""
    folder = data_dir / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    return path


def tail(path: Path, lines: int = 12) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
