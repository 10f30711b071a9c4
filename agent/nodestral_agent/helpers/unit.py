"""What a helper is called and where it leaves its file. install.sh and the units beside it use the same names.

A helper is a oneshot unit of systemd with a timer, an account of its own and one capability. It gets nothing from the
agent, not even an argument: it writes its file into its own folder below FOLDER, which only root can make.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# The account that install.sh makes for the whole machine's agent; helpers run in its group, so that it can read.
AGENT = "nodestral-agent"
FOLDER = "/run/nodestral-collect"
# The most bytes that each helper may write: what its section may have in a report, and the gauges beside it.
LIMITS_BYTES = {"firewall": 3 << 20, "certificates": 1 << 20}


def account(section: str) -> str:
    """The user that the helper runs as."""
    return f"nodestral-{section}"


def service(section: str) -> str:
    """The unit that reads once."""
    return f"nodestral-helper-{section}.service"


def file(section: str) -> str:
    """What it writes."""
    return f"{FOLDER}/{section}/{section}.json"


def enabled(host: Host, section: str) -> bool:
    """Whether install.sh was told to put this helper here."""
    try:
        host.stat(f"/etc/systemd/system/{service(section)}")
    except (Unavailable, CollectorError):
        return False
    return True


def grant(host: Host, section: str) -> str:
    """The command, for root, with which this section's helper is put on the machine."""
    server = host.server or "https://YOUR-SERVER"
    # An agent of a user's own cannot read what is written for the whole machine's.
    token = "" if host.user_name(host.uid()) == AGENT else "INSTALL-TOKEN "
    return f"curl -sfL {server}/install.sh | sh -s -- {token}--enable={section}"
