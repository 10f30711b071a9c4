"""Section `cloud`: where the machine stands. One item."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Short


class CloudItem(Struct):
    """kind: cloud, metal (rented or owned hardware) or home (a desktop, a board, a hypervisor of one's own).

    source: what told it: firmware, metadata (that provider's own service), or both.
    """

    key: Literal["cloud"]
    kind: Literal["cloud", "metal", "home"]
    source: Literal["firmware", "metadata", "both"]
    provider: Short | None = None
    region: Short | None = None
    zone: Short | None = None
    instance_id: Short | None = None
    instance_type: Short | None = None
    product: Short | None = None
    public_addresses: Annotated[list[Short], Meta(max_length=64)] = []
    private_addresses: Annotated[list[Short], Meta(max_length=64)] = []
