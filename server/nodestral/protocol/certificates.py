"""Section `certificates`: certificates in files and as they are served. No private key is ever opened."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Count, Digest, Key, Short, Text

# Up to the last second of the year 9999, which RFC 5280 uses for certificates that do not expire.
Validity = Annotated[float, Meta(ge=0, le=253_402_300_799)]


class CertificateItem(Struct):
    """A certificate at one place, so that a renewal is a change of that place.

    Key: `file:PATH`, or `served:PROTOCOL/ADDRESS/PORT/SERVER_NAME` with an empty name for what is served without one.

    protocol: how TLS is begun there: tls, smtp, imap, pop3, postgresql. chain_complete: whether the intermediate
    certificates come along. newer_path: a file with a newer certificate for the same names than is served here:
    renewed, not reloaded.
    """

    key: Key
    place: Literal["file", "served"]
    fingerprint_sha256: Digest
    subject: Text
    issuer: Text
    serial: Short
    not_before_at: Validity
    not_after_at: Validity
    names: Annotated[list[Short], Meta(max_length=512)] = []
    # RSA, EC, Ed25519 …; bits; the curve for EC.
    key_type: Short | None = None
    key_bits: Count | None = None
    key_curve: Short | None = None
    signature_algorithm: Short | None = None
    self_signed: bool = False
    is_authority: bool = False
    chain_complete: bool | None = None
    chain_length: Count | None = None
    path: Text | None = None
    # The services whose configuration names the file: nginx, postfix …
    used_by: Annotated[list[Short], Meta(max_length=32)] = []
    address: Short | None = None
    port: Annotated[int, Meta(ge=0, le=65535)] | None = None
    server_name: Short | None = None
    protocol: Short | None = None
    unit: Short | None = None
    newer_path: Text | None = None
    # Who renews it (certbot, acme.sh, caddy), whether that works, and the reason when not.
    renewed_by: Short | None = None
    renewal_healthy: bool | None = None
    renewal_reason: Text | None = None
