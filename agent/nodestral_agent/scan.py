"""One scan of the machine: one collector after another in a process that is watched; none waits long for another.

A collector that hangs, crashes or says too much costs only itself: its process is killed at its deadline and its
section's coverage says so (workers.py). The result of each is cleaned, bounded, sorted and hashed here, in a
short-lived process, so that the resident one never holds it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import time
from collections.abc import Callable
from typing import Any

from nodestral_agent import files, pages, remembered
from nodestral_agent.codec import encode
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.hosts import collectors_of, this_host
from nodestral_agent.report import ITEMS_MAX, coverage, section
from nodestral_agent.workers import Watch

COLLECTOR_SECONDS = 30.0
# The items of one section in a report; the report as a whole may have 8 MiB.
SECTION_MAX = 1536 << 10
MEMORY_MAX = 512 << 20
# As items travel, but for what is not yet cleaned.
COMPACT = json.JSONEncoder(separators=(",", ":")).encode


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


def examined(collector: Collector, host: Host) -> dict[str, Any]:
    """The section of one collector, with how long it took."""
    begun = host.monotonic()
    result = collected(collector, host)
    result["coverage"]["duration_seconds"] = round(host.monotonic() - begun, 3)
    return finished(result)


def failed(complaint: str, seconds: float) -> dict[str, Any]:
    """The section of a collector that had to be ended."""
    return {"coverage": {**coverage("error", complaint), "duration_seconds": round(seconds, 3)}}


def limited() -> None:
    """A worker that wants all of the machine's memory gets none."""
    gc.disable()  # it ends before the first collection would pay
    with contextlib.suppress(OSError, ValueError):  # a hardened unit may forbid it, and has a limit of its own
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


def scan(host: Host, collectors: tuple[Collector, ...], seconds: float = COLLECTOR_SECONDS) -> dict[str, Any]:
    """All sections: `{name: {coverage, hash?, items?, gauges?, watch?}}`; no hash where nothing is known."""

    def prepare() -> tuple[list[str], Callable[[int], bytes]]:
        limited()
        return [each.SECTION for each in collectors], lambda number: encode(examined(collectors[number], host))

    watch = Watch(prepare, seconds)
    watch.run(json.loads)
    found = {}
    for number, result in watch.results.items():
        found[watch.names[number]] = json.loads(result) if isinstance(result, bytes) else failed(*result)
    return {name: found[name] for name in sorted(found)}


def for_the_resident(root: str, into: str, server: str) -> tuple[list[str], Callable[[int], bytes]]:
    """The sections of this machine, and what makes one: as JSON, its items in a file below `into`, if that is given."""
    limited()
    host = this_host(root, into, server)
    collectors = collectors_of(host)
    # What was needed to load them is not needed to run them.
    pages.let_go()

    def section_of(number: int) -> bytes:
        name = collectors[number].SECTION
        found = {name: examined(collectors[number], host)}
        try:
            return encode((stored(found, into, time.time()) if into else found)[name])
        except OSError as error:
            # A full or read-only disk. The report must not promise items that nobody can read.
            return encode(failed(f"what was found could not be kept in {into}: {error.strerror}", 0.0))

    return [each.SECTION for each in collectors], section_of


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
