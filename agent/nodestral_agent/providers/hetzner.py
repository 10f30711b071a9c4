"""Hetzner. Source: sys_vendor of cloud servers."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Hetzner"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Hetzner's."""
    return dmi.vendor == "Hetzner"
