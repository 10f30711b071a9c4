"""Tencent Cloud. Source: sys_vendor, as on every CVM and Lighthouse instance."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Tencent Cloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Tencent Cloud's."""
    return dmi.vendor == "Tencent Cloud"
