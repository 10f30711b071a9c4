"""Hetzner. Source: sys_vendor of cloud servers."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Hetzner"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("hetzner",)
# docs.hetzner.cloud, "Server Metadata"
SERVICE = Service(
    {
        "region": "/hetzner/v1/metadata/region",
        "zone": "/hetzner/v1/metadata/availability-zone",
        "instance_id": "/hetzner/v1/metadata/instance-id",
        "public": "/hetzner/v1/metadata/public-ipv4",
    }
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Hetzner's."""
    return dmi.vendor == "Hetzner"


def placed(values: dict[str, str]) -> dict[str, str]:
    """Its region is a network zone (eu-central); people say the location, which begins the zone (fsn1-dc14)."""
    location = values.get("zone", "").partition("-")[0]
    return {**values, "region": location} if location else values
