"""AWS. Source: sys_vendor on Nitro, the version of the firmware on Xen.

See docs.aws.amazon.com, "Detect whether a host is an EC2 instance"."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service, Token

NAME = "AWS"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("aws", "ec2")
# docs.aws.amazon.com, "Instance metadata categories"
SERVICE = Service(
    {
        "region": "/latest/dynamic/instance-identity/document#region",
        "zone": "/latest/dynamic/instance-identity/document#availabilityZone",
        "instance_id": "/latest/dynamic/instance-identity/document#instanceId",
        "instance_type": "/latest/dynamic/instance-identity/document#instanceType",
        "private": "/latest/meta-data/local-ipv4",
        "public": "/latest/meta-data/public-ipv4",
    },
    # Version 2 of the service, which is the only one on newer instances.
    token=Token("/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}, "X-aws-ec2-metadata-token"),
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is AWS's."""
    return dmi.vendor == "Amazon EC2" or dmi.bios_vendor == "Amazon EC2" or dmi.bios_version.endswith("amazon")
