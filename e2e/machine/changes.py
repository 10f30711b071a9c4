"""What is different on a machine from the system that it was made as, as far as files go."""

import hashlib
import os
import stat
from pathlib import Path

from e2e.machine.machine import Machine

# Places where systems write by themselves, whatever is installed.
_OWN_LIFE = ("run/", "tmp/", "var/log/", "var/cache/", "var/tmp/", "var/lib/systemd/", "etc/.pwd.lock")


def changed_files(machine: Machine) -> dict[str, str]:
    """Paths that are new, different or gone, each with a description of what is there now.

    Source: the upper layer of the overlay, in which a file that was removed is a character device 0:0
    (kernel Documentation/filesystems/overlayfs.rst). Folders count only where the system as made has none.
    """
    found = {}
    for place, folders, files in os.walk(machine.upper):
        for name in [*folders, *files]:
            path = Path(place, name)
            relative = str(path.relative_to(machine.upper))
            if relative.startswith(_OWN_LIFE):
                continue
            now = _description(path)
            if now != _description(machine.root / relative):
                found[relative] = now
    return found


def _description(path: Path) -> str:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    if stat.S_ISLNK(status.st_mode):
        return f"link to {path.readlink()}"
    if stat.S_ISREG(status.st_mode):
        return f"file {hashlib.sha256(path.read_bytes()).hexdigest()}"
    if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
        return "nothing"
    return f"special file {oct(status.st_mode)}"
