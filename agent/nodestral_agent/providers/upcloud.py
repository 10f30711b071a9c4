"""UpCloud. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "UpCloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is UpCloud's."""
    return dmi.vendor == "UpCloud"
