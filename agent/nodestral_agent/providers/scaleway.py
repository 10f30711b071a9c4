"""Scaleway. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Scaleway"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("scaleway",)
# scaleway.com/en/docs/instances, "Instance metadata"
SERVICE = Service(
    {
        "zone": "/conf?format=json#location.zone_id",
        "instance_id": "/conf?format=json#id",
        "instance_type": "/conf?format=json#commercial_type",
        "private": "/conf?format=json#private_ip",
        "public": "/conf?format=json#public_ip.address",
    },
    address="169.254.42.42",
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Scaleway's."""
    return dmi.vendor == "Scaleway"


def placed(values: dict[str, str]) -> dict[str, str]:
    """The region is the zone without its number: fr-par-1 is in fr-par."""
    return {**values, "region": values["zone"].rpartition("-")[0]} if "zone" in values else values
