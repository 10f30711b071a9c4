"""Azure. Source: chassis_asset_tag; the vendor alone is that of every Hyper-V."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Azure"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("azure",)
# The last version that knows no user data.
FORMAT = "?api-version=2020-09-01&format=text"
# learn.microsoft.com, "Azure Instance Metadata Service"
SERVICE = Service(
    {
        "region": f"/metadata/instance/compute/location{FORMAT}",
        "zone": f"/metadata/instance/compute/zone{FORMAT}",
        "instance_id": f"/metadata/instance/compute/vmId{FORMAT}",
        "instance_type": f"/metadata/instance/compute/vmSize{FORMAT}",
        "private": f"/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress{FORMAT}",
        "public": f"/metadata/instance/network/interface/0/ipv4/ipAddress/0/publicIpAddress{FORMAT}",
    },
    headers={"Metadata": "true"},
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Azure's."""
    return dmi.asset_tag == "7783-7084-3265-9085-8269-3286-77"


def placed(values: dict[str, str]) -> dict[str, str]:
    """A zone is a number within its region."""
    return {**values, "zone": f"{values['region']}-{values['zone']}"} if {"region", "zone"} <= values.keys() else values
