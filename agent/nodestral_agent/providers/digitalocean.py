"""DigitalOcean. Source: sys_vendor of droplets."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "DigitalOcean"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is DigitalOcean's."""
    return dmi.vendor == "DigitalOcean"
