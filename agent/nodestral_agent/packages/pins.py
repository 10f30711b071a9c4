"""apt's preferences (apt_preferences(5)): which versions are wanted. Source: /etc/apt/preferences and preferences.d."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

FILE = "/etc/apt/preferences"
FOLDER = "/etc/apt/preferences.d"
# What apt reads of the folder: no extension or `.pref`, and nothing hidden.
READ = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True)
class Pin:
    """One record. names: as written, patterns among them; kind: version, release or origin; what: the rest."""

    names: tuple[str, ...]
    kind: str
    what: str
    priority: int

    @property
    def general(self) -> bool:
        """Whether it is about every package. What is about one comes first, wherever it stands."""
        return self.names == ("*",)

    def is_about(self, name: str, source: str) -> bool:
        """Whether the package is meant, by its own name or its source's (`src:`)."""
        return any(meant(word[4:], source) if word.startswith("src:") else meant(word, name) for word in self.names)


def meant(word: str, name: str) -> bool:
    """A name, a shell pattern or a /regular expression/ of apt's."""
    if word.startswith("/") and word.endswith("/") and len(word) > 2:
        expression = compiled(word[1:-1])
        return expression is not None and expression.search(name) is not None
    return fnmatchcase(name, word)


@lru_cache(maxsize=256)
def compiled(expression: str) -> re.Pattern[str] | None:
    """The expression, or None where it is none for Python."""
    try:
        return re.compile(expression)
    except re.error:
        return None


def files(host: Host) -> list[str]:
    """The files that apt reads, in its order. The folder first, so that its own time is looked at too."""
    try:
        names = host.names(FOLDER)
    except (Unavailable, CollectorError):
        names = []
    wanted = [name for name in names if READ.match(name) and ("." not in name or name.endswith(".pref"))]
    return [FOLDER, *(f"{FOLDER}/{name}" for name in wanted), FILE]


def pins(host: Host) -> list[Pin]:
    """All records. What cannot be read says nothing."""
    found = []
    for path in files(host)[1:]:
        try:
            found.extend(parsed(host.text(path)))
        except (Unavailable, CollectorError):
            continue
    return found


def parsed(text: str) -> list[Pin]:
    """The records of one file; incomplete ones are left out, as apt does."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r", "")):
        fields: dict[str, str] = {}
        last = ""
        for line in paragraph.split("\n"):
            if line.startswith("#"):
                continue
            if line[:1] in (" ", "\t") and last:
                fields[last] += f" {line.strip()}"
                continue
            name, _, value = line.partition(":")
            last = name.strip().lower()
            fields[last] = value.strip()
        kind, _, what = fields.get("pin", "").partition(" ")
        names = tuple(fields.get("package", "").split())
        try:
            priority = int(fields.get("pin-priority", ""))
        except ValueError:
            continue
        if names and kind in ("version", "release", "origin"):
            found.append(Pin(names, kind, what.strip(), priority))
    return found


class Pinned:
    """Which packages are kept at a version of somebody's choice."""

    def __init__(self, records: list[Pin]) -> None:
        self._records = [pin for pin in records if not pin.general and (pin.kind == "version" or pin.priority < 0)]

    def holds(self, name: str, source: str) -> bool:
        """Whether a record about this package fixes its version or forbids it."""
        return any(pin.is_about(name, source) for pin in self._records)
