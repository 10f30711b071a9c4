"""Packages of rpm. Source: one `rpm -qa`, which needs no privilege; locks of dnf, yum and zypper from their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import package, side_by_side, whole

# Where rpm keeps its database: the older and the newer place, and that of images built by rpm-ostree. A write-ahead log
# holds what is not yet in the database itself.
FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
DATABASES = ("rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages")
LOCKS = ("/etc/dnf/plugins/versionlock.list", "/etc/yum/pluginconf.d/versionlock.list", "/etc/dnf/versionlock.toml")
ZYPP_LOCKS = "/etc/zypp/locks"
CONFIGURATIONS = ("/etc/dnf/dnf.conf", "/etc/yum.conf")
QUERY = r"%{NAME}\t%{EPOCH}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t%{LONGSIZE}\n"
SECONDS = 20.0
# `name-version-release.src.rpm`
SOURCE = re.compile(r"(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm\Z")


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does."""
    return [*databases(), *LOCKS, ZYPP_LOCKS, *CONFIGURATIONS]


def databases() -> list[str]:
    """The files that may be rpm's database."""
    return [f"{folder}/{name}" for folder in FOLDERS for name in DATABASES]


def folder(host: Host) -> str | None:
    """Where rpm has its database here."""
    for path in databases():
        try:
            host.stat(path)
        except Unavailable:
            continue
        return path.rpartition("/")[0]
    return None


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed package. Unavailable where rpm has no database."""
    place = folder(host)
    if place is None:
        raise Unavailable("no database of rpm")
    try:
        # Debian's rpm would look into the home of its user, and make a database there for root.
        output = host.run(["rpm", "--dbpath", place, "-qa", "--qf", QUERY], SECONDS, 32 << 20)
    except Unavailable as error:
        raise CollectorError(f"its database is here, but {error}") from None
    return parsed(output, locks(host))


def parsed(output: bytes, locked: list[str]) -> list[dict[str, Any]]:
    """One item for each line of QUERY. Keys of signatures are stored like packages, and are none."""
    found = []
    for line in output.decode("utf-8", "replace").split("\n"):
        fields = line.split("\t")
        if len(fields) != 6 or fields[0] in ("", "gpg-pubkey"):
            continue
        name, epoch, version, architecture, source, size = fields
        has_epoch = epoch.isdigit()
        built_from = SOURCE.match(source)
        full = f"{name}-{epoch if has_epoch else 0}:{version}.{architecture}"
        short = f"{name}-{version}.{architecture}"
        held = any(fnmatchcase(text, lock) for lock in locked for text in (name, full, short))
        found.append(
            package(
                "rpm",
                name,
                f"{epoch}:{version}" if has_epoch and epoch != "0" else version,
                "" if architecture == "(none)" else architecture,
                built_from[1] if built_from else "",
                whole(size),
                held,
            )
        )
    return side_by_side(found)


def owned(host: Host, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Each of these paths that a package has, with its name."""
    place = folder(host)
    if place is None:
        return
    there = [path for path in sorted(wanted) if is_there(host, path)]
    if not there:
        return
    # Every file of every package that has one of them: rpm does not say which answer belongs to which question. Its
    # status counts the files that have no owner.
    asked = ["rpm", "--dbpath", place, "-qf", "--qf", r"[%{=NAME}\t%{FILENAMES}\n]", *there]
    output = host.run(asked, SECONDS, 32 << 20, ended=range(256))
    for line in output.decode("utf-8", "replace").split("\n"):
        name, tab, path = line.partition("\t")
        if tab and path in wanted:
            yield path, name


def is_there(host: Host, path: str) -> bool:
    """Whether there is such a file."""
    try:
        host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True


def locks(host: Host) -> list[str]:
    """Patterns of packages that are kept as they are: version locks of dnf, locks of zypper, excluded packages."""
    found = []
    for path in LOCKS:
        for line in lines(host, path):
            word = line.partition("#")[0].strip()
            if path.endswith(".toml"):
                named = re.match(r'name\s*=\s*"([^"]+)"', word)
                found += [named[1]] if named else []
            elif word and not word.startswith("!"):
                found.append(word)
    # name: value; a lock without a name is about something else.
    found += [line.partition(":")[2].strip() for line in lines(host, ZYPP_LOCKS) if line.startswith("solvable_name:")]
    for path in CONFIGURATIONS:
        for line in lines(host, path):
            name, _, value = line.partition("=")
            if name.strip() in ("exclude", "excludepkgs"):
                found += value.replace(",", " ").split()
    return found


def lines(host: Host, path: str) -> list[str]:
    """The lines of a file that need not be there."""
    try:
        return host.text(path).splitlines()
    except (Unavailable, CollectorError):
        return []
