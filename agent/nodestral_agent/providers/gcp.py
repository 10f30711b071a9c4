"""Google Cloud. Source: product_name (cloud.google.com, "Detect if a VM is running in Compute Engine")."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Google Cloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("gce", "gcp")
# cloud.google.com/compute/docs/metadata, "Predefined metadata keys"
SERVICE = Service(
    {
        "zone": "/computeMetadata/v1/instance/zone",
        "instance_id": "/computeMetadata/v1/instance/id",
        "instance_type": "/computeMetadata/v1/instance/machine-type",
        "private": "/computeMetadata/v1/instance/network-interfaces/0/ip",
        "public": "/computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip",
    },
    headers={"Metadata-Flavor": "Google"},
    name="metadata.google.internal",
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Google Cloud's."""
    return dmi.product == "Google Compute Engine"


def placed(values: dict[str, str]) -> dict[str, str]:
    """Zone and type come as `projects/NUMBER/zones/europe-west3-a`; the region is the zone without its letter."""
    short = {name: value.rpartition("/")[2] for name, value in values.items()}
    return {**short, "region": short["zone"].rpartition("-")[0]} if "zone" in short else short
