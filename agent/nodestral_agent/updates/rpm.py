"""Updates of rpm packages, whether dnf, yum or zypper installs them. Source: the repositories' metadata on the machine.

The tools themselves would answer too, but need hundreds of megabytes for it, and keep an index of their own for every
user. A package of a module stream is not compared: which stream is meant is not written in the package.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages import rpm
from nodestral_agent.updates import automatic_rpm, rpm_metadata
from nodestral_agent.updates.found import Found, update
from nodestral_agent.updates.rpm_version import order

MODULE = ".module"


def watched(host: Host) -> list[str]:
    """Files and folders that differ when the answer does."""
    found = [*rpm.watched(host), *rpm_metadata.settings(host), *automatic_rpm.FILES]
    for name, path in rpm_metadata.indexes(host):
        found.append(path)
        try:
            found.append(rpm_metadata.repository(host, name, path).primary)
        except (Unavailable, CollectorError):
            continue
    return [path for path in found if path]


def found(host: Host) -> Found:
    """What is pending. Unavailable where rpm has no database."""
    result = Found("rpm", refresh(host))
    installed = newest(rpm.installed(host))
    result.automatic, result.automatic_by = automatic_rpm.state(host)
    listed = rpm_metadata.indexes(host)
    result.has_index = bool(listed)
    offers = Offers({item["name"].encode() for item in installed.values()})
    times = []
    for name, path in listed:
        try:
            repository = rpm_metadata.repository(host, name, path)
            # dnf notes when it looked, whether or not there was anything new, in the time of the list.
            times += [host.stat(part).st_mtime for part in (path, repository.primary) if part]
            offers.read(host, repository)
        except (Unavailable, CollectorError) as error:
            result.missing.append(f"{name}: {error}.")
            if "zstd" in str(error):
                result.grant = result.refresh.split()[0] + " install zstd"
    result.refreshed_at = max(times, default=None)
    modules = sum(MODULE in item["version"] for item in installed.values())
    if modules:
        result.missing.append(f"{modules} packages of module streams are not compared with their repositories.")
    result.updates = [made for item in installed.values() if (made := offers.pending(item))]
    return result


def refresh(host: Host) -> str:
    """The command that makes the index anew here."""
    for program in ("dnf", "zypper", "yum"):
        if any(rpm_metadata.is_there(host, f"{folder}/{program}") for folder in ("/usr/bin", "/bin")):
            return "zypper refresh" if program == "zypper" else f"{program} makecache"
    return "dnf makecache"


def newest(items: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The installed packages, with the newest of those of which there are several versions."""
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for item in items:
        key = (item["name"], item["architecture"])
        if key not in best or order(item["version"]) > order(best[key]["version"]):
            best[key] = item
    return best


class Offers:
    """By package: the newest version that a repository has, and the versions that fix a hole."""

    def __init__(self, names: set[bytes]) -> None:
        self._names = names
        self._best: dict[tuple[str, str], tuple[str, str]] = {}
        self._fixes: dict[tuple[str, str], list[str]] = {}
        # Repositories that tell what is for security.
        self._telling: set[str] = set()

    def read(self, host: Host, repository: rpm_metadata.Repository) -> None:
        """Take in one repository. CollectorError where it is damaged."""
        if not repository.primary:
            raise CollectorError("its list of packages is not here", repository.index)
        for offer in rpm_metadata.offers(host, repository, self._names):
            key = (offer.name, offer.architecture)
            if MODULE not in offer.version and (
                key not in self._best or order(offer.version) > order(self._best[key][0])
            ):
                self._best[key] = (offer.version, repository.name)
        if repository.updateinfo:
            self._telling.add(repository.name)
            for fix in rpm_metadata.fixes(host, repository, self._names):
                self._fixes.setdefault((fix.name, fix.architecture), []).append(fix.version)

    def pending(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """The update of one installed package, if there is one. A package may go from or to `noarch`."""
        if MODULE in item["version"]:
            return None
        keys = [(item["name"], architecture) for architecture in dict.fromkeys([item["architecture"], "noarch"])]
        offered = [self._best[key] for key in keys if key in self._best]
        if not offered:
            return None
        version, repository = max(offered, key=lambda each: order(each[0]))
        installed, candidate = order(item["version"]), order(version)
        if candidate <= installed:
            return None
        fixes = [order(fix) for key in keys for fix in self._fixes.get(key, [])]
        security: bool | None = any(installed < fix <= candidate for fix in fixes)
        if not security and repository not in self._telling:
            security = None
        return update("rpm", item, version, security, repository)
