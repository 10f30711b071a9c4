"""What every collector is: a module with the name of its section and one function."""

from __future__ import annotations

from typing import Protocol

from nodestral_agent.host import Host
from nodestral_agent.report import Collected


class Collector(Protocol):
    """A module of this package. It raises Unavailable, Denied or CollectorError, or returns what it found.

    It may have a function `stamp(host) -> str` too, which tells cheaply whether the result could differ: see
    `nodestral_agent.remembered`.
    """

    SECTION: str

    def collect(self, host: Host) -> Collected:
        """What is there now."""
