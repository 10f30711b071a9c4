"""Everything that the package managers have installed: version, architecture, source package, size, and what is held.

Sources: the databases of dpkg (/var/lib/dpkg/status), apk and pacman; one `rpm -qa`; snapd's socket; one
`flatpak list`. All of them are open to every user, so it needs no privilege. A package counts as held where the
administrator pinned, locked or masked it. Flatpaks that other users installed for themselves are not seen.

Permission: none. Flatpaks that other users installed for themselves are not seen.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.managers import MANAGERS, Installed
from nodestral_agent.packages.managers import stamp as stamp_of
from nodestral_agent.report import Collected, coverage

SECTION = "packages"


def stamp(host: Host) -> str:
    """What the list depends on."""
    return stamp_of(host, [path for manager in MANAGERS.values() for path in manager.watched(host)])


def collect(host: Host) -> Collected:
    """All packages; `partial` where a manager's database could not be read."""
    found = Installed(host)
    if not found.managers:
        raise Unavailable("no package manager that the agent knows is in use here")
    if not found.items:
        if found.denied:
            raise found.denied
        if found.missing:
            raise CollectorError(" ".join(found.missing))
        raise Unavailable(f"nothing is installed by {', '.join(found.managers)}")
    return Collected(found.items, coverage("partial", " ".join(found.missing)) if found.missing else coverage("full"))
