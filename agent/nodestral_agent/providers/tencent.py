"""Tencent Cloud. Source: sys_vendor, as on every CVM and Lighthouse instance."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service

NAME = "Tencent Cloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("tencentcloud", "tencent")
# tencentcloud.com/document/product/213, "Viewing Instance Metadata"
SERVICE = Service(
    {
        "region": "/latest/meta-data/placement/region",
        "zone": "/latest/meta-data/placement/zone",
        "instance_id": "/latest/meta-data/instance-id",
        "instance_type": "/latest/meta-data/instance/instance-type",
        "private": "/latest/meta-data/local-ipv4",
        "public": "/latest/meta-data/public-ipv4",
    },
    address="169.254.0.23",
    name="metadata.tencentyun.com",
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Tencent Cloud's."""
    return dmi.vendor == "Tencent Cloud"
