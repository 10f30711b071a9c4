"""OVHcloud. Source: sys_vendor or board_vendor; its OpenStack instances say OpenStack."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "OVHcloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is OVHcloud's."""
    return dmi.vendor.startswith("OVH") or dmi.board_vendor.startswith("OVH") or dmi.asset_tag.startswith("OVH")
