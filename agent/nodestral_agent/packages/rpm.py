"""Packages of rpm. Source: one `rpm -qa`, which needs no privilege; locks of dnf, yum and zypper from their files."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import package, side_by_side, whole

# Where rpm keeps its database: the older and the newer place, and that of images built by rpm-ostree.
FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
DATABASES = ("rpmdb.sqlite", "Packages.db", "Packages")
LOCKS = ("/etc/dnf/plugins/versionlock.list", "/etc/yum/pluginconf.d/versionlock.list", "/etc/dnf/versionlock.toml")
ZYPP_LOCKS = "/etc/zypp/locks"
CONFIGURATIONS = ("/etc/dnf/dnf.conf", "/etc/yum.conf")
QUERY = r"%{NAME}\t%{EPOCH}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t%{LONGSIZE}\n"
SECONDS = 20.0
# `name-version-release.src.rpm`
SOURCE = re.compile(r"(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm\Z")


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does. A write-ahead log holds what is not yet in the database itself."""
    databases = [f"{folder}/{name}" for folder in FOLDERS for name in DATABASES]
    logs = [f"{folder}/rpmdb.sqlite-wal" for folder in FOLDERS]
    return [*databases, *logs, *LOCKS, ZYPP_LOCKS, *CONFIGURATIONS]


def present(host: Host) -> bool:
    """Whether rpm has a database here."""
    for folder in FOLDERS:
        for name in DATABASES:
            try:
                host.stat(f"{folder}/{name}")
            except Unavailable:
                continue
            return True
    return False


def installed(host: Host) -> list[dict[str, Any]]:
    """Every installed package. Unavailable where rpm has no database."""
    if not present(host):
        raise Unavailable("no database of rpm")
    try:
        output = host.run(["rpm", "-qa", "--qf", QUERY], SECONDS, 32 << 20)
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
