"""Oracle Cloud. Source: chassis_asset_tag."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Oracle Cloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Oracle Cloud's."""
    return dmi.asset_tag == "OracleCloud.com"
