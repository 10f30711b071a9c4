"""Whether systemd would start a unit by itself. Source: the links below /etc/systemd/system, open to everybody."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

FOLDER = "/etc/systemd/system"


def links(timer: str) -> list[str]:
    """Where enabling and masking leave their marks."""
    return [f"{FOLDER}/timers.target.wants/{timer}", f"{FOLDER}/{timer}"]


def enabled(host: Host, timer: str) -> bool:
    """Whether the timer is wanted at boot and not masked."""
    wanted, own = links(timer)
    try:
        host.link(wanted)
    except (Unavailable, CollectorError):
        return False
    try:
        return host.link(own) != "/dev/null"
    except (Unavailable, CollectorError):
        return True


def systemd(host: Host) -> bool:
    """Whether systemd runs the machine."""
    try:
        host.stat("/run/systemd/system")
    except (Unavailable, CollectorError):
        return False
    return True
