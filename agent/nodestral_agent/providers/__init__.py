"""Which company's machine this is, told by the firmware, and how its metadata service is asked: one file for each.

The list is explicit and in the order of asking; a test proves that it and the folder agree.
"""

from __future__ import annotations

from typing import Protocol

from nodestral_agent.host import Host
from nodestral_agent.providers import (
    alibaba,
    aws,
    azure,
    digitalocean,
    gcp,
    hetzner,
    linode,
    openstack,
    oracle,
    ovh,
    scaleway,
    tencent,
    upcloud,
    vultr,
)
from nodestral_agent.providers.dmi import Dmi, dmi
from nodestral_agent.providers.metadata import Service


class Provider(Protocol):
    """A module of this package."""

    NAME: str
    CLOUD_INIT: tuple[str, ...]
    SERVICE: Service

    def matches(self, firmware: Dmi, /) -> bool:
        """Whether the firmware is this provider's."""


# openstack is the last: other providers build on it and say so beside their own name.
PROVIDERS: tuple[Provider, ...] = (
    alibaba,
    aws,
    azure,
    digitalocean,
    gcp,
    hetzner,
    linode,
    oracle,
    ovh,
    scaleway,
    tencent,
    upcloud,
    vultr,
    openstack,
)


def of_firmware(firmware: Dmi) -> Provider | None:
    """The provider that this firmware names, or None when it names none that is known here."""
    return next((candidate for candidate in PROVIDERS if candidate.matches(firmware)), None)


def provider(host: Host) -> str | None:
    """The provider's name by the machine's firmware."""
    found = of_firmware(dmi(host))
    return found.NAME if found else None
