"""The resident process's side of a scan: starts the child, and knows what of its result the server has.

The items themselves stay in files (sections/NAME-HASH.json): they may be megabytes, are needed once, and would stay in
the resident process's memory for ever.
"""

from __future__ import annotations

import os

from nodestral_agent import files, program
from nodestral_agent.child import PLAIN, Child
from nodestral_agent.codec import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

# Collectors have limits of their own; these are for the child as a whole, whose output is hashes, gauges and coverage.
SCAN_SECONDS = 90.0
OUTPUT_MAX = 2 << 20
# When the sections of a report have reached so many bytes, the others travel with the next one. A section has 1.5 MiB
# at most, so a report stays well below the 8 MiB that the server takes, and below its 1 MiB when it is compressed.
ROOM = 2 << 20


class Inventory:
    """Sections of the last scan, and the hashes that were told."""

    def __init__(self, folder: str, root: str, server: str, say: Callable[[str], None]) -> None:
        """`server`: the address that the agent reports to, for what collectors recommend."""
        self._folder = folder
        self._root = root
        self._server = server
        self._say = say
        self._child: Child | None = None
        self._found: dict[str, dict[str, Any]] = {}
        self._told: dict[str, str] = {}
        self._untold_scan = False
        self._trouble = ""
        # After a refusal sections travel one by one, to find the one that the server does not take.
        self._one_by_one = False
        self._last: list[str] = []
        # Whether sections were left for the report after the last one.
        self.more = False
        self._refused: dict[str, str] = {}

    @property
    def descriptor(self) -> int | None:
        """Readable when the scan under way has more to say."""
        return self._child.descriptor if self._child else None

    def start(self) -> None:
        """Begin a scan unless one is under way."""
        if self._child is not None:
            return
        argv = program.argv("scan", "--root", self._root or "/", "--into", self._folder, "--server", self._server)
        # Collectors may need to find the user's own sockets (rootless containers, the user's service manager).
        environment = dict(PLAIN)
        for name in ("HOME", "XDG_RUNTIME_DIR", "USER", "DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_TLS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        try:
            self._child = Child(argv, environment, SCAN_SECONDS, OUTPUT_MAX)
        except OSError as error:
            self._note(f"the scan could not be started: {error.strerror}")

    def advance(self) -> bool:
        """Take in what the scan says; True when it has just ended well."""
        child = self._child
        if child is None or not child.advance():
            return False
        self._child = None
        if child.complaint or child.status != 0:
            self._note(f"the scan failed: {child.complaint or f'status {child.status}'}")
            return False
        try:
            found = decode(child.output)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self._note("the scan failed: what it printed is not what a scan prints")
            return False
        self._found = found
        self._untold_scan = True
        self._note("")
        self._sweep()
        return True

    def stop(self) -> None:
        """End a scan that is under way."""
        if self._child is not None:
            self._child.kill("no longer wanted")
            self._child = None

    def watched(self) -> list[dict[str, Any]]:
        """What the last scan wants the sampler to look at. Handed out once: the sampler keeps it."""
        found: list[dict[str, Any]] = []
        for section in self._found.values():
            found += section.pop("watch", [])
        return found

    def _note(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            self._say(trouble)
        self._trouble = trouble

    def _sweep(self) -> None:
        wanted = {self._file(name, section["hash"]) for name, section in self._found.items() if "hash" in section}
        try:
            names = os.listdir(self._folder)
        except OSError:
            return
        for name in names:
            if name.endswith(".json") and f"{self._folder}/{name}" not in wanted:
                files.remove(f"{self._folder}/{name}")

    def _file(self, name: str, digest: str) -> str:
        return f"{self._folder}/{name}-{digest}.json"

    def needed(self, names: list[str]) -> bool:
        """The server lacks these sections' items. True when there is something to send it."""
        for name in names:
            self._told.pop(name, None)
        return any(name in self._found for name in names)

    def changed(self) -> bool:
        """Whether a section differs from what was told."""
        return any(self._is_news(name, section) for name, section in self._found.items())

    def _is_news(self, name: str, section: dict[str, Any]) -> bool:
        digest = section.get("hash")
        return digest is not None and digest != self._told.get(name) and digest != self._refused.get(name)

    def refused(self) -> None:
        """The report that was built last was refused for good. What was alone in it is not sent again as it is."""
        if len(self._last) == 1:
            name = self._last[0]
            self._refused[name] = self._told[name]
            self._say(f"the server does not take what was found for {name}")
        else:
            self._one_by_one = self.more = True
        for name in self._last:
            self._told.pop(name, None)

    def for_report(self) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Sections as JSON and coverage for the next report: all after a scan, else only those whose items are needed.

        What is handed out counts as told: the report is on its way, and the server asks if it never arrives.
        """
        sections = {}
        size = 0
        self._last = []
        self.more = False
        for name, section in list(self._found.items()):
            news = self._is_news(name, section)
            if news and self._last and (self._one_by_one or size > ROOM):
                self.more = True
                continue
            told = "hash" in section and self._told.get(name) == section["hash"]
            if news or (told and self._untold_scan):
                text = self._section(name, section, news)
                if text is None:
                    # Somebody removed the file of its items. The next scan writes it again.
                    del self._found[name]
                    continue
                sections[name] = text
                size += len(text)
                self._told[name] = section["hash"]
                self._last += [name] if news else []
        coverage = {name: self._coverage(name) for name in self._found} if self._untold_scan else {}
        self._untold_scan = False
        return sections, coverage

    def _coverage(self, name: str) -> dict[str, Any]:
        section = self._found[name]
        coverage: dict[str, Any] = section["coverage"]
        if "hash" in section and section["hash"] == self._refused.get(name):
            return {**coverage, "level": "error", "reason": "the server does not take what was found"}
        return coverage

    def _section(self, name: str, section: dict[str, Any], with_items: bool) -> bytes | None:
        parts = [b'"hash":' + encode(section["hash"])]
        if section.get("gauges"):
            parts.append(b'"gauges":' + encode(section["gauges"]))
        if with_items:
            try:
                parts.append(b'"items":' + files.read(self._file(name, section["hash"])))
            except OSError:
                return None
        return b"{" + b",".join(parts) + b"}"
