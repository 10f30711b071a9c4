"""Google Cloud. Source: product_name (cloud.google.com, "Detect if a VM is running in Compute Engine")."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Google Cloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Google Cloud's."""
    return dmi.product == "Google Compute Engine"
