"""The archives whose indexes apt has. Source: the Release files in /var/lib/apt/lists, open to everybody."""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.dpkg import parsed

LISTS = "/var/lib/apt/lists"
RELEASES = ("InRelease", "Release")
# What apt appends for the form that it keeps an index in.
FORMS = ("", ".gz", ".xz", ".bz2", ".lzma", ".lz4", ".zst")
# Priorities that apt gives: to most archives, to those that must be asked for, to what is merely installed.
USUAL, UPGRADES_ONLY, ASKED_FOR, INSTALLED = 500, 100, 1, 100


@dataclass(frozen=True)
class Archive:
    """One archive by the fields of its Release file. site: the host's name, "" on this machine."""

    origin: str = ""
    label: str = ""
    suite: str = ""
    codename: str = ""
    version: str = ""
    site: str = ""
    component: str = ""
    architecture: str = ""
    priority: int = USUAL

    @property
    def security(self) -> bool:
        """Whether it is for security updates: Debian's and Ubuntu's, and Ubuntu's for longer support."""
        named = (self.label, self.suite, self.codename)
        return any(name.lower().endswith("-security") for name in named) or self.origin.startswith("UbuntuESM")

    def told(self) -> str:
        """Its name as apt prints it: `Debian-Security:12/stable-security`."""
        if self.label and self.suite:
            return f"{self.label}:{self.version}/{self.suite}"
        return self.site or self.origin or self.suite


def indexes(host: Host) -> list[tuple[str, Archive]]:
    """Each index of packages by its file's name, with its archive. Unavailable where apt keeps none."""
    names = host.names(LISTS)
    releases = {name[: -len(kind)]: name for kind in reversed(RELEASES) for name in names if name.endswith(f"_{kind}")}
    prefixes = sorted(releases, key=len, reverse=True)
    known: dict[str, dict[str, str]] = {}
    found = []
    for name in names:
        if not any(name.endswith(f"_Packages{form}") for form in FORMS):
            continue
        prefix = next((prefix for prefix in prefixes if name.startswith(prefix)), "")
        if prefix and prefix not in known:
            known[prefix] = header(host, f"{LISTS}/{releases[prefix]}")
        found.append((name, archive(known.get(prefix, {}), name, name[len(prefix) :])))
    return found


def header(host: Host, path: str) -> dict[str, str]:
    """The fields of a Release file up to its lists of files."""
    try:
        text = host.read(path)
    except (Unavailable, CollectorError):
        return {}
    for end in (b"\nMD5Sum:", b"\nSHA1:", b"\nSHA256:", b"\nSHA512:"):
        text = text.partition(end)[0]
    return parsed(text)


def archive(fields: dict[str, str], name: str, rest: str) -> Archive:
    """What the fields and the index's own name (`main_binary-amd64_Packages`) say."""
    component, binary, architecture = rest.rpartition("_Packages")[0].partition("_binary-")
    priority = USUAL
    if fields.get("NotAutomatic", "").lower() == "yes":
        priority = UPGRADES_ONLY if fields.get("ButAutomaticUpgrades", "").lower() == "yes" else ASKED_FOR
    return Archive(
        origin=fields.get("Origin", ""),
        label=fields.get("Label", ""),
        suite=fields.get("Suite", ""),
        codename=fields.get("Codename", ""),
        version=fields.get("Version", ""),
        site=name.partition("_")[0],
        component=component if binary else "",
        architecture=architecture,
        priority=priority,
    )
