"""Certificates of simulated nodes: renewed in time on most, forgotten on some."""

import hashlib
import random
from typing import Any

from nodestral.protocol import CertificateItem
from nodestral.simulate.identity import Identity

DAY_SECONDS = 86_400.0
LIFE_SECONDS = 90 * DAY_SECONDS
LIVE = "/etc/letsencrypt/live"
# What a role serves with a certificate: service, protocol, ports.
SERVED: dict[str, tuple[tuple[str, str, tuple[int, ...]], ...]] = {
    "web": (("nginx", "tls", (443,)),),
    "app": (("traefik", "tls", (443,)),),
    "mail": (("dovecot", "imap", (143,)), ("dovecot", "tls", (993,)), ("postfix", "smtp", (25, 587))),
    "db": (("postgresql@15-main", "postgresql", (5432,)),),
}
# One in so many: expired, about to, not reloaded after its renewal, without the rest of its chain.
EXPIRED, ENDING, STALE, BROKEN = 40, 12, 15, 30


def certificates(who: Identity, since: float) -> list[CertificateItem]:
    """since: a moment of the node's life that stays, Unix seconds: the days that are left are counted from it."""
    served = SERVED.get(who.role.name)
    if served is None:
        return []
    chance = random.Random(who.seed)  # noqa: S311 - a picture, not a secret
    name = f"{who.hostname.split('.')[0]}.example.net"
    days = chance.uniform(31, 88)
    if chance.randrange(EXPIRED) == 0:
        days = -chance.uniform(0.5, 9)
    elif chance.randrange(ENDING) == 0:
        days = chance.uniform(2, 20)
    ends = since + days * DAY_SECONDS
    path = f"{LIVE}/{name}/fullchain.pem"
    is_stale = chance.randrange(STALE) == 0
    here = _certificate(name, ends)
    on_disk = _certificate(name, ends + 60 * DAY_SECONDS) if is_stale else here
    renewal: dict[str, Any] = {"renewed_by": "certbot", "renewal_healthy": days > 30}
    if days <= 30:
        renewal["renewal_reason"] = "certbot.timer is not active"
    found = [
        CertificateItem(
            f"file:{path}", "file", path=path, chain_complete=True, chain_length=2,
            used_by=sorted({service for service, _, _ in served}), **renewal, **on_disk,
        )
    ]  # fmt: skip
    is_broken = chance.randrange(BROKEN) == 0
    found += [
        CertificateItem(
            f"served:{protocol}/127.0.0.1/{port}/{name}", "served", address="127.0.0.1", port=port, server_name=name,
            protocol=protocol, unit=f"{service}.service", chain_complete=not is_broken,
            chain_length=1 if is_broken else 2, newer_path=path if is_stale else None, **here,
        )
        for service, protocol, ports in served
        for port in ports
    ]  # fmt: skip
    return found


def _certificate(name: str, ends: float) -> dict[str, Any]:
    fingerprint = hashlib.sha256(f"{name} {ends:.0f}".encode()).hexdigest()
    return {
        "fingerprint_sha256": fingerprint, "subject": f"CN={name}", "issuer": "C=US, O=Let's Encrypt, CN=E7",
        "serial": fingerprint[:32], "not_before_at": round(ends - LIFE_SECONDS), "not_after_at": round(ends),
        "names": [name, f"www.{name}"], "key_type": "EC", "key_bits": 256, "signature_algorithm": "ecdsa-with-SHA384",
    }  # fmt: skip
