"""Flatpaks of the machine and of the agent's own user. Source: one `flatpak list`, which needs no privilege."""

from __future__ import annotations

import os
import re
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.item import Patterns, package, side_by_side

SYSTEM = "/var/lib/flatpak"
COLUMNS = "application,arch,branch,version,size"
SECONDS = 10.0
# As GLib writes sizes: decimal units, with a space that does not break.
UNITS = {"bytes": 1, "byte": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}
SIZE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(bytes?|kB|MB|GB)\Z")
MASKED = re.compile(r"^\s*xa\.masked\s*=\s*(.*)$", re.MULTILINE)


def folders() -> list[str]:
    """The installations that can be seen."""
    home = os.environ.get("HOME", "")
    return [SYSTEM, f"{home}/.local/share/flatpak"] if home.startswith("/") else [SYSTEM]


def watched(host: Host) -> list[str]:  # noqa: ARG001 # as for every manager
    """Files that differ when the list does: flatpak touches `.changed` with every change."""
    return [f"{folder}/{name}" for folder in folders() for name in (".changed", "repo/config")]


def present(host: Host) -> bool:
    """Whether anything was ever installed."""
    for folder in folders():
        for kind in ("app", "runtime"):
            try:
                if host.names(f"{folder}/{kind}"):
                    return True
            except Unavailable:
                continue
    return False


def installed(host: Host) -> list[dict[str, Any]]:
    """Every application and runtime. Unavailable where there is none."""
    if not present(host):
        raise Unavailable("no flatpak is installed")
    environment = {name: os.environ[name] for name in ("HOME", "XDG_RUNTIME_DIR") if name in os.environ}
    try:
        output = host.run(["flatpak", "list", f"--columns={COLUMNS}"], SECONDS, environment=environment)
    except Unavailable as error:
        raise CollectorError(f"something is in {SYSTEM}, but {error}") from None
    return parsed(output, masked(host))


def parsed(output: bytes, held: Patterns) -> list[dict[str, Any]]:
    """One item for each line. The branch stands for the version where an application tells none."""
    found = []
    for line in output.decode("utf-8", "replace").split("\n"):
        fields = [field.strip() for field in line.split("\t")]
        # With a terminal there would be a line of headings.
        if len(fields) != 5 or not fields[0] or fields[0] == "Application ID":
            continue
        name, architecture, branch, version, size = fields
        found.append(
            package("flatpak", name, version or branch, architecture, size_bytes=size_bytes(size), held=name in held)
        )
    return side_by_side(found)


def size_bytes(text: str) -> int | None:
    """Bytes of `12.3 MB`; None for anything else."""
    match = SIZE.match(text)
    return round(float(match[1].replace(",", ".")) * UNITS[match[2]]) if match else None


def masked(host: Host) -> Patterns:
    """Applications whose updates are masked."""
    words = []
    for folder in folders():
        try:
            words += [word for line in MASKED.findall(host.text(f"{folder}/repo/config")) for word in line.split(";")]
        except (Unavailable, CollectorError):
            continue
    # A pattern may be a whole reference: app/NAME/ARCHITECTURE/BRANCH.
    return Patterns([word.split("/")[1] if word.count("/") >= 3 else word.partition("/")[0] for word in words if word])
