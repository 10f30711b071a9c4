"""The metadata of rpm repositories (createrepo), as dnf and zypper keep it on the machine.

Sources: /var/cache/dnf, /var/cache/libdnf5 and /var/cache/zypp/raw, with a folder `repodata` for each repository, and
the files in which repositories are set up; all of it is open to everybody as they come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.updates.unpacking import elements, unpacked

CACHES = ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/zypp/raw")
SETTINGS = ("/etc/yum.repos.d", "/etc/distro.repos.d", "/etc/zypp/repos.d")
INDEX = "repodata/repomd.xml"
DATA = re.compile(rb'<data type="([a-z_]+)">(.*?)</data>', re.DOTALL)
PLACE = re.compile(rb'<location href="([^"]+)"')
NAME = re.compile(rb"<name>([^<]*)</name>\s*<arch>([^<]*)</arch>\s*<version ([^>]*)>")
ATTRIBUTE = re.compile(rb'([a-z]+)="([^"]*)"')
# dnf's folders: the repository's name and a digest of where it is.
FOLDER = re.compile(r"(.+)-[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Repository:
    """One that is enabled. primary and updateinfo: the files' paths, "" where there is none."""

    name: str
    index: str
    primary: str
    updateinfo: str


@dataclass(frozen=True)
class Offer:
    """One package of a repository, or one that an advisory names. version: `[epoch:]version-release`."""

    name: str
    architecture: str
    version: str


def indexes(host: Host) -> list[tuple[str, str]]:
    """The name and the path of the index of every repository that is enabled and was fetched once."""
    wanted = enabled(host)
    found = []
    for cache in CACHES:
        try:
            folders = [name for name, _ in host.folders(cache)]
        except (Unavailable, CollectorError):
            continue
        for folder in folders:
            match = FOLDER.match(folder)
            name = match[1] if match else folder
            path = f"{cache}/{folder}/{INDEX}"
            if name in wanted and is_there(host, path):
                found.append((name, path))
    return found


def is_there(host: Host, path: str) -> bool:
    """Whether there is such a file."""
    try:
        host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True


def enabled(host: Host) -> set[str]:
    """The names of the repositories that are in use."""
    found = set()
    for path in settings(host):
        try:
            lines = host.text(path).splitlines()
        except (Unavailable, CollectorError):
            continue
        name = ""
        for line in lines:
            if line.startswith("[") and "]" in line:
                name = line[1 : line.index("]")]
                found.add(name)
            elif re.match(r"enabled\s*=\s*(0|no|false|off)\s*\Z", line.strip(), re.IGNORECASE):
                found.discard(name)
    return found


def settings(host: Host) -> list[str]:
    """The files in which repositories are set up."""
    found = []
    for folder in SETTINGS:
        try:
            found += [f"{folder}/{name}" for name in host.names(folder) if name.endswith(".repo")]
        except (Unavailable, CollectorError):
            continue
    return found


def repository(host: Host, name: str, index: str) -> Repository:
    """What the index says of its files."""
    folder = index.removesuffix(INDEX) if index.endswith(INDEX) else ""
    files = {}
    for kind, body in DATA.findall(host.read(index)):
        place = PLACE.search(body)
        if place and b".." not in place[1]:
            files[kind] = folder + place[1].decode("utf-8", "replace")
    paths = [files.get(kind, "") for kind in (b"primary", b"updateinfo")]
    primary, updateinfo = (path if path and is_there(host, path) else "" for path in paths)
    return Repository(name, index, primary, updateinfo)


def text(host: Host, path: str) -> Iterator[bytes]:
    """A file of a repository, unpacked."""
    return unpacked(host, path, ["zstd", "--decompress", "--stdout", "--quiet", host.path(path)])


def offers(host: Host, repository: Repository, names: set[bytes]) -> Iterator[Offer]:
    """The packages of these names that a repository has."""
    for element in elements(text(host, repository.primary), b"</package>"):
        match = NAME.search(element)
        if match and match[1] in names:
            yield offer(match[1], match[2], dict(ATTRIBUTE.findall(match[3])), "ver", "rel")


def fixes(host: Host, repository: Repository, names: set[bytes]) -> Iterator[Offer]:
    """The packages of these names that an advisory for security brings."""
    for element in elements(text(host, repository.updateinfo), b"</update>"):
        start = element.rfind(b"<update ")
        if b'type="security"' not in element[start : element.find(b">", start)]:
            continue
        for part in element.split(b"<package ")[1:]:
            told = dict(ATTRIBUTE.findall(part[: part.find(b">")]))
            if told.get(b"name") in names:
                yield offer(told[b"name"], told.get(b"arch", b""), told, "version", "release")


def offer(name: bytes, architecture: bytes, told: dict[bytes, bytes], version: str, release: str) -> Offer:
    """The same from the attributes of an element."""
    epoch = told.get(b"epoch", b"0").decode("utf-8", "replace")
    number, build = (told.get(field.encode(), b"").decode("utf-8", "replace") for field in (version, release))
    whole = f"{number}-{build}" if epoch in ("0", "") else f"{epoch}:{number}-{build}"
    return Offer(name.decode("utf-8", "replace"), architecture.decode("utf-8", "replace"), whole)
