"""One scan of the machine: one collector after another, each in a process of its own; none waits long for another.

A collector that hangs, crashes or says too much costs only itself: it is killed at its deadline and its section's
coverage says so. The result of each is cleaned, bounded, sorted and hashed here, in the short-lived child, so that the
resident process never holds it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

from nodestral_agent import files, pages, remembered
from nodestral_agent.codec import encode
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.hosts import collectors_of, this_host
from nodestral_agent.report import ITEMS_MAX, coverage, section

COLLECTOR_SECONDS = 30.0
# A collector has the machine to itself for so long; if it is not done then, the next one begins beside it. All at once
# would need the memory of all together, and take no less time on a machine with few cores.
ALONE_SECONDS = 0.5
COLLECTOR_OUTPUT_MAX = 16 << 20
# The items of one section in a report; the report as a whole may have 8 MiB.
SECTION_MAX = 1536 << 10
MEMORY_MAX = 512 << 20
# As items travel, but for what is not yet cleaned.
COMPACT = json.JSONEncoder(separators=(",", ":")).encode


class Running:
    """A collector at work."""

    def __init__(self, collector: Collector, host: Host, seconds: float) -> None:
        self.collector = collector
        self.host = host
        self.begun = host.monotonic()
        # The deadline is real even where the host's clock is a test's.
        self.deadline = time.monotonic() + seconds
        self.pieces: list[bytes] = []
        self.size = 0
        self.reader, writer = os.pipe()
        sys.stdout.flush()
        self.process = os.fork()
        if self.process == 0:
            _work(collector, host, writer, seconds)
        os.close(writer)

    def end(self, complaint: str = "") -> dict[str, Any]:
        """Kill what is left of it; its section as `scan` returns it."""
        try:
            os.killpg(self.process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.reader)
        result: dict[str, Any] = {}
        if not complaint:
            try:
                result = json.loads(b"".join(self.pieces))
            except ValueError:
                complaint = "the collector crashed"
        if complaint:
            result = {"coverage": coverage("error", complaint)}
        result["coverage"]["duration_seconds"] = round(self.host.monotonic() - self.begun, 3)
        return result


def _work(collector: Collector, host: Host, writer: int, seconds: float) -> None:
    """The whole life of a collector's process."""
    status = 1
    try:
        os.setpgid(0, 0)
        # If the scan itself is killed, nobody is left to end this process at its deadline.
        signal.alarm(int(seconds) + 2)
        with contextlib.suppress(OSError, ValueError):  # a hardened unit may forbid it, and has a limit of its own
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        text = json.dumps(collected(collector, host)).encode()
        while text:
            text = text[os.write(writer, text) :]
        status = 0
    finally:
        os._exit(status)


def collected(collector: Collector, host: Host) -> dict[str, Any]:
    """What one collector found, or why it found nothing: `{coverage, items?, gauges?, stamp?, watch?}`.

    Never raises a plain error. In place of `items` stands the `hash` of what the last scan found, if nothing changed.
    """
    stamp = remembered.stamp_of(collector, host)
    last = remembered.recalled(collector.SECTION, host, stamp) if stamp else None
    if last is not None:
        return last
    try:
        found = collector.collect(host)
    except Unavailable as error:
        # Nothing of this kind is here, which is a complete answer.
        return {"coverage": coverage("absent", str(error)), "items": [], "gauges": {}}
    except Denied as error:
        return {"coverage": coverage("denied", str(error), error.grant)}
    except CollectorError as error:
        return {"coverage": coverage("error", str(error))}
    except Exception as error:  # noqa: BLE001 # the one edge at which a collector's bug becomes coverage
        return {"coverage": coverage("error", f"{type(error).__name__}: {error}")}
    kept = bounded(found.items)
    told = dict(found.coverage)
    if len(kept) < len(found.items):
        told.update(level="partial", reason=f"only {len(kept)} of {len(found.items)} fit into a report")
    return {"coverage": told, "items": kept, "gauges": found.gauges, "stamp": stamp, "watch": found.watch}


def scan(host: Host, collectors: tuple[Collector, ...], seconds: float = COLLECTOR_SECONDS) -> dict[str, Any]:
    """All sections: `{name: {coverage, hash?, items?, gauges?, watch?}}`; no hash where nothing is known."""
    coming = list(collectors)
    running: dict[int, Running] = {}
    waiting = select.poll()
    results = {}
    next_start = 0.0
    # What was needed to load the collectors is not needed to watch them.
    pages.let_go()
    while running or coming:
        now = time.monotonic()
        if coming and (not running or now >= next_start):
            begun = Running(coming.pop(0), host, seconds)
            running[begun.reader] = begun
            waiting.register(begun.reader, select.POLLIN)
            next_start = now + ALONE_SECONDS
            continue
        limit = next_start if coming else now + seconds
        late = [reader for reader, work in running.items() if work.deadline <= now]
        ready = [] if late else [reader for reader, _ in waiting.poll(_milliseconds(running, now, limit))]
        for reader in late or ready:
            work = running[reader]
            complaint = f"took longer than {seconds:g} s" if late else ""
            if not late:
                piece = os.read(reader, 1 << 16)
                work.pieces.append(piece)
                work.size += len(piece)
                if work.size > COLLECTOR_OUTPUT_MAX:
                    complaint = "found more than can be reported"
                elif piece:
                    continue
            waiting.unregister(reader)
            results[work.collector.SECTION] = finished(running.pop(reader).end(complaint))
    return {name: results[name] for name in sorted(results)}


def _milliseconds(running: dict[int, Running], now: float, limit: float) -> float:
    return max(1.0, (min(limit, *(work.deadline for work in running.values())) - now) * 1000 + 1)


def finished(result: dict[str, Any]) -> dict[str, Any]:
    """A collector's result as a section: cleaned and hashed."""
    told = result["coverage"]
    built: dict[str, Any] = {"coverage": coverage(told["level"], told.get("reason", ""), told.get("grant", ""))}
    built["coverage"]["duration_seconds"] = min(max(0.0, told.get("duration_seconds", 0.0)), 1e6)
    items = result.get("items")
    if "hash" in result:
        built.update(hash=result["hash"], gauges=result["gauges"])
    elif items is not None:
        built.update(section(items, result.get("gauges")))
        built["stamp"] = result.get("stamp", "")
        if result.get("watch"):
            built["watch"] = result["watch"]
    return built


def bounded(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many items as may travel together."""
    size = 0
    for at, item in enumerate(items[:ITEMS_MAX]):
        size += len(COMPACT(item))
        if size > SECTION_MAX:
            return items[:at]
    return items[:ITEMS_MAX]


def stored(sections: dict[str, Any], folder: str, at: float) -> dict[str, Any]:
    """Write each section's items to its file and leave them out: what the resident process keeps."""
    for name, found in sections.items():
        items, stamp = found.pop("items", None), found.pop("stamp", "")
        if stamp:
            remembered.keep(name, folder, found, stamp, at)
        if items is None:
            continue
        path = f"{folder}/{name}-{found['hash']}.json"
        if not os.path.exists(path):
            files.write(path, encode(items), durable=False)
    return sections


def main(arguments: list[str]) -> int:
    """`scan --root ROOT [--into FOLDER] [--server URL]`: prints one JSON object."""
    gc.disable()  # this process ends before the first collection would pay
    options = dict(zip(arguments[::2], arguments[1::2]))
    host = this_host(options.get("--root", "/"), options.get("--into", ""), options.get("--server", ""))
    sections = scan(host, collectors_of(host))
    if "--into" in options:
        sections = stored(sections, options["--into"], time.time())
    sys.stdout.buffer.write(encode(sections) + b"\n")
    return 0
