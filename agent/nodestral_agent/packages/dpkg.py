"""Packages of dpkg. Source: /var/lib/dpkg/status, and status.d of images without dpkg; both are open to everybody.

Installed is what has all its files in place: also what still waits for its configuration or for triggers. A package
that is half installed, or of which only configuration files are left, is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import pins
from nodestral_agent.packages.item import package, whole

STATUS = "/var/lib/dpkg/status"
FOLDER = "/var/lib/dpkg/status.d"
# A desktop with ten thousand packages has about 15 MB.
STATUS_MAX = 48 << 20
IN_PLACE = frozenset({"unpacked", "half-configured", "triggers-awaited", "triggers-pending", "installed"})


def watched(host: Host) -> list[str]:
    """Files and folders that differ when the list does."""
    return [STATUS, FOLDER, *pins.files(host)]


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed package. Unavailable where dpkg has no database."""
    pinned = pins.Pinned(pins.pins(host))
    found = []
    for fields in entries(host):
        name, source = fields["Package"], source_of(fields)
        held = fields.get("Status", "").startswith("hold ") or pinned.holds(name, source)
        version, architecture = fields.get("Version", ""), fields.get("Architecture", "")
        size_bytes = whole(fields.get("Installed-Size", ""), 1024)
        found.append(package("dpkg", name, version, architecture, source, size_bytes, held))
    return found


def source_of(fields: dict[str, str]) -> str:
    """The source package: `name`, or `name (version)` where its version is another one; else the package's name."""
    return fields.get("Source", "").partition(" ")[0] or fields["Package"]


def entries(host: Host) -> Iterator[dict[str, str]]:
    """The fields of each installed package."""
    for path, data, told in databases(host):
        understood = False
        for stanza in stanzas(data):
            fields = parsed(stanza)
            if not fields.get("Package"):
                continue
            understood = True
            if not told or fields.get("Status", "").rpartition(" ")[2] in IN_PLACE:
                yield fields
        if not understood and data.strip():
            raise CollectorError("is not a list of packages", path)


def databases(host: Host) -> Iterator[tuple[str, bytes, bool]]:
    """Each status file, its content, and whether it tells packages' states: what status.d names is installed."""
    try:
        whole_status = host.read(STATUS, STATUS_MAX)
    except Unavailable:
        for name in host.names(FOLDER):
            if not name.endswith(".md5sums"):
                yield f"{FOLDER}/{name}", host.read(f"{FOLDER}/{name}"), False
        return
    yield STATUS, whole_status, True


def stanzas(data: bytes) -> Iterator[bytes]:
    """Paragraphs, which an empty line ends, one after the other: the file is large, and is held only once."""
    start = 0
    while start < len(data):
        end = data.find(b"\n\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 2


def parsed(stanza: bytes) -> dict[str, str]:
    """The first line of each field by its name, as dpkg spells it. Lines that go on begin with a space."""
    fields = {}
    for line in stanza.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if colon and name[:1] not in (" ", "\t", ""):
            fields[name] = value.strip()
    return fields
