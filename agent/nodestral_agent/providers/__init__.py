"""Which company's machine this is, told by the firmware: one file for each provider, no network.

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


class Provider(Protocol):
    """A module of this package."""

    NAME: str

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


def provider(host: Host) -> str | None:
    """The provider's name, or None when the firmware names none that is known here."""
    firmware = dmi(host)
    return next((candidate.NAME for candidate in PROVIDERS if candidate.matches(firmware)), None)
