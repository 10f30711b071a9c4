"""Scaleway. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Scaleway"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Scaleway's."""
    return dmi.vendor == "Scaleway"
