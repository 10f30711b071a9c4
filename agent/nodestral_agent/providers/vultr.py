"""Vultr. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Vultr"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Vultr's."""
    return dmi.vendor == "Vultr"
