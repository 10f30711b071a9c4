"""What a systemd manager said of its services last, for as long as nothing has happened that could change it.

`systemctl show` of a hundred services costs more than all the rest of a scan, and nearly always says what it said
before. `systemctl list-units` and `show` of the few timers cost a tenth. So the last answer stands as long as

- the list of units with their states is the same, and no timer has run since;
- every main process is the very same one, by its start;
- no folder of unit files has changed (enabled, disabled, masked);
- an hour has not passed.

A step that is over at once and is started again by hand looks the same: it is noticed within the hour. What was
measured is left out of what is kept, because control groups tell it.

    sections/managers-WHOSE.last   {"stamp", "at", "pids": {PID: start}, "units": [{property: value}]}
"""

from __future__ import annotations

from typing import Any

from nodestral_agent import files
from nodestral_agent.codec import decode, encode, sha256_hex
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import processes, systemctl, systemd_units
from nodestral_agent.workloads.unit_files import PLACES

LONGEST_SECONDS = 3600.0
MEASURED = frozenset({"MemoryCurrent", "CPUUsageNSec", "TasksCurrent"})
WISHES = (".wants", ".requires")


def shown(host: Host, manager: systemctl.Asked) -> list[dict[str, str]]:
    """All services worth listing and all timers, as `systemctl.shown` tells them."""
    if not host.memory:
        return systemctl.shown(host, manager)
    listing = host.run([*manager.argv, *systemctl.LIST], systemctl.SECONDS, environment=manager.environment)
    timers = systemctl.shown(host, manager, ("*.timer",))
    stamp = stamped(host, manager, listing, timers)
    services = recalled(host, manager, stamp)
    if services is None:
        services = systemctl.shown(host, manager, ("*.service",))
        if agree(listing, services):
            keep(host, manager, stamp, services)
    return [*services, *timers]


def agree(listing: bytes, services: list[dict[str, str]]) -> bool:
    """Whether both answers tell the same states. They come one after the other, and what happens in between would
    else be remembered under the stamp of what was before, and believed as soon as that comes back.
    """
    states = {}
    for line in listing.decode("utf-8", "replace").splitlines():
        words = line.split(None, 4)  # unit, whether its file is loaded, state, sub-state, description
        if len(words) >= 4:
            states[words[0]] = (words[2], words[3])
    told = {unit.get("Id", ""): (unit.get("ActiveState"), unit.get("SubState")) for unit in services}
    return all(states.get(name, state) == state for name, state in told.items())


def stamped(host: Host, manager: systemctl.Asked, listing: bytes, timers: list[dict[str, str]]) -> str:
    """A text that differs whenever the answer might."""
    ran = [f"{timer['Id']} {timer.get('LastTriggerUSec', '')}" for timer in timers]
    folders = [f"{place}/{manager.scope}" for place in PLACES]
    changed = [f"{folder} {modified(host, folder)}" for folder in (*folders, *wishes(host, folders))]
    return sha256_hex(listing + "\n".join([*ran, *changed]).encode("utf-8", "replace"))


def wishes(host: Host, folders: list[str]) -> list[str]:
    """The folders with links to what is enabled."""
    found: list[str] = []
    for folder in folders:
        try:
            found.extend(f"{folder}/{name}" for name in host.names(folder) if name.endswith(WISHES))
        except (Unavailable, CollectorError):
            continue
    return found


def modified(host: Host, folder: str) -> int:
    """When a folder's entries changed last; 0 where it is absent or closed."""
    try:
        return host.stat(folder).st_mtime_ns
    except (Unavailable, CollectorError):
        return 0


def recalled(host: Host, manager: systemctl.Asked, stamp: str) -> list[dict[str, str]] | None:
    """The services of the last answer, or None where it no longer stands."""
    try:
        last: Any = decode(files.read(path(host, manager)))
        is_young = 0 <= host.now() - last["at"] < LONGEST_SECONDS
        if not is_young or last["stamp"] != stamp or last["pids"] != starts(host, last["pids"]):
            return None
        units: list[dict[str, str]] = last["units"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return units


def keep(host: Host, manager: systemctl.Asked, stamp: str, services: list[dict[str, str]]) -> None:
    """Note an answer. Where it cannot be written the next scan asks again."""
    units = [
        {name: value for name, value in unit.items() if value and not (name in MEASURED and unit.get("ControlGroup"))}
        for unit in services
        if systemd_units.worth_listing(unit)
    ]
    pids = [unit["MainPID"] for unit in units if unit.get("MainPID", "0") != "0"]
    alive = starts(host, pids)
    if len(alive) < len(set(pids)):
        return  # one has ended meanwhile
    last = {"stamp": stamp, "at": host.now(), "pids": alive, "units": units}
    try:
        files.write(path(host, manager), encode(last), durable=False)
    except OSError:
        return


def starts(host: Host, pids: Any) -> dict[str, int]:
    """When each of these processes started, in ticks since boot; without those that are gone."""
    found = {}
    for pid in pids:
        entry = processes.process(host, int(pid))
        if entry:
            found[str(pid)] = entry.started_ticks
    return found


def path(host: Host, manager: systemctl.Asked) -> str:
    """The file for one manager."""
    return f"{host.memory}/managers-{manager.name}.last"
