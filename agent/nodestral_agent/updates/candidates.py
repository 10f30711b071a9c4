"""Which version apt would choose of a package (apt_preferences(5), and pkgPolicy in apt's sources)."""

from __future__ import annotations

from nodestral_agent.packages.pins import Pin, meant
from nodestral_agent.updates.archives import INSTALLED, Archive
from nodestral_agent.updates.debian_version import order

# Of APT::Default-Release.
TARGET = 990
# From here on apt goes back to an older version.
DOWNGRADE = 1000
LETTERS = {
    "o": "origin",
    "l": "label",
    "a": "suite",
    "n": "codename",
    "v": "version",
    "c": "component",
    "b": "architecture",
}


class Policy:
    """Pins and the default release, as they stand on one machine."""

    def __init__(self, pins: list[Pin], default_release: str = "") -> None:
        self._specific = [pin for pin in pins if not pin.general]
        # Where several records speak of an archive, the first one counts, and the default release comes last.
        self._general = [pin for pin in pins if pin.general and pin.kind != "version"]
        if default_release:
            self._general.append(Pin(("*",), "release", default_release, TARGET))
        self._priorities: dict[Archive, int] = {}

    def candidate(self, name: str, source: str, installed: str, offered: dict[str, list[Archive]]) -> str | None:
        """The version that would be installed; the installed one when there is nothing better.

        offered: the archives of each version.
        """
        now, best, best_priority = order(installed), None, -1
        specific = [pin for pin in self._specific if pin.is_about(name, source)]
        for version in sorted({*offered, installed}, key=order, reverse=True):
            archives = offered.get(version, [])
            priority = self._priority(specific, version, archives, version == installed)
            if priority == 0 or priority <= best_priority:
                continue
            if priority < DOWNGRADE and order(version) < now:
                continue
            best, best_priority = version, priority
        return best

    def _priority(self, specific: list[Pin], version: str, archives: list[Archive], installed: bool) -> int:
        for pin in specific:
            if pin.kind == "version":
                if meant(pin.what, version):
                    return pin.priority
            elif any(matches(pin, archive) for archive in archives):
                return pin.priority
        priorities = [self._of_archive(archive) for archive in archives]
        return max([*priorities, INSTALLED] if installed else priorities, default=-1)

    def _of_archive(self, archive: Archive) -> int:
        if archive not in self._priorities:
            chosen = (pin.priority for pin in self._general if matches(pin, archive))
            self._priorities[archive] = next(chosen, archive.priority)
        return self._priorities[archive]


def matches(pin: Pin, archive: Archive) -> bool:
    """Whether a record for releases or origins means this archive."""
    if pin.kind == "origin":
        return meant(pin.what.strip('"'), archive.site)
    for condition in pin.what.split(","):
        letter, equals, value = (part.strip() for part in condition.partition("="))
        if not equals:  # `release bookworm`
            names = (archive.version,) if letter[:1].isdigit() else (archive.suite, archive.codename)
            if not any(meant(letter, name) for name in names):
                return False
        elif letter not in LETTERS or not meant(value.strip('"'), getattr(archive, LETTERS[letter])):
            return False
    return True
