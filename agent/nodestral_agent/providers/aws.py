"""AWS. Source: sys_vendor on Nitro, the version of the firmware on Xen.

See docs.aws.amazon.com, "Detect whether a host is an EC2 instance"."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "AWS"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is AWS's."""
    return dmi.vendor == "Amazon EC2" or dmi.bios_vendor == "Amazon EC2" or dmi.bios_version.endswith("amazon")
