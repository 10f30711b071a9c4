"""`unpack DIR`: installs the program of this .pyz into a folder, byte-compiled, once.

A running program from a .pyz costs 1 MB more memory and is unpacked at each start. The folder is started by

    python3 -I -S -B -OO DIR run

where -OO finds the byte code without docstrings; without it the program works too, in a little more memory. The
folder is made beside its place and renamed into it, so that a broken unpacking leaves nothing behind. An existing DIR
is refused: versions live side by side and are switched by a symbolic link.
"""

from __future__ import annotations

import compileall
import os
import shutil
import zipfile

from nodestral_agent import program
from nodestral_agent.commands.options import parser
from nodestral_agent.errors import AgentError, Misuse


def main(arguments: list[str]) -> int:
    """Prints the folder."""
    made = parser("unpack", "Install this program into a folder, byte-compiled for this Python.")
    made.add_argument("folder", metavar="DIR", help="does not exist yet")
    target = os.path.abspath(made.parse_args(arguments).folder)
    if os.path.lexists(target):
        raise Misuse(f"{target} exists already. Remove it, or choose another folder.")
    building = f"{target}.{os.getpid()}.new"
    try:
        os.makedirs(building)
        _copy(program.folder(), building)
        # Not compiled into __pycache__ by whoever runs it: the folder may belong to root and the agent not.
        for level in (0, 2):
            # The paths in tracebacks are those of the final place.
            if not compileall.compile_dir(building, quiet=1, optimize=level, stripdir=building, prependdir=target):
                raise AgentError("The program could not be byte-compiled.")
        os.rename(building, target)
    except OSError as error:
        raise AgentError(f"{target} could not be made: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    print(target)
    return 0


def _copy(source: str, target: str) -> None:
    if os.path.isfile(source):
        with zipfile.ZipFile(source) as archive:
            archive.extractall(target)  # of the program that is running this line
        return
    shutil.copytree(
        f"{source}/nodestral_agent", f"{target}/nodestral_agent", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(f"{source}/__main__.py", target)
