"""OpenStack. Source: sys_vendor and product_name that Nova sets unless the operator does.

Asked last, because others build on it."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import EC2_LIKE

NAME = "OpenStack"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("openstack",)
SERVICE = EC2_LIKE


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is OpenStack's."""
    return dmi.vendor == "OpenStack Foundation" or dmi.product in ("OpenStack Nova", "OpenStack Compute")
