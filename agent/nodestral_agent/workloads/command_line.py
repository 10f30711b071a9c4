"""Which program a command starts, without its arguments: those may hold passwords. Pure.

A word is told only if it looks like the name of a program or script. Of an interpreter the script is told too.
"""

from __future__ import annotations

import re
import shlex

WORD = re.compile(r"^[\w./@+~-][\w./@+~-]*$", re.ASCII)
SCRIPT = re.compile(r"(^/)|(\.(py|js|mjs|cjs|ts|rb|pl|php|sh|bash|jar|lua)$)")
INTERPRETER = re.compile(
    r"^(python[\d.]*|node|nodejs|ruby[\d.]*|perl|php[\d.]*|bash|sh|dash|zsh|lua[\d.]*|deno|bun|java)$"
)
MODULE = re.compile(r"^[A-Za-z_][\w.]{0,80}$", re.ASCII)
ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
# What ends one command of a line of shell and begins the next.
OPERATORS = frozenset({"&&", "||", ";", "|", "&", "(", ")", "{", "}", "if", "then", "else", "do", "while", ";;"})
# What a line of a crontab says before it comes to the point.
BEFOREHAND = frozenset(
    {"test", "[", "[[", "cd", "fi", "done", "true", ":", "export", "set", "umask", "ulimit", "sleep"}
)
# Programs that only start another one, which is the first later word with a path.
WRAPPERS = frozenset(
    {"nice", "ionice", "chrt", "timeout", "env", "sudo", "su", "setsid", "nohup", "chronic", "time", "exec", "flock"}
)
COMMAND_MAX = 4096


def program_of(argv: list[str]) -> str:
    """`/usr/bin/python3 /srv/app.py` of `/usr/bin/python3 -u /srv/app.py --password=…`; "" when nothing can be told."""
    if len(argv) == 1:  # a program that has written a title over its command line
        argv = argv[0].split()
    if not argv or not WORD.match(argv[0]):
        return ""
    name = argv[0].rpartition("/")[2]
    if not INTERPRETER.match(name):
        return argv[0]
    for at, word in enumerate(argv[1:], 1):
        if word in ("-m", "-jar") and at + 1 < len(argv):
            inner = argv[at + 1]
            told = MODULE.match(inner) if word == "-m" else WORD.match(inner) and SCRIPT.search(inner)
            return f"{argv[0]} {word} {inner}" if told else argv[0]
        if not word.startswith("-"):
            return f"{argv[0]} {word}" if WORD.match(word) and SCRIPT.search(word) else argv[0]
        if word in ("-c", "-e", "-r"):
            break
    return argv[0]


def short(program: str) -> str:
    """The same without folders: `python3 app.py`."""
    return " ".join(word.rpartition("/")[2] or word for word in program.split(" "))


def words_of(text: str) -> list[str]:
    """A line of shell as words, operators apart. What cannot be read as shell ends before its first quote."""
    for candidate in (text[:COMMAND_MAX], re.split(r"[\"'\\]", text[:COMMAND_MAX], maxsplit=1)[0]):
        reader = shlex.shlex(candidate, posix=True, punctuation_chars=True)
        reader.whitespace_split = True
        reader.commenters = ""
        try:
            return list(reader)
        except ValueError:
            continue
    return []


def first_program(text: str) -> str:
    """The program that a line of a crontab is about: `test -x /a && cd / && PASSWORD=x nice /a --all` is about `/a`."""
    command: list[str] = []
    for word in [*words_of(text), ";"]:
        if word not in OPERATORS:
            command.append(word)
            continue
        while command and (command[0] == "!" or ASSIGNMENT.match(command[0])):
            command.pop(0)
        if command and command[0] not in BEFOREHAND:
            told = unwrapped(command)
            if told:
                return told
        command = []
    return ""


def unwrapped(command: list[str]) -> str:
    """The program of one simple command; of `sudo -u bob /srv/job` it is /srv/job, not the wrapper."""
    name = command[0].rpartition("/")[2]
    if name in WRAPPERS:
        paths = [at for at, word in enumerate(command) if at and word.startswith("/") and WORD.match(word)]
        # flock's first path is that of its lock.
        paths = paths[1:] if name == "flock" else paths
        return unwrapped(command[paths[0] :]) if paths else name
    return program_of(command)
