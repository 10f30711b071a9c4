"""Which kernel runs and which one is installed to run next.

Sources: /boot/vmlinuz-RELEASE (Debian, Red Hat, SUSE) and /usr/lib/modules/RELEASE, with its own vmlinuz on Fedora and
Arch; the build that runs by /proc/version and /proc/version_signature, the installed one by dpkg. Needs no privilege.
"""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.versions import versions
from nodestral_agent.workloads.virtualization import exists

BOOT = "/boot"
MODULES = ("/usr/lib/modules", "/lib/modules")
IMAGES = ("vmlinuz-", "vmlinux-", "Image-")
# Parts of a release that say from which distribution or candidate it is, not which kind of kernel.
NOISE = re.compile(r"(?:\d.*|(?:el|fc|amzn|rc|deb|bpo|mga|arch|zen|hardened|lp|azl|cm)\d.*|bpo|default|pve)\Z")
# `#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)`; `Ubuntu 5.15.0-91.101-generic 5.15.131`
DEBIAN_BUILD = re.compile(r"\bDebian (\S+) \(")
UBUNTU_BUILD = re.compile(r"Ubuntu (\d\S*?)(?:-[a-z]\S*)? ")


def newest(host: Host, running: str) -> str | None:
    """The release of the newest kernel of the running one's kind; None where none is seen."""
    found = [release for release in installed(host) if flavour(release) == flavour(running)]
    return max(found, key=order, default=None)


def installed(host: Host) -> set[str]:
    """The releases that can be started. Folders of modules alone count only where no image tells its release."""
    found = {name[len(prefix) :] for name in names(host, BOOT) for prefix in IMAGES if name.startswith(prefix)}
    # Alpine calls its images by the flavour only, and rescue images are called by the machine's id.
    found = {release for release in found if release[:1].isdigit() and "." in release and not release.endswith(".old")}
    folder = next((place for place in MODULES if names(host, place)), MODULES[0])
    releases = [name for name in names(host, folder) if name[:1].isdigit()]
    found.update(name for name in releases if exists(host, f"{folder}/{name}/vmlinuz"))
    return found or {name for name in releases if exists(host, f"{folder}/{name}/modules.dep")}


def flavour(release: str) -> tuple[str, ...]:
    """The kind of a kernel: `6.1.0-18-cloud-amd64` is (cloud, amd64). Another kind is not the one that starts next."""
    rest = re.sub(r"^\d+(?:\.\d+)*", "", release)
    return tuple(part for part in re.split(r"[-+.]", rest) if part and not NOISE.match(part))


def order(release: str) -> list[tuple[int, int, str]]:
    """To be sorted by: numbers as numbers, a release candidate before its release."""
    parts: list[tuple[int, int, str]] = []
    for part in re.findall(r"\d+|[a-z]+|~", release):
        if part.isdigit():
            parts.append((3, int(part), ""))
        else:
            parts.append((0 if part in ("rc", "~") else 2, 0, part))
    return [*parts, (1, 0, "")]


def builds(host: Host, running: str) -> tuple[str, str] | None:
    """The build that runs and the one that is installed under the same release, where Debian or Ubuntu tell them."""
    signature, version = small(host, "/proc/version_signature"), small(host, "/proc/version")
    told = UBUNTU_BUILD.match(signature) or DEBIAN_BUILD.search(version)
    names = frozenset({f"linux-image-{running}", f"linux-image-unsigned-{running}"})
    found = versions(host, names) if told else {}
    return (told[1], next(iter(found.values()))) if told and found else None


def names(host: Host, folder: str) -> list[str]:
    """What is in a folder; nothing when it is not there or closed."""
    try:
        return host.names(folder)
    except (Unavailable, CollectorError):
        return []


def small(host: Host, path: str) -> str:
    """A small file's text; empty when this kernel does not have it."""
    try:
        return host.text(path, 4096)
    except (Unavailable, CollectorError):
        return ""
