"""Section `cloud`: where the machine stands. One item."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Short


class CloudItem(Struct):
    """kind: cloud; metal (rented or owned hardware of a server); home (a desktop, a laptop, a board); virtual (a guest
    of a hypervisor whose firmware names no provider: of one's own, or of a provider that hides itself).

    source: what told it: firmware; metadata (that provider's own service) or cloud-init (what it asked at boot); both:
    firmware, and one or both of these.
    """

    key: Literal["cloud"]
    kind: Literal["cloud", "metal", "home", "virtual"]
    source: Literal["firmware", "metadata", "both"]
    provider: Short | None = None
    region: Short | None = None
    zone: Short | None = None
    instance_id: Short | None = None
    instance_type: Short | None = None
    product: Short | None = None
    public_addresses: Annotated[list[Short], Meta(max_length=64)] = []
    private_addresses: Annotated[list[Short], Meta(max_length=64)] = []
