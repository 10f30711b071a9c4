"""OpenStack. Source: sys_vendor and product_name that Nova sets unless the operator does.

Asked last, because others build on it."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "OpenStack"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is OpenStack's."""
    return dmi.vendor == "OpenStack Foundation" or dmi.product in ("OpenStack Nova", "OpenStack Compute")
