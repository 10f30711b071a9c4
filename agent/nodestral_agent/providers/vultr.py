"""Vultr. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Vultr"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("vultr",)
# vultr.com/metadata
SERVICE = Service(
    {
        "region": "/v1/region/regioncode",
        "instance_id": "/v1/instance-v2-id",
        "public": "/v1/interfaces/0/ipv4/address",
    }
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Vultr's."""
    return dmi.vendor == "Vultr"
