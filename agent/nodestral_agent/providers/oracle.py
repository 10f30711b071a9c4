"""Oracle Cloud. Source: chassis_asset_tag."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Oracle Cloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("oracle",)
# docs.oracle.com, "Getting Instance Metadata"
SERVICE = Service(
    {
        "region": "/opc/v2/instance/canonicalRegionName",
        "zone": "/opc/v2/instance/availabilityDomain",
        "instance_id": "/opc/v2/instance/id",
        "instance_type": "/opc/v2/instance/shape",
        "private": "/opc/v2/vnics/#0.privateIp",
    },
    headers={"Authorization": "Bearer Oracle"},
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Oracle Cloud's."""
    return dmi.asset_tag == "OracleCloud.com"
