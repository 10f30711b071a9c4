"""OVHcloud. Source: sys_vendor or board_vendor; its OpenStack instances say OpenStack."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import EC2_LIKE

NAME = "OVHcloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("ovh", "openstack")
SERVICE = EC2_LIKE


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is OVHcloud's."""
    return dmi.vendor.startswith("OVH") or dmi.board_vendor.startswith("OVH") or dmi.asset_tag.startswith("OVH")
