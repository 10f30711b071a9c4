"""Whether unattended-upgrades installs updates on Debian and Ubuntu, and which.

Sources: apt's settings (APT::Periodic, Unattended-Upgrade), the timer that acts on them, and whether the program is
there at all: all three must agree before anything is installed.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.updates import timers

PROGRAM = "/usr/bin/unattended-upgrade"
TIMER = "apt-daily-upgrade.timer"
# Where systemd does not run the machine.
CRON = "/etc/cron.daily/apt-compat"
TIMERS = (PROGRAM, CRON, *timers.links(TIMER))
NAME = "unattended-upgrades"
# What Ubuntu never changes after a release: its own pocket.
RELEASE_ALONE = frozenset({"${distro_id}:${distro_codename}", "origin=Ubuntu,archive=${distro_codename}"})


def state(host: Host, settings: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """`automatic` and `automatic_by` of the protocol."""
    if not settings:
        return None, None
    if not is_there(host, PROGRAM):
        return "off", None
    if not due(host, settings):
        return "off", NAME
    if not on(settings, "Unattended-Upgrade"):
        return ("download" if on(settings, "Download-Upgradeable-Packages") else "off"), NAME
    patterns = settings.get("Unattended-Upgrade::Origins-Pattern", [])
    patterns += settings.get("Unattended-Upgrade::Allowed-Origins", [])
    others = [pattern for pattern in patterns if pattern not in RELEASE_ALONE and not for_security(pattern)]
    if not patterns:
        return "off", NAME
    return ("all" if others else "security"), NAME


def due(host: Host, settings: dict[str, list[str]]) -> bool:
    """Whether the daily run is started, and is to do anything."""
    if settings.get("APT::Periodic::Enable", ["1"])[-1] == "0":
        return False
    return timers.enabled(host, TIMER) if timers.systemd(host) else is_there(host, CRON)


def on(settings: dict[str, list[str]], name: str) -> bool:
    """An interval: 0 is never, "1" daily; "always" and units of time are known too."""
    return settings.get(f"APT::Periodic::{name}", ["0"])[-1] not in ("0", "")


def for_security(pattern: str) -> bool:
    """Whether a pattern of origins lets in security updates alone."""
    lowered = pattern.lower()
    return "-security" in lowered or "esm" in lowered


def is_there(host: Host, path: str) -> bool:
    """Whether there is such a file."""
    try:
        host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True
