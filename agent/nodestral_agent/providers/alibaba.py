"""Alibaba Cloud. Source: sys_vendor and product_name."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Alibaba Cloud"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Alibaba Cloud's."""
    return dmi.vendor == "Alibaba Cloud" or dmi.product == "Alibaba Cloud ECS"
