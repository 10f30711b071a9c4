"""apt's settings. Source: one `apt-config dump`, which any user may run; it reads /etc/apt/apt.conf and apt.conf.d."""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

FILE = "/etc/apt/apt.conf"
FOLDER = "/etc/apt/apt.conf.d"
SECONDS = 10.0
LINE = re.compile(r'(\S+) "(.*)";\Z')


def files(host: Host) -> list[str]:
    """The files that hold them."""
    try:
        return [FILE, FOLDER, *(f"{FOLDER}/{name}" for name in host.names(FOLDER))]
    except (Unavailable, CollectorError):
        return [FILE, FOLDER]


def read(host: Host) -> dict[str, list[str]]:
    """The values of each setting, more than one for a list (`Name::`). Nothing where apt does not tell."""
    try:
        output = host.run(["apt-config", "dump"], SECONDS)
    except (Unavailable, CollectorError):
        return {}
    settings: dict[str, list[str]] = {}
    for line in output.decode("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if match and match[2]:
            settings.setdefault(match[1].removesuffix("::"), []).append(match[2])
    return settings
