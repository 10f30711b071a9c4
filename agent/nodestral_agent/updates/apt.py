"""Updates that apt would install. Source: the indexes in /var/lib/apt/lists, read piece by piece.

apt itself would need six times the processor and three times the memory for the same answer, because an ordinary user
cannot keep its cache. Fetching is never done; the machine's own `apt-get update` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import dpkg, pins
from nodestral_agent.updates import apt_settings, unattended
from nodestral_agent.updates.archives import LISTS, Archive, indexes
from nodestral_agent.updates.candidates import Policy
from nodestral_agent.updates.debian_version import order
from nodestral_agent.updates.found import Found, update
from nodestral_agent.updates.unpacking import unpacked

# A stanza is some kilobytes; what has no end after so much is no index.
STANZA_MAX = 4 << 20
# It reads the forms that Python cannot.
HELPER = "/usr/lib/apt/apt-helper"
STAMPS = ("/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/periodic/update-stamp", LISTS)
REFRESH = "apt-get update"


def watched(host: Host) -> list[str]:
    """Files and folders that differ when the answer does."""
    try:
        lists = [f"{LISTS}/{name}" for name in host.names(LISTS) if not name.endswith(".gpg")]
    except (Unavailable, CollectorError):
        lists = []
    return [dpkg.STATUS, *STAMPS, *lists, *pins.files(host), *apt_settings.files(host), *unattended.TIMERS]


def found(host: Host) -> Found:
    """What is pending. Unavailable where there is no apt or no dpkg."""
    host.names("/etc/apt")
    installed = list(dpkg.installed(host))
    settings = apt_settings.read(host)
    result = Found("dpkg", REFRESH)
    result.automatic, result.automatic_by = unattended.state(host, settings)
    try:
        listed = indexes(host)
    except Unavailable:
        listed = []
    result.has_index = bool(listed)
    if listed:
        result.refreshed_at = refreshed_at(host)
    offers = Offers(installed, native(installed, settings))
    for name, archive in listed:
        try:
            offers.read(host, f"{LISTS}/{name}", archive)
        except (Unavailable, CollectorError) as error:
            result.missing.append(f"{error}.")
    policy = Policy(pins.pins(host), settings.get("APT::Default-Release", [""])[-1])
    with_security = {archive.origin for _, archive in listed if archive.security}
    result.updates = [made for item in installed if (made := pending(item, offers, policy, with_security))]
    return result


def native(installed: list[dict[str, Any]], settings: dict[str, list[str]]) -> str:
    """The machine's own architecture: dpkg's own, or what apt says."""
    told = settings.get("APT::Architecture", [""])[-1]
    return next((str(item["architecture"]) for item in installed if item["name"] == "dpkg"), told)


class Offers:
    """By package: the versions that the indexes hold of what is installed."""

    def __init__(self, installed: list[dict[str, Any]], native_architecture: str) -> None:
        self._native = native_architecture
        self._names = {item["name"].encode() for item in installed}
        self.versions: dict[tuple[str, str], dict[str, list[Archive]]] = {}
        self.phased: dict[tuple[str, str, str], int] = {}

    def read(self, host: Host, path: str, archive: Archive) -> None:
        """Take in one index."""
        for stanza in wanted(text_of(host, path), self._names):
            fields = dpkg.parsed(stanza)
            name, version, architecture = (fields.get(field, "") for field in ("Package", "Version", "Architecture"))
            offered = self.versions.setdefault((name, architecture), {})
            archives = offered.setdefault(version, [])
            if archive not in archives:
                archives.append(archive)
            share = fields.get("Phased-Update-Percentage", "")
            if share.isascii() and share.isdigit() and int(share) < 100:
                self.phased[name, architecture, version] = int(share)

    def of(self, item: dict[str, Any]) -> dict[str, list[Archive]]:
        """The versions of one package. One for all architectures may become one for this machine's, and back."""
        name, architecture = item["name"], item["architecture"]
        if architecture == "all":
            architecture = self._native
        return {**self.versions.get((name, "all"), {}), **self.versions.get((name, architecture), {})}


def pending(item: dict[str, Any], offers: Offers, policy: Policy, with_security: set[str]) -> dict[str, Any] | None:
    """The update of one installed package, if there is one."""
    offered = offers.of(item)
    installed = item["version"]
    chosen = policy.candidate(item["name"], item.get("source", item["name"]), installed, offered)
    if chosen is None or order(chosen) <= order(installed):
        return None
    archives = offered[chosen]
    # A fix on the way to the candidate comes with it.
    between = [
        archive
        for version, its in offered.items()
        if order(installed) < order(version) <= order(chosen)
        for archive in its
    ]
    security: bool | None = any(archive.security for archive in between)
    if not security and not any(archive.origin in with_security for archive in archives):
        security = None
    origin = next((archive for archive in archives if archive.security), archives[0]).told()
    phased = [offers.phased.get((item["name"], kind, chosen)) for kind in (item["architecture"], "all")]
    return update("dpkg", item, chosen, security, origin, next((share for share in phased if share is not None), None))


def wanted(pieces_of_index: Iterator[bytes], names: set[bytes]) -> Iterator[bytes]:
    """The stanzas of these packages. CollectorError for what is no index."""
    rest = b""
    for piece in pieces_of_index:
        data = rest + piece
        cut = data.rfind(b"\n\n") + 2
        if cut == 1:
            rest = data
            if len(rest) > STANZA_MAX:
                raise CollectorError("an index of apt has a paragraph without an end")
            continue
        rest = data[cut:]
        yield from named(data[:cut], names)
    yield from named(rest, names)


def named(data: bytes, names: set[bytes]) -> Iterator[bytes]:
    """The stanzas of `data` whose package is one of these. Its name comes first in nearly all indexes."""
    for stanza in data.split(b"\n\n"):
        start = 9 if stanza.startswith(b"Package: ") else stanza.find(b"\nPackage: ") + 10
        if start >= 9 and stanza[start : (stanza.find(b"\n", start) + 1 or len(stanza) + 1) - 1].strip() in names:
            yield stanza


def text_of(host: Host, path: str) -> Iterator[bytes]:
    """An index, uncompressed."""
    return unpacked(host, path, [HELPER, "cat-file", host.path(path)])


def refreshed_at(host: Host) -> float | None:
    """When the indexes were last made anew: apt notes it where its daily run does so, and changes the folder."""
    times = []
    for path in STAMPS:
        try:
            times.append(host.stat(path).st_mtime)
        except (Unavailable, CollectorError):
            continue
    return max(times, default=None)
