"""What is installed on a Mac: Homebrew's folders and the receipts of Apple's installer. Readable by everybody."""

from __future__ import annotations

import json
from typing import Any

from nodestral_agent.darwin import plists
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# Where Homebrew lives on Apple's processors, and on Intel's.
PREFIXES = ("/opt/homebrew", "/usr/local")
RECEIPTS = "/var/db/receipts"
RECEIPT_MAX = 1 << 20


def names(host: Host, folder: str) -> list[str]:
    """The folder's entries; none when it is not there."""
    try:
        return [name for name in host.names(folder) if not name.startswith(".")]
    except Unavailable:
        return []


def homebrew(host: Host) -> list[dict[str, Any]]:
    """Formulae and casks. Several versions of one formula stand side by side until `brew cleanup`."""
    found = []
    for prefix in PREFIXES:
        pinned = set(names(host, f"{prefix}/var/homebrew/pinned"))
        for name in names(host, f"{prefix}/Cellar"):
            for version in names(host, f"{prefix}/Cellar/{name}"):
                receipt = _receipt(host, f"{prefix}/Cellar/{name}/{version}/INSTALL_RECEIPT.json")
                architecture = receipt.get("arch")
                found.append(
                    {
                        "key": f"brew/{name}/{version}",
                        "manager": "brew",
                        "name": name,
                        "version": version,
                        "architecture": architecture if isinstance(architecture, str) else "",
                        "source": _tap(receipt),
                        "size_bytes": None,
                        "held": name in pinned,
                    }
                )
        for name in names(host, f"{prefix}/Caskroom"):
            versions = names(host, f"{prefix}/Caskroom/{name}")
            found += [_package("brew-cask", name, version) for version in versions]
    return found


def _receipt(host: Host, path: str) -> dict[str, Any]:
    try:
        found = json.loads(host.text(path, RECEIPT_MAX))
    except (Unavailable, CollectorError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _tap(receipt: dict[str, Any]) -> str | None:
    source = receipt.get("source")
    tap = source.get("tap") if isinstance(source, dict) else None
    return tap if isinstance(tap, str) else None


def _package(manager: str, name: str, version: str) -> dict[str, Any]:
    return {
        "key": f"{manager}/{name}/{version}",
        "manager": manager,
        "name": name,
        "version": version,
        "architecture": "",
        "source": None,
        "size_bytes": None,
        "held": False,
    }


def installer(host: Host) -> list[dict[str, Any]]:
    """What Apple's installer has put there, by the receipts that it keeps."""
    found = []
    for name in names(host, RECEIPTS):
        if not name.endswith(".plist"):
            continue
        try:
            receipt = plists.read(host, f"{RECEIPTS}/{name}")
        except (Unavailable, CollectorError):
            continue
        identifier = plists.text(receipt, "PackageIdentifier")
        if identifier:
            found.append(_package("pkgutil", identifier, plists.text(receipt, "PackageVersion")))
    return found
