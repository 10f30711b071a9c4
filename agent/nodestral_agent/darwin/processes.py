"""Processes of a Mac. Source: ps(1), which shows all of them to everybody."""

from __future__ import annotations

import calendar
import time
from dataclasses import dataclass

from nodestral_agent.host import Host


@dataclass(frozen=True)
class Process:
    """started_at: Unix seconds. path: of the program, without its arguments, which may hold secrets."""

    pid: int
    parent: int
    user: str
    started_at: float | None
    memory_bytes: int
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def processes(host: Host) -> dict[int, Process]:
    """By process id. The clock is asked for in UTC by the environment that programs get here."""
    return parse(host.run(["ps", "-axo", "pid=,ppid=,user=,rss=,lstart=,comm="]).decode("utf-8", "replace"))


def parse(text: str) -> dict[int, Process]:
    """`  123     1 root   4321 Tue Nov 14 22:13:20 2023     /usr/sbin/sshd`"""
    found = {}
    for line in text.splitlines():
        words = line.split(None, 9)
        if len(words) < 10 or not (words[0].isdigit() and words[1].isdigit() and words[3].isdigit()):
            continue
        pid = int(words[0])
        started_at = _unix_seconds(" ".join(words[4:9]))
        found[pid] = Process(pid, int(words[1]), words[2], started_at, int(words[3]) * 1024, words[9])
    return found


def _unix_seconds(text: str) -> float | None:
    try:
        return float(calendar.timegm(time.strptime(text, "%a %b %d %H:%M:%S %Y")))
    except ValueError:
        return None
