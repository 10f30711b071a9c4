"""Which of the known agents run now, told by the command line of every process. Needs no privilege."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.observers.known import KNOWN, Known

# Programs that run another one; the name of the agent is then that of a script or module.
INTERPRETERS = ("python", "perl", "ruby", "node", "sh", "bash", "dash")
COMMAND_MAX = 64 << 10


def by_program() -> tuple[dict[str, Known], list[tuple[str, Known]], list[tuple[str, Known]]]:
    """The table turned around: by the program's name, by the end of its path, by the beginning of its command line."""
    names: dict[str, Known] = {}
    paths: list[tuple[str, Known]] = []
    lines: list[tuple[str, Known]] = []
    for known in KNOWN:
        for program in known.processes.split("|"):
            if "/" in program:
                paths.append((program, known))
            elif " " in program:
                lines.append((program, known))
            elif program:
                names[program] = known
    return names, paths, lines


def words(host: Host, pid: str) -> list[str]:
    """The command line of a process; none for the kernel's own threads, and for one that has ended or is hidden."""
    try:
        text = host.text(f"/proc/{pid}/cmdline", COMMAND_MAX)
    except (Unavailable, CollectorError):
        return []
    command = text.rstrip("\0").split("\0")
    # A program that writes a title of its own there leaves one string with spaces.
    return command if len(command) > 1 else command[0].split(" ")


def programs(command: list[str]) -> list[str]:
    """The program of a command line, and the script or module that it runs when it is an interpreter."""
    first = command[0].rstrip(":")
    found = [first]
    if first.rpartition("/")[2].rstrip("0123456789.") in INTERPRETERS:
        rest = command[1:]
        if "-m" in rest[:-1]:
            found.append(rest[rest.index("-m") + 1])
        found.extend([word for word in rest if not word.startswith("-")][:1])
    return found


def pids(host: Host) -> list[str]:
    """All processes that are shown here."""
    return [name for name in host.names("/proc") if name.isascii() and name.isdigit()]


def running(host: Host, processes: list[str]) -> dict[str, list[int]]:
    """{key of the agent: its processes}, lowest number first."""
    names, paths, lines = by_program()
    found: dict[str, list[int]] = {}
    for pid in processes:
        command = words(host, pid)
        if not command or not command[0]:
            continue
        known = None
        for program in programs(command):
            known = known or names.get(program.rpartition("/")[2])
            known = known or next((one for end, one in paths if program.endswith(end)), None)
        if known is None and lines:
            line = " ".join([command[0].rpartition("/")[2], *command[1:3]])
            known = next((one for begin, one in lines if line == begin or line.startswith(f"{begin} ")), None)
        if known:
            found.setdefault(known.key, []).append(int(pid))
    return {key: sorted(numbers) for key, numbers in found.items()}
