"""UpCloud. Source: sys_vendor."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "UpCloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("upcloud",)
# upcloud.com/docs, "Metadata service"
SERVICE = Service(
    {
        "region": "/metadata/v1/region",
        "instance_id": "/metadata/v1/instance_id",
    }
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is UpCloud's."""
    return dmi.vendor == "UpCloud"


def placed(values: dict[str, str]) -> dict[str, str]:
    """What it calls a region is a zone too: there is one in each."""
    return {**values, "zone": values["region"]} if "region" in values else values
