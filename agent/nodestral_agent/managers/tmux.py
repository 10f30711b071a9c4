"""tmux: servers that keep programs running in their windows, seen by their processes. Needs no privilege.

The server itself would tell more, but only to its own user, and it may make whoever asks run a program.
"""

from __future__ import annotations

from nodestral_agent.managers import terminal
from nodestral_agent.managers.kind import Findings, Machine

MANAGER = "tmux"


def look(machine: Machine, found: Findings) -> None:
    """Every server, called by the session that it was started with, or by its socket."""
    for server in machine.found("tmux: server"):
        told = terminal.word_after(machine.table.arguments(server.pid), "-s", "-L", "-S")
        socket = told.get("-L") or told.get("-S", "").rpartition("/")[2]
        terminal.add(machine, MANAGER, server, told.get("-s") or socket or "default", found)
