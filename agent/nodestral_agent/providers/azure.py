"""Azure. Source: chassis_asset_tag; the vendor alone is that of every Hyper-V."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Azure"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Azure's."""
    return dmi.asset_tag == "7783-7084-3265-9085-8269-3286-77"
