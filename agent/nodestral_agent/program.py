"""How this program starts itself again: the same interpreter on the same files, isolated from the environment.

-I ignores PYTHON* variables and the user's site folder, -S the site module, -B writes no byte code. Run as a script,
not as a folder: for a folder or a zip Python loads `runpy` and what it needs, 2 MB that would stay.

-OO drops docstrings, which is less memory for a process that stays. For one that does not it is the wrong choice: a
distribution ships its standard library's byte code without it, so every module would be compiled anew at each start.
"""

from __future__ import annotations

import os
import sys

FLAGS = ["-I", "-S", "-B"]
STAYING = "-OO"


def folder() -> str:
    """What holds the package: a folder, or a .pyz file. Both can be run by Python."""
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def argv(*arguments: str, staying: bool = False) -> list[str]:
    """The command line of this program with other arguments. staying: for the resident process."""
    holder = folder()
    script = f"{holder}/__main__.py"
    # In a zip there is no such file.
    start = script if os.path.exists(script) else holder
    flags = [*FLAGS, STAYING] if staying else FLAGS
    return [sys.executable or "/usr/bin/python3", *flags, start, *arguments]


def is_small() -> bool:
    """Whether this process was started in the way that costs the least memory, or has no better one."""
    flags = sys.flags
    as_asked = flags.isolated and flags.no_site and flags.dont_write_bytecode and flags.optimize >= 2
    return bool(as_asked and "runpy" not in sys.modules) or not os.path.exists(f"{folder()}/__main__.py")


def become_small(*arguments: str) -> None:
    """Replace this process by the same program started in the smallest way. The process id stays."""
    command = argv(*arguments, staying=True)
    os.execv(command[0], command)  # noqa: S606 # its own program, with the arguments it was given
