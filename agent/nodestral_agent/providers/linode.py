"""Linode. Source: sys_vendor, which Akamai has begun to rename."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi
from nodestral_agent.providers.metadata import Service, Token

NAME = "Linode"
# What cloud-init calls it.
CLOUD_INIT: tuple[str, ...] = ("akamai", "linode")
# techdocs.akamai.com, "Overview of the Metadata service"
SERVICE = Service(
    {
        "region": "/v1/instance#region",
        "instance_id": "/v1/instance#id",
        "instance_type": "/v1/instance#type",
        "public": "/v1/network#ipv4.public.0",
        "private": "/v1/network#ipv4.private.0",
    },
    headers={"Accept": "application/json"},
    token=Token("/v1/token", {"Metadata-Token-Expiry-Seconds": "60"}, "Metadata-Token"),
)


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Linode's."""
    return dmi.vendor in ("Linode", "Akamai")
