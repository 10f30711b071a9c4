"""supervisord: the programs of its configuration, beside the processes that it has started.

Its own answer (the state of each program, exits, restarts) is behind a socket that is usually root's. So: which program
runs is told by processes, which is stopped by the configuration; why it stopped is not told.
"""

from __future__ import annotations

import fnmatch
import re
import shlex
from dataclasses import dataclass

from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.command_line import program_of, short
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import service_item

MANAGER = "supervisord"
CONFIGURATIONS = ("/etc/supervisor/supervisord.conf", "/etc/supervisord.conf")
COPIES_MAX = 100
NUMBER = re.compile(r"%\((?:process_num)\)0?(\d*)d?")
COMMENT = re.compile(r"\s;.*$")


@dataclass(frozen=True)
class Program:
    """One process that is meant to run. `command` never leaves this machine."""

    name: str
    command: list[str]
    user: str | None
    starts: bool
    path: str


def sections(text: str) -> dict[str, dict[str, str]]:
    """The sections of a configuration: INI with comments after ` ;` and values that go on in indented lines."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    name = ""
    for raw in text.splitlines():
        line = COMMENT.sub("", raw).rstrip()
        if not line or line.startswith((";", "#")):
            continue
        if line.startswith("[") and "]" in line:
            current = found.setdefault(line[1 : line.index("]")].strip(), {})
        elif raw[0].isspace() and name in current:
            current[name] += f" {line.strip()}"
        else:
            name, _, value = (part.strip() for part in line.partition("="))
            current[name] = value
    return found


def programs(path: str, text: str) -> list[Program]:
    """The programs of one file."""
    found = []
    for title, values in sections(text).items():
        kind, _, name = title.partition(":")
        if kind not in ("program", "eventlistener", "fcgi-program") or not name:
            continue
        try:
            command = shlex.split(values.get("command", "").replace("%%", "%"))
        except ValueError:
            command = []
        copies = min(int(values["numprocs"]), COPIES_MAX) if values.get("numprocs", "").isdigit() else 1
        first = int(values["numprocs_start"]) if values.get("numprocs_start", "").isdigit() else 0
        starts = values.get("autostart", "true").lower() not in ("false", "no", "off", "0")
        for number in range(first, first + copies):
            made = process_name(values.get("process_name", "%(program_name)s"), name, number)
            unit = name if made == name else f"{name}:{made}"
            found.append(Program(unit, command, values.get("user"), starts, path))
    return found


def process_name(pattern: str, program: str, number: int) -> str:
    """`%(program_name)s_%(process_num)02d` with its values."""
    named = pattern.replace("%(program_name)s", program)
    return NUMBER.sub(lambda matched: f"{number:0{int(matched[1] or 0)}d}", named)


def look(machine: Machine, found: Findings) -> None:
    """The programs of every supervisord that runs here."""
    for daemon in machine.found("supervisord"):
        add(machine, daemon, found)


def add(machine: Machine, daemon: Entry, found: Findings) -> None:
    """One supervisord."""
    owner = machine.table.user(daemon.pid)
    scope = "system" if owner in ("root", None) else "user"
    wanted = configured(machine, daemon.pid)
    children = machine.table.started_by(daemon.pid)
    for program in wanted:
        item = service_item(scope, program.name, owner, MANAGER, unit_path=program.path)
        item.update(enabled="enabled" if program.starts else "disabled", activates=program_of(program.command) or None)
        child = next((one for one in children if is_of(machine.table.arguments(one.pid), program.command)), None)
        if child:
            children.remove(child)
            found.add(item | machine.run_of(child) | {"sub_state": "RUNNING", "source": "both"})
        else:
            found.add(item | {"state": "inactive", "source": "file", "user": program.user or owner})
    for child in children:
        # Its configuration is closed, or has changed since it was read.
        unit = short(program_of(machine.table.arguments(child.pid))) or child.name
        found.add(service_item(scope, unit, owner, MANAGER) | machine.run_of(child) | {"sub_state": "RUNNING"})
    if not wanted:
        found.lack("The configuration of supervisord cannot be read: only programs that run are seen.")
    elif any(item["manager"] == MANAGER and item["state"] == "inactive" for item in found.items.values()):
        found.lack(
            "Why a program of supervisord does not run is not seen: who may ask that may start and stop programs too."
        )


def configured(machine: Machine, pid: int) -> list[Program]:
    """The programs of a supervisord's configuration and of the files that it includes."""
    named = option(machine.table.arguments(pid))
    for path in [named] if named else CONFIGURATIONS:
        text = machine.text(path)
        if text:
            files = [path, *included(machine, path, sections(text).get("include", {}).get("files", ""))]
            return [program for file in files for program in programs(file, machine.text(file))]
    return []


def option(arguments: list[str]) -> str:
    """The configuration that a command line names with `-c FILE`; "" when it names none by its whole path."""
    path = ""
    for at, word in enumerate(arguments):
        if word in ("-c", "--configuration") and at + 1 < len(arguments):
            path = arguments[at + 1]
        elif word.startswith("--configuration="):
            path = word.partition("=")[2]
        elif word.startswith("-c/"):
            path = word[2:]
    return path if path.startswith("/") and "/../" not in f"{path}/" else ""


def included(machine: Machine, path: str, patterns: str) -> list[str]:
    """The files of an [include]: names with wildcards, relative to the file that includes them."""
    here = path.rpartition("/")[0]
    found: list[str] = []
    for pattern in patterns.replace("%(here)s", here).split():
        whole = pattern if pattern.startswith("/") else f"{here}/{pattern}"
        folder, _, name = whole.rpartition("/")
        if "/../" not in f"{whole}/" and "*" not in folder:
            found.extend(f"{folder}/{one}" for one in machine.names(folder) if fnmatch.fnmatchcase(one, name))
    return found


def is_of(arguments: list[str], command: list[str]) -> bool:
    """Whether a process was started by this command: a script's line begins with its interpreter besides."""
    if not command or len(arguments) < len(command):
        return False
    tail = arguments[len(arguments) - len(command) :]
    return all(
        "%(" in meant or seen == meant or (not at and seen.rpartition("/")[2] == meant.rpartition("/")[2])
        for at, (seen, meant) in enumerate(zip(tail, command))
    )
