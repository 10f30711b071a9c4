"""Certificates of the machine of the pictures: good ones, and each way in which one can be in trouble."""

import hashlib
from typing import Any

from nodestral.protocol import CertificateItem

DAY = 86_400.0
LIVE = "/etc/letsencrypt/live"
ANYWHERE = "0.0.0.0"  # noqa: S104 - what a machine of the pictures listens on


def certificates(now: float) -> list[CertificateItem]:
    """One good, one served though renewed, one about to end, one that ended, one of its own, one authority."""
    shop, api, old, mail = (
        _certificate(name, now + days * DAY, key_type=kind, key_bits=bits)
        for name, days, kind, bits in (
            ("shop.example.net", 71, "EC", 256), ("api.example.net", 16, "EC", 256),
            ("old.example.net", -3, "RSA", 2048), ("mail.example.net", 5, "RSA", 4096),
        )
    )  # fmt: skip
    renewed = _certificate("api.example.net", now + 88 * DAY, key_type="EC", key_bits=256)
    own = _certificate(
        "web-1.internal",
        now + 3000 * DAY,
        not_before_at=now - 31 * DAY,
        self_signed=True,
        issuer="CN=web-1.internal",
        key_type="RSA",
        key_bits=2048,
    )
    return [
        _file(shop, f"{LIVE}/shop.example.net/fullchain.pem", used_by=["nginx"], renewed_by="certbot",
              renewal_healthy=True),
        _served(shop, 443, "shop.example.net"),
        _served(shop, 443, ""),
        _file(renewed, f"{LIVE}/api.example.net/fullchain.pem", used_by=["nginx"], renewed_by="certbot",
              renewal_healthy=True),
        _served(api, 443, "api.example.net", newer_path=f"{LIVE}/api.example.net/fullchain.pem"),
        _file(old, "/etc/nginx/ssl/old.example.net.pem", used_by=["nginx"]),
        _file(mail, f"{LIVE}/mail.example.net/fullchain.pem", used_by=["postfix", "dovecot"], renewed_by="certbot",
              renewal_healthy=False, renewal_reason="certbot.timer is active, but its last run failed 2 days ago: "
              "the challenge for mail.example.net was answered with 404"),
        _served(mail, 18789, "mail.example.net", protocol="tls", chain_complete=False, chain_length=1,
                unit="openclaw.service"),
        _file(own, "/etc/ssl/certs/ssl-cert-snakeoil.pem"),
        _served(own, 5432, "", protocol="postgresql", address="127.0.0.1", unit="postgresql.service"),
    ]  # fmt: skip


def _certificate(name: str, not_after: float, **over: Any) -> dict[str, Any]:
    fingerprint = hashlib.sha256(f"{name} {not_after // DAY}".encode()).hexdigest()
    names = [name, f"www.{name}"] if name.startswith(("shop", "old")) else [name]
    return {
        "fingerprint_sha256": fingerprint, "subject": f"CN={name}", "issuer": "C=US, O=Let's Encrypt, CN=E7",
        "serial": fingerprint[:36], "not_before_at": not_after - 90 * DAY, "not_after_at": not_after, "names": names,
        "signature_algorithm": "ecdsa-with-SHA384", **over,
    }  # fmt: skip


def _file(certificate: dict[str, Any], path: str, **over: Any) -> CertificateItem:
    return CertificateItem(
        key=f"file:{path}", place="file", path=path, chain_complete=True, chain_length=2, **certificate, **over
    )


def _served(certificate: dict[str, Any], number: int, name: str, **over: Any) -> CertificateItem:
    told: dict[str, Any] = {"address": ANYWHERE, "protocol": "tls", "chain_complete": True, "unit": "nginx.service"}
    told.update(over)
    return CertificateItem(
        key=f"served:{told['protocol']}/{told['address']}/{number}/{name}", place="served", port=number,
        server_name=name or None, **certificate, **told,
    )  # fmt: skip
