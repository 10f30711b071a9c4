"""Linode. Source: sys_vendor, which Akamai has begun to rename."""

from __future__ import annotations

from nodestral_agent.providers.dmi import Dmi

NAME = "Linode"


def matches(dmi: Dmi) -> bool:
    """Whether this firmware is Linode's."""
    return dmi.vendor in ("Linode", "Akamai")
