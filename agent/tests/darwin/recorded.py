"""A Mac as a single file: what its programs print by their whole command line, its files, and what is made of them.

The cases are written by hand in the formats that Apple's manual pages and sources give: there is no Mac among the
machines that the tests run on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.tests.collectors.recorded import RecordedHost

from nodestral_agent.darwin.host import DarwinHost
from nodestral_agent.errors import CollectorError, Unavailable

CASES = Path(__file__).resolve().parent / "cases"


class RecordedMac(RecordedHost, DarwinHost):
    """A case laid out below a folder."""

    clock_seconds = 1000.0

    def run(
        self,
        argv: list[str],
        seconds: float = 10,  # noqa: ARG002 # the host's own signature
        limit: int = 8 << 20,  # noqa: ARG002
        environment: dict[str, str] | None = None,  # noqa: ARG002
        ended: range = range(1),  # noqa: ARG002
    ) -> bytes:
        commands = self.case.get("commands", {})
        line = " ".join(argv)
        if line not in commands:
            raise Unavailable(f"{argv[0]} is not installed")
        printed = commands[line]
        if printed is None:
            raise CollectorError("ended with status 1", argv[0])
        return ("\n".join(printed) + "\n").encode("utf-8", "surrogateescape")

    def monotonic(self) -> float:
        return self.clock_seconds


def load(name: str) -> dict[str, Any]:
    """A case by its name."""
    case: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return case
