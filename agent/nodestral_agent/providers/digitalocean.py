"""DigitalOcean. Source: sys_vendor of droplets."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "DigitalOcean"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("digitalocean",)
# docs.digitalocean.com/reference/api/metadata
SERVICE = Service(
    {
        "region": "/metadata/v1/region",
        "instance_id": "/metadata/v1/id",
        "private": "/metadata/v1/interfaces/private/0/ipv4/address",
        "public": "/metadata/v1/interfaces/public/0/ipv4/address",
    }
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is DigitalOcean's."""
    return dmi.vendor == "DigitalOcean"
