"""The application firewall and pf.

Sources: socketfilterfw, which tells everybody whether the application firewall is on, and pfctl, which tells root alone
what pf lets through. An ordinary user sees the first and is told so of the second.

Permission: none for the application firewall; root for pf.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.darwin import pf
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "firewall"
SOCKETFILTER = "/usr/libexec/ApplicationFirewall/socketfilterfw"
GRANT = "run the agent as root to see pf's rules: macOS lets nobody else read them"


def collect(host: Host) -> Collected:
    """Both firewalls, as far as they may be seen."""
    items: list[dict[str, Any]] = []
    reasons, grant = [], ""
    try:
        items += application_firewall(host)
    except (Unavailable, CollectorError) as error:
        reasons.append(f"The application firewall is not told: {error}.")
    try:
        items += pf.items(host)
    except Unavailable:
        pass
    except CollectorError:
        # pfctl only says that it may not open /dev/pf.
        reasons.append("The rules of pf are not visible to this user.")
        grant = GRANT
    if not items and reasons:
        raise CollectorError(" ".join(reasons))
    if not items:
        raise Unavailable("there is no firewall here")
    return Collected(items, coverage("partial", " ".join(reasons), grant) if reasons else coverage("full"))


def application_firewall(host: Host) -> list[dict[str, Any]]:
    """Apple's firewall by program: on or off, and its settings as rules."""
    state = _asked(host, "--getglobalstate")
    is_on = "State = 1" in state or "State = 2" in state
    found = [pf.backend("application-firewall", is_on)]
    place = {"backend": "application-firewall", "family": "inet", "table": "programs", "chain": "incoming"}
    if "State = 2" in state:
        found.append(pf.rule(place, "block", "block all incoming connections"))
    if "enabled" in _asked(host, "--getstealthmode").lower():
        found.append(pf.rule(place, "drop", "stealth mode: no answer to probes"))
    return found


def _asked(host: Host, option: str) -> str:
    return host.run([SOCKETFILTER, option]).decode("utf-8", "replace")
