"""What is alike in screen and tmux: a server without a terminal, whose children have one each.

What such a session is about is what runs in it: its first child, or what the first child's shell has run for long.
"""

from __future__ import annotations

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import service_item

SHELLS = frozenset({"bash", "sh", "dash", "zsh", "fish", "ksh", "ash", "tcsh", "su"})
# A program that a shell has run for so long is what the session is for; a shorter one is somebody at work.
LONG_SECONDS = 600.0
DEPTH_MAX = 8


def add(machine: Machine, manager: str, server: Entry, name: str, found: Findings) -> None:
    """One session. A second one with its name gets a number."""
    user = machine.table.user(server.pid)
    item = service_item("user", found.numbered(manager, user, name), user, manager)
    windows = machine.table.started_by(server.pid)
    item.update(machine.run_of(server))
    item["description"] = f"{manager} session with {len(windows)} window{'' if len(windows) == 1 else 's'}"
    if windows:
        item["main_process"] = machine.table.program_name(purpose(machine, windows[0]))
    found.add(item)


def purpose(machine: Machine, entry: Entry) -> Entry:
    """What has run in a window for long."""
    for _ in range(DEPTH_MAX):
        inner = machine.table.started_by(entry.pid)
        lasting = [one for one in inner if machine.table.age_seconds(one) >= LONG_SECONDS]
        if entry.name not in SHELLS or not lasting:
            return entry
        entry = lasting[0]
    return entry


def word_after(arguments: list[str], *options: str) -> dict[str, str]:
    """The words that follow these options on a command line, by option."""
    found: dict[str, str] = {}
    for word, following in zip(arguments, arguments[1:]):
        found.update({option: following for option in options if word == option})
    return found
