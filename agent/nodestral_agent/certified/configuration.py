"""Reads configurations as their programs do: files that include others by pattern, within bounds and without loops."""

from __future__ import annotations

import fnmatch
import posixpath
from dataclasses import dataclass, field

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

FILES_MAX = 1000
FILE_MAX = 1 << 20
# Of one pattern, and of all that it looks at on the way.
MATCHES_MAX = 1000
WILD = frozenset("*?[")


@dataclass
class Named:
    """What the configuration of one program names.

    keys: files that hold private keys by this configuration, some of them certificates too; they are never opened.
    chains: a certificate's file and the one with its intermediates. server_names: what clients may ask for, and on
    which ports (none for any). denied: what could not be looked into. renewed: files of certificates that the program
    obtains by itself. sealed: files in which it keeps such together with their keys.
    """

    program: str
    certificates: dict[str, None] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    chains: dict[str, str] = field(default_factory=dict)
    server_names: dict[str, set[int]] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)
    sealed: dict[str, None] = field(default_factory=dict)
    renewed: set[str] = field(default_factory=set)

    def certificate(self, path: str, key: str | None) -> None:
        """A pair of files. A key of None is told elsewhere; one of the same path means that the file holds both."""
        path = posixpath.normpath(path)
        if not path.startswith("/"):
            return
        self.certificates[path] = None
        if key is not None:
            self.key(key)

    def key(self, path: str) -> None:
        """A file that holds a private key."""
        self.keys.add(posixpath.normpath(path))


class Configuration:
    """The files of one program's configuration, below the host's root."""

    def __init__(self, host: Host, named: Named) -> None:
        self.host = host
        self.named = named
        self._seen: set[str] = set()

    def text(self, path: str) -> str:
        """A file, once: "" the second time, when it is not there, too large, or denied (which is noted)."""
        path = posixpath.normpath(path)
        if path in self._seen or len(self._seen) >= FILES_MAX or not path.startswith("/"):
            return ""
        self._seen.add(path)
        try:
            return self.host.text(path, FILE_MAX)
        except Denied:
            self.named.denied[path] = None
        except (Unavailable, CollectorError):
            pass
        return ""

    def names(self, folder: str) -> list[str]:
        """The entries of a folder; none when it is not there or denied (which is noted)."""
        try:
            return self.host.names(folder or "/")
        except Denied:
            self.named.denied[folder] = None
        except (Unavailable, CollectorError):
            pass
        return []

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this name, which may be looked into."""
        try:
            self.host.names(path)
        except (Unavailable, CollectorError):
            return False
        return True

    def matching(self, pattern: str) -> list[str]:
        """The paths that an absolute shell pattern stands for, sorted; a path without wildcards as it is."""
        pattern = posixpath.normpath(pattern)
        if not pattern.startswith("/") or "\0" in pattern:
            return []
        found = [""]
        for part in pattern.split("/")[1:]:
            if not WILD.intersection(part):
                found = [f"{path}/{part}" for path in found]
                continue
            hidden = part.startswith(".")
            found = [
                f"{path}/{name}"
                for path in found
                for name in self.names(path)
                if fnmatch.fnmatchcase(name, part) and (hidden or not name.startswith("."))
            ][:MATCHES_MAX]
        return found

    def included(self, pattern: str) -> list[str]:
        """The texts of all files that a pattern stands for."""
        return [text for path in self.matching(pattern) if (text := self.text(path))]


def joined(folder: str, path: str) -> str:
    """A path of a configuration that may be relative to a folder."""
    return posixpath.join(folder, path)


def unquoted(word: str) -> str:
    """Without the quotes around it."""
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'" else word
