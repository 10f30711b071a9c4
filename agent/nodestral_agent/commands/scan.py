"""`scan`: what the resident process starts as its child. Prints one JSON object; not meant for people.

    scan [--root ROOT] [--into FOLDER] [--server URL]

This process only watches; what a scan needs is loaded in its workers.
"""

from __future__ import annotations

import os

from nodestral_agent.codec import decode, encode
from nodestral_agent.report import coverage
from nodestral_agent.workers import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

COLLECTOR_SECONDS = 30.0


def main(arguments: list[str]) -> int:
    """1 when no section at all could be looked at."""
    options = dict(zip(arguments[::2], arguments[1::2]))

    def prepare() -> tuple[list[str], Callable[[int], bytes]]:
        from nodestral_agent.scan import for_the_resident  # noqa: PLC0415 # the watching process stays small

        return for_the_resident(options.get("--root", "/"), options.get("--into", ""), options.get("--server", ""))

    watch = Watch(prepare, COLLECTOR_SECONDS)
    try:
        watch.run(decode)
    except ValueError:
        return 1
    sections = []
    for number, result in watch.results.items():
        if isinstance(result, bytes):
            section = result
        else:
            complaint, seconds = result
            told = {**coverage("error", complaint), "duration_seconds": round(seconds, 3)}
            section = encode({"coverage": told})
        sections.append((watch.names[number], section))
    text = b"{" + b",".join(encode(name) + b":" + section for name, section in sorted(sections)) + b"}\n"
    while text:
        text = text[os.write(1, text) :]
    return 0
