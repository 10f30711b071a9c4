"""What Homebrew and Apple's installer have installed, with versions.

Sources: the folders Cellar and Caskroom of Homebrew, and the receipts in /var/db/receipts.

Permission: none.
"""

from __future__ import annotations

from nodestral_agent.darwin import receipts
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "packages"


def collect(host: Host) -> Collected:
    """Everything of both."""
    items, troubles = [], []
    for read in (receipts.homebrew, receipts.installer):
        try:
            items += read(host)
        except CollectorError as error:
            troubles.append(error)
    if troubles and not items:
        raise troubles[0]
    if not items:
        raise Unavailable("neither Homebrew nor Apple's installer has put anything here")
    if troubles:
        return Collected(items, coverage("partial", "; ".join(str(error) for error in troubles)))
    return Collected(items, coverage("full"))
