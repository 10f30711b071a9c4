"""The command line. Each command is a module of its own, loaded when it is asked for: `run` stays small that way."""

from __future__ import annotations

import os
import sys

from nodestral_agent import __version__
from nodestral_agent.errors import AgentError, Misuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

USAGE = """usage: nodestral-agent COMMAND [OPTIONS]

  enroll    make this machine a node: --server URL, and an install token by --token-file, environment or input
  run       sample, scan and report until stopped (what the service runs)
  report    --print: show exactly what would be sent
  doctor    say what can and cannot be seen and sent here, and why
  status    say which node this is and what waits to be sent
  unpack    DIR: install this file's program into a folder, byte-compiled
  version   print the version

Every command takes --state DIR. COMMAND --help tells more."""

COMMANDS = ("enroll", "report", "doctor", "status", "unpack", "run", "scan", "collect-privileged")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 well, 1 it did not work, 2 it was not understood."""
    words = sys.argv[1:] if arguments is None else arguments
    command, rest = (words[0], words[1:]) if words else ("help", [])
    try:
        if command in ("-h", "--help", "help"):
            print(USAGE)
        elif command in ("-V", "--version", "version"):
            print(f"nodestral-agent {__version__}")
        elif command in COMMANDS:
            return _load(command)(rest)
        else:
            raise Misuse(f"There is no command '{command}'. nodestral-agent --help lists them.")
    except Misuse as error:
        print(f"nodestral-agent: {error}", file=sys.stderr)
        return 2
    except AgentError as error:
        print(f"nodestral-agent: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return 0


def _load(command: str) -> Callable[[list[str]], int]:
    # `importlib.import_module` would cost the resident process 0.3 MB; this is what it does.
    name = f"nodestral_agent.commands.{command.replace('-', '_')}"
    __import__(name)
    found: Callable[[list[str]], int] = sys.modules[name].main
    return found


if __name__ == "__main__":
    sys.exit(main())
