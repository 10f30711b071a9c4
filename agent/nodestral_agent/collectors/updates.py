"""Updates that wait, whether they are for security, how old the index is, and who installs updates by himself.

Sources: the indexes that the package managers have on the machine; none is ever refreshed. Those of apt
(/var/lib/apt/lists), with pins, holds and phases minded as apt does, and those of dnf, yum and zypper (/var/cache)
are read as files; apk and pacman are asked, kept from the network. Snaps that could be updated are not known, because
only their store knows. Who installs updates by himself is read from the settings and timers of unattended-upgrades,
dnf-automatic, yum-cron, rpm-ostree and transactional-update. An index that is absent or older than a week makes the
section partial, with the command that would refresh it.

Permission: none.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.managers import stamp as stamp_of
from nodestral_agent.report import Collected, coverage
from nodestral_agent.updates import managers

SECTION = "updates"


def stamp(host: Host) -> str:
    """What the answer depends on; the day, because an index grows old by itself."""
    paths = [path for manager in managers.MANAGERS.values() for path in manager.watched(host)]
    return f"{int(host.now() // 86_400)}\n{stamp_of(host, paths)}"


def collect(host: Host) -> Collected:
    """Every pending update and one item for each manager."""
    pending = managers.Pending(host)
    if not pending.found:
        if pending.denied:
            raise pending.denied
        if pending.missing:
            raise CollectorError(" ".join(pending.missing))
        raise Unavailable("no package manager whose updates the agent knows is in use here")
    items, gauges, reasons, grants = [], {}, list(pending.missing), []
    for found in pending.found:
        manager = found.item()
        items += [manager, *found.updates]
        if found.refreshed_at is not None:
            gauges[manager["key"]] = {"index_refreshed_at": found.refreshed_at}
        why, help_with = found.gaps(host.now())
        reasons += why
        grants += help_with
    told = coverage("partial", " ".join(reasons), "; ".join(grants)) if reasons else coverage("full")
    return Collected(items, told, gauges)
