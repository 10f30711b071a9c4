"""How this program starts itself again: the same interpreter on the same files, isolated from the environment.

-I ignores PYTHON* variables and the user's site folder, -S the site module, -B writes no byte code, -OO drops
docstrings (and is what the unpacked byte code is compiled for).
"""

from __future__ import annotations

import os
import sys

FLAGS = ["-I", "-S", "-B", "-OO"]


def folder() -> str:
    """What holds the package: a folder, or a .pyz file. Both can be run by Python."""
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def argv(*arguments: str) -> list[str]:
    """The command line of this program with other arguments."""
    return [sys.executable or "/usr/bin/python3", *FLAGS, folder(), *arguments]
