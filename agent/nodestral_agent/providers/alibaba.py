"""Alibaba Cloud. Source: sys_vendor and product_name."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service, Token

NAME = "Alibaba Cloud"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("aliyun",)
# alibabacloud.com/help/en/ecs, "Instance metadata"
SERVICE = Service(
    {
        "region": "/latest/meta-data/region-id",
        "zone": "/latest/meta-data/zone-id",
        "instance_id": "/latest/meta-data/instance-id",
        "instance_type": "/latest/meta-data/instance/instance-type",
        "private": "/latest/meta-data/private-ipv4",
        "public": "/latest/meta-data/eipv4",
    },
    address="100.100.100.200",
    token=Token("/latest/api/token", {"X-aliyun-ecs-metadata-token-ttl-seconds": "60"}, "X-aliyun-ecs-metadata-token"),
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Alibaba Cloud's."""
    return dmi.vendor == "Alibaba Cloud" or dmi.product == "Alibaba Cloud ECS"
