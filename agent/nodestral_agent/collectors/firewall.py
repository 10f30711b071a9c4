"""The rules of every firewall of the machine, normalised, and which of them decides.

Sources: nft, iptables-save and ip6tables-save (of nftables and of the old kernel tables), the files of ufw, and the
chains that Docker, Kubernetes, fail2ban, firewalld and others name after themselves. The kernel tells rules only to who
may change them: root, or the helper that `install.sh --enable=firewall` puts beside the agent, with CAP_NET_ADMIN and
no network. Without it the agent says "not visible", and tells of ufw and firewalld whether they are on.

Permission: CAP_NET_ADMIN, which the helper of `install.sh --enable=firewall` has and the agent has not. Without it
only whether ufw and firewalld are on.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.firewall import fronts, kernel, ruleset
from nodestral_agent.helpers import handover, unit
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "firewall"
# The fields of each kind that are not text or absent.
KINDS: dict[str, tuple[str, ...]] = {"backend": ("active", "decides"), "chain": (), "rule": ()}


def collect(host: Host) -> Collected:
    """The rules as this process or the helper sees them; else what everybody may see."""
    if kernel.has_capability(host, kernel.CAP_NET_ADMIN):
        return ruleset.collect(host)
    try:
        return handover.read(host, SECTION, fits)
    except Unavailable:
        if not kernel.has_netfilter(host):
            raise Unavailable("this kernel has no packet filter") from None
        trouble = "The kernel tells them only to who may change them, and the helper for it is not installed."
    except Denied as error:
        trouble = f"{error}."
    except CollectorError as error:
        trouble = f"{error}."
    return outside(host, f"The firewall's rules are not visible. {trouble}")


def outside(host: Host, reason: str) -> Collected:
    """What everybody may see: ufw and firewalld, and whether they are on. Denied when there is nothing of them."""
    wish = unit.grant(host, SECTION) if not unit.enabled(host, SECTION) else f"systemctl start {unit.service(SECTION)}"
    made = fronts.items(host, None)
    if not made:
        raise Denied(reason, "", wish)
    return Collected(made, coverage("partial", reason, wish))


def fits(item: dict[str, Any]) -> bool:
    """Whether an item that a helper wrote is one of this section."""
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return False
    return all(value is None or isinstance(value, bool if name in KINDS[kind] else str) for name, value in item.items())
