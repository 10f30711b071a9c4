"""The unprivileged account that runs the embedded services when this process is root: PostgreSQL refuses root.

An ordinary user runs them as himself, and no account is made.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from nodestral.embedded.errors import EmbeddedError


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


def service_account(name: str, home: Path) -> Account | None:
    """The system account `name`, made if it is missing. None when this process is not root: then nothing changes hands.

    home: what the account's entry names as its home; it is not created. Raises EmbeddedError.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        _create(name, home)
        entry = pwd.getpwnam(name)
    if entry.pw_uid == 0:
        raise EmbeddedError(
            f"The account {name} has the user id 0. Remove it, so that one without privileges can be made."
        )
    return Account(name, entry.pw_uid, entry.pw_gid)


def current_user() -> str:
    """The name of the user that this process is; his number if he has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _create(name: str, home: Path) -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and this machine has no useradd to make the account {name}. "
            f"Make a system account of that name, or start Nodestral as an ordinary user."
        )
    done = subprocess.run(
        [
            program, "--system", "--user-group", "--no-create-home", "--home-dir", str(home),
            "--shell", "/usr/sbin/nologin", name,
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    # Two starts at once: the other one made it.
    if done.returncode not in {0, _NAME_IN_USE}:
        raise EmbeddedError(f"The account {name} could not be made: {done.stderr.strip()}")


# useradd(8), EXIT VALUES: username or group name already in use.
_NAME_IN_USE = 9
