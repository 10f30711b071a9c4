"""A chain of certificates as one item of the section."""

from __future__ import annotations

from typing import Any

from nodestral_agent.certified import authorities
from nodestral_agent.host import Host
from nodestral_agent.report import TEXT_MAX
from nodestral_agent.x509 import certificate
from nodestral_agent.x509.certificate import Certificate
from nodestral_agent.x509.der import DerError

NAMES_MAX = 512


def chain(ders: list[bytes]) -> list[Certificate]:
    """The certificates of a chain. What cannot be read ends it; DerError when that is the first."""
    found = [certificate.parsed(ders[0])]
    for der in ders[1:]:
        try:
            found.append(certificate.parsed(der))
        except DerError:
            break
    return found


def described(host: Host, key: str, place: str, certificates: list[Certificate]) -> dict[str, Any]:
    """The item of what stands first in the chain, without what tells of its place."""
    own = certificates[0]
    return {
        "key": key,
        "place": place,
        "fingerprint_sha256": own.fingerprint_sha256,
        "subject": own.subject[:TEXT_MAX],
        "issuer": own.issuer[:TEXT_MAX],
        "serial": own.serial,
        "not_before_at": max(0, own.not_before_at),
        "not_after_at": max(0, own.not_after_at),
        "names": list(own.names[:NAMES_MAX]),
        "key_type": own.key_type,
        "key_bits": own.key_bits,
        "key_curve": own.key_curve,
        "signature_algorithm": own.signature_algorithm,
        "self_signed": own.self_signed,
        "is_authority": own.is_authority,
        "chain_complete": authorities.is_complete(host, certificates),
        "chain_length": len(certificates),
    }
