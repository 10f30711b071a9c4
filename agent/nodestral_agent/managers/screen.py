"""GNU screen: sessions that keep programs running in their windows, seen by their processes. Needs no privilege."""

from __future__ import annotations

from nodestral_agent.managers import terminal
from nodestral_agent.managers.kind import Findings, Machine

MANAGER = "screen"


def look(machine: Machine, found: Findings) -> None:
    """Every session. What keeps it writes its own name in capitals: `SCREEN -dmS work`."""
    for server in machine.found("screen"):
        arguments = machine.table.arguments(server.pid)
        if arguments and arguments[0].rpartition("/")[2] == "SCREEN":
            terminal.add(machine, MANAGER, server, session_name(arguments) or "screen", found)


def session_name(arguments: list[str]) -> str:
    """The name after `-S`, which may end a group of options: `-dmS work`."""
    for word, following in zip(arguments, arguments[1:]):
        if word.startswith("-") and not word.startswith("--") and word.endswith("S"):
            return following
    return ""
